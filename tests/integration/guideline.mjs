#!/usr/bin/env node
// guideline.mjs - versions of a guideline at a site, with the real binary: in force, read, asked again, withdrawn, by two people.
import { PASSWORD, Site, assert, box, emptyDoc, eventually, fresh, fs, label, leadPassphrase, path, png, records, run, span } from './lib.mjs';

const site = await Site.made('site-a');
const campaign = await site.campaign();
const [ann, ben] = [await site.person('ann', 'annotator'), await site.person('ben', 'annotator')];
const rita = await site.person('rita', 'reviewer', 'adjudicator');
const stella = site.steward;
let saved = null; // an assignment that ann holds open under version 1

/** A later version of the template's guideline for notes, signed and put before the steward. */
function version(n, supersedes, change = () => {}, at = site) {
  const dir = fresh('guideline');
  fs.mkdirSync(dir);
  const doc = JSON.parse(fs.readFileSync(new URL('../../node/templates/guideline-text.json', import.meta.url), 'utf8'));
  Object.assign(doc, { version: n, supersedes, changes: { en: `What version ${n} changes.` } });
  change(doc);
  const file = path.join(dir, `guideline-${n}.json`);
  fs.writeFileSync(file, JSON.stringify(doc));
  const signed = at.bare('guideline', 'sign', file, '--lead-passphrase-file', leadPassphrase);
  assert.equal(signed.code, 0, signed.err);
  return { hash: /sha256:[0-9a-f]{64}/.exec(signed.out)[0], note: file.replace('.json', '.note'), file };
}
const add = (v, at = site) => at.cmd('inbox', 'add', v.note);
const entryOf = async (hash, who = stella) => (await who.must('GET', '/api/inbox')).json.inbox.find((e) => e.hash === hash);
const decide = async (hash, body, who = stella) => who.ask('POST', `/api/inbox/${(await entryOf(hash, who)).id}`, { password: PASSWORD, ...body });
async function approve(hash, who = stella) {
  const r = await decide(hash, { decision: 'approve' }, who);
  assert.equal(r.status, 200, JSON.stringify(r.json));
  return r.json;
}
const inForce = async (who = stella) => (await who.must('GET', '/api/campaigns')).json.campaigns.find((c) => c.hash === campaign);
const first = (await inForce()).guidelines.text;
const open = async (who, id) => (await who.must('GET', `/api/assignments/${id}`)).json;
const save = (who, id, doc, n) => who.ask('PUT', `/api/assignments/${id}/draft`, doc, { 'If-Match': `"${n}"` });
const submit = (who, id, n) => who.ask('POST', `/api/assignments/${id}/submit`, { active_ms: 1 }, { 'If-Match': `"${n}"` });
const read = (who, hash) => who.must('POST', `/api/guidelines/${hash}/acknowledge`, {});
const note = (n) => ({ [`p${n}/s1/note.txt`]: `Note ${n}: cough, fever and pain.` });
/** The item of a label run, whoever did it. */
const rows = async (who) => (await who.must('GET', '/api/assignments')).json.assignments;
function exported(at = site) {
  const file = path.join(fresh('out'), '..', `${Math.random()}.jsonl`);
  at.ok('export', '--jsonl', file);
  const checked = at.bare('validate', '--kind', 'export', file);
  assert.equal(checked.code, 0, checked.out + checked.err);
  return { file, lines: fs.readFileSync(file, 'utf8').trimEnd().split('\n').map((l) => JSON.parse(l)) };
}

