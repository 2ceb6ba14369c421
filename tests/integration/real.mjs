#!/usr/bin/env node
// real.mjs - the demo's whole story on real public notes and pictures, and a table of notes by recipe. Where the data folder is not
// on this machine the test says so and is skipped.
import { Site, assert, build, command, fresh, fs, path, run, source } from './lib.mjs';

const data = process.env.CLOISTER_DATA || path.resolve(source, '../shared/data');
if (!fs.existsSync(path.join(data, 'notes'))) {
  console.log(`skipped: no real data at ${data}`);
  process.exit(77);
}

/** Each note with a picture beside it as long as there are pictures: notes alone, pictures alone and both. */
function folder() {
  const dir = fresh('real');
  const put = (n, name, from) => {
    fs.mkdirSync(path.join(dir, `patient${n}`, 'visit'), { recursive: true });
    fs.copyFileSync(from, path.join(dir, `patient${n}`, 'visit', name));
  };
  const notes = fs.readdirSync(path.join(data, 'notes/txt')).sort().map((f) => path.join(data, 'notes/txt', f));
  const films = [...fs.readdirSync(path.join(data, 'images/cxr')).filter((f) => f.endsWith('.png')).map((f) => path.join(data, 'images/cxr', f)),
    ...fs.readdirSync(path.join(data, 'images/blood_cells')).filter((f) => f.endsWith('.jpg')).slice(0, 16).map((f) => path.join(data, 'images/blood_cells', f))];
  notes.forEach((from, n) => put(n, 'note.txt', from));
  films.forEach((from, n) => put(n + 6, `film${path.extname(from)}`, from));
  return { dir, records: notes.length + films.length };
}

await run({
  async the_story_is_played_on_real_records() {
    const { dir, records } = folder();
    const out = fresh('demo');
    const r = command(process.execPath, [path.join(source, 'deploy/demo.d/story.mjs'), '--build', build, '--once', '--hospitals', '1', '--dir', out, '--records', dir], { timeout: 280000 });
    assert.equal(r.code, 0, r.out + r.err);
    const { figures } = JSON.parse(fs.readFileSync(path.join(out, 'figures.json'), 'utf8'));
    const of = (id) => figures.find((f) => f.id === id)?.value;
    assert.equal(of('records_taken'), records);
    assert.equal(of('acknowledged_missing'), 0);
    assert.equal(of('export_equal'), 1);
    assert.ok(of('submitted') > 20);
    assert.match(r.out, /derived from the streams/);
    fs.rmSync(out, { recursive: true });
  },

  async a_table_of_real_notes_is_taken_by_its_recipe() {
    const site = await Site.made('site-a', { serve: false });
    const rows = { 'mtsamples_notes.csv': 'patient = note_id\nsession = note_id\ntext = transcription\n', 'synthea_notes.csv': 'patient = patient_id\nsession = document_id\ntext = text\ntime = date\n' };
    for (const [file, columns] of Object.entries(rows)) {
      const recipe = fresh('recipe');
      fs.writeFileSync(recipe, `[table]\nstream = note\n[columns]\n${columns}`);
      const { report, code, err } = site.import(path.join(data, 'notes', file), '--recipe', recipe);
      assert.equal(code, 0, err);
      assert.ok(report.taken > 70, `${file}: ${report.taken} taken`);
      assert.deepEqual(report.refused.filter((x) => !/empty/.test(x.reason)), []);
    }
  },
});
