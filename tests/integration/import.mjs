#!/usr/bin/env node
// import.mjs - records on their way in: odd folders, broken files, encodings, tables, repetition, interruption.
import { execFileSync, spawn } from 'node:child_process';
import { Site, assert, command, fresh, fs, label, node, passphrase, path, png, records, run } from './lib.mjs';

const MB = 1024 * 1024;
const roomy = '[page]\nlisten = 127.0.0.1:0\n[import]\ntext_limit = 1000000000\n';
const site = await Site.made('site-a');
const reasons = (r) => Object.fromEntries(r.report.refused.map((x) => [x.file, x.reason]));

await run({
  async odd_files_are_named_and_the_good_ones_taken() {
    const dir = records({ 'p1/s1/note.txt': 'A good note.', 'p1/s1/film.png': png(300, 256), 'p2/s1/note.txt': '', 'p3/s1/note.txt': Buffer.from([0x41, 0xe4, 0x42]),
      'p4/s1/film.png': png(64, 64).subarray(0, 60), 'p5/s1/film.jpg': 'not a picture', 'loose.txt': 'where am I', 'p6/s1/deep/er/note.txt': 'too deep', 'p7/s1/scan.pdf': 'x',
      'p8/s1/Bad Name.txt': 'a stream is an id', 'p9/s1/huge.png': hugeHeader() });
    fs.symlinkSync('/etc/passwd', path.join(dir, 'p1/s1/link.txt'));
    fs.symlinkSync('.', path.join(dir, 'p1/loop'));
    execFileSync('mkfifo', [path.join(dir, 'p1/s1/fifo.txt')]);
    fs.writeFileSync(path.join(dir, 'p1/s1/no\u0007te.txt'), 'bell');
    const r = site.import(dir);
    assert.equal(r.code, 0);
    assert.equal(r.report.taken, 2);
    const why = reasons(r);
    for (const [file, text] of [['p2/s1/note.txt', 'empty'], ['p3/s1/note.txt', 'not UTF-8 at byte 1'], ['p4/s1/film.png', 'ends too early'], ['p5/s1/film.jpg', 'neither a PNG nor a JPEG'], ['loose.txt', 'not at <patient>'],
      ['p6/s1/deep', 'deeper than'], ['p7/s1/scan.pdf', 'neither text'], ['p8/s1/Bad Name.txt', 'is an id'], ['p9/s1/huge.png', 'at most 64000000'], ['p1/s1/link.txt', 'symbolic link'],
      ['p1/loop', 'symbolic link'], ['p1/s1/fifo.txt', 'not a regular file'], ['p1/s1/no\\x07te.txt', 'control character']]) assert.ok((why[file] ?? '').includes(text), `${file}: ${why[file]}`);
  },

  async the_same_again_is_a_duplicate_and_other_bytes_are_refused() {
    const again = site.import(records({ 'p1/s1/note.txt': 'A good note.', 'q1/s1/note.txt': 'A good note.' }));
    assert.equal(again.report.duplicate, 2);
    assert.equal(again.code, 0);
    const other = site.import(records({ 'p1/s1/note.txt': 'Another note.' }));
    assert.equal(other.code, 65);
    assert.match(other.report.refused[0].reason, /streams never change/);
  },

  async a_dry_run_stores_nothing() {
    const before = JSON.parse(site.ok('status', '--json')).streams;
    assert.equal(site.import(records({ 'dry/s1/note.txt': 'Only judged.' }), '--dry-run').report.taken, 1);
    assert.equal(JSON.parse(site.ok('status', '--json')).streams, before);
  },

  async encodings_are_named_never_guessed() {
    const latin = records({ 'l1/s1/note.txt': Buffer.from('Sp\xe4tdienst', 'latin1') });
    assert.equal(site.import(latin).code, 65);
    const r = site.cmd('import', '--encoding', 'ISO-8859-1', latin);
    assert.equal(r.code, 0);
    assert.match(r.err, /transcoded from ISO-8859-1/);
    const marked = site.cmd('import', records({ 'l2/s1/note.txt': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('Gr\u00fc\u00dfe', 'utf16le')]), 'l3/s1/note.txt': Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('mark')]) }));
    assert.match(marked.err, /transcoded from UTF-16LE/);
    assert.match(marked.err, /byte order mark/);
    assert.equal(site.cmd('import', '--encoding', 'KLINGON', latin).code, 64);
  },

  async a_manifest_places_files_and_leads_nowhere_else() {
    const dir = records({ 'a/one': 'By manifest.', 'b.bin': png(300, 300, 7) });
    fs.writeFileSync(path.join(dir, 'manifest.csv'), 'kind,patient,session,stream,file,time\ntext,m1,s1,note,a/one,2026-01-02\nimage,m1,s1,film,b.bin,\ntext,m2,s1,note,../../../etc/passwd,\n,m3,s1,note,gone.txt,\ntext,m4,s1,Bad!,a/one,\n');
    const r = site.import(dir);
    assert.equal(r.report.taken, 2);
    assert.deepEqual(r.report.refused.map((x) => x.file).sort(), ['../../../etc/passwd', 'a/one', 'gone.txt']);
    const headless = records({ 'x/y/note.txt': '1' });
    fs.writeFileSync(path.join(headless, 'manifest.csv'), 'foo,bar\n1,2\n');
    const bad = site.cmd('import', headless);
    assert.equal(bad.code, 65);
    assert.match(bad.err, /columns patient, session, stream and file/);
  },

  async a_table_of_notes_wants_a_recipe() {
    const table = fresh('table') + '.csv';
    fs.writeFileSync(table, 'id,who,when,words\n1,t1,2026-01-01,"A note, with ""quotes"" and\na second line"\n2,t2,,Second\n3,,,No patient\n');
    const without = site.cmd('import', table);
    assert.equal(without.code, 64);
    assert.match(without.err, /--recipe/);
    const recipe = fresh('recipe');
    fs.writeFileSync(recipe, '[table]\nstream = note\n[columns]\npatient = who\nsession = id\ntext = words\ntime = when\n');
    const r = site.import(table, '--recipe', recipe);
    assert.equal(r.report.taken, 2);
    assert.match(r.report.refused[0].reason, /no patient/);
    fs.writeFileSync(recipe, '[columns]\npatient = nobody\ntext = words\n');
    assert.match(site.cmd('import', '--recipe', recipe, table).err, /no column nobody/);
    fs.writeFileSync(recipe, '[columns]\npatent = who\n');
    assert.match(site.cmd('import', '--recipe', recipe, table).err, /unknown key patent/);
    fs.writeFileSync(table, 'who,words\na,"never closed\n');
    fs.writeFileSync(recipe, '[columns]\npatient = who\ntext = words\n');
    assert.match(site.cmd('import', '--recipe', recipe, table).err, /never closed/);
  },

  async limits_are_judged_before_reading() {
    const small = await Site.made('site-l', { conf: '[import]\ntext_limit = 100\nimage_limit = 200\n' });
    const r = small.import(records({ 'p/s/note.txt': 'x'.repeat(101), 'p/t/note.txt': 'x'.repeat(100), 'p/s/film.png': png(400, 400) }));
    assert.equal(r.report.taken, 1);
    assert.match(reasons(r)['p/s/note.txt'], /101 bytes, at most 100/);
    await small.stop();
  },

  async ten_thousand_entries_are_walked() {
    const dir = fresh('many');
    for (let p = 0; p < 100; p++) {
      fs.mkdirSync(path.join(dir, `p${p}`), { recursive: true });
      for (let n = 0; n < 100; n++) fs.writeFileSync(path.join(dir, `p${p}`, `odd${n}`), 'x');
    }
    const r = site.import(dir);
    assert.equal(r.code, 65);
    assert.equal(r.report.refused.length, 10000);
  },

  async an_item_in_work_takes_no_more_streams() {
    const campaign = await site.campaign();
    const ann = await site.person('ann', 'annotator');
    for (let n = 0; n < 20; n++) if ((await label(ann, campaign)) === null) break;
    const r = site.import(records({ 'p1/s1/audio.txt': 'A late stream.' }));
    assert.match(r.report.refused[0].reason, /being labeled/);
  },

  async killed_in_the_middle_it_goes_on_and_nothing_is_there_twice() {
    const alone = await Site.made('site-k', { serve: false });
    alone.config(roomy);
    const dir = records({ 'k/s/note.txt': longNote() });
    const child = spawn(node, ['import', '--state', alone.state, '--passphrase-file', passphrase, dir], { stdio: 'ignore' });
    await underWay(alone, child);
    child.kill('SIGKILL');
    await new Promise((r) => child.on('exit', r));
    goesOn(alone, dir);
  },

  async a_node_that_is_stopped_breaks_a_file_off_and_goes_on_with_it_later() {
    const served = await Site.made('site-t', { conf: '[import]\ntext_limit = 1000000000\n' });
    const dir = records({ 'k/s/note.txt': longNote(96) });
    const child = spawn(node, ['import', '--state', served.state, dir], { stdio: 'ignore' });
    const gone = new Promise((r) => child.on('exit', r));
    await underWay(served, child);
    assert.deepEqual(await served.stop(), { code: 0, signal: null });
    assert.notEqual(await gone, 0);
    assert.equal(JSON.parse(served.ok('status', '--json')).streams, 0);
    goesOn(served, dir);
  },

  async a_large_file_leaves_no_large_wal_behind_while_it_comes_in() {
    const served = await Site.made('site-w', { conf: '[import]\ntext_limit = 1000000000\n' });
    const note = longNote(160);
    const child = spawn(node, ['import', '--state', served.state, records({ 'k/s/note.txt': note })], { stdio: 'ignore' });
    const gone = new Promise((r) => child.on('exit', r));
    let most = 0;
    while (child.exitCode === null) {
      most = Math.max(most, fs.statSync(path.join(served.state, 'vault.db-wal')).size);
      await new Promise((r) => setTimeout(r, 20));
    }
    assert.equal(await gone, 0);
    assert.ok(most < 100 * MB, `${most} bytes of -wal`);
    await served.stop();
  },
});

