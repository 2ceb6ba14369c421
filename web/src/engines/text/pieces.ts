/* Overlapping spans of one line as a tree: a span holds those that begin within it; one that crosses its
   end is cut there, and its rest stands beside it. Depth is drawn as the height of the underline. */

export interface Run {
  readonly id: string;
  readonly a: number;
  readonly b: number;
  readonly first: boolean;
  readonly level: number;
}
export type Piece =
  | { readonly kind: "text"; readonly a: number; readonly b: number }
  | { readonly kind: "span"; readonly run: Run; readonly inner: readonly Piece[] };

const MAX_LEVEL = 3;

const inOrder = (x: Run, y: Run): number => x.a - y.a || y.b - x.b || (x.id < y.id ? -1 : 1);

/* The shorter a span, the nearer its line is to the words; spans that touch never share a height. */
export function levelled(runs: readonly Omit<Run, "level">[]): Run[] {
  const done: Run[] = [];
  for (const r of [...runs].sort((x, y) => x.b - x.a - (y.b - y.a) || x.a - y.a)) {
    const below = done.filter((o) => o.a < r.b && r.a < o.b).map((o) => o.level);
    done.push({ ...r, level: Math.min(MAX_LEVEL, Math.max(0, ...below) + 1) });
  }
  return done;
}

export function pieces(runs: readonly Run[], from: number, to: number): Piece[] {
  const out: Piece[] = [],
    queue = [...runs].sort(inOrder);
  let at = from;
  const text = (b: number): void => {
    if (b > at) out.push({ kind: "text", a: at, b });
  };
  for (let r = queue.shift(); r !== undefined; r = queue.shift()) {
    text(r.a);
    const inner: Run[] = [],
      rest: Run[] = [];
    for (const o of queue) {
      if (o.a >= r.b) rest.push(o);
      else if (o.b <= r.b) inner.push(o);
      else {
        inner.push({ ...o, b: r.b });
        rest.push({ ...o, a: r.b, first: false });
      }
    }
    out.push({ kind: "span", run: r, inner: pieces(inner, r.a, r.b) });
    at = r.b;
    queue.splice(0, queue.length, ...rest.sort(inOrder));
  }
  text(to);
  return out;
}
