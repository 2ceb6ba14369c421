/* The raster engine: zoom, pan, window, boxes and points on one picture. Reads the store in an effect, redraws
   in one animation frame; a drag is shown as it goes and becomes one change when it ends. */

import { effect, signal } from "@preact/signals";
import type { Store } from "../../model/store";
import type { PointSel, RectSel, Region } from "../../model/types";
import type { Look } from "../text/paper";
import { Pixels, PLAIN, type Window } from "./pixels";
import { drawGhost, drawHud, drawShape, el } from "./shapes";
import {
  centred,
  fitted,
  moved,
  panned,
  rectOf,
  resized,
  thousandths,
  toPicture,
  zoomed,
  type Handle,
  type Size,
  type Spot,
  type View,
} from "./view";

export type Tool = "select" | "box" | "point" | "window" | "pan" | "relation";
export type Drawable = RectSel | PointSel;

export interface RasterHost {
  readonly store: Store;
  readonly stream: string;
  readonly name: string;
  tool(): Tool;
  look(label: string): Look;
  /* A place was drawn. True if it became a region; else it stays as a ghost and waits for a label. */
  mark(sel: Drawable): boolean;
  /* A region was moved or resized to `sel`. */
  change(r: Region, sel: Drawable): void;
  pick(id: string | null): void;
  hud(v: View, w: Window, picture: Size): readonly [string, string];
  /* In review: a class that says whose shape this is. */
  layer?(r: Region): string;
  readOnly?: boolean;
}

type Drag =
  | { kind: "pan"; from: Spot; view: View }
  | { kind: "window"; from: Spot; window: Window }
  | { kind: "draw"; from: Spot }
  | { kind: "move"; from: Spot; region: Region; sel: Drawable }
  | { kind: "resize"; region: Region; sel: RectSel; handle: Handle };

const NUDGE = 1000; /* one source pixel */

export class RasterEngine {
  readonly view = signal<View>({ scale: 1, x: 0, y: 0 });
  readonly window = signal<Window>(PLAIN);
  readonly pending = signal<Drawable | null>(null);
  private readonly pixels: Pixels;
  private readonly svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  private readonly picture: Size;
  private pane: Size = { w: 1, h: 1 };
  private drag: Drag | null = null;
  private shown: { id: string; sel: Drawable } | null = null; /* the region under the drag, as it would be */
  private frame = 0;
  private fit = true;
  private readonly stop: (() => void)[] = [];

  constructor(
    private readonly root: HTMLElement,
    bitmap: ImageBitmap,
    private readonly host: RasterHost,
  ) {
    this.picture = { w: bitmap.width, h: bitmap.height };
    this.pixels = new Pixels(bitmap);
    this.svg.setAttribute("class", "shapes");
    this.svg.setAttribute("aria-hidden", "true");
    root.append(this.pixels.canvas, this.svg);
    this.stop.push(
      effect(() => {
        const s = host.store;
        void [
          s.regions.value,
          s.selected.value,
          s.hidden.value,
          this.view.value,
          this.window.value,
          this.pending.value,
          host.tool(),
        ];
        this.ask();
      }),
    );
    this.listen();
    const sizes = new ResizeObserver(() => this.measure());
    sizes.observe(root);
    this.stop.push(() => sizes.disconnect());
    this.measure();
  }

  private listen(): void {
    const on = <K extends keyof HTMLElementEventMap>(name: K, f: (e: HTMLElementEventMap[K]) => void): void => {
      this.root.addEventListener(name, f, { passive: false });
      this.stop.push(() => this.root.removeEventListener(name, f));
    };
    on("pointerdown", (e) => this.down(e));
    on("pointermove", (e) => this.move(e));
    on("pointerup", (e) => this.up(e));
    on("pointercancel", () => this.end());
    on("wheel", (e) => {
      e.preventDefault();
      this.zoom(Math.exp(-e.deltaY * 0.0016), this.spot(e));
    });
    on("keydown", (e) => this.key(e));
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    for (const f of this.stop) f();
    this.root.replaceChildren();
  }

  private measure(): void {
    this.pane = { w: this.root.clientWidth || 1, h: this.root.clientHeight || 1 };
    if (this.fit) this.view.value = fitted(this.picture, this.pane);
    this.ask();
  }

