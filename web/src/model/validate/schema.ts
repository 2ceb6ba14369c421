/* Stage 3 of a label schema: the semantic rules of data.md section 3. */

import { canonical } from "../canonical";
import type { Attr, Kind, Question, Schema, Shape, Task } from "../types";
import { ExprError, mentions, parse, type Names } from "../../schema/expr";
import { attrNames, byId, questionNames } from "../../schema/load";
import { compareDecimals, isDate, isDecimal } from "../../schema/values";
import type { Faults, Path } from "./fault";

export const SHAPES: Readonly<Record<Kind, readonly Shape[]>> = {
  text: ["span", "section"],
  image: ["rect", "ellipse", "polygon", "mask", "point", "skeleton"],
  audio: ["interval", "instant"],
  series: ["interval", "instant"],
  video: ["interval", "instant", "track", "rect", "ellipse", "polygon", "mask", "point", "skeleton"],
};

const unique = (list: readonly { id: string }[], path: Path, f: Faults): void => {
  const seen = new Set<string>();
  list.forEach(({ id }, i) => {
    if (seen.has(id)) f.add([...path, i, "id"], `${id} stands twice`);
    seen.add(id);
  });
};

const exist = (ids: readonly string[] | undefined, known: ReadonlyMap<string, unknown>, path: Path, f: Faults): void =>
  ids?.forEach((id, i) => {
    if (!known.has(id)) f.add([...path, i], `no ${id}`);
  });

const expr = (source: string | undefined, names: Names, path: Path, f: Faults): void => {
  if (source === undefined) return;
  try {
    parse(source, names);
  } catch (e) {
    if (!(e instanceof ExprError)) throw e;
    f.add(path, e.message);
  }
};

/* Members of a circle: those that reach themselves. */
function inCircle(next: (id: string) => Iterable<string>, id: string): boolean {
  const seen = new Set<string>(),
    todo = [...next(id)];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (at === id) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    todo.push(...next(at));
  }
  return false;
}

const stranger = (o: object, members: readonly string[], path: Path, f: Faults, why: string): void => {
  for (const m of members) if (m in o) f.add([...path, m], `no ${m} on ${why}`);
};

type BoundKind = "int" | "decimal" | "date" | "none";

function bounds(x: Attr | Question | Task, kind: BoundKind, path: Path, f: Faults): void {
  if (kind === "none") return stranger(x, ["min", "max"], path, f, "this type");
  const fits = (v: number | string): boolean =>
    kind === "int" ? typeof v === "number" : typeof v === "string" && (kind === "date" ? isDate(v) : isDecimal(v));
  const { min, max } = x;
  for (const [k, v] of [
    ["min", min],
    ["max", max],
  ] as const)
    if (v !== undefined && !fits(v)) f.add([...path, k], `no ${kind === "int" ? "integer" : kind}`);
  if (min === undefined || max === undefined || !fits(min) || !fits(max)) return;
  const turned = kind === "date" ? min > max : compareDecimals(String(min), String(max)) > 0;
  if (turned) f.add(path, "min above max");
}

const BOUNDS: Readonly<Record<string, BoundKind>> = {
  int: "int",
  rating: "int",
  text: "int",
  choices: "int",
  decimal: "decimal",
  date: "date",
};
const WITH_UNIT = ["int", "decimal", "rating"];

function streams(s: Schema, f: Faults): void {
  unique(s.streams, ["streams"], f);
  s.streams.forEach((st, i) => {
    if (st.kind !== "audio" && st.kind !== "series") stranger(st, ["channels"], ["streams", i], f, st.kind);
  });
}

function labels(s: Schema, f: Faults): void {
  const known = byId(s.labels);
  unique(s.labels, ["labels"], f);
  s.labels.forEach((l, i) => {
    if (l.parent === undefined) return;
    if (!known.has(l.parent)) f.add(["labels", i, "parent"], `no label ${l.parent}`);
    else if (
      inCircle((id) => {
        const p = known.get(id)?.parent;
        return p === undefined ? [] : [p];
      }, l.id)
    )
      f.add(["labels", i, "parent"], "parents in a circle");
  });
  keys(s, f);
}

