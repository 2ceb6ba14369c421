// consortium.mjs - five hospitals and a coordinator that nobody trusts: founded, connected, audited.
import fs from "node:fs";
import path from "node:path";
import { decideInbox, forge, sizeOf, withdraw } from "./hospital.mjs";
import { at, audit, bare, Coordinator, eventually, Node, sleep } from "./programs.mjs";
import { figure, say } from "./stage.mjs";

const K = 3;
const papers = (name) => at("papers", name);
const firstLine = (text) => text.trim().split("\n")[0];

// Signed by these sites' stewards, and merged: the note.
export function signed(what, draft, sites) {
    const out = `${draft}.by-${sites.length}.note`;
    const signatures = sites.map((s) => (fs.existsSync(`${draft}.${s.id}`) ? `${draft}.${s.id}` : s.sign(what, draft, `${draft}.${s.id}`)));
    bare([what, "merge", ...signatures, "--out", out]);
    return out;
}

// --- founding ---

export function foundConsortium(relay, sites) {
    fs.mkdirSync(at("papers"), { recursive: true });
    const draft = papers("roster-1");
    const drafted = bare(["roster", "draft", "--k", String(K), ...sites.map((s) => s.request), relay.request, "--out", draft]);
    const words = /fingerprint: (\S+)/.exec(drafted.err)[1];
    bare(["policy", "draft", "--roster", draft, "--out", papers("policy-1")]);
    say(`the roster names ${sites.length} sites; ${K} of their stewards must sign each version`);
    const few = signed("roster", draft, sites.slice(0, K - 1));
    const refused = relay.cmd(["roster", "install", few], { wanted: [77] });
    say(`signed by ${K - 1}: refused (exit ${refused.code}): ${firstLine(refused.err)}`);
    const note = signed("roster", draft, sites.slice(0, K));
    const forged = papers("roster-forged.note");
    fs.writeFileSync(forged, fs.readFileSync(note, "utf8").replace(`"k":${K}`, '"k":1'));
    const alien = relay.cmd(["roster", "install", forged], { wanted: [65, 77] });
    say(`one number of it changed after it was signed: refused (exit ${alien.code}): ${firstLine(alien.err)}`);
    relay.cmd(["roster", "install", note]);
    relay.cmd(["policy", "install", signed("policy", papers("policy-1"), sites.slice(0, K))]);
    say(`here two people read these eight words to each other: ${words}`);
    for (const s of sites) s.cmd(["roster", "pin", note, "--fingerprint", words]);
    figure("sites", sites.length, "sites", `${sites.length} sites have pinned version 1 by its fingerprint`);
    return { note, words };
}

export async function connect(relay, sites) {
    await relay.serve();
    const begun = Date.now();
    for (const s of sites) {
        s.config({ coordinator: relay.endpoint });
        await s.serve();
    }
    for (const s of sites) await s.up();
    figure("connected_ms", Date.now() - begun, "ms", `${sites.length} nodes started and connected in ${Date.now() - begun} ms (CURVE; the coordinator's key comes from the roster)`);
    for (const s of sites) await eventually(`the policy at ${s.id}`, () => s.json("status").policy === 1);
    say("each of them has been carried the policy, and taken it: k governors of its own roster signed it");
}

// Who is not in the roster writes one of its own, with the coordinator's true keys, and knocks.
export async function strangerKnocks(relay) {
    const stranger = new Node("site-x", "A stranger");
    stranger.init();
    const draft = papers("roster-stranger");
    const words = /fingerprint: (\S+)/.exec(bare(["roster", "draft", "--k", "1", stranger.request, relay.request, "--out", draft]).err)[1];
    stranger.cmd(["roster", "pin", signed("roster", draft, [stranger]), "--fingerprint", words]);
    stranger.config({ coordinator: relay.endpoint });
    await stranger.serve();
    await eventually("the refusal of a stranger", () => stranger.said(/link\.refused/g) > 0);
    await stranger.end();
    say("a stranger with a roster of its own knocks: its key is refused before a byte of ours is reached");
}

// --- campaign ---

