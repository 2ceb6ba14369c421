// hospital.mjs - what happens inside one hospital: people, records, labels, figures, a crash, an export, an audit of the reads.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "./client.mjs";
import { options } from "./folder.mjs";
import { tightBox } from "./picture.mjs";
import { at, audit, bare, generate, governorSecret, Node, secret, sleep } from "./programs.mjs";
import { die, figure, run, say, start } from "./stage.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

// --- people ---

const ROBOTS = [["robot1", "annotator"], ["robot2", "annotator"], ["robot3", "annotator"], ["robot4", "annotator"], ["robotreview", "reviewer"], ["robotsteward", "steward"]];

// persons: [[user, name, role]]; their one-time passwords stay unused. Scripted people have accounts of their own.
export function addPeople(node, persons, annotators) {
    node.logins = persons.map(([user, name, role]) => {
        const { password } = node.json("user", "add", user, "--name", name, "--role", role);
        return { user, name, role, password };
    });
    node.scripted = ROBOTS.filter(([, role], i) => role !== "annotator" || i < annotators).map(([user, role]) => {
        const { password } = node.json("user", "add", user, "--name", `Scripted ${role}`, "--role", role);
        return { user, role, password, new_password: `scripted ${user} ${options.seed}` };
    });
}

export const loginLines = (node) => node.logins.map((l) => `${l.user.padEnd(10)} ${l.role.padEnd(10)} ${l.password}`);

export function writeLogins(nodes) {
    fs.writeFileSync(at("logins.txt"), nodes.map((n) => `${n.origin}  ${n.name}\n${loginLines(n).map((l) => `  ${l}\n`).join("")}`).join("\n"), { mode: 0o600 });
}

// A scripted person's own browser, signed in.
export async function signedIn(node, role) {
    const person = node.scripted.find((s) => s.role === role);
    const client = new Client({ origin: node.origin, user: person.user, password: person.password, newPassword: person.new_password });
    await client.login();
    return Object.assign(client, { password_now: person.new_password });
}

// --- campaign ---

// A campaign's folder, out of the story's own texts.
export function writeCampaign(node, dir, federation) {
    bare(["campaign", "new", "--state", node.state, dir]);
    for (const name of fs.readdirSync(path.join(here, "campaign"))) {
        const text = fs.readFileSync(path.join(here, "campaign", name), "utf8").replaceAll("@FEDERATION@", federation).replaceAll("@SITE@", node.id);
        fs.writeFileSync(path.join(dir, name), text);
    }
    const picture = tightBox();
    const file = path.join(dir, "guideline-image.json");
    const guideline = JSON.parse(fs.readFileSync(file, "utf8"));
    guideline.assets = [{ name: "box.png", type: "image/png", bytes: picture.length, sha256: `sha256:${sha256(picture)}` }];
    fs.writeFileSync(file, JSON.stringify(guideline, null, 2));
    fs.writeFileSync(path.join(dir, "box.png"), picture);
    bare(["campaign", "check", "--state", node.state, dir]);
}

// Everything that waits; refuse: the reason code, or none to approve. A roster or policy is signed.
export async function decideInbox(node, { refuse, words = false } = {}) {
    const steward = await signedIn(node, "steward");
    const { inbox } = await steward.want("GET", "/api/inbox");
    const waiting = inbox.filter((e) => e.state === "waiting");
    for (const entry of waiting) {
        const whole = await steward.want("GET", `/api/inbox/${entry.id}`);
        if (words && (entry.kind === "campaign" || whole.governed)) whole.words.forEach((w) => say(`  "${w}"`));
        const no = refuse && entry.kind === "campaign";
        if (refuse && !no) continue;
        const signing = whole.governed ? { governor_passphrase: governorSecret } : {};
        await steward.want("POST", `/api/inbox/${entry.id}`, { body: { decision: no ? "refuse" : "approve", ...(no ? { reason: refuse } : signing), password: steward.password_now } });
    }
    steward.close();
    return waiting;
}

// The steward takes an approval back, by command, at this site only.
export function withdraw(node, kind, reason) {
    const person = node.scripted.find((s) => s.role === "steward");
    const entry = node.lines("inbox").find((e) => e.kind === kind && e.state === "approved");
    node.cmd(["inbox", "withdraw", entry.id, "--user", person.user, "--reason", reason, "--password-file", secret(`password-${node.id}`, `${person.new_password}\n`)]);
}

// --- records ---

