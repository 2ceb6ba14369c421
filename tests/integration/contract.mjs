#!/usr/bin/env node
// Holds stage 2 of `cloister-node validate` against an independent reading of tests/vectors/contract/*.json (JSON Schema 2020-12, as
// far as the contract uses it): the contract's valid documents are changed at random places, always the same ones, and wherever the
// schemas find a fault, the program must name the same first place.
//   tests/integration/contract.mjs [--changes N] [--seed S]
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const contract = join(root, 'tests/vectors/contract');
const program = join(process.env.CLOISTER_BUILD ?? join(root, 'build/dev'), 'node/cloister-node');
const option = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const changes = option('--changes', 150);

/* --- the schemas --- */
const loaded = new Map();
const schemaFile = (name) => {
  if (!loaded.has(name)) loaded.set(name, JSON.parse(readFileSync(join(contract, name), 'utf8')));
  return loaded.get(name);
};
const lookUp = (ref, base) => {
  const [file, pointer] = ref.split('#');
  const name = file === '' ? base : file;
  let at = schemaFile(name);
  for (const step of (pointer ?? '').split('/').slice(1)) at = at[step];
  return [at, name];
};
const typeOf = (v) => (v === null ? 'null' : Array.isArray(v) ? 'array' : Number.isInteger(v) ? 'integer' : typeof v);
const isObject = (v) => typeOf(v) === 'object';
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const length = (s) => [...s].length;

/* Every fault as a path; `say` is called with it. */
function judge(s, base, v, path, say) {
  if (s.$ref) judge(...lookUp(s.$ref, base), v, path, say);
  const types = s.type === undefined ? null : [s.type].flat();
  if (types && !types.includes(typeOf(v))) return say(path);
  if ('const' in s && !same(s.const, v)) say(path);
  if (s.enum && !s.enum.some((x) => same(x, v))) say(path);
  if (typeof v === 'string') {
    if (s.pattern && !new RegExp(s.pattern, 'u').test(v)) say(path);
    if (length(v) < (s.minLength ?? 0) || length(v) > (s.maxLength ?? Infinity)) say(path);
  }
  if (typeof v === 'number' && (v < (s.minimum ?? -Infinity) || v > (s.maximum ?? Infinity))) say(path);
  if (Array.isArray(v)) judgeArray(s, base, v, path, say);
  if (isObject(v)) judgeObject(s, base, v, path, say);
  for (const part of s.allOf ?? []) judge(part, base, v, path, say);
  if (s.anyOf && !s.anyOf.some((part) => holds(part, base, v))) say(path);
  if (s.not && holds(s.not, base, v)) say(path);
  if (s.if && s.then && holds(s.if, base, v)) judge(s.then, base, v, path, say);
}
function judgeArray(s, base, v, path, say) {
  if (v.length < (s.minItems ?? 0) || v.length > (s.maxItems ?? Infinity)) say(path);
  if (s.uniqueItems) v.forEach((x, i) => v.slice(0, i).some((y) => same(x, y)) && say([...path, i]));
  v.forEach((x, i) => {
    const part = s.prefixItems?.[i] ?? s.items;
    if (part) judge(part, base, x, [...path, i], say);
  });
}
function judgeObject(s, base, v, path, say) {
  const keys = Object.keys(v);
  for (const key of s.required ?? []) if (!(key in v)) say(path);
  if (keys.length < (s.minProperties ?? 0) || keys.length > (s.maxProperties ?? Infinity)) say(path);
  for (const key of keys) {
    if (s.propertyNames) judge(s.propertyNames, base, key, [...path, key], say);
    if (s.properties && key in s.properties) judge(s.properties[key], base, v[key], [...path, key], say);
    else if (s.additionalProperties === false) say([...path, key]);
    else if (s.additionalProperties) judge(s.additionalProperties, base, v[key], [...path, key], say);
  }
}
function holds(s, base, v) {
  let ok = true;
  judge(s, base, v, [], () => { ok = false; });
  return ok;
}

