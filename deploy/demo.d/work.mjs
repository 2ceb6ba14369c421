// One person's work through the API: an annotator who opens, reads, drafts and submits; a reviewer who accepts, edits, returns and
// merges. Every save that was acknowledged goes into the journal before the next request is made.
import { appendFileSync } from "node:fs";
import { Chance } from "./chance.mjs";
import { canonical, documentHash, Refused, sha256 } from "./client.mjs";
import { err } from "./slips.mjs";
import { pseudoTruth } from "./truth.mjs";

const REOPEN_MOST = 5; // a node can be killed again before it is asked again

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// world: {truth, seed, journal, schemas, think} shared by all people of a run.
export class Worker {
    constructor(client, world) {
        this.client = client;
        this.world = world;
        this.count = { opened: 0, drafts: 0, submitted: 0, again: 0, acknowledged: 0, mended: 0, accepted: 0, edited: 0, returned: 0, merged: 0, read: 0 };
    }

    journal(line) {
        this.count.acknowledged++;
        if (this.world.journal) appendFileSync(this.world.journal, `${JSON.stringify({ user: this.client.user, ...line })}\n`);
    }

    async schema(hash) {
        this.world.schemas ??= new Map();
        if (!this.world.schemas.has(hash)) {
            const answer = await this.client.want("GET", `/api/schemas/${hash}`);
            this.world.schemas.set(hash, answer.doc);
        }
        return this.world.schemas.get(hash);
    }

    // Reads every stream whole, as a page would, and checks that the bytes are the ones that were named. A node that was started
    // anew has forgotten who opened what: `reopen` opens it again.
    async streams(list, query, reopen) {
        const streams = [];
        for (const s of list) {
            const hex = s.stream.sha256.replace("sha256:", "");
            const one = { id: s.id, kind: s.kind ?? s.stream.kind, sha256: s.stream.sha256, stream: s.stream };
            if (!s.missing) {
                const bytes = await this.streamBytes(`/api/streams/${hex}?${query}`, reopen);
                if (sha256(bytes) !== hex) throw new Error(`stream ${s.id} has other bytes than its name says`);
                if (one.kind === "text") one.points = Array.from(bytes.toString("utf8"));
            } else if (one.kind === "text") one.points = [];
            streams.push(one);
        }
        return streams;
    }

    async streamBytes(path, reopen) {
        let answer = await this.client.call("GET", path, { raw: true, time: "stream" });
        for (let tries = 0; answer.status === 403 && tries < REOPEN_MOST; tries++) {
            await this.client.want("GET", reopen);
            answer = await this.client.call("GET", path, { raw: true, time: "stream" });
        }
        if (answer.status !== 200) throw new Refused(`${this.client.user}: GET ${path}`, answer);
        return answer.body;
    }

    truthOf(schema, streams) {
        for (const s of streams) {
            const truth = this.world.truth.get(s.sha256);
            if (truth) return truth;
        }
        return pseudoTruth(schema, streams);
    }

    // What a newer guideline changed is read before anything is handed in.
    async readChanges(opened) {
        for (const change of opened.changes ?? []) {
            await this.client.want("POST", `/api/guidelines/${change.hash}/acknowledge`, { body: {} });
            this.count.read++;
        }
    }

    // --- annotator ---

    // One assignment from the list, from opening to submitting. Returns what became of it.
    async annotate(row) {
        const again = row.state === "returned";
        const a = await this.client.want("GET", `/api/assignments/${row.id}`, { time: "open" });
        this.count.opened++;
        await this.readChanges(a);
        const schema = await this.schema(a.schema);
        const streams = await this.streams(a.streams, `assignment=${row.id}`, `/api/assignments/${row.id}`);
        const item = streams.map((s) => s.sha256).join(" ");
        const mine = err(this.truthOf(schema, streams), { schema, streams, seed: this.world.seed, user: this.client.user, item, careful: again });
        let doc = documentOf(a, streams, mine);
        let n = a.draft ? a.draft.n : 0;
        for (const part of stages(doc, mine.chance)) n = await this.save(row.id, n, part);
        const done = await this.submit(row.id, n, doc, schema, mine.chance.between(20, 240) * 1000);
        if (done) this.count[again ? "again" : "submitted"]++;
        return done;
    }

    // PUT draft; a lost answer is told from a stale one by what is stored.
    async save(id, n, doc) {
        if (this.world.think) await sleep(this.world.think);
        const answer = await this.client.call("PUT", `/api/assignments/${id}/draft`, {
            body: canonical(doc), headers: { "If-Match": `"${n}"` }, time: "save",
        });
        const hash = documentHash(doc);
        let stored;
        if (answer.status === 204) stored = Number(answer.headers.etag.replaceAll('"', ""));
        else if (answer.status === 412 && answer.lost > 0 && documentHash(answer.body.theirs.doc) === hash) stored = answer.body.theirs.n;
        else throw new Refused(`${this.client.user}: draft of ${id}`, answer);
        this.journal({ what: "draft", assignment: id, n: stored, doc_hash: hash });
        this.count.drafts++;
        return stored;
    }

