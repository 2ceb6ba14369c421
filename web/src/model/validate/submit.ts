/* Stage 4, judged on submit only: required, when, min and max of tasks, and the schema's checks. */

import type { Annotation, Check, Region } from "../types";
import { itemFacts, regionFacts, type Answers } from "../../schema/facts";
import type { Loaded } from "../../schema/load";
import type { Faults, Path } from "./fault";

/* One thing that stands between the work and its submission; the page leads the person to it. */
export interface Gap {
  readonly path: Path;
  readonly reason: string;
  readonly what: "question" | "attr" | "few" | "many" | "surplus";
  readonly id: string;
  readonly region?: string;
}

export function gaps(d: Annotation, s: Loaded): Gap[] {
  return [...questionGaps(d, s), ...d.regions.flatMap((r, i) => regionGaps(r, i, s, d.regions)), ...taskGaps(d, s)];
}

function questionGaps(d: Annotation, s: Loaded): Gap[] {
  const answers: Answers = new Map(Object.entries(d.answers)),
    facts = itemFacts(s, answers, d.regions),
    out: Gap[] = [];
  for (const q of s.schema.questions) {
    if (q.on !== "item" && !Object.hasOwn(d.streams, q.on)) continue;
    const asked = s.questionWhen.get(q.id)?.(facts) ?? true;
    if (!asked && answers.has(q.id))
      out.push({ path: ["answers", q.id], reason: "is not asked here", what: "surplus", id: q.id });
    if (asked && q.required === true && !answers.has(q.id))
      out.push({ path: ["answers"], reason: `${q.id} is required`, what: "question", id: q.id });
  }
  return out;
}

function regionGaps(r: Region, i: number, s: Loaded, all: readonly Region[]): Gap[] {
  const path = ["regions", i],
    facts = regionFacts(s, r, all),
    out: Gap[] = [];
  for (const id of s.tasks.get(r.task)?.attrs ?? []) {
    const asked = s.attrWhen.get(id)?.(facts) ?? true,
      there = r.attrs?.[id] !== undefined;
    if (!asked && there)
      out.push({ path: [...path, "attrs", id], reason: "is not asked here", what: "surplus", id, region: r.id });
    if (asked && !there && s.attrs.get(id)?.required === true)
      out.push({
        path: r.attrs === undefined ? path : [...path, "attrs"],
        reason: `${id} is required`,
        what: "attr",
        id,
        region: r.id,
      });
  }
  return out;
}

function taskGaps(d: Annotation, s: Loaded): Gap[] {
  const out: Gap[] = [];
  for (const t of s.schema.tasks) {
    if (!t.streams.some((id) => Object.hasOwn(d.streams, id))) continue;
    const mine = d.regions.flatMap((r, i) => (r.task === t.id ? [{ i, id: r.id }] : []));
    if (mine.length < (t.min ?? 0))
      out.push({ path: ["regions"], reason: `${t.id}: at least ${t.min}`, what: "few", id: t.id });
    const over = t.max === undefined ? undefined : mine[t.max];
    if (over !== undefined)
      out.push({
        path: ["regions", over.i],
        reason: `${t.id}: at most ${t.max}`,
        what: "many",
        id: t.id,
        region: over.id,
      });
  }
  return out;
}

export function submitMeaning(d: Annotation, s: Loaded, f: Faults): void {
  for (const g of gaps(d, s)) f.add(g.path, g.reason);
  for (const c of failed(d, s)) if (c.severity === "block") f.add([], `check ${c.id}`);
}

export function failed(d: Annotation, s: Loaded): Check[] {
  const facts = itemFacts(s, new Map(Object.entries(d.answers)), d.regions);
  return s.schema.checks.filter((_, i) => {
    const c = s.checks[i];
    return c !== undefined && (c.if === null || c.if(facts)) && !c.then(facts);
  });
}
