/* The one undo log. Every change is an op {c, id, prev, next}; a gesture is one group of ops. Undo and
   redo walk this log and nothing else; no engine keeps a history of its own. */

import type { Answer, Region, Relation } from "./types";

interface Change<C extends string, T> {
  readonly c: C;
  readonly id: string;
  readonly prev: T | null;
  readonly next: T | null;
}
export type Op = Change<"region", Region> | Change<"relation", Relation> | Change<"answer", Answer>;

export interface State {
  readonly regions: ReadonlyMap<string, Region>;
  readonly relations: ReadonlyMap<string, Relation>;
  readonly answers: ReadonlyMap<string, Answer>;
}

export const emptyState: State = { regions: new Map(), relations: new Map(), answers: new Map() };

function put<T>(map: ReadonlyMap<string, T>, id: string, value: T | null): Map<string, T> {
  const next = new Map(map);
  if (value === null) next.delete(id);
  else next.set(id, value);
  return next;
}

export function apply(state: State, ops: readonly Op[]): State {
  let s = state;
  for (const op of ops) {
    if (op.c === "region") s = { ...s, regions: put(s.regions, op.id, op.next) };
    else if (op.c === "relation") s = { ...s, relations: put(s.relations, op.id, op.next) };
    else s = { ...s, answers: put(s.answers, op.id, op.next) };
  }
  return s;
}

function turned(op: Op): Op {
  return { ...op, prev: op.next, next: op.prev } as Op;
}

export function reversed(ops: readonly Op[]): Op[] {
  return ops.map(turned).reverse();
}

export class Log {
  private readonly groups: (readonly Op[])[] = [];
  private at = 0;

  push(ops: readonly Op[]): void {
    this.groups.length = this.at;
    this.groups.push(ops);
    this.at++;
  }
  get canUndo(): boolean {
    return this.at > 0;
  }
  get canRedo(): boolean {
    return this.at < this.groups.length;
  }

  undo(): Op[] | null {
    if (!this.canUndo) return null;
    this.at--;
    return reversed(this.groups[this.at] ?? []);
  }
  redo(): readonly Op[] | null {
    if (!this.canRedo) return null;
    this.at++;
    return this.groups[this.at - 1] ?? [];
  }
}