export async function campaignTravels(relay, lead, sites, refusing, dir) {
    const notes = lead.signCampaign(dir);
    lead.cmd(["inbox", "add", ...notes]);
    const begun = Date.now();
    for (const s of sites) await eventually(`the campaign at ${s.id}`, () => s.lines("inbox").filter((e) => e.state === "waiting").length >= notes.length);
    figure("carried_ms", Date.now() - begun, "ms", `${notes.length} signed documents lie in ${sites.length} inboxes ${Date.now() - begun} ms later`);
    for (const s of sites) await decideInbox(s, { words: s === lead, refuse: s === refusing ? "scope" : undefined });
    const campaign = lead.lines("inbox").find((e) => e.kind === "campaign").hash;
    for (const s of sites) s.campaign = campaign;
    await eventually("every decision at the coordinator", () => decisions(relay, campaign).length === sites.length);
    for (const r of decisions(relay, campaign)) say(`  ${r.site}: ${r.decision}${r.reason ? `, reason ${r.reason}` : ""}`);
    relay.cmd(["campaign", "install", path.join(dir, "box.png")]);
    const [picture] = JSON.parse(fs.readFileSync(path.join(dir, "guideline-image.json"), "utf8")).assets;
    for (const s of sites) await eventually(`the picture at ${s.id}`, () => s.lines("left").some((r) => r.type === "blob-request"));
    say(`the guideline's picture (${picture.bytes} bytes) comes from the operator's hand, and is asked for by its hash: no node sends bytes that are not signed`);
    const learnt = await eventually("what the lead learns", () => {
        const lines = lead.lines("campaign", "show").filter((r) => r.decision);
        return lines.length >= sites.length && lines;
    });
    say(`the lead learns it too, each decision in the words that its site signed: ${learnt.length} of them`);
    figure("approved", decisions(relay, campaign).filter((r) => r.decision === "approved").length, "sites", `approved at ${sites.length - 1}, refused at one: the operator sees who decided what`);
}

function decisions(relay, campaign) {
    return Object.values(relay.status().sites).flatMap((s) => s.replies.filter((r) => r.document === campaign.replace("sha256:", "") || r.document === campaign).map((r) => ({ site: s.site, ...r })));
}

// --- a second version of a guideline ---

// A changed definition, signed and carried; one steward has withdrawn the campaign meanwhile.
export async function guidelineChanges(lead, sites, dir) {
    const file = path.join(dir, "guideline-image.json");
    const doc = JSON.parse(fs.readFileSync(file, "utf8"));
    const first = /guideline {2}(sha256:\S+) {2}image/.exec(bare(["campaign", "check", dir]).out)[1];
    const label = doc.labels.find((l) => l.id === "opacity");
    Object.assign(doc, { version: 2, supersedes: first, breaking: true, changes: { en: "Opacity: only what is larger than 2 cm.", de: "Verschattung: nur was größer ist als 2 cm." } });
    label.define = { en: "A hazy density without a clear rim, larger than 2 cm.", de: "Eine unscharfe Verdichtung ohne klaren Rand, größer als 2 cm." };
    const next = papers("guideline-image-2.json");
    fs.writeFileSync(next, JSON.stringify(doc, null, 2));
    const note = lead.signGuideline(next);
    for (const line of bare(["guideline", "diff", path.join(dir, "guideline-image.note"), note]).out.trim().split("\n").slice(0, 8)) say(`  | ${line}`);
    lead.cmd(["inbox", "add", note]);
    for (const s of sites) {
        await eventually(`the new version at ${s.id}`, () => s.lines("inbox").some((e) => e.state === "waiting" && e.kind === "guideline"));
        await decideInbox(s);
    }
    figure("guideline_sites", sites.length, "sites", `version 2 is approved at ${sites.length} sites: what it touches is asked again, and nobody hands in before reading what changed`);
}

export async function withdrawnAt(relay, site) {
    withdraw(site, "campaign", "effort");
    await eventually("the withdrawal at the coordinator", () => decisions(relay, site.campaign).some((r) => r.site === site.id && r.decision === "withdrawn"));
    say(`the steward of ${site.name} withdraws the campaign (reason effort): it stops there, and nowhere else; the lead is told`);
}

// --- suspended ---

