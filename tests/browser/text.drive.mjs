/* A note is annotated by mouse: spans by label, overlap, a further part, an attr, a relation, undo, submit. */
import assert from "node:assert/strict";
import { drive } from "./drive.mjs";
import { accessible, markWords, openItem, saved, until } from "./harness.mjs";

const draft = (node, id) => node.mock.state.assignments.get(id).draft?.doc;
const quoted = (node, r) => {
  const note = node.mock.state.items.get(
    node.mock.state.assignments.get("a2").item,
  ).streams[0];
  const text = [
    ...node.mock.state.blobs
      .get(note.stream.sha256.slice(7))
      .bytes.toString("utf8"),
  ];
  return r.sel.parts.map(([a, b]) => text.slice(a, b).join(""));
};

drive(
  "a note is annotated by mouse and handed in",
  { mockOnly: true },
  async ({ node, page }) => {
    await openItem(node, page, "annotator", "a2");
    const before = draft(node, "a2").regions.length;

    await page.keyboard.press("4");
    await markWords(page, "Rectal examination");
    await markWords(page, "examination: black stool");
    await saved(page);
    let added = draft(node, "a2").regions.slice();
    const mine = () =>
      draft(node, "a2").regions.filter(
        (r) => r.id.startsWith("r") && r.id.length > 10,
      );
    assert.equal(draft(node, "a2").regions.length, before + 2);
    assert.deepEqual(
      mine()
        .map((r) => quoted(node, r).join("…"))
        .sort(),
      ["Rectal examination", "examination: black stool"],
    );

    await page.keyboard.press("1");
    await markWords(page, "ulcer of the duodenal bulb");
    await markWords(page, "Forrest IIa", { key: "Control" });
    await page.getByRole("button", { name: "Suspected" }).click();
    await page.keyboard.press("Shift+4");
    await saved(page);
    const ulcer = mine().find((r) => r.label === "problem");
    assert.deepEqual(quoted(node, ulcer), [
      "ulcer of the duodenal bulb",
      "Forrest IIa",
    ]);
    assert.equal(ulcer.attrs.certainty_stated, "suspected");
    assert.equal(ulcer.certainty, 75);

    await page.keyboard.press("Escape");
    await page.locator(".lines .sp", { hasText: "ibuprofen" }).first().click();
    await page.keyboard.press("l");
    await page.locator(`.lines [data-r="${ulcer.id}"]`).first().click();
    await saved(page);
    const joined = draft(node, "a2").relations.find((r) => r.to === ulcer.id);
    assert.equal(joined.type, "treats");
    assert.ok(
      (await page.locator(".arcs .arc").count()) >= 2,
      "relations are drawn",
    );

    await accessible(page, "annotate");
    const first = page.locator(".btn.grow");
    assert.match(await first.innerText(), /Submit: \d open/);
    await first.click();
    await until("the open attr has the focus", () =>
      page.evaluate(
        () => document.activeElement?.closest("[data-attr]") !== null,
      ),
    );
    for (
      let i = 0;
      i < 20 && !/Submit and next/.test(await first.innerText());
      i++
    ) {
      await page.locator(".btn.grow").click();
      await page.waitForTimeout(60);
      await page.keyboard.press("Enter");
      await page.waitForTimeout(60);
    }
    added = mine();
    await page.keyboard.press("Control+Enter");
    await until(
      "the work is handed in",
      () => node.mock.state.assignments.get("a2").state === "submitted",
    );
    assert.equal(
      node.mock.state.assignments.get("a2").revisions.at(-1).doc.regions.length,
      before + 3,
    );
    await until("the next item is there", () =>
      page.evaluate(() => location.hash !== "#/work/a2"),
    );
  },
);
