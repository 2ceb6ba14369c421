#!/usr/bin/env node
// The demo's scripted annotators, without a node's service: every document they would save is one that the node's own validator
// takes, the same seed gives the same document, two people differ, and where there is no truth all start from the same one.
import fs from "node:fs";
import path from "node:path";
import { assert, build, command, fresh, node, run, source } from "./lib.mjs";

const demo = path.join(source, "deploy/demo.d");
const { documentHash, canonical, sha256 } = await import(path.join(demo, "client.mjs"));
const { loadTruth, pseudoTruth } = await import(path.join(demo, "truth.mjs"));
const { err } = await import(path.join(demo, "slips.mjs"));
const { documentOf, mend, stages, withoutSpurious } = await import(path.join(demo, "work.mjs"));
const { readJournal } = await import(path.join(demo, "annotator.mjs"));

const schema = JSON.parse(fs.readFileSync(path.join(demo, "campaign/campaign.json"), "utf8")).schema;
const SCHEMA = `sha256:${sha256(canonical(schema))}`;
const generated = fresh("generated");
const made = command(path.join(build, "deploy/generate/cloister-generate"), ["--out", generated, "--notes", "24", "--films", "12", "--patients", "20"]);
assert.equal(made.code, 0, made.err);
const truths = await loadTruth(generated);

// Each session as the API would describe it.
function sessions() {
    const seen = new Map();
    for (const [hash, truth] of truths) {
        const key = `${truth.patient}/${truth.session}`;
        const one = seen.get(key) ?? { truth, streams: [] };
        const note = path.join(generated, "records", key, "note.txt");
        const text = fs.existsSync(note) ? fs.readFileSync(note) : null;
        if (text && `sha256:${sha256(text)}` === hash)
            one.streams.unshift({ id: "note", kind: "text", sha256: hash, points: Array.from(text.toString()), stream: { kind: "text", length: truth.streams.note.length, sha256: hash } });
        else
            one.streams.push({ id: "film", kind: "image", sha256: hash, stream: { kind: "image", w: truth.streams.film.w, h: truth.streams.film.h, frames: 1, sha256: hash } });
        seen.set(key, one);
    }
    return [...seen.values()];
}
const all = sessions();

const opened = { item: { id: "i1" }, schema: SCHEMA, guidelines: {} };
function work(session, user, { seed = 1, truth = session.truth, careful = false } = {}) {
    const item = session.streams.map((s) => s.sha256).join(" ");
    const mine = err(truth, { schema, streams: session.streams, seed, user, item, careful });
    return { doc: documentOf(opened, session.streams, mine), chance: mine.chance };
}

// What the node would say of each document; `doc` keeps the place of its session.
function validate(docs) {
    const dir = fresh("docs");
    fs.mkdirSync(dir);
    fs.writeFileSync(path.join(dir, "schema.json"), canonical(schema));
    for (const [i, { doc, streams }] of docs.entries()) {
        const file = path.join(dir, `${i}.json`);
        const on = path.join(dir, `${i}.streams.json`);
        fs.writeFileSync(file, canonical(doc));
        fs.writeFileSync(on, JSON.stringify(Object.fromEntries(streams.map((s) => [s.id, s.stream]))));
        const r = command(node, ["validate", "--kind", "annotation", "--on", path.join(dir, "schema.json"), "--streams", on, file]);
        assert.equal(r.code, 0, `${r.out}${r.err}\n${canonical(doc).slice(0, 600)}`);
        assert.ok(r.out.includes(documentHash(doc)), "our hash is not the node's");
    }
}

// A blocking check refuses at submit; an annotator then mends.
const mended = (doc) => (doc.regions.some((r) => r.label === "dose") && !doc.regions.some((r) => r.label === "drug") ? mend(doc, schema) : doc);