export async function suspended(relay, site) {
    const heard = () => relay.status().sites[site.id].last_ms;
    site.cmd(["suspend"]);
    say(`${site.name} closes its wall: ${firstLine(site.cmd(["status"]).out.split("\n").find((l) => /suspended/.test(l)) ?? "suspended")}`);
    await site.end();
    await site.serve();
    const before = heard();
    await sleep(1000);
    if (site.json("status").link !== "suspended" || heard() !== before) throw new Error("a suspended node spoke");
    site.cmd(["resume"]);
    await site.up();
    say("started anew it is still closed, and nothing was said; opened again it connects");
}

// --- the next roster ---

// Admits one site and revokes another, signed in the inboxes while everything runs.
export async function nextRoster(relay, roster, sites, leaving, joining) {
    const draft = papers("roster-2");
    bare(["roster", "draft", "--on", roster, "--revoke", leaving.id, joining.request, "--out", draft]);
    say(relay.cmd(["roster", "propose", draft]).out.trim());
    const signers = sites.filter((s) => s !== leaving).slice(0, K);
    for (const s of signers) await eventually(`the proposal at ${s.id}`, () => s.lines("inbox").some((e) => e.kind === "roster" && e.state === "waiting"));
    for (const s of signers.slice(0, -1)) await decideInbox(s, { words: s === signers[0] });
    if (leaving.json("status").link !== "up") throw new Error("two signatures changed something");
    say(`${K - 1} stewards have signed, and nothing has changed yet`);
    const begun = Date.now();
    await decideInbox(signers.at(-1));
    await eventually("the end of the revoked site's connection", () => leaving.json("status").link !== "up", 15000);
    figure("cut_off_ms", Date.now() - begun, "ms", `with the ${K}rd it is in force: ${leaving.name} is cut off on its live connection within ${Date.now() - begun} ms`);
    for (const s of sites.filter((x) => x !== leaving)) await eventually(`version 2 at ${s.id}`, () => s.json("status").roster === 2);
    const next = papers("roster-2.note");
    const entry = sites[0].lines("inbox").find((e) => e.kind === "roster");
    fs.writeFileSync(next, JSON.parse(sites[0].cmd(["inbox", "show", entry.id, "--json"]).out).bytes);
    const words = /fingerprint: (\S+)/.exec(bare(["roster", "show", next]).out)[1];
    joining.cmd(["roster", "pin", roster, next, "--fingerprint", words]);
    joining.config({ coordinator: relay.endpoint });
    await joining.serve();
    await joining.up();
    await eventually("the campaign at the new site", () => joining.lines("inbox").some((e) => e.kind === "campaign" && e.state === "waiting"));
    say(`${joining.name} pins version 2 by its words, connects, and has the campaign in its inbox`);
    for (const s of sites.filter((x) => x !== leaving)) await s.up();
    const older = relay.cmd(["roster", "install", roster], { wanted: [0, 65, 77] });
    say(`the older roster, installed once more: ${firstLine(older.err || older.out)}`);
    return next;
}

// --- audit ---

const policyOf = (roster, site) => {
    const [policy, keys] = [at("audit", `${site.id}.policy`), at("audit", `${site.id}.keys`)];
    fs.writeFileSync(policy, audit(["policy", "--roster", roster, "--site", site.id, "--keys", keys]).out);
    return ["--policy", policy, "--keys", keys];
};

// Both copies of one site's log, the second right after the first.
export function settle(relay, site, name = site.id) {
    fs.mkdirSync(at("audit"), { recursive: true });
    const [mine, theirs] = [at("audit", `${name}-node`), at("audit", `${name}-coordinator`)];
    site.cmd(["log", "settle", mine]);
    relay.cmd(["log", "settle", site.id, theirs]);
    return [mine, theirs];
}

