#!/usr/bin/env node
// canary_wire.mjs - a patient's strings at two linked nodes while campaigns are carried, approved, refused, suspended and settled:
// they are in no byte on the wire, in no frame at either end, and nowhere at the coordinator - except where a lead signed them.
import net from 'node:net';
import { files, patient, search, words } from './canary_lib.mjs';
import { PASSWORD, Relay, Site, assert, audit, build, command, emptyDoc, eventually, founded, fresh, fs, label, leadPassphrase, node, passphrase, path, records, run, span } from './consortium_lib.mjs';
import { Wire, messages } from './wire.mjs';

const WINDOW = 8; // messages beyond what the other side confirmed

// Beside those of the patient: what a file, a visit and the people of the hospital are called.
const own = ['besuch-kanari-77', 'kanari.hedwig4711', 'kanari.stella4711', 'kanari.rita4711'];
const [visit, annotator, steward, reviewer] = own;
const note = words.map((w) => `Patient: ${w}.`).join('\r\n');
const tmp = fresh('tmp');
fs.mkdirSync(tmp);
process.env.TMPDIR = tmp;

const relay = new Relay();
const wire = new Wire(fresh('wire'));
const sites = [];
for (const id of ['site-a', 'site-b']) sites.push(await Site.made(id, { serve: false }));
const [a, b] = sites;
const link = (s) => JSON.parse(s.ok('status', '--json')).link;
const up = (s) => eventually(() => link(s) === 'up', 60000);
const inbox = (s) => s.ok('inbox', '--json').trim().split('\n').filter(Boolean).map((l) => JSON.parse(l));
const left = (s) => s.ok('left', '--all', '--json').trim().split('\n').map((l) => JSON.parse(l));

/** A campaign of the lead travels to every inbox. */
async function carried(title) {
  const dir = fresh('campaign');
  assert.equal(a.bare('campaign', 'new', dir).code, 0);
  const at = path.join(dir, 'campaign.json');
  const doc = JSON.parse(fs.readFileSync(at, 'utf8'));
  doc.title = { en: title };
  fs.writeFileSync(at, JSON.stringify(doc));
  assert.equal(a.bare('campaign', 'sign', dir, '--lead-passphrase-file', leadPassphrase).code, 0);
  a.ok('inbox', 'add', ...fs.readdirSync(dir).filter((f) => f.endsWith('.note')).map((f) => path.join(dir, f)));
  for (const s of sites) await eventually(() => inbox(s).some((e) => e.title?.en === title), 30000);
  return inbox(a).find((e) => e.title?.en === title).hash;
}

async function decide(s, title, body) {
  const all = (await s.people.must('GET', '/api/inbox')).json.inbox.filter((e) => e.state === 'waiting');
  for (const e of all) {
    const word = e.kind === 'campaign' ? body : { decision: 'approve' };
    await s.people.must('POST', `/api/inbox/${e.id}`, { ...word, password: PASSWORD });
  }
}

/** Both ends' logs of this site, settled, held against each other. */
function settled(s) {
  const [mine, theirs, policy, keys] = ['mine', 'theirs', 'policy', 'keys'].map((n) => fresh(n));
  assert.match(s.ok('log', 'settle', mine), /settled: receipted/);
  relay.ok('log', 'settle', s.id, theirs);
  const r = command(audit, ['policy', '--roster', paper.roster, '--site', s.id, '--keys', keys]);
  fs.writeFileSync(policy, r.out);
  const x = command(audit, ['cross', mine, theirs, '--policy', policy, '--keys', keys]);
  assert.equal(x.code, 0, x.out + x.err);
  return [mine, theirs];
}

/** The entries of a log, out of its bundles (log-and-security.md 2.1). */
function entries(log) {
  const dir = path.join(log, 'tile/entries');
  const all = [];
  for (const name of fs.readdirSync(dir).sort()) {
    let file = path.join(dir, name);
    if (name.endsWith('.p')) file = path.join(file, fs.readdirSync(file).sort((x, y) => x - y).at(-1));
    const bytes = fs.readFileSync(file);
    for (let at = 0; at < bytes.length; at += 2 + bytes.readUInt16BE(at)) all.push(bytes.subarray(at + 2, at + 2 + bytes.readUInt16BE(at)).toString());
  }
  return all;
}

