#!/usr/bin/env node
// The story of one hospital that labels its own records, played with the real programs. deploy/demo builds and calls it:
//   story.mjs --build DIR [--once] [--dir DIR] [--keep] [--base-port N] [--records DIR] [--seed N]
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "./client.mjs";
import { chapter, die, figure, openFolder, portIsFree, run, saveFigures, say, start } from "./stage.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const SITE = "site-a";
const FEDERATION = "demo.example/ward7";

function options(argv) {
    const o = { build: "build/release", seed: "1", once: false, keep: false };
    for (let i = 0; i < argv.length; i++) {
        const name = argv[i].replace(/^--/, "").replace(/-([a-z])/g, (_, c) => c.toUpperCase());
        if (name === "once" || name === "keep") o[name] = true;
        else o[name] = argv[++i];
    }
    return o;
}

const o = options(process.argv.slice(2));
const program = (name) => path.resolve(o.build, name);
const NODE = program("node/cloister-node");
const AUDIT = program("auditor/cloister-audit");
const GENERATE = program("deploy/generate/cloister-generate");
const folder = openFolder(o);
const at = (...parts) => path.join(folder, ...parts);
const secret = (name, text) => {
    fs.writeFileSync(at(name), text, { mode: 0o600 });
    return at(name);
};

// --- the node ---

class Node {
    constructor(state, passphrase) {
        this.state = state;
        this.passphrase = passphrase;
        this.serial = 0;
    }

    cmd(args, how) {
        return run(NODE, [args[0], "--state", this.state, ...args.slice(1), "--passphrase-file", this.passphrase], how);
    }

    json(...args) {
        return JSON.parse(this.cmd([...args, "--json"]).out);
    }

    async serve() {
        const log = fs.openSync(`${this.state}.log`, "a");
        const begun = Date.now();
        this.child = start(NODE, ["serve", "--state", this.state, "--passphrase-file", this.passphrase], { stdio: ["ignore", "pipe", log] });
        this.origin = await new Promise((resolve, reject) => {
            let out = "";
            this.child.stdout.on("data", (part) => {
                out += part;
                const ready = /ready: listening on \S+, origin (\S+)/.exec(out);
                if (ready) resolve(ready[1]);
            });
            this.child.ended.then(({ code }) => reject(new Error(`the node ended with ${code}: see ${this.state}.log`)));
        });
        this.ready_ms = Date.now() - begun;
    }

    async end(signal) {
        this.child.kill(signal);
        return this.child.ended;
    }
}

const node = new Node(at(SITE), secret("node.passphrase", "a passphrase for the demo's node\n"));

async function choosePort() {
    if (o.basePort === undefined && o.once) return 0;
    const port = Number(o.basePort ?? 7600) + 1;
    if (!(port > 1 && port < 65536)) die(`--base-port ${o.basePort}: a number from 1 to 65534`, 64);
    if (!(await portIsFree(port))) die(`port ${port} is taken: name another --base-port`, 75);
    return port;
}

async function foundSite(port) {
    chapter("A hospital makes its node");
    const lead = secret("lead.passphrase", "a passphrase for the lead key\n");
    const gov = secret("governor.passphrase", "a passphrase for the governor key\n");
    const made = run(NODE, ["init", "--state", node.state, "--federation", FEDERATION, "--site", SITE, "--name", "St. Brannoc's", "--lead",
        "--kdf", "interactive", "--passphrase-file", node.passphrase, "--lead-passphrase-file", lead, "--gov-passphrase-file", gov]);
    for (const line of made.out.trimEnd().split("\n")) say(line);
    fs.writeFileSync(path.join(node.state, "node.conf"), `[page]\nlisten = 127.0.0.1:${port}\n`);
    await node.serve();
    // The port that a free one turned out to be stays ours: people come back to it after a restart.
    fs.writeFileSync(path.join(node.state, "node.conf"), `[page]\nlisten = 127.0.0.1:${new URL(node.origin).port}\n`);
    figure("ready_ms", node.ready_ms, "ms", `the node answers after ${node.ready_ms} ms at ${node.origin}`);
    return lead;
}

// --- people ---

const persons = [["anna", "Anna Albers", "annotator"], ["ben", "Ben Becker", "annotator"], ["rita", "Rita Roth", "reviewer"],
    ["stella", "Stella Stern", "steward"], ["audrey", "Audrey Adam", "auditor"], ["adam", "Adam Ast", "admin"]];
