/* Finding words in a text. Upper and lower case are one, as are the two ways to write an accented letter, and
   any run of blanks, line ends among them: notes are often broken by hand. What is found is said in code points of
   the text as it is stored. */

import type { Lines } from "./offsets";

export type Found = readonly [number, number];
export const MOST = 5000;

interface Folded {
  readonly text: string;
  /* For each unit of the folded text, the code point that it comes from. */
  readonly from: Int32Array;
}

export function fold(text: string): Folded {
  let out = "",
    blank = false,
    at = 0;
  const from: number[] = [];
  for (const c of text) {
    const space = /\s/u.test(c);
    if (!space || !blank) {
      const f = space ? " " : c.normalize("NFD").toLowerCase();
      out += f;
      for (let i = 0; i < f.length; i++) from.push(at);
    }
    blank = space;
    at++;
  }
  return { text: out, from: Int32Array.from(from) };
}

/* A text folded once serves every letter that is typed. */
export function finder(lines: Lines): (wanted: string) => Found[] {
  const { text, from } = fold(lines.lines.map((l) => l.text).join("\n"));
  return (wanted) => {
    const needle = fold(wanted.trim()).text,
      out: Found[] = [];
    if (needle === "") return out;
    for (let i = text.indexOf(needle); i >= 0 && out.length < MOST;) {
      const end = i + needle.length,
        first = from[i] ?? 0,
        last = from[end - 1] ?? 0;
      /* Half a letter is none: an accent that follows belongs to what is before it. */
      const whole = from[i - 1] !== first && from[end] !== last && !/^\p{M}/u.test(text.slice(end, end + 2));
      if (whole) out.push([first, last + 1]);
      i = text.indexOf(needle, whole ? end : i + 1);
    }
    return out;
  };
}

/* The one to begin with: the first at or after where the person is, else the first of all. */
export function firstFrom(list: readonly Found[], pos: number): number {
  return Math.max(
    0,
    list.findIndex(([a]) => a >= pos),
  );
}