/** Holds the lengths on the wire against those in the log: in the same order, but a message that the other side has not confirmed
 * by the next hello is sent again as it was, and has one entry. */
function again(crossed, logged) {
  let at = 0;
  const foreign = crossed.filter((n) => (n === logged[at] ? (at++, false) : !logged.slice(Math.max(0, at - WINDOW), at).includes(n))).length;
  return { missing: logged.length - at, foreign };
}

/** What the coordinator keeps under its key, without it. */
function store() {
  const copy = fresh('store');
  fs.mkdirSync(copy);
  for (const f of ['keyring', 'store.db', 'store.db-wal']) fs.copyFileSync(path.join(relay.state, f), path.join(copy, f));
  const r = command(path.join(build, 'tests/support/db_plain'), [copy, passphrase, 'store.db'], { encoding: 'buffer' });
  assert.equal(r.code, 0, String(r.err));
  assert.ok(r.out.includes('SELECT * FROM "document"'), String(r.out.subarray(0, 2000)));
  return r.out;
}

/** Everything outside the vaults' ciphertext that anybody but the hospital may come to see. */
function everywhere() {
  const bytes = [];
  for (const [name, s] of wire.streams()) bytes.push([s, name, true]);
  bytes.push([store(), 'the store of the coordinator', true]);
  const folders = [relay.state, tmp, ...sites.map((s) => path.join(s.state, 'log')), ...sites.flatMap(settled)];
  for (const root of folders) for (const f of files(root)) bytes.push([fs.readFileSync(f), f, true]);
  for (const s of sites) {
    for (const row of left(s)) {
      const one = JSON.parse(s.ok('left', 'show', String(row.index)));
      bytes.push([Buffer.from(JSON.stringify({ ...one, base64: '' })), `${s.id}: message ${row.index}`, false]);
      bytes.push([Buffer.from(one.base64, 'base64'), `${s.id}: frame ${row.index}`, true]);
    }
  }
  for (const d of [relay, ...sites]) {
    bytes.push([Buffer.from(d.log), `what ${d.id ?? 'the coordinator'} said`, false]);
    const kids = fs.readFileSync(`/proc/${d.child.pid}/task/${d.child.pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    for (const pid of [d.child.pid, ...kids]) bytes.push([fs.readFileSync(`/proc/${pid}/cmdline`), `the arguments of ${pid}`, false]);
  }
  bytes.push([Buffer.from(relay.ok('status', '--json')), 'what the coordinator tells its operator', false]);
  return bytes;
}
const found = () => everywhere().filter(([bytes, where, deep]) => {
  try { search(bytes, where, deep, own); return false; } catch (e) { if (e.code !== 'ERR_ASSERTION') throw e; return true; }
}).map(([, where]) => where);

let paper, campaign;
await run({
  async two_sites_are_linked_through_a_wire_that_is_recorded() {
    relay.init();
    paper = await founded(relay, sites);
    await relay.serve();
    await wire.listen(relay.port);
    for (const s of sites) {
      s.config(`[page]\nlisten = 127.0.0.1:0\n[link]\ncoordinator = tcp://127.0.0.1:${wire.port}\n`);
      assert.equal(command(node, ['roster', 'pin', paper.roster, '--fingerprint', paper.fingerprint, '--state', s.state, '--passphrase-file', passphrase]).code, 0);
      await s.serve();
      await up(s);
      s.people = await s.person(steward, 'steward');
    }
  },

  async a_patient_goes_through_everything_a_hospital_does() {
    campaign = await carried('An honest title');
    await decide(a, '', { decision: 'approve' });
    await decide(b, '', { decision: 'approve' });
    for (const s of sites) {
      const dir = records({ [`${patient}/${visit}/note.txt`]: note, [`${patient}/second/note.txt`]: `${note} again`, [`${patient}/third/${visit}.txt`]: note });
      assert.equal(s.import(dir).report.taken, 2);
      const ann = await s.person(annotator, 'annotator');
      const done = await label(ann, campaign, 'present', [span('r1', 9, 20)]);
      const row = (await ann.must('POST', '/api/next', { campaign })).json;
      const opened = (await ann.must('GET', `/api/assignments/${row.id}`)).json;
      const text = (await ann.must('GET', `/api/streams/${opened.streams[0].stream.sha256.slice(7)}?assignment=${row.id}`)).raw.toString();
      assert.ok(text.includes(words[0]));
      await ann.must('PUT', `/api/assignments/${row.id}/draft`, emptyDoc(opened), { 'If-Match': '"0"' });
      await ann.must('POST', `/api/assignments/${row.id}/comments`, { text: `This is ${words[0]}` });
      await ann.ask('PUT', `/api/assignments/${row.id}/draft`, `{"${words[1]}": 1`, { 'If-Match': '"1"' });
      await (await s.person(reviewer, 'reviewer')).must('GET', `/api/items/${done.opened.item.id}/work`);
      s.ok('reads', '--patient', patient);
      s.ok('export', '--jsonl', fresh('export'));
    }
  },

  async while_documents_are_carried_approved_refused_suspended_and_settled() {
    await carried('Another honest title');
    await decide(a, '', { decision: 'approve' });
    await decide(b, '', { decision: 'refuse', reason: 'privacy' });
    await eventually(() => /"decision":"refused"/.test(relay.cmd('status', '--json').out), 20000);
    b.ok('suspend');
    assert.equal(link(b), 'suspended');
    b.ok('resume');
    await up(b);
    await b.stop('SIGKILL'); // what a dead node leaves behind, and a hello with something to tell
    await b.serve();
    await up(b);
    b.people = await b.again(steward);
    for (const way of ['.out', '.in']) assert.ok(wire.streams().filter(([n]) => n.endsWith(way)).reduce((sum, [, s]) => sum + s.length, 0) > 10000, way);
    const types = new Set(sites.flatMap(left).map((r) => r.type));
    for (const t of ['hello', 'document', 'document-ack', 'campaign-reply', 'status']) assert.ok(types.has(t), t);
    assert.deepEqual(found(), []);
  },

  async what_a_lead_signed_with_the_string_in_it_is_found_where_it_went() {
    await carried(`A study of ${words[0]}`);
    const where = found();
    const holds = (pattern) => assert.ok(where.some((w) => pattern.test(w)), `${pattern} is not in:\n${where.join('\n')}`);
    // In frames at both ends, as documents at the coordinator, and still not on the wire, which is encrypted.
    holds(new RegExp(`${a.state}/log/.*frame`));
    holds(new RegExp(`${relay.state}/log/site-b/frame`));
    holds(/mine-\d+\/frame/);
    holds(/theirs-\d+\/frame/);
    holds(/^the store of the coordinator/);
    holds(/site-b: frame \d+/);
    assert.ok(!where.some((w) => /^connection|arguments|what .* said/.test(w)), where.join('\n'));
  },

  async every_message_on_the_wire_is_an_entry_of_the_log_and_every_entry_was_on_the_wire() {
    await a.stop();
    const logged = { out: [], in: [] };
    for (const e of entries(path.join(a.state, 'log'))) {
      const [, kind] = /^kind (\w+)$/m.exec(e);
      if (kind in logged) logged[kind].push(Number(/^frame (\d+) /m.exec(e)[1]));
    }
    assert.ok(logged.out.length > 20 && logged.in.length > 20, JSON.stringify(logged));
    const crossed = Object.fromEntries(wire.streams().filter(([name]) => /^connection-0\./.test(name)).map(([name, s]) => [name.split('.')[1], messages(s)]));
    assert.deepEqual(again(crossed.out, logged.out), { missing: 0, foreign: 0 });
    // What was still on its way to a node that stopped, it has not seen.
    const { missing, foreign } = again(crossed.in, logged.in);
    assert.equal(missing, 0);
    assert.ok(foreign <= 2, JSON.stringify({ crossed: crossed.in, logged: logged.in }));
    assert.ok(again(crossed.out.filter((_, i) => i !== 20), logged.out).missing > 0);
    assert.ok(again([...crossed.out.slice(0, 20), 777, ...crossed.out.slice(20)], logged.out).foreign > 0);
    await a.serve();
  },

  async the_search_of_the_wire_finds_what_is_not_encrypted() {
    const open = net.connect(wire.port, '127.0.0.1');
    open.on('error', () => {});
    open.write(`hello, this is ${words[1]}\n`);
    await eventually(() => wire.streams().some(([, s]) => s.includes(words[1])), 5000);
    open.destroy();
    assert.ok(found().some((w) => /^connection/.test(w)));
  },
});
