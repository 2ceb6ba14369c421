/* Names, guidelines and notes that would like to be code stay words; a schema that lies is refused. */
import assert from "node:assert/strict";
import { drive } from "./drive.mjs";
import { openItem, signIn, until } from "./harness.mjs";

const EVIL =
  '<img src=x onerror="window.__hit=1"><script>window.__hit=2</script>';

drive(
  "hostile names, Markdown and notes are shown as text",
  { mockOnly: true },
  async ({ node, page }) => {
    const { state } = node.mock,
      schema = state.docs.get(state.schema),
      guide = state.docs.get(state.guidelines.text);
    const names = [
      schema.labels[0].name,
      schema.title,
      schema.questions[0].name,
      guide.title,
      state.users.get("l.hartmann"),
    ];
    const before = names.map((n) => ({ ...n })),
      body = guide.body.en,
      define = guide.labels[0].define.en;
    try {
      for (const n of names) n[n.user === undefined ? "en" : "name"] = EVIL;
      guide.body.en = `${EVIL}\n\n[click](javascript:window.__hit=3) ![x](https://example.org/x.png) <b>bold</b>\n\n\`\`\`html\n${EVIL}\n\`\`\`\n\n&lt;b&gt;`;
      guide.labels[0].define.en = `**bold** ${EVIL}`;
      await openItem(node, page, "annotator", "a2");
      await page.locator('.lines [data-r="m00"]').first().click();
      await until("the define is there", async () =>
        (await page.locator(".guide").innerText()).includes("onerror"),
      );
      /* Before its reader is here, and after. */
      await page.waitForSelector(".guide .md-body b");
      assert.ok((await page.locator(".guide").innerText()).includes("onerror"));
      await page.keyboard.press("g");
      await page.keyboard.press("g");
      await page.waitForSelector(".guide.whole .md-body");
      const shown = await page.locator(".guide.whole").innerText();
      assert.ok(
        shown.includes(EVIL) &&
          shown.includes("click") &&
          shown.includes("<b>"),
      );
      assert.equal(
        await page
          .locator(
            ".guide.whole a, .guide.whole img, .guide.whole script, .guide.whole b",
          )
          .count(),
        0,
      );
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await page.waitForSelector(".keysheet");
      assert.equal(await page.evaluate(() => window.__hit), undefined);
    } finally {
      names.forEach((n, i) => Object.assign(n, before[i]));
      guide.body.en = body;
      guide.labels[0].define.en = define;
    }
  },
);

drive(
  "a schema that breaks its own rules is refused with its place",
  { mockOnly: true },
  async ({ node, page }) => {
    const { state } = node.mock,
      schema = state.docs.get(state.schema),
      shape = schema.tasks[2].shape;
    try {
      schema.tasks[2].shape = "span";
      await signIn(page, node.logins.annotator);
      await page.evaluate(() => {
        location.hash = "#/work/a2";
      });
      await page.waitForSelector("[role=alert]");
      assert.match(
        await page.locator("[role=alert]").innerText(),
        /\/tasks\/2/,
      );
    } finally {
      schema.tasks[2].shape = shape;
    }
  },
);