// Of one's own, or generated with these arguments.
export function importRecords(node, own, wanted) {
    let records = own;
    if (!own) {
        generate(["--out", at(`generated-${node.id}`), ...wanted]);
        records = at(`generated-${node.id}`, "records");
        node.generated = at(`generated-${node.id}`);
    }
    const begun = Date.now();
    const first = JSON.parse(node.cmd(["import", records, "--json"], { inherit: process.stderr.isTTY, wanted: [0, 65] }).out);
    return { ...first, records, seconds: (Date.now() - begun) / 1000 };
}

export function tellImport(node, first) {
    figure("records_taken", first.taken, "records", `${first.taken} records taken in ${first.seconds.toFixed(1)} s, ${first.duplicate} duplicate, ${first.refused.length} refused`);
    for (const r of first.refused.slice(0, 10)) say(`  refused ${r.file}: ${r.reason}`);
    if (first.taken === 0) die(`${first.records}: nothing could be taken`, 65);
    const again = JSON.parse(node.cmd(["import", first.records, "--json"], { wanted: [0, 65] }).out);
    figure("records_again", again.duplicate, "records", `imported once more: ${again.taken} taken, ${again.duplicate} recognised by their content`);
    const status = node.json("status");
    figure("items", status.items, "items", `${status.items} items of ${status.patients} patients, known by keyed pseudonyms only`);
}

// --- work ---

function planOf(node, people, more = {}) {
    return secret(`plan-${node.id}-${node.serial++}.json`, JSON.stringify({ origin: node.origin, campaign: node.campaign, generated: node.generated, journal: node.journal, seed: Number(options.seed),
        people, patience_ms: 60000, ...more }));
}

const annotatorsOf = (node) => node.scripted.filter((s) => s.role === "annotator");
const workersOf = (node) => node.scripted.filter((s) => s.role === "annotator" || s.role === "reviewer");
const script = path.join(here, "annotator.mjs");
const saves = (node) => (fs.existsSync(node.journal) ? fs.readFileSync(node.journal, "utf8").split("\n").length - 1 : 0);

async function until(node, count, child) {
    while (saves(node) < count && child.exitCode === null && child.signalCode === null) await sleep(20);
}

// Everything that was acknowledged must be there.
export function checkJournal(node) {
    const check = JSON.parse(run(process.execPath, [script, "--check", planOf(node, annotatorsOf(node))], { wanted: [0, 1] }).out);
    if (check.missing.length > 0) throw new Error(`${node.id}: ${check.missing.length} acknowledged saves are missing`);
    return check;
}

// The node and an annotator are killed in mid-work; `meanwhile` may kill more.
export async function killInMidWork(node, meanwhile = async () => {}) {
    const annotators = annotatorsOf(node);
    const work = (list) => start(process.execPath, [script, planOf(node, list, { rounds: 1, think_ms: 5 })], { stdio: ["ignore", "ignore", "inherit"] });
    const [doomed, others] = [work(annotators.slice(0, 1)), work(annotators.slice(1))];
    await until(node, 20, doomed);
    doomed.kill("SIGKILL");
    await doomed.ended;
    say(`kill -9 of an annotator after ${saves(node)} acknowledged saves`);
    await meanwhile();
    await until(node, saves(node) + 20, others);
    await node.end("SIGKILL");
    say(`kill -9 of the node after ${saves(node)} acknowledged saves`);
    await node.serve();
    others.kill("SIGTERM"); // ends after the item in hand
    await others.ended;
    const check = checkJournal(node);
    figure("acknowledged_saves", check.acknowledged, "saves", `after the restart: ${check.acknowledged} saves were acknowledged, ${check.drafts} newest drafts and ${check.revisions} revisions looked for`);
    figure("acknowledged_missing", check.missing.length, "saves", `${check.missing.length} of them are missing`);
}

// All the work that there is; with several nodes side by side.
export async function doTheWork(nodes, more = {}) {
    const begun = Date.now();
    const outcomes = await Promise.all(nodes.map(async (node) => {
        const child = start(process.execPath, [script, planOf(node, workersOf(node), more)], { stdio: ["ignore", "pipe", "inherit"] });
        let out = "";
        child.stdout.on("data", (part) => { out += part; });
        const { code } = await child.ended;
        if (code !== 0) throw new Error(`${node.id}: the scripted people ended with ${code}`);
        return JSON.parse(out);
    }));
    const sum = (k) => outcomes.flatMap((o) => o.people).reduce((n, p) => n + (p[k] ?? 0), 0);
    return { outcomes, sum, seconds: (Date.now() - begun) / 1000 };
}

