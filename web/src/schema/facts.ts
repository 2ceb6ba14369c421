/* What the expressions of a schema are held against: the answers and regions of one piece of work, and the
   attrs of one region. */

import { lineage, type Loaded } from "./load";
import type { Facts, Value } from "./expr";
import { isAbsence, type Answer, type Region } from "../model/types";

export type Answers = ReadonlyMap<string, Answer>;
export type Regions = ReadonlyMap<string, Region> | readonly Region[];

function* each(regions: Regions): Iterable<Region> {
  if (Array.isArray(regions)) yield* regions as readonly Region[];
  else yield* (regions as ReadonlyMap<string, Region>).values();
}

export function counted(s: Pick<Loaded, "labels">, regions: Iterable<Pick<Region, "task" | "label">>): Facts["count"] {
  const sums = new Map<string, number>();
  const add = (key: string): void => void sums.set(key, (sums.get(key) ?? 0) + 1);
  for (const r of regions) {
    add(r.task);
    for (const l of lineage(s.labels, r.label)) add(`${r.task} ${l}`);
  }
  return (task, label) => sums.get(label === null ? task : `${task} ${label}`) ?? 0;
}

export function itemFacts(s: Loaded, answers: Answers, regions: Regions): Facts {
  let count: Facts["count"] | null = null;
  return {
    value: (id) => {
      const a = answers.get(id);
      return a === undefined || isAbsence(a) ? undefined : (a as Value);
    },
    count: (task, label) => (count ??= counted(s, each(regions)))(task, label),
  };
}

export function regionFacts(s: Loaded, r: Region, regions: Regions): Facts {
  let count: Facts["count"] | null = null;
  return {
    value: (id) => (id === "label" ? r.label : r.attrs?.[id]),
    count: (task, label) => (count ??= counted(s, each(regions)))(task, label),
  };
}
