// consortium.mjs - a coordinator and its sites with the real programs: how soon they are connected, and what they cost when nothing happens.
import os from 'node:os';
import path from 'node:path';
const { Relay, Site, assert, build, command, eventually, founded, fresh, fs, node, passphrase } = await import('../tests/integration/consortium_lib.mjs');

const TICKS_PER_S = 100; // of /proc/PID/stat, on Linux everywhere

const MB = 1024 * 1024;

/** Both ways at once between a node's link and a coordinator's, over airlocks and logs, and what that stands on. */
export function exchangeRows(small, row, median) {
  const figures = (n, size) => {
    const rounds = [0, 1, 2].map(() => {
      const at = fresh('exchange');
      fs.mkdirSync(at);
      const one = (name) => {
        const r = command(path.join(build, `bench/${name}`), [at, String(n), String(size)]);
        assert.equal(r.code, 0, r.err);
        return JSON.parse(r.out);
      };
      const both = { ...one('bench_exchange'), ...one('bench_exchange_bare') };
      fs.rmSync(at, { recursive: true });
      return both;
    });
    return Object.fromEntries(['ours_s', 'curve_s', 'durable_s', 'batched_s'].map((k) => [k, median(rounds.map((r) => r[k]))]));
  };
  // Each side writes what it says and what it hears: twice the bare appends.
  const [n, size] = [small ? 40 : 200, MB - 4096];
  const big = figures(n, size);
  const bound = Math.max(big.curve_s, 2 * big.durable_s);
  const rate = (s) => `${((n * size) / MB / s).toFixed(0)} MB/s`;
  row('1 MiB messages both ways, against CURVE and disk', rate(big.ours_s), rate(bound), bound / big.ours_s, `>= 0.70; CURVE alone ${rate(big.curve_s)}, half the disk ${rate(2 * big.durable_s)}`);
  const m = small ? 1000 : 4000;
  const little = figures(m, 1024);
  const per = (s) => `${(m / s).toFixed(0)}/s`;
  row('1 KiB messages both ways, against appends, each synced', per(little.ours_s), per(2 * little.durable_s), (2 * little.durable_s) / little.ours_s, '');
  row('the same, against eight appends to a sync', per(little.ours_s), per(2 * little.batched_s), (2 * little.batched_s) / little.ours_s, '>= 0.70');
}

const rss = (pid) => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
const airlocksOf = (daemon) => fs.readFileSync(`/proc/${daemon.child.pid}/task/${daemon.child.pid}/children`, 'utf8').trim().split(' ').filter(Boolean);

/** What the coordinator and its airlock hold for a site of the roster, and for its connection. 200 sites, each
 * a node of its own; fewer where this machine cannot hold them. */
export async function memoryRows(small, row) {
  const n = small ? 5 : Math.min(200, Math.floor(os.freemem() / (64 * MB)));
  const relay = new Relay();
  relay.init();
  const sites = [];
  for (let i = 0; i < n; i++) sites.push(await Site.made(`site-${i}`, { serve: false }));
  const paper = await founded(relay, sites);
  await relay.serve();
  const held = () => [relay.child.pid, ...airlocksOf(relay)].reduce((sum, pid) => sum + rss(pid), 0);
  const before = held();
  for (const s of sites) {
    s.config(`[page]\nlisten = 127.0.0.1:0\n[link]\ncoordinator = tcp://127.0.0.1:${relay.port}\n`);
    assert.equal(command(node, ['roster', 'pin', paper.roster, '--fingerprint', paper.fingerprint, '--state', s.state, '--passphrase-file', passphrase]).code, 0);
    await s.serve();
  }
  await eventually(() => Object.values(relay.status().sites).every((s) => s.state === 'up'), 60000);
  await new Promise((r) => setTimeout(r, 2000));
  const after = held();
  row(`memory of the coordinator for one of ${n} connected sites`, `${((after - before) / n).toFixed(0)} kB`, '', '', `${(after / 1024).toFixed(0)} MB in all with its airlock, ${(before / 1024).toFixed(0)} MB of it before any came`);
  for (const d of [relay, ...sites]) await d.stop();
}

/** CPU seconds of a daemon and the airlock below it. */
function cpu(daemon) {
  return [daemon.child.pid, ...airlocksOf(daemon)].reduce((sum, pid) => {
    const after = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return sum + (Number(after[11]) + Number(after[12])) / TICKS_PER_S;
  }, 0);
}

export async function consortiumRows(small, row, median) {
  const relay = new Relay();
  relay.init();
  const sites = [];
  for (const id of ['a', 'b', 'c', 'd', 'e']) sites.push(await Site.made(`site-${id}`, { serve: false }));
  const paper = await founded(relay, sites);
  await relay.serve();
  const times = [];
  for (const s of sites) {
    s.config(`[page]\nlisten = 127.0.0.1:0\n[link]\ncoordinator = tcp://127.0.0.1:${relay.port}\n`);
    assert.equal(command(node, ['roster', 'pin', paper.roster, '--fingerprint', paper.fingerprint, '--state', s.state, '--passphrase-file', passphrase]).code, 0);
    const begun = Date.now();
    const ready = s.serve();
    const connected = eventually(() => relay.status().sites[s.id].state === 'up', 30000);
    await ready;
    const served = Date.now() - begun;
    await connected;
    times.push({ served, up: Date.now() - begun });
  }
  row('`serve` to connected, median of 5 nodes', `${median(times.map((t) => t.up))} ms`, '', '', `of it until the page listens: ${median(times.map((t) => t.served))} ms`);
  // What the policy and the first hellos set off is over.
  await new Promise((r) => setTimeout(r, 5000));
  const seconds = small ? 10 : 60;
  const daemons = [relay, ...sites];
  const before = daemons.map(cpu);
  await new Promise((r) => setTimeout(r, seconds * 1000));
  const used = daemons.map((d, i) => cpu(d) - before[i]);
  const all = used.reduce((x, y) => x + y, 0);
  row(`CPU of 5 idle nodes and a coordinator, ${seconds} s`, `${all.toFixed(2)} s`, '', '', `the coordinator: ${used[0].toFixed(2)} s`);
  for (const d of daemons) await d.stop();
}
