/* The reviewer's result while it grows: which groups and questions are decided, and how. Every decision is an
   op of the one store, so that undo walks decisions and edits alike. What must be remembered beside the
   document ("nothing here", "this answer is settled") stands in the store's answers under a name with ~ and
   is left out of the document. */

import { Bench, type Pane } from "../../app/desk";
import type { ItemWork } from "../../app/records";
import { byCode } from "../../model/canonical";
import { average, match, type Group } from "../../model/match";
import type { Op } from "../../model/ops";
import { newId } from "../../model/store";
import type { Annotation, Answer, Guideline, Question, Region, Relation, Revision } from "../../model/types";
import type { Loaded } from "../../schema/load";

export interface Reader {
  readonly assignment: string;
  readonly letter: string;
  readonly annotator: string;
  readonly revision: Revision;
}
export type Kind = "agreed" | "reader" | "average" | "edited" | "nothing" | "own";
export interface Decision {
  readonly kind: Kind;
  readonly reader?: number;
}

const NOTHING = "~nothing ";
const SETTLED = "~settled ";

export class Result {
  readonly readers: readonly Reader[];
  readonly groups: readonly Group[];
  readonly questions: readonly Question[];
  readonly bench: Bench;

  constructor(
    readonly work: ItemWork,
    schema: Loaded,
    guidelines: Map<string, Guideline>,
    panes: readonly Pane[],
    readOnly: boolean,
  ) {
    /* What was merged before stands beside readings that came in again, and is no reading. */
    const anew = work.work.some((w) => w.state === "in_review" || w.state === "submitted");
    this.readers = work.work
      .flatMap((w) =>
        w.revision === null || w.state === "skipped" || (anew && w.state === "adjudicated")
          ? []
          : [{ assignment: w.assignment, annotator: w.annotator, revision: w.revision }],
      )
      .map((r, i) => ({ ...r, letter: String.fromCharCode(65 + i) }));
    const docs = this.docs;
    this.groups = match(docs);
    this.questions = schema.schema.questions.filter((q) => docs.some((d) => d.answers[q.id] !== undefined));
    this.bench = new Bench(work, docs[0] ?? null, readOnly, schema, guidelines, panes);
    this.bench.store.load(this.begin());
  }

  get docs(): readonly Annotation[] {
    return this.readers.map((r) => r.revision.doc);
  }
  get alone(): boolean {
    return this.readers.length === 1;
  }
  private get store(): Bench["store"] {
    return this.bench.store;
  }

  /* Agreed places and answers need no key. A single reader's work stands until the reviewer changes it. */
  private begin(): Annotation {
    const regions = this.groups.flatMap((g) => (g.state === "agreed" || this.alone ? [this.taken(g, 0)] : [])),
      answers: Record<string, Answer> = {};
    for (const q of this.questions) if (this.settledByAll(q)) answers[q.id] = this.docs[0]?.answers[q.id] as Answer;
    const doc = { ...(this.docs[0] as Annotation), regions, relations: [], answers };
    return { ...doc, relations: this.relationsOf(regions) };
  }

  settledByAll(q: Question): boolean {
    const all = this.docs.map((d) => JSON.stringify(d.answers[q.id] ?? null));
    return all.every((a) => a === all[0]);
  }

  private source(reader: number, r: Region): string {
    return `${this.readers[reader]?.revision.doc_hash ?? ""}#${r.id}`;
  }

  /* One reader's region as part of the result, naming all that it settles. Alone it keeps its own id. */
  private taken(g: Group, reader: number): Region {
    const r = (g.members[reader] ?? g.members.find((m) => m !== null)) as Region;
    if (this.alone) return r;
    const from = g.members.flatMap((m, i) => (m === null ? [] : [this.source(i, m)])).sort(byCode);
    return { ...r, id: newId("r"), origin: r.origin, from };
  }

  inResult(g: Group): Region | null {
    const sources = new Set(g.members.flatMap((m, i) => (m === null ? [] : [this.alone ? m.id : this.source(i, m)])));
    for (const r of this.store.state.value.regions.values())
      if (this.alone ? sources.has(r.id) : r.from?.some((f) => sources.has(f)) === true) return r;
    return null;
  }

  decision(g: Group): Decision | null {
    const now = this.inResult(g);
    if (now === null)
      return this.store.state.value.answers.has(NOTHING + g.key) || this.alone ? { kind: "nothing" } : null;
    const like = (m: Region | null): boolean =>
      m !== null &&
      JSON.stringify([m.label, m.sel, m.attrs ?? {}]) === JSON.stringify([now.label, now.sel, now.attrs ?? {}]);
    const at = g.members.findIndex(like);
    if (at >= 0) return g.state === "agreed" ? { kind: "agreed" } : { kind: "reader", reader: at };
    return JSON.stringify(now.sel) === JSON.stringify(average(g)) ? { kind: "average" } : { kind: "edited" };
  }

