/* Writes a picture of every view in both themes, at 1280, 1440 and 1920, for people to look at:
   node shots.mjs DIR [only] */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  closeBrowser,
  markWords,
  openNode,
  saved,
  signIn,
  until,
  visit,
} from "./harness.mjs";

/* After the harness, which tells the mock node where its packages are. */
const { nextVersion } = await import("../../web/dev/mock-guideline.mjs");
const out = resolve(process.argv[2] ?? "shots"),
  only = process.argv[3];
mkdirSync(out, { recursive: true });

const quiet = (page) => page.waitForTimeout(350);
const at = (hash, ready) => async (page) => {
  await page.evaluate((h) => {
    location.hash = h;
  }, hash);
  await page.waitForSelector(ready);
};
/* Where the mock's film shows what its note tells of, in parts of the view. */
const NODULE = [
  [0.255, 0.572],
  [0.355, 0.665],
];
const VIEWS = [
  ["login", null, async () => undefined],
  [
    "login-must-change",
    "fresh",
    async (page) => page.waitForSelector("#pw-new"),
    true,
  ],
  ["home", "annotator", async (page) => page.waitForSelector(".queue")],
  [
    "annotate-text",
    "annotator",
    async (page) => {
      await at("#/work/a2", ".lines")(page);
      await page.keyboard.press("9");
      await markWords(page, "Plan:");
      await page.locator('.lines [data-r="m00"]').first().click();
      await page.waitForSelector(".guide .yes");
    },
  ],
  [
    "annotate-session",
    "annotator",
    async (page) => {
      await at("#/work/a3", ".film canvas")(page);
      await page.keyboard.press("2");
      await markWords(page, "round opacity in the right lower zone");
      await page.keyboard.press("A");
      await page.locator(".film").focus();
      await page.keyboard.press("1");
      const film = await page.locator(".film").boundingBox(),
        spot = (x, y) => [film.x + film.width * x, film.y + film.height * y];
      await page.mouse.move(...spot(...NODULE[0]));
      await page.mouse.down();
      await page.mouse.move(...spot(...NODULE[1]), { steps: 5 });
      await page.mouse.up();
      await page.keyboard.press("Escape");
      await page.keyboard.press("l");
      await page.locator(".regs .row", { hasText: "round" }).click();
      await page.keyboard.press("l");
      await page.locator("[data-question='urgency'] button").nth(1).click();
      await page.locator("[data-question='quality'] button").nth(3).click();
      await saved(page);
      await until("a line between the panes", () =>
        page.locator(".arcs.z .arc").count(),
      );
    },
  ],
  ["annotate-returned", "annotator", at("#/work/a1", ".lines")],
  [
    "annotate-find",
    "annotator",
    async (page) => {
      await at("#/work/a2", ".lines")(page);
      await page.keyboard.press("/");
      await page.waitForSelector(".findbar input:focus");
      await page.keyboard.type("day");
      await page.waitForSelector(".found i");
    },
  ],
  [
    "keys",
    "annotator",
    async (page) => {
      await at("#/work/a2", ".lines")(page);
      await page.keyboard.press("?");
      await page.waitForSelector(".keysheet");
    },
  ],
  [
    "guideline",
    "annotator",
    async (page) => {
      await at("#/work/a2", ".lines")(page);
      await page.keyboard.press("g");
      await page.keyboard.press("g");
      await page.waitForSelector(".guide.whole .md-h1");
    },
  ],
  [
    "changes",
    "annotator",
    at("#/work/a2", ".dialog .diff"),
    false,
    (node) => nextVersion(node.mock.state, { breaking: true }),
  ],
  [
    "stopped",
    "annotator",
    at("#/work/a2", ".lines"),
    false,
    (node) => (node.mock.state.stopped = "withdrawn"),
  ],
  ["reviews", "reviewer", at("#/reviews", ".queue")],
  ["review", "reviewer", at("#/review/i9", ".readers canvas")],
  [
    "review-layered",
    "reviewer",
    async (page) => {
      await at("#/review/i9", ".readers canvas")(page);
      await page.keyboard.press("v");
    },
  ],
  [
    "review-result",
    "reviewer",
    async (page) => {
      await at("#/review/i9", ".readers canvas")(page);
      await page.keyboard.press("e");
      await page.waitForSelector(".panes");
    },
  ],
  ["inbox", "steward", at("#/inbox/n1", ".doc h1")],
  [
    "inbox-linked",
    "steward",
    at("#/inbox/n1", ".doc h1"),
    false,
    (node) => (node.mock.state.link = "up"),
  ],
  [
    "inbox-withdrawn",
    "steward",
    at("#/inbox/n3", ".doc h1"),
    false,
    (node) =>
      Object.assign(node.mock.state.inbox.get("n3"), {
        state: "withdrawn",
        decision: {
          decision: "withdraw",
          reason: "guideline",
          by: "m.okafor",
          name: "Mary Okafor",
          at_ms: Date.now() - 9e5,
        },
      }),
  ],
  [
    "inbox-first",
    "steward",
    at("#/inbox/n1", ".doc h1"),
    false,
    (node) =>
      (node.mock.state.inbox.get("n1").first = {
        decision: "approve",
        by: "p.second",
        name: "Petra Second",
        at_ms: Date.now() - 9e5,
      }),
  ],
  ["figures", "steward", at("#/figures", ".matrix")],
  ["reads", "auditor", at("#/reads", ".table")],
  [
    "left",
    "steward",
    at("#/left/4", ".xbytes"),
    false,
    (node) => (node.mock.state.link = "up"),
  ],
  [
    "suspended",
    "auditor",
    async (page) => {
      await at("#/left/5", ".xsaid")(page);
      await page.getByRole("button", { name: /^Bytes/ }).click();
      await page.waitForSelector(".band");
    },
    false,
    (node) => {
      node.mock.state.link = "up";
      node.mock.state.suspended = {
        user: "m.okafor",
        name: "M. Okafor",
        since_ms: Date.now() - 3600000,
      };
    },
  ],
  ["users", "admin", at("#/users", ".table")],
];

for (const [name, role, prepare, outside, first] of VIEWS) {
  if (only !== undefined && !name.startsWith(only)) continue;
  for (const [theme, width] of [
    ["light", 1440],
    ["dark", 1440],
    ["light", 1280],
    ["dark", 1920],
  ]) {
    const node = await openNode();
    first?.(node);
    const view = await visit(node, {
      theme,
      width,
      height: { 1280: 800, 1440: 900, 1920: 1080 }[width],
    });
    try {
      if (role !== null && outside !== true)
        await signIn(view.page, node.logins[role]);
      if (outside === true) {
        await view.page.fill("#user", node.logins[role].user);
        await view.page.fill("#password", node.logins[role].password);
        await view.page.keyboard.press("Enter");
      }
      await prepare(view.page);
      await quiet(view.page);
      await view.page.screenshot({
        path: join(
          out,
          `${name}-${theme}${width === 1440 ? "" : `-${width}`}.png`,
        ),
      });
    } finally {
      await view.close();
      await node.stop();
    }
  }
  process.stdout.write(`${name}\n`);
}
await closeBrowser();
process.exit(0);
