import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, hexRows } from "../../src/ui/gate/hex";

test("bytes stand with their place and the letters among them", () => {
  const bytes = bytesOf(btoa("Hello, \u0000\u00ff!"));
  assert.deepEqual([...bytes.subarray(7)], [0, 255, 33]);
  assert.equal(hexRows(bytes, 100), "000000  48 65 6c 6c 6f 2c 20 00  Hello, ·\n000008  ff 21                    ·!");
});

test("no more is shown than is wanted", () => {
  const bytes = new Uint8Array(64);
  assert.equal(hexRows(bytes, 16).split("\n").length, 2);
  assert.equal(hexRows(new Uint8Array(0), 16), "");
});