    async submit(id, n, doc, schema, activeMs) {
        let acknowledge = [];
        for (let tries = 0; tries < 4; tries++) {
            const answer = await this.client.call("POST", `/api/assignments/${id}/submit`, {
                body: acknowledge.length ? { active_ms: activeMs, acknowledge } : { active_ms: activeMs },
                headers: { "If-Match": `"${n}"` }, time: "submit",
            });
            if (answer.status === 200) return this.submitted(id, answer.body, doc);
            const checks = answer.status === 409 ? answer.body.checks : undefined;
            if (!checks && answer.lost > 0) return this.wasSubmitted(id, doc);
            if (!checks) throw new Refused(`${this.client.user}: submit of ${id}`, answer);
            if (checks.some((c) => c.severity === "block")) {
                doc = mend(doc, schema);
                n = await this.save(id, n, doc);
                this.count.mended++;
            }
            acknowledge = checks.filter((c) => c.severity === "warn").map((c) => c.id);
        }
        throw new Error(`${this.client.user}: ${id} cannot be submitted`);
    }

    submitted(id, revision, doc) {
        if (revision.doc_hash !== documentHash(doc)) throw new Error(`${id}: the revision is not the document that was submitted`);
        this.journal({ what: "submit", assignment: id, n: revision.n, doc_hash: revision.doc_hash });
        return true;
    }

    // The answer to a submit was lost: has it been carried out?
    async wasSubmitted(id, doc) {
        const a = await this.client.want("GET", `/api/assignments/${id}`);
        if (!a.revision || a.revision.doc_hash !== documentHash(doc)) throw new Error(`${id}: a submit is neither there nor refused`);
        return this.submitted(id, a.revision, doc);
    }

    // Works until there is nothing to do, or `items` are done. Returned work first, then what is open, then new.
    async annotateAll(campaign, items = Infinity) {
        let done = 0;
        while (done < items && !this.world.stopping) {
            const list = await this.client.want("GET", `/api/assignments?campaign=${encodeURIComponent(campaign)}`);
            const open = list.assignments.filter((a) => ["returned", "in_progress", "assigned"].includes(a.state));
            open.sort((x, y) => (y.state === "returned") - (x.state === "returned"));
            let row = open[0];
            if (!row) {
                const next = await this.client.call("POST", "/api/next", { body: { campaign }, time: "next" });
                if (next.status === 204) return done;
                if (next.status !== 200) throw new Refused(`${this.client.user}: next`, next);
                row = next.body;
            }
            await this.annotate(row);
            done++;
        }
        return done;
    }

    // --- reviewer ---

    async decide(item, body, what) {
        const answer = await this.client.call("POST", `/api/items/${item}/decision`, { body, time: "decide" });
        // Its answer was lost and it is too late to decide again: it was carried out.
        if (answer.lost > 0 && (answer.status === 409 || answer.status === 412)) return;
        if (answer.status >= 300) throw new Refused(`${this.client.user}: ${body.decision} on ${item}`, answer);
        this.count[what]++;
        const doc = answer.status === 200 && answer.body?.doc_hash;
        for (const of of body.of) {
            this.journal({ what: "review", decision: body.decision, assignment: of.assignment, n: answer.body?.n ?? of.n,
                ...(doc ? { doc_hash: doc } : {}) });
        }
    }

    // What becomes of one annotator's work: mostly taken, sometimes mended, sometimes sent back once.
    async reviewOne(work, w, schema, truth) {
        const of = [{ assignment: w.assignment, n: w.revision.n }];
        const chance = new Chance(this.world.seed, this.client.user, w.revision.doc_hash);
        const fate = chance.below(100);
        const rates = this.world.review;
        const regions = w.revision.doc.regions;
        if (fate < rates.return && w.revision.n === 1) {
            const pinned = regions.length ? { region: chance.pick(regions).id } : {};
            const comments = [{ ...pinned, text: chance.pick(remarks) }];
            return this.decide(work.item.id, { decision: "return", of, cause: chance.pick(["annotator", "ambiguous", "guideline_gap"]), comments }, "returned");
        }
        const mended = fate < rates.return + rates.edit ? withoutSpurious(w.revision.doc, truth, schema) : null;
        if (mended) return this.decide(work.item.id, { decision: "edit", of, cause: "annotator", doc: mended }, "edited");
        return this.decide(work.item.id, { decision: "accept", of }, "accepted");
    }

