/* Stage 2, the words it is said in: small checkers that compose. Each adds at most the faults of its own
   value; Faults keeps the first in canonical order. */

import { NotInteger } from "./text";
import type { Faults, Path } from "./fault";

export type Checker = (v: unknown, path: Path, f: Faults) => void;
export type Members = Readonly<Record<string, Checker>>;

export const MAX = Number.MAX_SAFE_INTEGER;

export function isObject(v: unknown): v is Record<string, unknown> {
  return typeof v === "object" && v !== null && !Array.isArray(v) && !(v instanceof NotInteger);
}

const length = (s: string): number => [...s].length;

export const int =
  (min = -MAX, max = MAX): Checker =>
  (v, p, f) => {
    if (typeof v !== "number" || !Number.isSafeInteger(v)) f.add(p, "an integer expected");
    else if (v < min || v > max) f.add(p, `not within ${min} and ${max}`);
  };

export const bool: Checker = (v, p, f) => {
  if (typeof v !== "boolean") f.add(p, "true or false expected");
};

export const yes: Checker = (v, p, f) => {
  if (v !== true) f.add(p, "true, or left out");
};

export const text =
  (min: number, max: number): Checker =>
  (v, p, f) => {
    if (typeof v !== "string") f.add(p, "a text expected");
    else if (length(v) < min || length(v) > max) f.add(p, `a text of ${min} to ${max} characters expected`);
  };

export const pattern =
  (re: RegExp, what: string): Checker =>
  (v, p, f) => {
    if (typeof v !== "string" || !re.test(v)) f.add(p, `${what} expected`);
  };

export const oneOf =
  (...values: readonly (string | number)[]): Checker =>
  (v, p, f) => {
    if (!values.includes(v as string)) f.add(p, `one of ${values.join(", ")} expected`);
  };

export const orNull =
  (c: Checker): Checker =>
  (v, p, f) => {
    if (v !== null) c(v, p, f);
  };

export const not =
  (words: readonly string[], c: Checker): Checker =>
  (v, p, f) => {
    if (words.includes(v as string)) f.add(p, `${String(v)} is a word of its own`);
    else c(v, p, f);
  };

interface ListRules {
  min?: number;
  max?: number;
  unique?: boolean;
  head?: readonly Checker[];
}

export const list =
  (item: Checker, { min = 0, max = Infinity, unique = false, head = [] }: ListRules = {}): Checker =>
  (v, p, f) => {
    if (!Array.isArray(v)) return f.add(p, "a list expected");
    if (v.length < min || v.length > max) return f.add(p, `${min} to ${max} entries expected`);
    const seen = new Set<string>();
    v.forEach((x: unknown, i) => {
      (head[i] ?? item)(x, [...p, i], f);
      if (!unique) return;
      const key = JSON.stringify(x);
      if (seen.has(key)) f.add([...p, i], "stands twice");
      seen.add(key);
    });
  };

export const record =
  (required: Members, optional: Members = {}): Checker =>
  (v, p, f) => {
    if (!isObject(v)) return f.add(p, "an object expected");
    for (const k of Object.keys(required)) if (!(k in v)) f.add(p, `${k} is missing`);
    for (const [k, x] of Object.entries(v)) {
      const c = Object.hasOwn(required, k) ? required[k] : Object.hasOwn(optional, k) ? optional[k] : undefined;
      if (c === undefined) f.add([...p, k], "unknown member");
      else c(x, [...p, k], f);
    }
  };

export const dict =
  (key: RegExp, value: Checker, min = 0, max = Infinity): Checker =>
  (v, p, f) => {
    if (!isObject(v)) return f.add(p, "an object expected");
    const n = Object.keys(v).length;
    if (n < min || n > max) f.add(p, `${min} to ${max} members expected`);
    for (const [k, x] of Object.entries(v))
      if (!key.test(k)) f.add([...p, k], "not such a member name");
      else value(x, [...p, k], f);
  };

/* An object whose member `by` says which rules hold for the rest; no word of ours, no further judgement. */
export const tagged =
  (by: string, kinds: Readonly<Record<string, Checker>>): Checker =>
  (v, p, f) => {
    if (!isObject(v)) return f.add(p, "an object expected");
    if (!(by in v)) return f.add(p, `${by} is missing`);
    const tag = v[by];
    const c = typeof tag === "string" && Object.hasOwn(kinds, tag) ? kinds[tag] : undefined;
    if (c === undefined) f.add([...p, by], `one of ${Object.keys(kinds).join(", ")} expected`);
    else c(v, p, f);
  };

export const any: Checker = () => undefined;
