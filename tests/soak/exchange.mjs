// exchange.mjs - see tests/soak/exchange. Seeded: the seed is printed, and given as the second argument it repeats the choices.
import { spawn } from 'node:child_process';
import { PASSWORD, Relay, Site, assert, audit, command, eventually, founded, fresh, fs, node, passphrase, path, records, source } from '../integration/consortium_lib.mjs';
import { Checkpoints } from './checkpoints.mjs';
import { Stream } from './stream.mjs';

const kills = Number(process.argv[2]);
const seed = Number(process.argv[3] ?? Date.now() % 1000000);
let state = seed >>> 0;
const random = (n) => { state = (state * 1664525 + 1013904223) >>> 0; return (state >>> 8) % n; };
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
console.log(`seed ${seed}: ${kills} kills`);
const begun = Date.now();
process.on('unhandledRejection', (e) => { console.error(`FAILED after seed ${seed}\n${e.stack}`); process.exit(1); });

// --- the consortium ---

const relay = new Relay();
relay.init();
const sites = [];
for (const id of ['site-a', 'site-b']) sites.push(await Site.made(id, { serve: false }));
const [a, b] = sites;
const paper = await founded(relay, sites);
await relay.serve();
// The ports must be the same after each start: who was connected comes back to them.
relay.config(`[link]\nlisten = tcp://127.0.0.1:${relay.port}\n`);
const link = (s) => JSON.parse(s.ok('status', '--json')).link;
const up = (s) => eventually(() => link(s) === 'up', 60000);
for (const s of sites) {
  assert.equal(command(node, ['roster', 'pin', paper.roster, '--fingerprint', paper.fingerprint, '--state', s.state, '--passphrase-file', passphrase]).code, 0);
  const conf = (page) => s.config(`[page]\nlisten = 127.0.0.1:${page}\n[link]\ncoordinator = tcp://127.0.0.1:${relay.port}\n`);
  conf(0);
  await s.serve();
  conf(s.port);
  await up(s);
}
const campaign = await a.campaign();
b.steward = await b.person('stella', 'steward');
const stream = new Stream(relay, sites, paper, random);

// --- the people ---

const people = ['a1', 'a2'].map((user) => ({ user, role: 'annotator', password: JSON.parse(a.ok('user', 'add', user, '--role', 'annotator', '--json')).password, new_password: `${PASSWORD} ${user}` }));
const journal = fresh('journal');
const script = path.join(source, 'deploy/demo.d/annotator.mjs');
const plan = (more = {}) => {
  const at = fresh('plan');
  fs.writeFileSync(at, JSON.stringify({ origin: `http://site-a.localhost:${a.port}`, port: a.port, campaign, people, journal, seed, patience_ms: 60000, ...more }), { mode: 0o600 });
  return at;
};
let serial = 0;
const bring = (n) => assert.equal(a.import(records(Object.fromEntries(Array.from({ length: n }, () => [`p${serial}/s/note.txt`, `Note ${serial++}: pain in the chest, no fever, ${'word '.repeat(random(100))}.`])))).code, 0);
const work = () => {
  const child = spawn(process.execPath, [script, plan({ rounds: 1000, think_ms: 100 })], { stdio: ['ignore', 'ignore', 'pipe'] });
  child.words = '';
  child.stderr.on('data', (d) => { child.words += d; });
  child.ended = new Promise((r) => child.on('exit', r));
  return child;
};
const saves = () => (fs.existsSync(journal) ? fs.readFileSync(journal, 'utf8').split('\n').length - 1 : 0);
let worker = null;

/** Until so many more saves were acknowledged. The people have work as long as it takes. */
async function labelled(more) {
  const goal = saves() + more;
  for (const end = Date.now() + 60000; saves() < goal; await sleep(20)) {
    assert.ok(Date.now() < end, `no save was acknowledged in a minute\n${a.log}`);
    if (worker !== null && worker.exitCode === null) continue;
    assert.equal(worker?.exitCode ?? 0, 0, worker?.words);
    bring(30);
    worker = work();
  }
}

// --- deaths ---

/** The only child of a daemon that is its airlock, by its pid. */
function airlockOf(daemon) {
  for (const pid of fs.readFileSync(`/proc/${daemon.child.pid}/task/${daemon.child.pid}/children`, 'utf8').trim().split(' ')) {
    const line = fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
    if (/cloister-airlock$/.test(line[0]) && !line.includes('resolve')) return Number(pid);
  }
  throw new Error(`no airlock below ${daemon.child.pid}`);
}

/** An errand that met no daemon does its work itself, and has the folder as long (75): as a service manager would, again. */
async function start(daemon) {
  for (let tries = 0; ; tries++) {
    try { return await daemon.serve(); } catch (e) { if (tries === 50 || !/ended with 75/.test(e.message)) throw e; }
    await sleep(100);
  }
}

async function again(daemon) {
  await daemon.stop('SIGKILL');
  await start(daemon);
}

const deaths = {
  node_a: () => again(a),
  node_b: () => again(b),
  coordinator: () => again(relay),

  async airlock_of_the_coordinator() {
    const { ended } = relay;
    process.kill(airlockOf(relay), 'SIGKILL');
    assert.deepEqual(await ended, { code: 69, signal: null }, relay.log);
    await start(relay);
  },

  airlock_of_a: () => airlockOfNode(a),
  airlock_of_b: () => airlockOfNode(b),
};

