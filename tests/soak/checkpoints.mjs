// checkpoints.mjs - every checkpoint that was ever seen, by (origin, size): one of them must never have two roots.
import { assert, fs, path } from '../integration/lib.mjs';

export class Checkpoints {
  constructor() {
    this.roots = new Map(); // "origin size" -> {root, where}
  }

  note(text, where) {
    const [origin, size, root] = text.split('\n');
    // What is being renamed into place may be gone or short, but no line of it may be of another kind.
    if (root === undefined || !/^[A-Za-z0-9+/]{43}=$/.test(root)) return;
    const key = `${origin} ${size}`;
    const before = this.roots.get(key);
    assert.ok(before === undefined || before.root === root, `two roots of ${key}: ${before?.root} in ${before?.where}, ${root} in ${where}`);
    if (before === undefined) this.roots.set(key, { root, where });
  }

  /** checkpoint, cp/ and peer/ of one log's folder; of a live one too. */
  sample(log) {
    const at = [path.join(log, 'checkpoint')];
    for (const dir of ['cp', 'peer']) {
      const under = path.join(log, dir);
      if (fs.existsSync(under)) at.push(...fs.readdirSync(under).map((f) => path.join(under, f)));
    }
    for (const file of at) {
      let text = '';
      try { text = fs.readFileSync(file, 'utf8'); } catch (e) { if (e.code !== 'ENOENT' && e.code !== 'EISDIR') throw e; }
      this.note(text, file);
    }
  }
}
