/* What every drive stands on: a node (the one in memory, or a real one named by the environment), Debian's
   Chromium with a fresh profile, and the assertions that hold for every page it opens.
     CLOISTER_BASE        address of a running node; without it the mock node is started
     CLOISTER_LOGINS      JSON file {"annotator": {"user","password"}, "second": ..., "reviewer": ..., "steward": ...}
     CLOISTER_CHROMIUM    default /usr/bin/chromium
     CLOISTER_BUILD       the build folder; default build/dev, or build/release where only that is built
     CLOISTER_WEB_MODULES, CLOISTER_WEB_DIST   default web/packages/node_modules and web/dist in it */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../.."),
  web = join(root, "web");
/* The mock node looks for them too. */
const builds = [
  process.env.CLOISTER_BUILD ?? join(root, "build/dev"),
  join(root, "build/release"),
];
const built =
  builds.find((b) => existsSync(join(b, "web/dist/assets.tsv"))) ?? builds[0];
const modules = (process.env.CLOISTER_WEB_MODULES ??= join(
  built,
  "web/packages/node_modules",
));
const dist = (process.env.CLOISTER_WEB_DIST ??= join(built, "web/dist"));
if (!existsSync(join(dist, "assets.tsv")) || !existsSync(modules))
  throw new Error(
    `no page at ${dist}: build it first (cmake --preset dev && cmake --build --preset dev)`,
  );
const load = createRequire(join(modules, "x.js"));
const { chromium } = load("playwright-core");
const axe = readFileSync(load.resolve("axe-core/axe.min.js"), "utf8");
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const MOCK = {
  annotator: "l.hartmann",
  second: "s.brook",
  reviewer: "a.rennick",
  steward: "m.okafor",
  auditor: "j.abara",
  admin: "root",
  fresh: "new.person",
};

export const real = process.env.CLOISTER_BASE !== undefined;

export async function openNode() {
  if (real)
    return {
      url: process.env.CLOISTER_BASE,
      mock: null,
      logins: JSON.parse(readFileSync(process.env.CLOISTER_LOGINS, "utf8")),
      stop: async () => undefined,
    };
  const { startMock } = await import(
    pathToFileURL(join(web, "dev/mock-node.mjs")).href
  );
  const mock = await startMock({ dist });
  const logins = Object.fromEntries(
    Object.entries(MOCK).map(([role, user]) => [
      role,
      { user, password: mock.state.users.get(user).password },
    ]),
  );
  return { url: mock.url, mock, logins, stop: () => mock.stop() };
}

let browser = null;
export async function openBrowser() {
  browser ??= await chromium.launch({
    executablePath: process.env.CLOISTER_CHROMIUM ?? "/usr/bin/chromium",
    args: FLAGS,
  });
  return browser;
}
export async function closeBrowser() {
  await browser?.close();
  browser = null;
}

/* Chromium writes each answer of 4xx to the console. A drive names those that belong to it; a first visit
   asks who is here, and that one may always be 401. */
export class Guarded {
  faults = [];
  expected = [/401.*\/api\/me$/];

  constructor(page, base) {
    this.page = page;
    this.base = base;
    page.on("console", (m) => {
      const text = `${m.type()}: ${m.text()} ${m.location().url}`;
      const known = this.expected.some((re) => re.test(text));
      if ((m.type() === "error" || m.type() === "warning") && !known)
        this.faults.push(text);
    });
    page.on("pageerror", (e) => this.faults.push(`page error: ${e.stack}`));
    page.on("request", (r) => {
      if (!r.url().startsWith(`${base}/`))
        this.faults.push(`a request beyond the node: ${r.url()}`);
    });
  }

  expect(...patterns) {
    this.expected.push(...patterns);
  }

  async clean() {
    const reports = await this.page.evaluate(() => window.__csp ?? []);
    assert.deepEqual([...this.faults, ...reports], []);
  }
}

