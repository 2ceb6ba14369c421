/* What a person may do to the work, as ops through the store. Each answers with the reason it may not. */

import type { Loaded } from "../schema/load";
import { fitsEnd } from "../schema/load";
import { regionFacts } from "../schema/facts";
import { newId, type Store } from "./store";
import type { AttrValue, Part, Region, Relation, RelationType, Sel, SpanSel, Streams, Task } from "./types";
import { single } from "./validate/annotation";
import { Faults } from "./validate/fault";
import { place, sharePlace, type AnySel } from "./validate/places";

export type Refusal = "edge" | "overlap" | "too_many" | null;

export function tasksOn(s: Loaded, stream: string): Task[] {
  return s.schema.tasks.filter((t) => t.streams.includes(stream));
}

/* May this selector stand there, beside the others of its task? */
export function placeable(sel: Sel, task: Task, stream: string, id: string, store: Store, streams: Streams): Refusal {
  const f = new Faults();
  place(sel as unknown as AnySel, task, streams[stream] ?? null, [], f);
  if (f.first() !== null) return "edge";
  let n = 0;
  for (const r of store.regions.peek().values()) {
    if (r.task !== task.id || r.id === id) continue;
    n++;
    if (
      task.overlap === false &&
      r.stream === stream &&
      sharePlace(r.sel as unknown as AnySel, sel as unknown as AnySel)
    )
      return "overlap";
  }
  return task.max !== undefined && n >= task.max ? "too_many" : null;
}

export function fresh(task: string, stream: string, label: string, sel: Sel): Region {
  return { id: newId("r"), task, stream, label, sel, origin: { by: "human" } };
}

/* Parts sorted, touching ones joined. */
export function joined(parts: readonly Part[]): Part[] {
  const out: [number, number][] = [];
  for (const [a, b] of [...parts].sort((x, y) => x[0] - y[0])) {
    const last = out.at(-1);
    if (last !== undefined && a <= last[1]) last[1] = Math.max(last[1], b);
    else out.push([a, b]);
  }
  return out;
}

export function withPart(sel: SpanSel, part: Part): SpanSel {
  return { ...sel, parts: joined([...sel.parts, part]) };
}

/* An attr changes what others wait for: what is no longer asked goes with it, in the same gesture. */
export function withAttr(s: Loaded, r: Region, id: string, value: AttrValue | undefined): Region {
  const attrs: Record<string, AttrValue> = { ...r.attrs };
  if (value === undefined) delete attrs[id];
  else attrs[id] = value;
  return asked(s, { ...r, attrs });
}

export function asked(s: Loaded, r: Region): Region {
  let now = r;
  for (const attr of s.tasks.get(r.task)?.attrs ?? []) {
    const when = s.attrWhen.get(attr);
    if (now.attrs?.[attr] === undefined || when === undefined || when(regionFacts(s, now, []))) continue;
    const { [attr]: _gone, ...rest } = now.attrs;
    now = { ...now, attrs: rest };
  }
  if (now.attrs !== undefined && Object.keys(now.attrs).length === 0) {
    const { attrs: _none, ...rest } = now;
    return rest;
  }
  return now;
}

/* Relation types that may join two regions, in the direction that fits. */
export function relationsBetween(s: Loaded, store: Store, a: Region, b: Region): Relation[] {
  const out: Relation[] = [];
  if (a.id === b.id) return out;
  for (const type of s.schema.relations)
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      if (!fitsEnd(s, type.from, from) || !fitsEnd(s, type.to, to)) continue;
      const [x, y] = type.symmetric === true && from.id > to.id ? [to, from] : [from, to];
      const r: Relation = { id: newId("k"), type: type.id, from: x.id, to: y.id };
      if (free(type, r, store) && !out.some((o) => o.type === r.type && o.from === r.from)) out.push(r);
    }
  return out;
}

function free(type: RelationType, r: Relation, store: Store): boolean {
  for (const o of store.relations.peek().values()) {
    if (o.type !== r.type) continue;
    if (o.from === r.from && o.to === r.to) return false;
    for (const side of single(type)) {
      if (o[side] === r[side]) return false;
      if (type.symmetric === true && (o.from === r.to || o.to === r.from)) return false;
    }
  }
  return true;
}