await run({
    async what_annotators_submit_is_what_the_validator_takes() {
        const docs = [];
        for (const session of all.slice(0, 16))
            for (const user of ["robot1", "robot2"]) docs.push({ doc: mended(work(session, user).doc), streams: session.streams });
        validate(docs);
    },

    async what_is_derived_without_truth_is_taken_too() {
        const docs = all.slice(0, 12).map((session) => {
            const truth = pseudoTruth(schema, session.streams);
            assert.ok(truth.regions.length > 0);
            assert.ok(session.streams.length === 2 || truth.relations.length === 0, "relations only where both streams are there");
            return { doc: mended(work(session, "robot1", { truth }).doc), streams: session.streams };
        });
        validate(docs);
    },

    async the_derived_truth_is_one_for_all_and_another_for_other_bytes() {
        const [one, other] = all;
        assert.equal(canonical(pseudoTruth(schema, one.streams)), canonical(pseudoTruth(schema, one.streams)));
        const changed = one.streams.map((s) => ({ ...s, sha256: other.streams[0].sha256 }));
        assert.notEqual(canonical(pseudoTruth(schema, one.streams)), canonical(pseudoTruth(schema, changed)));
    },

    async the_same_seed_user_and_item_give_the_same_work_and_others_do_not() {
        let differ = 0;
        for (const session of all) {
            assert.equal(documentHash(work(session, "robot1").doc), documentHash(work(session, "robot1").doc));
            differ += documentHash(work(session, "robot1").doc) !== documentHash(work(session, "robot2").doc) ? 1 : 0;
            differ += documentHash(work(session, "robot1").doc) !== documentHash(work(session, "robot1", { seed: 2 }).doc) ? 1 : 0;
        }
        assert.ok(differ > 1.5 * all.length, `${differ} of ${2 * all.length} differ`);
    },

    async people_err_but_not_much_and_less_the_second_time() {
        const key = (r) => canonical([r.task, r.label, r.sel]);
        const right = (careful) => {
            let hit = 0;
            let total = 0;
            for (const session of all) {
                const truth = new Set(session.truth.regions.map(key));
                const { doc } = work(session, "robot1", { careful });
                hit += doc.regions.filter((r) => truth.has(key(r))).length;
                total += Math.max(doc.regions.length, session.truth.regions.length);
            }
            return hit / total;
        };
        const [first, again] = [right(false), right(true)];
        assert.ok(first > 0.6 && first < 0.95, `${first} of the regions are right`);
        assert.ok(again > first, `${again} the second time, ${first} the first`);
    },

    async drafts_grow_to_the_document_and_each_could_be_saved() {
        for (const session of all.slice(0, 6)) {
            const { doc, chance } = work(session, "robot1");
            const parts = stages(doc, chance);
            assert.equal(canonical(parts.at(-1)), canonical(doc));
            parts.reduce((n, part) => { assert.ok(part.regions.length >= n); return part.regions.length; }, 0);
            validate([{ doc: { ...parts[0], answers: doc.answers }, streams: session.streams }]);
        }
    },

    async a_reviewers_edit_takes_out_only_what_the_truth_has_nothing_like() {
        let edited = 0;
        for (const session of all) {
            const { doc } = work(session, "robot2");
            const next = withoutSpurious(doc, session.truth, schema);
            if (!next) continue;
            edited++;
            assert.ok(next.regions.length < doc.regions.length);
            const ids = new Set(next.regions.map((r) => r.id));
            assert.ok(next.relations.every((r) => ids.has(r.from) && ids.has(r.to)));
        }
        assert.ok(edited > 0);
    },

    async a_journal_that_was_cut_by_a_kill_is_read_up_to_there() {
        const file = fresh("journal");
        const line = (what, n) => JSON.stringify({ user: "robot1", what, assignment: "a_1", n, doc_hash: "sha256:0" });
        fs.writeFileSync(file, `${line("draft", 1)}\n${line("submit", 1)}\n${line("draft", 2)}\n${line("draft", 3).slice(0, 20)}`);
        const { drafts, revisions, acknowledged } = readJournal(file);
        assert.equal(acknowledged, 3);
        assert.equal(revisions.length, 1);
        assert.equal(drafts.get("a_1").n, 2);
    },
});