let two, three;
await run({
  async a_version_that_does_not_fit_is_refused_with_its_pointer() {
    site.import(records({ ...note(1), ...note(2), ...note(3), 'p4/s1/film.png': png(64, 64) }));
    const low = add(version(1, null, (d) => { d.title = { en: 'Another first one' }; }));
    assert.equal(low.code, 0, low.err); // a first version stands for itself: another campaign may pin it
    const other = (await entryOf(first)).hash;
    assert.equal(other, first);
    const image = (await inForce()).guidelines.image;
    const wrong = add(version(2, image));
    assert.notEqual(wrong.code, 0);
    assert.match(wrong.err, /\/supersedes/);
    const above = version(3, first);
    const between = version(3, above.hash, (d) => { d.title = { en: 'Not above' }; });
    assert.equal(add(above).code, 0);
    const refused = add(between);
    assert.match(refused.err, /\/version/);
    const r = await decide(above.hash, { decision: 'refuse', reason: 'other' });
    assert.equal(r.status, 200);
    const stray = (await site.steward.must('GET', '/api/inbox')).json.inbox.find((e) => e.title.en === 'Another first one');
    assert.match(add(version(2, stray.hash)).err, /\/supersedes/);
  },

  async work_is_done_and_one_stands_open_under_the_first_version() {
    const marked = await label(ann, campaign, 'present', [span('r1', 0, 4), box('b1', 1000, 1000, 5000, 5000)]);
    assert.ok(marked.revision.doc.guidelines.includes(first));
    const row = (await ann.must('POST', '/api/next', { campaign })).json;
    const opened = await open(ann, row.id);
    assert.deepEqual(opened.changes, []);
    const doc = { ...emptyDoc(opened), answers: { finding: 'present' } };
    assert.equal((await save(ann, row.id, doc, 0)).status, 204);
    saved = { id: row.id, doc, n: 1 };
  },

  async the_second_version_is_in_force_once_it_is_approved() {
    two = version(2, first, (d) => { d.body = { en: '# Notes\n\nMark what the writer says of today.\n' }; d.labels[0].define = { en: 'What the patient has today.' }; });
    assert.equal(add(two).code, 0);
    assert.equal((await inForce()).guidelines.text, first);
    const fork = add(version(2, first, (d) => { d.title = { en: 'A fork' }; }));
    assert.notEqual(fork.code, 0);
    assert.match(fork.err, /\/supersedes.*same version/s);
    await approve(two.hash);
    assert.equal((await inForce()).guidelines.text, two.hash);
    assert.equal((await inForce()).open, true);
    const done = (await rows(ann)).find((r) => r.state === 'submitted');
    assert.ok((await open(ann, done.id)).revision.doc.guidelines.includes(first));
  },

  async nothing_that_is_not_breaking_is_asked_again() {
    await new Promise((r) => setTimeout(r, 500));
    assert.equal((await rows(ann)).filter((r) => r.state === 'returned').length, 0);
  },

  async who_worked_before_reads_what_changed_before_handing_in() {
    const opened = await open(ann, saved.id);
    assert.equal(opened.guidelines.text, two.hash);
    assert.equal(opened.changes.length, 1);
    const change = opened.changes[0];
    assert.deepEqual([change.kind, change.hash, change.before, change.version, change.breaking], ['text', two.hash, first, 2, false]);
    assert.equal(change.changes.en, 'What version 2 changes.');
    assert.deepEqual(change.labels.map((l) => l.id), ['problem']);
    assert.equal(change.labels[0].after.define.en, 'What the patient has today.');
    // what was begun is still saved under the version it was begun under
    assert.equal((await save(ann, saved.id, { ...saved.doc, answers: { finding: 'not_present' } }, saved.n)).status, 204);
    const refused = await submit(ann, saved.id, saved.n + 1);
    assert.equal(refused.status, 409);
    assert.equal(refused.json.code, 'acknowledge');
    assert.deepEqual(refused.json.changes, opened.changes);
    await read(ann, two.hash);
    assert.deepEqual((await open(ann, saved.id)).changes, []);
    const old = await submit(ann, saved.id, saved.n + 1);
    assert.equal(old.status, 400);
    assert.match(old.json.pointer, /^\/guidelines/);
    const again = { ...saved.doc, guidelines: Object.values(opened.guidelines).sort() };
    assert.equal((await save(ann, saved.id, again, saved.n + 1)).status, 204);
    const revision = (await submit(ann, saved.id, saved.n + 2)).json;
    assert.ok(revision.doc.guidelines.includes(two.hash));
    assert.equal((await ben.ask('POST', `/api/guidelines/${campaign}/acknowledge`, {})).status, 404);
  },

  async who_begins_under_the_second_version_is_asked_nothing() {
    const done = await label(ben, campaign, 'present', [span('r1', 0, 4)]);
    assert.deepEqual(done.opened.changes, []);
    assert.ok(done.revision.doc.guidelines.includes(two.hash));
  },

  async a_stranger_to_the_chain_and_a_draft_with_two_of_a_kind_are_refused() {
    const row = (await ben.must('POST', '/api/next', { campaign })).json;
    const opened = await open(ben, row.id);
    const doc = emptyDoc(opened);
    for (const pins of [[...doc.guidelines, first].sort(), [doc.guidelines[0]], doc.guidelines.map(() => `sha256:${'0'.repeat(64)}`)]) {
      const r = await save(ben, row.id, { ...doc, guidelines: [...new Set(pins)] }, 0);
      assert.equal(r.status, 400, JSON.stringify(pins));
      assert.match(r.json.pointer, /^\/guidelines/);
    }
    await ben.must('POST', `/api/assignments/${row.id}/skip`, { reason: 'other' });
  },

  async the_diff_is_said_in_words_and_as_json() {
    const words = site.ok('guideline', 'diff', first, two.hash);
    assert.match(words, /version 2 after 1/);
    assert.match(words, /Label problem/);
    assert.match(words, /- Mark what the writer says\./);
    assert.match(words, /\+ Mark what the writer says of today\./);
    const json = JSON.parse(site.ok('guideline', 'diff', first, two.file, '--json'));
    assert.deepEqual(json.labels.map((l) => l.id), ['problem']);
    assert.deepEqual(json.body.en.map((l) => l.op), ['-', '+']);
    assert.equal(site.cmd('guideline', 'diff', first, campaign).code, 66);
  },
});