/* A key means one label among the tasks that share a stream, and among the labels of one question. */
function keys(s: Schema, f: Faults): void {
  const groups = s.streams.map((st) => s.tasks.filter((t) => t.streams.includes(st.id)).flatMap((t) => t.labels));
  groups.push(...s.questions.map((q) => q.labels ?? []));
  for (const group of groups) {
    const taken = new Set<string>();
    s.labels.forEach((l, i) => {
      if (l.key === undefined || !group.includes(l.id)) return;
      if (taken.has(l.key)) f.add(["labels", i, "key"], `${l.key} is the key of another label there`);
      taken.add(l.key);
    });
  }
}

function attrs(s: Schema, f: Faults): void {
  const names = attrNames(s),
    known = byId(s.attrs);
  unique(s.attrs, ["attrs"], f);
  s.attrs.forEach((a, i) => {
    const path = ["attrs", i];
    if (a.type === "enum" && a.values === undefined) f.add(path, "an enum without values");
    if (a.type !== "enum") stranger(a, ["values"], path, f, a.type);
    unique(a.values ?? [], [...path, "values"], f);
    bounds(a, BOUNDS[a.type] ?? "none", path, f);
    if (!WITH_UNIT.includes(a.type)) stranger(a, ["unit"], path, f, a.type);
    expr(a.when, names, [...path, "when"], f);
    if (inCircle((id) => mentions(known.get(id)?.when ?? ""), a.id)) f.add([...path, "when"], "waits for itself");
  });
}

function tasks(s: Schema, f: Faults): void {
  const known = byId(s.streams);
  unique(s.tasks, ["tasks"], f);
  s.tasks.forEach((t, i) => {
    const path = ["tasks", i],
      kind = known.get(t.streams[0] ?? "")?.kind;
    exist(t.streams, known, [...path, "streams"], f);
    t.streams.forEach((id, j) => {
      const k = known.get(id)?.kind;
      if (k !== undefined && kind !== undefined && k !== kind) f.add([...path, "streams", j], "streams of two kinds");
    });
    if (kind !== undefined && !SHAPES[kind].includes(t.shape)) f.add([...path, "shape"], `no ${t.shape} on ${kind}`);
    exist(t.labels, byId(s.labels), [...path, "labels"], f);
    exist(t.attrs, byId(s.attrs), [...path, "attrs"], f);
    bounds(t, "int", path, f);
    taskMembers(t, kind, path, f);
  });
}

function taskMembers(t: Task, kind: Kind | undefined, path: Path, f: Faults): void {
  if (kind !== "audio" && kind !== "series") stranger(t, ["channels"], path, f, String(kind));
  if (!["span", "section", "interval"].includes(t.shape)) stranger(t, ["overlap"], path, f, t.shape);
  if (t.shape !== "span") stranger(t, ["discontinuous"], path, f, t.shape);
  if (t.shape !== "track") stranger(t, ["of"], path, f, t.shape);
  else if (t.of === undefined) f.add(path, "a track without of");
  if (t.shape !== "skeleton" && t.of !== "skeleton") return stranger(t, ["points", "edges"], path, f, t.shape);
  if (t.points === undefined) f.add(path, "a skeleton without points");
  const n = t.points?.length ?? 0;
  t.edges?.forEach((e, j) => {
    e.forEach((x, k) => {
      if (x >= n) f.add([...path, "edges", j, k], "no such point");
    });
    if (e[0] === e[1]) f.add([...path, "edges", j], "an edge joins two points");
  });
}

