#!/usr/bin/env node
// Scripted annotators and reviewers, over the same HTTP API that the page uses.
//
//   annotator.mjs PLAN.json          plan: {origin, port?, campaign?, people: [{user, password, new_password?, role, items?}],
//                                    generated?: DIR of cloister-generate, journal?: FILE, seed?, think_ms?, patience_ms?, rounds?,
//                                    review?: {return, edit, merge} in percent}
//   annotator.mjs --check PLAN.json  logs in again and says which acknowledged save of the journal is missing
//
// Result on stdout, one JSON document: what each person did, and how long the node took. Passwords are in the plan, so it is 0600.
import { existsSync, readFileSync } from "node:fs";
import { Client } from "./client.mjs";
import { loadTruth } from "./truth.mjs";
import { Worker } from "./work.mjs";

// The value below which p percent lie, in ms with one decimal.
export function percentile(list, p) {
    if (list.length === 0) return null;
    const sorted = [...list].sort((x, y) => x - y);
    return Math.round(sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] * 10) / 10;
}

function timesOf(workers) {
    const all = {};
    for (const w of workers) {
        for (const [kind, list] of Object.entries(w.client.times)) (all[kind] ??= []).push(...list);
    }
    return Object.fromEntries(Object.entries(all).map(([kind, list]) => [kind, {
        n: list.length, p50: percentile(list, 50), p95: percentile(list, 95), p99: percentile(list, 99), max: percentile(list, 100),
    }]));
}

async function campaignOf(client, wanted) {
    if (wanted) return wanted;
    const { campaigns } = await client.want("GET", "/api/campaigns");
    const approved = campaigns.filter((c) => c.state === "approved");
    if (approved.length !== 1) throw new Error(`${approved.length} approved campaigns: the plan must name one`);
    return approved[0].hash;
}

function clientOf(plan, person) {
    return new Client({
        origin: plan.origin, port: plan.port, user: person.user, password: person.password,
        newPassword: person.new_password, patience: plan.patience_ms,
    });
}

// Annotators side by side, then reviewers, and again while something was sent back.
export async function run(plan, stop = { now: false }) {
    const world = {
        truth: await loadTruth(plan.generated), seed: plan.seed ?? 1, journal: plan.journal, think: plan.think_ms ?? 0,
        review: { return: 12, edit: 15, merge: 8, ...plan.review },
        get stopping() { return stop.now; },
    };
    const workers = plan.people.map((p) => Object.assign(new Worker(clientOf(plan, p), world), { person: p }));
    const of = (role) => workers.filter((w) => w.person.role === role);
    try {
        for (const w of workers) await w.client.login();
        const campaign = workers.length ? await campaignOf(workers[0].client, plan.campaign) : "";
        for (let round = 0; round < (plan.rounds ?? 6) && !stop.now; round++) {
            const items = await Promise.all(of("annotator").map((w) => w.annotateAll(campaign, w.person.items)));
            const reviews = await Promise.all(of("reviewer").map((w) => w.reviewAll(campaign)));
            if ([...items, ...reviews].every((n) => n === 0)) break;
        }
    } finally {
        workers.forEach((w) => w.client.close());
    }
    return {
        truth: world.truth.size > 0 ? "generated" : "derived",
        people: workers.map((w) => ({ user: w.client.user, role: w.person.role, ...w.count, lost: w.client.losses })),
        ms: timesOf(workers),
    };
}

// --- check ---

// The newest acknowledged save of each assignment, and every acknowledged revision.
export function readJournal(path) {
    const drafts = new Map();
    const revisions = [];
    if (!existsSync(path)) return { drafts, revisions, acknowledged: 0 };
    const lines = readFileSync(path, "utf8").split("\n").filter((x) => x !== "").map((x) => {
        // The last line may be cut where the annotator itself was killed: it was never acknowledged to anyone.
        try { return JSON.parse(x); } catch { return null; }
    }).filter((x) => x !== null);
    for (const line of lines) {
        if (line.what === "draft") drafts.set(line.assignment, line);
        else if (line.what === "submit") { revisions.push(line); drafts.delete(line.assignment); }
    }
    return { drafts, revisions, acknowledged: lines.length };
}

// What the node holds of one assignment now, by its own annotator's eyes.
async function holds(client, line) {
    const a = await client.want("GET", `/api/assignments/${line.assignment}`);
    if (line.what === "submit")
        return a.revision !== null && (a.revision.n > line.n || (a.revision.n === line.n && a.revision.doc_hash === line.doc_hash));
    if (a.draft === null) return a.revision !== null; // submitted meanwhile, and that answer was lost
    return a.draft.n >= line.n;
}

export async function check(plan) {
    const { drafts, revisions, acknowledged } = readJournal(plan.journal);
    const clients = new Map();
    const missing = [];
    try {
        for (const line of [...drafts.values(), ...revisions]) {
            const person = plan.people.find((p) => p.user === line.user);
            if (!clients.has(line.user)) {
                clients.set(line.user, clientOf(plan, person));
                await clients.get(line.user).login();
            }
            if (!(await holds(clients.get(line.user), line))) missing.push(line);
        }
    } finally {
        for (const c of clients.values()) c.close();
    }
    return { acknowledged, drafts: drafts.size, revisions: revisions.length, missing };
}

async function main(args) {
    const checking = args[0] === "--check";
    const path = args[checking ? 1 : 0];
    if (path === undefined || path === "--help") {
        process.stderr.write("usage: annotator.mjs [--check] PLAN.json\n");
        return path === "--help" ? 0 : 64;
    }
    const plan = JSON.parse(readFileSync(path, "utf8"));
    const stop = { now: false };
    process.on("SIGTERM", () => { stop.now = true; });
    process.on("SIGINT", () => { stop.now = true; });
    const result = checking ? await check(plan) : await run(plan, stop);
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return checking && result.missing.length > 0 ? 1 : 0;
}

if (import.meta.url === `file://${process.argv[1]}`) {
    main(process.argv.slice(2)).then((status) => { process.exitCode = status; }, (error) => {
        process.stderr.write(`annotator: ${error.message}\n`);
        process.exitCode = 1;
    });
}