export function tellWork({ outcomes: [done], sum, seconds }) {
    if (done.truth === "derived") say("records of one's own have no truth: all scripted people start from one that is derived from the streams' SHA-256; relations only where note and film are both there");
    figure("submitted", sum("submitted"), "submissions", `${sum("submitted")} submissions in ${seconds.toFixed(1)} s`);
    figure("reviewed", sum("accepted") + sum("edited") + sum("merged"), "decisions", `the reviewer accepted ${sum("accepted")}, edited ${sum("edited")}, merged ${sum("merged")}, returned ${sum("returned")}`);
    figure("done_again", sum("again"), "submissions", `${sum("again")} returned ones were done again`);
    for (const [kind, name] of [["save", "a save is acknowledged"], ["next", "the next item is there"]]) {
        const t = done.ms[kind];
        if (t) figure(`${kind}_p95_ms`, t.p95, "ms", `${name} within ${t.p95} ms in 95 of 100 cases (n ${t.n}, p99 ${t.p99} ms)`);
    }
}

// --- figures ---

export function quality(node) {
    for (const t of node.json("quality").tasks) {
        const value = t.alpha ?? t.f1 ?? t.percent;
        const name = t.alpha !== null ? "alpha" : t.f1 !== null ? "F1" : "agreement";
        figure(`quality_${t.id.replaceAll(/[^a-z0-9_]/g, "_")}`, value, name.toLowerCase(), value === null ? `${t.id}: none (${t.reason})` : `${`${t.id}:`.padEnd(24)} ${name} ${value}, n ${t.n}, coverage ${t.coverage}`);
    }
}

// --- export ---

export function exportAndBack(node) {
    fs.mkdirSync(at("export"), { recursive: true });
    const first = at("export", "labels.jsonl");
    const second = at("export", "labels-again.jsonl");
    node.cmd(["export", "--jsonl", first]);
    bare(["validate", "--kind", "export", first]);
    const lines = fs.readFileSync(first, "utf8").trimEnd().split("\n");
    figure("export_lines", lines.length, "lines", `${lines.length} lines, valid, ${fs.statSync(first).size} bytes`);
    const empty = new Node("empty", "An empty node");
    empty.init();
    empty.cmd(["import", "--jsonl", first]);
    empty.cmd(["export", "--jsonl", second]);
    const inner = (file) => fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(1, -1).join("\n");
    const equal = sha256(inner(first)) === sha256(inner(second));
    figure("export_equal", equal ? 1 : 0, "bool", equal ? "exported again from there: every line between bundle and end is equal" : "exported again from there: lines differ");
    if (!equal) throw new Error("the export does not survive a round");
}

// --- audit ---

// The files that hold entries, in the order of the entries.
export const bundlesOf = (log) => fs.readdirSync(path.join(log, "tile/entries"), { recursive: true }).map((f) => path.join(log, "tile/entries", f.toString())).filter((f) => fs.statSync(f).isFile()).sort();

// What the auditor says of a copy with one changed byte.
export function forge(log, args, position = 40) {
    const forged = `${log}-changed`;
    fs.cpSync(log, forged, { recursive: true });
    const [bundle] = bundlesOf(forged);
    const bytes = fs.readFileSync(bundle);
    bytes[position] ^= 1;
    fs.writeFileSync(bundle, bytes);
    const bad = audit(["verify", forged, ...args], { wanted: [1] });
    const named = bad.out.split("\n").filter((l) => l).map((l) => JSON.parse(l)).find((f) => f.index !== null);
    return { code: bad.code, ...named, exit: bad.code };
}

export const sizeOf = (log) => Number(fs.readFileSync(path.join(log, "checkpoint"), "utf8").split("\n")[1]);

export function auditReads(node) {
    fs.mkdirSync(at("audit"), { recursive: true });
    const copy = at("audit", "access");
    const policy = at("audit", "access.policy");
    fs.writeFileSync(policy, node.cmd(["log", "access", copy]).out);
    const good = audit(["verify", copy, "--policy", policy]);
    figure("access_log_entries", sizeOf(copy), "entries", `${sizeOf(copy)} entries; cloister-audit verify exits ${good.code}`);
    const bad = forge(copy, ["--policy", policy]); // inside the text of entry 0
    figure("forged_entry", bad.index, "index", `one byte of a copy changed: exit ${bad.exit}, entry ${bad.index} is named (${bad.code})`);
    const reads = node.lines("reads").length;
    figure("reads", reads, "openings", `${reads} openings of records are listed by \`cloister-node reads\``);
}
