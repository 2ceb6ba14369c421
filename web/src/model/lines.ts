/* What changed between two texts, line by line: stretches of lines that gave way to others. */

export interface Stretch {
  readonly before: readonly string[];
  readonly now: readonly string[];
}

const MOST = 1000; /* lines of either side that are compared; beyond, one stretch stands for all */

/* Lengths of the longest common subsequence from each pair of lines on. */
function common(a: readonly string[], b: readonly string[]): Uint16Array {
  const w = b.length + 1,
    t = new Uint16Array((a.length + 1) * w);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      t[i * w + j] =
        a[i] === b[j]
          ? (t[(i + 1) * w + j + 1] as number) + 1
          : Math.max(t[(i + 1) * w + j] as number, t[i * w + j + 1] as number);
  return t;
}

export function changedLines(before: string, now: string): Stretch[] {
  let a = before.split("\n"),
    b = now.split("\n");
  while (a.length > 0 && b.length > 0 && a[0] === b[0]) [a, b] = [a.slice(1), b.slice(1)];
  while (a.length > 0 && b.length > 0 && a.at(-1) === b.at(-1)) [a, b] = [a.slice(0, -1), b.slice(0, -1)];
  if (a.length === 0 && b.length === 0) return [];
  if (a.length > MOST || b.length > MOST) return [{ before: a, now: b }];
  const t = common(a, b),
    w = b.length + 1,
    out: { before: string[]; now: string[] }[] = [];
  let at: { before: string[]; now: string[] } | null = null,
    i = 0,
    j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      at = null;
      i++;
      j++;
      continue;
    }
    if (at === null) out.push((at = { before: [], now: [] }));
    if (i < a.length && (j === b.length || (t[(i + 1) * w + j] as number) >= (t[i * w + j + 1] as number)))
      at.before.push(a[i++] as string);
    else at.now.push(b[j++] as string);
  }
  return out;
}
