#!/usr/bin/env node
// consortium.mjs - the founding of a consortium with the real programs, and every document that must not take force.
import { Site, assert, build, command, fresh, fs, govPassphrase, leadPassphrase, node, passphrase, path, run } from './lib.mjs';

const coordinator = path.join(build, 'coordinator/cloister-coordinator');
const relay = fresh('relay');
const dir = fresh('papers');
fs.mkdirSync(dir);
const file = (name) => path.join(dir, name);
const coord = (...args) => command(coordinator, [...args, '--state', relay, '--passphrase-file', passphrase]);
const sites = [];
for (const id of ['site-a', 'site-b', 'site-c']) sites.push(await Site.made(id, { serve: false }));
const [a, b, c] = sites;
const request = (site) => path.join(site.state, 'request.note');
const sign = (site, what, from, to) => command(node, [what, 'sign', from, '--state', site.state, '--gov-passphrase-file', govPassphrase, '--out', to]);
const ok = (r) => { assert.equal(r.code, 0, r.err); return r; };
const fingerprint = (r) => /fingerprint: (\S+)/.exec(r.err + r.out)[1];
const pin = (site, from, words) => command(node, ['roster', 'pin', from, '--fingerprint', words, '--state', site.state, '--passphrase-file', passphrase]);

let words = '';
await run({
  async a_coordinator_is_made_and_asks_to_be_enrolled() {
    const r = ok(coord('init', '--federation', 'fed.example/ward7', '--id', 'relay', '--name', 'The relay', '--kdf', 'interactive'));
    assert.match(r.out, /Recovery words/);
    ok(command(node, ['validate', '--kind', 'request', json(path.join(relay, 'request.note'))]));
    assert.equal(coord('init', '--federation', 'fed.example/ward7', '--id', 'relay', '--name', 'again', '--kdf', 'interactive').code, 73);
    assert.equal(coord('init', '--federation', 'fed example', '--id', 'relay', '--name', 'x').code, 64);
  },

  async before_a_roster_it_binds_nothing_and_takes_no_policy() {
    fs.writeFileSync(file('nothing'), 'x');
    assert.equal(coord('roster', 'install', file('nothing')).code, 65);
    assert.equal(coord('roster', 'install', file('absent')).code, 66);
    assert.equal(coord('serve').code, 78);
  },

  async anyone_drafts_a_roster_out_of_requests() {
    const r = ok(command(node, ['roster', 'draft', '--k', '2', ...sites.map(request), path.join(relay, 'request.note'), '--out', file('roster')]));
    words = fingerprint(r);
    assert.match(words, /^([a-z]{5}-){7}[a-z]{5}$/);
    const shown = ok(command(node, ['roster', 'show', file('roster')]));
    assert.ok(shown.out.includes(words));
    for (const s of sites) assert.ok(shown.out.includes(s.id));
  },

  async a_request_that_was_changed_is_refused() {
    const text = fs.readFileSync(request(a), 'utf8');
    fs.writeFileSync(file('changed'), text.replace('St. Anna', 'St. Emma'));
    const r = command(node, ['roster', 'draft', '--k', '1', file('changed'), path.join(relay, 'request.note')]);
    assert.equal(r.code, 65);
    assert.match(r.err, /changed/);
  },

  async one_signature_is_not_enough() {
    ok(sign(a, 'roster', file('roster'), file('roster.a')));
    const r = coord('roster', 'install', file('roster.a'));
    assert.equal(r.code, 77);
    assert.match(r.err, /1 of the 2/);
    assert.equal(pin(a, file('roster.a'), words).code, 77);
  },

  async one_governors_signature_twice_is_one() {
    ok(command(node, ['roster', 'merge', file('roster.a'), file('roster.a'), '--out', file('twice')]));
    assert.equal(coord('roster', 'install', file('twice')).code, 77);
  },

  async two_signatures_put_it_in_force() {
    ok(sign(b, 'roster', file('roster'), file('roster.b')));
    const merged = ok(command(node, ['roster', 'merge', file('roster.a'), file('roster.b'), '--out', file('roster.note')]));
    assert.match(merged.err, /2 of the 2/);
    assert.match(ok(coord('roster', 'install', file('roster.note'))).out, /version 1 is in force/);
    assert.match(ok(coord('roster', 'install', file('roster.note'))).out, /here already/);
  },

  async a_flipped_signature_makes_the_note_worth_nothing() {
    const text = fs.readFileSync(file('roster.note'), 'utf8');
    const at = text.trimEnd().length - 10;
    fs.writeFileSync(file('flipped'), text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1));
    assert.notEqual(pin(c, file('flipped'), words).code, 0);
  },

  async it_is_pinned_by_the_words_that_people_compared() {
    const other = words.replace(/^[a-z]{5}/, (w) => (w === 'babab' ? 'babad' : 'babab'));
    const wrong = pin(a, file('roster.note'), other);
    assert.equal(wrong.code, 77);
    assert.match(wrong.err, /another fingerprint/);
    assert.equal(pin(a, file('roster.note'), 'eight words').code, 65);
    for (const s of sites) ok(pin(s, file('roster.note'), words.replaceAll('-', ' ').toUpperCase()));
    ok(pin(a, file('roster.note'), words)); // again
  },

  async a_roster_that_leaves_a_site_out_is_not_pinned_there() {
    const d = await Site.made('site-d', { serve: false });
    const r = pin(d, file('roster.note'), words);
    assert.equal(r.code, 77);
    assert.match(r.err, /does not name site-d/);
  },

  async a_node_of_another_name_with_other_keys_does_not_pass_for_the_site() {
    const again = await Site.made('site-a', { serve: false });
    const r = pin(again, file('roster.note'), words);
    assert.equal(r.code, 77);
    assert.match(r.err, /keys that are not this node's/);
  },

  async the_next_version_stands_on_the_one_before_and_revokes() {
    const d = await Site.made('site-e', { serve: false });
    ok(command(node, ['roster', 'draft', '--on', file('roster.note'), '--revoke', 'site-c', request(d), '--out', file('roster2')]));
    const doc = JSON.parse(fs.readFileSync(file('roster2'), 'utf8').split('\n')[1]);
    assert.equal(doc.version, 2);
    assert.equal(doc.sites.find((s) => s.id === 'site-c').state, 'revoked');
    assert.equal(doc.sites.find((s) => s.id === 'site-e').site, 4);
    ok(sign(a, 'roster', file('roster2'), file('roster2.a')));
    // The new site's governor has no say in the roster that brings it in.
    ok(sign(d, 'roster', file('roster2'), file('roster2.d')));
    ok(command(node, ['roster', 'merge', file('roster2.a'), file('roster2.d'), '--out', file('roster2.ad')]));
    assert.equal(coord('roster', 'install', file('roster2.ad')).code, 77);
    ok(sign(c, 'roster', file('roster2'), file('roster2.c')));
    ok(command(node, ['roster', 'merge', file('roster2.a'), file('roster2.c'), '--out', file('roster2.note')]));
    ok(coord('roster', 'install', file('roster2.note')));
    ok(pin(a, file('roster2.note'), words)); // grows out of the pinned one: no words are needed any more
    assert.ok(!doc.governors.some((g) => g.includes('/site-c/gov+')), 'the key of a site that goes goes with it');
    assert.ok(doc.governors.some((g) => g.includes('/site-e/gov+')));
    const later = fingerprint(command(node, ['roster', 'show', file('roster2')]));
    const pinned = (...args) => command(node, ['roster', 'pin', ...args, '--state', d.state, '--passphrase-file', passphrase]);
    assert.equal(pinned(file('roster2.note'), '--fingerprint', later).code, 77);
    assert.equal(pinned(file('roster.note'), file('roster2.ad'), '--fingerprint', later).code, 77);
    assert.equal(pinned(file('roster.note'), file('roster2.note'), '--fingerprint', words).code, 77);
    assert.equal(pinned(file('roster2.note'), file('roster.note'), '--fingerprint', words).code, 77);
    assert.equal(pinned(file('roster.note'), file('roster.note'), '--fingerprint', words).code, 65);
    assert.equal(pinned(file('roster.note'), file('roster2.note'), '--fingerprint', later).code, 0);
  },

  async an_older_roster_and_a_fork_are_refused() {
    const older = coord('roster', 'install', file('roster.note'));
    assert.equal(older.code, 65);
    assert.match(older.err, /older/);
    ok(command(node, ['roster', 'draft', '--on', file('roster.note'), '--revoke', 'site-b', '--out', file('fork')]));
    ok(sign(a, 'roster', file('fork'), file('fork.a')));
    ok(sign(c, 'roster', file('fork'), file('fork.c')));
    ok(command(node, ['roster', 'merge', file('fork.a'), file('fork.c'), '--out', file('fork.note')]));
    const fork = coord('roster', 'install', file('fork.note'));
    assert.equal(fork.code, 65);
    assert.match(fork.err, /fork/);
    assert.equal(pin(a, file('fork.note'), words).code, 65);
  },

  async a_policy_is_signed_the_same_way() {
    ok(command(node, ['policy', 'draft', '--roster', file('roster2.note'), '--out', file('policy')]));
    ok(sign(a, 'policy', file('policy'), file('policy.a')));
    assert.equal(coord('policy', 'install', file('policy.a')).code, 77);
    ok(sign(b, 'policy', file('policy'), file('policy.b')));
    ok(command(node, ['policy', 'merge', file('policy.a'), file('policy.b'), '--out', file('policy.note')]));
    ok(coord('policy', 'install', file('policy.note')));
    assert.equal(sign(a, 'roster', file('policy'), file('mixed')).code, 65);
  },

  async documents_of_different_kinds_or_texts_do_not_merge() {
    assert.equal(command(node, ['roster', 'merge', file('roster.a'), file('roster2.a')]).code, 65);
    assert.equal(command(node, ['roster', 'merge', file('roster.a'), file('policy.a')]).code, 65);
    assert.equal(sign(a, 'roster', file('roster'), file('roster.a')).code, 73); // a file is never replaced
  },

  async with_a_roster_campaigns_of_its_leads_are_believed_and_no_others() {
    const folder = fresh('campaign');
    assert.equal(b.bare('campaign', 'new', folder).code, 0);
    assert.equal(b.bare('campaign', 'sign', folder, '--lead-passphrase-file', leadPassphrase).code, 0);
    const notes = fs.readdirSync(folder).filter((f) => f.endsWith('.note')).map((f) => path.join(folder, f));
    a.ok('inbox', 'add', ...notes);
    // site-c was revoked in version 2, which site-a has taken and site-b has not.
    const late = fresh('late');
    assert.equal(c.bare('campaign', 'new', late).code, 0);
    assert.equal(c.bare('campaign', 'sign', late, '--lead-passphrase-file', leadPassphrase).code, 0);
    const r = a.cmd('inbox', 'add', path.join(late, 'campaign.note'));
    assert.equal(r.code, 77);
    assert.match(r.err, /site-c is no lead/);
    b.ok('inbox', 'add', path.join(late, 'campaign.note'));
  },

  async the_pinning_stands_in_the_access_log() {
    const copy = fresh('access');
    const policy = fresh('policy');
    fs.writeFileSync(policy, a.ok('log', 'access', copy));
    const all = [0, 1, 2, 3].map((i) => command(path.join(build, 'auditor/cloister-audit'), ['show', copy, String(i)]).out).join('');
    assert.match(all, /fingerprint compared by people/);
    assert.match(all, /signed by its governors/);
  },
});

/** The JSON of a note as a file of its own. */
function json(note) {
  const out = `${fresh('json')}.json`;
  fs.writeFileSync(out, fs.readFileSync(note, 'utf8').split('\n')[1]);
  return out;
}
