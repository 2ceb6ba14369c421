import assert from "node:assert/strict";
import { test } from "node:test";
import { codePoints, Lines, toPoints, toUnits, trimmed } from "../../src/model/offsets";

const TEXT = "Größe 1\r\n🫁 Lunge 𝄞\n\ne\u0301nd";

test("positions are code points: an astral character counts once, a combining mark once more", () => {
  assert.equal(codePoints("🫁"), 1);
  assert.equal(codePoints("e\u0301"), 2);
  const l = new Lines(TEXT);
  assert.equal(l.length, [...TEXT].length);
  for (let a = 0; a < l.length; a++)
    for (const b of [a + 1, a + 4, l.length])
      if (b <= l.length) assert.equal(l.slice(a, b), [...TEXT].slice(a, b).join(""));
});

test("a line feed belongs to the line it ends and CR stays in the text", () => {
  const l = new Lines("ab\r\ncd");
  assert.deepEqual(
    l.lines.map((x) => [x.start, x.length]),
    [
      [0, 3],
      [4, 2],
    ],
  );
  assert.deepEqual(
    [0, 3, 4].map((p) => l.at(p)),
    [0, 0, 1],
  );
});

test("units and points convert both ways at every boundary", () => {
  const s = "a🫁b𝄞c";
  for (let p = 0; p <= 5; p++) assert.equal(toPoints(s, toUnits(s, p)), p);
});

test("blank ends of a choice are left out", () => {
  assert.deepEqual(trimmed(new Lines("  one two \n"), 0, 11), [2, 9]);
  assert.deepEqual(trimmed(new Lines("   "), 0, 3), [3, 3]);
});
