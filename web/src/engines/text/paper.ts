/* A text as lines in the DOM, and the way between code points and DOM positions. Knows nothing of the store:
   it is told which runs stand on which line. */

import { toPoints, type Line, type Lines } from "../../model/offsets";
import { levelled, pieces, type Piece, type Run } from "./pieces";

export interface Look {
  readonly color: number;
  readonly letter: string;
  readonly name: string;
}
export interface Mark extends Omit<Run, "level"> {
  readonly look: Look;
  readonly on: boolean;
  readonly calm: boolean;
  readonly gap: boolean;
}
export interface Bar {
  readonly id: string;
  readonly look: Look;
  readonly first: boolean;
  readonly on: boolean;
}

export class Paper {
  private readonly rows: HTMLParagraphElement[] = [];
  private readonly signed: string[] = [];
  private readonly starts = new WeakMap<Text, number>();

  constructor(
    private readonly root: HTMLElement,
    readonly lines: Lines,
  ) {
    lines.lines.forEach((l, i) => {
      const p = document.createElement("p");
      p.className = l.text.trim() === "" ? "ln blank" : "ln";
      this.rows.push(p);
      this.signed.push("");
      this.fill(p, i, l, [], []);
    });
    root.append(...this.rows);
  }

  /* Redraws the line only if what stands on it has changed. */
  draw(i: number, marks: readonly Mark[], bars: readonly Bar[]): void {
    const p = this.rows[i],
      l = this.lines.lines[i],
      signature = marks.length + bars.length === 0 ? "" : JSON.stringify([marks, bars]);
    if (p === undefined || l === undefined || this.signed[i] === signature) return;
    this.signed[i] = signature;
    this.fill(p, i, l, marks, bars);
  }

  private fill(p: HTMLElement, i: number, l: Line, marks: readonly Mark[], bars: readonly Bar[]): void {
    const no = document.createElement("span");
    no.className = "no";
    no.ariaHidden = "true";
    no.textContent = String(i + 1);
    const known = new Map(marks.map((m) => [m.id, m]));
    const tree = pieces(levelled(marks), 0, l.length);
    p.replaceChildren(no, ...bars.map((b, n) => barNode(b, n)), ...tree.map((x) => this.node(x, l, known)));
  }

  private text(l: Line, a: number, b: number): Text {
    const t = document.createTextNode(this.lines.cut(l, a, b));
    this.starts.set(t, l.start + a);
    return t;
  }

  private node(x: Piece, l: Line, known: ReadonlyMap<string, Mark>): Node {
    if (x.kind === "text") return this.text(l, x.a, x.b);
    const m = known.get(x.run.id),
      el = document.createElement("span");
    if (m === undefined) return el;
    el.className = `sp L${m.look.color + 1} u${x.run.level}${m.on ? " on" : ""}${m.calm ? " calm" : ""}${m.gap ? " gap" : ""}`;
    el.dataset["r"] = m.id;
    const inner = x.inner.map((y) => this.node(y, l, known));
    if (x.run.first && !m.gap) el.append(...this.headed(m, x, inner, l));
    else el.append(...inner);
    return el;
  }

  /* The letter is never parted from its first word. */
  private headed(m: Mark, x: Piece & { kind: "span" }, inner: Node[], l: Line): Node[] {
    const tag = document.createElement("i"),
      spoken = document.createElement("span"),
      head = document.createElement("span");
    tag.className = "tag";
    tag.ariaHidden = "true";
    tag.textContent = m.look.letter;
    spoken.className = "sr noselect";
    spoken.textContent = `${m.look.name}: `;
    head.className = "nb";
    head.append(tag, spoken);
    const first = x.inner[0];
    if (first?.kind !== "text") return [head, ...inner];
    const word = /^\S+/u.exec(this.lines.cut(l, first.a, first.b))?.[0];
    const cut = word === undefined || word.length > 24 ? first.a : first.a + [...word].length;
    if (cut > first.a) head.append(this.text(l, first.a, cut));
    const rest = cut < first.b ? [this.text(l, cut, first.b)] : [];
    return [head, ...rest, ...inner.slice(1)];
  }

  private mapped(node: Node | null): node is Text {
    return node !== null && node.nodeType === Node.TEXT_NODE && this.starts.has(node as Text);
  }

  private *texts(p: Node): Iterable<Text> {
    const w = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
    for (let n = w.nextNode(); n !== null; n = w.nextNode()) if (this.mapped(n)) yield n;
  }

  /* The code point at a DOM position, or null if it lies outside the text. */
  position(node: Node | null, offset: number): number | null {
    if (node === null || !this.root.contains(node)) return null;
    if (this.mapped(node)) return (this.starts.get(node) ?? 0) + toPoints(node.data, offset);
    const row = (node instanceof Element ? node : node.parentElement)?.closest(".ln");
    const i = this.rows.indexOf(row as HTMLParagraphElement),
      l = this.lines.lines[i];
    if (l === undefined) return node === this.root ? (this.lines.lines[offset]?.start ?? this.lines.length) : null;
    const mark = document.createRange();
    mark.setStart(node, offset);
    for (const t of this.texts(this.rows[i] as Node))
      if (mark.comparePoint(t, 0) >= 0) return this.starts.get(t) ?? l.start;
    return l.start + l.length;
  }

  /* The DOM position of a code point; `after` asks for the piece that begins there, not the one that ends. */
  point(pos: number, after: boolean): readonly [Node, number] {
    const i = this.lines.at(pos),
      p = this.rows[i] as HTMLElement;
    let last: readonly [Node, number] = [p, p.childNodes.length];
    for (const t of this.texts(p)) {
      const s = this.starts.get(t) ?? 0,
        n = pos - s;
      if (n < 0) break;
      let units = 0;
      for (let k = 0; k < n && units < t.data.length; k++) units += (t.data.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
      last = [t, units];
      if (units < t.data.length || !after) if (n === 0 || units < t.data.length) return last;
    }
    return last;
  }

  range(a: number, b: number): Range {
    const r = document.createRange();
    r.setStart(...this.point(a, true));
    r.setEnd(...this.point(b, false));
    return r;
  }

  rowOf(pos: number): HTMLElement {
    return this.rows[this.lines.at(pos)] as HTMLElement;
  }
  elements(id: string): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>(`[data-r="${CSS.escape(id)}"]`)];
  }
}

function barNode(b: Bar, n: number): HTMLElement {
  const el = document.createElement("i");
  el.className = `bar L${b.look.color + 1} b${Math.min(n, 2)}${b.on ? " on" : ""}`;
  el.dataset["r"] = b.id;
  if (b.first) {
    el.dataset["letter"] = b.look.letter;
    el.title = b.look.name;
  }
  return el;
}
