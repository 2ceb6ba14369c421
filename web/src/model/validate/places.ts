/* Stage 3 of one selector: every position lies within its stream, in the shape's own rules (data.md
   sections 2 and 4). All shapes are judged, also those that this page does not draw. */

import type { ImageStream, Stream, Task, TickStream, VideoStream } from "../types";
import type { Faults, Path } from "./fault";

/* A selector that has passed the structure stage; which members it has follows from t. */
export interface AnySel {
  t: string;
  parts?: number[][];
  frame?: number;
  at?: number;
  x: number;
  y: number;
  w: number;
  h: number;
  rot?: number;
  cx: number;
  cy: number;
  rx: number;
  ry: number;
  rings?: number[][][];
  rle: number[];
  pts?: number[][];
  a: number;
  b: number;
  ch?: number[];
  kf: { at: number; rect?: number[]; pts?: number[][]; out?: true }[];
}
type Picture = { w: number; h: number };

export function place(sel: AnySel, task: Task, stream: Stream | null, path: Path, f: Faults): void {
  if (sel.parts !== undefined) parts(sel.parts, task, stream, path, f);
  else if (sel.t === "interval" || sel.t === "instant") time(sel, task, stream, path, f);
  else if (sel.t === "track") track(sel, task, stream as VideoStream | null, path, f);
  else drawn(sel, task, stream as ImageStream | VideoStream | null, path, f);
}

function parts(list: number[][], task: Task, stream: Stream | null, path: Path, f: Faults): void {
  const length = stream?.kind === "text" ? stream.length : Infinity;
  if (list.length > 1 && task.discontinuous !== true) f.add([...path, "parts"], "one part only");
  let before = -1;
  list.forEach(([a = 0, b = 0], i) => {
    const at = [...path, "parts", i];
    if (a >= b) f.add(at, "an empty range");
    else if (i > 0 && a <= before) f.add(at, "parts are sorted and apart");
    if (a > length) f.add([...at, 0], "beyond the text");
    if (b > length) f.add([...at, 1], "beyond the text");
    before = b;
  });
}

function ptsOf(stream: Stream | null, value: number, path: Path, f: Faults): void {
  if (stream?.kind === "video" && !stream.pts.includes(value)) f.add(path, "no frame has this PTS");
}

function drawn(sel: AnySel, task: Task, stream: ImageStream | VideoStream | null, path: Path, f: Faults): void {
  if (stream !== null) {
    const mine = stream.kind === "image" ? "frame" : "at",
      other = mine === "frame" ? "at" : "frame";
    if (sel[other] !== undefined) f.add([...path, other], `no ${other} on ${stream.kind}`);
    else if (stream.kind === "image" && (sel.frame ?? 0) >= stream.frames) f.add([...path, "frame"], "no such frame");
    else if (stream.kind === "video") ptsOf(stream, sel.at ?? -1, [...path, "at"], f);
  }
  const size = stream === null ? { w: Infinity, h: Infinity } : { w: stream.w * 1000, h: stream.h * 1000 };
  figure(sel, task, size, path, f);
}

function figure(sel: AnySel, task: Task, size: Picture, path: Path, f: Faults): void {
  switch (sel.t) {
    case "rect":
      return box([sel.x, sel.y, sel.w, sel.h, sel.rot ?? 0], size, path, f);
    case "ellipse":
      return box([sel.cx - sel.rx, sel.cy - sel.ry, 2 * sel.rx, 2 * sel.ry, sel.rot ?? 0], size, path, f);
    case "point":
      if (sel.x > size.w) f.add([...path, "x"], "beyond the picture");
      if (sel.y > size.h) f.add([...path, "y"], "beyond the picture");
      return;
    case "polygon":
      return rings(sel.rings ?? [], size, path, f);
    case "mask":
      return mask(sel, size, path, f);
    default:
      return skeleton(sel.pts ?? [], task, size, [...path, "pts"], f);
  }
}

function box(b: readonly number[], size: Picture, path: Path, f: Faults): void {
  const [x = 0, y = 0, w = 0, h = 0, rot = 0] = b;
  const inside =
    rot > 0
      ? 2 * x + w >= 0 && 2 * y + h >= 0 && 2 * x + w <= 2 * size.w && 2 * y + h <= 2 * size.h
      : x >= 0 && y >= 0 && x + w <= size.w && y + h <= size.h;
  if (!inside) f.add(path, "over the edge of the picture");
}

function within(p: readonly number[], size: Picture, path: Path, f: Faults): void {
  if ((p[0] ?? 0) > size.w) f.add([...path, 0], "beyond the picture");
  if ((p[1] ?? 0) > size.h) f.add([...path, 1], "beyond the picture");
}

function rings(list: number[][][], size: Picture, path: Path, f: Faults): void {
  list.forEach((ring, i) => {
    const at = [...path, "rings", i],
      last = ring.length - 1;
    ring.forEach((p, j) => within(p, size, [...at, j], f));
    if (ring[0]?.[0] === ring[last]?.[0] && ring[0]?.[1] === ring[last]?.[1])
      f.add([...at, last], "the first point repeated");
  });
}