/** Larger than what is stored before underWay() sees it. */
function longNote(megabytes = 48) {
  const big = Buffer.alloc(megabytes * MB);
  for (let i = 0; i < big.length; i += 64) big.write(`line ${i} of a long recording of words`.padEnd(63) + '\n', i, 'latin1');
  return big;
}

async function underWay(of, child) {
  const wal = path.join(of.state, 'vault.db-wal');
  while (!(fs.existsSync(wal) && fs.statSync(wal).size > 12 * MB) && child.exitCode === null) await new Promise((r) => setTimeout(r, 5));
}

/** The import is repeated: the stream is there once, whole, and as the file is. */
function goesOn(of, dir) {
  const r = of.import(dir);
  assert.equal(r.code, 0, r.err);
  assert.equal(r.report.taken, 1);
  assert.equal(of.import(dir).report.duplicate, 1);
  assert.equal(command(node, ['check', '--deep', '--state', of.state, '--passphrase-file', passphrase]).code, 0);
  assert.equal(JSON.parse(of.ok('status', '--json')).streams, 1);
}

/** A PNG whose header says 50,000 x 50,000 pixels and that holds none. */
function hugeHeader() {
  const small = png(8, 8);
  const crcTable = Array.from({ length: 256 }, (_, n) => { let c = n; for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; return c >>> 0; });
  small.writeUInt32BE(50000, 16);
  small.writeUInt32BE(50000, 20);
  let c = 0xffffffff;
  for (const x of small.subarray(12, 29)) c = crcTable[(c ^ x) & 255] ^ (c >>> 8);
  small.writeUInt32BE((c ^ 0xffffffff) >>> 0, 29);
  return small;
}
