#!/usr/bin/env node
// The story of hospitals that label their own records, played with the real programs. deploy/demo builds and calls it:
//   story.mjs --build DIR [--once] [--dir DIR] [--keep] [--hospitals 1|5] [--base-port N] [--records DIR] [--seed N]
import fs from "node:fs";
import { auditExchange, campaignTravels, connect, foundConsortium, guidelineChanges, nextRoster, strangerKnocks, suspended, twoFaces, whatLeft, withdrawnAt } from "./consortium.mjs";
import { folder, options } from "./folder.mjs";
import { addPeople, auditReads, decideInbox, doTheWork, exportAndBack, importRecords, killInMidWork, loginLines, quality, tellImport, tellWork, writeCampaign, writeLogins } from "./hospital.mjs";
import { at, Coordinator, FEDERATION, Node, sleep } from "./programs.mjs";
import { chapter, die, figure, portIsFree, saveFigures, say } from "./stage.mjs";

const HOSPITALS = [["site-a", "St. Brannoc's"], ["site-b", "Nordkrankenhaus"], ["site-c", "Hospital del Mar"], ["site-d", "Lakeside General"], ["site-e", "Clinique du Parc"]];
const LATER = ["site-f", "St. Mary's"]; // asks to join when the others are at work
const FULL = [["anna", "Anna Albers", "annotator"], ["ben", "Ben Becker", "annotator"], ["rita", "Rita Roth", "reviewer"], ["stella", "Stella Stern", "steward"], ["audrey", "Audrey Adam", "auditor"], ["adam", "Adam Ast", "admin"]];
const SMALL = [["anna", "Anna Albers", "annotator"], ["rita", "Rita Roth", "reviewer"], ["stella", "Stella Stern", "steward"], ["audrey", "Audrey Adam", "auditor"]];

const nodes = HOSPITALS.slice(0, Number(options.hospitals)).map(([id, name]) => new Node(id, name));
const [lead] = nodes;
const refusing = nodes[4]; // its steward will not take part
const leaving = refusing; // and it is revoked in the end
const withdrawing = nodes[3];
const joining = new Node(...LATER);
const working = nodes.filter((n) => n !== refusing);
const relay = new Coordinator();
const together = nodes.length > 1;
let ports = [];
// Whom the newest roster names.
const members = () => [...nodes.filter((n) => n !== leaving), joining];

// Of each hospital's page, of the one that comes later, of the operator's page, and where the coordinator listens; 0 takes a free one.
async function choosePorts() {
    const count = together ? nodes.length + 3 : 1;
    if (options.basePort === undefined && options.once) return Array(count).fill(0);
    const base = Number(options.basePort ?? 7600);
    if (!(base > 0 && base + count < 65536)) die(`--base-port ${options.basePort}: a number from 1 to ${65535 - count}`, 64);
    const list = Array.from({ length: count }, (_, i) => (together && i === count - 1 ? base : base + 1 + i));
    for (const port of list) {
        if (!(await portIsFree(port))) die(`port ${port} is taken: name another --base-port`, 75);
    }
    return list;
}

// --- chapters ---

async function makeNodes() {
    chapter(together ? "Five hospitals make their nodes, and an operator the coordinator: no private key ever leaves a machine" : "A hospital makes its node");
    nodes.forEach((node, i) => {
        const words = node.init({ lead: node === lead });
        if (node === lead) words.trimEnd().split("\n").forEach((line) => say(line));
        node.config({ port: ports[i] });
    });
    if (!together) return startLead();
    say(`... and so at ${nodes.slice(1).map((n) => n.name).join(", ")}`);
    relay.init();
    relay.config(ports.at(-1), ports.at(-2));
}

async function startLead() {
    await lead.serve();
    figure("ready_ms", lead.ready_ms, "ms", `the node answers after ${lead.ready_ms} ms at ${lead.origin}`);
}

function givePeopleAccounts() {
    chapter("People get accounts; one-time passwords must be changed at the first login");
    for (const node of nodes) addPeople(node, node === lead ? FULL : SMALL, node === lead ? 4 : 2);
    writeLogins(nodes);
    if (together) relay.login = relay.cmd(["user", "add", "olga", "--name", "Olga Orlov"]).out.trim().split("\n").at(-1);
    const count = (k) => nodes.reduce((n, node) => n + node[k].length, 0);
    figure("people", count("logins") + count("scripted"), "people", `${count("logins")} people (their one-time passwords stand in ${at("logins.txt")}) and ${count("scripted")} scripted ones`);
}

async function foundTogether() {
    chapter("They found a consortium: a roster and a policy, signed by three stewards, pinned by eight words");
    const { note } = foundConsortium(relay, nodes);
    chapter("The nodes connect; nobody else can");
    await connect(relay, nodes);
    figure("ready_ms", lead.ready_ms, "ms", `the node of ${lead.name} answers after ${lead.ready_ms} ms at ${lead.origin}`);
    await strangerKnocks(relay);
    return note;
}

async function bringCampaign() {
    chapter(together ? "A campaign is signed at the lead, carried by the coordinator, and decided by each steward" : "A campaign is written, checked, signed and approved");
    writeCampaign(lead, at("campaign"), FEDERATION);
    if (together) return campaignTravels(relay, lead, nodes, refusing, at("campaign"));
    const notes = lead.signCampaign(at("campaign"));
    lead.cmd(["inbox", "add", ...notes, at("campaign", "box.png")]);
    say(`${notes.length} signed documents lie in the steward's inbox`);
    const decided = await decideInbox(lead, { words: true });
    lead.campaign = decided.find((e) => e.kind === "campaign").hash;
    figure("documents_approved", decided.length, "documents", `the steward approved ${decided.length} documents with her password`);
}

