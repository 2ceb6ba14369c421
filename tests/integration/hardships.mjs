#!/usr/bin/env node
// hardships.mjs - what a consortium meets on a bad day, with the real programs: names that do not resolve, full disks, two nodes with
// one identity, strangers by the thousand, no descriptors left, a coordinator that stays away. What clocks do is in flow/link.
import net from 'node:net';
import os from 'node:os';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Relay, Site, assert, audit, command, eventually, founded, fresh, fs, label, leadPassphrase, node, passphrase, path, records, run } from './consortium_lib.mjs';

// Disks that fill up and hosts that know no name need a mount namespace of our own; without the right to one they are left out aloud.
if (process.env.CLOISTER_HARDSHIPS === undefined) {
  const may = spawnSync('unshare', ['-m', 'true']).status === 0;
  const self = [process.execPath, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const env = { ...process.env, CLOISTER_HARDSHIPS: may ? 'mounts' : 'none' };
  const [program, ...args] = may ? ['unshare', '-m', '--propagation', 'private', ...self] : self;
  process.exit(spawnSync(program, args, { stdio: 'inherit', env }).status ?? 1);
}
const canMount = process.env.CLOISTER_HARDSHIPS === 'mounts';
const unable = () => { if (!canMount) console.log('   no mount namespace here: left out'); return !canMount; };
const sh = (text) => { const r = command('bash', ['-euc', text]); assert.equal(r.code, 0, r.err); return r.out; };

const relay = new Relay();
const sites = [];
for (const id of ['site-a', 'site-b']) sites.push(await Site.made(id, { serve: false }));
const [a, b] = sites;
const state = (s) => JSON.parse(s.ok('status', '--json'));
const up = (s) => eventually(() => state(s).link === 'up', 120000);
const inbox = (s) => s.ok('inbox', '--json').trim().split('\n').filter(Boolean).map((l) => JSON.parse(l));
const entries = (s) => relay.status().sites[s.id].log.size;
const point = (s, to, port = 0) => s.config(`[page]\nlisten = 127.0.0.1:${port}\n[link]\ncoordinator = tcp://${to}:${relay.port}\n`);
let paper, campaign, serial = 0;

/** A guideline of the lead, signed and put into its own inbox; where it goes from there is the case's matter. */
function guideline() {
  const dir = fresh('guideline');
  fs.mkdirSync(dir);
  const doc = JSON.parse(fs.readFileSync(new URL('../../node/templates/guideline-text.json', import.meta.url), 'utf8'));
  const en = `Guideline ${serial++}`;
  doc.title = { en };
  fs.writeFileSync(path.join(dir, 'g.json'), JSON.stringify(doc));
  assert.equal(a.bare('guideline', 'sign', path.join(dir, 'g.json'), '--lead-passphrase-file', leadPassphrase).code, 0);
  a.ok('inbox', 'add', path.join(dir, 'g.note'));
  return en;
}
const has = (s, title) => inbox(s).filter((e) => e.title?.en === title).length;
const arrives = (title, s = b) => eventually(() => has(s, title) === 1, 40000);

/** Both copies settled, and nothing to say. */
function clean(s) {
  const [mine, theirs, policy, keys] = ['mine', 'theirs', 'policy', 'keys'].map((n) => fresh(n));
  assert.match(s.ok('log', 'settle', mine), /settled: receipted/);
  relay.ok('log', 'settle', s.id, theirs);
  fs.writeFileSync(policy, command(audit, ['policy', '--roster', paper.roster, '--site', s.id, '--keys', keys]).out);
  const x = command(audit, ['cross', mine, theirs, '--policy', policy, '--keys', keys]);
  assert.equal(x.code, 0, x.out + x.err);
}

/** Moves a daemon's folder onto a disk of its own of `size`. */
function onSmallDisk(daemon, size) {
  const at = fs.mkdtempSync(path.join(os.tmpdir(), 'cloister-disk-'));
  process.on('exit', () => { spawnSync('umount', ['-l', at]); fs.rmdirSync(at); });
  sh(`mount -t tmpfs -o size=${size} tmpfs ${at}; cp -a ${daemon.state} ${at}/state; rm -f ${at}/state/run/*`);
  daemon.state = path.join(at, 'state');
  return { fill: () => spawnSync('dd', ['if=/dev/zero', `of=${at}/fill`, 'bs=1k']), free: () => fs.rmSync(path.join(at, 'fill')) };
}

const airlockOf = (d) => fs.readFileSync(`/proc/${d.child.pid}/task/${d.child.pid}/children`, 'utf8').trim().split(' ')
  .find((pid) => /cloister-airlock$/.test(fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0')[0]));
/** The log on disk is full, or what a message says cannot be kept beside it: either way the turn is given up. */
const alarm = /(exchange\.append|link\.turn|turn\.failed) error=full/;
/** What a daemon may grow by: under AddressSanitizer what was freed is kept for a while, up to 256 MB. */
const ROOM_KB = 320 * 1024;
const rssOf = (pid) => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
const hostsFile = fresh('hosts');

await run({
  async two_sites_are_linked() {
    relay.init();
    paper = await founded(relay, sites);
    await relay.serve();
    relay.config(`[link]\nlisten = tcp://127.0.0.1:${relay.port}\n`);
    for (const s of sites) {
      assert.equal(command(node, ['roster', 'pin', paper.roster, '--fingerprint', paper.fingerprint, '--state', s.state, '--passphrase-file', passphrase]).code, 0);
      point(s, '127.0.0.1');
      await s.serve();
      await up(s);
    }
    campaign = await a.campaign();
    a.import(records(Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`p${n}/s/note.txt`, `Note ${n}.`]))));
    a.ann = await a.person('ann', 'annotator');
  },

  async a_coordinator_that_stays_away_costs_no_work_and_no_entry() {
    await relay.stop('SIGKILL');
    await eventually(() => state(a).link !== 'up', 70000);
    await new Promise((r) => setTimeout(r, 2000));
    const size = () => a.ok('left', '--all', '--json').trim().split('\n').length;
    const before = size();
    const title = guideline();
    assert.ok(await label(a.ann, campaign));
    await new Promise((r) => setTimeout(r, 8000));
    assert.equal(size(), before);
    await relay.serve();
    for (const s of sites) await up(s);
    await arrives(title);
    clean(a);
  },

  async what_waited_for_long_goes_in_one_burst() {
    await relay.stop();
    const titles = Array.from({ length: 30 }, guideline);
    await relay.serve();
    await up(a);
    await eventually(() => { const all = inbox(b); return titles.every((t) => all.filter((e) => e.title?.en === t).length === 1); }, 60000);
    assert.equal(state(a).link, 'up');
    clean(a);
    clean(b);
  },

  async a_name_that_does_not_resolve_is_asked_again_until_it_does() {
    if (unable()) return;
    fs.writeFileSync(hostsFile, '127.0.0.1 localhost\n');
    fs.writeFileSync(`${hostsFile}.resolv`, 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
    sh(`mount --bind ${hostsFile} /etc/hosts; mount --bind ${hostsFile}.resolv /etc/resolv.conf`);
    await b.stop();
    point(b, 'relay.hospital.example');
    await b.serve();
    await eventually(() => /link\.lookup/.test(b.log), 20000);
    assert.equal(state(b).link, 'down');
    const title = guideline();
    await b.person('ben', 'annotator');
    fs.appendFileSync(hostsFile, '127.0.0.1 relay.hospital.example\n');
    await up(b);
    await arrives(title);
  },

  async a_full_disk_at_a_node_takes_nothing_and_goes_on_with_room() {
    if (unable()) return;
    await b.stop();
    const disk = onSmallDisk(b, '24m');
    await b.serve();
    await up(b);
    disk.fill();
    const title = guideline();
    await eventually(() => alarm.test(b.log), 20000);
    await new Promise((r) => setTimeout(r, 3000));
    assert.equal(has(b, title), 0);
    assert.notEqual(b.child, null);
    disk.free();
    await arrives(title);
    await up(b);
    clean(b);
  },

  async a_full_disk_at_the_coordinator_carries_nothing_and_goes_on_with_room() {
    if (unable()) return;
    await relay.stop();
    const disk = onSmallDisk(relay, '24m');
    await relay.serve();
    for (const s of sites) await up(s);
    const from = relay.log.length;
    disk.fill();
    const title = guideline();
    await eventually(() => alarm.test(relay.log.slice(from)), 20000);
    assert.equal(has(b, title), 0);
    assert.notEqual(relay.child, null);
    disk.free();
    await arrives(title);
    for (const s of sites) clean(s);
  },

  async strangers_by_the_thousand_do_not_get_between() {
    const size = entries(a);
    const from = relay.log.length;
    const rss = () => rssOf(relay.child.pid) + rssOf(airlockOf(relay));
    const [memory, begun] = [rss(), Date.now()];
    const greeting = Buffer.alloc(64);
    greeting[0] = 0xff; greeting[9] = 0x7f; greeting[10] = 3; greeting.write('CURVE', 12);
    const hello = Buffer.concat([Buffer.from([4, 200, 5]), Buffer.from('HELLO'), Buffer.from([1, 0]), Buffer.alloc(192, 7)]);
    let done = 0;
    const knock = () => new Promise((resolve) => {
      const s = net.connect(relay.port, '127.0.0.1', () => { s.write(greeting); s.write(hello); });
      s.on('error', () => {});
      s.on('close', () => { done++; resolve(); });
      s.resume();
    });
    const title = guideline();
    while (done < 3000) await Promise.all(Array.from({ length: 100 }, knock));
    const seconds = (Date.now() - begun) / 1000;
    console.log(`   ${done} strangers in ${seconds.toFixed(1)} s`);
    assert.equal(state(a).link, 'up');
    await arrives(title);
    assert.ok(relay.log.slice(from).split('\n').length < seconds * 3 + 20, relay.log.slice(from, from + 3000));
    assert.ok(entries(a) - size < 20, 'what strangers do fills a log');
    assert.ok(rss() - memory < ROOM_KB, `${memory} kB, then ${rss()} kB`);
    clean(a);
  },

  async without_descriptors_who_is_connected_stays_and_who_comes_waits() {
    const airlock = airlockOf(relay);
    const open = fs.readdirSync(`/proc/${airlock}/fd`).length;
    const before = /Max open files\s+(\d+)/.exec(fs.readFileSync(`/proc/${airlock}/limits`, 'utf8'))[1];
    sh(`prlimit --pid ${airlock} --nofile=${open + 4}:`);
    const from = relay.log.length;
    let come = true;
    const crowd = new Set();
    const knock = () => { // those that are sent away come again
      const s = net.connect(relay.port, '127.0.0.1').on('error', () => {});
      crowd.add(s);
      s.on('close', () => { crowd.delete(s); if (come) setTimeout(knock, 50); });
    };
    for (let i = 0; i < 60; i++) knock();
    await relay.logged(/peer\.odd.*value=24/);
    const memory = rssOf(airlock);
    for (let i = 0; i < 3; i++) {
      await arrives(guideline());
      assert.match(a.ok('log', 'settle', fresh('settled')), /settled: receipted/);
    }
    assert.ok(rssOf(airlock) - memory < ROOM_KB, `the airlock grew from ${memory} to ${rssOf(airlock)} kB`);
    assert.ok((relay.log.slice(from).match(/peer\.odd/g) ?? []).length < 40, 'the log is filled with it');
    come = false;
    crowd.forEach((s) => s.destroy());
    sh(`prlimit --pid ${airlock} --nofile=${before}:`);
    await a.stop();
    await a.serve();
    await up(a);
    clean(a);
  },

  async two_nodes_with_one_identity_do_not_both_go_on() {
    await b.stop();
    const twin = new Site('site-b');
    fs.cpSync(b.state, twin.state, { recursive: true, filter: (f) => !f.endsWith('.sock') });
    await b.serve();
    await up(b);
    await twin.serve();
    const title = guideline();
    const both = [b, twin];
    const stopped = () => both.filter((s) => state(s).link === 'stopped');
    await eventually(() => stopped().length > 0 || /fault=(rollback|equivocation|peer-rollback|fork)/.test(relay.log), 60000);
    assert.ok(stopped().length <= 1 || relay.status().sites['site-b'].state === 'stopped');
    for (const s of stopped()) assert.ok(fs.readdirSync(path.join(s.state, 'evidence')).length > 0);
    assert.match(both.map((s) => s.log).join('') + relay.log, /link\.stopped.*evidence|evidence\.kept/);
    for (const s of both) assert.ok(has(s, title) <= 1);
    await twin.stop();
  },
});