function questions(s: Schema, f: Faults): void {
  const names = questionNames(s),
    known = byId(s.questions),
    streamIds = byId(s.streams);
  unique(s.questions, ["questions"], f);
  s.questions.forEach((q, i) => {
    const path = ["questions", i],
      choosing = q.type === "choice" || q.type === "choices";
    if (q.on !== "item" && !streamIds.has(q.on)) f.add([...path, "on"], `no stream ${q.on}`);
    if (choosing && q.labels === undefined) f.add(path, `a ${q.type} without labels`);
    if (!choosing) stranger(q, ["labels"], path, f, q.type);
    exist(q.labels, byId(s.labels), [...path, "labels"], f);
    bounds(q, BOUNDS[q.type] ?? "none", path, f);
    if (q.type === "rating" && (q.min === undefined || q.max === undefined)) f.add(path, "a rating has min and max");
    if (!WITH_UNIT.includes(q.type)) stranger(q, ["unit"], path, f, q.type);
    expr(q.when, names, [...path, "when"], f);
    if (inCircle((id) => mentions(known.get(id)?.when ?? ""), q.id)) f.add([...path, "when"], "waits for itself");
  });
}

function relations(s: Schema, f: Faults): void {
  unique(s.relations, ["relations"], f);
  s.relations.forEach((r, i) => {
    for (const side of ["from", "to"] as const)
      r[side].forEach((e, j) => {
        const path = ["relations", i, side, j];
        if (!byId(s.tasks).has(e.task)) f.add([...path, "task"], `no task ${e.task}`);
        exist(e.labels, byId(s.labels), [...path, "labels"], f);
      });
    if (r.symmetric !== true) return;
    if (canonical(r.from) !== canonical(r.to)) f.add(["relations", i], "a symmetric relation has equal ends");
    if (r.cardinality !== "one_to_one" && r.cardinality !== "many_to_many")
      f.add(["relations", i], "a symmetric relation is one_to_one or many_to_many");
  });
}

function checks(s: Schema, f: Faults): void {
  const names = questionNames(s);
  unique(s.checks, ["checks"], f);
  s.checks.forEach((c, i) => {
    expr(c.if, names, ["checks", i, "if"], f);
    expr(c.then, names, ["checks", i, "then"], f);
  });
}

/* The version before, with the hash of its canonical bytes. */
export interface Before {
  readonly schema: Schema;
  readonly hash: string;
}

function versions(s: Schema, before: Before | null, f: Faults): void {
  const now = byId(s.labels);
  if ((s.version === 1) !== (s.supersedes === null)) f.add([], "version 1 supersedes nothing, each later one does");
  for (const [version, map] of Object.entries(s.map_from)) {
    if (Number(version) >= s.version) f.add(["map_from", version], "no older version");
    for (const [old, to] of Object.entries(map)) {
      if (now.has(old)) f.add(["map_from", version, old], `${old} is still here`);
      if (to !== null && !now.has(to)) f.add(["map_from", version, old], `no label ${to}`);
    }
  }
  if (before === null) return;
  if (s.id !== before.schema.id) f.add(["id"], "another schema's id");
  if (s.version !== before.schema.version + 1) f.add(["version"], "not the next version");
  if (s.supersedes !== null && s.supersedes !== before.hash) f.add(["supersedes"], "another document's hash");
  covers(s, before.schema, f);
}

function covers(s: Schema, before: Schema, f: Faults): void {
  const now = byId(s.labels),
    then = byId(before.labels),
    version = String(before.version);
  const map = s.map_from[version];
  for (const l of before.labels)
    if (!now.has(l.id) && (map === undefined || !Object.hasOwn(map, l.id)))
      f.add(map === undefined ? ["map_from"] : ["map_from", version], `${l.id} is gone and not mapped`);
  for (const old of Object.keys(map ?? {})) if (!then.has(old)) f.add(["map_from", version, old], "was never here");
}

export function schemaMeaning(s: Schema, before: Before | null, f: Faults): void {
  streams(s, f);
  labels(s, f);
  attrs(s, f);
  tasks(s, f);
  questions(s, f);
  relations(s, f);
  checks(s, f);
  versions(s, before, f);
}
