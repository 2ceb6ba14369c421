// stage.mjs - what the story stands on: the folder with its marker, child processes that end with us, text for people, figures.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

const MARKER = ".cloister-demo";
const children = new Set();

// --- the folder ---

export function die(text, code = 1) {
    process.stderr.write(`demo: ${text}\n`);
    process.exit(code);
}

// Only a folder that bears our marker is ever removed.
export function openFolder({ once, dir, keep }) {
    const folder = dir ?? (once ? fs.mkdtempSync(path.join(os.tmpdir(), "cloister-demo-")) : path.resolve("build/demo"));
    const ours = fs.existsSync(path.join(folder, MARKER));
    const filled = fs.existsSync(folder) && fs.readdirSync(folder).length > 0;
    if (filled && !ours) die(`${folder} holds something that is not a demo's: name another --dir`, 73);
    if (ours && !keep) fs.rmSync(folder, { recursive: true });
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.writeFileSync(path.join(folder, MARKER), "made by deploy/demo; removed at its next start\n");
    if (once && !dir) process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
    return folder;
}

// --- ports ---

export function portIsFree(port) {
    return new Promise((resolve) => {
        const probe = net.createServer().once("error", () => resolve(false));
        probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
    });
}

// --- processes ---

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(signal === "SIGINT" ? 130 : 143));
process.on("exit", () => {
    for (const child of children) child.kill("SIGKILL");
});

export function start(program, args, options = {}) {
    const child = spawn(program, args, options);
    children.add(child);
    child.ended = new Promise((resolve) => child.on("exit", (code, signal) => {
        children.delete(child);
        resolve({ code, signal });
    }));
    return child;
}

// Runs to the end; what it says on stderr is shown where it fails.
export function run(program, args, { wanted = [0], input, inherit = false } = {}) {
    const r = spawnSync(program, args, {
        encoding: "utf8", input, maxBuffer: 512 * 1024 * 1024,
        stdio: ["pipe", "pipe", inherit ? "inherit" : "pipe"],
    });
    if (!wanted.includes(r.status)) throw new Error(`${path.basename(program)} ${args.slice(0, 3).join(" ")}: exit ${r.status}\n${r.stderr ?? ""}${r.stdout}`);
    return { code: r.status, out: r.stdout, err: r.stderr ?? "" };
}

// --- telling ---

const colour = process.stdout.isTTY ? (n, t) => `\x1b[${n}m${t}\x1b[0m` : (n, t) => t;
let chapters = 0;
export const chapter = (text) => console.log(`\n${colour("1;36", `${++chapters}. ${text}`)}`);
export const say = (text) => console.log(`   ${text}`);

const figures = [];
// A figure that is printed is also written down, under a name that scripts can rely on.
export function figure(id, value, unit, text) {
    figures.push({ id, value, unit, text });
    say(text);
}
export function saveFigures(folder) {
    fs.writeFileSync(path.join(folder, "figures.json"), `${JSON.stringify({ v: 1, figures }, null, 1)}\n`);
    return figures.length;
}
