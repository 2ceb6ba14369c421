/* A node in memory, for the page's own tests: the HTTP API with invented records. As a program:
   node dev/mock-node.mjs [--port N] [--dist DIR] prints the address and the logins. */
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { routes } from "./mock-routes.mjs";
import { seed } from "./mock-state.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const modules = resolve(process.env.CLOISTER_WEB_MODULES ?? join(here, "../node_modules"));
export const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; worker-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

export class Refused extends Error {
  constructor(status, code, text, more = {}) {
    super(text);
    this.status = status;
    this.body = { code, text, ...more };
  }
}

function assets(dist) {
  const rows = readFileSync(join(dist, "assets.tsv"), "utf8")
    .trim()
    .split("\n")
    .map((l) => l.split("\t"));
  return new Map(
    rows.map(([path, type, , immutable, , gz]) => [path, { type, immutable, body: readFileSync(join(dist, gz)) }]),
  );
}

const HEADERS = {
  "Content-Security-Policy": CSP,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

async function bodyOf(req) {
  const parts = [];
  for await (const p of req) parts.push(p);
  const text = Buffer.concat(parts).toString("utf8");
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    throw new Refused(400, "malformed", "The body is no JSON.", { pointer: "" });
  }
}

function loginOf(state, req) {
  const sid = /(?:^|; )sid=([0-9a-f]+)/.exec(req.headers.cookie ?? "")?.[1];
  return sid === undefined ? null : (state.sessions.get(sid) ?? null);
}

async function api(state, req, url) {
  const login = loginOf(state, req),
    path = decodeURIComponent(url.pathname),
    unsafe = req.method !== "GET";
  for (const [method, pattern, open, handle] of routes) {
    const m = pattern.exec(path);
    if (method !== req.method || m === null) continue;
    if (!open && login === null) throw new Refused(401, "login", "Sign in first.");
    if (unsafe && !open && req.headers["x-cloister-csrf"] !== login.csrf)
      throw new Refused(403, "csrf", "The token is not this session's.");
    const body = unsafe ? await bodyOf(req) : null;
    if (login?.user.must_change && !open && !/^\/api\/(me|password|logout)$/.test(path))
      throw new Refused(403, "must_change", "Change the one-time password first.");
    return handle({
      state,
      login,
      user: login?.user,
      args: m.slice(1),
      body,
      query: url.searchParams,
      headers: req.headers,
    });
  }
  throw new Refused(404, "not_found", "There is no such place.");
}

function answer(res, status, headers, body) {
  res.writeHead(status, { ...HEADERS, ...headers });
  res.end(body);
}

/* The page's own validator, bundled: no draft of the page's may be one that the node would refuse. */
async function validator(state) {
  const { build } = createRequire(join(modules, "x.js"))("esbuild");
  const r = await build({
    entryPoints: [join(here, "../src/model/validate/index.ts")],
    bundle: true,
    write: false,
    format: "esm",
    nodePaths: [modules],
  });
  const { checkAnnotation, load } = await import(
    `data:text/javascript;base64,${Buffer.from(r.outputFiles[0].contents).toString("base64")}`
  );
  return (doc, work, submit) => {
    const item = state.items.get(work.item),
      streams = Object.fromEntries(item.streams.map((s) => [s.id, s.stream]));
    const ground = {
      schema: load(state.docs.get(state.schema)),
      hash: state.schema,
      streams,
      base: work.revisions?.at(-1)?.doc ?? null,
    };
    const found = checkAnnotation(doc, ground, submit);
    if (found.ok && doc.item !== item.id) return { pointer: "/item", reason: "another item" };
    return found.ok ? null : found;
  };
}

export async function startMock({ dist, port = 0, latency = 0 } = {}) {
  const files = assets(resolve(dist ?? join(here, "../dist"))),
    state = await seed();
  state.check = await validator(state);
  const control = { down: false, state, requests: [] };
  const server = createServer(async (req, res) => {
    const url = new URL(req.url, "http://x");
    control.requests.push(`${req.method} ${url.pathname}`);
    if (control.down) return req.socket.destroy();
    if (latency > 0) await new Promise((r) => setTimeout(r, latency));
    if (!url.pathname.startsWith("/api/")) {
      const file = files.get(url.pathname);
      if (file === undefined) return answer(res, 404, { "Content-Type": "text/plain" }, "not here\n");
      return answer(
        res,
        200,
        {
          "Content-Type": file.type,
          "Content-Encoding": "gzip",
          "Cache-Control": file.immutable === "1" ? "max-age=31536000, immutable" : "no-cache",
        },
        file.body,
      );
    }
    try {
      const r = await api(state, req, url);
      const headers = { "Cache-Control": "no-store", ...(r?.headers ?? {}) };
      if (r === null || r === undefined || r.status === 204) return answer(res, 204, headers);
      if (r.bytes !== undefined) return answer(res, 200, { ...headers, "Content-Type": r.type }, r.bytes);
      answer(res, 200, { ...headers, "Content-Type": "application/json" }, JSON.stringify(r.json));
    } catch (e) {
      if (!(e instanceof Refused)) process.stderr.write(`${e.stack}\n`);
      answer(
        res,
        e.status ?? 500,
        { "Content-Type": "application/json" },
        JSON.stringify(e.body ?? { code: "bug", text: String(e) }),
      );
    }
  });
  await new Promise((r) => server.listen(port, "127.0.0.1", r));
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    ...control,
    control,
    stop: () =>
      new Promise((r) => {
        server.closeAllConnections();
        server.close(r);
      }),
  };
}

export const sha = (b) => createHash("sha256").update(b).digest("hex");
export const token = () => randomBytes(16).toString("hex");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const arg = (name) => process.argv[process.argv.indexOf(name) + 1];
  const has = (name) => process.argv.includes(name);
  const node = await startMock({
    port: has("--port") ? Number(arg("--port")) : 7699,
    ...(has("--dist") ? { dist: arg("--dist") } : {}),
  });
  process.stdout.write(`mock node: ${node.url}\n`);
  for (const u of node.state.users.values())
    process.stdout.write(`  ${u.user.padEnd(14)} ${u.password}   ${u.roles.join(", ")}\n`);
}
