import assert from "node:assert/strict";
import { test } from "node:test";
import { levelled, pieces, type Piece, type Run } from "../../src/engines/text/pieces";
import { joined } from "../../src/model/edits";
import { pressed, cap } from "../../src/ui/keytable";
import { moved, rectOf, resized } from "../../src/engines/raster/view";

const run = (id: string, a: number, b: number): Omit<Run, "level"> => ({ id, a, b, first: true });
const said = (list: readonly Piece[]): string =>
  list
    .map((p) => (p.kind === "text" ? `${p.a}-${p.b}` : `${p.run.id}${p.run.first ? "" : "'"}(${said(p.inner)})`))
    .join(" ");

test("a span inside another is drawn inside it", () => {
  assert.equal(said(pieces(levelled([run("x", 0, 10), run("y", 4, 8)]), 0, 12)), "x(0-4 y(4-8) 8-10) 10-12");
});

test("a span that crosses an end is cut there and its rest bears no letter", () => {
  assert.equal(said(pieces(levelled([run("x", 0, 10), run("y", 6, 14)]), 0, 14)), "x(0-6 y(6-10)) y'(10-14)");
});

test("every character stands in exactly one piece, whatever crosses", () => {
  const runs = [run("a", 0, 9), run("b", 3, 12), run("c", 5, 7), run("d", 6, 20), run("e", 6, 7)];
  const seen: number[] = [];
  const walk = (list: readonly Piece[]): void =>
    list.forEach((p) => {
      if (p.kind === "text") for (let i = p.a; i < p.b; i++) seen.push(i);
      else walk(p.inner);
    });
  walk(pieces(levelled(runs), 0, 22));
  assert.deepEqual(
    seen,
    Array.from({ length: 22 }, (_, i) => i),
  );
});

test("spans that overlap never share the height of their underline, up to three", () => {
  const levels = new Map(levelled([run("x", 0, 10), run("y", 4, 8), run("z", 5, 6)]).map((r) => [r.id, r.level]));
  assert.deepEqual([levels.get("z"), levels.get("y"), levels.get("x")], [1, 2, 3]);
});

test("parts that touch are joined to one", () => {
  assert.deepEqual(
    joined([
      [10, 20],
      [0, 5],
      [5, 7],
      [18, 25],
    ]),
    [
      [0, 7],
      [10, 25],
    ],
  );
});

test("digits go by position, letters by character, marks without their shift", () => {
  const e = (key: string, code: string, shiftKey = false, ctrlKey = false): Parameters<typeof pressed>[0] => ({
    key,
    code,
    shiftKey,
    ctrlKey,
    metaKey: false,
    altKey: false,
  });
  assert.equal(pressed(e("&", "Digit1")), "1");
  assert.equal(pressed(e("!", "Digit1", true)), "Shift+1");
  assert.equal(pressed(e("q", "KeyA")), "Q");
  assert.equal(pressed(e("?", "Slash", true)), "?");
  assert.equal(pressed(e("Z", "KeyZ", true, true)), "Ctrl+Shift+Z");
  assert.deepEqual([cap("Shift+J"), cap("Ctrl+Enter"), cap("+")], ["⇧J", "Ctrl ↵", "+"]);
});

test("a box is kept inside the picture however it is drawn, moved or pulled", () => {
  const size = { w: 100, h: 50 },
    r = rectOf({ x: 120, y: -5 }, { x: 90.5, y: 20 }, size);
  assert.deepEqual(r, { t: "rect", frame: 0, x: 90500, y: 0, w: 9500, h: 20000 });
  assert.equal(rectOf({ x: 5, y: 5 }, { x: 5, y: 9 }, size), null);
  assert.deepEqual(r && moved(r, 99999, 99999, size), { t: "rect", frame: 0, x: 90500, y: 30000, w: 9500, h: 20000 });
  assert.deepEqual(r && resized(r, "nw", { x: 200, y: 200 }, size), {
    t: "rect",
    frame: 0,
    x: 99999,
    y: 19999,
    w: 1,
    h: 1,
  });
});
