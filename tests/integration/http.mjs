#!/usr/bin/env node
// http.mjs - what the page's door refuses: strangers, guesses, giants, other origins; and that the served description fits.
import net from 'node:net';
import { Client, PASSWORD, Site, assert, fs, path, records, run, source } from './lib.mjs';

const site = await Site.made('site-a', { conf: 'idle_minutes = 1\n' });
const campaign = await site.campaign();
const ann = await site.person('ann', 'annotator');
const adam = await site.person('adam', 'admin');

/** Raw bytes to the page, all of the answer back. */
const raw = (text) => new Promise((resolve, reject) => {
  const s = net.connect(site.port, '127.0.0.1', () => s.write(text));
  let out = '';
  s.on('data', (d) => { out += d.toString('latin1'); });
  s.on('close', () => resolve(out));
  s.on('error', reject);
  setTimeout(() => s.destroy(), 3000);
});

await run({
  async a_one_time_password_must_be_changed_before_anything_else() {
    const { password } = JSON.parse(site.ok('user', 'add', 'newt', '--role', 'annotator', '--json'));
    const c = new Client(site.port, site.id);
    const me = await c.login('newt', password);
    assert.equal(me.must_change, true);
    for (const p of ['/api/campaigns', '/api/assignments', '/api/progress']) {
      const r = await c.ask('GET', p);
      assert.equal(r.status, 403);
      assert.equal(r.json.code, 'must_change');
    }
    assert.equal((await c.ask('GET', '/api/me')).status, 200);
    for (const [old, fresh] of [[password, 'short'], [password, 'newt'], [password, password]]) assert.equal((await c.ask('POST', '/api/password', { old, new: fresh })).status, 400);
    assert.equal((await c.ask('POST', '/api/password', { old: 'wrong wrong', new: PASSWORD })).status, 403);
    const before = c.cookie;
    await c.changePassword(password, PASSWORD);
    assert.notEqual(c.cookie, before);
    assert.equal((await c.ask('GET', '/api/campaigns')).status, 200);
  },

  async the_cookie_is_bound_to_site_and_transport() {
    const c = new Client(site.port, site.id);
    const r = await c.ask('POST', '/api/login', { user: 'ann', password: PASSWORD });
    const cookie = r.headers['set-cookie'][0];
    assert.match(cookie, /^__Host-sid-site-a=[0-9a-f]{64}; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
  },

  async a_wrong_token_host_or_origin_is_refused() {
    const next = (headers) => ann.ask('POST', '/api/next', { campaign }, headers);
    assert.equal((await next({ 'X-Cloister-CSRF': 'f'.repeat(64) })).json.code, 'csrf');
    assert.equal((await next({ 'X-Cloister-CSRF': null })).json.code, 'csrf');
    assert.equal((await next({ Origin: 'http://evil.example' })).json.code, 'origin');
    assert.equal((await next({ Origin: null })).json.code, 'origin');
    assert.equal((await next({ 'Sec-Fetch-Site': 'cross-site' })).json.code, 'origin');
    assert.equal((await next({ 'Sec-Fetch-Site': 'same-origin' })).status, 204);
    assert.equal((await ann.ask('GET', '/api/me', undefined, { Host: 'evil.example' })).json.code, 'host');
    assert.equal((await ann.ask('GET', '/', undefined, { Host: `site-b.localhost:${site.port}` })).json.code, 'host');
    assert.equal((await ann.ask('GET', '/api/me', undefined, { Host: `127.0.0.1:${site.port}` })).status, 200);
  },

  async without_a_login_nothing_is_said() {
    const c = new Client(site.port, site.id);
    for (const p of ['/api/me', '/api/campaigns', '/api/assignments', '/api/reads', '/api/users', '/api/status', `/api/streams/${'0'.repeat(64)}?item=i_x`]) assert.equal((await c.ask('GET', p)).status, 401, p);
    assert.equal((await c.ask('GET', '/api/me', undefined, { Cookie: `__Host-sid-site-a=${'0'.repeat(64)}` })).status, 401);
  },

  async roles_open_their_own_doors_only() {
    for (const [who, p] of [[ann, '/api/users'], [ann, '/api/inbox'], [ann, '/api/reads'], [ann, '/api/figures'], [ann, '/api/reviews'], [adam, '/api/assignments'], [adam, '/api/inbox'], [adam, '/api/reads']]) {
      const r = await who.ask('GET', p);
      assert.equal(r.status, 403, `${who.user} ${p}`);
      assert.equal(r.json.code, 'role');
    }
    assert.equal((await adam.ask('GET', '/api/users')).status, 200);
  },

  async every_answer_carries_the_policy_and_the_api_is_never_stored() {
    for (const p of ['/', '/api/me', '/api/nothing', '/nothing.js', '/healthz']) {
      const r = await ann.ask('GET', p);
      const h = r.headers;
      assert.match(h['content-security-policy'], /default-src 'none'.*trusted-types 'none'/, p);
      assert.equal(h['x-content-type-options'], 'nosniff');
      assert.equal(h['referrer-policy'], 'no-referrer');
      assert.equal(h['cross-origin-opener-policy'], 'same-origin');
      assert.equal(h['cross-origin-embedder-policy'], 'require-corp');
      assert.equal(h['cross-origin-resource-policy'], 'same-origin');
      if (p.startsWith('/api/')) assert.equal(h['cache-control'], 'no-store', p);
    }
  },

  async methods_paths_and_types_are_told_apart() {
    assert.equal((await ann.ask('DELETE', '/api/me')).status, 405);
    assert.equal((await ann.ask('POST', '/api/me', {})).status, 405);
    assert.equal((await ann.ask('GET', '/api/login')).status, 405);
    assert.equal((await ann.ask('GET', '/api/nothing')).status, 404);
    assert.equal((await ann.ask('POST', '/api/next', { campaign }, { 'Content-Type': 'text/plain' })).status, 400);
    assert.equal((await ann.ask('POST', '/api/next', '[1]')).status, 400);
    assert.equal((await ann.ask('POST', '/api/next', '{"campaign":1,"campaign":2}')).status, 400);
    const head = await ann.ask('HEAD', '/api/me');
    assert.equal(head.status, 200);
    assert.equal(head.raw.length, 0);
  },

  async giants_and_bombs_are_refused_early() {
    const big = await ann.ask('POST', '/api/next', `{"campaign":"${'x'.repeat(1024 * 1024)}"}`).catch(() => ({ status: 413 }));
    assert.equal(big.status, 413);
    const deep = await ann.ask('POST', '/api/next', '['.repeat(100000) + ']'.repeat(100000));
    assert.equal(deep.status, 400);
    site.import(records({ 'p1/s1/note.txt': 'One note for giants.' }));
    const row = (await ann.must('POST', '/api/next', { campaign })).json;
    const draft = (text) => ann.ask('PUT', `/api/assignments/${row.id}/draft`, text, { 'If-Match': '"0"' }).catch(() => ({ status: 413 }));
    await ann.must('GET', `/api/assignments/${row.id}`);
    assert.equal((await draft(`{"v":1,"answers":{"a":"${'x'.repeat(8 * 1024 * 1024)}"}}`)).status, 413);
    assert.equal((await draft('{"v":'.repeat(60) + '1' + '}'.repeat(60))).status, 400);
    assert.equal((await draft(`{"regions":[${'{},'.repeat(500000)}{}]}`)).status, 400);
    assert.equal((await ann.ask('GET', '/healthz')).status, 200);
  },

  async smuggled_framing_is_refused_before_the_body() {
    const head = `Host: site-a.localhost:${site.port}\r\nOrigin: http://site-a.localhost:${site.port}\r\nContent-Type: application/json\r\n`;
    assert.match(await raw(`POST /api/login HTTP/1.1\r\n${head}Content-Length: 2\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`), /^HTTP\/1\.1 400/);
    assert.match(await raw(`POST /api/login HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\n{}\r\n0\r\n\r\n`), /^HTTP\/1\.1 400/);
    assert.match(await raw(`POST /api/login HTTP/1.1\r\n${head}Content-Length: 2\r\nTransfer-Encoding: identity\r\nConnection: close\r\n\r\n{}`), /^HTTP\/1\.1 400/);
    assert.match(await raw(`GET /api/me HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.1 400/);
  },

  async guessing_is_slowed_down_and_tells_nothing() {
    const { password } = JSON.parse(site.ok('user', 'add', 'target', '--role', 'annotator', '--json'));
    const guess = (user, pw) => new Client(site.port, site.id).ask('POST', '/api/login', { user, password: pw });
    const unknown = await guess('nobody', 'xxxxxxxxxxx');
    const known = await guess('target', 'xxxxxxxxxxx');
    assert.equal(unknown.status, 401);
    assert.deepEqual(known.json, unknown.json);
    let slowed = null;
    for (let n = 0; n < 8 && slowed === null; n++) {
      const r = await guess('target', `wrong password ${n}`);
      if (r.status === 429) slowed = r;
    }
    assert.ok(slowed, 'eight wrong guesses in a row were all judged');
    assert.ok(Number(slowed.headers['retry-after']) >= 1);
    assert.equal((await guess('target', password)).status, 429);
    assert.equal((await ann.ask('GET', '/api/me')).status, 200);
  },

  async a_login_storm_leaves_the_page_answering() {
    const begun = Date.now();
    const storm = Array.from({ length: 24 }, (_, n) => new Client(site.port, site.id).ask('POST', '/api/login', { user: `ghost${n}`, password: 'a wrong password' }));
    const during = await ann.ask('GET', '/api/me');
    const waited = Date.now() - begun;
    assert.equal(during.status, 200);
    assert.ok(waited < 2000, `/api/me waited ${waited} ms behind the storm`);
    const answers = await Promise.all(storm);
    assert.ok(answers.every((r) => r.status === 401 || r.status === 429));
  },

  async the_served_description_is_that_of_the_routes() {
    const served = (await ann.must('GET', '/api/openapi.json')).json;
    const said = Object.entries(served.paths).flatMap(([p, ops]) => Object.keys(ops).map((m) => `${m.toUpperCase()} ${p}`)).sort();
    const table = [...fs.readFileSync(path.join(source, 'node/page/routes.c'), 'utf8').matchAll(/\{"([A-Z]+)", "([^"]+)", (ROLE_\w+|\w+)[^}]*?route_/g)].map((m) => `${m[1]} ${m[2]}`).sort();
    assert.ok(table.length > 30);
    assert.deepEqual(said, table);
    for (const [p, ops] of Object.entries(served.paths)) for (const [m, op] of Object.entries(ops)) {
      if (m !== 'get' || p.includes('{') || op['x-roles'].length === 0) continue;
      assert.equal((await new Client(site.port, site.id).ask('GET', p)).status, 401, `${p} answers without a login`);
    }
  },

  async an_expired_session_is_401_and_its_drafts_are_safe() {
    site.import(records({ 'p2/s1/note.txt': 'A note that outlives its login.' }));
    const row = (await ann.must('POST', '/api/next', { campaign })).json;
    const opened = (await ann.must('GET', `/api/assignments/${row.id}`)).json;
    const doc = { v: 1, item: opened.item.id, schema: opened.schema, guidelines: Object.values(opened.guidelines).sort(), streams: { note: opened.streams[0].stream.sha256 }, regions: [], relations: [], answers: { finding: 'present' } };
    await ann.must('PUT', `/api/assignments/${row.id}/draft`, doc, { 'If-Match': '"0"' });
    await new Promise((r) => setTimeout(r, 62000));
    const late = await ann.ask('PUT', `/api/assignments/${row.id}/draft`, doc, { 'If-Match': '"1"' });
    assert.equal(late.status, 401);
    const back = await site.again('ann');
    assert.deepEqual((await back.must('GET', `/api/assignments/${row.id}`)).json.draft.doc, doc);
  },
});
