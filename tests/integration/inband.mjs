#!/usr/bin/env node
// inband.mjs - rosters and policies signed through the running consortium: proposed, seen in the inboxes, signed by page and by
// command, in force at once; a revoked site is cut off while it is connected; and the lead learns who decided what.
import { PASSWORD, Relay, Site, assert, command, eventually, founded, fresh, fs, govPassphrase, leadPassphrase, node, passphrase, path, run } from './consortium_lib.mjs';

const GOVERNOR = 'a governor passphrase';
const relay = new Relay();
const papers = fresh('papers');
fs.mkdirSync(papers);
const file = (name) => path.join(papers, name);
const ok = (r) => { assert.equal(r.code, 0, r.err + r.out); return r; };
const tool = (...args) => ok(command(node, args));
const request = (s) => path.join(s.state, 'request.note');
const sign = (s, what, from, to) => tool(what, 'sign', from, '--state', s.state, '--gov-passphrase-file', govPassphrase, '--out', to);
const state = (s) => JSON.parse(s.ok('status', '--json'));
const up = (s) => eventually(() => state(s).link === 'up', 30000);
const inbox = (s) => s.ok('inbox', '--json').trim().split('\n').filter(Boolean).map((l) => JSON.parse(l));
const governed = (s, kind) => inbox(s).filter((e) => e.kind === kind);
const shown = (s, id) => JSON.parse(s.ok('inbox', 'show', id, '--json'));
const documents = (s) => s.ok('left', '--json').trim().split('\n').map((l) => JSON.parse(l)).filter((r) => r.type === 'document');
const proposals = () => relay.status().head.proposals;
const written = (name, text) => { fs.writeFileSync(file(name), text, { mode: 0o600 }); return file(name); };
const stewardPassword = written('steward.pass', `${PASSWORD}\n`);

const all = {};
for (const id of ['site-a', 'site-b', 'site-c', 'site-d']) all[id] = await Site.made(id, { serve: false });
const { 'site-a': a, 'site-b': b, 'site-c': c, 'site-d': d } = all;
const first = [a, b, c];
let paper = null;

const link = (s) => s.config(`[page]\nlisten = 127.0.0.1:0\n[link]\ncoordinator = tcp://127.0.0.1:${relay.port}\n`);
const approve = (s, id, ...more) => s.cmd('inbox', 'approve', id, '--user', 'stella', '--password-file', stewardPassword, ...more);

