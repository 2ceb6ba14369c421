#!/usr/bin/env node
// canary.mjs - strings that only a patient's record holds are driven through everything, then looked for in every file, log and
// process argument outside SQLCipher's ciphertext: raw, UTF-16, base64, hex, URL and gzip.
import zlib from 'node:zlib';
import { spawnSync } from 'node:child_process';
import { Site, assert, emptyDoc, fresh, fs, label, passphrase, path, records, run, span } from './lib.mjs';

const words = ['Hedwig Mustermann-Kanarienvogel', 'KV-Nummer X774411998', 'Zimmer 4711 Station Nord'];
const patient = 'PAT-90210-KANARI';
const forms = [];
for (const w of [...words, patient]) {
  const b = Buffer.from(w);
  forms.push(b, Buffer.from(w, 'utf16le'), Buffer.from(w, 'utf16le').swap16(), Buffer.from(b.toString('hex')), Buffer.from(b.toString('hex').toUpperCase()), Buffer.from(encodeURIComponent(w)));
  // base64 at each of the three alignments: the inner letters do not depend on what stands around
  for (let shift = 0; shift < 3; shift++) forms.push(Buffer.from(Buffer.concat([Buffer.alloc(shift), b]).toString('base64').slice(shift === 0 ? 0 : 4, -4)));
}

function* files(dir) {
  for (const e of fs.readdirSync(dir, { withFileTypes: true })) {
    const at = path.join(dir, e.name);
    if (e.isDirectory()) yield* files(at);
    else if (e.isFile()) yield at;
  }
}

/** Whatever inflates somewhere in the file, as gzip or raw zlib. */
function* inflated(bytes) {
  for (let i = 0; i + 2 < bytes.length; i++) {
    const gzip = bytes[i] === 0x1f && bytes[i + 1] === 0x8b;
    if (!gzip && !(bytes[i] === 0x78 && [0x01, 0x9c, 0xda].includes(bytes[i + 1]))) continue;
    // The raw stream behind the header: what follows its end does not disturb.
    try { yield zlib.inflateRawSync(bytes.subarray(i + (gzip ? 10 : 2)), { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 24 }); } catch { /* no stream begins here */ }
  }
}

function search(bytes, where, deep) {
  for (const f of forms) assert.ok(!bytes.includes(f), `${where} holds "${f.toString('latin1')}"`);
  if (deep) for (const inner of inflated(bytes)) search(inner, `${where} (compressed)`, false);
}

await run({
  async the_search_finds_what_it_looks_for() {
    for (const hide of [(b) => b, (b) => zlib.gzipSync(b), (b) => Buffer.from(b.toString('base64')), (b) => Buffer.from(b.toString('hex')), (b) => Buffer.from(b.toString(), 'utf16le')])
      assert.throws(() => search(Buffer.concat([Buffer.from('xx'), hide(Buffer.from(`..${words[0]}..`)), Buffer.from('yy')]), 'probe', true));
  },

  async a_patients_strings_are_nowhere_but_in_the_vault() {
    const tmp = fresh('tmp');
    fs.mkdirSync(tmp);
    process.env.TMPDIR = tmp;
    const site = await Site.made('site-a');
    const campaign = await site.campaign();
    const note = words.map((w) => `Patient: ${w}.`).join('\r\n');
    const dir = records({ [`${patient}/visit/note.txt`]: note, [`${patient}/second/note.txt`]: Buffer.from(`\ufeff${note} again`, 'utf16le') });
    assert.equal(site.import(dir).report.taken, 2);
    site.import(records({ [`${patient}/third/note.txt`]: Buffer.concat([Buffer.from(note), Buffer.from([0xff])]) }));
    const ann = await site.person('ann', 'annotator');
    const ben = await site.person('ben', 'annotator');
    const done = await label(ann, campaign, 'present', [span('r1', 9, 20)]);
    await label(ben, campaign, 'present', [span('r1', 9, 25)]);
    const row = (await ann.must('POST', '/api/next', { campaign })).json;
    const opened = (await ann.must('GET', `/api/assignments/${row.id}`)).json;
    const text = (await ann.must('GET', `/api/streams/${opened.streams[0].stream.sha256.slice(7)}?assignment=${row.id}`)).raw.toString();
    assert.ok(text.includes(words[0]));
    await ann.must('PUT', `/api/assignments/${row.id}/draft`, emptyDoc(opened), { 'If-Match': '"0"' });
    await ann.must('POST', `/api/assignments/${row.id}/comments`, { text: `This is ${words[0]}` });
    await ann.ask('PUT', `/api/assignments/${row.id}/draft`, `{"${words[1]}": 1`, { 'If-Match': '"1"' });
    const rita = await site.person('rita', 'reviewer');
    await rita.must('GET', `/api/items/${done.opened.item.id}/work`);
    site.ok('quality', '--json');
    site.ok('reads', '--patient', patient);
    site.ok('log', 'access', path.join(tmp, 'copy'));
    // While it runs: arguments and environment of the node, its journals and temporary files.
    for (const what of ['cmdline', 'environ']) {
      const at = `/proc/${site.child.pid}/${what}`;
      try { search(fs.readFileSync(at), at, false); } catch (e) { if (e.code !== 'EACCES') throw e; }
    }
    const look = () => { for (const root of [site.state, tmp]) for (const f of files(root)) search(fs.readFileSync(f), f, f.endsWith('.tmp') || !f.includes('vault.db')); };
    look();
    search(Buffer.from(site.log), 'the log on stderr', false);
    await site.stop('SIGKILL');
    look();
    await site.serve();
    await site.stop();
    look();
    assert.equal(spawnSync('find', ['.', '-maxdepth', '1', '-name', 'core*', '-newer', passphrase]).stdout.toString(), '');
  },
});
