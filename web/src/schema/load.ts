/* A label schema made ready: its names found by id, its expressions parsed, what each may speak of. */

import { parse, type Expr, type Names, type Term } from "./expr";
import type { Attr, Label, Question, Region, RelationEnd, RelationType, Schema, Task } from "../model/types";

export function byId<T extends { id: string }>(list: readonly T[]): Map<string, T> {
  return new Map(list.map((x) => [x.id, x]));
}

/* The label itself and all that stand above it. Bounded by the list, so that a circle ends. */
export function lineage(labels: ReadonlyMap<string, { parent?: string } | undefined>, id: string): string[] {
  const out: string[] = [];
  for (let at: string | undefined = id; at !== undefined && !out.includes(at); at = labels.get(at)?.parent)
    out.push(at);
  return out;
}

export function attrTerm(a: Attr): Term {
  switch (a.type) {
    case "enum":
      return { t: "text", values: new Set((a.values ?? []).map((v) => v.id)) };
    case "int":
      return { t: "number" };
    case "decimal":
      return { t: "number", decimal: true };
    default:
      return { t: a.type };
  }
}

export function questionTerm(q: Question): Term {
  switch (q.type) {
    case "choice":
      return { t: "text", values: new Set(q.labels ?? []) };
    case "choices":
      return { t: "choices", values: new Set(q.labels ?? []) };
    case "rating":
    case "int":
      return { t: "number" };
    case "decimal":
      return { t: "number", decimal: true };
    default:
      return { t: q.type };
  }
}

function shared(s: Pick<Schema, "tasks" | "labels">): Pick<Names, "tasks" | "labels"> {
  return { tasks: new Set(s.tasks.map((t) => t.id)), labels: new Map(s.labels.map((l) => [l.id, l.parent])) };
}

export function questionNames(s: Pick<Schema, "tasks" | "labels" | "questions">): Names {
  return { ids: new Map(s.questions.map((q) => [q.id, questionTerm(q)])), ...shared(s) };
}

export function attrNames(s: Pick<Schema, "tasks" | "labels" | "attrs">): Names {
  const ids = new Map(s.attrs.map((a) => [a.id, attrTerm(a)]));
  ids.set("label", { t: "text", values: new Set(s.labels.map((l) => l.id)) });
  return { ids, ...shared(s) };
}

export interface Loaded {
  readonly schema: Schema;
  readonly labels: ReadonlyMap<string, Label>;
  readonly attrs: ReadonlyMap<string, Attr>;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly questions: ReadonlyMap<string, Question>;
  readonly relations: ReadonlyMap<string, RelationType>;
  readonly attrWhen: ReadonlyMap<string, Expr>;
  readonly questionWhen: ReadonlyMap<string, Expr>;
  readonly checks: readonly { readonly id: string; readonly if: Expr | null; readonly then: Expr }[];
}

/* Takes a schema that has been validated; an expression that cannot be read throws. */
export function load(schema: Schema): Loaded {
  const ofAttrs = attrNames(schema),
    ofQuestions = questionNames(schema);
  const whens = (list: readonly { id: string; when?: string }[], names: Names): Map<string, Expr> =>
    new Map(list.flatMap((x) => (x.when === undefined ? [] : [[x.id, parse(x.when, names)] as const])));
  return {
    schema,
    labels: byId(schema.labels),
    attrs: byId(schema.attrs),
    tasks: byId(schema.tasks),
    questions: byId(schema.questions),
    relations: byId(schema.relations),
    attrWhen: whens(schema.attrs, ofAttrs),
    questionWhen: whens(schema.questions, ofQuestions),
    checks: schema.checks.map((c) => ({
      id: c.id,
      if: c.if === undefined ? null : parse(c.if, ofQuestions),
      then: parse(c.then, ofQuestions),
    })),
  };
}

/* A label stands for its descendants in relation ends. */
export function fitsEnd(s: Loaded, ends: readonly RelationEnd[], r: Pick<Region, "task" | "label">): boolean {
  const line = lineage(s.labels, r.label);
  return ends.some((e) => e.task === r.task && (e.labels === undefined || e.labels.some((l) => line.includes(l))));
}