export async function visit(
  node,
  {
    width = 1440,
    height = 900,
    theme = "light",
    lang = "en-GB",
    hash = "",
  } = {},
) {
  const context = await (
    await openBrowser()
  ).newContext({
    viewport: { width, height },
    colorScheme: theme,
    locale: lang,
    reducedMotion: "reduce",
  });
  const page = await context.newPage(),
    guard = new Guarded(page, node.url);
  await page.addInitScript(() => {
    window.__csp = [];
    document.addEventListener("securitypolicyviolation", (e) =>
      window.__csp.push(
        `CSP: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`,
      ),
    );
  });
  await page.goto(`${node.url}/${hash}`);
  return { context, page, guard, close: () => context.close() };
}

export async function signIn(page, login) {
  await page.fill("#user", login.user);
  await page.fill("#password", login.password);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".app");
}

/* axe-core in both themes; what is merely minor or moderate is a matter of taste. */
export async function accessible(page, what) {
  for (const theme of ["light", "dark"]) {
    await page.evaluate((x) => {
      document.documentElement.dataset.theme = x;
    }, theme);
    await page.waitForTimeout(50);
    const session = await page.context().newCDPSession(page);
    /* Evaluated by the debugger, in a world of its own: the page's policy forbids scripts from texts. */
    await session.send("Runtime.evaluate", { expression: axe });
    const { result } = await session.send("Runtime.evaluate", {
      expression: `axe.run(document, {resultTypes: ["violations"]}).then((r) => JSON.stringify(r.violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => v.id + ": " + v.nodes.slice(0, 4).map((n) => n.target.join(" ") + " " + (n.any[0]?.message ?? "")).join(" | "))))`,
      awaitPromise: true,
    });
    await session.detach();
    assert.deepEqual(JSON.parse(result.value), [], `${what}, ${theme}`);
  }
}

/* Polls in this process: a string handed to the page would be eval under its policy. */
export async function until(what, f, ms = 6000) {
  const end = Date.now() + ms;
  for (let last; ; ) {
    try {
      last = await f();
      if (last) return last;
    } catch (e) {
      last = e;
    }
    if (Date.now() > end)
      throw new Error(
        `waited in vain until ${what}: ${last instanceof Error ? last.message : JSON.stringify(last)}`,
      );
    await new Promise((r) => setTimeout(r, 40));
  }
}

export const saveText = (page) => page.locator(".save").first().innerText();
export const saved = (page) =>
  until("all is saved", async () =>
    /^(Saved|Gespeichert) \d/.test(await saveText(page)),
  );

/* The words of a note on the screen as a client rectangle range: drag from the first to the last letter. */
export async function markWords(page, words, options = {}) {
  const box = await page.evaluate((w) => {
    const walk = document.createTreeWalker(
      document.querySelector(".lines"),
      NodeFilter.SHOW_TEXT,
    );
    const nodes = [];
    let all = "";
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      if (n.parentElement.closest(".no, .tag, .sr")) continue;
      nodes.push([n, all.length]);
      all += n.data;
    }
    const at = all.indexOf(w);
    if (at < 0) return null;
    const spot = (i) => {
      const [n, s] = nodes.findLast(([, x]) => x <= i);
      return [n, i - s];
    };
    const r = document.createRange(),
      [a, ao] = spot(at),
      [b, bo] = spot(at + w.length - 1);
    r.setStart(a, ao);
    r.setEnd(b, bo + 1);
    a.parentElement.scrollIntoView({ block: "center" });
    const list = [...r.getClientRects()].filter((x) => x.width > 0),
      first = list[0],
      last = list.at(-1);
    return {
      x1: first.left + 0.5,
      y1: first.top + first.height / 2,
      x2: last.right - 0.5,
      y2: last.top + last.height / 2,
    };
  }, words);
  assert.ok(box, `the note holds "${words}"`);
  if (options.key) await page.keyboard.down(options.key);
  await page.mouse.move(box.x1, box.y1);
  await page.mouse.down();
  await page.mouse.move((box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2, {
    steps: 3,
  });
  await page.mouse.move(box.x2, box.y2, { steps: 3 });
  await page.mouse.up();
  if (options.key) await page.keyboard.up(options.key);
}

/* Opens a fresh item in the annotate view and answers its assignment id. */
export async function openItem(node, page, role, id) {
  await signIn(page, node.logins[role]);
  await page.evaluate((x) => {
    location.hash = `#/work/${x}`;
  }, id);
  await page.waitForSelector(".lines, .film");
}