function bringRecords() {
    chapter(options.records ? `Records of one's own are imported at ${lead.name}` : "Records are generated and imported");
    tellImport(lead, importRecords(lead, options.records, ["--seed", options.seed]));
    let taken = 0;
    working.slice(1).forEach((node, i) => {
        taken += importRecords(node, null, ["--seed", String(Number(options.seed) + 1 + i), "--notes", "24", "--films", "10", "--patients", "24"]).taken;
    });
    if (together) figure("records_elsewhere", taken, "records", `${taken} generated records at the ${working.length - 1} other hospitals that take part; nothing of them can be seen from outside`);
}

async function crash() {
    chapter(together ? "The coordinator, the node and an annotator are killed in the middle of their work" : "The node and an annotator are killed in the middle of their work");
    await killInMidWork(lead, async () => {
        if (!together) return;
        await relay.end("SIGKILL");
        say("kill -9 of the coordinator: labeling goes on without it");
    });
    if (!together) return;
    await relay.serve();
    for (const node of nodes) await node.up();
    say("started again: all links are up, nothing was lost or sent twice (the auditor looks below)");
}

async function label() {
    chapter("Four scripted annotators label, two per item and blind to each other; a reviewer accepts, edits and returns");
    tellWork(await doTheWork([lead]));
    if (!together) return;
    const others = await doTheWork(working.slice(1));
    figure("submitted_elsewhere", others.sum("submitted"), "submissions", `at the other hospitals, side by side: ${others.sum("submitted")} submissions, ${others.sum("accepted")} accepted, in ${others.seconds.toFixed(1)} s`);
}

async function change() {
    chapter("A new version of a guideline changes a definition; one steward withdraws; one closes the wall for a while");
    const sites = working.filter((n) => n !== withdrawing);
    await withdrawnAt(relay, withdrawing);
    await guidelineChanges(lead, sites, at("campaign"));
    const done = await doTheWork(sites);
    figure("asked_again", done.sum("again"), "submissions", `${done.sum("again")} pieces of work were asked again and done under the new definition; people read what had changed ${done.sum("read")} times`);
    await suspended(relay, nodes[2]);
}

async function nextVersion(roster) {
    chapter("A second roster admits one hospital and revokes another, signed in the stewards' inboxes");
    joining.init();
    joining.config({ port: ports[nodes.length] });
    return nextRoster(relay, roster, nodes, leaving, joining);
}

async function tell(roster) {
    chapter("The site's own figures, from each annotator's first submission");
    quality(lead);
    chapter("Every label is exported, validated, and taken into an empty node");
    exportAndBack(lead);
    chapter("An auditor checks who opened which record");
    auditReads(lead);
    if (together) {
        chapter("An auditor checks what crossed each wall, from copies of both sides, offline");
        auditExchange(relay, roster.newest, members());
        chapter("A coordinator that shows two hospitals different guidelines is exposed");
        await twoFaces(relay, [roster.newest, roster.first], nodes);
    }
    chapter(together ? "What left the hospitals" : "What left this hospital");
    if (together) whatLeft(members());
    else say(lead.cmd(["left"]).out.trim());
}

// --- the whole ---

async function again() {
    chapter("What the last demo left is started again");
    if (together) {
        relay.config(ports.at(-1), ports.at(-2));
        await relay.serve();
    }
    for (const [i, node] of (together ? [...nodes, joining] : nodes).entries()) {
        node.config({ port: ports[i], coordinator: together ? relay.endpoint : undefined });
        await node.serve();
    }
    return stay();
}

async function main() {
    ports = await choosePorts();
    if (options.keep && fs.existsSync(lead.request)) return again();
    await makeNodes();
    let roster = together ? await foundTogether() : null;
    givePeopleAccounts();
    await bringCampaign();
    bringRecords();
    await crash();
    await label();
    if (together) {
        await change();
        roster = { first: roster, newest: await nextVersion(roster) };
    }
    await tell(roster);
    const n = saveFigures(folder);
    console.log(`\nThe story is told: ${n} figures${options.once && !options.dir ? "" : ` in ${at("figures.json")}`}.`);
    if (!options.once) return stay();
    for (const daemon of together ? [...nodes, joining, relay] : nodes) await daemon.end("SIGTERM");
    process.exit(0);
}

function stay() {
    console.log(`\nStart here:  ${lead.origin}\n`);
    if (together && relay.login) console.log(`   The coordinator's page, ${relay.origin}\n     olga       operator   ${relay.login}`);
    for (const node of nodes) {
        if (together) console.log(`   ${node.name}, ${node.origin}`);
        for (const line of node.logins ? loginLines(node) : []) console.log(`   ${together ? "  " : ""}${line}`);
    }
    if (lead.logins) console.log("\n   The password is for one login. anna and ben label, rita reviews, stella has the inbox, audrey the log of reads, adam the people.");
    console.log("\nCtrl-C ends it.");
    const daemons = together ? [...nodes, joining, relay] : nodes;
    return Promise.race(daemons.map((d) => d.child.ended.then(({ code }) => die(`a program ended with ${code}: see ${d.log}`))));
}

main().catch((error) => {
    saveFigures(folder);
    die(error.message);
});
