// run.mjs - see bench/run. Each row: what, ours, raw, ratio, aim.
import { spawn } from 'node:child_process';
process.env.CLOISTER_BUILD = new URL('../build/release', import.meta.url).pathname;
const { PASSWORD, Site, assert, build, command, fresh, fs, node, passphrase, path, source } = await import('../tests/integration/lib.mjs');
const { pageRows } = await import('./page.mjs');
const { consortiumRows, exchangeRows, memoryRows } = await import('./consortium.mjs');

const small = process.argv.includes('--small');
const MB = 1024 * 1024;
const median = (l) => [...l].sort((a, b) => a - b)[Math.floor(l.length / 2)];
const rows = [];
const row = (what, ours, raw, ratio, aim) => { rows.push({ what, ours, raw, ratio, aim }); console.log(`${what.padEnd(46)} ${String(ours).padStart(16)} ${String(raw).padStart(18)} ${ratio === '' ? ''.padStart(8) : ratio.toFixed(2).padStart(8)}  ${aim}`); };
console.log(`${''.padEnd(46)} ${'ours'.padStart(16)} ${'raw'.padStart(18)} ${'ratio'.padStart(8)}  aim`);

const lifted = '[import]\ntext_limit = 100000000000\n';
const big = (bytes) => {
  const dir = fresh('big');
  fs.mkdirSync(path.join(dir, 'p/s'), { recursive: true });
  const r = command(path.join(build, 'deploy/generate/cloister-generate'), ['--big', String(bytes), path.join(dir, 'p/s/note.txt')]);
  assert.equal(r.code, 0, r.err);
  return dir;
};

// --- import against raw insert, read over HTTP against raw read ---
const size = small ? 64 * MB : 1024 * MB;
const dir = big(size);
const times = { ours: [], raw: [], http: [], read: [] };
// Each begins on an idle disk: the one that comes second would else pay for what the first left to be written back.
const idle = () => assert.equal(command('sync', []).code, 0);
for (let round = 0; round < 3; round++) {
  idle();
  const raw = JSON.parse(command(path.join(build, 'bench/bench_vault'), [path.join(dir, 'p/s/note.txt'), fresh('raw.db')]).out);
  times.raw.push(raw.insert_s);
  times.read.push(raw.read_s);
  const site = await Site.made('site-a', { serve: false, conf: lifted });
  idle();
  const begun = Date.now();
  const r = command(node, ['import', dir, '--state', site.state, '--passphrase-file', passphrase], { timeout: 600000 });
  times.ours.push((Date.now() - begun) / 1000);
  assert.equal(r.code, 0, r.err);
  if (round === 2) {
    await site.serve();
    const campaign = await site.campaign();
    const ann = await site.person('ann', 'annotator');
    const a = (await ann.must('POST', '/api/next', { campaign })).json;
    const opened = (await ann.must('GET', `/api/assignments/${a.id}`)).json;
    // Read by a plain socket (http.c): node:http on the same cores is slower than the server and would be all that is measured.
    const request = `GET /api/streams/${opened.streams[0].stream.sha256.slice(7)}?assignment=${a.id} HTTP/1.1\r\nHost: ${ann.host}\r\nCookie: ${ann.cookie}\r\n\r\n`;
    for (let k = 0; k < 3; k++) {
      const got = command(path.join(build, 'bench/bench_http'), [String(site.port), String(opened.streams[0].bytes)], { input: request });
      assert.equal(got.code, 0, got.err);
      times.http.push(JSON.parse(got.out).read_s);
    }
    await site.stop();
  }
  fs.rmSync(site.state, { recursive: true });
}
const mbs = (s) => `${(size / MB / s).toFixed(0)} MB/s`;
row(`import of ${size / MB} MB, against raw insert`, mbs(median(times.ours)), mbs(median(times.raw)), median(times.raw) / median(times.ours), '>= 0.85');
row('HTTP read of it, against raw read', mbs(median(times.http)), mbs(median(times.read)), median(times.read) / median(times.http), '>= 0.70');
fs.rmSync(dir, { recursive: true });

