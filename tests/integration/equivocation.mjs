#!/usr/bin/env node
// equivocation.mjs - a coordinator that shows two hospitals two texts of one guideline: each pair of logs is in order, and only who
// holds the two hospitals' logs against each other sees it. With the real programs.
import { Relay, Site, assert, audit, command, eventually, founded, fresh, fs, leadPassphrase, passphrase, path, node, run } from './consortium_lib.mjs';

const papers = fresh('papers');
fs.mkdirSync(papers);
const file = (name) => path.join(papers, name);
const ok = (r, code = 0) => { assert.equal(r.code, code, r.err + r.out); return r; };
const relay = new Relay();
relay.init();
const a = await Site.made('site-a', { serve: false });
const b = await Site.made('site-b', { serve: false });
const up = (site) => eventually(() => JSON.parse(site.ok('status', '--json')).link === 'up', 30000);
const logs = {};
let papersOf; // roster, policy, fingerprint
let evidence;

/** Version 1 of the template's guideline for notes under this title, signed by the lead of site-a. */
function guideline(name, title) {
  const doc = JSON.parse(fs.readFileSync(new URL('../../node/templates/guideline-text.json', import.meta.url), 'utf8'));
  doc.title = { en: title };
  fs.writeFileSync(file(`${name}.json`), JSON.stringify(doc));
  ok(a.bare('guideline', 'sign', file(`${name}.json`), '--lead-passphrase-file', leadPassphrase));
  return file(`${name}.note`);
}

/** One face of the coordinator: it takes this note, meets this site, and both logs are settled and in order. */
async function meet(face, site, note) {
  face.ok('campaign', 'install', note);
  face.config('[link]\nlisten = tcp://127.0.0.1:0\n');
  await face.serve();
  site.config(`[page]\nlisten = 127.0.0.1:0\n[link]\ncoordinator = tcp://127.0.0.1:${face.port}\n`);
  await site.serve();
  await up(site);
  await eventually(() => site.ok('inbox', '--json').includes('"guideline"'), 20000);
  const own = fresh(site.id);
  const theirs = fresh('theirs');
  assert.match(site.ok('log', 'settle', own), /settled: receipted and cosigned/);
  face.ok('log', 'settle', site.id, theirs);
  await site.stop();
  await face.stop();
  return { own, theirs };
}

const diff = (...more) => command(audit, ['diff', logs.a.own, logs.b.own, '--roster', papersOf.roster, ...more]);
const judge = (f, roster = papersOf.roster) => command(audit, ['evidence', f, '--roster', roster]);

await run({
  async two_sites_meet_two_faces_of_one_coordinator() {
    papersOf = await founded(relay, [a, b]);
    for (const s of [a, b]) ok(command(node, ['roster', 'pin', papersOf.roster, '--fingerprint', papersOf.fingerprint, '--state', s.state, '--passphrase-file', passphrase]));
    const other = fresh('relay');
    fs.cpSync(relay.state, other, { recursive: true, filter: (name) => !name.endsWith('.sock') });
    logs.a = await meet(relay, a, guideline('one', 'Mark what is present'));
    logs.b = await meet(new Relay({ state: other }), b, guideline('other', 'Mark what is absent'));
  },

  async each_pair_of_logs_is_in_order() {
    for (const [id, x] of [['site-a', logs.a], ['site-b', logs.b]]) {
      const keys = file(`${id}.keys`);
      fs.writeFileSync(file(`${id}.policy`), ok(command(audit, ['policy', '--roster', papersOf.roster, '--site', id, '--keys', keys])).out);
      const trust = ['--policy', file(`${id}.policy`), '--keys', keys];
      for (const dir of [x.own, x.theirs]) ok(command(audit, ['verify', dir, ...trust]));
      ok(command(audit, ['cross', x.own, x.theirs, ...trust]));
    }
  },

  async the_two_sites_logs_tell_on_it() {
    const dir = fresh('evidence');
    fs.mkdirSync(dir);
    const r = ok(diff('--evidence', dir), 6);
    const found = r.out.trim().split('\n').map((l) => JSON.parse(l)).filter((f) => f.code === 'EQUIVOCATION');
    assert.equal(found.length, 1, r.out);
    assert.match(found[0].text, /guideline my_campaign\/text version 1 signed by site-a: site-a was shown sha256:[0-9a-f]{64} \(entry \d+ of its log\), site-b sha256:[0-9a-f]{64} \(entry \d+\)/);
    assert.match(r.err, /2 documents were shown to both alike/); // roster and policy
    const files = fs.readdirSync(dir);
    assert.equal(files.length, 1);
    evidence = path.join(dir, files[0]);
    const again = ok(diff('--json'), 6);
    assert.equal(again.out, r.out);
    assert.equal(JSON.parse(again.err.trim().split('\n').pop()).exit, 6);
  },

  async the_evidence_stands_alone() {
    const r = ok(judge(evidence), 6);
    assert.match(r.out, /the lead site-a has signed two texts for guideline my_campaign\/text version 1, and the coordinator has carried each to another site/);
    assert.match(r.out, /^to site-a sha256:.*\nto site-b sha256:/m);
  },

  async evidence_that_was_changed_anywhere_proves_nothing() {
    const bytes = fs.readFileSync(evidence);
    const bent = file('bent');
    for (let i = 0; i < bytes.length; i += 97) {
      bytes[i] ^= 1;
      fs.writeFileSync(bent, bytes);
      bytes[i] ^= 1;
      const { code } = judge(bent);
      assert.ok(code === 1 || code === 3, `byte ${i}: exit ${code}`);
    }
  },

  async another_consortium_does_not_believe_it() {
    const stranger = new Relay();
    stranger.init();
    const sites = [await Site.made('site-a', { serve: false }), await Site.made('site-b', { serve: false })];
    const theirs = await founded(stranger, sites);
    ok(judge(evidence, theirs.roster), 1);
    const r = ok(command(audit, ['diff', logs.a.own, logs.b.own, '--roster', theirs.roster]), 1);
    assert.match(r.out, /E_CP_SIG/);
  },

  async one_log_against_itself_and_rosters_of_no_chain_are_refused() {
    ok(command(audit, ['diff', logs.a.own, logs.a.own, '--roster', papersOf.roster]), 2);
    ok(command(audit, ['diff', logs.a.own, logs.b.own]), 2);
    ok(diff('--roster', papersOf.roster), 2);
    ok(command(audit, ['diff', logs.a.own, fresh('nowhere'), '--roster', papersOf.roster]), 3);
    ok(command(audit, ['diff', logs.a.theirs, logs.b.own, '--roster', papersOf.roster]), 1); // the coordinator's
  },
});
