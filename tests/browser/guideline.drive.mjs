/* A guideline changes while people work: they read what changed, and go on under it; a campaign is stopped. */
import assert from "node:assert/strict";
import { drive } from "./drive.mjs";
import {
  accessible,
  markWords,
  openItem,
  saved,
  signIn,
  until,
} from "./harness.mjs";

/* After the harness, which tells the mock node where its packages are. */
const { nextVersion } = await import("../../web/dev/mock-guideline.mjs");
const work = (node, id) => node.mock.state.assignments.get(id);
const dialog = (page) => page.getByRole("dialog");

drive(
  "what changed is read before work goes on under it",
  { mockOnly: true },
  async ({ node, page }) => {
    const before = node.mock.state.guidelines.text,
      hash = nextVersion(node.mock.state);
    await openItem(node, page, "annotator", "a2");
    await page.waitForSelector(".dialog .diff");
    const text = await dialog(page).innerText();
    assert.match(text, /Guideline for notes, version 4/);
    assert.match(text, /What the writer says is wrong, with its site/);
    assert.match(text, /wrong and new since the last note/);
    assert.match(text, /No: known hypertension/);
    assert.match(text, /not explained/);
    assert.match(text, /punctuation and doses out/);
    assert.doesNotMatch(text, /What counts/, "lines that stay are left out");
    await accessible(page, "what changed");
    /* Later: the work goes on, and is kept under the version it was begun under. */
    await page.keyboard.press("Escape");
    await page.keyboard.press("4");
    await markWords(page, "Rectal examination");
    await saved(page);
    assert.ok(work(node, "a2").draft.doc.guidelines.includes(before));
    const n = work(node, "a2").draft.doc.regions.length;
    await page.evaluate(() => {
      location.hash = "#/work/a3";
    });
    await page.waitForSelector(".dialog .diff");
    await page.evaluate(() => {
      location.hash = "#/work/a2";
    });
    await page.waitForSelector(".dialog .diff");
    await page.keyboard.press("Control+Enter");
    await until("the dialog is gone", async () => (await dialog(page).count()) === 0);
    assert.ok(node.mock.state.unread.readers.has("l.hartmann"));
    await saved(page);
    await until("the draft is pinned anew", () =>
      work(node, "a2").draft.doc.guidelines.includes(hash),
    );
    assert.equal(work(node, "a2").draft.doc.regions.length, n);
    await page.locator('.lines [data-r="m00"]').first().click();
    await until("the panel says the new words", async () =>
      /new since the last note/.test(await page.locator(".guide").innerText()),
    );
    await page.reload();
    await page.waitForSelector(".lines");
    await page.waitForTimeout(300);
    assert.equal(await dialog(page).count(), 0);
  },
);

drive(
  "a version that comes in mid-work is asked for when work is handed in",
  { mockOnly: true, lang: "de-DE" },
  async ({ node, page, guard }) => {
    guard.expect(/409/);
    await openItem(node, page, "annotator", "a3");
    await page.locator("[data-question='urgency'] button").nth(1).click();
    await page.locator("[data-question='quality'] button").nth(3).click();
    await saved(page);
    const hash = nextVersion(node.mock.state, { breaking: true });
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(".dialog .diff");
    assert.match(
      await dialog(page).innerText(),
      /Der Leitfaden hat sich geändert[^]*Labels bedeuten nun etwas anderes/,
    );
    await page.getByRole("button", { name: /Ich habe es gelesen/ }).click();
    await until("the dialog is gone", async () => (await dialog(page).count()) === 0);
    await saved(page);
    await page.keyboard.press("Control+Enter");
    await until("it is handed in", () => work(node, "a3").state === "submitted");
    assert.ok(
      work(node, "a3").revisions.at(-1).doc.guidelines.includes(hash),
    );
  },
);

drive(
  "a reviewer reads it too",
  { mockOnly: true },
  async ({ node, page }) => {
    const hash = nextVersion(node.mock.state);
    await signIn(page, node.logins.reviewer);
    await page.evaluate(() => {
      location.hash = "#/review/i9";
    });
    await page.waitForSelector(".dialog .diff");
    await page.keyboard.press("Control+Enter");
    await until("the dialog is gone", async () => (await dialog(page).count()) === 0);
    assert.ok(node.mock.state.unread.readers.has("a.rennick"));
    assert.equal(node.mock.state.unread.hash, hash);
  },
);

drive(
  "a stopped campaign keeps its work, to look at",
  { mockOnly: true },
  async ({ node, page }) => {
    node.mock.state.stopped = "withdrawn";
    await signIn(page, node.logins.annotator);
    await page.waitForSelector(".home");
    await until("the list is there", () => page.locator(".queue").count());
    await page.getByRole("button", { name: /^All/ }).click();
    assert.match(
      await page.locator(".queue").innerText(),
      /Campaign withdrawn/,
    );
    await page.evaluate(() => {
      location.hash = "#/work/a2";
    });
    await page.waitForSelector(".lines");
    assert.match(
      await page.locator(".sidefoot").innerText(),
      /Campaign withdrawn: to look at, not to change/,
    );
    assert.ok((await page.locator(".lines [data-r]").count()) > 0);
    await accessible(page, "stopped");
  },
);

drive(
  "an approval is withdrawn with a reason and given again",
  { mockOnly: true },
  async ({ node, page }) => {
    await signIn(page, node.logins.steward);
    await page.evaluate(() => {
      location.hash = "#/inbox/n3";
    });
    const entry = () => node.mock.state.inbox.get("n3");
    await page.getByRole("button", { name: /Withdraw with a reason/ }).click();
    await page.waitForSelector("#refuse-password");
    await page.locator("#refuse-password").fill(node.logins.steward.password);
    await page.getByLabel("The guideline is not good enough").check();
    await page.keyboard.press("Control+Enter");
    await until("it is withdrawn", () => entry().state === "withdrawn");
    assert.equal(entry().decision.reason, "guideline");
    await until("it says so", async () =>
      /Stopped in this house/.test(await page.locator(".side.r").innerText()),
    );
    await accessible(page, "withdrawn");
    await page.locator("#confirm").fill(node.logins.steward.password);
    await page.getByLabel("I have read what this means").check();
    await page.getByRole("button", { name: /Approve again/ }).click();
    await until("it holds again", () => entry().state === "approved");
  },
);

drive(
  "two people approve where the house wants two",
  { mockOnly: true },
  async ({ node, page }) => {
    node.mock.state.twoPeople = true;
    await signIn(page, node.logins.steward);
    await page.waitForSelector("#confirm");
    await page.locator("#confirm").fill(node.logins.steward.password);
    await page.getByLabel("I have read what this means").check();
    await page.keyboard.press("Control+Enter");
    await until("the first has approved", () => node.mock.state.inbox.get("n1").first !== null);
    await until("it waits for another", async () =>
      /Another steward must do so too/.test(
        await page.locator(".side.r").innerText(),
      ),
    );
    assert.equal(node.mock.state.inbox.get("n1").state, "waiting");
    assert.equal(await page.locator("#confirm").count(), 0);
    await accessible(page, "a second person");
  },
);
