/* What crossed the wall, for those who watch it; and the wall closed and opened with a password. */
import assert from "node:assert/strict";
import { drive } from "./drive.mjs";
import { accessible, signIn, until } from "./harness.mjs";

const rows = (page) => page.locator("a.xrow").count();

drive(
  "every message is listed, filtered and read to the last byte",
  { mockOnly: true },
  async ({ node, page }) => {
    node.mock.state.link = "up";
    await signIn(page, node.logins.steward);
    await page.locator(".wall a").click();
    await page.waitForSelector("a.xrow");
    assert.match(
      await page.locator(".xtitle").innerText(),
      /\d+ messages, .* left; .* came in/,
    );
    assert.equal(await rows(page), 40);
    await page.getByRole("button", { name: "Older messages" }).click();
    await until("all are there", async () => (await rows(page)) === 60);
    await accessible(page, "left");
    await page.getByLabel("Type").selectOption("document");
    await until("documents only", async () => (await rows(page)) === 2);
    await page.getByLabel("At least").selectOption("10000");
    await until("large ones only", async () => (await rows(page)) === 1);
    await page.keyboard.press("j");
    await page.waitForSelector(".xbytes");
    assert.match(await page.locator(".dec").innerText(), /cloister-campaign/);
    await page.getByRole("button", { name: "Signed note" }).click();
    assert.match(await page.locator(".xbytes").innerText(), /^fedmsg\/v1/);
    await page.keyboard.press("b");
    assert.match(
      await page.locator(".xbytes").innerText(),
      /^000000 {2}64 6f 63 75 .*document/,
    );
    await accessible(page, "one message");
    await page.getByRole("button", { name: /^DE/ }).click();
    await until("the page speaks German", async () =>
      /Was durch die Mauer ging/.test(await page.locator("h1").innerText()),
    );
  },
);

drive(
  "a new message comes by itself",
  { mockOnly: true },
  async ({ node, page }) => {
    node.mock.state.link = "up";
    await signIn(page, node.logins.auditor);
    await page.evaluate(() => {
      location.hash = "#/left";
    });
    await page.waitForSelector("a.xrow");
    const { crossed } = await import("../../web/dev/mock-gate.mjs");
    crossed.add(node.mock.state, { says: { pending: 77, disk: "low" } });
    await until(
      "it stands on top",
      async () => /77/.test(await page.locator("a.xrow").first().innerText()),
      9000,
    );
    assert.equal(await page.getByRole("button", { name: /Suspend/ }).count(), 0);
  },
);

drive(
  "a steward closes the wall and everybody is told",
  { mockOnly: true },
  async ({ node, page, guard }) => {
    guard.expect(/403/);
    node.mock.state.link = "up";
    await signIn(page, node.logins.steward);
    await page.evaluate(() => {
      location.hash = "#/left";
    });
    await page.getByRole("button", { name: "Suspend this site" }).click();
    await page.locator("#gate-password").fill("wrong");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(".dialog [role=alert]");
    assert.equal(node.mock.state.suspended ?? null, null);
    await accessible(page, "suspend");
    await page
      .locator("#gate-password")
      .fill(node.logins.steward.password);
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(".band");
    assert.match(
      await page.locator(".band").innerText(),
      /Suspended by .* since/,
    );
    await accessible(page, "suspended");
    await page.reload();
    await page.waitForSelector(".band");
    await page.getByRole("button", { name: "Connect again" }).click();
    await page
      .locator("#gate-password")
      .fill(node.logins.steward.password);
    await page.keyboard.press("Control+Enter");
    await until(
      "the band is gone",
      async () => (await page.locator(".band").count()) === 0,
    );
    assert.equal(node.mock.state.suspended, null);
  },
);
