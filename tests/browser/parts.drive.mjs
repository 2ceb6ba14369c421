/* The page arrives in parts: work can begin on the first of them, and what is opened later is there in time. */
import assert from "node:assert/strict";
import { drive } from "./drive.mjs";
import { openItem, until } from "./harness.mjs";

const MOST = 60000;
const REST_MS = 1200; // web/src/ui/lazy.tsx

/* On a busy machine a picture can take longer than the page's rest: what waits for rest waits for us instead. */
const holdRest = (page) =>
  page.evaluate((ms) => {
    const later = window.setTimeout.bind(window),
      held = [];
    window.setTimeout = (f, wait, ...more) => {
      if (wait !== ms) return later(f, wait, ...more);
      held.push(f);
      return 0;
    };
    window.restNow = () => {
      window.setTimeout = later;
      for (const f of held) f();
      return held.length;
    };
  }, REST_MS);

const loaded = (page) =>
  page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter((r) => r.name.endsWith(".js"))
      .map((r) => ({
        name: r.name.split("/").at(-1),
        bytes: r.encodedBodySize,
      })),
  );

drive(
  "a picture can be labelled after at most 60 kB of script, and the rest comes at rest",
  { mockOnly: true },
  async ({ node, page, guard, context }) => {
    await holdRest(page);
    await openItem(node, page, "annotator", "a3");
    await page.waitForSelector(".film canvas");
    const first = await loaded(page),
      bytes = first.reduce((n, x) => n + x.bytes, 0);
    assert.ok(
      bytes > 30000 && bytes <= MOST,
      `${bytes} bytes: ${JSON.stringify(first)}`,
    );
    assert.ok((await page.evaluate(() => window.restNow())) > 0);
    await until(
      "the other parts are here",
      async () => (await loaded(page)).length >= first.length + 3,
    );

    guard.expect(/ERR_INTERNET_DISCONNECTED/);
    await context.setOffline(true);
    for (const [keys, what] of [
      [["?"], ".keysheet"],
      [["g", "g"], ".guide.whole .md-h1"],
      [["c"], "textarea"],
      [["f"], "input[type=radio]"],
    ]) {
      for (const k of keys) await page.keyboard.press(k);
      await page.waitForSelector(`[role=dialog] ${what}`);
      await page.keyboard.press("Escape");
      await until(
        "the dialog is gone",
        async () => (await page.locator("[role=dialog]").count()) === 0,
      );
    }
    await context.setOffline(false);
  },
);

drive(
  "a dialog that is still on its way lets no key through to the work",
  { mockOnly: true },
  async ({ node, page }) => {
    let go = null;
    const held = new Promise((r) => {
      go = r;
    });
    await openItem(node, page, "annotator", "a2");
    await page.route("**/*.js", async (route) => {
      await held;
      await route.continue();
    });
    await page.keyboard.press("f");
    await page.waitForSelector("[role=dialog] .loading");
    await page.keyboard.press("4");
    assert.equal(await page.locator(".tool.on").count(), 0);
    go();
    await page.waitForSelector("[role=dialog] input[type=radio]");
    assert.ok(
      await page.evaluate(
        () => document.activeElement.closest("[role=dialog]") !== null,
      ),
    );
    await page.keyboard.press("Escape");
    await page.keyboard.press("4");
    await page.waitForSelector(".tool.on");
  },
);

drive(
  "a guideline whose reader does not come is shown as it was written",
  { mockOnly: true },
  async ({ node, page, guard }) => {
    guard.expect(/ERR_FAILED/);
    await openItem(node, page, "annotator", "a2");
    await page.route("**/*.js", (route) => route.abort());
    await page.locator('.lines [data-r="m00"]').first().click();
    await page.waitForSelector(".guide .md-plain");
    assert.ok((await page.locator(".guide .md-plain").innerText()).length > 10);
  },
);

drive(
  "an item opened by its address is asked for once, and again when it is opened again",
  { mockOnly: true },
  async ({ node, page }) => {
    await openItem(node, page, "annotator", "a2");
    const asked = (from) =>
      node.mock.control.requests
        .slice(from)
        .filter((r) => r === "GET /api/assignments/a2").length;
    let from = node.mock.control.requests.length;
    await page.reload();
    await page.waitForSelector(".lines .ln");
    assert.equal(asked(from), 1);
    from = node.mock.control.requests.length;
    await page.evaluate(() => {
      location.hash = "#/work/a3";
    });
    await page.waitForSelector(".film canvas");
    await page.evaluate(() => {
      location.hash = "#/work/a2";
    });
    await page.waitForSelector(".main.three .lines .ln");
    assert.equal(asked(from), 1);
  },
);
