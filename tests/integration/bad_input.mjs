#!/usr/bin/env node
// bad_input.mjs - what goes wrong at a node's door: each refusal has its exit code, names the place and says what to do.
import { spawnSync } from 'node:child_process';
import net from 'node:net';
import { Site, assert, command, fresh, fs, label, node, passphrase, path, png, records, run, source } from './lib.mjs';

const made = await Site.made('site-a', { serve: false });
const copyOf = (site) => {
  const other = new Site(site.id);
  fs.cpSync(site.state, other.state, { recursive: true });
  return other;
};
const serveOnce = (site, pass = passphrase) => command(node, ['serve', '--state', site.state, '--passphrase-file', pass], { timeout: 60000 });
const refused = (r, code, ...words) => {
  assert.equal(r.code, code, `exit ${r.code} ${r.signal ?? ''}: ${r.err}${r.out}`);
  for (const w of words) assert.ok(r.err.includes(w), `"${w}" is not in: ${r.err}`);
};

/** Full disks and read-only folders need a mount namespace of our own; root is not stopped by modes. */
const canMount = spawnSync('unshare', ['-m', 'true']).status === 0;
const inMounts = (script) => command('unshare', ['-m', 'bash', '-euc', script], { timeout: 120000 });

await run({
  async a_wrong_passphrase() {
    const wrong = path.join(path.dirname(passphrase), 'wrong.pass');
    fs.writeFileSync(wrong, 'not the passphrase\n');
    refused(serveOnce(made, wrong), 77, 'passphrase does not open', 'recovery');
  },

  async no_passphrase_and_no_terminal_ask_nothing() {
    const r = command('setsid', [node, 'serve', '--state', made.state]);
    refused(r, 65, '--passphrase-file');
  },

  async a_folder_without_a_node() {
    const empty = new Site('none');
    fs.mkdirSync(empty.state);
    refused(serveOnce(empty), 66, 'init');
    refused(serveOnce(new Site('nowhere')), 66, 'no such folder');
  },

  async a_second_init() {
    refused(made.init(), 73, 'node already');
  },

  async bad_words_for_init() {
    const init = (...a) => command(node, ['init', '--state', fresh('x'), ...a, '--passphrase-file', passphrase]);
    refused(init('--site', 'a', '--name', 'A'), 64, '--federation');
    refused(init('--federation', 'F X', '--site', 'a', '--name', 'A'), 64, '--federation');
    refused(init('--federation', 'f', '--site', 'Access', '--name', 'A'), 64, '--site');
    refused(init('--federation', 'f', '--site', 'access', '--name', 'A'), 64, '--site');
    refused(init('--federation', 'f', '--site', 'a', '--name', 'A\nB'), 64, '--name');
    refused(init('--federation', 'f', '--site', 'a', '--name', 'A', '--kdf', 'weak'), 64, '--kdf');
  },

  async a_foreign_vault() {
    const other = await Site.made('site-b', { serve: false });
    const mix = copyOf(made);
    fs.copyFileSync(path.join(other.state, 'vault.db'), path.join(mix.state, 'vault.db'));
    refused(serveOnce(mix), 78, 'vault.db', 'another key');
  },

  async a_plain_sqlite_vault() {
    const plain = copyOf(made);
    const file = Buffer.alloc(8192);
    file.write('SQLite format 3\0', 0, 'latin1');
    fs.writeFileSync(path.join(plain.state, 'vault.db'), file);
    refused(serveOnce(plain), 78, 'plain SQLite');
  },

  async a_vault_of_a_newer_version() {
    const newer = copyOf(made);
    const tool = path.join(process.env.CLOISTER_BUILD ?? path.join(source, 'build/dev'), 'tests/support/vault_version');
    const r = command(tool, [newer.state, passphrase, '99']);
    assert.equal(r.code, 0, r.err);
    refused(serveOnce(newer), 78, 'version 99', 'newer program');
  },

  async a_missing_vault() {
    const gone = copyOf(made);
    fs.rmSync(path.join(gone.state, 'vault.db'));
    refused(serveOnce(gone), 66, 'vault.db');
  },

  async a_damaged_keyring() {
    const damaged = copyOf(made);
    const at = path.join(damaged.state, 'keyring');
    const text = fs.readFileSync(at, 'utf8');
    fs.writeFileSync(at, text.slice(0, text.length / 2));
    refused(serveOnce(damaged), 78, 'keyring is damaged', 'backup');
    fs.writeFileSync(at, text.replace('"database":{"box":"', '"database":{"box":"AAAA'));
    refused(serveOnce(damaged), 78, 'keyring is damaged', 'database');
  },

  async an_older_vault_under_a_newer_log() {
    const back = await Site.made('site-r');
    const campaign = await back.campaign();
    const ann = await back.person('ann', 'annotator');
    back.import(records({ 'p/s/note.txt': 'One.', 'q/s/note.txt': 'Two.' }));
    await label(ann, campaign);
    await back.stop();
    const old = fresh('old.db');
    fs.copyFileSync(path.join(back.state, 'vault.db'), old);
    await back.serve();
    await label(await back.again('ann'), campaign);
    await back.stop();
    assert.equal(command(node, ['check', '--state', back.state, '--passphrase-file', passphrase]).code, 0);
    fs.copyFileSync(old, path.join(back.state, 'vault.db'));
    refused(serveOnce(back), 78, 'ROLLBACK', 'older copy');
  },

  async a_second_process_on_one_folder() {
    const one = copyOf(made);
    await one.serve();
    refused(serveOnce(one), 75, 'another cloister-node');
    await one.stop();
  },

  async a_port_that_is_taken() {
    const taken = copyOf(made);
    const other = net.createServer().listen(0, '127.0.0.1');
    await new Promise((r) => other.once('listening', r));
    taken.config(`[page]\nlisten = 127.0.0.1:${other.address().port}\n`);
    refused(serveOnce(taken), 75, 'port is taken');
    taken.config('[page]\nlisten = 0.0.0.0:1\n');
    refused(serveOnce(taken), 65, 'loopback');
    other.close();
  },

  async an_unknown_key_or_a_bad_value_in_the_configuration() {
    const odd = copyOf(made);
    for (const [text, ...words] of [['[page]\nlistn = 127.0.0.1:0\n', 'node.conf:2', 'unknown key listn'], ['[import]\ntext_limit = many\n', 'node.conf:2', 'text_limit is a number'],
      ['[page]\nidle_minutes = 0\n', 'idle_minutes is a number from 1'], ['[page]\njust words\n', 'node.conf:2']]) {
      odd.config(text);
      refused(serveOnce(odd), 78, ...words);
      refused(command(node, ['check', '--state', odd.state, '--passphrase-file', passphrase]), 78, words[0]);
    }
  },

  async the_example_configuration_is_the_default() {
    const site = copyOf(made);
    fs.rmSync(path.join(site.state, 'node.conf'));
    const plain = site.ok('check');
    site.config(fs.readFileSync(path.join(source, 'node/node.conf.example'), 'utf8'));
    assert.equal(site.ok('check'), plain);
    const lines = (t) => t.split('\n').filter((l) => /^(\[|[a-z_]+ =)/.test(l)).join('\n');
    assert.equal(lines(fs.readFileSync(path.join(source, 'node/node.conf.example'), 'utf8')), lines(plain));
  },

  async a_full_disk_and_a_read_only_folder() {
    if (!canMount) {
      console.log('   no mount namespace here: the write shim of tests/unit/host/logstore stands in for it');
      return;
    }
    const pass = `--passphrase-file ${passphrase} --gov-passphrase-file ${passphrase}`;
    const full = inMounts(`d=$(mktemp -d); mount -t tmpfs -o size=256k tmpfs $d; ${node} init --state $d/n --federation f.example --site a --name A --kdf interactive ${pass}; e=$?; ls $d/n 2>/dev/null | wc -l; exit $e`);
    refused(full, 73, 'full');
    const ro = inMounts(`d=$(mktemp -d); mkdir $d/n; mount --bind $d/n $d/n; mount -o remount,ro,bind $d/n; ${node} init --state $d/n --federation f.example --site a --name A --kdf interactive ${pass}`);
    refused(ro, 73, 'read-only');
  },

  async a_disk_that_fills_up_under_a_running_node_loses_nothing() {
    if (!canMount) return;
    const big = records({ 'p/s/film.png': png(2000, 2000), 'q/s/note.txt': require64k() });
    const r = inMounts(`d=$(mktemp -d); mount -t tmpfs -o size=3m tmpfs $d
      ${node} init --state $d/n --federation f.example --site a --name A --kdf interactive --passphrase-file ${passphrase} --gov-passphrase-file ${passphrase} >/dev/null
      head -c 1500k /dev/zero > $d/fill
      ${node} import --state $d/n --passphrase-file ${passphrase} ${big} || echo "import exit $?"
      rm $d/fill
      ${node} import --state $d/n --passphrase-file ${passphrase} ${big}
      ${node} check --deep --state $d/n --passphrase-file ${passphrase} >/dev/null`);
    assert.equal(r.code, 0, r.err);
    assert.match(r.out, /import exit 74/);
    assert.match(r.err, /Make room/);
  },

  async a_malformed_campaign_names_its_place() {
    const dir = fresh('campaign');
    made.bare('campaign', 'new', dir);
    const at = path.join(dir, 'campaign.json');
    const text = fs.readFileSync(at, 'utf8');
    const check = () => made.bare('campaign', 'check', dir);
    for (const [from, to, pointer] of [['"shape": "span"', '"shape": "interval"', '/schema/tasks/0/shape'], ['"color": 0,', '"color": 0, "colour": 0,', '/schema/labels/0/colour'], ['"shape": "rect"', '"shape": "polygon"', '/schema/tasks/1/shape'],
      ['"kind": "image", "required"', '"kind": "audio", "required"', '/schema/'], ['"until": "2027-12-31"', '"until": "2027-02-30"', '/scope/until']]) {
      fs.writeFileSync(at, text.replace(from, to));
      refused(check(), 65, 'campaign.json', pointer);
    }
    fs.writeFileSync(at, text.slice(1));
    refused(check(), 65, 'campaign.json');
  },

  async a_note_that_nobody_signed() {
    const dir = fresh('campaign');
    made.bare('campaign', 'new', dir);
    const lead = path.join(path.dirname(passphrase), 'lead.pass');
    assert.equal(made.bare('campaign', 'sign', dir, '--lead-passphrase-file', lead).code, 0);
    refused(made.bare('campaign', 'sign', dir, '--lead-passphrase-file', passphrase), 77, 'lead.key');
    const note = path.join(dir, 'campaign.note');
    fs.writeFileSync(note, fs.readFileSync(note, 'utf8').replace('"version":1}', '"version":2}'));
    refused(made.cmd('inbox', 'add', note), 77, 'no valid signature');
    fs.writeFileSync(note, 'just text\n');
    refused(made.cmd('inbox', 'add', note), 65, "neither a signed document");
  },

  async words_that_are_no_command() {
    refused(command(node, ['dance']), 64, 'no such command');
    refused(command(node, ['serve', '--dance']), 64, '--dance');
    assert.equal(command(node, ['--help']).code, 0);
    assert.equal(command(node, ['--version']).code, 0);
    for (const c of ['init', 'serve', 'status', 'check', 'user', 'passwd', 'campaign', 'inbox', 'import', 'export', 'quality', 'reads', 'log', 'left', 'validate']) assert.equal(command(node, [c, '--help']).code, 0, c);
  },

  async the_passphrase_is_changed_and_the_recovery_words_open() {
    const site = new Site('site-p');
    const out = site.init().out;
    const words = out.match(/(?:[a-z]{5}-){3}[a-z]{5}/g).slice(0, 4).join('-');
    const dir = path.dirname(passphrase);
    fs.writeFileSync(path.join(dir, 'words'), `${words}\n`);
    fs.writeFileSync(path.join(dir, 'new.pass'), 'a newer passphrase\n');
    const r = command(node, ['passwd', '--recovery', '--recovery-file', path.join(dir, 'words'), '--new-passphrase-file', path.join(dir, 'new.pass'), '--kdf', 'interactive', '--state', site.state]);
    assert.equal(r.code, 0, r.err);
    refused(command(node, ['check', '--state', site.state, '--passphrase-file', passphrase]), 77, 'does not open');
    assert.equal(command(node, ['check', '--state', site.state, '--passphrase-file', path.join(dir, 'new.pass')]).code, 0);
  },
});

function require64k() { return 'A long note. '.repeat(60000); }
