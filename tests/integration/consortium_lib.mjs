// consortium_lib.mjs - what the tests of a whole consortium share: a relay, and its founding.
import { spawn } from 'node:child_process';
import { Client, PASSWORD, assert, build, command, fresh, fs, govPassphrase, node, passphrase, path } from './lib.mjs';

export * from './lib.mjs';
export const coordinator = path.join(build, 'coordinator/cloister-coordinator');
const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });

/** The coordinator in a folder of its own. */
export class Relay {
  constructor(options = {}) {
    this.state = options.state ?? fresh('relay');
    this.child = null;
    this.port = 0;
    this.log = '';
  }

  init() {
    this.ok('init', '--federation', 'fed.example/ward7', '--id', 'relay', '--name', 'The relay', '--kdf', 'interactive');
    this.config('[link]\nlisten = tcp://127.0.0.1:0\n');
  }

  /** The operator's page takes a free port where the text does not name one. */
  config(text) { fs.writeFileSync(path.join(this.state, 'coordinator.conf'), text.includes('[page]') ? text : `${text}[page]\nlisten = 127.0.0.1:0\n`); }

  /** An operator with a password of their own, signed in. */
  async operator(user = 'otto', ...more) {
    const { password } = JSON.parse(this.ok('user', 'add', user, ...more, '--json'));
    const c = new Client(this.page, 'relay');
    await c.login(user, password);
    await c.changePassword(password, PASSWORD);
    return c;
  }

  cmd(...args) { return command(coordinator, [...args, '--state', this.state, '--passphrase-file', passphrase], { timeout: 60000 }); }

  ok(...args) {
    const r = this.cmd(...args);
    assert.equal(r.code, 0, `${args.join(' ')}: ${r.err}`);
    return r.out;
  }

  /** {head, sites: {id: row}}, through the socket where it runs. */
  status() {
    const [head, ...rows] = this.ok('status', '--json').trim().split('\n').map((l) => JSON.parse(l));
    return { head, sites: Object.fromEntries(rows.map((r) => [r.site, r])) };
  }

  serve() {
    return new Promise((resolve, reject) => {
      const child = spawn(coordinator, ['serve', '--state', this.state, '--passphrase-file', passphrase], { stdio: ['ignore', 'pipe', 'pipe'] });
      this.child = child;
      running.add(child);
      let out = '';
      child.stderr.on('data', (d) => { this.log += d; });
      child.stdout.on('data', (d) => {
        out += d;
        const m = /cloister-coordinator: ready: listening on tcp:\/\/127\.0\.0\.1:(\d+)/.exec(out);
        const page = /page 127\.0\.0\.1:(\d+), origin (\S+)/.exec(out);
        if (m && page) { this.port = Number(m[1]); this.page = Number(page[1]); this.origin = page[2]; resolve(this); }
      });
      this.ended = new Promise((end) => child.on('exit', (code, signal) => { running.delete(child); this.child = null; end({ code, signal }); }));
      this.ended.then(({ code }) => reject(new Error(`serve ended with ${code}: ${this.log}`)));
    });
  }

  async stop(signal = 'SIGTERM') {
    if (!this.child) return { code: 0, signal: null };
    this.child.kill(signal);
    return this.ended;
  }

  async logged(pattern, ms = 10000) {
    for (const end = Date.now() + ms; Date.now() < end; await new Promise((r) => setTimeout(r, 50))) if (pattern.test(this.log)) return;
    throw new Error(`no ${pattern} in the log:\n${this.log}`);
  }
}

const must = (r) => { assert.equal(r.code, 0, r.err); return r; };
const request = (x) => path.join(x.state, 'request.note');

/** A document drafted, signed by two sites, merged. Returns the file. */
export function signedBy(signers, what, draft) {
  const base = fresh(what);
  must(command(node, [what, 'draft', ...draft, '--out', base]));
  for (const s of signers) must(command(node, [what, 'sign', base, '--state', s.state, '--gov-passphrase-file', govPassphrase, '--out', `${base}.${s.id}`]));
  must(command(node, [what, 'merge', ...signers.map((s) => `${base}.${s.id}`), '--out', `${base}.note`]));
  return `${base}.note`;
}

/** Roster and policy, k = 2, in force at the relay. Returns {roster, policy, fingerprint}. */
export async function founded(relay, sites) {
  const roster = signedBy(sites.slice(0, 2), 'roster', ['--k', '2', ...sites.map(request), request(relay)]);
  const words = /fingerprint (\S+)/.exec(relay.ok('roster', 'install', roster))[1];
  const policy = signedBy(sites.slice(0, 2), 'policy', ['--roster', roster]);
  relay.ok('policy', 'install', policy);
  return { roster, policy, fingerprint: words };
}
