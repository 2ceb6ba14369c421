/* Stage 3 of an annotation, against its label schema, the item's streams and the base revision, as far as
   each is known; stage 4 stands in submit.ts. */

import { byCode } from "../canonical";
import {
  isAbsence,
  type Annotation,
  type Answer,
  type Attr,
  type Question,
  type Region,
  type RelationType,
  type Streams,
} from "../types";
import { fitsEnd, type Loaded } from "../../schema/load";
import { compareDecimals, isDate, isDecimal } from "../../schema/values";
import type { Faults, Path } from "./fault";
import { place, sharePlace, type AnySel } from "./places";

export interface Ground {
  readonly schema: Loaded;
  readonly hash: string | null /* of the schema; null: not judged */;
  readonly streams: Streams | null;
  readonly base: Annotation | null;
}

export function annotationMeaning(d: Annotation, g: Ground, f: Faults): void {
  if (g.hash !== null && d.schema !== g.hash) f.add(["schema"], "another schema's hash");
  ascending(d.guidelines, ["guidelines"], f);
  streams(d, g, f);
  regions(d, g, f);
  relations(d, g, f);
  answers(d, g, f);
}

function ascending(list: readonly string[], path: Path, f: Faults): void {
  list.forEach((x, i) => {
    if (i > 0 && byCode(list[i - 1] ?? "", x) >= 0) f.add([...path, i], "not sorted, or twice");
  });
}

function streams(d: Annotation, g: Ground, f: Faults): void {
  for (const s of g.schema.schema.streams)
    if (s.required && !Object.hasOwn(d.streams, s.id)) f.add(["streams"], `${s.id} is required`);
  for (const id of Object.keys(g.streams ?? {}))
    if (!Object.hasOwn(d.streams, id)) f.add(["streams"], `${id} is missing`);
  for (const [id, hash] of Object.entries(d.streams)) {
    const def = g.schema.schema.streams.find((s) => s.id === id),
      real = g.streams?.[id];
    if (def === undefined || (g.streams !== null && real === undefined)) f.add(["streams", id], "no such stream here");
    else if (real !== undefined && real.kind !== def.kind) f.add(["streams", id], `a ${def.kind} is asked`);
    else if (real !== undefined && real.sha256 !== hash) f.add(["streams", id], "another stream's hash");
  }
}

function regions(d: Annotation, g: Ground, f: Faults): void {
  const base = new Map(g.base?.regions.map((r) => [r.id, r]));
  const apart = new Map<string, { sel: AnySel }[]>();
  d.regions.forEach((r, i) => {
    const path = ["regions", i];
    if (i > 0 && byCode(d.regions[i - 1]?.id ?? "", r.id) >= 0) f.add([...path, "id"], "regions are sorted by id");
    origin(r, path, f);
    ascending(r.from ?? [], [...path, "from"], f);
    const task = g.schema.tasks.get(r.task);
    if (task === undefined) return f.add([...path, "task"], `no task ${r.task}`);
    if (!task.streams.includes(r.stream) || !Object.hasOwn(d.streams, r.stream))
      f.add([...path, "stream"], `not on ${r.stream}`);
    if (!task.labels.includes(r.label)) f.add([...path, "label"], "not a label of this task");
    else if (g.schema.labels.get(r.label)?.deprecated === true && base.get(r.id)?.label !== r.label)
      f.add([...path, "label"], "this label takes no new regions");
    attrs(r, task.attrs ?? [], g.schema, [...path, "attrs"], f);
    const sel = r.sel as unknown as AnySel;
    if (sel.t !== task.shape) return f.add([...path, "sel", "t"], `a ${task.shape} is asked`);
    place(sel, task, g.streams?.[r.stream] ?? null, [...path, "sel"], f);
    if (task.overlap !== false) return;
    const key = `${r.task} ${r.stream}`,
      others = apart.get(key) ?? [];
    if (others.some((o) => sharePlace(o.sel, sel))) f.add([...path, "sel"], "these must not overlap");
    others.push({ sel });
    apart.set(key, others);
  });
}

function origin(r: Region, path: Path, f: Faults): void {
  const o = r.origin,
    at = [...path, "origin"];
  if ((o.by === "accepted" || o.by === "edited") && o.model === undefined) f.add(at, `${o.by} without a model`);
  if (o.by === "human")
    for (const m of ["model", "score_ppm", "shown_ms", "decided_ms"]) if (m in o) f.add([...at, m], `no ${m} on human`);
  if (o.shown_ms !== undefined && o.decided_ms !== undefined && o.decided_ms < o.shown_ms)
    f.add(at, "decided before it was shown");
}

function attrs(r: Region, allowed: readonly string[], s: Loaded, path: Path, f: Faults): void {
  for (const [id, v] of Object.entries(r.attrs ?? {})) {
    const a = s.attrs.get(id);
    if (a === undefined || !allowed.includes(id)) f.add([...path, id], "not an attr of this task");
    else {
      const why = misfit(v, a, a.type);
      if (why !== null) f.add([...path, id], why);
    }
  }
}

