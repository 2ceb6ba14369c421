/* See kill_tab. What the page was told is read off the wire: an answer that reached the browser is an answer
   the page may rely on, and one that did not may have been kept or not, but nothing in between. */
import assert from "node:assert/strict";
import { closeBrowser, markWords, until, visit } from "../browser/harness.mjs";
import {
  bringCampaign,
  bringRecords,
  firstVisit,
  nextNew,
  NOTE,
  openSite,
  question,
  SECOND,
} from "../browser/site.mjs";
import { Client, PASSWORD } from "../integration/lib.mjs";

const kills = Number(process.argv[2] ?? 5),
  seed = Number(process.argv[3] ?? Date.now() % 1000000);
const WORDS = ["cough", "fever", "Tumor", "right lung", "known", "ceftriaxone", "IV OD", "noir", "nodule", "upper zone"];
const TOOLS = ["Drug", "Test", "Result"];
const LIFE_MS = 12000; /* the page saves a second after the last mark */

/* mulberry32: a kill can be played again from its seed. */
let state = seed >>> 0;
function chance() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const oneOf = (list) => list[Math.floor(chance() * list.length)];

/* What the browser sent and what it was answered, by assignment. */
const told = new Map();
const about = (id) => {
  if (!told.has(id)) told.set(id, { sent: [], saved: null, submitted: false });
  return told.get(id);
};
let acknowledged = 0,
  handedIn = 0;
function listen(page) {
  const parts = (r) =>
    /\/api\/assignments\/([^/]+)\/(draft|submit)$/.exec(new URL(r.url()).pathname);
  page.on("request", (r) => {
    const m = parts(r);
    if (m?.[2] === "draft") about(m[1]).sent.push(r.postData());
  });
  page.on("response", (r) => {
    const m = parts(r);
    if (m === null || r.status() >= 300) return;
    const a = about(m[1]);
    if (m[2] === "submit") {
      a.submitted = true;
      handedIn++;
    } else {
      a.saved = { n: Number(r.headers()["etag"].replaceAll('"', "")), doc: r.request().postData() };
      acknowledged++;
    }
  });
}

/* Marks, answers and hands in until the tab is gone. */
async function work(page) {
  for (;;) {
    if (await page.locator(".home .btn.primary.lg").count()) await nextNew(page);
    await page.waitForSelector(".lines");
    const steps = 1 + Math.floor(chance() * 3);
    for (let i = 0; i < steps; i++) {
      await page.locator(".tool", { hasText: oneOf(TOOLS) }).first().click();
      await markWords(page, oneOf(WORDS));
      await page.waitForTimeout(chance() * 500);
    }
    await page.waitForTimeout(chance() * 2000);
    if (chance() < 0.5) continue;
    if ((await page.locator('[data-question="finding"] [aria-pressed="true"]').count()) === 0)
      await question(page, "finding", oneOf(["Not present", "Cannot judge"]));
    const here = await page.evaluate(() => location.hash);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+Enter");
    await until("the next item is open", async () => (await page.evaluate(() => location.hash)) !== here, 20000);
  }
}

async function kill(page) {
  const session = await page.context().newCDPSession(page),
    dead = page.waitForEvent("crash");
  session.send("Page.crash").catch(() => undefined);
  await dead;
  await page.close();
}

const node = await openSite();
bringCampaign(node.site);
{
  const { steward } = node.logins,
    c = new Client(node.site.port, node.site.id);
  await c.login(steward.user, steward.password);
  await c.changePassword(steward.password, PASSWORD);
  const { inbox } = (await c.must("GET", "/api/inbox")).json;
  for (const e of inbox) await c.must("POST", `/api/inbox/${e.id}`, { decision: "approve", password: PASSWORD });
  c.close();
}
bringRecords(
  node.site,
  Object.fromEntries(
    Array.from({ length: 4 * kills + 8 }, (_, i) => [`p${i}/s1/note.txt`, NOTE.replace("61 y", `${i} y`)]),
  ),
);

const view = await visit(node);
await firstVisit(view.page, node.logins.annotator);
let { page } = view;
for (let i = 0; i < kills; i++) {
  page.setDefaultTimeout(10000);
  listen(page);
  await nextNew(page);
  let gone = false,
    fault = null;
  const busy = work(page).catch((e) => {
    if (!gone) fault = e;
  });
  await page.waitForTimeout(chance() * LIFE_MS);
  gone = true;
  await kill(page);
  await busy;
  if (fault !== null) throw fault;
  page = await view.context.newPage();
  await page.goto(`${node.url}/`);
  await page.waitForSelector(".home");
}
await closeBrowser();
await node.site.stop("SIGKILL");
await node.site.serve();

const person = new Client(node.site.port, node.site.id);
await person.login(node.logins.annotator.user, SECOND);
const canonical = (x) =>
  JSON.stringify(x, (_, v) =>
    v !== null && typeof v === "object" && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
let missing = 0;
for (const [id, a] of told) {
  if (a.saved === null && !a.submitted) continue;
  const now = (await person.must("GET", `/api/assignments/${id}`)).json,
    kept = now.draft?.doc ?? now.revision?.doc ?? null,
    later = a.sent.slice(a.sent.lastIndexOf(a.saved?.doc ?? ""));
  const whole =
    kept !== null &&
    later.some((doc) => canonical(JSON.parse(doc)) === canonical(kept)) &&
    (now.draft === null || now.draft.n >= (a.saved?.n ?? 0)) &&
    (!a.submitted || now.revision !== null);
  if (!whole) {
    missing++;
    process.stderr.write(`assignment ${id}: acknowledged n ${a.saved?.n}, in the vault n ${now.draft?.n} state ${now.state}\n`);
  }
}
process.stdout.write(
  `${kills} tabs killed (seed ${seed}): ${acknowledged} saves and ${handedIn} submissions acknowledged over ${told.size} items, ${missing} missing\n`,
);
assert.ok(acknowledged > 0, "nothing was saved, so nothing was tried");
await node.site.stop();
process.exit(missing === 0 ? 0 : 1);
