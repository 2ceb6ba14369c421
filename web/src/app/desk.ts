/* Everything that one open item needs, fetched and made ready: schema, guidelines, stream bytes, the store
   with the work so far, and its autosave. */

import { signal } from "@preact/signals";
import { Lines } from "../model/offsets";
import { Store } from "../model/store";
import type { RasterEngine } from "../engines/raster/engine";
import type { Annotation, Guideline, Hash, Streams } from "../model/types";
import type { Ground } from "../model/validate/annotation";
import type { Loaded } from "../schema/load";
import { letters } from "../schema/letters";
import { get, request } from "./api";
import { Autosave } from "./autosave";
import { keep, kept } from "./kept";
import { guidelinesOf, schemaOf } from "./pinned";
import { isOpen, type Assignment, type GuidelineChange, type StreamFull } from "./records";
import { lang } from "./settings";

export interface Pane {
  readonly id: string;
  readonly brief: StreamFull;
  readonly text: Lines | null;
  readonly image: ImageBitmap | null;
  /* The engine that draws the picture: fetched beside its bytes, by those who have pictures. */
  readonly raster: typeof RasterEngine | null;
  readonly fault: "missing" | "unreadable" | "unknown" | null;
}

export async function openPane(s: StreamFull, by: string): Promise<Pane> {
  const pane = { id: s.id, brief: s, text: null, image: null, raster: null };
  if (s.missing === true) return { ...pane, fault: "missing" };
  if (s.kind !== "text" && s.kind !== "image") return { ...pane, fault: "unknown" };
  const [r, raster] = await Promise.all([
    request("GET", `/api/streams/${s.stream.sha256.replace("sha256:", "")}?${by}`),
    s.kind === "image" ? import("../parts/picture").then((m) => m.RasterEngine) : null,
  ]);
  try {
    if (s.kind === "image")
      return {
        ...pane,
        image: await createImageBitmap(await r.blob(), { imageOrientation: "none" }),
        raster,
        fault: null,
      };
    const bytes = await r.arrayBuffer();
    return {
      ...pane,
      text: new Lines(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)),
      fault: null,
    };
  } catch {
    return { ...pane, fault: "unreadable" };
  }
}

export function streamsOf(list: readonly StreamFull[]): Streams {
  return Object.fromEntries(list.map((s) => [s.id, s.stream]));
}

export interface Subject {
  item: { id: string };
  schema: Hash;
  guidelines: Record<string, Hash>;
  changes?: GuidelineChange[];
  streams: readonly StreamFull[];
}

export function emptyStore(a: Subject): Store {
  return new Store({
    item: a.item.id,
    schema: a.schema,
    guidelines: Object.values(a.guidelines),
    streams: Object.fromEntries(a.streams.map((s) => [s.id, s.stream.sha256])),
  });
}

/* What the commands and panels of marking work on: an annotator's item, or a reviewer's result. */
export class Bench {
  readonly store: Store;
  readonly ground: Ground;
  /* The label that a mark gets; null: marks wait for a label's key. */
  readonly label = signal<{ task: string; label: string } | null>(null);
  readonly focus = signal<string>("");
  readonly tool = signal<"select" | "box" | "point" | "window" | "pan" | "relation">("select");
  /* The first end of a relation that is being drawn. */
  readonly joining = signal<string | null>(null);
  /* Fields with something typed that is not yet a value: shown as not saved. */
  readonly held = signal<ReadonlySet<string>>(new Set());
  readonly letters: ReadonlyMap<string, string>;
  /* What the guidelines in force say otherwise than those that the person has read. */
  readonly unread = signal<readonly GuidelineChange[]>([]);

  constructor(
    readonly subject: Subject,
    base: Annotation | null,
    readonly readOnly: boolean,
    readonly schema: Loaded,
    readonly guidelines: Map<string, Guideline>,
    readonly panes: readonly Pane[],
  ) {
    this.store = emptyStore(subject);
    this.ground = { schema, hash: subject.schema, streams: streamsOf(subject.streams), base };
    this.letters = letters(schema.schema, lang.peek());
    this.focus.value = panes[0]?.id ?? "";
    if (!readOnly) this.unread.value = subject.changes ?? [];
  }

  hold(field: string, held: boolean): void {
    if (this.held.peek().has(field) === held) return;
    const next = new Set(this.held.peek());
    if (held) next.add(field);
    else next.delete(field);
    this.held.value = next;
  }

  dispose(): void {
    for (const p of this.panes) p.image?.close();
  }
}

export class Desk extends Bench {
  readonly save: Autosave;

  constructor(
    readonly assignment: Assignment,
    schema: Loaded,
    guidelines: Map<string, Guideline>,
    panes: readonly Pane[],
  ) {
    const a = assignment,
      gone = a.streams.some((s) => s.missing === true);
    super(a, a.revision?.doc ?? null, gone || !isOpen(a), schema, guidelines, panes);
    const doc = a.draft?.doc ?? a.revision?.doc ?? null;
    this.store.load(doc);
    /* Not read yet: what is changed meanwhile is kept under the versions it was begun under. */
    if (doc !== null && this.unread.value.length > 0) this.store.frame.guidelines = doc.guidelines;
    this.save = new Autosave(this.store, `/api/assignments/${a.id}/draft`, a.draft?.n ?? 0, a.draft?.saved_ms ?? null);
  }

  /* Handed in is what the guidelines in force ask for, also where nothing was changed since. */
  repin(): void {
    const doc = this.assignment.draft?.doc ?? this.assignment.revision?.doc,
      pins = [...this.store.frame.guidelines].sort().join();
    if (doc !== undefined && this.store.version.peek() === 0 && doc.guidelines.join() !== pins)
      this.store.pin(this.store.frame.guidelines);
  }

  override dispose(): void {
    this.save.dispose();
    super.dispose();
  }
}

export async function leaveDesk(desk: Desk): Promise<void> {
  if (await desk.save.flush()) return desk.dispose();
  const id = desk.assignment.id;
  keep(id, desk);
  const stop = desk.save.state.subscribe((s) => {
    if (s.kind !== "saved" || kept.peek().get(id) !== desk) return;
    keep(id, null);
    queueMicrotask(() => {
      stop();
      desk.dispose();
    });
  });
}

export async function openDesk(id: string): Promise<Desk> {
  const waiting = kept.peek().get(id);
  if (waiting !== undefined) {
    keep(id, null);
    void waiting.save.flush();
    return waiting;
  }
  const a = await get<Assignment>(`/api/assignments/${encodeURIComponent(id)}`);
  const [schema, guidelines, panes] = await Promise.all([
    schemaOf(a.schema),
    guidelinesOf(a.guidelines),
    Promise.all(a.streams.map((s) => openPane(s, `assignment=${encodeURIComponent(a.id)}`))),
  ]);
  return new Desk(a, schema, guidelines, panes);
}