/* Runs are walked, never unpacked: a window can be as large as the picture. */
function mask(sel: AnySel, size: Picture, path: Path, f: Faults): void {
  const { x, y, w, h } = sel;
  if ((x + w) * 1000 > size.w || (y + h) * 1000 > size.h) f.add(path, "over the edge of the picture");
  let at = 0,
    top = false,
    bottom = false,
    left = false,
    right = false;
  sel.rle.forEach((run, i) => {
    const end = at + run;
    if (i % 2 === 1) {
      top ||= at < w;
      bottom ||= end > w * (h - 1);
      left ||= Math.floor((end - 1) / w) * w >= at;
      right ||= Math.floor(end / w) * w > at;
    }
    at = end;
  });
  if (at !== w * h) f.add(path, `${at} of ${w * h} pixels`);
  else if (!(top && bottom && left && right)) f.add(path, "the window is not tight");
}

function skeleton(pts: number[][], task: Task, size: Picture, path: Path, f: Faults): void {
  const n = task.points?.length ?? 0;
  if (pts.length !== n) return f.add(path, `${n} points expected`);
  pts.forEach((p, i) => {
    within(p, size, [...path, i], f);
    if (p[2] === 0 && (p[0] !== 0 || p[1] !== 0)) f.add([...path, i], "not labeled, so x = y = 0");
  });
}

function time(sel: AnySel, task: Task, stream: Stream | null, path: Path, f: Faults): void {
  if (sel.t === "interval" && sel.a >= sel.b) f.add(path, "a is not below b");
  if (stream?.kind === "video") {
    if (sel.ch !== undefined) f.add([...path, "ch"], "no channels on video");
    if (sel.t === "instant") return ptsOf(stream, sel.at ?? 0, [...path, "at"], f);
    ptsOf(stream, sel.a, [...path, "a"], f);
    if (sel.b !== stream.end) ptsOf(stream, sel.b, [...path, "b"], f);
    return;
  }
  const ticks = stream as TickStream | null,
    length = ticks?.length ?? Infinity;
  if (sel.t === "instant" && (sel.at ?? 0) >= length) f.add([...path, "at"], "beyond the recording");
  if (sel.t === "interval" && sel.a > length) f.add([...path, "a"], "beyond the recording");
  if (sel.t === "interval" && sel.b > length) f.add([...path, "b"], "beyond the recording");
  channels(sel.ch, task, ticks?.channels.length ?? Infinity, path, f);
}

function channels(ch: number[] | undefined, task: Task, n: number, path: Path, f: Faults): void {
  if (task.channels === "one" && ch === undefined) f.add(path, "exactly one channel");
  if (task.channels === "one" && ch !== undefined && ch.length > 1) f.add([...path, "ch"], "exactly one channel");
  if (task.channels === "all" && ch !== undefined) f.add([...path, "ch"], "all channels, so none is named");
  ch?.forEach((c, i) => {
    if (c >= n) f.add([...path, "ch", i], "no such channel");
    else if (i > 0 && c <= (ch[i - 1] ?? 0)) f.add([...path, "ch", i], "channels ascend");
  });
}

function track(sel: AnySel, task: Task, stream: VideoStream | null, path: Path, f: Faults): void {
  const size = stream === null ? { w: Infinity, h: Infinity } : { w: stream.w * 1000, h: stream.h * 1000 };
  const mine = task.of === "skeleton" ? "pts" : "rect",
    other = mine === "pts" ? "rect" : "pts";
  sel.kf.forEach((k, i) => {
    const at = [...path, "kf", i];
    if (i > 0 && k.at <= (sel.kf[i - 1]?.at ?? 0)) f.add([...at, "at"], "keyframes ascend");
    ptsOf(stream, k.at, [...at, "at"], f);
    if (k[mine] === undefined) f.add(at, `${mine} is missing`);
    if (k[other] !== undefined) f.add([...at, other], `no ${other} on this track`);
    if (mine === "rect" && k.rect !== undefined) box(k.rect, size, [...at, "rect"], f);
    if (mine === "pts" && k.pts !== undefined) skeleton(k.pts, task, size, [...at, "pts"], f);
  });
}

/* Do two selectors of one stream share a code point, or a tick on a common channel? */
export function sharePlace(a: AnySel, b: AnySel): boolean {
  if (a.parts !== undefined && b.parts !== undefined)
    return a.parts.some(([s = 0, e = 0]) => b.parts?.some(([u = 0, v = 0]) => s < v && u < e) ?? false);
  if (a.t !== "interval" || b.t !== "interval" || a.a >= b.b || b.a >= a.b) return false;
  return a.ch === undefined || b.ch === undefined || a.ch.some((c) => b.ch?.includes(c) ?? false);
}
