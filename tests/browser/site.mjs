/* A hospital's real node for the browser: the demo's campaign signed and in the inbox, records with what text
   can hold, people whose one-time passwords are still unused. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  assert,
  fresh,
  leadPassphrase,
  png,
  records,
  Site,
  source,
} from "../integration/lib.mjs";

export const SECOND = "a password of my own";
const PEOPLE = {
  annotator: ["anna", "Anna Albers"],
  second: ["ben", "Ben Becker"],
  reviewer: ["rita", "Rita Roth"],
  steward: ["stella", "Stella Stern"],
  auditor: ["audrey", "Audrey Adam"],
  admin: ["adam", "Adam Ast"],
};

/* Umlauts, an astral character before and between what is marked, CRLF, and a combining mark. */
export const NOTE =
  "History: Müller, 61 y, \u{1fac0} cough since 3 days.\r\nNo fever. Tumor of the right lung \u{1f52c} known.\r\n" +
  "Start ceftriaxone 2 g IV OD.\r\nCafe\u0301 noir. Solitary pulmonary nodule in the left upper zone.\r\n";

/* The site with its node at work; the port stays the same after a restart, as a person's bookmark does. */
export async function openSite() {
  const site = await Site.made("site-a");
  await site.stop();
  site.config(`[page]\nlisten = 127.0.0.1:${site.port}\n`);
  await site.serve();
  const logins = {};
  for (const [role, [user, name]] of Object.entries(PEOPLE)) {
    const as = role === "second" ? "annotator" : role;
    const made = site.ok(
      "user",
      "add",
      user,
      "--name",
      name,
      "--role",
      as,
      "--json",
    );
    logins[role] = { user, password: JSON.parse(made).password };
  }
  return {
    site,
    logins,
    url: `http://${site.id}.localhost:${site.port}`,
    mock: null,
    stop: () => site.stop(),
  };
}

/* The demo's campaign, written for this site, signed, and waiting in the inbox. */
export function bringCampaign(site) {
  const dir = fresh("campaign"),
    from = join(source, "deploy/demo.d/campaign");
  assert.equal(site.bare("campaign", "new", dir).code, 0);
  for (const name of readdirSync(from))
    writeFileSync(
      join(dir, name),
      readFileSync(join(from, name), "utf8")
        .replaceAll("@FEDERATION@", "fed.example/ward7")
        .replaceAll("@SITE@", site.id),
    );
  const signed = site.bare(
    "campaign",
    "sign",
    dir,
    "--lead-passphrase-file",
    leadPassphrase,
  );
  assert.equal(signed.code, 0, signed.err);
  site.ok(
    "inbox",
    "add",
    ...readdirSync(dir)
      .filter((f) => f.endsWith(".note"))
      .map((f) => join(dir, f)),
  );
}

export function bringRecords(site, files) {
  const { code, err, report } = site.import(records(files));
  assert.equal(code, 0, err);
  assert.equal(report.taken, Object.keys(files).length);
}

export const film = () => png(640, 512, 90);

/* A person's first visit: the one-time password opens, and must be changed before anything is shown. */
export async function firstVisit(page, login) {
  page.setDefaultTimeout(10000);
  await page.fill("#user", login.user);
  await page.fill("#password", login.password);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#pw-new");
  await page.fill("#pw-new", SECOND);
  await page.fill("#pw-again", SECOND);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".app");
}

/* From the start page to what is to be done next, new or begun. */
export async function nextNew(page) {
  await page.waitForSelector(".home .btn.primary.lg");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".lines, .film canvas");
}

export const question = (page, id, name) =>
  page
    .locator(`[data-question="${id}"]`)
    .getByRole("button", { name })
    .first()
    .click();

/* What the vault holds, asked by the page's own session. */
export const stored = (page, path) =>
  page.evaluate(async (p) => (await fetch(p)).json(), path);
