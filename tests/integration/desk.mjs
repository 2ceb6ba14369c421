#!/usr/bin/env node
// desk.mjs - the desk with real binaries: blind pairs, drafts, review, and what is refused.
import { PASSWORD, Site, assert, box, emptyDoc, label, png, records, run, span } from './lib.mjs';

const site = await Site.made('site-a');
const campaign = await site.campaign();
const [ann, ben, cara] = [await site.person('ann', 'annotator'), await site.person('ben', 'annotator'), await site.person('cara', 'annotator', 'reviewer')];
const rita = await site.person('rita', 'reviewer');

const dir = records({
  'p1/s1/note.txt': 'Pain in the chest.\r\nNo fev\u00e9r. \u{1fac0}', 'p1/s1/film.png': png(300, 200),
  'p2/s1/note.txt': 'Cough and pain.', 'p3/s1/film.png': png(256, 256, 99), 'p4/s1/note.txt': 'Nothing to report.',
});
assert.equal(site.import(dir).report.taken, 5);

await run({
  async nobody_gets_an_item_twice_and_two_people_get_each() {
    const mine = new Map();
    for (const who of [ann, ben, cara]) {
      const items = [];
      for (let n = 0; n < 9; n++) {
        const row = (await who.must('POST', '/api/next', { campaign })).json;
        if (row === null) break;
        items.push(row.item);
        await who.must('GET', `/api/assignments/${row.id}`);
        await who.must('POST', `/api/assignments/${row.id}/skip`, { reason: 'other', text: 'only drawn' });
      }
      assert.equal(new Set(items).size, items.length);
      for (const item of items) mine.set(item, (mine.get(item) ?? 0) + 1);
    }
    assert.equal(mine.size, 4);
    assert.deepEqual([...mine.values()], [2, 2, 2, 2]);
  },

  async another_persons_assignment_is_not_there() {
    const mine = (await ann.must('GET', '/api/assignments')).json.assignments[0];
    assert.equal((await ben.ask('GET', `/api/assignments/${mine.id}`)).status, 404);
    assert.equal((await ben.ask('PUT', `/api/assignments/${mine.id}/draft`, {}, { 'If-Match': '"0"' })).status, 404);
  },

  async a_disabled_persons_slot_is_filled_anew() {
    site.import(records({ 'p5/s1/note.txt': 'A fifth note.' }));
    const dora = await site.person('dora', 'annotator');
    const row = (await dora.must('POST', '/api/next', { campaign })).json;
    await dora.must('GET', `/api/assignments/${row.id}`);
    site.ok('user', 'disable', 'dora');
    assert.equal((await dora.ask('GET', '/api/me')).status, 401);
    const one = await label(ann, campaign);
    const two = await label(ben, campaign);
    assert.equal(one.opened.item.id, row.item);
    assert.equal(two.opened.item.id, row.item);
    assert.equal((await cara.must('POST', '/api/next', { campaign })).json, null);
  },

  async a_stale_draft_is_refused_and_both_versions_are_kept() {
    site.import(records({ 'p6/s1/note.txt': 'A sixth note, for drafts.' }));
    const row = (await ann.must('POST', '/api/next', { campaign })).json;
    const opened = (await ann.must('GET', `/api/assignments/${row.id}`)).json;
    const put = (doc, n) => ann.ask('PUT', `/api/assignments/${row.id}/draft`, doc, { 'If-Match': `"${n}"` });
    const first = { ...emptyDoc(opened), regions: [span('r1', 0, 1)] };
    const second = { ...emptyDoc(opened), regions: [span('r2', 2, 5)] };
    assert.equal((await put(first, 0)).headers.etag, '"1"');
    const stale = await put(second, 0);
    assert.equal(stale.status, 412);
    assert.equal(stale.json.code, 'stale');
    assert.deepEqual(stale.json.theirs.doc.regions, first.regions);
    assert.equal(stale.json.theirs.n, 1);
    for (const bad of ['*', 'W/"1"', '1', '""', undefined]) {
      const r = await ann.ask('PUT', `/api/assignments/${row.id}/draft`, second, bad === undefined ? {} : { 'If-Match': bad });
      assert.equal(r.status, 400, `If-Match ${bad}`);
    }
    const after = (await ann.must('GET', `/api/assignments/${row.id}`)).json;
    assert.deepEqual(after.draft.doc.regions, first.regions);
    assert.equal((await put(second, 1)).headers.etag, '"2"');
  },

  async a_draft_is_judged_by_the_contract() {
    const row = (await ann.must('GET', '/api/assignments?state=in_progress')).json.assignments[0];
    const opened = (await ann.must('GET', `/api/assignments/${row.id}`)).json;
    const bad = async (change, pointer) => {
      const doc = emptyDoc(opened);
      change(doc);
      const r = await ann.ask('PUT', `/api/assignments/${row.id}/draft`, doc, { 'If-Match': `"${opened.draft.n}"` });
      assert.equal(r.status, 400);
      assert.equal(r.json.pointer, pointer);
    };
    await bad((d) => { d.item = 'i_other'; }, '/item');
    await bad((d) => { d.guidelines = d.guidelines.slice(1); }, '/guidelines');
    await bad((d) => { d.regions = [span('r1', 0, 100000)]; }, '/regions/0/sel/parts/0/1');
    await bad((d) => { d.regions = [span('r1', 0, 1, 'nodule')]; }, '/regions/0/label');
    await bad((d) => { d.streams = {}; }, '/streams');
    await bad((d) => { d.extra = 1; }, '/extra');
  },

  async submission_wants_what_is_required_and_gives_a_revision() {
    const row = (await ann.must('GET', '/api/assignments?state=in_progress')).json.assignments[0];
    const opened = (await ann.must('GET', `/api/assignments/${row.id}`)).json;
    const submit = (n) => ann.ask('POST', `/api/assignments/${row.id}/submit`, { active_ms: 5 }, { 'If-Match': `"${n}"` });
    const refused = await submit(opened.draft.n);
    assert.equal(refused.status, 400);
    assert.equal(refused.json.pointer, '/answers');
    const doc = { ...opened.draft.doc, answers: { finding: 'present' } };
    await ann.must('PUT', `/api/assignments/${row.id}/draft`, doc, { 'If-Match': `"${opened.draft.n}"` });
    assert.equal((await submit(opened.draft.n)).status, 412);
    const done = await submit(opened.draft.n + 1);
    assert.equal(done.status, 200);
    assert.equal(done.json.n, 1);
    assert.equal(done.json.status, 'submitted');
    assert.equal((await submit(opened.draft.n + 1)).status, 409);
    await label(ben, campaign, 'not_present');
  },

  async review_accepts_edits_and_returns() {
    const ready = (await rita.must('GET', '/api/reviews?state=ready')).json.reviews;
    assert.ok(ready.length >= 2, `${ready.length} ready`);
    const [first, second] = ready.map((r) => r.item);
    assert.equal((await ann.ask('GET', `/api/items/${first}/work`)).status, 403);
    const open = async (item) => (await rita.must('GET', `/api/items/${item}/work`)).json;
    const work = (await open(first)).work;
    assert.deepEqual(work.map((w) => w.state), ['in_review', 'in_review']);
    const of = (w) => [{ assignment: w.assignment, n: w.revision.n }];
    const decide = (item, body) => rita.ask('POST', `/api/items/${item}/decision`, body);
    assert.equal((await decide(first, { decision: 'accept', of: [{ assignment: work[0].assignment, n: 9 }] })).status, 412);
    const silent = await decide(first, { decision: 'return', of: of(work[0]) });
    assert.equal(silent.json.pointer, '/comments');
    assert.equal((await decide(first, { decision: 'return', of: of(work[0]), cause: 'annotator', comments: [{ text: 'The first words too.' }] })).status, 204);
    assert.equal((await decide(first, { decision: 'accept', of: of(work[1]) })).status, 204);
    const other = (await open(second)).work;
    const doc = structuredClone(other[0].revision.doc);
    doc.answers.finding = 'nowhere';
    const wrong = await decide(second, { decision: 'edit', of: of(other[0]), doc });
    assert.equal(wrong.json.pointer, '/doc/answers/finding');
    doc.answers.finding = 'not_present';
    const edited = await decide(second, { decision: 'edit', of: of(other[0]), doc });
    assert.equal(edited.status, 200);
    assert.equal(edited.json.status, 'accepted');
    assert.equal(edited.json.n, 2);
    assert.equal(edited.json.base, 1);
  },

  async a_returned_one_comes_first_with_its_comment_and_is_done_again() {
    const who = [];
    for (const person of [ann, ben, cara]) {
      const list = (await person.must('GET', '/api/assignments')).json.assignments;
      if (list[0]?.state === 'returned') who.push([person, list[0]]);
    }
    assert.equal(who.length, 1);
    const [person, row] = who[0];
    assert.equal(row.returned.text, 'The first words too.');
    const opened = (await person.must('GET', `/api/assignments/${row.id}`)).json;
    assert.equal(opened.state, 'in_progress');
    assert.equal(opened.review.decision, 'return');
    assert.equal(opened.comments.length, 1);
    await person.must('PUT', `/api/assignments/${row.id}/draft`, opened.revision.doc, { 'If-Match': '"0"' });
    const again = (await person.must('POST', `/api/assignments/${row.id}/submit`, { active_ms: 1 }, { 'If-Match': '"1"' })).json;
    assert.deepEqual([again.n, again.base, again.status], [2, 1, 'submitted']);
  },

  async merging_makes_an_assignment_of_the_reviewers_own() {
    const { item } = (await rita.must('POST', '/api/reviews/next', { campaign })).json;
    const { work } = (await rita.must('GET', `/api/items/${item}/work`)).json;
    const base = work.filter((w) => w.state === 'in_review');
    const doc = structuredClone(base[0].revision.doc);
    doc.regions.forEach((r) => { r.from = [`${base[0].revision.doc_hash}#${r.id}`]; });
    const merged = (await rita.must('POST', `/api/items/${item}/decision`, { decision: 'adjudicate', of: base.map((w) => ({ assignment: w.assignment, n: w.revision.n })), doc })).json;
    assert.equal(merged.status, 'adjudicated');
    const after = (await rita.must('GET', `/api/items/${item}/work`)).json.work;
    assert.equal(after.length, 3);
    assert.ok(after.every((w) => w.state === 'adjudicated'));
    assert.equal(after[2].slot, 2);
  },

  async nobody_reviews_their_own_work() {
    site.import(records({ 'p7/s1/note.txt': 'A seventh note.' }));
    const mine = await label(cara, campaign);
    await label(ben, campaign);
    const r = await cara.ask('GET', `/api/items/${mine.opened.item.id}/work`);
    assert.equal(r.status, 403);
    assert.equal(r.json.code, 'own');
  },

  async signing_out_gives_a_review_back() {
    const { item } = (await rita.must('POST', '/api/reviews/next', {})).json;
    await rita.must('GET', `/api/items/${item}/work`);
    assert.ok((await rita.must('GET', '/api/reviews?state=in_review')).json.reviews.some((r) => r.item === item));
    await rita.must('POST', '/api/logout');
    await rita.login('rita', PASSWORD);
    assert.ok((await rita.must('GET', '/api/reviews?state=ready')).json.reviews.some((r) => r.item === item));
  },

  async a_film_is_labeled_with_boxes() {
    site.import(records({ 'p8/s1/film.png': png(640, 480, 50) }));
    const done = await label(ann, campaign, 'present', [box('b1', 1000, 2000, 30000, 40000)]);
    assert.equal(done.revision.doc.regions[0].sel.w, 30000);
    const outside = emptyDoc(done.opened);
    assert.equal(outside.streams.film.length, 71);
  },

  async streams_are_read_whole_and_by_one_range_only_after_opening() {
    site.import(records({ 'p9/s1/note.txt': '0123456789' }));
    const row = (await ann.must('POST', '/api/next', { campaign })).json;
    const sha = 'sha256:84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882'.slice(7);
    const get = (headers) => ann.ask('GET', `/api/streams/${sha}?assignment=${row.id}`, undefined, headers);
    assert.equal((await get()).status, 403);
    await ann.must('GET', `/api/assignments/${row.id}`);
    const whole = await get();
    assert.equal(whole.raw.toString(), '0123456789');
    assert.equal(whole.headers['cache-control'], 'no-store');
    for (const [range, status, text, at] of [['bytes=2-4', 206, '234', 'bytes 2-4/10'], ['bytes=7-', 206, '789', 'bytes 7-9/10'], ['bytes=-3', 206, '789', 'bytes 7-9/10'],
      ['bytes=0-0', 206, '0', 'bytes 0-0/10'], ['bytes=5-99', 206, '56789', 'bytes 5-9/10'], ['bytes=0-1,3-4', 200, '0123456789'], ['bytes=4-2', 200, '0123456789'], ['items=0-1', 200, '0123456789']]) {
      const r = await get({ Range: range });
      assert.equal(r.status, status, range);
      assert.equal(r.raw.toString(), text, range);
      if (at) assert.equal(r.headers['content-range'], at);
    }
    const off = await get({ Range: 'bytes=10-' });
    assert.equal(off.status, 416);
    assert.equal(off.headers['content-range'], 'bytes */10');
  },

  async a_range_of_a_long_stream_may_begin_and_end_anywhere() {
    const chunk = 256 * 1024;
    const note = Buffer.from(Array.from({ length: 100000 }, (_, n) => `line ${n}\n`).join('').slice(0, 3 * chunk + 1000));
    site.import(records({ 'p10/s1/note.txt': note }));
    const row = (await ann.must('POST', '/api/next', { campaign })).json;
    const opened = (await ann.must('GET', `/api/assignments/${row.id}`)).json;
    const at = `/api/streams/${opened.streams[0].stream.sha256.slice(7)}?assignment=${row.id}`;
    assert.ok((await ann.ask('GET', at)).raw.equals(note));
    for (const [from, to] of [[0, chunk - 1], [chunk - 1, chunk], [chunk, 2 * chunk - 1], [1000, 2 * chunk + 17], [chunk + 1, note.length - 1], [note.length - 1, note.length - 1]]) {
      const r = await ann.ask('GET', at, undefined, { Range: `bytes=${from}-${to}` });
      assert.equal(r.status, 206);
      assert.ok(r.raw.equals(note.subarray(from, to + 1)), `${from}-${to}`);
    }
  },
});
