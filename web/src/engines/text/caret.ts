/* A caret in a text that cannot be edited: arrows move it, Shift extends, Ctrl goes by words. The browser's
   own selection shows the range; the caret itself is ours, since a fixed text has none. */

import type { Paper } from "./paper";

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const words = new Intl.Segmenter(undefined, { granularity: "word" });

export class Caret {
  private anchor = 0;
  private focus = 0;
  private keeping = false; /* the range is ours to show again after a redraw */
  private readonly bar = document.createElement("i");
  private readonly stop: () => void;

  constructor(
    private readonly root: HTMLElement,
    private readonly body: HTMLElement,
    private readonly paper: Paper,
  ) {
    this.bar.className = "caret";
    this.bar.hidden = true;
    root.append(this.bar);
    const key = (e: KeyboardEvent): void => this.key(e);
    const out = (): void => {
      this.bar.hidden = true;
    };
    const back = (): void => this.show();
    body.addEventListener("keydown", key);
    body.addEventListener("blur", out);
    body.addEventListener("focus", back);
    this.stop = () => {
      body.removeEventListener("keydown", key);
      body.removeEventListener("blur", out);
      body.removeEventListener("focus", back);
    };
  }

  dispose(): void {
    this.stop();
  }

  get at(): number {
    return this.focus;
  }
  range(): readonly [number, number] | null {
    return this.anchor === this.focus ? null : [Math.min(this.anchor, this.focus), Math.max(this.anchor, this.focus)];
  }

  /* Takes over what the mouse has chosen. */
  take(): void {
    const s = document.getSelection();
    if (s === null || s.rangeCount === 0) return;
    const a = this.paper.position(s.anchorNode, s.anchorOffset),
      f = this.paper.position(s.focusNode, s.focusOffset);
    if (a === null || f === null) return;
    this.anchor = a;
    this.focus = s.isCollapsed ? a : f;
    this.keeping = false;
    this.show();
  }

  collapse(): void {
    this.anchor = this.focus;
    this.keeping = false;
    document.getSelection()?.removeAllRanges();
    this.show();
  }

  set(anchor: number, focus: number): void {
    const max = this.paper.lines.length;
    this.anchor = Math.max(0, Math.min(max, anchor));
    this.focus = Math.max(0, Math.min(max, focus));
    this.keeping = true;
    this.show();
    this.bar.scrollIntoView({ block: "nearest" });
  }

  show(): void {
    const focused = document.activeElement === this.body;
    this.bar.hidden = !focused;
    if (!focused) return;
    if (this.keeping) {
      const [an, ao] = this.paper.point(this.anchor, this.anchor < this.focus);
      const [fn, fo] = this.paper.point(this.focus, this.focus < this.anchor);
      document.getSelection()?.setBaseAndExtent(an, ao, fn, fo);
    }
    const at = this.where(this.focus),
      o = this.root.getBoundingClientRect();
    this.bar.style.transform = `translate(${at.x - o.x}px, ${at.y - o.y}px)`;
    this.bar.style.height = `${at.height}px`;
  }

  private where(pos: number): { x: number; y: number; height: number } {
    const [n, o] = this.paper.point(pos, true),
      r = document.createRange();
    r.setStart(n, o);
    const box = r.getClientRects()[0];
    if (box !== undefined && box.height > 0) return box;
    const row = this.paper.rowOf(pos).getBoundingClientRect();
    return { x: row.x, y: row.y, height: Math.min(row.height, 20) };
  }

  private key(e: KeyboardEvent): void {
    const to = this.target(e);
    if (to === null) return;
    e.preventDefault();
    e.stopPropagation();
    this.set(e.shiftKey ? this.anchor : to, to);
  }

  private target(e: KeyboardEvent): number | null {
    const by = e.ctrlKey || e.metaKey ? words : graphemes;
    if (e.altKey) return null;
    switch (e.key) {
      case "ArrowRight":
        return this.step(by, 1);
      case "ArrowLeft":
        return this.step(by, -1);
      case "ArrowDown":
        return this.vertical(1);
      case "ArrowUp":
        return this.vertical(-1);
      case "Home":
        return e.ctrlKey ? 0 : this.line().start;
      case "End":
        return e.ctrlKey ? this.paper.lines.length : this.line().start + this.line().length;
      default:
        return null;
    }
  }

  private line(): { start: number; length: number; text: string } {
    const all = this.paper.lines;
    return all.lines[all.at(this.focus)] ?? { start: 0, length: 0, text: "" };
  }

  private step(by: Intl.Segmenter, dir: 1 | -1): number {
    const l = this.line(),
      ends = [0];
    let n = 0;
    for (const s of by.segment(l.text)) {
      n += [...s.segment].length;
      if (by === graphemes || s.isWordLike === true || ends.length === 0) ends.push(n);
    }
    ends.push(l.length);
    const at = this.focus - l.start;
    const next = dir > 0 ? ends.find((x) => x > at) : ends.findLast((x) => x < at);
    return next === undefined ? this.focus + dir : l.start + next;
  }

  private vertical(dir: 1 | -1): number {
    const here = this.where(this.focus),
      leap = 36;
    for (const reach of [leap, leap * 1.6]) {
      const found = document.caretRangeFromPoint(here.x + 0.5, here.y + here.height / 2 + dir * reach);
      const pos = found === null ? null : this.paper.position(found.startContainer, found.startOffset);
      if (pos !== null && pos !== this.focus) return pos;
    }
    const l = this.line();
    return dir > 0 ? l.start + l.length + 1 : l.start - 1;
  }
}
