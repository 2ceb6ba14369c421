/* RFC 8785 canonical bytes for the subset of JSON that Cloister's documents use: integers only, so
   JSON.stringify already writes each scalar as the canonical form asks. Also: the canonical order of
   places in a document, by which the first fault is chosen. */

import type { Annotation, Answer, Region, Relation } from "./types";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [k: string]: Json };

/* Member order of RFC 8785: by UTF-16 code units, which is what < compares. */
export function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function canonical(v: unknown): string {
  if (Array.isArray(v)) return "[" + v.map(canonical).join(",") + "]";
  if (v !== null && typeof v === "object") {
    const members = Object.entries(v).filter(([, x]) => x !== undefined);
    members.sort(([a], [b]) => byCode(a, b));
    return "{" + members.map(([k, x]) => JSON.stringify(k) + ":" + canonical(x)).join(",") + "}";
  }
  return JSON.stringify(Object.is(v, -0) ? 0 : v);
}

/* Equal work has equal bytes: what is the default is left out. */
function plainRegion(r: Region): Region {
  const { attrs, sel, ...rest } = r;
  const bare = sel.t === "rect" && sel.rot === 0 ? withoutRot(sel) : sel;
  const kept = attrs !== undefined && Object.keys(attrs).length > 0 ? { attrs } : {};
  return { ...rest, ...kept, sel: bare };
}

function withoutRot<T extends { rot?: number }>(sel: T): T {
  const { rot: _rot, ...rest } = sel;
  return rest as T;
}

export interface Frame {
  item: string;
  schema: string;
  guidelines: readonly string[];
  streams: Record<string, string>;
}

export function annotationOf(
  frame: Frame,
  regions: Iterable<Region>,
  relations: Iterable<Relation>,
  answers: Iterable<readonly [string, Answer]>,
): Annotation {
  return {
    v: 1,
    item: frame.item,
    schema: frame.schema,
    guidelines: [...frame.guidelines].sort(byCode),
    streams: frame.streams,
    regions: [...regions].map(plainRegion).sort((a, b) => byCode(a.id, b.id)),
    relations: [...relations].sort((a, b) => byCode(a.id, b.id)),
    answers: Object.fromEntries([...answers].sort(([a], [b]) => byCode(a, b))),
  };
}
