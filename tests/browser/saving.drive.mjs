/* Offline and back, a lost answer, two windows, a login that dies, a node that restarts. */
import assert from "node:assert/strict";
import { drive } from "./drive.mjs";
import {
  markWords,
  openItem,
  saved,
  saveText,
  until,
  visit,
} from "./harness.mjs";

const offline = [
  /ERR_EMPTY_RESPONSE/,
  /ERR_CONNECTION/,
  /ERR_SOCKET/,
  /ERR_INTERNET/,
];

drive(
  "edits made offline are kept, counted and saved when the node is back",
  { mockOnly: true },
  async ({ node, page, guard }) => {
    guard.expect(...offline);
    await openItem(node, page, "annotator", "a2");
    node.mock.control.down = true;
    await page.keyboard.press("4");
    await markWords(page, "Gastroscopy");
    await until("the loss is said", async () =>
      /^NOT SAVED 1/.test(await saveText(page)),
    );
    await markWords(page, "INR 1.2");
    await until("both are counted", async () =>
      /^NOT SAVED 2/.test(await saveText(page)),
    );
    assert.equal(node.mock.state.assignments.get("a2").draft.n, 4);
    node.mock.control.down = false;
    await until(
      "all is saved",
      async () => /^Saved/.test(await saveText(page)),
      12000,
    );
    assert.equal(
      node.mock.state.assignments
        .get("a2")
        .draft.doc.regions.filter((r) => r.label === "test").length,
      3,
    );
  },
);

drive(
  "work left offline is still saved later, from any view",
  { mockOnly: true },
  async ({ node, page, guard }) => {
    guard.expect(...offline);
    await openItem(node, page, "annotator", "a2");
    await page.keyboard.press("4");
    await markWords(page, "Gastroscopy");
    node.mock.control.down = true;
    await page.evaluate(() => {
      location.hash = "#/";
    });
    await until("the count follows to the start page", async () =>
      /^NOT SAVED/.test(await saveText(page)),
    );
    node.mock.control.down = false;
    await until(
      "it is saved",
      () =>
        node.mock.state.assignments
          .get("a2")
          .draft.doc.regions.some(
            (r) => r.label === "test" && r.id.length > 10,
          ),
      15000,
    );
  },
);

drive(
  "two windows: both versions are shown and the person chooses",
  { mockOnly: true },
  async ({ node, page, guard }) => {
    guard.expect(/412/);
    await openItem(node, page, "annotator", "a2");
    const other = await visit(node);
    await openItem(node, other.page, "annotator", "a2");
    await other.page.keyboard.press("4");
    await markWords(other.page, "INR 1.2");
    await saved(other.page);
    await other.close();
    await page.keyboard.press("4");
    await markWords(page, "Gastroscopy");
    await page.waitForSelector("[role=dialog]");
    assert.match(
      await page.locator("[role=dialog]").innerText(),
      /Two versions/,
    );
    const theirs = node.mock.state.assignments.get("a2").draft.doc;
    assert.equal(theirs.regions.length, 9);
    await page.getByRole("button", { name: "Go on with this one" }).click();
    await saved(page);
    const now = node.mock.state.assignments.get("a2").draft;
    assert.equal(now.n, 6);
    assert.equal(now.doc.regions.length, 9);
    assert.notDeepEqual(now.doc, theirs);
  },
);

drive(
  "a login that dies is taken up in place and nothing is lost",
  { mockOnly: true },
  async ({ node, page, guard }) => {
    guard.expect(/401/);
    await openItem(node, page, "annotator", "a2");
    node.mock.state.sessions.clear();
    await page.keyboard.press("4");
    await markWords(page, "Gastroscopy");
    await page.waitForSelector(".scrim .lcard");
    assert.match(
      await page.locator(".lcard").innerText(),
      /Password of l\.hartmann/,
    );
    await page.fill("#password", node.logins.annotator.password);
    await page.keyboard.press("Enter");
    await saved(page);
    assert.ok(
      node.mock.state.assignments
        .get("a2")
        .draft.doc.regions.some((r) => r.label === "test" && r.id.length > 10),
    );
    assert.equal(await page.locator(".scrim").count(), 0);
  },
);

drive(
  "a wrong password is said and a one-time password must be changed",
  { mockOnly: true },
  async ({ node, page, guard }) => {
    guard.expect(/401/, /403/);
    await page.fill("#user", "new.person");
    await page.fill("#password", "wrong");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[role=alert]");
    await page.fill("#password", node.logins.fresh.password);
    await page.keyboard.press("Enter");
    await page.waitForSelector("#pw-new");
    await page.fill("#pw-new", "a password of my own");
    await page.fill("#pw-again", "a password of my own");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".home");
    assert.equal(node.mock.state.users.get("new.person").must_change, false);
  },
);
