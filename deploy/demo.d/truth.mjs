// What a perfect annotator would say of an item: from the generator's truth, found by the SHA-256 of the item's streams; or, for
// records of one's own, a pseudo-truth that every annotator derives alike from those hashes.
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { Chance } from "./chance.mjs";

async function hashFile(path) {
    const hash = createHash("sha256");
    for await (const part of createReadStream(path)) hash.update(part);
    return `sha256:${hash.digest("hex")}`;
}

// dir: what cloister-generate wrote. A map from a stream's hash to its session's truth.
export async function loadTruth(dir) {
    const byStream = new Map();
    if (!dir || !existsSync(join(dir, "truth", "truth.jsonl"))) return byStream;
    for (const text of readFileSync(join(dir, "truth", "truth.jsonl"), "utf8").trimEnd().split("\n")) {
        if (text === "") continue;
        const truth = JSON.parse(text);
        for (const file of ["note.txt", "film.png", "film.jpg"]) {
            const path = join(dir, "records", truth.patient, truth.session, file);
            if (existsSync(path)) byStream.set(await hashFile(path), truth);
        }
    }
    return byStream;
}

// --- pseudo-truth ---

const shapesOf = { text: ["span", "section"], image: ["rect", "point"] };

// Does an attr apply to this label? Only the forms that say so by the label alone.
export function attrApplies(attr, label) {
    if (!attr.when) return true;
    const one = /^\s*label\s*==\s*'([^']*)'\s*$/.exec(attr.when);
    if (one) return one[1] === label;
    const many = /^\s*label\s+in\s*\[([^\]]*)\]\s*$/.exec(attr.when);
    return many ? [...many[1].matchAll(/'([^']*)'/g)].some((m) => m[1] === label) : false;
}

function someValue(of, chance) {
    switch (of.type) {
    case "bool": return chance.percent(50);
    case "int": case "rating": {
        const low = of.min ?? 0;
        return chance.between(low, Math.min(of.max ?? low + 100, low + 100));
    }
    case "decimal": {
        const low = Math.ceil(Number(of.min ?? "0"));
        return `${chance.between(low, Math.max(low, Math.min(Math.floor(Number(of.max ?? "100")) - 1, low + 50)))}.${chance.below(10)}`;
    }
    case "date": return (of.min ?? "2026-01-01") > "2026-01-01" ? of.min : `2026-0${chance.between(1, 6)}-1${chance.below(9)}`;
    case "text": return "seen";
    case "enum": return chance.pick(of.values).id;
    case "choice": return chance.pick(of.labels);
    case "choices": {
        const some = of.labels.filter(() => chance.percent(50)).slice(0, of.max ?? of.labels.length);
        return some.length >= (of.min ?? 1) ? some : of.labels.slice(0, of.min ?? 1);
    }
    default: return undefined;
    }
}

export function attrsFor(schema, task, label, chance) {
    const attrs = {};
    for (const id of task.attrs ?? []) {
        const attr = schema.attrs.find((x) => x.id === id);
        if (attrApplies(attr, label) && (attr.required || chance.percent(60))) attrs[id] = someValue(attr, chance);
    }
    return Object.keys(attrs).length ? attrs : undefined;
}

// Words of the text as [a, b) in code points.
export function wordsOf(points) {
    const words = [];
    for (let a = 0; a < points.length;) {
        if (!/[\p{L}\p{N}]/u.test(points[a])) { a++; continue; }
        let b = a + 1;
        while (b < points.length && /[\p{L}\p{N}]/u.test(points[b])) b++;
        words.push([a, b]);
        a = b;
    }
    return words;
}

function spans(task, points, chance) {
    const words = wordsOf(points);
    if (words.length === 0) return [];
    const n = chance.between(3, 9);
    return Array.from({ length: n }, () => {
        const first = chance.below(words.length);
        const last = Math.min(words.length - 1, first + chance.below(3));
        return { label: chance.pick(task.labels), sel: { t: "span", parts: [[words[first][0], words[last][1]]] } };
    });
}

function sections(task, points, chance) {
    const n = Math.min(task.labels.length, points.length < 40 ? 1 : chance.between(2, 4));
    const cut = (i) => Math.floor((points.length * i) / n);
    if (points.length === 0) return [];
    return Array.from({ length: n }, (_, i) => ({ label: task.labels[i], sel: { t: "section", parts: [[cut(i), cut(i + 1)]] } }));
}

function boxes(task, image, chance) {
    const [w, h] = [image.w * 1000, image.h * 1000];
    return Array.from({ length: chance.between(1, 3) }, () => {
        const [bw, bh] = [Math.max(1, Math.floor(w / chance.between(6, 14))), Math.max(1, Math.floor(h / chance.between(6, 14)))];
        return { label: chance.pick(task.labels), sel: { t: "rect", frame: 0, x: chance.below(w - bw + 1), y: chance.below(h - bh + 1), w: bw, h: bh } };
    });
}

function points(task, image, chance) {
    const n = Math.min(task.max ?? 3, task.labels.length);
    return task.labels.slice(0, n).map((label) => ({
        label, sel: { t: "point", frame: 0, x: chance.below(image.w * 1000 + 1), y: chance.below(image.h * 1000 + 1) },
    }));
}

function regionsOf(schema, task, stream, chance) {
    const made = task.shape === "span" ? spans(task, stream.points, chance)
        : task.shape === "section" ? sections(task, stream.points, chance)
        : task.shape === "rect" ? boxes(task, stream.stream, chance)
        : points(task, stream.stream, chance);
    return made.map((r) => ({ task: task.id, stream: stream.id, attrs: attrsFor(schema, task, r.label, chance), ...r }));
}

const fits = (end, region) => end.some((e) => e.task === region.task && (!e.labels || e.labels.includes(region.label)));

// Only across two streams, and where both are there: one relation for each type that can join what there is.
function relationsOf(schema, regions) {
    const relations = [];
    for (const type of schema.relations) {
        const from = regions.findIndex((r) => fits(type.from, r));
        const to = regions.findIndex((r, i) => i !== from && fits(type.to, r) && from >= 0 && r.stream !== regions[from].stream);
        if (from >= 0 && to >= 0) relations.push({ type: type.id, from, to });
    }
    return relations;
}

// streams: [{id, kind, sha256, stream, points?}]. Independent of who asks.
export function pseudoTruth(schema, streams) {
    const regions = [];
    for (const stream of streams) {
        const chance = new Chance("pseudo", stream.sha256);
        for (const task of schema.tasks) {
            if (!task.streams.includes(stream.id) || !(shapesOf[stream.kind] ?? []).includes(task.shape)) continue;
            regions.push(...regionsOf(schema, task, stream, chance));
        }
    }
    const answers = {};
    const there = new Set(["item", ...streams.map((s) => s.id)]);
    const chance = new Chance("pseudo", ...streams.map((s) => s.sha256));
    for (const question of schema.questions) {
        if (!there.has(question.on) || (!question.required && question.type === "text")) continue;
        answers[question.id] = someValue(question, chance);
    }
    return { regions, relations: relationsOf(schema, regions), answers };
}