  answerDecision(q: Question): Decision | null {
    const now = this.store.state.value.answers.get(q.id),
      all = this.docs.map((d) => d.answers[q.id]);
    if (this.settledByAll(q) && JSON.stringify(now) === JSON.stringify(all[0])) return { kind: "agreed" };
    if (now === undefined && !this.store.state.value.answers.has(SETTLED + q.id) && !this.alone) return null;
    const at = all.findIndex((a) => JSON.stringify(a) === JSON.stringify(now));
    return at >= 0 ? { kind: "reader", reader: at } : { kind: "own" };
  }

  private replace(g: Group, next: Region | null): void {
    const before = this.inResult(g),
      ops: Op[] = [],
      mark = NOTHING + g.key,
      had = this.store.state.peek().answers.get(mark) ?? null;
    const id = before?.id ?? next?.id ?? "";
    if (before !== null || next !== null)
      ops.push({ c: "region", id, prev: before, next: next === null ? null : { ...next, id } });
    if ((next === null) !== (had !== null))
      ops.push({ c: "answer", id: mark, prev: had, next: next === null ? true : null });
    if (next === null)
      for (const r of this.store.state.peek().relations.values())
        if (r.from === id || r.to === id) ops.unshift({ c: "relation", id: r.id, prev: r, next: null });
    if (next !== null) ops.push(...this.joining(g, { ...next, id }));
    this.store.commit(ops);
  }

  take(g: Group, reader: number): boolean {
    if (g.members[reader] == null) return false;
    this.replace(g, this.taken(g, reader));
    return true;
  }

  takeAverage(g: Group): boolean {
    const sel = average(g);
    if (sel === null) return false;
    this.replace(g, { ...this.taken(g, 0), sel });
    return true;
  }

  nothing(g: Group): void {
    this.replace(g, null);
  }

  takeAnswer(q: Question, reader: number): void {
    const next = this.docs[reader]?.answers[q.id] ?? null,
      state = this.store.state.peek(),
      mark = SETTLED + q.id;
    const ops: Op[] = [{ c: "answer", id: q.id, prev: state.answers.get(q.id) ?? null, next }];
    if (!state.answers.has(mark)) ops.push({ c: "answer", id: mark, prev: null, next: true });
    this.store.commit(ops);
  }

  /* Relations that a reader drew between two places which now both stand in the result. */
  private relationsOf(regions: readonly Region[]): Relation[] {
    if (this.alone) return [...(this.docs[0]?.relations ?? [])];
    const out: Relation[] = [];
    this.docs.forEach((d, reader) => {
      const find = (id: string): Region | undefined =>
        regions.find((r) => r.from?.includes(`${this.readers[reader]?.revision.doc_hash ?? ""}#${id}`) === true);
      for (const rel of d.relations) {
        const a = find(rel.from),
          b = find(rel.to);
        if (
          a === undefined ||
          b === undefined ||
          out.some((o) => o.type === rel.type && o.from === a.id && o.to === b.id)
        )
          continue;
        const turned = this.bench?.schema.relations.get(rel.type)?.symmetric === true && a.id > b.id;
        out.push({ id: newId("k"), type: rel.type, from: turned ? b.id : a.id, to: turned ? a.id : b.id });
      }
    });
    return out;
  }

  private joining(g: Group, next: Region): Op[] {
    if (this.alone) return [];
    const state = this.store.state.peek(),
      regions = [...state.regions.values()].filter((r) => r.id !== next.id).concat(next);
    const has = (r: Relation): boolean =>
      [...state.relations.values()].some((o) => o.type === r.type && o.from === r.from && o.to === r.to);
    void g;
    return this.relationsOf(regions)
      .filter((r) => (r.from === next.id || r.to === next.id) && !has(r))
      .map((r) => ({ c: "relation" as const, id: r.id, prev: null, next: r }));
  }

  get openCount(): number {
    return (
      this.groups.filter((g) => this.decision(g) === null).length +
      this.questions.filter((q) => this.answerDecision(q) === null).length
    );
  }

  get conflicts(): number {
    return this.alone
      ? 0
      : this.groups.filter((g) => g.state !== "agreed").length +
          this.questions.filter((q) => !this.settledByAll(q)).length;
  }

  document(): Annotation {
    const doc = this.store.document();
    return { ...doc, answers: Object.fromEntries(Object.entries(doc.answers).filter(([k]) => !k.startsWith("~"))) };
  }

  /* Has the reviewer changed a single reader's work at all? */
  get changed(): boolean {
    const plain = (d: Annotation | undefined): string => JSON.stringify([d?.regions, d?.relations, d?.answers]);
    const mine = this.document(),
      theirs = this.docs[0];
    return (
      plain(mine) !==
      plain(
        theirs === undefined
          ? undefined
          : { ...theirs, answers: Object.fromEntries(Object.entries(theirs.answers).sort(([a], [b]) => byCode(a, b))) },
      )
    );
  }
}
