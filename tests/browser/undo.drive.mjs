/* Undo to empty, redo to equal JSON, over every kind of change. */
import assert from "node:assert/strict";
import { drive } from "./drive.mjs";
import { markWords, openItem, saved, until } from "./harness.mjs";

drive(
  "undo walks to empty and redo to the same document",
  { mockOnly: true },
  async ({ node, page }) => {
    await openItem(node, page, "annotator", "a3");
    await page.waitForSelector(".film canvas");
    const doc = () =>
      JSON.stringify(node.mock.state.assignments.get("a3").draft?.doc ?? null);
    await page.locator(".lines").focus();
    await page.keyboard.press("1");
    await markWords(page, "Melaena for two days");
    await page.keyboard.press("a");
    await page.keyboard.press("3");
    await markWords(page, "apixaban");
    await page.keyboard.press("8");
    await markWords(page, "78-year-old woman");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.locator(".row", { hasText: "apixaban" }).click();
    await page.keyboard.press("l");
    await page.locator(".row", { hasText: "Melaena" }).click();
    await page.keyboard.press("l");
    await page.locator(".film").focus();
    await page.keyboard.press("1");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("g");
    await page.keyboard.press("q");
    await page.keyboard.press("e");
    await saved(page);
    const full = doc(),
      parsed = JSON.parse(full);
    assert.equal(parsed.regions.length, 4);
    assert.equal(parsed.relations.length, 1);
    assert.equal(parsed.answers.urgency, "routine");
    const undo = page.getByRole("button", { name: "Undo" }),
      redo = page.getByRole("button", { name: "Redo" });
    let steps = 0;
    while (await undo.isEnabled()) {
      await page.keyboard.press("Control+z");
      steps++;
      assert.ok(steps < 40);
    }
    await saved(page);
    const empty = JSON.parse(doc());
    assert.deepEqual(
      [empty.regions, empty.relations, empty.answers],
      [[], [], {}],
    );
    while (await redo.isEnabled()) await page.keyboard.press("Control+Shift+Z");
    await saved(page);
    await until("the same bytes are back", () => doc() === full);
    assert.ok(steps >= 7);
  },
);
