/* Where the picture stands in its pane: screen = picture * scale + offset. Pure arithmetic; pictures are in
   source pixels here, selectors in thousandths of them. */

import type { PointSel, RectSel } from "../../model/types";

export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}
export interface Size {
  readonly w: number;
  readonly h: number;
}
export interface Spot {
  readonly x: number;
  readonly y: number;
}

const MIN_SCALE = 0.02;
const MAX_SCALE = 32;

export function fitted(picture: Size, pane: Size): View {
  const scale = Math.min(pane.w / picture.w, pane.h / picture.h, MAX_SCALE) || 1;
  return { scale, x: (pane.w - picture.w * scale) / 2, y: (pane.h - picture.h * scale) / 2 };
}

/* The spot under the pointer stays under the pointer. */
export function zoomed(v: View, by: number, at: Spot): View {
  const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, v.scale * by)),
    k = scale / v.scale;
  return { scale, x: at.x - (at.x - v.x) * k, y: at.y - (at.y - v.y) * k };
}

export function panned(v: View, dx: number, dy: number): View {
  return { ...v, x: v.x + dx, y: v.y + dy };
}

export function toPicture(v: View, s: Spot): Spot {
  return { x: (s.x - v.x) / v.scale, y: (s.y - v.y) / v.scale };
}

export function toScreen(v: View, s: Spot): Spot {
  return { x: s.x * v.scale + v.x, y: s.y * v.scale + v.y };
}

const clamp = (n: number, max: number): number => Math.max(0, Math.min(max, Math.round(n)));

/* A spot of the picture in thousandths of a pixel, kept inside; both edges count. */
export function thousandths(s: Spot, picture: Size): Spot {
  return { x: clamp(s.x * 1000, picture.w * 1000), y: clamp(s.y * 1000, picture.h * 1000) };
}

export function rectOf(a: Spot, b: Spot, picture: Size): RectSel | null {
  const p = thousandths(a, picture),
    q = thousandths(b, picture);
  const w = Math.abs(p.x - q.x),
    h = Math.abs(p.y - q.y);
  return w === 0 || h === 0 ? null : { t: "rect", frame: 0, x: Math.min(p.x, q.x), y: Math.min(p.y, q.y), w, h };
}

export function moved<T extends RectSel | PointSel>(sel: T, dx: number, dy: number, picture: Size): T {
  const w = sel.t === "rect" ? sel.w : 0,
    h = sel.t === "rect" ? sel.h : 0;
  return { ...sel, x: clamp(sel.x + dx, picture.w * 1000 - w), y: clamp(sel.y + dy, picture.h * 1000 - h) };
}

export type Handle = "nw" | "n" | "ne" | "e" | "se" | "s" | "sw" | "w";
export const HANDLES: readonly Handle[] = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];

export function handleSpot(sel: RectSel, h: Handle): Spot {
  const x = h.includes("w") ? 0 : h.includes("e") ? 1 : 0.5,
    y = h.includes("n") ? 0 : h.includes("s") ? 1 : 0.5;
  return { x: (sel.x + sel.w * x) / 1000, y: (sel.y + sel.h * y) / 1000 };
}

/* Pulls one handle to a spot; a box never gets thinner than one thousandth. */
export function resized(sel: RectSel, h: Handle, to: Spot, picture: Size): RectSel {
  const p = thousandths(to, picture),
    right = sel.x + sel.w,
    bottom = sel.y + sel.h;
  const x = h.includes("w") ? Math.min(p.x, right - 1) : sel.x,
    y = h.includes("n") ? Math.min(p.y, bottom - 1) : sel.y;
  const r = h.includes("e") ? Math.max(p.x, x + 1) : right,
    b = h.includes("s") ? Math.max(p.y, y + 1) : bottom;
  return { ...sel, x, y, w: r - x, h: b - y };
}

/* A box for the keyboard: a quarter of what is in view, about its centre, on whole pixels. */
export function centred(v: View, pane: Size, picture: Size): RectSel | null {
  const a = toPicture(v, { x: pane.w * 0.375, y: pane.h * 0.375 }),
    b = toPicture(v, { x: pane.w * 0.625, y: pane.h * 0.625 });
  const whole = (s: Spot): Spot => ({ x: Math.round(s.x), y: Math.round(s.y) });
  return rectOf(whole(a), whole(b), picture);
}
