/* Inbox, figures, reads and people, for those whose pages they are. */
import assert from "node:assert/strict";
import { drive } from "./drive.mjs";
import { accessible, signIn, until } from "./harness.mjs";

drive(
  "a campaign is read in words and approved with a password",
  { mockOnly: true },
  async ({ node, page, guard }) => {
    guard.expect(/403/);
    await signIn(page, node.logins.steward);
    await page.waitForSelector(".doc h1");
    assert.match(
      await page.locator(".leaves").innerText(),
      /Nothing of the work will leave/,
    );
    await accessible(page, "inbox");
    await page.keyboard.press("b");
    assert.match(
      await page.locator(".hex").innerText(),
      /^cloister-campaign\/v1/,
    );
    await page.locator("#confirm").fill("wrong");
    await page.getByLabel("I have read what this means").check();
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("[role=alert]");
    await page.locator("#confirm").fill(node.logins.steward.password);
    await page.keyboard.press("Control+Enter");
    await until(
      "it is approved",
      () => node.mock.state.inbox.get("n1").state === "approved",
    );
    await page.getByRole("button", { name: /^DE/ }).click();
    await until("the page speaks German", async () =>
      /Freigegeben/.test(await page.locator(".side.l").innerText()),
    );
    await page.evaluate(() => {
      location.hash = "#/inbox/n2";
    });
    await page.waitForSelector("#confirm");
    await page.keyboard.press("r");
    await page.locator("#refuse-password").fill(node.logins.steward.password);
    await page.keyboard.press("Control+Enter");
    await until(
      "it is refused",
      () => node.mock.state.inbox.get("n2").state === "refused",
    );
    assert.equal(node.mock.state.inbox.get("n2").decision.reason, "scope");
  },
);

drive(
  "a roster is read in words and signed with two secrets",
  { mockOnly: true },
  async ({ node, page, guard }) => {
    guard.expect(/403/);
    await signIn(page, node.logins.steward);
    await page.evaluate(() => {
      location.hash = "#/inbox/n4";
    });
    await page.waitForSelector("#governor");
    const text = await page.locator(".doc").innerText();
    assert.match(text, /St. Mary’s \(st-marys\) asks to join/);
    assert.match(
      text,
      /Hafenklinik \(site-b\) is to be revoked: its node will be cut off/,
    );
    assert.match(
      await page.locator(".side.r").innerText(),
      /lusab-babad-gutih-tugad/,
    );
    assert.match(
      await page.locator(".side.r").innerText(),
      /brannoc\/gov \(this house\) has not signed/,
    );
    await accessible(page, "roster");
    const sign = async (passphrase) => {
      await page.locator("#confirm").fill(node.logins.steward.password);
      await page.locator("#governor").fill(passphrase);
      await page.keyboard.press("Control+Enter");
    };
    await page.getByLabel("I have read what this means").check();
    await page.locator("#confirm").fill(node.logins.steward.password);
    assert.equal(
      await page.getByRole("button", { name: /^Sign: password/ }).isDisabled(),
      true,
    );
    await sign("not this one");
    await page.waitForSelector("[role=alert]");
    assert.equal(node.mock.state.inbox.get("n4").state, "waiting");
    await sign("a governor passphrase");
    await until(
      "it is signed",
      () => node.mock.state.inbox.get("n4").state === "approved",
    );
    await until("the page says so", async () =>
      /Signed by/.test(await page.locator(".side.r").innerText()),
    );
    await page.getByRole("button", { name: /^DE/ }).click();
    await until("the page speaks German", async () =>
      /möchte beitreten/.test(await page.locator(".doc").innerText()),
    );
  },
);

drive(
  "the lead sees what each site decided",
  { mockOnly: true },
  async ({ node, page }) => {
    const at_ms = Date.now();
    node.mock.state.inbox.get("n1").replies = [
      { site: "north", name: "North", decision: "approved", reason: "", at_ms },
      {
        site: "harbour",
        name: "Hafenklinik",
        decision: "refused",
        reason: "effort",
        at_ms,
      },
    ];
    await signIn(page, node.logins.steward);
    await page.evaluate(() => {
      location.hash = "#/inbox/n1";
    });
    await page.waitForSelector(".replies li");
    const text = await page.locator(".replies").innerText();
    assert.match(text, /North \(north\) approved/);
    assert.match(text, /Hafenklinik \(harbour\) refused.*: Too much work/);
    await accessible(page, "replies");
  },
);

drive(
  "a node with a link says what it tells the others",
  { mockOnly: true },
  async ({ node, page }) => {
    node.mock.state.link = "down";
    await signIn(page, node.logins.steward);
    await page.waitForSelector(".doc h1");
    const wall = await page.locator(".wall").innerText();
    assert.match(wall, /decisions, counts/);
    assert.doesNotMatch(wall, /no connection/);
    assert.match(
      await page.locator(".leaves").innerText(),
      /Your decision is told to the lead/,
    );
  },
);

drive(
  "figures, reads and people are shown",
  { mockOnly: true },
  async ({ node, page }) => {
    await signIn(page, node.logins.steward);
    await page.evaluate(() => {
      location.hash = "#/figures";
    });
    await page.waitForSelector(".matrix");
    await accessible(page, "figures");
    await page.evaluate(() => {
      location.hash = "#/reads";
    });
    await page.waitForSelector(".table");
    await page.locator("#reads-user").fill("s.brook");
    await page.keyboard.press("Enter");
    await until(
      "only that user's reads",
      async () => (await page.locator("tbody tr").count()) < 20,
    );
    await accessible(page, "reads");
  },
);

drive(
  "an admin adds a person and sees the password once",
  { mockOnly: true },
  async ({ node, page }) => {
    await signIn(page, node.logins.admin);
    await page.waitForSelector(".table");
    await accessible(page, "people");
    await page.keyboard.press("n");
    await page.locator("#new-user").fill("k.neu");
    await page.locator("#new-name").fill("Karla Neu");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(".words");
    assert.equal(
      await page.locator(".dialog .words").innerText(),
      node.mock.state.users.get("k.neu").password,
    );
  },
);
