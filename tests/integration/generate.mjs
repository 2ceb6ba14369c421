// Every truth is held against its note and film: positions are code points of the exact bytes, within the text; a dose begins
// with a number or a word for one; what is negated stands in a negation; relations join what they may; boxes lie on the film.
import { readFileSync, existsSync } from "node:fs";

const dir = process.argv[2];
let bad = 0;
const fault = (line, text) => { console.log(`generate: ${line.patient}/${line.session}: ${text}`); bad = 1; };
const seen = { crlf: 0, astral: 0, german: 0, discontinuous: 0, shows: 0, negated: 0, png: 0, jpg: 0 };

function pngSize(bytes) {
    return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

// The first frame header of a JPEG.
function jpegSize(bytes) {
    for (let at = 2; at < bytes.length;) {
        const marker = bytes[at + 1], length = bytes.readUInt16BE(at + 2);
        if (marker >= 0xc0 && marker <= 0xc3) return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
        at += 2 + length;
    }
    return [0, 0];
}

function checkFilm(line, base) {
    const png = existsSync(`${base}/film.png`);
    const bytes = readFileSync(png ? `${base}/film.png` : `${base}/film.jpg`);
    const [w, h] = png ? pngSize(bytes) : jpegSize(bytes);
    seen[png ? "png" : "jpg"]++;
    const film = line.streams.film;
    if (w !== film.w || h !== film.h) fault(line, `film is ${w} x ${h}, truth says ${film.w} x ${film.h}`);
    for (const r of line.regions.filter((x) => x.stream === "film")) {
        const s = r.sel;
        const inside = s.x >= 0 && s.y >= 0 && s.x + (s.w ?? 0) <= 1000 * w && s.y + (s.h ?? 0) <= 1000 * h;
        if (!inside) fault(line, `${r.label} is not on the film`);
    }
}

function checkNote(line, base) {
    const raw = readFileSync(`${base}/note.txt`);
    const text = raw.toString("utf8");
    const points = Array.from(text);
    if (!Buffer.from(text, "utf8").equals(raw)) fault(line, "note is not UTF-8");
    if (points.length !== line.streams.note.length) fault(line, "note has another length");
    seen.crlf += text.includes("\r\n") ? 1 : 0;
    seen.astral += points.some((c) => c.codePointAt(0) > 0xffff) ? 1 : 0;
    seen.german += /[äöüß]/.test(text) ? 1 : 0;
    if (text.includes("\r") && /[^\r]\n/.test(text)) fault(line, "line ends are mixed");
    const notes = line.regions.filter((r) => r.stream === "note");
    const words = (r) => r.sel.parts.map(([a, b]) => points.slice(a, b).join("")).join(" ");
    for (const r of notes) {
        let before = -1;
        for (const [a, b] of r.sel.parts) {
            if (!(a > before && a < b && b <= points.length)) fault(line, `${r.label} has a part [${a},${b}]`);
            before = b;
        }
        const w = words(r);
        seen.discontinuous += r.sel.parts.length > 1 ? 1 : 0;
        if (r.task === "phrases" && (w !== w.trim() || w === "")) fault(line, `${r.label} "${w}" has space at an end`);
        if (r.label === "dose" && !/^[0-9]/.test(w)) fault(line, `dose "${w}"`);
        const within = notes.some((n) => n.label === "negation" && n.sel.parts[0][0] <= r.sel.parts[0][0] &&
            n.sel.parts[0][1] >= r.sel.parts.at(-1)[1]);
        seen.negated += r.attrs?.negated ? 1 : 0;
        if (r.label === "problem" && r.attrs.negated !== within) fault(line, `problem "${w}" negated ${r.attrs.negated}`);
    }
    const sections = notes.filter((r) => r.task === "sections").map((r) => r.sel.parts[0]).sort((x, y) => x[0] - y[0]);
    sections.forEach((s, i) => { if (i > 0 && s[0] < sections[i - 1][1]) fault(line, "sections overlap"); });
    return words;
}

const ends = { shows: ["problem", /nodule|opacity/], dose_of: ["dose", /drug/], result_of: ["result", /test/] };

function check(line) {
    const base = `${dir}/records/${line.patient}/${line.session}`;
    const words = line.streams.note ? checkNote(line, base) : null;
    if (line.streams.film) checkFilm(line, base);
    for (const r of line.relations) {
        const [from, to] = [line.regions[r.from], line.regions[r.to]];
        if (from.label !== ends[r.type][0] || !ends[r.type][1].test(to.label)) fault(line, `${r.type} joins ${from.label} and ${to.label}`);
        if (r.type !== "shows") continue;
        seen.shows++;
        if (!/nodule|Rundherd/.test(words(from))) fault(line, `shows begins at "${words(from)}"`);
    }
}

const lines = readFileSync(`${dir}/truth/truth.jsonl`, "utf8").trimEnd().split("\n").map((x) => JSON.parse(x));
lines.forEach(check);
for (const [what, n] of Object.entries(seen)) {
    if (n === 0) { console.log(`generate: no ${what} in ${lines.length} sessions`); bad = 1; }
}
console.log(JSON.stringify(seen));
process.exit(bad);