  reset(): void {
    this.fit = true;
    this.view.value = fitted(this.picture, this.pane);
    this.window.value = PLAIN;
  }

  zoom(by: number, at: Spot = { x: this.pane.w / 2, y: this.pane.h / 2 }): void {
    this.fit = false;
    this.view.value = zoomed(this.view.peek(), by, at);
  }

  invert(): void {
    this.window.value = { ...this.window.peek(), invert: !this.window.peek().invert };
  }

  /* For the keyboard: a box or a point in the middle of what is in view. */
  place(kind: "rect" | "point"): void {
    const c = toPicture(this.view.peek(), { x: this.pane.w / 2, y: this.pane.h / 2 });
    const spot = thousandths({ x: Math.round(c.x), y: Math.round(c.y) }, this.picture);
    const sel: Drawable | null =
      kind === "rect" ? centred(this.view.peek(), this.pane, this.picture) : { t: "point", frame: 0, ...spot };
    if (sel !== null) this.offer(sel);
  }

  /* Where a region stands on the screen, for a line drawn to another pane. */
  box(id: string): DOMRect | null {
    return this.svg.querySelector(`[data-r="${CSS.escape(id)}"] .shape`)?.getBoundingClientRect() ?? null;
  }

  reveal(id: string): void {
    const r = this.host.store.region(id),
      b = this.box(id),
      o = this.root.getBoundingClientRect();
    if (r === null || b === null || (b.right > o.left && b.left < o.right && b.bottom > o.top && b.top < o.bottom))
      return;
    this.fit = false;
    this.view.value = panned(
      this.view.peek(),
      o.left + o.width / 2 - (b.left + b.width / 2),
      o.top + o.height / 2 - (b.top + b.height / 2),
    );
  }

