// kill.mjs - see tests/soak/kill. Seeded: the seed is printed, CLOISTER_SEED repeats a run's choices.
import { spawn } from 'node:child_process';
import { PASSWORD, Site, assert, audit, command, fresh, fs, node, passphrase, path, png, records, source } from '../integration/lib.mjs';

const kills = Number(process.argv[2]);
const seed = Number(process.env.CLOISTER_SEED ?? Date.now() % 1000000);
let state = seed >>> 0;
const random = (n) => { state = (state * 1664525 + 1013904223) >>> 0; return state % n; };
console.log(`seed ${seed}: ${kills} kills`);

const site = await Site.made('site-a');
// The port must be the same after each start: people come back to it.
site.config(`[page]\nlisten = 127.0.0.1:${site.port}\n`);
const campaign = await site.campaign();
const people = ['a1', 'a2', 'a3', 'r1'].map((user) => ({ user, role: user === 'r1' ? 'reviewer' : 'annotator', password: '', new_password: `${PASSWORD} ${user}` }));
for (const p of people) p.password = JSON.parse(site.ok('user', 'add', p.user, '--role', p.role, '--json')).password;
let serial = 0;
const batch = (n) => {
  const files = {};
  for (let k = 0; k < n; k++, serial++) {
    files[`p${serial}/s/note.txt`] = `Note ${serial}: pain in the chest, no fever, ${'word '.repeat(random(200))}.`;
    if (random(3) === 0) files[`p${serial}/s/film.png`] = png(256 + random(200), 256, random(200));
  }
  return records(files);
};
const journal = fresh('journal');
const taken = new Set();
const plan = (more = {}) => {
  const at = fresh('plan');
  fs.writeFileSync(at, JSON.stringify({ origin: `http://site-a.localhost:${site.port}`, port: site.port, campaign, people, journal, seed, patience_ms: 60000, ...more }), { mode: 0o600 });
  return at;
};
const script = path.join(source, 'deploy/demo.d/annotator.mjs');

/** The people work on, across kills: a lost answer is asked again. */
const work = () => {
  const child = spawn(process.execPath, [script, plan({ rounds: 1000, think_ms: 2 })], { stdio: ['ignore', 'ignore', 'pipe'] });
  child.words = '';
  child.stderr.on('data', (d) => { child.words += d; });
  child.ended = new Promise((r) => child.on('exit', r));
  return child;
};

assert.equal(site.import(batch(30)).code, 0);
let worker = work();
const saves = () => (fs.existsSync(journal) ? fs.readFileSync(journal, 'utf8').split('\n').length - 1 : 0);
/** Until the people are at work again after a restart: a kill while they sign in puts nothing to the test. */
const atWork = async (more) => {
  const until = saves() + more;
  const end = Date.now() + 60000;
  while (saves() < until && worker.exitCode === null && Date.now() < end) await new Promise((r) => setTimeout(r, 20));
};
for (let k = 0; k < kills; k++) {
  const importing = random(2) === 0 ? batch(12) : null;
  let import_ = null;
  if (importing !== null) import_ = spawn(node, ['import', '--json', '--state', site.state, importing], { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  import_?.stdout.on('data', (d) => { said += d; });
  const importEnd = import_ === null ? null : new Promise((r) => import_.on('exit', r));
  await atWork(1 + random(6));
  await new Promise((r) => setTimeout(r, random(200)));
  const serving = site.stop('SIGKILL');
  await serving;
  await importEnd;
  if (said !== '') JSON.parse(said);
  await site.serve();
  if (importing !== null) {
    assert.equal(site.import(importing).code, 0, 'an interrupted import goes on');
    taken.add(importing);
  }
  if (worker.exitCode !== null) {
    assert.equal(worker.exitCode, 0, `${worker.words}`);
    worker = work();
  }
}
worker.kill('SIGTERM');
await worker.ended;
assert.equal(worker.words, '');
const check = command(process.execPath, [script, '--check', plan()]);
assert.equal(check.code, 0, check.out + check.err);
const found = JSON.parse(check.out);
assert.ok(found.acknowledged > kills, `only ${found.acknowledged} saves were acknowledged: nothing was put to the test`);
for (const dir of taken) {
  const again = site.import(dir).report;
  assert.equal(again.taken, 0, 'a record that was taken is gone');
}
await site.stop();
assert.equal(command(node, ['check', '--deep', '--state', site.state, '--passphrase-file', passphrase]).code, 0);
const copy = fresh('log');
const policy = fresh('policy');
fs.writeFileSync(policy, site.ok('log', 'access', copy));
const verified = command(audit, ['verify', copy, '--policy', policy]);
assert.equal(verified.code, 0, verified.out + verified.err);
console.log(`${kills} kills: ${found.acknowledged} acknowledged saves, ${found.missing.length} missing; ${taken.size} interrupted imports went on; the access log verifies`);
process.exit(0);
