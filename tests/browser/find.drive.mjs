/* Words are found in a note by keyboard alone, and what is found can be labelled at once. */
import assert from "node:assert/strict";
import { drive } from "./drive.mjs";
import { accessible, openItem, saved, until } from "./harness.mjs";

const status = (page) => page.locator(".findbar [role=status]").innerText();
const highlighted = (page) =>
  page.evaluate(() =>
    [...(CSS.highlights.get("found") ?? [])].map((r) => r.toString()),
  );
const says = (page, re) =>
  until(`the bar says ${re}`, async () => re.test(await status(page)));

drive(
  "words are found by keyboard, gone through, and labelled",
  { mockOnly: true },
  async ({ node, page }) => {
    await openItem(node, page, "annotator", "a2");
    const marks = () =>
      node.mock.state.assignments.get("a2").draft.doc.regions.length;
    const before = marks(),
      requests = node.mock.control.requests.length;
    await page.keyboard.press("/");
    await page.waitForSelector(".findbar input:focus");
    await page.keyboard.type("GASTROSC");
    await says(page, /^1 of \d+$/);
    const places = await highlighted(page);
    assert.ok(
      places.length >= 1 && places.every((x) => x.toLowerCase() === "gastrosc"),
    );
    assert.equal(
      await page.locator(".found i").count(),
      1,
      "the place in hand is outlined",
    );
    await page.keyboard.press("Control+a");
    await page.keyboard.type("in");
    await says(page, /^1 of (\d+)$/);
    const n = Number(/of (\d+)/.exec(await status(page))[1]);
    assert.ok(n > 2);
    assert.equal((await highlighted(page)).length, n);
    await page.keyboard.press("Enter");
    await says(page, /^2 of/);
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.press("Shift+Enter");
    await says(page, new RegExp(`^${n} of`));
    await page.keyboard.press("Enter");
    await says(page, /^1 of/);
    await accessible(page, "find");

    await page.keyboard.press("Control+a");
    await page.keyboard.type("no such words");
    await says(page, /^not found$/);
    assert.equal((await highlighted(page)).length, 0);
    await page.keyboard.press("Control+a");
    await page.keyboard.type("Gastroscopy");
    await says(page, /^1 of/);
    await page.keyboard.press("Escape");
    await until(
      "the bar is gone",
      async () => (await page.locator(".findbar").count()) === 0,
    );
    assert.equal((await highlighted(page)).length, 0);
    assert.ok(
      await page.evaluate(() => document.activeElement.matches(".lines")),
    );
    assert.ok(
      node.mock.control.requests
        .slice(requests)
        .every((r) => /\.js$/.test(r) || r.startsWith("PUT ")),
      "nothing is asked of anyone",
    );
    await page.keyboard.press("4");
    await saved(page);
    assert.equal(marks(), before + 1, "a label's key marks what was found");

    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await until("the sheet names the key", async () =>
      /Find in text/.test(await page.locator(".keysheet").innerText()),
    );
  },
);

drive(
  "in a session the note is searched from any pane, in German",
  { mockOnly: true, lang: "de-DE" },
  async ({ node, page }) => {
    await openItem(node, page, "annotator", "a3");
    await page.waitForSelector(".film canvas");
    await page.locator(".film").focus();
    await page.keyboard.press("/");
    await page.waitForSelector(".findbar input:focus");
    await page.keyboard.type("the");
    await says(page, /^1 von \d+$/);
    /* A mark that is drawn anew takes its line's nodes with it; what was found stays found. */
    const n = (await highlighted(page)).length;
    await page.locator(".lines").click({ position: { x: 60, y: 60 } });
    await page.keyboard.press("Control+z");
    assert.equal((await highlighted(page)).length, n);
    await page.keyboard.press("/");
    await page.waitForSelector(".findbar input:focus");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".findbar", { state: "detached" });
  },
);
