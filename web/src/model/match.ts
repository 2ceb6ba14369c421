/* Review: which regions of several readers mean the same place. Regions of one task on one stream are paired
   greedily by IoU above a threshold, labels ignored; a group holds at most one region of each reader. */

import type { Annotation, Part, Region } from "./types";

export type GroupState = "agreed" | "label" | "extent" | "attrs" | "single";
export interface Group {
  readonly key: string;
  readonly task: string;
  readonly stream: string;
  readonly members: readonly (Region | null)[] /* by reader */;
  readonly iou: number | null;
  readonly state: GroupState;
}

const POINT_REACH = 10000; /* two points within ten pixels are one place */

function lengthOf(parts: readonly Part[]): number {
  return parts.reduce((n, [a, b]) => n + b - a, 0);
}

function common(x: readonly Part[], y: readonly Part[]): number {
  let n = 0;
  for (const [a, b] of x) for (const [c, d] of y) n += Math.max(0, Math.min(b, d) - Math.max(a, c));
  return n;
}

export function iou(p: Region, q: Region): number {
  const a = p.sel,
    b = q.sel;
  if (a.t === "point" && b.t === "point") return 1 / (1 + Math.hypot(a.x - b.x, a.y - b.y) / POINT_REACH);
  if (a.t === "rect" && b.t === "rect") {
    if ((a.frame ?? -1) !== (b.frame ?? -1)) return 0;
    const w = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x),
      h = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
    const both = Math.max(0, w) * Math.max(0, h);
    return both / (a.w * a.h + b.w * b.h - both);
  }
  if ("parts" in a && "parts" in b) {
    const both = common(a.parts, b.parts),
      all = lengthOf(a.parts) + lengthOf(b.parts) - both;
    return all === 0 ? 0 : both / all;
  }
  return 0;
}

interface Pair {
  readonly a: number;
  readonly b: number;
  readonly score: number;
}

function stateOf(members: readonly (Region | null)[], overlap: number | null): GroupState {
  const there = members.filter((m) => m !== null);
  if (there.length < members.length) return "single";
  const first = there[0] as Region;
  if (there.some((m) => m.label !== first.label)) return "label";
  if (overlap !== null && overlap < 1) return "extent";
  return there.some((m) => JSON.stringify(m.attrs ?? {}) !== JSON.stringify(first.attrs ?? {})) ? "attrs" : "agreed";
}

function start(r: Region): number {
  return "parts" in r.sel ? (r.sel.parts[0]?.[0] ?? 0) : r.sel.y;
}

export function match(docs: readonly Annotation[], threshold = 0.5): Group[] {
  const all = docs.flatMap((d, reader) => d.regions.map((region) => ({ reader, region })));
  const pairs: Pair[] = [];
  for (let a = 0; a < all.length; a++)
    for (let b = a + 1; b < all.length; b++) {
      const x = all[a]!,
        y = all[b]!;
      if (x.reader === y.reader || x.region.task !== y.region.task || x.region.stream !== y.region.stream) continue;
      const score = iou(x.region, y.region);
      if (score >= threshold) pairs.push({ a, b, score });
    }
  /* Of equal scores the one that stands first in the record; all is in the readers' own order. */
  pairs.sort(
    (p, q) => q.score - p.score || start(all[p.a]!.region) - start(all[q.a]!.region) || p.a - q.a || p.b - q.b,
  );
  const of = all.map((_, i) => new Set([i]));
  for (const { a, b } of pairs) {
    const x = of[a]!,
      y = of[b]!;
    if (x === y || [...x].some((i) => [...y].some((j) => all[i]!.reader === all[j]!.reader))) continue;
    for (const i of y) {
      x.add(i);
      of[i] = x;
    }
  }
  const groups = [...new Set(of)].map((set) => {
    const members: (Region | null)[] = docs.map(() => null);
    for (const i of set) members[all[i]!.reader] = all[i]!.region;
    return groupOf(members);
  });
  return groups.sort((x, y) =>
    x.stream < y.stream ? 1 : x.stream > y.stream ? -1 : start(firstOf(x)) - start(firstOf(y)),
  );
}

function groupOf(members: readonly (Region | null)[]): Group {
  const there = members.filter((m) => m !== null),
    first = there[0] as Region;
  const overlap = there.length < 2 ? null : Math.min(...there.slice(1).map((m) => iou(first, m)));
  const key = members.map((m) => m?.id ?? "").join("|");
  return { key, task: first.task, stream: first.stream, members, iou: overlap, state: stateOf(members, overlap) };
}

export function firstOf(g: Group): Region {
  return g.members.find((m) => m !== null) as Region;
}

/* The mean of all boxes or points of a group; texts have no mean. */
export function average(g: Group): Region["sel"] | null {
  const sels = g.members.flatMap((m) => (m === null ? [] : [m.sel])),
    first = sels[0];
  const mean = (f: (s: { x: number; y: number; w: number; h: number }) => number): number =>
    Math.round(sels.reduce((n, s) => n + f(s as { x: number; y: number; w: number; h: number }), 0) / sels.length);
  if (first === undefined || sels.length < 2) return null;
  if (sels.every((s) => s.t === "rect"))
    return {
      ...first,
      x: mean((s) => s.x),
      y: mean((s) => s.y),
      w: mean((s) => s.w),
      h: mean((s) => s.h),
    } as Region["sel"];
  if (sels.every((s) => s.t === "point"))
    return { ...first, x: mean((s) => s.x), y: mean((s) => s.y) } as Region["sel"];
  return null;
}