await run({
  async three_sites_are_connected() {
    relay.init();
    paper = await founded(relay, first);
    await relay.serve();
    relay.config(`[link]\nlisten = tcp://127.0.0.1:${relay.port}\n`);
    for (const s of first) {
      ok(command(node, ['roster', 'pin', paper.roster, '--fingerprint', paper.fingerprint, '--state', s.state, '--passphrase-file', passphrase]));
      link(s);
      await s.serve();
      s.steward = await s.person('stella', 'steward');
    }
    for (const s of first) await up(s);
    for (const s of first) await eventually(() => state(s).policy === 1, 15000);
  },

  async a_document_that_cannot_be_the_next_is_refused_with_a_clear_word() {
    tool('roster', 'draft', '--on', paper.roster, '--revoke', 'site-c', request(d), '--out', file('roster2'));
    tool('roster', 'draft', '--on', file('roster2'), '--out', file('roster3'));
    const refused = (r, code, why) => { assert.equal(r.code, code, r.err + r.out); assert.match(r.err, why); };
    for (const give of [(f) => relay.cmd('roster', 'propose', f), (f) => a.cmd('inbox', 'add', f)]) {
      refused(give(file('roster3')), 65, /not the next/);
      refused(give(written('nothing', 'x')), 65, /\S/);
    }
    // In force already: the operator hears so, a steward has nothing to sign.
    assert.match(ok(relay.cmd('roster', 'propose', paper.roster)).out, /here already/);
    refused(a.cmd('inbox', 'add', paper.roster), 65, /in force already/);
    const doc = JSON.parse(fs.readFileSync(file('roster2'), 'utf8').split('\n')[1]);
    doc.previous = `sha256:${'7'.repeat(64)}`;
    const fork = written('fork', `cloister-roster/v1\n${JSON.stringify(doc)}\n`);
    refused(relay.cmd('roster', 'propose', fork), 65, /a fork/);
    refused(a.cmd('inbox', 'add', fork), 65, /a fork/);
    sign(a, 'roster', file('roster2'), file('roster2.a'));
    const text = fs.readFileSync(file('roster2.a'), 'utf8');
    const at = text.trimEnd().length - 10;
    const forged = written('forged', text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1));
    refused(relay.cmd('roster', 'propose', forged), 77, /does not verify/);
    refused(a.cmd('inbox', 'add', forged), 77, /does not verify/);
    refused(relay.cmd('policy', 'propose', file('roster2')), 65, /a roster, not a policy/);
    assert.equal(proposals().length, 0);
    for (const s of first) assert.equal(governed(s, 'roster').length, 0);
  },

  async a_proposed_roster_stands_in_every_inbox_in_plain_words() {
    const said = ok(relay.cmd('roster', 'propose', file('roster2'))).out;
    assert.match(said, /roster version 2 is proposed: 0 of 2 governors have signed it, fingerprint /);
    const words = /fingerprint (\S+)/.exec(said)[1];
    assert.match(ok(relay.cmd('roster', 'propose', file('roster2'))).out, /proposed already/);
    for (const s of first) {
      const [entry] = await eventually(() => { const e = governed(s, 'roster'); return e.length > 0 && e; }, 10000);
      assert.equal(entry.state, 'waiting');
      const whole = shown(s, entry.id);
      const text = whole.words.join('\n');
      assert.match(text, /\(site-d\) asks to join/);
      assert.match(text, /\(site-c\) is to be revoked: its node will be cut off/);
      assert.match(text, /0 of the 2 governors/);
      assert.ok(text.includes(words));
      assert.equal(/This site itself is taken out/.test(text), s === c);
      assert.equal(whole.bytes, fs.readFileSync(file('roster2'), 'utf8'));
      assert.ok(whole.diff.some((r) => r.pointer.startsWith('/sites/')));
      assert.equal(whole.governed.signers.filter((g) => g.own).length, 1);
      assert.equal(state(s).roster, 1);
    }
    const [one] = proposals();
    assert.deepEqual([one.kind, one.version, one.valid, one.need], ['roster', 2, 0, 2]);
    assert.match(relay.ok('status'), /roster 2 is being signed: 0 of 2 governors/);
    await eventually(() => Object.values(relay.status().sites).every((r) => r.sent === 2), 5000);
  },

  async without_both_secrets_nothing_is_signed() {
    const [{ id }] = governed(a, 'roster');
    const post = (body) => a.steward.ask('POST', `/api/inbox/${id}`, body);
    assert.equal((await post({ decision: 'approve', password: PASSWORD })).json.pointer, '/governor_passphrase');
    const wrong = await post({ decision: 'approve', password: PASSWORD, governor_passphrase: 'not this one' });
    assert.equal(wrong.status, 403);
    assert.equal(wrong.json.code, 'governor_passphrase');
    assert.equal((await post({ decision: 'approve', password: 'wrong password', governor_passphrase: GOVERNOR })).json.code, 'password');
    // A passphrase is guessed no faster than a password.
    const gwen = await a.person('gwen', 'steward');
    const guess = () => gwen.ask('POST', `/api/inbox/${id}`, { decision: 'approve', password: PASSWORD, governor_passphrase: 'a guess' });
    for (let i = 0; i < 5; i++) assert.equal((await guess()).status, 403);
    assert.equal((await guess()).status, 429);
    const bad = written('bad.pass', 'not this one\n');
    const r = approve(b, governed(b, 'roster')[0].id, '--gov-passphrase-file', bad);
    assert.equal(r.code, 77, r.err);
    assert.match(r.err, /does not open it/);
    for (const s of first) {
      assert.equal(governed(s, 'roster')[0].state, 'waiting');
      assert.equal(documents(s).length, 0);
    }
  },

  async one_refuses_and_one_signs_and_nothing_has_changed_yet() {
    const [theirs] = governed(c, 'roster');
    await c.steward.must('POST', `/api/inbox/${theirs.id}`, { decision: 'refuse', reason: 'scope', password: PASSWORD });
    const [mine] = governed(a, 'roster');
    const entry = (await a.steward.must('POST', `/api/inbox/${mine.id}`, { decision: 'approve', password: PASSWORD, governor_passphrase: GOVERNOR })).json;
    assert.equal(entry.state, 'approved');
    assert.equal(entry.governed.in_force_ms, null);
    assert.equal(entry.governed.valid, 1);
    await eventually(() => proposals()[0]?.valid === 1 && proposals()[0].refused === 1, 10000);
    assert.deepEqual(proposals()[0].signed, ['fed.example/ward7/site-a/gov']);
    for (const s of first) assert.equal(state(s).roster, 1);
    const [left] = documents(a);
    assert.equal(left.says.kind, 'roster');
  },

  async a_coordinator_that_dies_between_two_signatures_has_lost_nothing() {
    await relay.stop('SIGKILL');
    await relay.serve();
    assert.equal(proposals()[0].valid, 1);
    for (const s of first) await up(s);
    for (const s of first) assert.equal(governed(s, 'roster').length, 1);
  },

  async with_the_k_th_signature_it_is_in_force_and_the_revoked_site_is_cut_off_while_connected() {
    assert.equal(state(c).link, 'up');
    const size = () => relay.status().sites['site-c'].log.size;
    const begun = Date.now();
    assert.match(ok(approve(b, governed(b, 'roster')[0].id, '--gov-passphrase-file', govPassphrase)).out, /signed/);
    await eventually(() => relay.status().head.roster === 2, 10000);
    assert.equal(relay.status().sites['site-c'].state, 'revoked');
    const at = size();
    await relay.logged(/member\.closed.*site=site-c/);
    await eventually(() => state(c).link !== 'up', 15000);
    assert.ok(Date.now() - begun < 15000, `${Date.now() - begun} ms`);
    await eventually(() => /link\.cut_off/.test(c.log), 15000);
    for (const s of [a, b]) {
      await eventually(() => state(s).roster === 2, 10000);
      await up(s);
    }
    assert.ok(Date.now() - begun < 30000, `${Date.now() - begun} ms`);
    c.ok('inbox', 'list');
    await new Promise((r) => setTimeout(r, 1500));
    assert.equal(size(), at);
    assert.notEqual(state(c).link, 'up');
    assert.equal(proposals().length, 0);
    for (const s of [a, b]) {
      const [entry] = governed(s, 'roster');
      assert.equal(entry.state, 'approved');
      assert.ok(shown(s, entry.id).governed.in_force_ms > 0);
    }
    assert.equal(governed(c, 'roster')[0].state, 'refused');
    assert.equal(state(c).roster, 1);
  },

  async the_new_site_pins_and_connects_without_a_restart_of_anything() {
    const later = /fingerprint: (\S+)/.exec(tool('roster', 'show', file('roster2')).out)[1];
    fs.writeFileSync(file('roster2.note'), shown(a, governed(a, 'roster')[0].id).bytes);
    ok(command(node, ['roster', 'pin', paper.roster, file('roster2.note'), '--fingerprint', later, '--state', d.state, '--passphrase-file', passphrase]));
    link(d);
    await d.serve();
    d.steward = await d.person('stella', 'steward');
    await up(d);
  },

  async a_policy_is_proposed_by_a_stewards_own_node_and_signed_the_same_way() {
    const policy = path.join(papers, 'policy2');
    tool('policy', 'draft', '--roster', file('roster2.note'), '--on', paper.policy, '--patients-min', '20', '--out', policy);
    b.ok('inbox', 'add', policy);
    const before = documents(b).length;
    assert.equal(documents(b).length, before);
    const [own] = governed(b, 'policy');
    assert.match(shown(b, own.id).words.join('\n'), /fewer patients stays out: 20 \(now 10\)/);
    assert.equal(proposals().length, 0);
    ok(approve(b, own.id, '--gov-passphrase-file', govPassphrase));
    await eventually(() => proposals()[0]?.valid === 1, 10000);
    const [entry] = await eventually(() => { const e = governed(a, 'policy'); return e.length > 0 && e; }, 10000);
    await eventually(() => governed(d, 'policy').length === 1, 10000);
    assert.deepEqual(shown(a, entry.id).governed.signers.filter((g) => g.signed).map((g) => g.name), ['fed.example/ward7/site-b/gov']);
    await a.steward.must('POST', `/api/inbox/${entry.id}`, { decision: 'approve', password: PASSWORD, governor_passphrase: GOVERNOR });
    for (const s of [a, b]) await eventually(() => state(s).policy === 2, 10000);
    await eventually(() => relay.status().head.policy === 2, 5000);
    // Where it still waited it is in force without this site.
    await eventually(() => governed(d, 'policy')[0].state === 'expired', 10000);
    assert.match(shown(d, governed(d, 'policy')[0].id).words.join('\n'), /in force, without a signature of this site/);
  },

  async no_more_than_eight_proposals_wait() {
    const inForce = written('policy2.note', shown(a, governed(a, 'policy')[0].id).bytes);
    for (let i = 0; i < 9; i++) {
      const draft = file(`many${i}`);
      tool('policy', 'draft', '--roster', file('roster2.note'), '--on', inForce, '--patients-min', String(30 + i), '--out', draft);
      const r = a.cmd('inbox', 'add', draft);
      assert.equal(r.code, i < 8 ? 0 : 75, r.err);
      const p = relay.cmd('policy', 'propose', draft);
      assert.equal(p.code, i < 8 ? 0 : 75, p.err);
      if (i === 8) assert.match(p.err, /8 proposals wait already/);
    }
  },

  async strangers_and_repeated_signatures_count_for_nothing_on_paper_too() {
    const draft = file('many0');
    for (const s of [a, b, c]) sign(s, 'policy', draft, `${draft}.${s.id}`);
    const lines = (s) => fs.readFileSync(`${draft}.${s.id}`, 'utf8').split('\n\n')[1];
    const text = fs.readFileSync(draft, 'utf8');
    // site-c's governor went with its site.
    assert.match(ok(relay.cmd('policy', 'propose', `${draft}.site-c`)).out, /proposed already: 0 of 2/);
    assert.match(ok(relay.cmd('policy', 'propose', written('twice', `${text}\n${lines(a)}${lines(a)}${lines(c)}`))).out, /proposed: 1 of 2/);
    assert.match(ok(relay.cmd('policy', 'propose', `${draft}.site-a`)).out, /proposed already: 1 of 2/);
    assert.equal(proposals().find((p) => p.valid === 1).signed.length, 1);
    assert.equal(relay.status().head.policy, 2);
    assert.match(ok(relay.cmd('policy', 'propose', `${draft}.site-b`)).out, /in force/);
    for (const s of [a, b]) await eventually(() => state(s).policy === 3, 10000);
    assert.equal(proposals().length, 0);
    // The seven others can never take force now.
    assert.equal(governed(a, 'policy').filter((e) => e.state === 'waiting').length, 0);
    const older = relay.cmd('policy', 'propose', file('many1'));
    assert.equal(older.code, 65);
    assert.match(older.err, /a fork/);
    assert.match(a.cmd('inbox', 'add', paper.policy).err, /older than 3/);
  },

  async a_campaign_is_installed_while_the_relay_runs() {
    const dir = fresh('campaign');
    ok(a.bare('campaign', 'new', dir));
    ok(a.bare('campaign', 'sign', dir, '--lead-passphrase-file', leadPassphrase));
    const notes = fs.readdirSync(dir).filter((f) => f.endsWith('.note')).map((f) => path.join(dir, f));
    assert.match(ok(relay.cmd('campaign', 'install', ...notes)).out, /campaign version 1 is in force/);
    assert.match(ok(relay.cmd('campaign', 'install', notes[0])).out, /here already/);
    for (const s of [a, b, d]) await eventually(() => governed(s, 'campaign').length === 1, 10000);
  },

  async the_lead_learns_who_decided_what_and_why() {
    const campaign = (s) => governed(s, 'campaign')[0];
    const decide = (s, body) => s.steward.must('POST', `/api/inbox/${campaign(s).id}`, { password: PASSWORD, ...body });
    await decide(b, { decision: 'refuse', reason: 'effort' });
    await decide(d, { decision: 'approve' });
    await decide(a, { decision: 'approve' });
    const entry = async () => (await a.steward.must('GET', `/api/inbox/${campaign(a).id}`)).json;
    await eventually(async () => (await entry()).replies.length === 3, 10000);
    const { replies } = await entry();
    assert.deepEqual(replies.map((r) => [r.site, r.name, r.decision, r.reason]), [['site-a', 'St. Anna', 'approved', ''], ['site-b', 'St. Anna', 'refused', 'effort'], ['site-d', 'St. Anna', 'approved', '']]);
    assert.ok(replies.every((r) => Date.now() - r.at_ms < 60000));
    assert.equal((await b.steward.must('GET', `/api/inbox/${campaign(b).id}`)).json.replies, null);
    const rows = a.ok('campaign', 'show', '--json').trim().split('\n').map((l) => JSON.parse(l));
    assert.deepEqual(rows.map((r) => r.site), ['site-a', 'site-b', 'site-d']);
    assert.match(a.ok('campaign', 'show'), /site-b\s+refused\s+effort/);
    assert.match(b.ok('campaign', 'show'), /no site has told/);
    assert.doesNotMatch(a.log, /not_believed/);
  },

  async an_approval_tells_its_end_and_what_is_withdrawn_is_told_with_its_reason() {
    const campaign = governed(d, 'campaign')[0];
    const decide = (body) => d.steward.must('POST', `/api/inbox/${campaign.id}`, { password: PASSWORD, ...body });
    const reply = () => relay.status().sites['site-d'].replies.find((r) => r.document === campaign.hash);
    const told = async () => (await a.steward.must('GET', `/api/inbox/${governed(a, 'campaign')[0].id}`)).json.replies.find((r) => r.site === 'site-d');
    const end = (await d.steward.must('GET', `/api/inbox/${campaign.id}`)).json.decision.until_ms;
    assert.ok(end > Date.now());
    assert.deepEqual([reply().decision, reply().until_ms], ['approved', end]);
    await decide({ decision: 'withdraw', reason: 'effort' });
    await eventually(() => reply().decision === 'withdrawn', 10000);
    assert.deepEqual([reply().reason, reply().until_ms], ['effort', 0]);
    await eventually(async () => (await told()).decision === 'withdrawn', 10000);
    assert.equal((await told()).reason, 'effort');
    assert.match(a.ok('campaign', 'show'), /site-d\s+withdrawn\s+effort/);
    await decide({ decision: 'approve' });
    await eventually(async () => (await told()).decision === 'approved', 10000);
    assert.deepEqual([reply().decision, reply().until_ms], ['approved', end]);
  },

  async a_decision_is_told_once_whatever_dies() {
    await relay.stop('SIGKILL');
    await relay.serve();
    for (const s of [a, b, d]) await up(s);
    const before = a.ok('campaign', 'show', '--json');
    await a.stop('SIGKILL');
    await a.serve();
    await up(a);
    assert.equal(a.ok('campaign', 'show', '--json'), before);
  },

  async no_secret_stands_in_a_log() {
    for (const text of [a.log, b.log, c.log, d.log, relay.log]) {
      assert.ok(!text.includes(GOVERNOR));
      assert.ok(!text.includes(PASSWORD));
    }
  },
});
