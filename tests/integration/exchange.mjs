#!/usr/bin/env node
// exchange.mjs - labels out and in again without loss, the access log for an auditor, and figures that review does not change.
import { Site, assert, audit, box, command, fresh, fs, label, node, path, png, records, run, source, span } from './lib.mjs';

const site = await Site.made('site-a');
const campaign = await site.campaign();
const [ann, ben, rita] = [await site.person('ann', 'annotator'), await site.person('ben', 'annotator'), await site.person('rita', 'reviewer')];
const files = {};
for (let n = 0; n < 6; n++) files[`p${n}/s/note.txt`] = `Note ${n}: pain in the chest, no fever.`;
for (let n = 0; n < 3; n++) files[`p${n}/s/film.png`] = png(300, 200 + n, 40 + n);
site.import(records(files));
const inner = (file) => fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(1, -1);
const out = fresh('labels') + '.jsonl';

await run({
  async work_is_done() {
    for (let n = 0; n < 6; n++) {
      await label(ann, campaign, n % 2 ? 'present' : 'not_present', [span('r1', 8, 12), box('b1', 10000, 10000, 50000, 60000)]);
      await label(ben, campaign, n % 3 ? 'present' : { absent: 'cannot_judge' }, [span('r1', 8, 12), span('r2', 20, 25), box('b1', 12000, 11000, 50000, 60000)]);
    }
    const { item } = (await rita.must('POST', '/api/reviews/next', {})).json;
    const { work } = (await rita.must('GET', `/api/items/${item}/work`)).json;
    await rita.must('POST', `/api/items/${item}/decision`, { decision: 'accept', of: work.map((w) => ({ assignment: w.assignment, n: w.revision.n })), comments: [{ text: 'Well seen. \u{1f9e0} \u00e4' }] });
  },

  async figures_compare_first_submissions_and_review_changes_none() {
    const before = JSON.parse(site.ok('quality', '--json'));
    const task = (f, id) => f.tasks.find((t) => t.id === id);
    const finding = task(before, 'finding');
    // by hand: ann n p n p n p, ben - p p - p p  ->  pairs (p,p) (n,p) (n,p) (p,p)
    assert.equal(finding.n, 4);
    assert.equal(finding.coverage, (4 / 6).toFixed(6));
    assert.equal(finding.percent, '0.500000');
    // values: 6 p, 2 n; D_o = 4/8, D_e = 2*6*2/(8*7): alpha = 1 - (0.5)/(24/56)
    assert.equal(finding.alpha, (1 - 0.5 / (24 / 56)).toFixed(6));
    assert.equal(finding.absent.cannot_judge, 2);
    const phrases = task(before, 'phrases');
    assert.equal(phrases.n, 12);
    assert.equal(phrases.f1, (12 / 18).toFixed(6));
    assert.equal(task(before, 'boxes').f1, '1.000000');
    assert.ok(phrases.reason.length > 0);
    const { item } = (await rita.must('POST', '/api/reviews/next', {})).json;
    const { work } = (await rita.must('GET', `/api/items/${item}/work`)).json;
    const doc = structuredClone(work[0].revision.doc);
    doc.regions = [];
    doc.answers = { finding: 'not_present' };
    await rita.must('POST', `/api/items/${item}/decision`, { decision: 'edit', of: [{ assignment: work[0].assignment, n: 1 }], doc });
    const after = JSON.parse(site.ok('quality', '--json'));
    assert.deepEqual(after.tasks, before.tasks);
    assert.deepEqual((await rita.must('GET', '/api/figures')).json.tasks, before.tasks);
  },

  async an_export_is_valid_and_survives_a_round() {
    site.ok('export', '--jsonl', out);
    const r = command(node, ['validate', '--kind', 'export', out]);
    assert.equal(r.code, 0, r.err + r.out);
    const empty = await Site.made('site-b', { serve: false });
    empty.ok('import', '--jsonl', out);
    const back = fresh('back') + '.jsonl';
    empty.ok('export', '--jsonl', back);
    assert.deepEqual(inner(back), inner(out));
    assert.equal(empty.cmd('import', '--jsonl', out).code, 65);
  },

  async the_contracts_own_export_survives_a_round() {
    const theirs = path.join(source, 'tests/vectors/contract/valid/export.jsonl');
    const empty = await Site.made('site-c', { serve: false });
    empty.ok('import', '--jsonl', theirs);
    const back = fresh('back') + '.jsonl';
    empty.ok('export', '--jsonl', back);
    assert.deepEqual(inner(back), inner(theirs));
  },

  async a_cut_or_changed_export_is_refused_and_nothing_is_taken() {
    const text = fs.readFileSync(out, 'utf8');
    const empty = await Site.made('site-d', { serve: false });
    for (const [change, pointer] of [[(t) => t.slice(0, -1), ''], [(t) => t.replace('"n":1', '"n":3'), '/']]) {
      const bad = fresh('bad') + '.jsonl';
      fs.writeFileSync(bad, change(text));
      const r = empty.cmd('import', '--jsonl', bad);
      assert.equal(r.code, 65);
      assert.ok(r.err.includes(pointer));
    }
    assert.equal(JSON.parse(empty.ok('status', '--json')).items, 0);
  },

  async imported_work_can_be_read_only_until_its_campaign_is_approved() {
    const other = await Site.made('site-a');
    other.ok('import', '--jsonl', out);
    const again = fresh('again') + '.jsonl';
    await other.campaign();
    other.ok('export', '--jsonl', again);
    assert.equal(inner(again).filter((l) => l.includes('"type":"revision"')).length, inner(out).filter((l) => l.includes('"type":"revision"')).length);
    await other.stop();
  },

  async records_go_along_when_asked_for() {
    const file = fresh('with') + '.jsonl';
    site.ok('export', '--jsonl', file, '--with-records');
    const names = fs.readdirSync(`${file}.records`);
    assert.equal(names.length, 9);
    const { createHash } = await import('node:crypto');
    for (const n of names) assert.equal(createHash('sha256').update(fs.readFileSync(path.join(`${file}.records`, n))).digest('hex'), n);
  },

  async who_opened_what_is_in_the_log_and_the_log_verifies() {
    const reads = site.ok('reads', '--json').trim().split('\n').map((l) => JSON.parse(l));
    assert.equal(reads.filter((r) => r.user === 'ann').length, 6);
    assert.equal(reads.filter((r) => r.user === 'rita' && r.purpose === 'review').length, 2);
    const ofOne = site.ok('reads', '--patient', 'p0', '--json').trim().split('\n').map((l) => JSON.parse(l));
    assert.equal(new Set(ofOne.map((r) => r.patient)).size, 1);
    assert.equal(ofOne.length, reads.filter((r) => r.patient === ofOne[0].patient).length);
    assert.deepEqual(new Set(ofOne.map((r) => r.user)).has('ann'), true);
    const dir = fresh('log');
    const policy = fresh('policy');
    fs.writeFileSync(policy, site.ok('log', 'access', dir));
    const good = command(audit, ['verify', dir, '--policy', policy]);
    assert.equal(good.code, 0, good.out + good.err);
    const bundle = path.join(dir, 'tile/entries', fs.readdirSync(path.join(dir, 'tile/entries'), { recursive: true }).map(String).find((f) => fs.statSync(path.join(dir, 'tile/entries', f)).isFile()));
    const bytes = fs.readFileSync(bundle);
    bytes[80] ^= 4;
    fs.writeFileSync(bundle, bytes);
    const bad = command(audit, ['verify', dir, '--policy', policy]);
    assert.equal(bad.code, 1);
    assert.match(bad.out, /"index":0/);
    assert.equal(site.cmd('log', 'access', dir).code, 65);
  },

});
