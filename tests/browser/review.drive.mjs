/* Review: groups settled by key, adjudicated; another item returned with a comment. */
import assert from "node:assert/strict";
import { drive } from "./drive.mjs";
import { accessible, signIn, until } from "./harness.mjs";

drive(
  "two readings are settled by key",
  { mockOnly: true },
  async ({ node, page }) => {
    await signIn(page, node.logins.reviewer);
    await page.waitForSelector(".queue");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".readers canvas");
    await accessible(page, "review");
    const open = async () =>
      Number(/(\d+) of/.exec(await page.locator(".mid").innerText())[1]);
    const all = await open();
    assert.ok(all >= 8);
    await page.keyboard.press("1");
    assert.equal(await open(), all - 1);
    await page.keyboard.press("Control+z");
    assert.equal(await open(), all);
    await page.keyboard.press("x");
    assert.equal(await open(), all - 1);
    for (let i = 0; i < 20 && (await open()) > 0; i++)
      await page.keyboard.press(i % 2 === 0 ? "2" : "1");
    assert.equal(await open(), 0);
    await page.keyboard.press("w");
    await page.keyboard.press("Control+Enter");
    await until(
      "the decision is with the node",
      () => node.mock.state.decisions?.length === 1,
    );
    const d = node.mock.state.decisions[0];
    assert.equal(d.decision, "adjudicate");
    assert.equal(d.cause, "guideline_gap");
    assert.equal(d.of.length, 2);
    assert.ok(
      d.doc.regions.length > 3 &&
        d.doc.regions.every((r) => r.from.length >= 1),
    );
    assert.ok(Object.keys(d.doc.answers).every((k) => !k.startsWith("~")));
  },
);

drive(
  "a reading is edited in the result, another returned with a comment",
  { mockOnly: true },
  async ({ node, page }) => {
    await signIn(page, node.logins.reviewer);
    await page.evaluate(() => {
      location.hash = "#/review/i9";
    });
    await page.waitForSelector(".readers canvas");
    await page.keyboard.press("e");
    await page.waitForSelector(".panes .lines");
    assert.equal(await page.locator(".panes .row, .regs .row").count(), 1);
    await accessible(page, "result");
    await page.keyboard.press("v");
    await page.waitForSelector(".readers");
    await page.keyboard.press("t");
    await page.getByRole("checkbox", { name: "Reader B" }).check();
    await page.locator("#return-text").fill("Mark the smallest phrase.");
    await page.keyboard.press("Control+Enter");
    await until(
      "the work went back",
      () => node.mock.state.decisions?.[0]?.decision === "return",
    );
    assert.equal(node.mock.state.decisions[0].of.length, 1);
    assert.equal(
      node.mock.state.decisions[0].comments[0].text,
      "Mark the smallest phrase.",
    );
  },
);
