/* One store of signals for the work on one item. Engines read it in an effect, panels by rendering; all of
   them write through commit() alone. */

import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { annotationOf, type Frame } from "./canonical";
import { apply, emptyState, Log, type Op, type State } from "./ops";
import type { Annotation, Answer, Region, Relation } from "./types";

export class Store {
  readonly state = signal<State>(emptyState);
  readonly regions: ReadonlySignal<ReadonlyMap<string, Region>> = computed(() => this.state.value.regions);
  readonly relations: ReadonlySignal<ReadonlyMap<string, Relation>> = computed(() => this.state.value.relations);
  readonly answers: ReadonlySignal<ReadonlyMap<string, Answer>> = computed(() => this.state.value.answers);
  readonly selected = signal<string | null>(null);
  readonly hidden = signal<ReadonlySet<string>>(new Set());
  /* Counts every accepted change, undo and redo included: what autosave watches. */
  readonly version = signal(0);
  readonly canUndo = signal(false);
  readonly canRedo = signal(false);
  private log = new Log();

  constructor(readonly frame: Frame) {}

  /* The versions of guidelines that the work stands under from now on: a change to be saved like any other. */
  pin(guidelines: readonly string[]): void {
    this.frame.guidelines = guidelines;
    this.version.value++;
  }

  load(doc: Annotation | null): void {
    this.state.value =
      doc === null
        ? emptyState
        : {
            regions: new Map(doc.regions.map((r) => [r.id, r])),
            relations: new Map(doc.relations.map((r) => [r.id, r])),
            answers: new Map(Object.entries(doc.answers)),
          };
    this.log = new Log();
    this.selected.value = null;
    this.marks();
  }

  commit(ops: readonly Op[]): void {
    if (ops.length === 0) return;
    this.log.push(ops);
    this.take(ops);
  }

  undo(): void {
    const ops = this.log.undo();
    if (ops !== null) this.take(ops);
  }

  redo(): void {
    const ops = this.log.redo();
    if (ops !== null) this.take(ops);
  }

  private take(ops: readonly Op[]): void {
    this.state.value = apply(this.state.value, ops);
    const chosen = this.selected.value;
    if (chosen !== null && !this.state.value.regions.has(chosen)) this.selected.value = null;
    this.marks();
    this.version.value++;
  }

  private marks(): void {
    this.canUndo.value = this.log.canUndo;
    this.canRedo.value = this.log.canRedo;
  }

  document(): Annotation {
    const s = this.state.value;
    return annotationOf(this.frame, s.regions.values(), s.relations.values(), s.answers);
  }

  region(id: string | null): Region | null {
    return id === null ? null : (this.state.value.regions.get(id) ?? null);
  }

  addRegion(r: Region): void {
    this.commit([{ c: "region", id: r.id, prev: null, next: r }]);
    this.selected.value = r.id;
  }

  setRegion(next: Region): void {
    const prev = this.region(next.id);
    if (prev !== null) this.commit([{ c: "region", id: next.id, prev, next }]);
  }

  /* A region goes with the relations that hang on it, as one gesture. */
  removeRegion(id: string): void {
    const r = this.region(id);
    if (r === null) return;
    const ops: Op[] = [];
    for (const rel of this.state.value.relations.values())
      if (rel.from === id || rel.to === id) ops.push({ c: "relation", id: rel.id, prev: rel, next: null });
    ops.push({ c: "region", id, prev: r, next: null });
    this.commit(ops);
  }

  addRelation(r: Relation): void {
    this.commit([{ c: "relation", id: r.id, prev: null, next: r }]);
  }

  removeRelation(id: string): void {
    const prev = this.state.value.relations.get(id);
    if (prev !== undefined) this.commit([{ c: "relation", id, prev, next: null }]);
  }

  setAnswer(id: string, next: Answer | null): void {
    const prev = this.state.value.answers.get(id) ?? null;
    if (JSON.stringify(prev) !== JSON.stringify(next)) this.commit([{ c: "answer", id, prev, next }]);
  }
}

/* New ids: 80 random bits, so that two tabs never name two regions alike. */
export function newId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return prefix + Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
