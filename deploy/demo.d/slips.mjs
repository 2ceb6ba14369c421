// How a person errs: what is overlooked, ends that are off by a little, labels that are taken for one another, things seen that
// are not there. Drawn from (seed, user, item), so a run can be repeated and two annotators of one item differ.
import { Chance } from "./chance.mjs";
import { attrApplies, attrsFor, wordsOf } from "./truth.mjs";

// Percent of the cases; each person has a hand of their own, a little better or worse.
export const usual = { miss: 7, shift: 14, confuse: 5, spurious: 12, answer: 7, relation: 8 };

export function handOf(seed, user, rates = usual) {
    const chance = new Chance(seed, user, "hand");
    const factor = chance.between(60, 150);
    return Object.fromEntries(Object.entries(rates).map(([k, v]) => [k, Math.round((v * factor) / 100)]));
}

const clamp = (v, low, high) => Math.max(low, Math.min(high, v));

// A phrase that begins or ends a word too early or late, but stays in order and within the text.
function shiftSpan(sel, length, chance) {
    const parts = sel.parts.map((p) => [...p]);
    const i = chance.below(parts.length);
    const low = i === 0 ? 0 : parts[i - 1][1] + 1;
    const high = i + 1 === parts.length ? length : parts[i + 1][0] - 1;
    const by = chance.between(1, 4) * (chance.percent(50) ? 1 : -1);
    if (chance.percent(50)) parts[i][0] = clamp(parts[i][0] + by, low, parts[i][1] - 1);
    else parts[i][1] = clamp(parts[i][1] + by, parts[i][0] + 1, high);
    return { ...sel, parts };
}

// Inward only: sections may not overlap.
function shiftSection(sel, chance) {
    const [a, b] = sel.parts[0];
    const by = Math.min(chance.between(1, 3), b - a - 1);
    return { ...sel, parts: [chance.percent(50) ? [a + by, b] : [a, b - by]] };
}

function shiftRect(sel, image, chance) {
    const [right, bottom] = [image.w * 1000, image.h * 1000];
    const off = (size) => Math.floor((size * chance.between(-12, 12)) / 100);
    const x = clamp(sel.x + off(sel.w), 0, right - 1);
    const y = clamp(sel.y + off(sel.h), 0, bottom - 1);
    return { ...sel, x, y, w: clamp(sel.w + off(sel.w), 1, right - x), h: clamp(sel.h + off(sel.h), 1, bottom - y) };
}

function shiftPoint(sel, image, chance) {
    const off = () => chance.between(-4, 4) * 1000;
    return { ...sel, x: clamp(sel.x + off(), 0, image.w * 1000), y: clamp(sel.y + off(), 0, image.h * 1000) };
}

function shift(region, stream, chance) {
    switch (region.sel.t) {
    case "span": return shiftSpan(region.sel, stream.points.length, chance);
    case "section": return shiftSection(region.sel, chance);
    case "rect": return shiftRect(region.sel, stream.stream, chance);
    default: return shiftPoint(region.sel, stream.stream, chance);
    }
}

// Another label of the task, with the attributes that then apply.
function confuse(region, schema, task, chance) {
    const others = task.labels.filter((l) => l !== region.label);
    if (others.length === 0) return region;
    const label = chance.pick(others);
    const kept = Object.fromEntries(Object.entries(region.attrs ?? {})
        .filter(([id]) => attrApplies(schema.attrs.find((a) => a.id === id), label)));
    const attrs = { ...attrsFor(schema, task, label, chance), ...kept };
    return { ...region, label, attrs: Object.keys(attrs).length ? attrs : undefined };
}

function spurious(schema, stream, chance) {
    const shape = stream.kind === "text" ? "span" : "rect";
    const task = schema.tasks.find((t) => t.shape === shape && t.streams.includes(stream.id));
    const words = stream.kind === "text" ? wordsOf(stream.points) : null;
    if (!task || (words && words.length === 0)) return null;
    const label = chance.pick(task.labels);
    const [w, h] = words ? [0, 0] : [stream.stream.w * 1000, stream.stream.h * 1000];
    const [bw, bh] = [Math.max(1, Math.floor(w / 12)), Math.max(1, Math.floor(h / 12))];
    const sel = words ? { t: "span", parts: [[...chance.pick(words)]] }
        : { t: "rect", frame: 0, x: chance.below(w - bw + 1), y: chance.below(h - bh + 1), w: bw, h: bh };
    return { task: task.id, stream: stream.id, label, sel, attrs: attrsFor(schema, task, label, chance) };
}

function misanswer(question, value, chance) {
    const bound = (v) => clamp(v, question.min ?? v, question.max ?? v);
    if (typeof value === "object" && !Array.isArray(value)) return value; // an absence stays one
    switch (question.type) {
    case "choice": {
        if (question.absent && chance.percent(30)) return { absent: chance.pick(question.absent) };
        const others = question.labels.filter((l) => l !== value);
        return others.length ? chance.pick(others) : value;
    }
    case "choices": {
        const one = chance.pick(question.labels);
        const next = question.labels.filter((l) => (l === one) !== value.includes(l));
        return next.length ? next : value;
    }
    case "rating": case "int": return bound(value + (chance.percent(50) ? 1 : -1));
    case "bool": return !value;
    case "decimal": return value.replace(/[0-9]$/, (d) => String((Number(d) + 1) % 10));
    default: return value;
    }
}

const fits = (end, region) => end.some((e) => e.task === region.task && (!e.labels || e.labels.includes(region.label)));

// What this person makes of the truth. `careful` (a returned item, done again) errs a fifth as often.
export function err(truth, { schema, streams, seed, user, item, careful = false }) {
    const chance = new Chance(seed, user, item, careful ? "again" : "");
    const hand = handOf(seed, user);
    const rate = (p) => chance.percent(careful ? Math.floor(p / 5) : p);
    const byId = new Map(streams.map((s) => [s.id, s]));
    const kept = new Map(); // place in the truth -> region
    truth.regions.forEach((region, i) => {
        const stream = byId.get(region.stream);
        const task = schema.tasks.find((t) => t.id === region.task);
        if (!stream || !task || rate(hand.miss)) return;
        let mine = { ...region };
        if (rate(hand.shift)) mine.sel = shift(mine, stream, chance);
        if (rate(hand.confuse)) mine = confuse(mine, schema, task, chance);
        kept.set(i, mine);
    });
    const regions = [...kept.values()];
    for (const stream of streams) {
        const extra = rate(hand.spurious) ? spurious(schema, stream, chance) : null;
        if (extra) regions.push(extra);
    }
    const relations = truth.relations
        .map((r) => ({ type: r.type, from: kept.get(r.from), to: kept.get(r.to) }))
        .filter((r) => r.from && r.to && !rate(hand.relation))
        .filter((r) => {
            const type = schema.relations.find((t) => t.id === r.type);
            return type && fits(type.from, r.from) && fits(type.to, r.to);
        });
    const answers = {};
    for (const question of schema.questions) {
        const value = truth.answers[question.id];
        if (value !== undefined) answers[question.id] = rate(hand.answer) ? misanswer(question, value, chance) : value;
    }
    return { regions, relations, answers, chance };
}
