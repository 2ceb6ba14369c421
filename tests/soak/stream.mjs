// stream.mjs - what travels through the consortium all the time: new campaigns and guidelines of the lead, policies by the
// operator's hand, and what the stewards decide. An errand is asked again until it is done, whoever died meanwhile.
import { spawn } from 'node:child_process';
import { PASSWORD, assert, command, coordinator, fresh, fs, govPassphrase, leadPassphrase, node, passphrase, path } from '../integration/consortium_lib.mjs';

const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
const ok = (r) => { assert.equal(r.code, 0, r.err + r.out); return r; };
const template = new URL('../../node/templates/guideline-text.json', import.meta.url);

function once(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (d) => { out += d; });
  child.stderr.on('data', (d) => { err += d; });
  return new Promise((r) => child.on('exit', (code) => r({ code, out, err })));
}

/** Until it says 0. Only what a death explains may be asked again: a refusal is a fault. */
async function until(program, args) {
  for (const end = Date.now() + 60000; ;) {
    const r = await once(program, args);
    if (r.code === 0) return r;
    assert.ok(![64, 65, 77].includes(r.code) && Date.now() < end, `${args.join(' ')}: exit ${r.code}: ${r.err}`);
    await sleep(100);
  }
}

export class Stream {
  /** sites: the first is the lead. paper: what `founded` gave. */
  constructor(relay, sites, paper, random) {
    Object.assign(this, { relay, sites, random, roster: paper.roster, policies: [paper.policy], titles: [], serial: 0, lawgiving: Promise.resolve() });
    this.password = fresh('steward.pass');
    fs.writeFileSync(this.password, `${PASSWORD}\n`, { mode: 0o600 });
  }

  get lead() { return this.sites[0]; }

  add(...notes) { return until(node, ['inbox', 'add', '--state', this.lead.state, ...notes, '--passphrase-file', passphrase]); }

  title(what) {
    const en = `${what} ${this.serial++}`;
    this.titles.push(en);
    return { en };
  }

  async campaign() {
    const dir = fresh('campaign');
    ok(this.lead.bare('campaign', 'new', dir));
    const at = path.join(dir, 'campaign.json');
    const doc = JSON.parse(fs.readFileSync(at, 'utf8'));
    doc.title = this.title('Campaign');
    fs.writeFileSync(at, JSON.stringify(doc));
    ok(this.lead.bare('campaign', 'sign', dir, '--lead-passphrase-file', leadPassphrase));
    await this.add(...fs.readdirSync(dir).filter((f) => f.endsWith('.note')).map((f) => path.join(dir, f)));
  }

  /** A first version that stands for itself. */
  async guideline() {
    const dir = fresh('guideline');
    fs.mkdirSync(dir);
    const doc = JSON.parse(fs.readFileSync(template, 'utf8'));
    doc.title = this.title('Guideline');
    const file = path.join(dir, 'guideline.json');
    fs.writeFileSync(file, JSON.stringify(doc));
    ok(this.lead.bare('guideline', 'sign', file, '--lead-passphrase-file', leadPassphrase));
    await this.add(file.replace('.json', '.note'));
  }

  /** One after the other: each stands on the one before. */
  policy() { return this.lawgiving = this.lawgiving.then(() => this.nextPolicy()); }

  /** Signed on paper and installed, or proposed and signed line by line. */
  async nextPolicy() {
    const draft = fresh('policy');
    const whole = this.random(2) === 0;
    ok(command(node, ['policy', 'draft', '--roster', this.roster, '--on', this.policies.at(-1), '--patients-min', String(20 + this.serial++), '--out', draft]));
    for (const s of this.sites) ok(command(node, ['policy', 'sign', draft, '--state', s.state, '--gov-passphrase-file', govPassphrase, '--out', `${draft}.${s.id}`]));
    ok(command(node, ['policy', 'merge', ...this.sites.map((s) => `${draft}.${s.id}`), '--out', `${draft}.note`]));
    const give = (what, file) => until(coordinator, ['policy', what, file, '--state', this.relay.state, '--passphrase-file', passphrase]);
    if (whole) await give('install', `${draft}.note`);
    else for (const more of ['', ...this.sites.map((s) => `.${s.id}`)]) await give('propose', `${draft}${more}`);
    this.policies.push(`${draft}.note`);
  }

  inbox(site) { return site.ok('inbox', '--json').trim().split('\n').filter(Boolean).map((l) => JSON.parse(l)); }

  /** What lies in a steward's inbox is decided, one way or the other. */
  async decide(site) {
    for (const e of this.inbox(site)) {
      if (e.state !== 'waiting' || e.kind === 'policy' || e.kind === 'roster') continue;
      const word = this.random(3) === 0 ? ['refuse', e.id, '--reason', 'scope'] : ['approve', e.id];
      const r = await once(node, ['inbox', ...word, '--state', site.state, '--user', 'stella', '--password-file', this.password, '--passphrase-file', passphrase]);
      if (r.code !== 0) return; // a death: what waits still is decided the next time
    }
  }

  errand() {
    const [a, b] = this.sites;
    const one = [() => this.campaign(), () => this.guideline(), () => this.policy(), () => this.decide(a), () => this.decide(b)];
    return one[this.random(one.length)]();
  }
}