/* Canonical order: an object before its members, members by UTF-16 code units (as JavaScript compares), entries by index. */
function comesFirst(a, b) {
  for (let i = 0; i < Math.min(a.length, b.length); i++)
    if (a[i] !== b[i]) return a[i] < b[i];
  return a.length < b.length;
}
function firstFault(file, v) {
  let first = null;
  judge(schemaFile(file), file, v, [], (path) => { if (first === null || comesFirst(path, first)) first = path; });
  return first;
}
const pointer = (path) => path.map((s) => '/' + String(s).replace(/~/g, '~0').replace(/\//g, '~1')).join('');

/* --- the changes --- */
let state = BigInt(option('--seed', 1));
const below = (n) => {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
  return Number((state >> 33n) % BigInt(n));
};
const pool = [null, true, false, 0, 1, -1, 3, 17, 1.5, 65536, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), '', 'x', 'A', 'item', 'label', 'count', 'and',
  'a_b', 'a-b', 'none', 'text', 'image', '2026-02-28', '2026-13-01', '0.5', '1e3', '00', '18446744073709551616', 'a\nb', 'ä', '𝄞'.repeat(3),
  'x'.repeat(65), 'x'.repeat(201), '𝄞'.repeat(200), 'sha256:' + '0'.repeat(64), 'sha256:' + 'A'.repeat(64), [], [0], ['x', 'x'], {}, { en: 'x' }, { absent: 'none' }, { t: 'span' }];
const names = ['extra', 'a', 'zz', 'A', 'de_AT', 'en', 'x~y/z', 'ä', '𝄞', 'ﬀ', 'at', 'frame', 'rot', 'ch', 'kind', 'type', 'model', 'key', '01', '2', 'min', 'when', ''];
const clone = (v) => JSON.parse(JSON.stringify(v));
const pick = (list) => list[below(list.length)];
/* All places of a document that can be changed: [holder, key]. */
function places(v, list = []) {
  for (const key of Array.isArray(v) ? v.keys() : Object.keys(v)) {
    list.push([v, key]);
    if (v[key] !== null && typeof v[key] === 'object') places(v[key], list);
  }
  return list;
}
function change(doc) {
  const all = places(doc);
  const [holder, key] = pick(all);
  const v = holder[key];
  switch (below(8)) {
    case 0: if (Array.isArray(holder)) holder.splice(key, 1); else delete holder[key]; return;
    case 1: if (isObject(v)) v[pick(names)] = clone(pick(pool)); else holder[key] = clone(pick(pool)); return;
    case 2: if (Array.isArray(v)) v.push(clone(v.length > 0 && below(2) ? pick(v) : pick(pool))); else holder[key] = clone(pick(pool)); return;
    case 3: if (typeof v === 'string') holder[key] = pick([v + 'x', v.slice(1), v.toUpperCase(), v + '\u0001', v.repeat(2)]); else holder[key] = clone(pick(pool)); return;
    case 4: if (typeof v === 'number') holder[key] = pick([v + 1, v - 1, -v, v * 1000000, v + 0.5]); else holder[key] = clone(pick(pool)); return;
    case 5: if (Array.isArray(holder) && holder.length > 1) holder[key] = clone(pick(holder)); else holder[key] = clone(pick(pool)); return;
    case 6: { const [other, k] = pick(all); holder[key] = clone(other[k] ?? null); return; }
    default: holder[key] = clone(pick(pool));
  }
}

/* --- the comparison --- */
const schemaOf = { schema: 'label-schema.json' };
const rows = readFileSync(join(contract, 'valid/INDEX.tsv'), 'utf8').trim().split('\n').slice(1).map((l) => l.split('\t'));
rows.push(['streams.json', 'streams']);
const scratch = mkdtempSync(join(tmpdir(), 'cloister-contract-'));
let judged = 0;
let wrong = 0;

/* A changed document, or the lines of an export: {text, fault}. */
function mutant(file, kind) {
  const text = readFileSync(join(contract, 'valid', file), 'utf8');
  if (kind !== 'export') {
    const doc = JSON.parse(text);
    for (let n = 1 + below(2); n > 0; n--) change(doc);
    return { text: JSON.stringify(doc), fault: firstFault(schemaOf[kind] ?? `${kind}.json`, doc) };
  }
  const lines = text.trim().split('\n').map((l) => JSON.parse(l));
  const at = below(lines.length - 1); // without its end the file is cut
  change(lines[at]);
  const faults = lines.map((l) => firstFault('export-line.json', l)).map((f, i) => f && [i, ...f]).filter(Boolean);
  return { text: lines.map((l) => JSON.stringify(l) + '\n').join(''), fault: faults[0] ?? null };
}

function compare(kind, files, faults) {
  const r = spawnSync(program, ['validate', '--kind', kind, '--json', ...files], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const verdicts = r.stdout.trim().split('\n').map((l) => JSON.parse(l));
  if (verdicts.length !== files.length) throw new Error(`${kind}: ${verdicts.length} verdicts of ${files.length}: ${r.stderr}`);
  verdicts.forEach((v, i) => {
    if (faults[i] === null) return; // what meaning says is not this test's business
    judged++;
    if (!v.ok && v.pointer === pointer(faults[i])) return;
    wrong++;
    console.log(`${kind}: the schemas say ${JSON.stringify(pointer(faults[i]))}, the program ${JSON.stringify(v)}`);
    console.log(`   ${readFileSync(files[i], 'utf8').slice(0, 300)}`);
  });
}

try {
  execFileSync(program, ['--version']);
  for (const [file, kind] of rows) {
    const files = [];
    const faults = [];
    for (let i = 0; i < changes; i++) {
      const m = mutant(file, kind);
      files.push(join(scratch, `${file}.${i}`));
      faults.push(m.fault);
      writeFileSync(files[i], m.text);
    }
    compare(kind, files, faults);
    for (const f of files) rmSync(f);
  }
} finally {
  rmSync(scratch, { recursive: true });
}
console.log(`${judged} faults of structure held against the contract's schemas, ${wrong} named otherwise`);
process.exit(wrong === 0 && judged > 1000 ? 0 : 1);