const robots = [["robot1", "annotator"], ["robot2", "annotator"], ["robot3", "annotator"], ["robot4", "annotator"], ["robotreview", "reviewer"], ["robotsteward", "steward"]];

function addPeople() {
    chapter("People get accounts; one-time passwords must be changed at the first login");
    const logins = [];
    for (const [user, name, role] of persons) {
        const { password } = node.json("user", "add", user, "--name", name, "--role", role);
        logins.push({ user, name, role, password });
    }
    const scripted = robots.map(([user, role]) => ({ user, role, password: node.json("user", "add", user, "--name", `Scripted ${role}`, "--role", role).password, new_password: `scripted ${user} ${o.seed}` }));
    const width = (k) => Math.max(...logins.map((l) => l[k].length));
    fs.writeFileSync(at("logins.txt"), `${node.origin}\n${logins.map((l) => `${l.user.padEnd(width("user"))}  ${l.role.padEnd(width("role"))}  ${l.password}`).join("\n")}\n`, { mode: 0o600 });
    figure("people", logins.length + scripted.length, "people", `${logins.length} people (their one-time passwords stand in ${at("logins.txt")}) and ${scripted.length} scripted ones`);
    return { logins, scripted };
}

// --- campaign ---

async function runCampaign(lead, scripted) {
    chapter("A campaign is written, checked, signed and approved");
    const dir = at("campaign");
    run(NODE, ["campaign", "new", "--state", node.state, dir]);
    for (const name of fs.readdirSync(path.join(here, "campaign"))) {
        const text = fs.readFileSync(path.join(here, "campaign", name), "utf8").replaceAll("@FEDERATION@", FEDERATION).replaceAll("@SITE@", SITE);
        fs.writeFileSync(path.join(dir, name), text);
    }
    run(NODE, ["campaign", "check", "--state", node.state, dir]);
    run(NODE, ["campaign", "sign", "--state", node.state, "--lead-passphrase-file", lead, dir]);
    const notes = fs.readdirSync(dir).filter((f) => f.endsWith(".note")).map((f) => path.join(dir, f));
    node.cmd(["inbox", "add", ...notes]);
    say(`${notes.length} signed documents lie in the steward's inbox`);
    const person = scripted.find((s) => s.role === "steward");
    const steward = new Client({ origin: node.origin, user: person.user, password: person.password, newPassword: person.new_password });
    await steward.login();
    const { inbox } = await steward.want("GET", "/api/inbox");
    for (const entry of inbox) {
        const whole = await steward.want("GET", `/api/inbox/${entry.id}`);
        if (entry.kind === "campaign") whole.words.forEach((w) => say(`  "${w}"`));
        await steward.want("POST", `/api/inbox/${entry.id}`, { body: { decision: "approve", password: person.new_password } });
    }
    steward.close();
    figure("documents_approved", inbox.length, "documents", `the steward approved ${inbox.length} documents with her password`);
    return inbox.find((e) => e.kind === "campaign").hash;
}

// --- records ---

function importRecords() {
    chapter(o.records ? "Records of one's own are imported" : "Records are generated and imported");
    let records = o.records;
    if (!records) {
        run(GENERATE, ["--seed", o.seed, "--out", at("generated")]);
        records = at("generated", "records");
    }
    const begun = Date.now();
    const first = JSON.parse(node.cmd(["import", records, "--json"], { inherit: process.stderr.isTTY, wanted: [0, 65] }).out);
    const seconds = (Date.now() - begun) / 1000;
    figure("records_taken", first.taken, "records", `${first.taken} records taken in ${seconds.toFixed(1)} s, ${first.duplicate} duplicate, ${first.refused.length} refused`);
    for (const r of first.refused.slice(0, 10)) say(`  refused ${r.file}: ${r.reason}`);
    if (first.taken === 0) die(`${records}: nothing could be taken`, 65);
    const again = JSON.parse(node.cmd(["import", records, "--json"], { wanted: [0, 65] }).out);
    figure("records_again", again.duplicate, "records", `imported once more: ${again.taken} taken, ${again.duplicate} recognised by their content`);
    const status = node.json("status");
    figure("items", status.items, "items", `${status.items} items of ${status.patients} patients, known by keyed pseudonyms only`);
    return o.records ? null : at("generated");
}

// --- work ---