/** Work goes on and the link stays down until somebody starts the node anew. */
async function airlockOfNode(site) {
  process.kill(airlockOf(site), 'SIGKILL');
  await eventually(() => link(site) === 'stopped', 5000);
  if (site === a) await labelled(3);
  else await (await site.again('stella')).must('GET', '/api/inbox');
  assert.equal(link(site), 'stopped');
  assert.notEqual(site.child, null);
  await again(site);
}

// --- judged ---

const seen = new Checkpoints();
const logs = [...sites.map((s) => path.join(s.state, 'log')), ...sites.map((s) => path.join(relay.state, 'log', s.id))];
const sample = () => logs.forEach((l) => seen.sample(l));
const keys = new Map();
for (const s of sites) {
  const [policy, file] = [fresh('policy'), fresh('keys')];
  const r = command(audit, ['policy', '--roster', paper.roster, '--site', s.id, '--keys', file]);
  assert.equal(r.code, 0, r.err);
  fs.writeFileSync(policy, r.out);
  keys.set(s, ['--policy', policy, '--keys', file]);
}

function judge() {
  for (const s of sites) {
    const [mine, theirs] = [fresh('mine'), fresh('theirs')];
    assert.match(s.ok('log', 'settle', mine), /settled: receipted and cosigned/, `${s.id}\n${s.log}\n${relay.log}`);
    const other = relay.cmd('log', 'settle', s.id, theirs);
    assert.ok(other.code === 0 && !/not settled/.test(other.err), `${s.id}: ${other.err}\n${relay.log}`);
    for (const [what, ...at] of [['verify', mine], ['verify', theirs], ['cross', mine, theirs]]) {
      const r = command(audit, [what, ...at, ...keys.get(s)]);
      assert.equal(r.code, 0, `${s.id}: ${what}\n${r.out}${r.err}`);
    }
    for (const dir of [mine, theirs]) {
      seen.sample(dir);
      fs.rmSync(dir, { recursive: true });
    }
  }
}

/** All that was sent is everywhere, and once. */
async function once() {
  const version = stream.policies.length;
  for (const s of sites) {
    await eventually(() => JSON.parse(s.ok('status', '--json')).policy === version, 30000);
    await eventually(() => stream.titles.every((t) => stream.inbox(s).some((e) => e.title?.en === t)), 30000);
    const inbox = stream.inbox(s);
    assert.equal(new Set(inbox.map((e) => e.hash)).size, inbox.length, `${s.id}: a document stands twice in the inbox`);
    for (const t of stream.titles) assert.equal(inbox.filter((e) => e.title?.en === t).length, 1, `${s.id}: ${t}`);
    assert.equal(new Set(inbox.map((e) => e.id)).size, inbox.length);
  }
  assert.equal(relay.status().head.policy, version);
  // What was decided is told to the lead, once and as it was decided.
  const told = () => a.ok('campaign', 'show', '--json').trim().split('\n').filter(Boolean).map((l) => JSON.parse(l));
  const decided = sites.flatMap((s) => stream.inbox(s).filter((e) => ['campaign', 'guideline'].includes(e.kind) && ['approved', 'refused'].includes(e.state)).map((e) => `${s.id} ${e.hash} ${e.state}`)).sort();
  await eventually(() => told().length >= decided.length, 30000);
  assert.deepEqual(told().map((r) => `${r.site} ${r.document} ${r.decision}`).sort(), decided);
}

// --- the run ---

await labelled(1);
const count = {};
for (let k = 0; k < kills; k++) {
  const names = Object.keys(deaths);
  const who = names[random(names.length)];
  const errands = [stream.errand(), stream.errand()];
  await labelled(1 + random(3));
  await sleep(random(400));
  sample();
  await deaths[who]();
  count[who] = (count[who] ?? 0) + 1;
  await Promise.all(errands);
  sample();
  for (const s of sites) await up(s);
  if (k % 2 === 1) judge();
  console.log(`  ${k + 1}: ${who}, ${saves()} saves, ${Math.round((Date.now() - begun) / 1000)} s`);
}
for (const s of sites) await stream.decide(s);
await once();
worker.kill('SIGTERM');
await worker.ended;
assert.equal(worker.words, '');
judge();
sample();
const check = command(process.execPath, [script, '--check', plan()]);
assert.equal(check.code, 0, check.out + check.err);
const found = JSON.parse(check.out);
assert.ok(found.acknowledged > kills, `only ${found.acknowledged} saves were acknowledged: nothing was put to the test`);
for (const s of sites) {
  await s.stop();
  assert.equal(command(node, ['check', '--deep', '--state', s.state, '--passphrase-file', passphrase]).code, 0);
}
console.log(`${JSON.stringify(count)}: ${found.acknowledged} acknowledged saves, ${found.missing.length} missing; ${stream.titles.length} documents and ${stream.policies.length} policies, each once; ${seen.roots.size} checkpoints, one root each; ${Math.round((Date.now() - begun) / 1000)} s`);
process.exit(0);
