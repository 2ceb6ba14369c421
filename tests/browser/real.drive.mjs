/* One hospital's day against the real node: every person signs in with a one-time password and does their part
   on the page; then the node and the tab are killed in mid-edit. The cases build on each other. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  accessible,
  closeBrowser,
  markWords,
  saved,
  saveText,
  until,
  visit,
} from "./harness.mjs";
import {
  bringCampaign,
  bringRecords,
  film,
  firstVisit,
  nextNew,
  NOTE,
  openSite,
  question,
  SECOND,
  stored,
} from "./site.mjs";

let node = null;
const views = {};
before(async () => {
  node = await openSite();
  bringCampaign(node.site);
  bringRecords(node.site, { "p1/s1/note.txt": NOTE, "p1/s1/film.png": film() });
});
after(async () => {
  await closeBrowser();
  await node?.stop();
  process.exit(process.exitCode ?? 0);
});

/* The first case that fails ends the day: what follows stands on it. */
let failed = false;
const step = (name, f) =>
  test(name, { timeout: 120000 }, async (t) => {
    if (failed) return t.skip("an earlier case failed");
    try {
      await f();
    } catch (e) {
      failed = true;
      if (process.env.CLOISTER_DRIVE_SHOTS)
        for (const [role, { page }] of Object.entries(views))
          await page
            .screenshot({
              path: join(process.env.CLOISTER_DRIVE_SHOTS, `real-${role}.png`),
            })
            .catch(() => undefined);
      throw e;
    }
  });

async function enter(role) {
  views[role] = await visit(node);
  await firstVisit(views[role].page, node.logins[role]);
  return views[role];
}

const goto = (page, hash) =>
  page.evaluate((h) => {
    location.hash = h;
  }, hash);

const held = (page) =>
  page
    .evaluate(() => location.hash.split("/").at(-1))
    .then((id) => stored(page, `/api/assignments/${id}`));
const regions = (page) => page.locator(".regs .row").count();

async function drag(page, x1, y1, x2, y2) {
  const f = await page.locator(".film").boundingBox();
  await page.mouse.move(f.x + f.width * x1, f.y + f.height * y1);
  await page.mouse.down();
  await page.mouse.move(
    f.x + (f.width * (x1 + x2)) / 2,
    f.y + (f.height * (y1 + y2)) / 2,
    { steps: 4 },
  );
  await page.mouse.move(f.x + f.width * x2, f.y + f.height * y2, { steps: 4 });
  await page.mouse.up();
}

const tool = (page, pane, name) =>
  page
    .locator(`.pane[data-pane="${pane}"] .lt`, { hasText: name })
    .first()
    .click();

async function problem(page, words) {
  await tool(page, "note", "Problem");
  await markWords(page, words);
  await page
    .locator('[data-attr="negated"]')
    .getByRole("button", { name: "No" })
    .click();
}

async function answers(page, finding, quality) {
  await question(page, "finding", finding);
  await question(page, "image_quality", quality);
}

step("the steward reads, and approves with the password, on the page", async () => {
  const { page, guard } = await enter("steward");
  guard.expect(/403/);
  await page.waitForSelector(".doc h1");
  await accessible(page, "inbox");
  await page.locator("#confirm").fill("wrong");
  await page.getByLabel("I have read what this means").check();
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector("[role=alert]");
  for (let left = await waiting(page); left > 0; left = await waiting(page)) {
    const id = (await stored(page, "/api/inbox")).inbox.find(
      (x) => x.state === "waiting",
    ).id;
    await goto(page, `#/inbox/${id}`);
    await page.waitForSelector("#confirm");
    await page.locator("#confirm").fill(SECOND);
    await page.getByLabel("I have read what this means").check();
    await page.keyboard.press("Control+Enter");
    await until("one less waits", async () => (await waiting(page)) < left);
    await until("the page says so", async () =>
      /approved by/i.test(await page.locator(".side.r").innerText()),
    );
  }
  await guard.clean();
});
const waiting = async (page) =>
  (await stored(page, "/api/inbox")).inbox.filter((x) => x.state === "waiting")
    .length;

