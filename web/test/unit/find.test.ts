import assert from "node:assert/strict";
import { test } from "node:test";
import { finder, firstFrom, MOST } from "../../src/model/find";
import { Lines } from "../../src/model/offsets";

const found = (text: string, wanted: string): string[] => {
  const points = [...text];
  return finder(new Lines(text))(wanted).map(([a, b]) => points.slice(a, b).join(""));
};

test("words are found in any case, at code points of the stored text", () => {
  const text = "\u{1fac0} Fever. No fever, FEVER\u{1f52c}";
  assert.deepEqual(finder(new Lines(text))("fever"), [
    [2, 7],
    [12, 17],
    [19, 24],
  ]);
  assert.deepEqual(found(text, "FEVER"), ["Fever", "fever", "FEVER"]);
});

test("a phrase is found over a line end and over a run of blanks, and keeps both", () => {
  assert.deepEqual(found("right lower\r\nzone and right  lower zone", "right lower zone"), [
    "right lower\r\nzone",
    "right  lower zone",
  ]);
  assert.deepEqual(found("a b", "  b "), ["b"]);
});

test("an accented letter is one, however it is written, and a letter without its accent is another", () => {
  const text = "Cafe\u0301 Café Cafe";
  assert.deepEqual(found(text, "café"), ["Cafe\u0301", "Café"]);
  assert.deepEqual(found(text, "cafe\u0301"), ["Cafe\u0301", "Café"]);
  assert.deepEqual(found(text, "cafe"), ["Cafe"]);
});

test("letters that become longer in lower case leave the places behind them right", () => {
  assert.deepEqual(found("İİ x Straße STRASSE", "straße"), ["Straße"]);
  assert.deepEqual(found("İİ x", "x"), ["x"]);
});

test("nothing is found of nothing, and signs of other languages are only signs", () => {
  assert.deepEqual(found("abc", "   "), []);
  assert.deepEqual(found("a.c abc (x", "a.c"), ["a.c"]);
  assert.deepEqual(found("a.c abc (x", "(X"), ["(x"]);
});

test("places do not overlap and are bounded in number", () => {
  assert.equal(found("aaaa", "aa").length, 2);
  assert.equal(finder(new Lines("a".repeat(2 * MOST)))("a").length, MOST);
});

test("the search begins where the person is and goes round", () => {
  const list = [
    [3, 4],
    [9, 10],
  ] as const;
  assert.equal(firstFrom(list, 0), 0);
  assert.equal(firstFrom(list, 4), 1);
  assert.equal(firstFrom(list, 10), 0);
});
