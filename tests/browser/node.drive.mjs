/* One walk that asks nothing of the schema, so that it goes against a real node as well: an annotator takes an
   item, marks what can be marked, answers what is asked and hands in; reviewer and steward open their pages. */
import assert from "node:assert/strict";
import { drive } from "./drive.mjs";
import { accessible, saved, signIn, until, visit } from "./harness.mjs";

const label = (page) => page.locator(".btn.grow").innerText();

/* A field that is open has the focus after Submit; a choice is taken, a text is typed. */
async function fill(page) {
  for (let i = 0; i < 40 && /:/.test(await label(page)); i++) {
    await page.locator(".btn.grow").click();
    await page.waitForTimeout(120);
    const kind = await page.evaluate(
      () =>
        `${document.activeElement?.tagName} ${document.activeElement?.getAttribute("type")}`,
    );
    if (kind.startsWith("BUTTON")) await page.keyboard.press("Enter");
    else if (kind === "INPUT checkbox") await page.keyboard.press("Space");
    else if (kind === "INPUT date") await page.keyboard.type("01012026");
    else await page.keyboard.type("1");
    await page.waitForTimeout(120);
  }
}

async function markNote(page) {
  const tool = page
    .locator(".main.three .tool[aria-pressed], .pane .lt")
    .first();
  await page.locator(".lines").first().focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Shift+End");
  await tool.click();
}

async function markFilm(page) {
  const film = await page.locator(".film").first().boundingBox();
  const pane = page.locator(".pane", { has: page.locator(".film") }).first();
  await pane.locator(".lt").first().click();
  await page.mouse.move(film.x + film.width * 0.4, film.y + film.height * 0.4);
  await page.mouse.down();
  await page.mouse.move(
    film.x + film.width * 0.5,
    film.y + film.height * 0.55,
    { steps: 5 },
  );
  await page.mouse.up();
}

drive(
  "an item is taken, annotated and handed in, whatever the schema",
  {},
  async ({ node, page }) => {
    await accessible(page, "sign-in");
    await signIn(page, node.logins.annotator);
    await page.waitForSelector(".home");
    await accessible(page, "home");
    await page.keyboard.press("?");
    await page.waitForSelector(".keysheet");
    await accessible(page, "keys");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".lines, .film canvas, .panefault");
    const item = await page.evaluate(() => location.hash),
      before = await page.locator(".regs .row").count();
    if ((await page.locator(".lines").count()) > 0) await markNote(page);
    if ((await page.locator(".film canvas").count()) > 0) await markFilm(page);
    await until(
      "something is marked",
      async () => (await page.locator(".regs .row").count()) > before,
    );
    await saved(page);
    await accessible(page, "annotate");
    const n = await page.locator(".regs .row").count();
    await page.reload();
    await page.waitForSelector(".lines, .film canvas");
    await until(
      "the draft is there after a reload",
      async () => (await page.locator(".regs .row").count()) === n,
    );
    await fill(page);
    await saved(page);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+Enter");
    await until(
      "the next item or the start page is there",
      async () => (await page.evaluate(() => location.hash)) !== item,
      10000,
    );
  },
);

drive(
  "reviewer, steward and auditor find their pages",
  {},
  async ({ node, page }) => {
    for (const [role, places] of [
      ["reviewer", ["reviews", "figures"]],
      ["steward", ["inbox", "figures", "reads"]],
    ]) {
      if (node.logins[role] === undefined) continue;
      const view =
        role === "reviewer"
          ? { page, close: async () => undefined }
          : await visit(node);
      await signIn(view.page, node.logins[role]);
      for (const place of places) {
        await view.page.evaluate((p) => {
          location.hash = `#/${p}`;
        }, place);
        await until(
          `${place} is shown`,
          async () =>
            (await view.page.locator("main h1, .doc .empty").count()) > 0 &&
            (await view.page.locator(".skel").count()) === 0,
        );
        assert.equal(await view.page.locator("[role=alert]").count(), 0, place);
        await accessible(view.page, place);
      }
      await view.close();
    }
  },
);
