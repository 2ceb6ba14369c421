// programs.mjs - Cloister's programs as the story starts them: a node, the coordinator, and the small ones.
import fs from "node:fs";
import path from "node:path";
import { folder, options } from "./folder.mjs";
import { run, start } from "./stage.mjs";

const program = (name) => path.resolve(options.build, name);
const NODE = program("node/cloister-node");
const COORDINATOR = program("coordinator/cloister-coordinator");
const AUDIT = program("auditor/cloister-audit");
const GENERATE = program("deploy/generate/cloister-generate");

export const FEDERATION = "demo.example/ward7";
export const at = (...parts) => path.join(folder, ...parts);
export const secret = (name, text) => {
    fs.writeFileSync(at(name), text, { mode: 0o600 });
    return at(name);
};
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Asks again until it is so.
export async function eventually(what, isSo, patience = 60000) {
    for (const end = Date.now() + patience; ;) {
        const value = await isSo();
        if (value) return value;
        if (Date.now() > end) throw new Error(`${what}: not within ${patience / 1000} s`);
        await sleep(100);
    }
}

const passphrase = secret("node.passphrase", "a passphrase for the demo's nodes\n");
const leadPassphrase = secret("lead.passphrase", "a passphrase for the lead key\n");
export const governorSecret = "a passphrase for the governor keys";
const governorPassphrase = secret("governor.passphrase", `${governorSecret}\n`);

export const bare = (args, how) => run(NODE, args, how);
export const audit = (args, how) => run(AUDIT, args, how);
export const generate = (args) => run(GENERATE, args);

// A daemon with a state directory; its log lies beside that.
class Daemon {
    constructor(program, state) {
        this.program = program;
        this.state = state;
    }

    get log() { return `${this.state}.log`; }

    cmd(args, how) {
        return run(this.program, [args[0], "--state", this.state, ...args.slice(1), "--passphrase-file", passphrase], how);
    }

    json(...args) {
        return JSON.parse(this.cmd([...args, "--json"]).out);
    }

    lines(...args) {
        return this.cmd([...args, "--json"]).out.split("\n").filter((l) => l !== "").map((l) => JSON.parse(l));
    }

    // Until it says that it is ready; what `ready` finds in its words.
    async begin(ready) {
        const log = fs.openSync(this.log, "a");
        const begun = Date.now();
        this.child = start(this.program, ["serve", "--state", this.state, "--passphrase-file", passphrase], { stdio: ["ignore", "pipe", log] });
        fs.closeSync(log);
        const found = await new Promise((resolve, reject) => {
            let out = "";
            this.child.stdout.on("data", (part) => {
                out += part;
                const m = ready.exec(out);
                if (m) resolve(m);
            });
            this.child.ended.then(({ code }) => reject(new Error(`${path.basename(this.program)} ended with ${code}: see ${this.log}`)));
        });
        this.ready_ms = Date.now() - begun;
        return found;
    }

    async end(signal = "SIGTERM") {
        this.child.kill(signal);
        return this.child.ended;
    }

    // How often its log says something.
    said(pattern) {
        return (fs.readFileSync(this.log, "utf8").match(pattern) ?? []).length;
    }
}

export class Node extends Daemon {
    constructor(id, name, state = at(id)) {
        super(NODE, state);
        this.id = id;
        this.name = name;
        this.serial = 0;
        this.journal = at(`journal-${id}.jsonl`);
    }

    // Its keys and its vault; what it prints once.
    init({ lead = false } = {}) {
        return run(NODE, ["init", "--state", this.state, "--federation", FEDERATION, "--site", this.id, "--name", this.name, ...(lead ? ["--lead", "--lead-passphrase-file", leadPassphrase] : []),
            "--kdf", "interactive", "--passphrase-file", passphrase, "--gov-passphrase-file", governorPassphrase]).out;
    }

    get request() { return path.join(this.state, "request.note"); }

    config({ port = this.port ?? 0, coordinator = this.coordinator } = {}) {
        this.port = port;
        this.coordinator = coordinator;
        fs.writeFileSync(path.join(this.state, "node.conf"), `[page]\nlisten = 127.0.0.1:${port}\n${coordinator ? `[link]\ncoordinator = ${coordinator}\n` : ""}`);
    }

    async serve() {
        this.origin = (await this.begin(/ready: listening on \S+, origin (\S+)/))[1];
        // The port that a free one turned out to be stays ours: people come back to it after a restart.
        this.config({ port: Number(new URL(this.origin).port) });
    }

    // The steward's own hand, with the governor key of this site.
    sign(what, file, out) {
        bare([what, "sign", file, "--state", this.state, "--gov-passphrase-file", governorPassphrase, "--out", out]);
        return out;
    }

    signCampaign(dir) {
        bare(["campaign", "sign", "--state", this.state, "--lead-passphrase-file", leadPassphrase, dir]);
        return fs.readdirSync(dir).filter((f) => f.endsWith(".note")).map((f) => path.join(dir, f));
    }

    signGuideline(file) {
        bare(["guideline", "sign", "--state", this.state, "--lead-passphrase-file", leadPassphrase, file]);
        return file.replace(/\.json$/, ".note");
    }

    up() {
        return eventually(`${this.id} and the coordinator`, () => this.json("status").link === "up");
    }
}

export class Coordinator extends Daemon {
    constructor(state = at("relay")) {
        super(COORDINATOR, state);
    }

    init() {
        return run(COORDINATOR, ["init", "--state", this.state, "--federation", FEDERATION, "--id", "relay", "--name", "The relay", "--kdf", "interactive", "--passphrase-file", passphrase]).out;
    }

    get request() { return path.join(this.state, "request.note"); }

    config(port, page = this.page ?? 0) {
        this.port = port;
        this.page = page;
        fs.writeFileSync(path.join(this.state, "coordinator.conf"), `[link]\nlisten = tcp://127.0.0.1:${port}\n[page]\nlisten = 127.0.0.1:${page}\n`);
    }

    async serve() {
        const [, port, origin] = await this.begin(/ready: listening on tcp:\/\/127\.0\.0\.1:(\d+).*, origin (\S+)/);
        this.origin = origin;
        this.config(Number(port), Number(new URL(origin).port));
    }

    get endpoint() { return `tcp://127.0.0.1:${this.port}`; }

    status() {
        const [head, ...sites] = this.lines("status");
        return { ...head, sites: Object.fromEntries(sites.map((s) => [s.site, s])) };
    }
}