step("a note and its film are annotated by mouse and handed in", async () => {
  const { page, guard } = await enter("annotator");
  await accessible(page, "home");
  await nextNew(page);
  await problem(page, "Tumor of the right lung");
  await problem(page, "right lung \u{1f52c} known");
  await problem(page, "Solitary pulmonary nodule");
  await page.keyboard.press("Escape");
  await tool(page, "film", "Nodule");
  await drag(page, 0.4, 0.4, 0.55, 0.6);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page
    .locator(".lines .sp", { hasText: "Solitary" })
    .first()
    .click();
  await page.keyboard.press("l");
  await page.locator(".shapes [data-r] .shape").first().click();
  await saved(page);
  await answers(page, "Present", "4");
  await saved(page);
  await accessible(page, "annotate");
  const { draft } = await held(page),
    text = [...NOTE];
  const quoted = draft.doc.regions
    .filter((r) => r.sel.t === "span")
    .map((r) => r.sel.parts.map(([a, b]) => text.slice(a, b).join("")).join("…"));
  assert.deepEqual(quoted.sort(), [
    "Solitary pulmonary nodule",
    "Tumor of the right lung",
    "right lung \u{1f52c} known",
  ]);
  assert.equal(draft.doc.relations.length, 1);
  assert.equal(draft.doc.relations[0].type, "shows");
  assert.equal(draft.doc.answers.finding, "present");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector(".home");
  await guard.clean();
});

step("a second person does the same item, blind", async () => {
  const { page, guard } = await enter("second");
  await nextNew(page);
  assert.equal(await regions(page), 0);
  await problem(page, "Tumor of the right lung");
  await tool(page, "film", "Nodule");
  await drag(page, 0.42, 0.42, 0.57, 0.6);
  await answers(page, "Not present", "3");
  await saved(page);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Enter");
  /* The campaign warns of a box without a finding; the person hands in all the same. */
  await page.waitForSelector("[role=dialog]");
  await accessible(page, "checks");
  await page.getByRole("button", { name: "It is right, submit" }).click();
  await page.waitForSelector(".home");
  await guard.clean();
});

step("the reviewer returns one with words; it is done again", async () => {
  const { page, guard } = await enter("reviewer");
  await page.waitForSelector(".queue");
  await accessible(page, "reviews");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".readers canvas");
  await accessible(page, "review");
  const letter = await page
    .evaluate(() => location.hash.split("/").at(-1))
    .then((item) => stored(page, `/api/items/${item}/work`))
    .then((w) =>
      w.work.findIndex((x) => x.revision.doc.answers.finding !== "present"),
    )
    .then((i) => "AB"[i]);
  await page.keyboard.press("t");
  await page.getByRole("checkbox", { name: `Reader ${letter}` }).check();
  await page.locator("#return-text").fill("The box and the finding disagree.");
  await page.keyboard.press("Control+Enter");
  await until("the list is back", () =>
    page.evaluate(() => location.hash === "#/reviews"),
  );
  const ben = views.second.page;
  await ben.reload();
  await ben.waitForSelector(".home .mcard");
  await ben.keyboard.press("o");
  await ben.waitForSelector(".lines");
  assert.match(
    await ben.locator(".side.r").innerText(),
    /The box and the finding disagree/,
  );
  await accessible(ben, "returned");
  await question(ben, "finding", "Present");
  await saved(ben);
  await ben.keyboard.press("Escape");
  await ben.keyboard.press("Control+Enter");
  await ben.waitForSelector(".home");
  await guard.clean();
  await views.second.guard.clean();
});

step("the reviewer settles the two readings and it is accepted", async () => {
  const { page, guard } = views.reviewer;
  await page.reload();
  await page.waitForSelector(".queue");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".readers canvas");
  const open = async () =>
    Number(/(\d+) of/.exec(await page.locator(".mid").innerText())?.[1] ?? 0);
  for (let i = 0; i < 30 && (await open()) > 0; i++)
    await page.keyboard.press(i % 2 === 0 ? "1" : "2");
  assert.equal(await open(), 0);
  await page.keyboard.press("q");
  await page.keyboard.press("Control+Enter");
  await until("the decision is with the node", async () =>
    (await stored(page, "/api/reviews")).reviews.every(
      (r) => r.state === "done",
    ),
  );
  const mine = await stored(
    views.annotator.page,
    "/api/assignments",
  );
  assert.equal(mine.assignments.length, 1);
  assert.ok(
    mine.assignments.every((a) => ["accepted", "adjudicated"].includes(a.state)),
  );
  await guard.clean();
});