    async review(item) {
        const work = await this.client.want("GET", `/api/items/${item}/work`, { time: "open" });
        await this.readChanges(work);
        const schema = await this.schema(work.schema);
        const streams = await this.streams(work.streams, `item=${item}`, `/api/items/${item}/work`);
        const truth = this.truthOf(schema, streams);
        const ready = work.work.filter((w) => w.revision && ["submitted", "in_review"].includes(w.state));
        const chance = new Chance(this.world.seed, this.client.user, item, "merge");
        if (ready.length > 1 && ready.every((w) => w.revision.n === 1) && chance.percent(this.world.review.merge))
            return this.merge(work, ready);
        for (const w of ready) await this.reviewOne(work, w, schema, truth);
        return ready.length > 0;
    }

    // Takes the first one's regions, each saying where it came from.
    async merge(work, ready) {
        const first = ready[0].revision;
        const hash = first.doc_hash;
        const doc = { ...first.doc, regions: first.doc.regions.map((r) => ({ ...r, from: [`${hash}#${r.id}`] })) };
        const of = ready.map((w) => ({ assignment: w.assignment, n: w.revision.n }));
        await this.decide(work.item.id, { decision: "adjudicate", of, doc, cause: "ambiguous" }, "merged");
        return true;
    }

    async reviewAll(campaign) {
        let done = 0;
        while (!this.world.stopping) {
            const next = await this.client.call("POST", "/api/reviews/next", { body: { campaign }, time: "next" });
            if (next.status === 204) return done;
            if (next.status !== 200) throw new Refused(`${this.client.user}: reviews/next`, next);
            if (!(await this.review(next.body.item))) throw new Error(`item ${next.body.item} was given to review, but nothing in it is`);
            done++;
        }
        return done;
    }
}

const remarks = [
    "The phrase goes on for one more word.",
    "Please look at the side again.",
    "Is this one negated?",
    "Two findings here, or one?",
];

// The annotation as a document: numbered regions and relations, sorted, without what is undefined.
export function documentOf(a, streams, mine) {
    const name = (letter, i) => `${letter}${String(i + 1).padStart(4, "0")}`;
    const ids = new Map(mine.regions.map((r, i) => [r, name("r", i)]));
    const regions = mine.regions.map((r) => ({
        id: ids.get(r), task: r.task, stream: r.stream, label: r.label, sel: r.sel, origin: { by: "human" },
        ...(r.attrs && Object.keys(r.attrs).length ? { attrs: r.attrs } : {}),
    }));
    const relations = mine.relations.map((r, i) => ({ id: name("k", i), type: r.type, from: ids.get(r.from), to: ids.get(r.to) }));
    return {
        v: 1, item: a.item.id, schema: a.schema, guidelines: [...new Set(Object.values(a.guidelines))].sort(),
        streams: Object.fromEntries(streams.map((s) => [s.id, s.sha256])), regions, relations, answers: mine.answers,
    };
}

// A document as it grows: some regions, more of them, then all with relations and answers.
export function stages(doc, chance) {
    const some = (part) => ({ ...doc, regions: doc.regions.slice(0, Math.floor(doc.regions.length * part)), relations: [], answers: {} });
    const list = doc.regions.length > 2 ? [some(chance.between(20, 45) / 100)] : [];
    if (doc.regions.length > 8) list.push(some(chance.between(55, 85) / 100));
    list.push(doc);
    return list;
}

// What a blocking check of the demo's schema asks for: doses without any drug go.
export function mend(doc, schema) {
    const drop = new Set();
    if (!doc.regions.some((r) => r.label === "drug"))
        doc.regions.filter((r) => r.label === "dose").forEach((r) => drop.add(r.id));
    if (drop.size === 0) throw new Error(`a blocking check of ${schema.id} that these annotators cannot mend`);
    return {
        ...doc, regions: doc.regions.filter((r) => !drop.has(r.id)),
        relations: doc.relations.filter((r) => !drop.has(r.from) && !drop.has(r.to)),
    };
}

// A reviewer's edit: regions that the truth has nothing like are taken out. Null where there are none.
export function withoutSpurious(doc, truth, schema) {
    const extent = (sel) => sel.parts ? [sel.parts[0][0], sel.parts.at(-1)[1]] : [sel.x, sel.x + (sel.w ?? 1)];
    const touches = (x, y) => x.task === y.task && x.stream === y.stream && extent(x.sel)[0] < extent(y.sel)[1] && extent(y.sel)[0] < extent(x.sel)[1];
    const kept = doc.regions.filter((r) => r.sel.t === "point" || truth.regions.some((t) => touches(r, t)));
    const ids = new Set(kept.map((r) => r.id));
    if (kept.length === doc.regions.length) return null;
    const next = { ...doc, regions: kept, relations: doc.relations.filter((r) => ids.has(r.from) && ids.has(r.to)) };
    return next.regions.some((r) => r.label === "dose") && !next.regions.some((r) => r.label === "drug") ? mend(next, schema) : next;
}
