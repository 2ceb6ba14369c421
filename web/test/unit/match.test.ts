import assert from "node:assert/strict";
import { test } from "node:test";
import { average, iou, match } from "../../src/model/match";
import type { Annotation, Region } from "../../src/model/types";

const span = (id: string, label: string, ...parts: [number, number][]): Region => ({
  id,
  task: "t",
  stream: "note",
  label,
  sel: { t: "span", parts },
  origin: { by: "human" },
});
const box = (id: string, x: number, y: number, w: number, h: number, label = "n"): Region => ({
  id,
  task: "b",
  stream: "film",
  label,
  sel: { t: "rect", frame: 0, x, y, w, h },
  origin: { by: "human" },
});
const doc = (...regions: Region[]): Annotation => ({
  v: 1,
  item: "i",
  schema: "",
  guidelines: [],
  streams: {},
  regions,
  relations: [],
  answers: {},
});

test("IoU counts code points of discontinuous spans and areas of boxes", () => {
  assert.equal(iou(span("a", "x", [0, 10]), span("b", "x", [5, 15])), 5 / 15);
  assert.equal(iou(span("a", "x", [0, 2], [4, 6]), span("b", "x", [0, 6])), 4 / 6);
  assert.equal(iou(box("a", 0, 0, 10, 10), box("b", 5, 0, 10, 10)), 50 / 150);
  assert.equal(iou(box("a", 0, 0, 10, 10), box("b", 10, 0, 10, 10)), 0);
});

test("groups are agreed, or differ in label, extent or attrs, or are one reader's alone", () => {
  const a = doc(
    span("a1", "x", [0, 10]),
    span("a2", "x", [20, 30]),
    span("a3", "x", [40, 50]),
    span("a4", "x", [60, 70]),
    { ...span("a5", "x", [80, 90]), attrs: { k: true } },
  );
  const b = doc(
    span("b1", "x", [0, 10]),
    span("b2", "y", [20, 30]),
    span("b3", "x", [40, 56]),
    span("b5", "x", [80, 90]),
  );
  assert.deepEqual(
    match([a, b]).map((g) => g.state),
    ["agreed", "label", "extent", "single", "attrs"],
  );
});

test("the better overlap is taken first and a region is in one group only", () => {
  const groups = match([doc(span("a1", "x", [0, 10]), span("a2", "x", [4, 14])), doc(span("b1", "x", [3, 13]))]);
  const pair = groups.find((g) => g.members[1] !== null);
  assert.equal(pair?.members[0]?.id, "a2");
  assert.equal(groups.length, 2);
});

test("regions of different tasks or streams are never one group", () => {
  const other = { ...span("b1", "x", [0, 10]), task: "u" };
  assert.equal(match([doc(span("a1", "x", [0, 10])), doc(other)]).length, 2);
});

test("three readers form one group, and the mean of their boxes is proposed", () => {
  const [g] = match([doc(box("a", 0, 0, 100, 100)), doc(box("b", 6, 0, 100, 100)), doc(box("c", 3, 3, 100, 100))]);
  assert.deepEqual(
    g?.members.map((m) => m?.id),
    ["a", "b", "c"],
  );
  assert.deepEqual(g && average(g), { t: "rect", frame: 0, x: 3, y: 1, w: 100, h: 100 });
});
