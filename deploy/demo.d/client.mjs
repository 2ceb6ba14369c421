// A person's browser as far as the HTTP API sees it: one connection, cookie, CSRF token, Origin. Node alone, no packages.
// It survives a node that is killed and started again: a request that was not answered is asked again, and who asks decides what
// the answer then means (work.mjs). Nothing here knows a label.
import http from "node:http";
import { createHash } from "node:crypto";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// RFC 8785 for our documents: integers, strings, booleans, null; JavaScript's own order of strings is that of UTF-16.
export function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value !== null && typeof value === "object") {
        const members = Object.keys(value).sort().map((k) => `${JSON.stringify(k)}:${canonical(value[k])}`);
        return `{${members.join(",")}}`;
    }
    return JSON.stringify(value);
}

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
export const documentHash = (doc) => `sha256:${sha256(canonical(doc))}`;

// An answer that is no success, with the API's own words.
export class Refused extends Error {
    constructor(what, answer) {
        super(`${what}: ${answer.status} ${answer.body?.code ?? ""} ${answer.body?.text ?? ""} ${answer.body?.pointer ?? ""}`.trim());
        this.status = answer.status;
        this.body = answer.body;
    }
}

export class Client {
    // origin: what the page is called, e.g. http://north.localhost:7601; port: where it listens on 127.0.0.1.
    constructor({ origin, port, user, password, newPassword, patience = 60000 }) {
        this.origin = origin;
        this.port = port ?? Number(new URL(origin).port);
        this.user = user;
        this.password = password;
        this.newPassword = newPassword ?? `${password}.now-mine`;
        this.patience = patience; // ms that a node may be away
        this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
        this.cookie = "";
        this.csrf = "";
        this.me = null;
        this.losses = 0; // requests that were not answered
        this.times = {}; // ms by kind of request
    }

    close() {
        this.agent.destroy();
    }

    once(method, path, { body, headers = {}, raw = false } = {}) {
        const bytes = body === undefined ? null : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
        const all = { Host: new URL(this.origin).host, ...headers };
        if (this.cookie) all.Cookie = this.cookie;
        if (method !== "GET") {
            all.Origin = this.origin;
            all["Sec-Fetch-Site"] = "same-origin";
            if (this.csrf) all["X-Cloister-CSRF"] = this.csrf;
            all["Content-Length"] = bytes ? bytes.length : 0;
            if (bytes) all["Content-Type"] = "application/json";
        }
        return new Promise((resolve, reject) => {
            const request = http.request({ host: "127.0.0.1", port: this.port, method, path, headers: all, agent: this.agent }, (answer) => {
                const parts = [];
                answer.on("data", (part) => parts.push(part));
                answer.on("error", reject);
                answer.on("aborted", () => reject(new Error("cut off")));
                answer.on("end", () => {
                    const data = Buffer.concat(parts);
                    this.keepCookie(answer.headers["set-cookie"]);
                    const json = !raw && /json/.test(answer.headers["content-type"] ?? "");
                    resolve({ status: answer.statusCode, headers: answer.headers, body: json && data.length ? JSON.parse(data) : data });
                });
            });
            request.setTimeout(30000, () => request.destroy(new Error("no answer in 30 s")));
            request.on("error", reject);
            request.end(bytes ?? undefined);
        });
    }

    keepCookie(lines) {
        for (const line of lines ?? []) {
            const pair = line.split(";")[0];
            if (pair.includes("sid")) this.cookie = pair.endsWith("=") ? "" : pair;
        }
    }

    // Asks until there is an answer. *lost* counts the tries that were not answered: then the request may have been carried out.
    async ask(method, path, options = {}) {
        const until = Date.now() + this.patience;
        for (let lost = 0; ; lost++) {
            const began = performance.now();
            try {
                const answer = await this.once(method, path, options);
                if (answer.status === 429 || answer.status === 503) {
                    if (Date.now() > until) return { ...answer, lost };
                    await sleep(1000 * Number(answer.headers["retry-after"] ?? 1));
                    continue;
                }
                if (options.time) (this.times[options.time] ??= []).push(performance.now() - began);
                return { ...answer, lost };
            } catch (error) {
                this.losses++;
                if (Date.now() > until) throw new Error(`${method} ${path}: ${error.message}`);
                await sleep(200);
            }
        }
    }

    // As ask, but logs in again where the session ended (the node was started anew, or it idled out).
    async call(method, path, options = {}) {
        let answer = await this.ask(method, path, options);
        if (answer.status === 401 && this.me !== null) {
            await this.login();
            answer = { ...(await this.ask(method, path, options)), lost: answer.lost + 1 };
        }
        return answer;
    }

    // As call, and anything but success throws.
    async want(method, path, options = {}) {
        const answer = await this.call(method, path, options);
        if (answer.status >= 300) throw new Refused(`${this.user}: ${method} ${path}`, answer);
        return answer.body;
    }

    // The one-time password is changed at once; where that has been done before, the new one opens.
    async login() {
        this.cookie = "";
        this.csrf = "";
        const enter = (password) => this.ask("POST", "/api/login", { body: { user: this.user, password } });
        let answer = await enter(this.current ?? this.password);
        if (answer.status !== 200 && this.current === undefined) {
            answer = await enter(this.newPassword);
            if (answer.status === 200) this.current = this.newPassword;
        }
        if (answer.status !== 200) throw new Refused(`${this.user} cannot log in`, answer);
        this.take(answer.body);
        if (this.me.must_change) await this.changePassword();
        return this.me;
    }

    take(me) {
        this.me = me;
        this.csrf = me.csrf ?? this.csrf;
    }

    async changePassword() {
        const answer = await this.ask("POST", "/api/password", { body: { old: this.password, new: this.newPassword } });
        if (answer.status >= 300) throw new Refused(`${this.user} cannot change the password`, answer);
        this.current = this.newPassword;
        if (answer.body?.csrf) this.csrf = answer.body.csrf;
        this.take(await this.want("GET", "/api/me"));
    }
}
