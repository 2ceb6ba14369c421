import assert from "node:assert/strict";
import { test } from "node:test";
import { canonical } from "../../src/model/canonical";
import { Store } from "../../src/model/store";
import type { Region } from "../../src/model/types";

const frame = {
  item: "i1",
  schema: "sha256:" + "0".repeat(64),
  guidelines: ["sha256:b", "sha256:a"],
  streams: { note: "sha256:c" },
};
const region = (id: string, a = 0, b = 4): Region => ({
  id,
  task: "t",
  stream: "note",
  label: "l",
  sel: { t: "span", parts: [[a, b]] },
  origin: { by: "human" },
});

test("undo walks back to the empty document and redo forward to equal bytes", () => {
  const s = new Store(frame),
    empty = canonical(s.document());
  s.addRegion(region("r2"));
  s.addRegion(region("r1", 5, 9));
  s.addRelation({ id: "k1", type: "x", from: "r1", to: "r2" });
  s.setAnswer("q", "yes");
  s.setRegion({ ...region("r1", 5, 9), certainty: 50 });
  s.removeRegion("r2");
  const full = canonical(s.document());
  let steps = 0;
  for (; s.canUndo.value; steps++) s.undo();
  assert.equal(canonical(s.document()), empty);
  for (; s.canRedo.value; ) s.redo();
  assert.equal(canonical(s.document()), full);
  assert.equal(steps, 6);
});

test("a region goes together with its relations, as one gesture", () => {
  const s = new Store(frame);
  s.addRegion(region("r1"));
  s.addRegion(region("r2", 5, 6));
  s.addRelation({ id: "k1", type: "x", from: "r1", to: "r2" });
  s.removeRegion("r1");
  assert.equal(s.relations.value.size, 0);
  s.undo();
  assert.deepEqual([s.relations.value.size, s.regions.value.size], [1, 2]);
});

test("a change after an undo ends what could have been redone", () => {
  const s = new Store(frame);
  s.addRegion(region("r1"));
  s.undo();
  s.addRegion(region("r3"));
  assert.equal(s.canRedo.value, false);
  s.redo();
  assert.deepEqual([...s.regions.value.keys()], ["r3"]);
});

test("the same answer given twice is no change", () => {
  const s = new Store(frame);
  s.setAnswer("q", ["a", "b"]);
  const v = s.version.value;
  s.setAnswer("q", ["a", "b"]);
  assert.equal(s.version.value, v);
});

test("a document lists regions and guidelines in order and leaves defaults out", () => {
  const s = new Store(frame);
  s.addRegion({ ...region("r2"), attrs: {} });
  s.addRegion({ ...region("r1"), sel: { t: "rect", frame: 0, x: 1, y: 2, w: 3, h: 4, rot: 0 } });
  const d = s.document();
  assert.deepEqual(
    d.regions.map((r) => r.id),
    ["r1", "r2"],
  );
  assert.deepEqual(d.guidelines, ["sha256:a", "sha256:b"]);
  assert.equal("attrs" in (d.regions[1] as Region), false);
  assert.equal("rot" in (d.regions[0] as Region).sel, false);
});

test("canonical bytes sort members by code unit and write -0 as 0", () => {
  assert.equal(
    canonical({ b: -0, a: [true, null, "é\u0001"], "€": 1, _: undefined }),
    '{"a":[true,null,"é\\u0001"],"b":0,"€":1}',
  );
});
