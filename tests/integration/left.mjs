#!/usr/bin/env node
// left.mjs - what crossed a site's wall, told to those who watch it; and the wall closed and opened by a person.
import { PASSWORD, Relay, Site, assert, audit, command, eventually, founded, fresh, fs, leadPassphrase, node, passphrase, path, run } from './consortium_lib.mjs';

const relay = new Relay();
relay.init();
const sites = [];
for (const id of ['site-a', 'site-b']) sites.push(await Site.made(id, { serve: false }));
const [a] = sites;
const alone = await Site.made('site-z', { serve: false });
const says = (site) => JSON.parse(site.ok('status', '--json'));
const link = (site) => says(site).link;
const get = async (who, at) => (await who.must('GET', at)).json;
const headAt = () => relay.status().sites['site-a'].log;
const quiet = () => new Promise((go) => setTimeout(go, 1500));
let watcher = null;
let boss = null;
/** Something that waits in the outbox until it may leave: the steward's answer to a guideline. */
const papers = () => {
  const dir = fresh('campaign');
  assert.equal(a.bare('campaign', 'new', dir).code, 0);
  assert.equal(a.bare('campaign', 'sign', dir, '--lead-passphrase-file', leadPassphrase).code, 0);
  return fs.readdirSync(dir).filter((f) => f.endsWith('.note')).map((f) => path.join(dir, f));
};