step("figures, reads and people are shown to those they are for", async () => {
  const { page, guard } = views.reviewer;
  await goto(page, "#/figures");
  await page.waitForSelector("main h1, .matrix");
  await until("the figures are there", async () =>
    /finding|nodule/i.test(await page.locator("main").innerText()),
  );
  await accessible(page, "figures");
  await guard.clean();
  const auditor = await enter("auditor");
  await goto(auditor.page, "#/reads");
  await auditor.page.waitForSelector(".table");
  await auditor.page.locator("#reads-user").fill("ben");
  await auditor.page.keyboard.press("Enter");
  await until("only ben's reads", async () => {
    const rows = await auditor.page.locator("tbody tr").allInnerTexts();
    return rows.length > 0 && rows.every((r) => /\bben\b/.test(r));
  });
  await accessible(auditor.page, "reads");
  await auditor.guard.clean();
  const admin = await enter("admin");
  await admin.page.waitForSelector(".table");
  await accessible(admin.page, "people");
  await admin.page.keyboard.press("n");
  await admin.page.locator("#new-user").fill("carla");
  await admin.page.locator("#new-name").fill("Carla Conti");
  await admin.page.keyboard.press("Control+Enter");
  await admin.page.waitForSelector(".dialog .words");
  const password = await admin.page.locator(".dialog .words").innerText();
  node.logins.third = { user: "carla", password };
  await admin.page.keyboard.press("Escape");
  await admin.guard.clean();
  await (await enter("third")).guard.clean();
});

step("the node is killed in mid-edit; what was acknowledged is there, the rest is saved by itself", async () => {
  bringRecords(node.site, { "p2/s1/note.txt": NOTE.replace("61", "62") });
  const { page, guard } = views.annotator;
  guard.expect(/ERR_CONNECTION/, /ERR_EMPTY_RESPONSE/, /ERR_SOCKET/, /401/);
  await page.reload();
  await nextNew(page);
  await page.locator(".tool", { hasText: "Drug" }).first().click();
  await markWords(page, "ceftriaxone");
  await saved(page);
  const before = (await held(page)).draft;
  await node.site.stop("SIGKILL");
  await markWords(page, "2 g IV OD");
  await markWords(page, "cough");
  await until("the loss is said", async () =>
    /^NOT SAVED 2/.test(await saveText(page)),
  );
  await node.site.serve();
  await signInAgain(page);
  await until(
    "all is saved",
    async () => /^Saved/.test(await saveText(page)),
    20000,
  );
  const { draft } = await held(page);
  assert.equal(draft.doc.regions.length, before.doc.regions.length + 2);
  for (const r of before.doc.regions)
    assert.deepEqual(
      draft.doc.regions.find((x) => x.id === r.id),
      r,
    );
  await accessible(page, "after a restart");
  await guard.clean();
});

/* Where the restart ended the session, the page asks for the password in place. */
async function signInAgain(page) {
  const end = Date.now() + 20000;
  while (Date.now() < end && !/^Saved/.test(await saveText(page))) {
    if ((await page.locator(".scrim #password").count()) > 0) {
      await page.fill("#password", SECOND);
      await page.keyboard.press("Enter");
      await page.waitForSelector(".scrim", { state: "detached" });
    }
    await page.waitForTimeout(100);
  }
}

step("the tab is killed in mid-edit; reopened, the draft goes on", async () => {
  const { context, page, guard } = views.annotator;
  await guard.clean();
  const hash = await page.evaluate(() => location.hash),
    n = await regions(page);
  await markWords(page, "History");
  await saved(page);
  const dead = page.waitForEvent("crash"),
    session = await context.newCDPSession(page);
  session.send("Page.crash").catch(() => undefined);
  await dead;
  await page.close();
  const again = await context.newPage();
  await again.goto(`${node.url}/${hash}`);
  await again.waitForSelector(".lines");
  await until("the draft is there", async () => (await regions(again)) === n + 1);
  await markWords(again, "fever");
  await again.locator(".tool", { hasText: "Drug" }).first().click();
  await saved(again);
  const { draft } = await held(again);
  assert.equal(draft.doc.regions.length, n + 2);
});
