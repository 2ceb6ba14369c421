/* The text engine: reads the store in an effect, redraws in one animation frame, writes only through what
   its host does with a marked range. Mouse and keyboard both end in the same two calls, mark and pick. */

import { effect } from "@preact/signals";
import { trimmed, type Lines } from "../../model/offsets";
import type { Store } from "../../model/store";
import type { Region, SpanSel } from "../../model/types";
import { drawArcs, type Arc } from "./arcs";
import { Caret } from "./caret";
import { Paper, type Bar, type Look, type Mark } from "./paper";

const LONG = 400; /* lines; from here on the browser lays out only what is in sight */

export interface TextHost {
  readonly store: Store;
  readonly stream: string;
  look(label: string): Look;
  arcs(): readonly Arc[];
  /* A range was marked; `adding` asks to join it to the selected region. True if it was used. */
  mark(a: number, b: number, adding: boolean): boolean;
  pick(id: string | null): void;
  caretName: string;
  /* In review: agreed places are quiet; a place that only another reader has is outlined. */
  calm?(r: Region): boolean;
  gaps?(): readonly Region[];
}

export class TextEngine {
  readonly paper: Paper;
  readonly caret: Caret;
  /* Told after each drawing: what stands over or beside the text follows it. */
  readonly drawn = new Set<() => void>();
  private touched = new Set<number>();
  private frame = 0;
  private readonly stop: (() => void)[] = [];
  private readonly overlay: SVGSVGElement;
  private readonly body = document.createElement("div");

  constructor(
    readonly root: HTMLElement,
    lines: Lines,
    private readonly host: TextHost,
  ) {
    this.overlay = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.overlay.setAttribute("class", "arcs");
    this.overlay.setAttribute("aria-hidden", "true");
    const { body } = this;
    body.className = lines.lines.length > LONG ? "lines long" : "lines";
    body.tabIndex = 0;
    body.role = "group";
    body.ariaLabel = host.caretName;
    root.append(this.overlay, body);
    this.paper = new Paper(body, lines);
    this.caret = new Caret(root, body, this.paper);
    this.stop.push(
      effect(() => {
        const s = host.store;
        void [s.regions.value, s.relations.value, s.selected.value, s.hidden.value];
        this.ask();
      }),
    );
    /* A drag that begins in the text may end anywhere. */
    const up = (e: MouseEvent): void => this.released(e, body);
    const down = (): void => addEventListener("mouseup", up, { once: true });
    body.addEventListener("mousedown", down);
    const sizes = new ResizeObserver(() => this.ask());
    sizes.observe(body);
    this.stop.push(
      () => body.removeEventListener("mousedown", down),
      () => sizes.disconnect(),
      () => this.caret.dispose(),
    );
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    for (const f of this.stop) f();
    this.root.replaceChildren();
  }

  ask(): void {
    if (this.frame === 0)
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.draw();
      });
  }

  /* What is chosen now, by mouse or keyboard, without blank ends; null if nothing. */
  chosen(): readonly [number, number] | null {
    const r = this.caret.range();
    if (r === null) return null;
    const [a, b] = trimmed(this.paper.lines, r[0], r[1]);
    return a < b ? [a, b] : null;
  }

  reveal(id: string): void {
    this.paper.elements(id)[0]?.scrollIntoView({ block: "nearest" });
  }

  focus(): void {
    this.body.focus({ preventScroll: true });
  }

  /* Where a region stands on the screen, for a line drawn to another pane. */
  box(id: string): DOMRect | null {
    return this.paper.elements(id)[0]?.getClientRects()[0] ?? null;
  }

  private draw(): void {
    const { marks, bars } = this.laid();
    const lines = new Set([...marks.keys(), ...bars.keys()]);
    for (const i of new Set([...this.touched, ...lines])) this.paper.draw(i, marks.get(i) ?? [], bars.get(i) ?? []);
    this.touched = lines;
    drawArcs(this.overlay, this.host.arcs(), (id) => this.box(id));
    this.caret.show();
    for (const f of this.drawn) f();
  }

  private laid(): { marks: Map<number, Mark[]>; bars: Map<number, Bar[]> } {
    const marks = new Map<number, Mark[]>(),
      bars = new Map<number, Bar[]>();
    const { store, stream } = this.host,
      selected = store.selected.value,
      hidden = store.hidden.value;
    for (const r of store.regions.value.values())
      if (r.stream === stream && !hidden.has(r.id)) this.lay(r, r.id === selected, false, marks, bars);
    for (const r of this.host.gaps?.() ?? []) if (r.stream === stream) this.lay(r, false, true, marks, bars);
    return { marks, bars };
  }

  private lay(r: Region, on: boolean, gap: boolean, marks: Map<number, Mark[]>, bars: Map<number, Bar[]>): void {
    const look = this.host.look(r.label),
      sel = r.sel as SpanSel,
      all = this.paper.lines;
    const calm = !on && (this.host.calm?.(r) ?? false);
    let first = true;
    for (const [a, b] of sel.parts)
      for (let i = all.at(a); i < all.lines.length; i++) {
        const l = all.lines[i];
        if (l === undefined || l.start >= b) break;
        const from = Math.max(0, a - l.start),
          to = Math.min(l.length, b - l.start);
        if (sel.t === "section" && !gap) add(bars, i, { id: r.id, look, first, on });
        if (from < to && (sel.t === "span" || on))
          add(marks, i, { id: r.id, a: from, b: to, first: first && sel.t === "span", look, on, calm, gap });
        first = false;
      }
  }

  private released(e: MouseEvent, body: HTMLElement): void {
    const target = e.target instanceof Element ? e.target : null;
    if (e.button !== 0) return;
    this.caret.take();
    const r = this.chosen();
    if (r === null) {
      if (body.contains(target)) this.host.pick(target?.closest<HTMLElement>("[data-r]")?.dataset["r"] ?? null);
      return;
    }
    if (this.host.mark(r[0], r[1], e.ctrlKey || e.metaKey || e.altKey)) this.caret.collapse();
  }
}

function add<T>(map: Map<number, T[]>, i: number, x: T): void {
  const list = map.get(i);
  if (list === undefined) map.set(i, [x]);
  else list.push(x);
}
