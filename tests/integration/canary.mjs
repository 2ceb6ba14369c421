#!/usr/bin/env node
// canary.mjs - strings that only a patient's record holds are driven through everything, then looked for in every file, log and
// process argument outside SQLCipher's ciphertext: raw, UTF-16, base64, hex, URL and gzip.
import zlib from 'node:zlib';
import { spawnSync } from 'node:child_process';
import { files, patient, search, words } from './canary_lib.mjs';
import { Site, assert, emptyDoc, fresh, fs, label, passphrase, path, records, run, span } from './lib.mjs';

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