export function auditExchange(relay, roster, sites) {
    let entries = 0;
    for (const s of sites) {
        const args = policyOf(roster, s);
        const [mine, theirs] = settle(relay, s);
        for (const log of [mine, theirs]) audit(["verify", log, ...args]);
        audit(["cross", mine, theirs, ...args]);
        entries += sizeOf(mine) + sizeOf(theirs);
    }
    figure("exchange_entries", entries, "entries", `${entries} entries in ${2 * sites.length} settled logs: cloister-audit verify and cross exit 0 for every site`);
    const [site] = sites;
    const log = at("audit", `${site.id}-node`);
    const reply = site.lines("left").find((r) => r.type === "campaign-reply");
    say(`one message as it left ${site.name} (cloister-audit show):`);
    for (const line of audit(["show", log, String(reply.index)]).out.trim().split("\n")) say(`  | ${line.slice(0, 110)}`);
    for (const side of ["node", "coordinator"]) {
        const bad = forge(at("audit", `${site.id}-${side}`), policyOf(roster, site));
        figure(`exchange_forged_${side}`, bad.index, "index", `one byte changed in the ${side}'s copy: exit ${bad.exit}, entry ${bad.index} is named (${bad.code})`);
    }
}

// --- a coordinator with two faces ---

const copyOf = (daemon, state) => fs.cpSync(daemon.state, state, { recursive: true, filter: (name) => !name.endsWith(".sock") });

// One face takes this note and meets this site, on copies of both: the consortium itself goes on untouched.
async function meet(relay, site, note, i) {
    const face = new Coordinator(at("faces", `relay-${i}`));
    const there = new Node(site.id, site.name, at("faces", site.id));
    face.config(0, 0);
    face.cmd(["campaign", "install", note]);
    await face.serve();
    there.config({ port: 0, coordinator: face.endpoint });
    await there.serve();
    await there.up();
    await eventually(`the note at ${site.id}`, () => there.lines("inbox").some((e) => e.kind === "guideline" && e.state === "waiting"));
    const [log] = settle(face, there, `face-${site.id}`);
    await there.end();
    await face.end();
    return log;
}

// A lead and a coordinator in league show two sites different texts of one version: each pair of logs is in order, the sites' two are not.
export async function twoFaces(relay, rosters, [lead, other]) {
    const stopped = [lead, other, relay];
    for (const d of stopped) await d.end();
    const notes = ["larger than 2 cm", "larger than 5 cm"].map((size, i) => {
        const doc = JSON.parse(fs.readFileSync(papers("guideline-image-2.json"), "utf8"));
        const { hash } = JSON.parse(bare(["validate", "--kind", "guideline", "--json", papers("guideline-image-2.json")]).out);
        Object.assign(doc, { version: 3, supersedes: hash, changes: { en: `Opacity: only what is ${size}.` } });
        const file = papers(`guideline-image-3-${i}.json`);
        fs.writeFileSync(file, JSON.stringify(doc));
        return lead.signGuideline(file);
    });
    const logs = [];
    for (const [i, site] of [lead, other].entries()) {
        copyOf(relay, at("faces", `relay-${i}`));
        copyOf(site, at("faces", site.id));
        logs.push(await meet(relay, site, notes[i], i));
    }
    const evidence = at("audit", "evidence");
    fs.mkdirSync(evidence);
    const args = rosters.flatMap((r) => ["--roster", r]);
    const found = audit(["diff", ...logs, ...args, "--evidence", evidence], { wanted: [6] });
    for (const f of found.out.trim().split("\n").map((l) => JSON.parse(l)).filter((f) => f.code === "EQUIVOCATION")) say(f.text);
    const [file] = fs.readdirSync(evidence);
    const judged = audit(["evidence", path.join(evidence, file), ...args], { wanted: [6] });
    figure("evidence_exit", judged.code, "exit", `cloister-audit diff exits ${found.code}; its evidence stands alone (exit ${judged.code}): ${firstLine(judged.out)}`);
    await relay.serve();
    for (const site of [lead, other]) {
        await site.serve();
        await site.up();
    }
}

export function whatLeft(sites) {
    const out = sites.flatMap((s) => s.lines("left"));
    const counts = {};
    for (const r of out) counts[r.type] = (counts[r.type] ?? 0) + 1;
    const types = Object.entries(counts).map(([type, n]) => `${n} ${type}`).join(", ");
    figure("messages_left", out.length, "messages", `${out.length} messages left the hospitals: ${types}`);
    say(`the newest at ${sites[0].name}, in plain words:`);
    for (const line of sites[0].cmd(["left"]).out.trim().split("\n").slice(0, 6)) say(`  ${line}`);
}
