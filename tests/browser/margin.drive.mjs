/* Cards beside a note: what was said about a place, and what the selected place and those that touch it carry. */
import assert from "node:assert/strict";
import { drive } from "./drive.mjs";
import { accessible, markWords, openItem, saved, until } from "./harness.mjs";

const cards = (page) =>
  page.locator(".margin .mcard").evaluateAll((list) =>
    list.map((c) => {
      const r = c.getBoundingClientRect(),
        words = document
          .querySelector(`.lines [data-r="${CSS.escape(c.dataset.at)}"]`)
          ?.getClientRects()[0];
      return {
        text: c.innerText,
        at: c.dataset.at,
        top: r.top,
        bottom: r.bottom,
        words: words?.top,
      };
    }),
  );

drive(
  "a card stands beside its words, none covers another, and a click goes there",
  { mockOnly: true },
  async ({ node, page }) => {
    await openItem(node, page, "annotator", "a2");
    assert.equal((await cards(page)).length, 0);
    const { y: _, ...text } = await page.locator(".lines").boundingBox();

    await page.keyboard.press("1");
    await markWords(page, "ulcer of the duodenal bulb");
    await page.getByRole("button", { name: "Suspected" }).click();
    await page.keyboard.press("Shift+4");
    await until("the card says label, attr and how sure", async () =>
      /Suspected/.test((await cards(page))[0]?.text),
    );
    assert.match((await cards(page))[0].text, /ulcer of the duodenal bulb/);
    assert.match((await cards(page))[0].text, /75 %/);
    await page.keyboard.press("4");
    await page.keyboard.press("Escape");
    await page.keyboard.press("4");
    await markWords(page, "duodenal bulb");
    await until(
      "what touches it is beside it too",
      async () => (await cards(page)).length >= 2,
    );

    await page.keyboard.press("c");
    await page.fill("[role=dialog] textarea", "Is this the source?");
    await page.keyboard.press("Control+Enter");
    await until("the comment has a card", async () =>
      (await cards(page)).some((c) => c.text.includes("Is this the source?")),
    );
    const list = await cards(page);
    list.forEach((c, i) => {
      assert.ok(i === 0 || c.top >= list[i - 1].bottom, "no card covers one");
      assert.ok(
        c.top >= c.words - 8,
        "a card is beside its words or pushed down",
      );
    });
    const { y: __, ...then } = await page.locator(".lines").boundingBox();
    assert.deepEqual(then, text, "the lines are as wide and high as before");
    await accessible(page, "margin");

    const first = list.find((c) => c.text.includes("ulcer of the"));
    await page
      .locator(".margin .mcard", { hasText: "ulcer of the" })
      .first()
      .click();
    await until("its region is selected", () =>
      page
        .locator(`.lines [data-r="${first.at}"].on`)
        .count()
        .then((n) => n > 0),
    );
    await saved(page);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await until("only what was said stays", async () =>
      (await cards(page)).every((c) => c.text.includes("Is this the source?")),
    );
  },
);

drive(
  "on a tablet a card is a mark that opens when it is touched",
  { mockOnly: true, width: 1024, height: 768 },
  async ({ node, page }) => {
    await openItem(node, page, "annotator", "a2");
    await page.locator('.lines [data-r="m00"]').first().click();
    await page.mouse.move(5, 300);
    const card = page.locator(".margin .mcard.on");
    await until(
      "it is small",
      async () => (await card.boundingBox())?.width === 30,
    );
    await card.focus();
    await until(
      "it is open",
      async () => (await card.boundingBox()).width > 200,
    );
  },
);
