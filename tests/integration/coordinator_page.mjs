#!/usr/bin/env node
// coordinator_page.mjs - the operator's page of a coordinator: who gets in, what is shown, and that a stopped link is red.
import { spawn } from 'node:child_process';
import { Client, PASSWORD, Relay, Site, assert, command, coordinator, eventually, founded, fresh, fs, leadPassphrase, node, passphrase, path, run, source } from './consortium_lib.mjs';

const relay = new Relay();
relay.init();
const [a, b] = [await Site.made('site-a', { serve: false }), await Site.made('site-b', { serve: false })];
const link = (site) => JSON.parse(site.ok('status', '--json')).link;
const get = async (who, at) => (await who.must('GET', at)).json;
const fresh_client = () => new Client(relay.page, 'relay');
const row = async (who, site) => (await get(who, '/api/sites')).sites.find((s) => s.site === site);
let op = null;
let hash = '';

await run({
  async a_consortium_connects() {
    const { roster, fingerprint } = await founded(relay, [a, b]);
    await relay.serve();
    for (const s of [a, b]) {
      assert.equal(command(node, ['roster', 'pin', roster, '--fingerprint', fingerprint, '--state', s.state, '--passphrase-file', passphrase]).code, 0);
      s.config(`[page]\nlisten = 127.0.0.1:0\n[link]\ncoordinator = tcp://127.0.0.1:${relay.port}\n`);
      await s.serve();
    }
    for (const s of [a, b]) await eventually(() => link(s) === 'up', 30000);
    assert.match(relay.origin, /^http:\/\/relay\.localhost:\d+$/);
  },

  async an_operator_is_added_once_and_has_to_choose_a_password() {
    const { password } = JSON.parse(relay.ok('user', 'add', 'otto', '--name', 'Otto Oster', '--json'));
    assert.equal(relay.cmd('user', 'add', 'otto').code, 65);
    assert.equal(relay.cmd('user', 'add', 'Not A Name').code, 65);
    op = fresh_client();
    const me = await op.login('otto', password);
    assert.ok(op.cookie.startsWith('__Host-sid-relay='));
    assert.ok((await get(op, '/api/me')).must_change);
    for (const at of ['sites', 'campaigns', 'status', 'rounds', 'results', 'users']) {
      const r = await op.ask('GET', `/api/${at}`);
      assert.equal(r.status, 403);
      assert.equal(r.json.code, 'must_change');
    }
    await op.changePassword(password, PASSWORD);
    assert.equal((await get(op, '/api/me')).must_change, false);
    assert.deepEqual((await get(op, '/api/me')).roles, ['operator']);
    assert.ok(me !== null);
    assert.match(relay.ok('user', 'list'), /otto +Otto Oster/);
  },

  async without_a_login_nothing_is_said() {
    const stranger = fresh_client();
    for (const at of ['sites', 'campaigns', 'status', 'rounds', 'results', 'users', 'me', `documents/sha256:${'0'.repeat(64)}`]) assert.equal((await stranger.ask('GET', `/api/${at}`)).status, 401);
    const r = await stranger.ask('GET', '/metrics');
    assert.match(r.raw.toString(), /cloister_links_up 2/);
    assert.doesNotMatch(r.raw.toString(), /site-a/);
    assert.equal((await stranger.ask('GET', '/healthz')).status, 200);
    assert.match((await stranger.ask('GET', '/')).raw.toString(), /<div id="app">/);
  },

  async a_wrong_token_host_or_origin_is_refused() {
    const refused = async (headers, status = 403) => assert.equal((await op.ask('POST', '/api/logout', undefined, headers)).status, status);
    await refused({ 'X-Cloister-CSRF': '0'.repeat(64) });
    await refused({ 'X-Cloister-CSRF': null });
    await refused({ Origin: 'http://evil.example' });
    await refused({ Origin: null });
    await refused({ 'Sec-Fetch-Site': 'cross-site' });
    assert.equal((await op.ask('GET', '/api/me', undefined, { Host: 'evil.example' })).status, 403);
    assert.equal((await op.ask('POST', '/api/sites', {})).status, 405);
    assert.equal((await op.ask('GET', '/api/nothing')).status, 404);
    assert.equal((await op.ask('POST', '/api/password', { old: PASSWORD, new: 'x' })).status, 400);
    const big = await op.ask('POST', '/api/password', `{"old":"${'x'.repeat(1024 * 1024)}"}`).catch(() => ({ status: 413 }));
    assert.equal(big.status, 413);
    const me = await op.ask('GET', '/api/me');
    assert.equal(me.status, 200);
    assert.match(me.headers['content-security-policy'], /default-src 'none'/);
    assert.equal(me.headers['cache-control'], 'no-store');
  },

  async guessing_is_slowed_down_and_a_storm_leaves_the_page_answering() {
    relay.ok('user', 'add', 'target');
    let slowed = null;
    for (let n = 0; n < 8 && slowed === null; n++) {
      const r = await fresh_client().ask('POST', '/api/login', { user: 'target', password: `wrong password ${n}` });
      if (r.status === 429) slowed = r;
    }
    assert.ok(slowed, 'eight wrong guesses in a row were all judged');
    const begun = Date.now();
    const storm = Array.from({ length: 16 }, (_, n) => fresh_client().ask('POST', '/api/login', { user: `ghost${n}`, password: 'a wrong password' }));
    assert.equal((await op.ask('GET', '/api/sites')).status, 200);
    assert.ok(Date.now() - begun < 2000);
    assert.ok((await Promise.all(storm)).every((r) => r.status === 401 || r.status === 429));
    assert.equal(link(a), 'up');
  },

  async each_site_is_shown_with_its_link_versions_and_both_heads() {
    await eventually(async () => (await row(op, 'site-b')).status?.policy === 1, 20000);
    const s = await row(op, 'site-a');
    assert.equal(s.state, 'up');
    assert.equal(s.red, false);
    assert.ok(Date.now() - s.last_ms < 60000);
    assert.equal(s.status.roster, 1);
    assert.match(s.log.head, /^sha256:/);
    assert.ok(s.peer_log.size > 0 && s.peer_log.head !== s.log.head);
    assert.deepEqual(s.refusals, []);
    const { head, sites } = relay.status();
    assert.equal(head.roster, 1);
    assert.equal(sites['site-a'].red, false);
    const said = await get(op, '/api/status');
    assert.deepEqual(said.documents.map((d) => d.kind).sort(), ['policy', 'roster']);
    const doc = await get(op, `/api/documents/${said.documents[0].hash}`);
    assert.match(doc.note, /^cloister-(policy|roster)\/v1\n/);
    assert.equal((await op.ask('GET', `/api/documents/sha256:${'0'.repeat(64)}`)).status, 404);
  },

  async each_campaign_is_shown_with_who_answered_and_who_has_not() {
    const dir = fresh('campaign');
    assert.equal(a.bare('campaign', 'new', dir).code, 0);
    assert.equal(a.bare('campaign', 'sign', dir, '--lead-passphrase-file', leadPassphrase).code, 0);
    a.ok('inbox', 'add', ...fs.readdirSync(dir).filter((f) => f.endsWith('.note')).map((f) => path.join(dir, f)));
    await eventually(async () => (await get(op, '/api/campaigns')).campaigns.length === 1, 20000);
    const c = (await get(op, '/api/campaigns')).campaigns[0];
    hash = c.hash;
    assert.equal(c.lead, 'site-a');
    assert.deepEqual(c.waiting, ['site-a', 'site-b']);
    await eventually(async () => (await row(op, 'site-b')).status?.pending >= 0 && b.ok('inbox', '--json').includes('"campaign"'), 20000);
    const steward = await b.person('stella', 'steward');
    const { inbox } = (await steward.must('GET', '/api/inbox')).json;
    await steward.must('POST', `/api/inbox/${inbox.find((e) => e.kind === 'campaign').id}`, { decision: 'refuse', reason: 'privacy', password: PASSWORD });
    const shown = async () => (await get(op, '/api/campaigns')).campaigns[0];
    await eventually(async () => (await shown()).replies.length === 1, 20000);
    const [reply] = (await shown()).replies;
    assert.equal(`${reply.site} ${reply.decision} ${reply.reason}`, 'site-b refused privacy');
    assert.ok(Date.now() - reply.at_ms < 60000);
    assert.deepEqual((await shown()).waiting, ['site-a']);
  },

  async the_served_description_is_that_of_the_routes() {
    const served = await get(op, '/api/openapi.json');
    const said = Object.entries(served.paths).flatMap(([p, ops]) => Object.keys(ops).map((m) => `${m.toUpperCase()} ${p}`)).sort();
    const table = [...fs.readFileSync(path.join(source, 'coordinator/page/page.c'), 'utf8').matchAll(/\{"([A-Z]+)", "([^"]+)", ROLE_/g)].map((m) => `${m[1]} ${m[2]}`).sort();
    assert.ok(table.length > 10);
    assert.deepEqual(said, table);
    for (const [at, ops] of Object.entries(served.paths)) {
      if (ops.get === undefined || at === '/metrics') continue;
      const answer = await get(op, at.replace('{hash}', hash));
      const schema = ops.get.responses['200'].content['application/json'].schema;
      for (const name of schema.required ?? []) assert.ok(name in answer, `${at} answers without ${name}`);
    }
    for (const s of (await get(op, '/api/sites')).sites) for (const name of served.components.schemas.Site.required) assert.ok(name in s, name);
  },

  async status_watch_says_it_again() {
    const child = spawn(coordinator, ['status', '--watch', '--state', relay.state, '--passphrase-file', passphrase], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    child.stdout.on('data', (d) => { out += d; });
    await eventually(() => out.split('relay of fed.example/ward7').length > 2, 10000);
    child.kill();
  },

  async a_reset_or_disabled_operator_is_out_at_once() {
    const second = await relay.operator('olga');
    assert.equal((await second.ask('GET', '/api/sites')).status, 200);
    relay.ok('user', 'reset', 'olga');
    assert.equal((await second.ask('GET', '/api/sites')).status, 401);
    relay.ok('user', 'disable', 'olga');
    assert.equal((await fresh_client().ask('POST', '/api/login', { user: 'olga', password: PASSWORD })).status, 401);
    assert.match(relay.ok('user', 'list'), /olga.*disabled/);
    assert.equal(relay.cmd('user', 'reset', 'nobody').code, 66);
  },

  async a_login_and_what_is_shown_outlive_a_restart() {
    const before = (await get(op, '/api/campaigns')).campaigns;
    await relay.stop('SIGKILL');
    const { port, page } = relay;
    assert.match(relay.ok('user', 'list'), /otto/);
    relay.config(`[link]\nlisten = tcp://127.0.0.1:${port}\n[page]\nlisten = 127.0.0.1:${page}\n`);
    await relay.serve();
    assert.deepEqual((await get(op, '/api/campaigns')).campaigns, before);
    for (const s of [a, b]) await eventually(() => link(s) === 'up', 30000);
  },

  async a_stopped_link_is_red_and_stays_so_over_a_restart() {
    await b.stop();
    const kept = fresh('kept');
    fs.cpSync(b.state, kept, { recursive: true, filter: (name) => !name.endsWith('.sock') });
    await b.serve();
    await eventually(() => link(b) === 'up', 30000);
    b.ok('log', 'settle', fresh('more'));
    await b.stop();
    fs.rmSync(b.state, { recursive: true });
    fs.cpSync(kept, b.state, { recursive: true });
    await b.serve();
    await eventually(async () => (await row(op, 'site-b')).red, 30000);
    const s = await row(op, 'site-b');
    assert.equal(s.state, 'stopped');
    assert.match(s.stopped, /rollback|fork|equivocation/);
    assert.match(s.evidence, /^evidence\/site-b-\d+$/);
    assert.ok(fs.existsSync(path.join(relay.state, s.evidence)));
    assert.equal((await row(op, 'site-a')).red, false);
    assert.match(relay.ok('status'), /RED: stopped for good/);
    await b.stop();
    await relay.stop();
    assert.match(relay.ok('status'), /RED: stopped for good/);
    await relay.serve();
    assert.equal((await row(op, 'site-b')).evidence, s.evidence);
    assert.equal((await row(op, 'site-b')).red, true);
  },
});