  private ask(): void {
    if (this.frame === 0)
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.draw();
      });
  }

  private draw(): void {
    const view = this.view.peek(),
      { store, stream } = this.host,
      chosen = store.selected.peek(),
      hidden = store.hidden.peek();
    this.pixels.draw(view, this.pane, this.window.peek());
    this.svg.setAttribute("viewBox", `0 0 ${this.pane.w} ${this.pane.h}`);
    this.svg.replaceChildren();
    const list = [...store.regions.peek().values()].filter((r) => r.stream === stream && !hidden.has(r.id));
    list.sort((a, b) => Number(a.id === chosen) - Number(b.id === chosen) || area(b) - area(a));
    for (const r of list) {
      const on = r.id === chosen,
        sel = this.shown?.id === r.id ? this.shown.sel : r.sel;
      if (sel.t === "rect" || sel.t === "point")
        drawShape(
          {
            id: r.id,
            sel,
            look: this.host.look(r.label),
            on,
            handles: on && this.host.readOnly !== true && this.host.tool() !== "relation",
            layer: this.host.layer?.(r) ?? "",
          },
          view,
          this.svg,
        );
    }
    const ghost = this.pending.peek();
    if (ghost !== null) drawGhost(ghost, view, this.svg);
    drawHud(this.host.hud(view, this.window.peek(), this.picture), this.pane, this.svg);
    this.root.dataset["tool"] = this.host.tool();
    el("title", {}, this.svg).textContent = this.host.name;
  }

  private spot(e: MouseEvent): Spot {
    const o = this.root.getBoundingClientRect();
    return { x: e.clientX - o.left, y: e.clientY - o.top };
  }

  private down(e: PointerEvent): void {
    if (e.button > 1) return;
    const at = this.spot(e),
      tool = this.host.tool(),
      target = e.target as Element;
    this.drag =
      e.button === 1 || tool === "pan"
        ? { kind: "pan", from: at, view: this.view.peek() }
        : tool === "window"
          ? { kind: "window", from: at, window: this.window.peek() }
          : this.onRegion(target, at, tool);
    this.root.focus({ preventScroll: true });
    this.root.setPointerCapture(e.pointerId);
    e.preventDefault();
  }

  private onRegion(target: Element, at: Spot, tool: Tool): Drag | null {
    const store = this.host.store,
      handle = target.getAttribute("data-h") as Handle | null;
    const id = target.closest("[data-r]")?.getAttribute("data-r") ?? null,
      r = store.region(id);
    if (handle !== null && r !== null && r.sel.t === "rect") return { kind: "resize", region: r, sel: r.sel, handle };
    if (tool === "box") return { kind: "draw", from: at };
    if (tool === "point" && (r === null || r.sel.t !== "point")) {
      this.offer({ t: "point", frame: 0, ...thousandths(toPicture(this.view.peek(), at), this.picture) });
      return null;
    }
    this.host.pick(id);
    if (tool === "relation") return null;
    if (r === null || this.host.readOnly === true) return { kind: "pan", from: at, view: this.view.peek() };
    return r.sel.t === "rect" || r.sel.t === "point" ? { kind: "move", from: at, region: r, sel: r.sel } : null;
  }

  private move(e: PointerEvent): void {
    const d = this.drag,
      at = this.spot(e),
      v = this.view.peek();
    if (d === null) return;
    switch (d.kind) {
      case "pan":
        this.fit = false;
        this.view.value = panned(d.view, at.x - d.from.x, at.y - d.from.y);
        return;
      case "window":
        this.setWindow(d.window.width + (at.x - d.from.x), d.window.level - (at.y - d.from.y));
        return;
      case "draw":
        this.pending.value = rectOf(toPicture(v, d.from), toPicture(v, at), this.picture);
        return;
      case "move": {
        const k = 1000 / v.scale;
        this.shown = { id: d.region.id, sel: moved(d.sel, (at.x - d.from.x) * k, (at.y - d.from.y) * k, this.picture) };
        return this.ask();
      }
      case "resize":
        this.shown = { id: d.region.id, sel: resized(d.sel, d.handle, toPicture(v, at), this.picture) };
        return this.ask();
    }
  }

  private up(e: PointerEvent): void {
    const d = this.drag,
      at = this.spot(e);
    this.drag = null;
    if (d?.kind === "draw") {
      const sel = rectOf(toPicture(this.view.peek(), d.from), toPicture(this.view.peek(), at), this.picture);
      const real = sel !== null && Math.hypot(at.x - d.from.x, at.y - d.from.y) > 4;
      this.pending.value = null;
      if (real) this.offer(sel);
      else this.host.pick((e.target as Element).closest("[data-r]")?.getAttribute("data-r") ?? null);
    } else if ((d?.kind === "move" || d?.kind === "resize") && this.shown !== null) {
      this.host.change(d.region, this.shown.sel);
    }
    this.end();
  }

  private end(): void {
    this.drag = null;
    this.shown = null;
    this.ask();
  }

  private offer(sel: Drawable): void {
    this.pending.value = this.host.mark(sel) ? null : sel;
  }

  private setWindow(width: number, level: number): void {
    const within = (n: number, a: number, b: number): number => Math.max(a, Math.min(b, Math.round(n)));
    this.window.value = { ...this.window.peek(), width: within(width, 4, 512), level: within(level, 0, 255) };
  }

  private key(e: KeyboardEvent): void {
    const dir: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const d = dir[e.key];
    if (d === undefined || e.altKey) return;
    e.preventDefault();
    e.stopPropagation();
    const [x, y] = d,
      by = NUDGE * (e.shiftKey ? 10 : 1),
      r = this.host.store.region(this.host.store.selected.peek());
    if (this.host.tool() === "window") {
      const w = this.window.peek(),
        step = e.shiftKey ? 10 : 2;
      return this.setWindow(w.width + x * step, w.level - y * step);
    }
    const target = this.pending.peek() ?? (r?.stream === this.host.stream ? r.sel : null);
    if (target === null || (target.t !== "rect" && target.t !== "point")) {
      this.fit = false;
      this.view.value = panned(this.view.peek(), -x * 40, -y * 40);
      return;
    }
    const next =
      (e.ctrlKey || e.metaKey) && target.t === "rect"
        ? grown(target, x * by, y * by, this.picture)
        : moved(target, x * by, y * by, this.picture);
    if (this.pending.peek() !== null) this.pending.value = next;
    else if (r !== null) this.host.change(r, next);
  }
}

function grown(sel: RectSel, dw: number, dh: number, picture: Size): RectSel {
  const w = Math.max(1, Math.min(picture.w * 1000 - sel.x, sel.w + dw)),
    h = Math.max(1, Math.min(picture.h * 1000 - sel.y, sel.h + dh));
  return { ...sel, w, h };
}

function area(r: Region): number {
  return r.sel.t === "rect" ? r.sel.w * r.sel.h : 0;
}
