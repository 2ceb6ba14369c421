#!/usr/bin/env node
// guideline.mjs - versions of a guideline at a site, with the real binary: in force, read, asked again, withdrawn, by two people.
import { PASSWORD, Site, assert, box, command, emptyDoc, eventually, fresh, fs, label, leadPassphrase, node, path, png, records, run, span } from './lib.mjs';

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
  const checked = command(node, ['validate', '--kind', 'export', file]);
  assert.equal(checked.code, 0, checked.out + checked.err);
  return { file, lines: fs.readFileSync(file, 'utf8').trimEnd().split('\n').map((l) => JSON.parse(l)) };
}

const stateOf = async (id) => exported().lines.find((l) => l.type === 'assignment' && l.id === id).state;

/** An item that ann and ben have read, merged by rita. */
async function mergeOne() {
  for (;;) {
    const theirs = await label(ben, campaign, 'present', [span('r1', 0, 4)]);
    if (theirs.revision.doc.regions.length === 0) continue;
    const item = theirs.opened.item.id;
    const { work } = (await rita.must('GET', `/api/items/${item}/work`)).json;
    const doc = structuredClone(work.find((w) => w.annotator === theirs.revision.by).revision.doc);
    doc.regions.forEach((r) => { r.from = [`${theirs.revision.doc_hash}#${r.id}`]; });
    const of = work.map((w) => ({ assignment: w.assignment, n: w.revision.n }));
    const own = (await rita.must('POST', `/api/items/${item}/decision`, { decision: 'adjudicate', of, doc })).json.assignment;
    return { item, own, ben: theirs.id, ann: of.find((o) => o.assignment !== theirs.id).assignment, annotators: of.map((o) => o.assignment) };
  }
}

