/* Text positions are Unicode code points of the exact stored text; the DOM counts UTF-16 units. A Lines
   object cuts a text at its line feeds and converts between the two, line by line, so that a position
   costs at most one line's length. Nothing is normalised: CR, combining marks and a BOM keep their place. */

export interface Line {
  readonly text: string;
  readonly start: number;
  readonly length: number;
  readonly astral: boolean;
}

export function codePoints(s: string): number {
  let n = 0;
  for (let i = 0; i < s.length; i++, n++) if (isHigh(s, i)) i++;
  return n;
}

function isHigh(s: string, i: number): boolean {
  const c = s.charCodeAt(i);
  if (c < 0xd800 || c > 0xdbff) return false;
  const d = s.charCodeAt(i + 1);
  return d >= 0xdc00 && d <= 0xdfff;
}

/* A unit position inside a pair belongs to the code point it would split. */
export function toPoints(s: string, units: number): number {
  let n = 0;
  for (let i = 0; i < units && i < s.length; n++) i += isHigh(s, i) ? 2 : 1;
  return n;
}

export function toUnits(s: string, points: number): number {
  let i = 0;
  for (let n = 0; n < points && i < s.length; n++) i += isHigh(s, i) ? 2 : 1;
  return i;
}

export class Lines {
  readonly lines: readonly Line[];
  readonly length: number;

  constructor(text: string) {
    const lines: Line[] = [];
    let start = 0;
    for (const body of text.split("\n")) {
      const length = codePoints(body);
      lines.push({ text: body, start, length, astral: length !== body.length });
      start += length + 1;
    }
    this.lines = lines;
    this.length = start - 1;
  }

  /* The line that holds the position; the line feed belongs to the line it ends. */
  at(pos: number): number {
    let lo = 0,
      hi = this.lines.length - 1;
    while (lo < hi) {
      const mid = (lo + hi + 1) >> 1;
      if ((this.lines[mid] as Line).start <= pos) lo = mid;
      else hi = mid - 1;
    }
    return lo;
  }

  slice(a: number, b: number): string {
    let out = "";
    for (let i = this.at(a); i < this.lines.length; i++) {
      const l = this.lines[i] as Line;
      if (l.start >= b) break;
      out += this.cut(l, a - l.start, b - l.start);
      if (b > l.start + l.length && i + 1 < this.lines.length) out += "\n";
    }
    return out;
  }

  cut(l: Line, a: number, b: number): string {
    const from = Math.max(0, a),
      to = Math.min(l.length, b);
    if (from >= to) return "";
    return l.astral ? l.text.slice(toUnits(l.text, from), toUnits(l.text, to)) : l.text.slice(from, to);
  }

  units(l: Line, points: number): number {
    return l.astral ? toUnits(l.text, points) : points;
  }
}

/* A drag rarely hits the word's edge: blank ends are no part of what is meant. */
export function trimmed(lines: Lines, a: number, b: number): readonly [number, number] {
  const points = [...lines.slice(a, b)];
  let i = 0,
    j = points.length;
  while (i < j && /\s/u.test(points[i] as string)) i++;
  while (j > i && /\s/u.test(points[j - 1] as string)) j--;
  return [a + i, a + j];
}