/* Why a scalar does not fit its attr or question; null if it does. The form asks the same. */
export function misfit(
  v: unknown,
  q: Pick<Attr | Question, "min" | "max"> & { values?: { id: string }[]; labels?: string[] },
  type: string,
): string | null {
  switch (type) {
    case "bool":
      return typeof v === "boolean" ? null : "true or false expected";
    case "enum":
      return q.values?.some((x) => x.id === v) === true ? null : "none of the values";
    case "choice":
      return typeof v === "string" && q.labels?.includes(v) === true ? null : "none of the labels";
    case "int":
    case "rating":
      return typeof v !== "number" ? "an integer expected" : ranged(String(v), q, compareDecimals);
    case "decimal":
      return typeof v !== "string" || !isDecimal(v) ? "a decimal expected" : ranged(v, q, compareDecimals);
    case "date":
      return typeof v !== "string" || !isDate(v) ? "a date expected" : ranged(v, q, byCode);
    default:
      return typeof v !== "string" || v === "" ? "a text expected" : ranged(String([...v].length), q, compareDecimals);
  }
}

function ranged(v: string, q: Pick<Attr, "min" | "max">, order: (a: string, b: string) => number): string | null {
  if (q.min !== undefined && order(v, String(q.min)) < 0) return `below ${q.min}`;
  if (q.max !== undefined && order(v, String(q.max)) > 0) return `above ${q.max}`;
  return null;
}

function relations(d: Annotation, g: Ground, f: Faults): void {
  const byIds = new Map(d.regions.map((r) => [r.id, r]));
  const pairs = new Set<string>(),
    taken = new Set<string>();
  d.relations.forEach((r, i) => {
    const path = ["relations", i],
      type = g.schema.relations.get(r.type);
    if (i > 0 && byCode(d.relations[i - 1]?.id ?? "", r.id) >= 0) f.add([...path, "id"], "relations are sorted by id");
    if (type === undefined) return f.add([...path, "type"], `no relation ${r.type}`);
    for (const side of ["from", "to"] as const) {
      const region = byIds.get(r[side]);
      if (region === undefined) f.add([...path, side], "no such region");
      else if (!fitsEnd(g.schema, type[side], region)) f.add([...path, side], `not an end of ${r.type}`);
    }
    if (r.from === r.to) f.add(path, "joined to itself");
    else if (type.symmetric === true && r.from > r.to) f.add(path, "goes from the smaller id");
    const pair = `${r.type} ${r.from} ${r.to}`;
    if (pairs.has(pair)) f.add(path, "this pair stands twice");
    pairs.add(pair);
    for (const side of single(type)) {
      const key = `${r.type} ${type.symmetric === true ? "" : side} ${r[side]}`;
      if (taken.has(key)) f.add([...path, side], `${type.cardinality}, joined twice`);
      taken.add(key);
    }
  });
}

export function single(type: RelationType): readonly ("from" | "to")[] {
  switch (type.cardinality) {
    case "one_to_many":
      return ["to"];
    case "many_to_one":
      return ["from"];
    case "one_to_one":
      return ["from", "to"];
    case "many_to_many":
      return [];
  }
}

function answers(d: Annotation, g: Ground, f: Faults): void {
  for (const [id, a] of Object.entries(d.answers)) {
    const q = g.schema.questions.get(id),
      path = ["answers", id];
    if (q === undefined) f.add(path, `no question ${id}`);
    else if (q.on !== "item" && !Object.hasOwn(d.streams, q.on)) f.add(path, `the item has no ${q.on}`);
    else answer(a, q, g, path, f);
  }
}

function answer(a: Answer, q: Question, g: Ground, path: Path, f: Faults): void {
  if (isAbsence(a)) {
    if (q.absent?.includes(a.absent) !== true) f.add([...path, "absent"], "not an absence of this question");
    return;
  }
  const old = g.base?.answers[q.id];
  const retired = (l: string): boolean =>
    g.schema.labels.get(l)?.deprecated === true && !(Array.isArray(old) ? old.includes(l) : old === l);
  if (q.type === "choices") return choices(a, q, retired, path, f);
  const why = misfit(a, q, q.type);
  if (why !== null) f.add(path, why);
  else if (q.type === "choice" && retired(a as string)) f.add(path, "this label takes no new answers");
}

function choices(a: Answer, q: Question, retired: (l: string) => boolean, path: Path, f: Faults): void {
  if (!Array.isArray(a)) return f.add(path, "a list of labels expected");
  const list = a as readonly string[],
    n = String(list.length);
  const why = ranged(n, q, compareDecimals);
  if (why !== null) f.add(path, why);
  let before = -1;
  list.forEach((l, i) => {
    const at = q.labels?.indexOf(l) ?? -1;
    if (at < 0) f.add([...path, i], "none of the labels");
    else if (at <= before) f.add([...path, i], "not in the question's order");
    else if (retired(l)) f.add([...path, i], "this label takes no new answers");
    before = Math.max(before, at);
  });
}
