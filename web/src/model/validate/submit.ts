/* Stage 4, judged on submit only: required, when, min and max of tasks, and the schema's checks. */

import type { Annotation, Check, Region } from "../types";
import { itemFacts, regionFacts, type Answers } from "../../schema/facts";
import type { Loaded } from "../../schema/load";
import type { Faults } from "./fault";

export function submitMeaning(d: Annotation, s: Loaded, f: Faults): void {
  const answers: Answers = new Map(Object.entries(d.answers));
  const facts = itemFacts(s, answers, d.regions);
  d.regions.forEach((r, i) => regionAsked(r, i, s, d.regions, f));
  for (const q of s.schema.questions) {
    if (q.on !== "item" && !Object.hasOwn(d.streams, q.on)) continue;
    const asked = s.questionWhen.get(q.id)?.(facts) ?? true;
    if (!asked && answers.has(q.id)) f.add(["answers", q.id], "is not asked here");
    if (asked && q.required === true && !answers.has(q.id)) f.add(["answers"], `${q.id} is required`);
  }
  taskCounts(d, s, f);
  for (const c of failed(d, s)) if (c.severity === "block") f.add([], `check ${c.id}`);
}

function regionAsked(r: Region, i: number, s: Loaded, all: readonly Region[], f: Faults): void {
  const path = ["regions", i];
  const facts = regionFacts(s, r, all);
  for (const id of s.tasks.get(r.task)?.attrs ?? []) {
    const asked = s.attrWhen.get(id)?.(facts) ?? true, there = r.attrs?.[id] !== undefined;
    if (!asked && there) f.add([...path, "attrs", id], "is not asked here");
    if (asked && !there && s.attrs.get(id)?.required === true)
      f.add(r.attrs === undefined ? path : [...path, "attrs"], `${id} is required`);
  }
}

function taskCounts(d: Annotation, s: Loaded, f: Faults): void {
  for (const t of s.schema.tasks) {
    if (!t.streams.some((id) => Object.hasOwn(d.streams, id))) continue;
    const mine = d.regions.flatMap((r, i) => (r.task === t.id ? [i] : []));
    if (mine.length < (t.min ?? 0)) f.add(["regions"], `${t.id}: at least ${t.min}`);
    const over = t.max === undefined ? undefined : mine[t.max];
    if (over !== undefined) f.add(["regions", over], `${t.id}: at most ${t.max}`);
  }
}

export function failed(d: Annotation, s: Loaded): Check[] {
  const facts = itemFacts(s, new Map(Object.entries(d.answers)), d.regions);
  return s.schema.checks.filter((_, i) => {
    const c = s.checks[i];
    return c !== undefined && (c.if === null || c.if(facts)) && !c.then(facts);
  });
}
