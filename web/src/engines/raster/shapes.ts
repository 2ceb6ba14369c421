/* Boxes and points over the picture as SVG in screen pixels, so that strokes and handles keep their size at
   any zoom. Hue, dash and letter come from the label's class. */

import type { PointSel, RectSel } from "../../model/types";
import type { Look } from "../text/paper";
import { HANDLES, handleSpot, toScreen, type View } from "./view";

const NS = "http://www.w3.org/2000/svg";
const CHIP = 15;
const HANDLE = 7;

export interface Drawn {
  readonly id: string;
  readonly sel: RectSel | PointSel;
  readonly look: Look;
  readonly on: boolean;
  readonly handles: boolean;
  readonly layer?: string;
}

export function el(name: string, attrs: Readonly<Record<string, string | number>>, parent: Element): SVGElement {
  const n = document.createElementNS(NS, name);
  for (const [k, v] of Object.entries(attrs)) n.setAttribute(k, String(v));
  parent.append(n);
  return n;
}

export function drawShape(d: Drawn, view: View, parent: Element): void {
  const g = el(
    "g",
    { class: `L${d.look.color + 1} region${d.on ? " on" : ""} ${d.layer ?? ""}`, "data-r": d.id },
    parent,
  );
  if (d.sel.t === "rect") drawRect(d, d.sel, view, g);
  else drawPoint(d, d.sel, view, g);
}

function screenRect(sel: RectSel, view: View): { x: number; y: number; width: number; height: number } {
  const a = toScreen(view, { x: sel.x / 1000, y: sel.y / 1000 });
  return { x: a.x, y: a.y, width: (sel.w / 1000) * view.scale, height: (sel.h / 1000) * view.scale };
}

function drawRect(d: Drawn, sel: RectSel, view: View, g: Element): void {
  const r = screenRect(sel, view);
  const spun =
    sel.rot !== undefined && sel.rot !== 0
      ? { transform: `rotate(${sel.rot / 1000} ${r.x + r.width / 2} ${r.y + r.height / 2})` }
      : {};
  el("rect", { class: "halo", ...r, ...spun }, g);
  el("rect", { class: `shape${d.on ? " on" : ""}`, ...r, ...spun }, g);
  /* Two readers' boxes often begin at one corner: the second's letter stands at the other. */
  const x = d.layer?.split(" ").includes("rb") === true ? r.x + r.width - CHIP : r.x;
  chip(d, x, r.y - CHIP - 2 < 0 ? r.y + 2 : r.y - CHIP - 2, g);
  if (!d.handles || spun.transform !== undefined) return;
  for (const h of HANDLES) {
    const s = toScreen(view, handleSpot(sel, h));
    el(
      "rect",
      { class: `hd h-${h}`, "data-h": h, x: s.x - HANDLE / 2, y: s.y - HANDLE / 2, width: HANDLE, height: HANDLE },
      g,
    );
  }
}

function drawPoint(d: Drawn, sel: PointSel, view: View, g: Element): void {
  const s = toScreen(view, { x: sel.x / 1000, y: sel.y / 1000 }),
    n = d.on ? 9 : 7;
  const cross = `M${s.x - n} ${s.y}H${s.x - 2}M${s.x + 2} ${s.y}H${s.x + n}M${s.x} ${s.y - n}V${s.y - 2}M${s.x} ${s.y + 2}V${s.y + n}`;
  el("circle", { class: "hit", cx: s.x, cy: s.y, r: 12 }, g);
  el("path", { class: "halo", d: cross }, g);
  el("path", { class: "shape nofill solid", d: cross }, g);
  if (d.on) el("circle", { class: "shape nofill", cx: s.x, cy: s.y, r: 11 }, g);
  chip(d, s.x + 9, s.y - CHIP - 5, g);
}

function chip(d: Drawn, x: number, y: number, g: Element): void {
  if (d.look.letter === "") return;
  el("rect", { class: "fchip", x, y, width: CHIP, height: CHIP, rx: 3 }, g);
  el("text", { class: "fchipt", x: x + CHIP / 2, y: y + CHIP - 4 }, g).textContent = d.look.letter;
}

export function drawGhost(sel: RectSel | PointSel, view: View, parent: Element): void {
  if (sel.t === "rect") el("rect", { class: "rav", ...screenRect(sel, view) }, parent);
  else {
    const s = toScreen(view, { x: sel.x / 1000, y: sel.y / 1000 });
    el("circle", { class: "rav", cx: s.x, cy: s.y, r: 6 }, parent);
  }
}

export function drawHud(lines: readonly [string, string], pane: { w: number; h: number }, parent: Element): void {
  const g = el("g", { class: "hud" }, parent);
  lines.forEach((s, i) => {
    const y = i === 0 ? 8 : pane.h - 25,
      w = s.length * 5.8 + 14;
    el("rect", { x: pane.w - 8 - w, y, width: w, height: 17, rx: 3 }, g);
    el("text", { x: pane.w - 15, y: y + 12, "text-anchor": "end" }, g).textContent = s;
  });
}