function planOf(scripted, campaign, generated, more = {}) {
    return secret(`plan-${node.serial++}.json`, JSON.stringify({ origin: node.origin, campaign, generated, journal: at("journal.jsonl"), seed: Number(o.seed),
        people: scripted.filter((s) => s.role === "annotator" || s.role === "reviewer"), patience_ms: 60000, ...more }));
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const saves = () => (fs.existsSync(at("journal.jsonl")) ? fs.readFileSync(at("journal.jsonl"), "utf8").split("\n").length - 1 : 0);

async function until(count, child) {
    while (saves() < count && child.exitCode === null && child.signalCode === null) await sleep(20);
}

// The node and an annotator are killed in mid-work; what was acknowledged must be there afterwards.
async function killInMidWork(scripted, campaign, generated) {
    chapter("The node and an annotator are killed in the middle of their work");
    const annotators = scripted.filter((s) => s.role === "annotator");
    const work = (list) => start(process.execPath, [path.join(here, "annotator.mjs"), planOf(list, campaign, generated, { rounds: 1, think_ms: 5 })], { stdio: ["ignore", "ignore", "inherit"] });
    const [doomed, others] = [work(annotators.slice(0, 1)), work(annotators.slice(1))];
    await until(20, doomed);
    doomed.kill("SIGKILL");
    await doomed.ended;
    say(`kill -9 of an annotator after ${saves()} acknowledged saves`);
    await until(saves() + 20, others);
    await node.end("SIGKILL");
    const before = saves();
    say(`kill -9 of the node after ${before} acknowledged saves`);
    await node.serve();
    others.kill("SIGTERM"); // ends after the item in hand
    await others.ended;
    const check = JSON.parse(run(process.execPath, [path.join(here, "annotator.mjs"), "--check", planOf(annotators, campaign, generated)]).out);
    figure("acknowledged_saves", check.acknowledged, "saves", `after the restart: ${check.acknowledged} saves were acknowledged, ${check.drafts} newest drafts and ${check.revisions} revisions looked for`);
    figure("acknowledged_missing", check.missing.length, "saves", `${check.missing.length} of them are missing`);
    if (check.missing.length > 0) throw new Error("an acknowledged save is missing");
}

function doTheWork(scripted, campaign, generated) {
    chapter("Four scripted annotators label, two per item and blind to each other; a reviewer accepts, edits and returns");
    const begun = Date.now();
    const done = JSON.parse(run(process.execPath, [path.join(here, "annotator.mjs"), planOf(scripted, campaign, generated)]).out);
    const sum = (k) => done.people.reduce((n, p) => n + (p[k] ?? 0), 0);
    if (done.truth === "derived") say("records of one's own have no truth: all scripted people start from one that is derived from the streams' SHA-256; relations only where note and film are both there");
    figure("submitted", sum("submitted"), "submissions", `${sum("submitted")} submissions in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    figure("reviewed", sum("accepted") + sum("edited") + sum("merged"), "decisions", `the reviewer accepted ${sum("accepted")}, edited ${sum("edited")}, merged ${sum("merged")}, returned ${sum("returned")}`);
    figure("done_again", sum("again"), "submissions", `${sum("again")} returned ones were done again`);
    for (const [kind, name] of [["save", "a save is acknowledged"], ["next", "the next item is there"]]) {
        const t = done.ms[kind];
        if (t) figure(`${kind}_p95_ms`, t.p95, "ms", `${name} within ${t.p95} ms in 95 of 100 cases (n ${t.n}, p99 ${t.p99} ms)`);
    }
}

// --- figures ---

function quality() {
    chapter("The site's own figures, from each annotator's first submission");
    const figures = node.json("quality");
    for (const t of figures.tasks) {
        const value = t.alpha ?? t.f1 ?? t.percent;
        const name = t.alpha !== null ? "alpha" : t.f1 !== null ? "F1" : "agreement";
        figure(`quality_${t.id.replaceAll(/[^a-z0-9_]/g, "_")}`, value, name.toLowerCase(), value === null ? `${t.id}: none (${t.reason})` : `${`${t.id}:`.padEnd(24)} ${name} ${value}, n ${t.n}, coverage ${t.coverage}`);
    }
}

// --- export ---

const sha256 = (text) => createHash("sha256").update(text).digest("hex");

async function exportAndBack() {
    chapter("Every label is exported, validated, and taken into an empty node");
    fs.mkdirSync(at("export"), { recursive: true });
    const first = at("export", "labels.jsonl");
    const second = at("export", "labels-again.jsonl");
    node.cmd(["export", "--jsonl", first]);
    run(NODE, ["validate", "--kind", "export", first]);
    const lines = fs.readFileSync(first, "utf8").trimEnd().split("\n");
    figure("export_lines", lines.length, "lines", `${lines.length} lines, valid, ${fs.statSync(first).size} bytes`);
    const empty = new Node(at("empty"), node.passphrase);
    run(NODE, ["init", "--state", empty.state, "--federation", FEDERATION, "--site", "site-b", "--name", "An empty node", "--kdf", "interactive",
        "--passphrase-file", node.passphrase, "--gov-passphrase-file", at("governor.passphrase")]);
    empty.cmd(["import", "--jsonl", first]);
    empty.cmd(["export", "--jsonl", second]);
    const inner = (file) => fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(1, -1).join("\n");
    const equal = sha256(inner(first)) === sha256(inner(second));
    figure("export_equal", equal ? 1 : 0, "bool", equal ? "exported again from there: every line between bundle and end is equal" : "exported again from there: lines differ");
    if (!equal) throw new Error("the export does not survive a round");
}

// --- audit ---

function auditLog() {
    chapter("An auditor checks who opened which record");
    fs.mkdirSync(at("audit"), { recursive: true });
    const copy = at("audit", "access");
    const policy = at("audit", "access.policy");
    fs.writeFileSync(policy, node.cmd(["log", "access", copy]).out);
    const good = run(AUDIT, ["verify", copy, "--policy", policy]);
    const size = Number(fs.readFileSync(path.join(copy, "checkpoint"), "utf8").split("\n")[1]);
    figure("access_log_entries", size, "entries", `${size} entries; cloister-audit verify exits ${good.code}`);
    const forged = at("audit", "access-changed");
    fs.cpSync(copy, forged, { recursive: true });
    const bundles = fs.readdirSync(path.join(forged, "tile/entries"), { recursive: true }).map((f) => path.join(forged, "tile/entries", f.toString())).filter((f) => fs.statSync(f).isFile()).sort();
    const bytes = fs.readFileSync(bundles[0]);
    bytes[40] ^= 1; // inside the text of entry 0
    fs.writeFileSync(bundles[0], bytes);
    const bad = run(AUDIT, ["verify", forged, "--policy", policy], { wanted: [1] });
    const named = bad.out.split("\n").filter((l) => l).map((l) => JSON.parse(l)).find((f) => f.index !== null);
    figure("forged_entry", named.index, "index", `one byte of a copy changed: exit ${bad.code}, entry ${named.index} is named (${named.code})`);
    const reads = node.cmd(["reads", "--json"]).out.trimEnd().split("\n").length;
    figure("reads", reads, "openings", `${reads} openings of records are listed by \`cloister-node reads\``);
}

// --- the whole ---

async function main() {
    const port = await choosePort();
    if (o.keep && fs.existsSync(path.join(node.state, "keyring"))) {
        chapter("The node of the last demo is started again");
        fs.writeFileSync(path.join(node.state, "node.conf"), `[page]\nlisten = 127.0.0.1:${port}\n`);
        await node.serve();
        return stay();
    }
    const lead = await foundSite(port);
    const { logins, scripted } = addPeople();
    const campaign = await runCampaign(lead, scripted);
    const generated = importRecords();
    await killInMidWork(scripted, campaign, generated);
    doTheWork(scripted, campaign, generated);
    quality();
    await exportAndBack();
    auditLog();
    chapter("What left this hospital");
    say(run(NODE, ["left", "--state", node.state]).out.trim());
    const n = saveFigures(folder);
    console.log(`\nThe story is told: ${n} figures${o.once && !o.dir ? "" : ` in ${at("figures.json")}`}.`);
    if (!o.once) return stay(logins);
    await node.end("SIGTERM");
    process.exit(0);
}

function stay(logins) {
    console.log(`\nStart here:  ${node.origin}\n`);
    if (logins) {
        for (const l of logins) console.log(`   ${l.user.padEnd(8)} ${l.role.padEnd(10)} one-time password ${l.password}`);
        console.log("\n   anna and ben label, rita reviews, stella has the inbox, audrey the log of reads, adam the people.");
    }
    console.log("\nCtrl-C ends it.");
    return node.child.ended.then(({ code }) => die(`the node ended with ${code}: see ${node.state}.log`));
}

main().catch((error) => {
    saveFigures(folder);
    die(error.message);
});
