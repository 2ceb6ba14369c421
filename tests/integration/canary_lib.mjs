// canary_lib.mjs - strings that only a patient's record holds, and the search for them in whatever form: raw, UTF-16, base64, hex,
// URL and gzip.
import zlib from 'node:zlib';
import { assert, fs, path } from './lib.mjs';

export const words = ['Hedwig Mustermann-Kanarienvogel', 'KV-Nummer X774411998', 'Zimmer 4711 Station Nord'];
export const patient = 'PAT-90210-KANARI';

/** Every form that this text may have inside other bytes. */
function formsOf(w) {
  const b = Buffer.from(w);
  const forms = [b, Buffer.from(w, 'utf16le'), Buffer.from(w, 'utf16le').swap16(), Buffer.from(b.toString('hex')), Buffer.from(b.toString('hex').toUpperCase()), Buffer.from(encodeURIComponent(w))];
  // base64 at each of the three alignments: the inner letters do not depend on what stands around
  for (let shift = 0; shift < 3; shift++) forms.push(Buffer.from(Buffer.concat([Buffer.alloc(shift), b]).toString('base64').slice(shift === 0 ? 0 : 4, -4)));
  return forms;
}
const patients = [...words, patient].flatMap(formsOf);

export function* files(dir) {
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

/** Fails where the bytes hold one of the strings; `also`: beside those of the patient. */
export function search(bytes, where, deep, also = []) {
  for (const f of [...patients, ...also.flatMap(formsOf)]) assert.ok(!bytes.includes(f), `${where} holds "${f.toString('latin1')}"`);
  if (deep) for (const inner of inflated(bytes)) search(inner, `${where} (compressed)`, false, also);
}