await run({
  async a_site_without_a_link_has_nothing_to_show_and_nothing_to_close() {
    const r = alone.cmd('suspend');
    assert.equal(r.code, 66, r.err);
    assert.match(r.err, /no link to a coordinator/);
    await alone.serve();
    const stew = await alone.person('zoe', 'steward');
    assert.deepEqual(await get(stew, '/api/left'), { left: [], next: null, size: 0, totals: { in: { bytes: 0, n: 0 }, out: { bytes: 0, n: 0 } } });
    const refused = await stew.ask('POST', '/api/suspend', { password: PASSWORD });
    assert.equal(refused.status, 409);
    assert.match(refused.json.text, /no link/);
    await alone.stop();
  },

  async a_consortium_connects() {
    const { roster, fingerprint } = await founded(relay, sites);
    await relay.serve();
    for (const s of sites) {
      assert.equal(command(node, ['roster', 'pin', roster, '--fingerprint', fingerprint, '--state', s.state, '--passphrase-file', passphrase]).code, 0);
      s.config(`[page]\nlisten = 127.0.0.1:0\n[link]\ncoordinator = tcp://127.0.0.1:${relay.port}\n`);
      await s.serve();
    }
    for (const s of sites) await eventually(() => link(s) === 'up', 30000);
    await eventually(() => says(a).policy === 1, 15000);
    watcher = await a.person('wanda', 'auditor');
    boss = await a.person('stella', 'steward');
  },

  async both_directions_are_listed_with_sizes_that_add_up() {
    const list = await get(watcher, '/api/left');
    const of = (d) => list.left.filter((r) => r.direction === d);
    assert.ok(of('out').some((r) => r.type === 'status') && of('in').some((r) => r.type === 'document'));
    for (const d of ['in', 'out']) {
      assert.equal(list.totals[d].n, of(d).length);
      assert.equal(list.totals[d].bytes, of(d).reduce((n, r) => n + r.bytes, 0));
    }
    assert.deepEqual(list.left.map((r) => r.index), list.left.map((r) => r.index).sort((x, y) => y - x));
    assert.equal(list.left.find((r) => r.type === 'document').says.note, undefined);
    const command = a.ok('left', '--json').trim().split('\n').map((l) => JSON.parse(l));
    assert.ok(command.every((r) => r.direction === 'out'));
    assert.match(a.ok('left', '--all'), /in {3}.*a policy from the consortium/);
  },

  async filters_and_pages_hold() {
    const all = (await get(watcher, '/api/left')).left;
    assert.deepEqual((await get(watcher, '/api/left?direction=in')).left.map((r) => r.index), all.filter((r) => r.direction === 'in').map((r) => r.index));
    assert.ok((await get(watcher, '/api/left?type=hello')).left.every((r) => r.type === 'hello'));
    assert.ok((await get(watcher, '/api/left?at_least=1000')).left.every((r) => r.bytes >= 1000));
    const middle = all[1];
    assert.deepEqual((await get(watcher, `/api/left?before=${middle.index}`)).left.map((r) => r.index), all.filter((r) => r.index < middle.index).map((r) => r.index));
    assert.ok((await get(watcher, `/api/left?since=${middle.index}`)).left.every((r) => r.index >= middle.index));
    assert.equal((await get(watcher, `/api/left?from_ms=${Date.now() + 1000}`)).left.length, 0);
    assert.equal((await watcher.ask('GET', '/api/left?since=-1')).status, 400);
  },

  async one_message_is_shown_to_the_last_byte() {
    const all = (await get(watcher, '/api/left')).left;
    for (const row of [all.find((r) => r.type === 'document'), all.find((r) => r.type === 'status')]) {
      const one = await get(watcher, `/api/left/${row.index}`);
      assert.equal(Buffer.from(one.base64, 'base64').length, row.bytes);
      assert.match(one.note, /^fedmsg\/v1\n[\s\S]*\n\n— /);
      assert.equal(one.words, row.words);
    }
    const doc = await get(watcher, `/api/left/${all.find((r) => r.type === 'document').index}`);
    assert.match(doc.says.note, /^cloister-/);
    for (const none of ['99999', 'x', '0x1']) assert.equal((await watcher.ask('GET', `/api/left/${none}`)).status, 404);
  },

  async only_those_who_watch_may_look() {
    const ann = await a.person('anna', 'annotator');
    for (const at of ['/api/left', '/api/left/0']) assert.equal((await ann.ask('GET', at)).status, 403);
    assert.equal((await ann.ask('POST', '/api/suspend', { password: PASSWORD })).status, 403);
    assert.equal((await watcher.ask('POST', '/api/suspend', { password: PASSWORD })).status, 403);
  },

  async a_steward_closes_the_wall_with_the_password() {
    assert.equal((await boss.ask('POST', '/api/suspend', { password: 'a wrong password' })).status, 403);
    assert.equal(link(a), 'up');
    const { suspended } = (await boss.must('POST', '/api/suspend', { password: PASSWORD })).json;
    assert.equal(suspended.user, 'stella');
    assert.equal(link(a), 'suspended');
    assert.equal((await get(watcher, '/api/me')).suspended.user, 'stella');
    assert.match(a.ok('status'), /suspended by stella \(stella\) since/);
    assert.equal((await boss.ask('POST', '/api/suspend', { password: PASSWORD })).status, 409);
  },

  async while_it_is_closed_nothing_arrives_on_either_side() {
    await quiet();
    const there = headAt();
    const here = (await get(watcher, '/api/left')).size;
    a.ok('inbox', 'add', ...papers());
    await quiet();
    assert.deepEqual(headAt(), there);
    assert.equal((await get(watcher, '/api/left')).size, here);
    await a.stop('SIGKILL');
    await a.serve();
    await quiet();
    assert.equal(link(a), 'suspended');
    assert.deepEqual(headAt(), there);
    assert.equal((await get(await a.again('wanda'), '/api/me')).suspended.user, 'stella');
  },

  async resume_delivers_what_waited() {
    const before = headAt().size;
    const again = await a.again('stella');
    assert.equal((await again.must('POST', '/api/resume', { password: PASSWORD })).json.suspended, null);
    await eventually(() => link(a) === 'up', 20000);
    await eventually(() => a.ok('left').includes("a campaign that this site has signed"), 20000);
    await eventually(() => headAt().size > before, 20000);
    assert.equal((await again.ask('POST', '/api/resume', { password: PASSWORD })).status, 409);
  },

  async by_command_the_system_user_is_named_and_a_stopped_node_stays_closed() {
    a.ok('suspend');
    assert.equal(link(a), 'suspended');
    assert.match(says(a).suspended.name, /^operator ./);
    assert.equal(a.cmd('suspend').code, 65);
    await a.stop();
    a.ok('resume');
    a.ok('suspend');
    await a.serve();
    await quiet();
    assert.equal(link(a), 'suspended');
    a.ok('resume');
    await eventually(() => link(a) === 'up', 20000);
  },

  async both_logs_say_it_and_the_auditor_agrees() {
    const mine = fresh('mine');
    assert.match(a.ok('log', 'settle', mine), /settled: receipted/);
    const access = fresh('access');
    const policy = fresh('policy');
    fs.writeFileSync(policy, a.ok('log', 'access', access));
    assert.equal(command(audit, ['verify', access, '--policy', policy]).code, 0);
    const size = (dir) => Number(fs.readFileSync(path.join(dir, 'checkpoint'), 'utf8').split('\n')[1]);
    const told = (dir) => Array.from({ length: size(dir) }, (_, i) => command(audit, ['show', dir, String(i), '--json']).out).filter((l) => /suspend/.test(l)).length;
    assert.ok(told(access) === 6, `${told(access)} in the access log`);
    assert.ok(told(mine) === 6, `${told(mine)} in the exchange log`);
  },
});
