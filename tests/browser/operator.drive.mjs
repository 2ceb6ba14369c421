/* The operator's page against the real coordinator with two real hospitals: signing in, what is shown, and a stopped
   link in red. With CLOISTER_OPERATOR_SHOTS it writes pictures of both themes into that folder. */
import assert from "node:assert/strict";
import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { accessible, closeBrowser, until, visit } from "./harness.mjs";
import {
  command,
  eventually,
  founded,
  fresh,
  leadPassphrase,
  node,
  passphrase,
  PASSWORD,
  Relay,
  Site,
} from "../integration/consortium_lib.mjs";

const relay = new Relay(),
  sites = [];
let view = null,
  oneTime = "";

const state = (site) => JSON.parse(site.ok("status", "--json")).link;

before(async () => {
  relay.init();
  for (const id of ["site-a", "site-b"])
    sites.push(await Site.made(id, { serve: false }));
  const { roster, fingerprint } = await founded(relay, sites);
  await relay.serve();
  for (const s of sites) {
    const pinned = command(node, [
      "roster",
      "pin",
      roster,
      "--fingerprint",
      fingerprint,
      "--state",
      s.state,
      "--passphrase-file",
      passphrase,
    ]);
    assert.equal(pinned.code, 0, pinned.err);
    s.config(
      `[page]\nlisten = 127.0.0.1:0\n[link]\ncoordinator = tcp://127.0.0.1:${relay.port}\n`,
    );
    await s.serve();
  }
  for (const s of sites) await eventually(() => state(s) === "up", 30000);
  oneTime = JSON.parse(
    relay.ok("user", "add", "otto", "--name", "Otto Oster", "--json"),
  ).password;
});

after(async () => {
  await view?.close();
  await closeBrowser();
  for (const s of sites) await s.stop();
  await relay.stop();
  process.exit(process.exitCode ?? 0);
});

async function shoot(name) {
  const dir = process.env.CLOISTER_OPERATOR_SHOTS;
  if (dir === undefined) return;
  for (const theme of ["light", "dark"]) {
    await view.page.evaluate((x) => {
      document.documentElement.dataset.theme = x;
    }, theme);
    await view.page.waitForTimeout(150);
    await view.page.screenshot({ path: join(dir, `${name}-${theme}.png`) });
  }
}

test("an operator signs in and chooses a password", async () => {
  view = await visit({ url: relay.origin });
  const { page } = view;
  await page.waitForSelector("#user");
  await accessible(page, "sign-in");
  await page.fill("#user", "otto");
  await page.fill("#password", oneTime);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#pw-new");
  await page.fill("#pw-new", PASSWORD);
  await page.fill("#pw-again", PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".sitetable");
});

test("sites and documents are shown, and come anew by themselves", async () => {
  const { page } = view;
  await until("both are connected", async () =>
    /2 of 2 connected/.test(await page.locator("main").innerText()),
  );
  await accessible(page, "operator");
  const table = await page.locator(".sitetable").innerText();
  assert.match(table, /site-a[\s\S]*site-b/);
  const dir = fresh("campaign"),
    [a] = sites;
  assert.equal(a.bare("campaign", "new", dir).code, 0);
  assert.equal(
    a.bare("campaign", "sign", dir, "--lead-passphrase-file", leadPassphrase)
      .code,
    0,
  );
  a.ok(
    "inbox",
    "add",
    ...readdirSync(dir)
      .filter((f) => f.endsWith(".note"))
      .map((f) => join(dir, f)),
  );
  await until(
    "the campaign is there without a reload",
    () => page.locator(".opcampaign").count(),
    25000,
  );
  assert.match(
    await page.locator(".opcampaign").innerText(),
    /Waits for[\s\S]*site-a, site-b/,
  );
  const steward = await sites[1].person("stella", "steward");
  let entry = null;
  await eventually(async () => {
    const { inbox } = (await steward.must("GET", "/api/inbox")).json;
    entry = inbox.find((e) => e.kind === "campaign");
    return entry !== undefined;
  }, 20000);
  await steward.must("POST", `/api/inbox/${entry.id}`, {
    decision: "refuse",
    reason: "scope",
    password: PASSWORD,
  });
  await until(
    "the answer is there",
    async () =>
      /site-b[\s\S]*refused[\s\S]*scope/.test(
        await page.locator(".opcampaign").innerText(),
      ),
    25000,
  );
  await page.getByRole("button", { name: "Exact text" }).first().click();
  await page.waitForSelector(".dialog .hex");
  assert.match(await page.locator(".dialog .hex").innerText(), /^cloister-/);
  await accessible(page, "a document");
  await page.keyboard.press("Escape");
  await shoot("operator");
});

test("a link that stopped is red and says where the evidence is", async () => {
  const { page } = view,
    b = sites[1],
    kept = fresh("kept");
  const copy = { recursive: true, filter: (name) => !name.endsWith(".sock") };
  await b.stop();
  cpSync(b.state, kept, copy);
  await b.serve();
  await eventually(() => state(b) === "up", 30000);
  b.ok("log", "settle", fresh("more"));
  await b.stop();
  rmSync(b.state, { recursive: true });
  cpSync(kept, b.state, copy);
  await b.serve();
  await page.waitForSelector(".note.bad[role=alert]", { timeout: 40000 });
  assert.match(
    await page.locator(".note.bad").innerText(),
    /site-b was stopped: [\s\S]*evidence\/site-b-\d+/,
  );
  assert.equal(await page.locator("tr.alarm").count(), 1);
  await accessible(page, "a stopped link");
  await shoot("operator-red");
  await page.getByRole("button", { name: /^DE/ }).click();
  await until("the page speaks German", async () =>
    /wurde angehalten/.test(await page.locator(".note.bad").innerText()),
  );
  await view.guard.clean();
});