let two, three, newest, merged, figures;
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

  async a_breaking_version_asks_touched_work_again_and_nothing_else() {
    const many = Object.fromEntries(Array.from({ length: 45 }, (_, i) => [`q${i}/s1/note.txt`, `Quick note ${i} of pain.`]));
    site.import(records(many));
    for (let i = 0; i < 45; i++) await label(ann, campaign, 'present', i % 9 === 0 ? [] : [span('r1', 0, 5)]);
    const handedIn = (await rows(ann)).filter((r) => r.state === 'submitted');
    const touchedBefore = [];
    for (const r of handedIn) {
      const doc = (await open(ann, r.id)).revision.doc;
      if (doc.regions.some((x) => x.label === 'problem')) touchedBefore.push(r.id);
    }
    assert.ok(touchedBefore.length > 35, `${touchedBefore.length} touched`);
    merged = await mergeOne();
    figures = site.cmd('quality', '--json').out;
    three = version(3, two.hash, (d) => { d.breaking = true; d.labels[0].define = { en: 'Only what is new since the last note.' }; });
    assert.equal(add(three).code, 0);
    await approve(three.hash);
    // the approval holds the mark; what the first step left comes after the restart
    await site.stop('SIGKILL');
    await site.serve();
    for (const who of [ann, ben, rita, stella]) { who.port = site.port; who.host = `site-a.localhost:${site.port}`; await who.login(who.user, PASSWORD); }
    await eventually(async () => (await rows(ann)).filter((r) => r.state === 'returned').length >= touchedBefore.length);
    const after = await rows(ann);
    const returned = after.filter((r) => r.state === 'returned').map((r) => r.id);
    assert.ok(touchedBefore.every((id) => returned.includes(id)));
    assert.ok(after.some((r) => r.state === 'submitted'), 'what it does not touch stays');
    const row = after.find((r) => r.id === touchedBefore[0]);
    assert.equal(row.returned.by, 'guideline');
    assert.match(row.returned.text, /text, version 3.*: Problem\./);
    for (const a of merged.annotators) assert.equal(await stateOf(a), 'returned');
    assert.equal(await stateOf(merged.own), 'adjudicated');
    const lines = exported().lines;
    const said = lines.filter((l) => l.type === 'comment' && l.by === 'guideline');
    assert.equal(new Set(said.map((l) => l.assignment)).size, said.length, 'each is told once');
    assert.equal(site.cmd('quality', '--json').out.replace(/"made_ms":\d+/, ''), figures.replace(/"made_ms":\d+/, ''));
  },

  async a_returned_reading_that_is_not_opened_keeps_its_revisions() {
    const lines = exported().lines.filter((l) => l.type === 'revision' && l.assignment === merged.own);
    assert.deepEqual(lines.map((l) => l.status), ['adjudicated']);
  },

  async what_came_back_is_done_again_under_the_new_version() {
    const row = (await rows(ann)).find((r) => r.state === 'returned' && r.id !== merged.ann); // that one is done again below
    const opened = await open(ann, row.id);
    assert.equal(opened.changes[0].before, two.hash);
    assert.equal(opened.changes[0].breaking, true);
    assert.equal(opened.review.by, 'guideline');
    await read(ann, three.hash);
    const doc = { ...opened.revision.doc, guidelines: Object.values(opened.guidelines).sort() };
    assert.equal((await save(ann, row.id, doc, 0)).status, 204);
    const revision = (await submit(ann, row.id, 1)).json;
    assert.deepEqual([revision.base, revision.status], [opened.revision.n, 'submitted']);
    await new Promise((r) => setTimeout(r, 400));
    assert.equal((await rows(ann)).find((r) => r.id === row.id).state, 'submitted');
  },

  async a_reviewer_reads_too_before_a_document_is_written() {
    const { item } = merged;
    for (const [who, id] of [[ann, merged.ann], [ben, merged.ben]]) {
      const opened = await open(who, id);
      await read(who, three.hash);
      assert.equal((await save(who, id, { ...opened.revision.doc, guidelines: Object.values(opened.guidelines).sort() }, 0)).status, 204);
      assert.equal((await submit(who, id, 1)).status, 200);
    }
    assert.ok((await rita.must('GET', '/api/reviews?state=ready')).json.reviews.some((r) => r.item === item));
    const work = (await rita.must('GET', `/api/items/${item}/work`)).json;
    assert.equal(work.changes.length, 1);
    assert.equal(work.changes[0].hash, three.hash);
    const one = work.work.find((w) => w.state === 'in_review');
    const body = { decision: 'edit', of: [{ assignment: one.assignment, n: one.revision.n }], doc: one.revision.doc };
    const refused = await rita.ask('POST', `/api/items/${item}/decision`, body);
    assert.equal(refused.status, 409);
    assert.equal(refused.json.code, 'acknowledge');
    await read(rita, three.hash);
    assert.equal((await rita.ask('POST', `/api/items/${item}/decision`, body)).status, 200);
    assert.equal(await stateOf(merged.own), 'adjudicated');
  },

  async what_is_exported_comes_back_equal() {
    const out = exported();
    const other = await Site.made('site-b');
    other.ok('import', '--jsonl', out.file);
    const again = exported(other).lines;
    const work = (list) => list.filter((l) => !['bundle', 'end'].includes(l.type));
    assert.deepEqual(work(again), work(out.lines));
    await other.stop();
  },

  async a_version_approved_before_its_predecessor_waits_for_the_link() {
    const four = version(4, three.hash, (d) => { d.title = { en: 'Four' }; });
    const five = version(5, four.hash, (d) => { d.title = { en: 'Five' }; });
    assert.equal(add(five).code, 0);
    await approve(five.hash);
    assert.equal((await inForce()).guidelines.text, three.hash);
    assert.equal(add(four).code, 0);
    assert.equal((await inForce()).guidelines.text, five.hash); // the link is here: four need not be approved
    await approve(four.hash);
    assert.equal((await inForce()).guidelines.text, five.hash);
    newest = five;
    for (const who of [ann, ben, rita]) await read(who, five.hash);
  },

  async a_withdrawn_guideline_stops_the_campaign_and_keeps_drafts() {
    const row = (await rows(ann)).find((r) => r.state === 'returned');
    const opened = await open(ann, row.id);
    const doc = { ...opened.revision.doc, guidelines: Object.values(opened.guidelines).sort() };
    assert.equal((await save(ann, row.id, doc, 0)).status, 204);
    const { id } = await entryOf(newest.hash);
    const file = path.join(fresh('pw'));
    fs.writeFileSync(file, PASSWORD + '\n', { mode: 0o600 });
    assert.equal(site.cmd('inbox', 'withdraw', id, '--user', 'stella', '--password-file', file).code, 64);
    const out = site.ok('inbox', 'withdraw', id, '--user', 'stella', '--password-file', file, '--reason', 'guideline');
    assert.match(out, /withdrawn/);
    const now = await inForce();
    assert.deepEqual([now.open, now.stopped], [false, 'withdrawn']);
    const drawn = await ann.ask('POST', '/api/next', { campaign });
    assert.deepEqual([drawn.status, drawn.json.code], [409, 'withdrawn']);
    const again = await open(ann, row.id);
    assert.equal(again.stopped, 'withdrawn');
    assert.deepEqual(again.draft.doc, doc);
    assert.equal((await save(ann, row.id, doc, 1)).status, 204); // what was typed meanwhile is kept too
    const refused = await submit(ann, row.id, 2);
    assert.deepEqual([refused.status, refused.json.code], [409, 'withdrawn']);
    assert.equal((await rows(ann)).find((r) => r.id === row.id).stopped, 'withdrawn');
    exported();
    await approve(newest.hash);
    assert.equal((await inForce()).open, true);
    assert.equal((await submit(ann, row.id, 2)).status, 200);
  },

  async a_withdrawn_campaign_is_approved_again() {
    assert.equal((await decide(campaign, { decision: 'withdraw' })).json.pointer, '/reason');
    assert.equal((await decide(campaign, { decision: 'withdraw', reason: 'effort', password: 'wrong' })).status, 403);
    const gone = await decide(campaign, { decision: 'withdraw', reason: 'effort' });
    assert.equal(gone.json.state, 'withdrawn');
    assert.equal(gone.json.decision.reason, 'effort');
    assert.equal((await decide(campaign, { decision: 'withdraw', reason: 'effort' })).status, 409);
    assert.equal((await inForce()).stopped, 'withdrawn');
    const back = await approve(campaign);
    assert.equal(back.state, 'approved');
    assert.equal(back.decision.until_ms, Date.UTC(2028, 0, 1));
  },

  async a_campaign_whose_last_day_has_passed_is_not_approved() {
    const past = await Site.made('site-c');
    const dir = fresh('past');
    past.bare('campaign', 'new', dir);
    const at = path.join(dir, 'campaign.json');
    const doc = JSON.parse(fs.readFileSync(at, 'utf8'));
    doc.scope.until = '2020-02-29';
    fs.writeFileSync(at, JSON.stringify(doc));
    assert.equal(past.bare('campaign', 'sign', dir, '--lead-passphrase-file', leadPassphrase).code, 0);
    past.ok('inbox', 'add', path.join(dir, 'campaign.note'));
    const who = await past.person('sven', 'steward');
    const entry = (await who.must('GET', '/api/inbox')).json.inbox[0];
    const r = await who.ask('POST', `/api/inbox/${entry.id}`, { decision: 'approve', password: PASSWORD });
    assert.deepEqual([r.status, r.json.code], [409, 'expired']);
    await past.stop();
  },

  async after_the_last_day_what_was_begun_may_be_handed_in_for_fourteen_days() {
    const late = await Site.made('site-e');
    const it = await late.campaign();
    late.import(records(Object.assign({}, ...[1, 2, 3, 4].map(note))));
    const eva = await late.person('eva', 'annotator');
    const begun = [];
    for (let i = 0; i < 2; i++) {
      const row = (await eva.must('POST', '/api/next', { campaign: it })).json;
      const doc = emptyDoc(await open(eva, row.id));
      doc.answers.finding = 'present';
      assert.equal((await save(eva, row.id, doc, 0)).status, 204);
      begun.push(row.id);
    }
    const of = async (who) => (await who.must('GET', '/api/campaigns')).json.campaigns.find((c) => c.hash === it);
    const end = (await of(eva)).until_ms;
    const afterwards = async (days) => {
      await late.stop();
      await late.serve({ ahead: Math.round((end - Date.now()) / 1000) + days * 86400 });
      return late.again('eva');
    };
    const soon = await afterwards(1);
    assert.deepEqual([(await of(soon)).open, (await of(soon)).stopped], [false, undefined]);
    const entry = (await (await late.again('stella')).must('GET', '/api/inbox')).json.inbox.find((e) => e.hash === it);
    assert.equal(entry.state, 'expired');
    const more = await soon.ask('POST', '/api/next', { campaign: it });
    assert.deepEqual([more.status, more.json.code], [409, 'expired']);
    assert.equal((await submit(soon, begun[0], 1)).status, 200);
    const over = await afterwards(15);
    assert.equal((await of(over)).stopped, 'expired');
    const r = await submit(over, begun[1], 1);
    assert.deepEqual([r.status, r.json.code], [409, 'expired']);
    assert.equal((await open(over, begun[1])).draft.n, 1); // kept, to look at
    assert.equal(exported(late).lines.filter((l) => l.type === 'revision').length, 1);
    await late.stop();
  },

  async two_people_approve_where_the_site_wants_two() {
    const pair = await Site.made('site-d', { conf: '[policy]\ntwo_person = yes\n' });
    const [sven, sara] = [await pair.person('sven', 'steward'), await pair.person('sara', 'steward')];
    const dir = fresh('two');
    pair.bare('campaign', 'new', dir);
    assert.equal(pair.bare('campaign', 'sign', dir, '--lead-passphrase-file', leadPassphrase).code, 0);
    pair.ok('inbox', 'add', ...fs.readdirSync(dir).filter((f) => f.endsWith('.note')).map((f) => path.join(dir, f)));
    const all = (await sven.must('GET', '/api/inbox')).json.inbox;
    const post = (who, e, body) => who.ask('POST', `/api/inbox/${e.id}`, { password: PASSWORD, ...body });
    const campaignEntry = all.find((e) => e.kind === 'campaign');
    const one = await post(sven, campaignEntry, { decision: 'approve' });
    assert.deepEqual([one.json.state, one.json.first.by, one.json.decision, one.json.two_person], ['waiting', 'sven', null, true]);
    const same = await post(sven, campaignEntry, { decision: 'approve' });
    assert.deepEqual([same.status, same.json.code], [409, 'same_person']);
    assert.match(pair.ok('inbox', 'show', campaignEntry.id), /waits for a second steward/);
    const second = await post(sara, campaignEntry, { decision: 'approve' });
    assert.deepEqual([second.json.state, second.json.first, second.json.decision.by], ['approved', null, 'sara']);
    const guideline = all.find((e) => e.kind === 'guideline');
    await post(sven, guideline, { decision: 'approve' });
    const no = await post(sara, guideline, { decision: 'refuse', reason: 'guideline' });
    assert.equal(no.json.state, 'refused');
    assert.equal((await post(sara, campaignEntry, { decision: 'withdraw', reason: 'other' })).json.state, 'withdrawn');
    assert.equal((await post(sara, campaignEntry, { decision: 'approve' })).json.state, 'withdrawn');
    assert.equal((await post(sven, campaignEntry, { decision: 'approve' })).json.state, 'approved');
    assert.match(pair.ok('check'), /two different stewards/);
    await pair.stop();
    pair.config('[policy]\ntwo_person = maybe\n');
    assert.match(pair.cmd('check').err, /two_person is yes or no/);
  },
});
