// lib.mjs - what the integration tests share: real binaries in a scratch folder, people who sign in, records, a campaign.
// Each test file is a list of named cases; the first that fails ends the run with its name.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from './client.mjs';

export { assert, fs, path, Client };
export const source = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const build = process.env.CLOISTER_BUILD ?? path.join(source, 'build/dev');
export const node = path.join(build, 'node/cloister-node');
export const audit = path.join(build, 'auditor/cloister-audit');
export const PASSWORD = 'a password of my own';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'cloister-it-'));
const running = new Set();
export const place = (...parts) => path.join(scratch, ...parts);
let serial = 0;
export const fresh = (name) => place(`${name}-${serial++}`);

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }); // who is killed still writes for a moment
});

/** Runs the cases in order; a name as argument runs that one. */
export async function run(cases) {
  const wanted = process.argv.slice(2);
  for (const [name, body] of Object.entries(cases)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const begun = Date.now();
    try {
      await body();
    } catch (error) {
      console.error(`FAILED ${name}\n${error.stack}`);
      process.exit(1);
    }
    console.log(`ok ${name} (${Date.now() - begun} ms)`);
  }
  process.exit(0);
}

/** A command to its end: {code, out, err}. */
export function command(program, args, options = {}) {
  const r = spawnSync(program, args, { encoding: 'utf8', timeout: 240000, maxBuffer: 256 * 1024 * 1024, ...options });
  return { code: r.status ?? -1, signal: r.signal, out: r.stdout ?? '', err: r.stderr ?? '' };
}

function file(name, text) {
  const at = place(name);
  fs.writeFileSync(at, text, { mode: 0o600 });
  return at;
}
export const passphrase = file('node.pass', 'a node passphrase\n');
export const leadPassphrase = file('lead.pass', 'a lead passphrase\n');
export const govPassphrase = file('gov.pass', 'a governor passphrase\n');

/** One hospital's node in a folder of its own. */
export class Site {
  constructor(name = 'site-a', options = {}) {
    this.id = name;
    this.state = options.state ?? fresh(name);
    this.child = null;
    this.port = 0;
  }

  init(...more) {
    return command(node, ['init', '--state', this.state, '--federation', 'fed.example/ward7', '--site', this.id, '--name', 'St. Anna', '--lead', '--kdf', 'interactive',
      '--passphrase-file', passphrase, '--lead-passphrase-file', leadPassphrase, '--gov-passphrase-file', govPassphrase, ...more]);
  }

  config(text) { fs.writeFileSync(path.join(this.state, 'node.conf'), text); }

  /** A command of this node; through the socket where it runs. */
  cmd(...args) { return command(node, [args[0], '--state', this.state, ...args.slice(1), '--passphrase-file', passphrase]); }

  /** The same, without the passphrase option, for commands that do not take it. */
  bare(...args) { return command(node, [...args, '--state', this.state]); }

  ok(...args) {
    const r = this.cmd(...args);
    assert.equal(r.code, 0, `${args.join(' ')}: ${r.err}`);
    return r.out;
  }

  static async made(name, options = {}) {
    const site = new Site(name, options);
    const r = site.init();
    assert.equal(r.code, 0, r.err);
    site.config(`[page]\nlisten = 127.0.0.1:0\n${options.page ?? ''}${options.conf ?? ''}`);
    if (options.serve !== false) await site.serve();
    return site;
  }

