/* The same work with no mouse at all: sign in, continue, mark words, attr, box, point, relation, answers,
   quick list, delete, submit. */
import assert from "node:assert/strict";
import { drive } from "./drive.mjs";
import { saved, signIn, until } from "./harness.mjs";

const press = async (page, ...keys) => {
  for (const k of keys) await page.keyboard.press(k);
};

drive(
  "a session is annotated by keyboard alone",
  { mockOnly: true },
  async ({ node, page }) => {
    await signIn(page, node.logins.annotator);
    await page.waitForSelector(".queue");
    await press(page, "j", "j", "Enter");
    await until("the third item is open", () =>
      page.evaluate(() => location.hash === "#/work/a3"),
    );
    await page.waitForSelector(".film canvas");
    const doc = () => node.mock.state.assignments.get("a3").draft?.doc;

    await press(
      page,
      "g",
      "n",
      "Control+Home",
      "ArrowDown",
      "ArrowDown",
      "ArrowDown",
      "ArrowDown",
      "Home",
    );
    await press(page, "Shift+Control+ArrowRight", "2");
    await saved(page);
    assert.equal(doc().regions.length, 1);
    assert.equal(doc().regions[0].label, "lung_problem");
    await press(page, "a", "a", "Shift+2");
    await saved(page);
    assert.equal(doc().regions[0].attrs.certainty_stated, "suspected");
    assert.equal(doc().regions[0].certainty, 25);

    await press(page, "Escape", "Escape", "g", "f", "1", "Enter");
    await press(page, "ArrowRight", "Shift+ArrowDown", "Control+ArrowRight");
    await saved(page);
    const box = doc().regions.find((r) => r.task === "boxes");
    assert.equal(box.label, "nodule");
    assert.equal(box.sel.x % 1000, 0);
    await press(page, "3", "Enter");
    await saved(page);
    assert.equal(doc().regions.filter((r) => r.sel.t === "point").length, 1);

    await press(page, "Escape", "[", "l");
    for (let i = 0; i < 4; i++) {
      const on = await page.locator(".row.on .t").innerText();
      if (/^box/.test(on)) break;
      await press(page, "]");
    }
    await press(page, "Escape");
    await page.evaluate(() => 0);
    while (
      !/^box/.test(
        await page
          .locator(".row.on .t")
          .innerText()
          .catch(() => ""),
      )
    )
      await press(page, "]");
    await press(page, "l", "[", "l");
    await saved(page);
    await until(
      "the phrase and the box are joined",
      () => doc().relations.length === 1,
    );
    assert.equal(doc().relations[0].type, "seen_as");
    assert.equal(doc().relations[0].to, box.id);

    await press(page, "g", "n", ";");
    await page.waitForSelector(".quick");
    await page.keyboard.type("neg");
    await press(page, "Enter");
    await until(
      "the list is gone",
      async () => (await page.locator(".quick").count()) === 0,
    );
    await press(page, "End", "Shift+Control+ArrowLeft", "5");
    await saved(page);
    assert.ok(doc().regions.some((r) => r.label === "negation"));
    const n = doc().regions.length;
    await press(page, "Delete");
    await saved(page);
    assert.equal(doc().regions.length, n - 1);

    await press(page, "g", "q", "w");
    await saved(page);
    assert.equal(doc().answers.urgency, "soon");
    await press(page, "Control+Enter");
    await until("the open rating has the focus", () =>
      page.evaluate(
        () =>
          document.activeElement?.closest("[data-question='quality']") != null,
      ),
    );
    await press(page, "Tab", "Tab", "Tab", "Enter");
    await saved(page);
    assert.equal(doc().answers.quality, 4);
    await press(page, "Control+Enter");
    await until(
      "the work is handed in",
      () => node.mock.state.assignments.get("a3").state === "submitted",
    );
  },
);
