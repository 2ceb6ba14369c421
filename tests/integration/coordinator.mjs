#!/usr/bin/env node
// coordinator.mjs - the relay as a daemon: what it needs before it listens, who is let in, what it says of its sites, how it ends.
import net from 'node:net';
import { Relay, Site, assert, build, command, founded, fresh, fs, govPassphrase, leadPassphrase, node, passphrase, path, run } from './consortium_lib.mjs';

const sites = [];
for (const id of ['site-a', 'site-b', 'site-c']) sites.push(await Site.made(id, { serve: false }));
const relay = new Relay();
let paper = null;
const lines = (r) => { assert.equal(r.code, 0, r.err); return r.out.trim().split('\n').map((l) => JSON.parse(l)); };

await run({
  async nothing_is_served_before_a_roster_is_in_force() {
    relay.init();
    const r = relay.cmd('serve');
    assert.equal(r.code, 78);
    assert.match(r.err, /no roster is in force/);
    paper = await founded(relay, sites);
  },

  async a_configuration_is_taken_whole_or_not_at_all() {
    for (const [text, why] of [['[link]\nlitsen = tcp://127.0.0.1:0\n', /litsen/], ['[link]\nlisten = 127.0.0.1:7600\n', /tcp:\/\/ADDRESS:PORT/], ['[link]\nlisten = tcp://127.0.0.1:99999\n', /tcp:\/\/ADDRESS:PORT/]]) {
      relay.config(text);
      const r = relay.cmd('serve');
      assert.equal(r.code, 78, r.err);
      assert.match(r.err, why);
    }
    relay.config('[link]\nlisten = tcp://127.0.0.1:0\n');
  },

  async offline_it_knows_its_sites_by_the_roster() {
    const [head, ...rows] = lines(relay.cmd('status', '--json'));
    assert.equal(head.coordinator, 'relay');
    assert.equal(head.running, false);
    assert.equal(head.roster, 1);
    assert.deepEqual(rows.map((r) => r.site), ['site-a', 'site-b', 'site-c']);
    for (const r of rows) assert.equal(r.state, 'down');
  },

  async it_serves_and_says_so() {
    await relay.serve();
    assert.ok(relay.port > 0);
    const [head, ...rows] = lines(relay.cmd('status', '--json'));
    assert.equal(head.running, true);
    assert.equal(head.listening, `tcp://127.0.0.1:${relay.port}`);
    for (const r of rows) {
      assert.equal(r.state, 'down');
      assert.equal(r.last_ms, 0);
      assert.equal(r.status, null);
      assert.equal(r.documents, 2); // roster and policy wait for it
      assert.equal(r.sent, 0);
      assert.equal(r.log.size, 1); // it notes that the daemon began
    }
    assert.match(relay.cmd('status').out, /relay of fed\.example\/ward7.*runs, listening on/);
  },

  async a_second_process_on_the_same_folder_is_refused() {
    const r = relay.cmd('serve');
    assert.equal(r.code, 75, r.err);
    assert.match(r.err, /another cloister-coordinator works on this folder/);
  },

  async a_document_that_nobody_signed_is_refused_by_the_running_daemon_as_by_the_folder() {
    const none = fresh('none');
    assert.equal(relay.cmd('campaign', 'install', none).code, 66);
    fs.writeFileSync(none, 'x');
    for (const what of ['campaign', 'policy', 'roster']) {
      const r = relay.cmd(what, 'install', none);
      assert.equal(r.code, 65, r.err);
      assert.match(r.err, /not a signed note|neither a signed document nor/);
    }
    assert.match(relay.cmd('roster', 'install', paper.roster).out, /here already/);
  },

  async garbage_on_the_port_is_cut_off_and_harms_nothing() {
    const ends = [];
    for (const bytes of ['GET / HTTP/1.1\r\n\r\n', Buffer.alloc(5000, 0xff), Buffer.from('ff00000000000000017f', 'hex')]) {
      ends.push(new Promise((resolve) => {
        const s = net.connect(relay.port, '127.0.0.1', () => s.write(bytes));
        s.on('error', () => {});
        s.on('close', resolve);
        s.resume();
      }));
    }
    await Promise.all(ends);
    await relay.logged(/peer\.refused/);
    assert.equal(lines(relay.cmd('status', '--json'))[0].running, true);
  },

  async a_port_that_is_taken_is_said_in_plain_words() {
    const other = new Relay({ state: fresh('other') });
    other.init();
    await founded(other, sites);
    other.config(`[link]\nlisten = tcp://127.0.0.1:${relay.port}\n`);
    const r = other.cmd('serve');
    assert.equal(r.code, 75, r.err);
    assert.match(r.err, /the port is taken/);
  },

  async a_log_is_copied_for_an_auditor_even_while_the_site_is_away() {
    const copy = fresh('copy');
    assert.equal(relay.cmd('log', 'settle', 'site-x', fresh('none')).code, 66);
    const r = relay.cmd('log', 'settle', 'site-a', copy);
    assert.equal(r.code, 75);
    assert.match(r.err, /not settled/);
    assert.match(r.out, /^log fed\.example\/ward7\/relay\/site-a\+/);
    assert.ok(fs.existsSync(path.join(copy, 'checkpoint')));
  },

  async sigterm_ends_it_in_good_order_and_it_starts_again() {
    assert.deepEqual(await relay.stop(), { code: 0, signal: null });
    assert.equal(lines(relay.cmd('status', '--json'))[0].running, false);
    const copy = fresh('offline');
    assert.equal(relay.cmd('log', 'settle', 'site-b', copy).code, 0);
    await relay.serve();
    assert.deepEqual(await relay.stop('SIGINT'), { code: 0, signal: null });
  },

  async campaigns_of_a_lead_are_installed_and_of_nobody_else() {
    const folder = fresh('campaign');
    assert.equal(sites[0].bare('campaign', 'new', folder).code, 0);
    assert.equal(sites[0].bare('campaign', 'sign', folder, '--lead-passphrase-file', leadPassphrase).code, 0);
    const notes = fs.readdirSync(folder).filter((f) => f.endsWith('.note')).map((f) => path.join(folder, f));
    const r = relay.cmd('campaign', 'install', ...notes);
    assert.equal(r.code, 0, r.err);
    assert.match(relay.cmd('campaign', 'install', notes[0]).out, /here already/);
    const stranger = await Site.made('site-x', { serve: false });
    const far = fresh('far');
    assert.equal(stranger.bare('campaign', 'new', far).code, 0);
    assert.equal(stranger.bare('campaign', 'sign', far, '--lead-passphrase-file', leadPassphrase).code, 0);
    assert.equal(relay.cmd('campaign', 'install', path.join(far, 'campaign.note')).code, 77);
    await relay.serve();
    for (const row of lines(relay.cmd('status', '--json')).slice(1)) assert.equal(row.documents, 2 + notes.length);
  },

  async governors_signatures_that_come_one_at_a_time_take_force_with_the_k_th() {
    await relay.stop();
    const base = fresh('next');
    const made = (...args) => assert.equal(command(node, args).code, 0);
    const sign = (site, what, to) => made(what, 'sign', base, '--state', site.state, '--gov-passphrase-file', govPassphrase, '--out', to);
    const take = (...files) => {
      const r = command(path.join(build, 'tests/integration/take_signed'), [relay.state, passphrase, 'roster', ...files]);
      assert.equal(r.code, 0, `${r.signal} ${r.err}`);
      return r.out.trim().split('\n');
    };
    made('roster', 'draft', '--on', paper.roster, '--revoke', 'site-c', '--out', base);
    const stranger = await Site.made('site-y', { serve: false });
    for (const s of [sites[0], sites[1], stranger]) sign(s, 'roster', `${base}.${s.id}`);
    const text = fs.readFileSync(`${base}.site-b`, 'utf8');
    const at = text.trimEnd().length - 10;
    fs.writeFileSync(`${base}.flipped`, text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1));
    const said = take(`${base}.site-y`, `${base}.site-a`, `${base}.site-a`, `${base}.flipped`, paper.roster);
    assert.match(said[0], /^refused: no governor/);
    assert.deepEqual(said.slice(1, 3), ['kept', 'kept']); // one governor twice is one
    assert.match(said[3], /^refused: /);
    assert.equal(relay.status().head.roster, 1);
    assert.deepEqual(take(`${base}.site-b`, `${base}.site-a`), ['in force', 'kept']);
    assert.equal(relay.status().head.roster, 2);
    await relay.serve();
    const { sites: now } = relay.status();
    assert.equal(now['site-c'].state, 'revoked');
    assert.equal(now['site-a'].documents, now['site-c'].documents + 1); // who is revoked is told nothing more
    assert.equal(relay.cmd('log', 'settle', 'site-c', fresh('gone')).code, 66);
  },

  async the_end_of_its_airlock_is_its_own_end() {
    const airlock = fs.readdirSync('/proc').filter((p) => /^\d+$/.test(p)).find((p) => {
      try { return Number(/^PPid:\t(\d+)/m.exec(fs.readFileSync(`/proc/${p}/status`, 'utf8'))[1]) === relay.child.pid; } catch { return false; }
    });
    process.kill(Number(airlock), 'SIGKILL');
    assert.equal((await relay.ended).code, 69);
  },

  async an_older_store_or_log_put_back_is_noticed() {
    fs.rmSync(path.join(relay.state, 'log', 'site-a', 'state'), { recursive: true, force: true });
    const r = relay.cmd('serve');
    assert.notEqual(r.code, 0);
    assert.match(r.err, /\S/);
  },
});