  /** `ahead`: by so many seconds its clock, and its alone, is ahead of the machine's (tests/support/clock_ahead.c). */
  serve({ ahead = 0 } = {}) {
    return new Promise((resolve, reject) => {
      const shim = { LD_PRELOAD: path.join(build, 'tests/support/libclock_ahead.so'), CLOCK_AHEAD_S: String(ahead), ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0` };
      const env = ahead === 0 ? process.env : { ...process.env, ...shim };
      const child = spawn(node, ['serve', '--state', this.state, '--passphrase-file', passphrase], { stdio: ['ignore', 'pipe', 'pipe'], env });
      this.child = child;
      this.log = '';
      running.add(child);
      let out = '';
      child.stderr.on('data', (d) => { this.log += d; });
      child.stdout.on('data', (d) => {
        out += d;
        const m = /ready: listening on 127\.0\.0\.1:(\d+)/.exec(out);
        if (m) { this.port = Number(m[1]); resolve(this); }
      });
      this.ended = new Promise((end) => child.on('exit', (code, signal) => { running.delete(child); this.child = null; end({ code, signal }); }));
      this.ended.then(({ code }) => reject(new Error(`serve ended with ${code}: ${this.log}`)));
    });
  }

  async stop(signal = 'SIGTERM') {
    if (!this.child) return { code: 0 };
    this.child.kill(signal);
    return this.ended;
  }

  /** A person with a password of their own, signed in. */
  async person(user, ...roles) {
    const { password } = JSON.parse(this.ok('user', 'add', user, ...roles.flatMap((r) => ['--role', r]), '--json'));
    const c = new Client(this.port, this.id);
    await c.login(user, password);
    await c.changePassword(password, PASSWORD);
    c.user = user;
    return c;
  }

  async again(user) {
    const c = new Client(this.port, this.id);
    await c.login(user, PASSWORD);
    return c;
  }

  /** The template's campaign, signed and approved by a steward. Returns its hash. */
  async campaign(change = () => {}) {
    const dir = fresh('campaign');
    assert.equal(this.bare('campaign', 'new', dir).code, 0);
    const at = path.join(dir, 'campaign.json');
    const doc = JSON.parse(fs.readFileSync(at, 'utf8'));
    change(doc);
    fs.writeFileSync(at, JSON.stringify(doc, null, 1));
    const signed = this.bare('campaign', 'sign', dir, '--lead-passphrase-file', leadPassphrase);
    assert.equal(signed.code, 0, signed.err);
    this.ok('inbox', 'add', ...fs.readdirSync(dir).filter((f) => f.endsWith('.note')).map((f) => path.join(dir, f)));
    const steward = this.steward ?? (this.steward = await this.person('stella', 'steward'));
    const { inbox } = (await steward.must('GET', '/api/inbox')).json;
    for (const entry of inbox.filter((e) => e.state === 'waiting')) await steward.must('POST', `/api/inbox/${entry.id}`, { decision: 'approve', password: PASSWORD });
    return inbox.find((e) => e.kind === 'campaign').hash;
  }

  import(dir, ...more) {
    const r = this.cmd('import', ...more, dir, '--json');
    return { ...r, report: r.out ? JSON.parse(r.out) : null };
  }
}

/** A smallest valid PNG of w x h grey pixels (stored deflate blocks), for what needs a picture. */
export function png(w, h, grey = 128) {
  const crcTable = Array.from({ length: 256 }, (_, n) => { let c = n; for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; return c >>> 0; });
  const crc = (b) => { let c = 0xffffffff; for (const x of b) c = crcTable[(c ^ x) & 255] ^ (c >>> 8); return (c ^ 0xffffffff) >>> 0; };
  const chunk = (type, data) => {
    const out = Buffer.alloc(12 + data.length);
    out.writeUInt32BE(data.length, 0); out.write(type, 4, 'latin1'); data.copy(out, 8);
    out.writeUInt32BE(crc(out.subarray(4, 8 + data.length)), 8 + data.length);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(w, 0); head.writeUInt32BE(h, 4); head[8] = 8;
  const raw = Buffer.alloc((w + 1) * h, grey);
  for (let y = 0; y < h; y++) raw[y * (w + 1)] = 0;
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflate(raw)), chunk('IEND', Buffer.alloc(0))]);
}
import zlib from 'node:zlib';
const deflate = (raw) => zlib.deflateSync(raw);

/** DIR/<patient>/<session>/<stream>.<ext> from {"p/s/note.txt": bytes}. */
export function records(files) {
  const dir = fresh('records');
  for (const [name, bytes] of Object.entries(files)) {
    const at = path.join(dir, name);
    fs.mkdirSync(path.dirname(at), { recursive: true });
    fs.writeFileSync(at, bytes);
  }
  return dir;
}

/** The empty annotation of an opened assignment. */
export function emptyDoc(opened) {
  return { v: 1, item: opened.item.id, schema: opened.schema, guidelines: Object.values(opened.guidelines).sort(),
    streams: Object.fromEntries(opened.streams.map((s) => [s.id, s.stream.sha256])), regions: [], relations: [], answers: {} };
}

/** Draws, opens, drafts and submits one item; answers {opened, revision}. */
export async function label(person, campaign, answer = 'present', regions = []) {
  const row = (await person.must('POST', '/api/next', { campaign })).json;
  if (row === null) return null;
  const opened = (await person.must('GET', `/api/assignments/${row.id}`)).json;
  const doc = emptyDoc(opened);
  doc.answers.finding = answer;
  doc.regions = regions.filter((r) => doc.streams[r.stream]).sort((a, b) => (a.id < b.id ? -1 : 1));
  await person.must('PUT', `/api/assignments/${row.id}/draft`, doc, { 'If-Match': '"0"' });
  const revision = (await person.must('POST', `/api/assignments/${row.id}/submit`, { active_ms: 1000 }, { 'If-Match': '"1"' })).json;
  return { id: row.id, opened, revision };
}

export const span = (id, a, b, label = 'problem') => ({ id, task: 'phrases', stream: 'note', label, sel: { t: 'span', parts: [[a, b]] }, origin: { by: 'human' } });
export const box = (id, x, y, w, h) => ({ id, task: 'boxes', stream: 'film', label: 'nodule', sel: { t: 'rect', frame: 0, x, y, w, h }, origin: { by: 'human' } });

export async function eventually(what, within = 10000) {
  const until = Date.now() + within;
  for (;;) {
    const value = await what();
    if (value) return value;
    if (Date.now() > until) throw new Error('it did not come to pass in time');
    await new Promise((r) => setTimeout(r, 50));
  }
}