// --- memory while a very large file comes in ---
{
  const bytes = small ? 256 * MB : 4096 * MB;
  const site = await Site.made('site-a', { conf: lifted });
  const rss = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${site.child.pid}/status`, 'utf8'))[1]) / 1024;
  const huge = big(bytes);
  const before = rss();
  let most = before;
  const child = spawn(node, ['import', huge, '--state', site.state], { stdio: 'ignore' });
  const sampling = setInterval(() => { most = Math.max(most, rss()); }, 50);
  const code = await new Promise((r) => child.on('exit', r));
  clearInterval(sampling);
  assert.equal(code, 0);
  row(`RSS growth while importing ${bytes / MB} MB`, `${(most - before).toFixed(0)} MB`, '', '', '< 100 MB');
  fs.rmSync(huge, { recursive: true });
  await site.stop();
  fs.rmSync(site.state, { recursive: true });
}

// --- twenty annotators ---
{
  const site = await Site.made('site-a');
  const campaign = await site.campaign();
  const people = Array.from({ length: 20 }, (_, n) => ({ user: `a${n}`, role: 'annotator', new_password: PASSWORD }));
  for (const p of people) p.password = JSON.parse(site.ok('user', 'add', p.user, '--role', 'annotator', '--json')).password;
  const generated = fresh('generated');
  assert.equal(command(path.join(build, 'deploy/generate/cloister-generate'), ['--out', generated]).code, 0);
  site.import(path.join(generated, 'records'));
  const plan = fresh('plan');
  fs.writeFileSync(plan, JSON.stringify({ origin: `http://site-a.localhost:${site.port}`, port: site.port, campaign, people, rounds: 1 }), { mode: 0o600 });
  const r = command(process.execPath, [path.join(source, 'deploy/demo.d/annotator.mjs'), plan]);
  assert.equal(r.code, 0, r.err);
  const { ms } = JSON.parse(r.out);
  row('next item, p95, 20 annotators at work', `${ms.next.p95} ms`, '', '', '< 150 ms');
  row('save acknowledged, p99, 20 annotators at work', `${ms.save.p99} ms`, '', '', '< 100 ms');
  await site.stop();
}

// --- access log: alone, and with 32 readers who wait for one sync ---
{
  const at = (batch) => {
    const dir = fresh('log');
    fs.mkdirSync(dir);
    idle();
    return JSON.parse(command(path.join(build, 'bench/bench_log'), [dir, String(batch)]).out);
  };
  const [alone, crowd] = [at(1), at(32)];
  const against = (what, ours, bare, aim) => row(what, `${ours}/s`, `${bare}/s`, ours / bare, aim);
  against('durable access-log entries, against synced appends', alone.entries_per_s, alone.bare_per_s, '>= 0.80');
  against('32 at once, against appends, each synced', crowd.entries_per_s, alone.bare_per_s, '>= 0.80 under load');
  against('32 at once, against 32 appends to a sync', crowd.entries_per_s, crowd.bare_per_s, 'one file an entry: see bench/log.c');
  against('the same until the last is published', crowd.published_per_s, crowd.bare_per_s, '');
}

// --- an auditor's pass over an exchange log ---
{
  const at = fresh('audit');
  fs.mkdirSync(at);
  const n = small ? 10000 : 100000;
  const r = JSON.parse(command(path.join(build, 'bench/bench_audit'), [at, String(n)], { timeout: 600000 }).out);
  row(`verify of ${n} entries, against bare SHA-256, Ed25519`, `${r.ours_s} s`, `${r.bare_s} s`, r.bare_s / r.ours_s, '>= 0.60');
  row('RSS of it', `${r.rss_mb} MB`, '', '', '< 64 MB');
  fs.rmSync(at, { recursive: true });
}

// --- a consortium ---
exchangeRows(small, row, median);
await consortiumRows(small, row, median);
await memoryRows(small, row);

// --- page ---
await pageRows(build, row, median);
fs.writeFileSync(path.join(build, 'bench.json'), `${JSON.stringify(rows, null, 1)}\n`);
process.exit(0);
