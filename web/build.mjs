/* Builds a page: node build.mjs --modules DIR --out DIR [--of coordinator]
   Bundles with esbuild, names chunks by their hash, goes over them with terser, compresses with gzip -9n (one
   tool, so that the bytes do not depend on the node version), and lists all of it in assets.tsv for embed.mjs. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { COORDINATOR, wordsByLanguage } from "./words.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: { modules: { type: "string" }, out: { type: "string" }, of: { type: "string", default: "node" } },
});
const operator = values.of === "coordinator",
  boot = operator ? "src/coord/boot.tsx" : "src/boot.tsx";
const modules = resolve(values.modules ?? join(here, "node_modules"));
const out = resolve(values.out ?? join(here, "dist"));
const load = createRequire(join(modules, "x.js")),
  { build } = load("esbuild"),
  { minify } = load("terser");

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const result = await build({
  absWorkingDir: here,
  entryPoints: { page: boot, style: "src/css/page.css" },
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  splitting: true,
  target: ["chrome108", "firefox115", "safari16.4"],
  jsx: "automatic",
  jsxImportSource: "preact",
  nodePaths: [modules],
  outdir: out,
  metafile: true,
  logLevel: "warning",
  legalComments: "none",
  charset: "utf8",
  plugins: [wordsByLanguage(join(here, "src/app/words"), operator ? COORDINATOR : undefined)],
});
const named = (entry) =>
  "/" + basename(Object.entries(result.metafile.outputs).find(([, o]) => o.entryPoint === entry)[0]);
/* Reading a signal's value is what subscribes to it: a getter is never taken for pure. */
const TERSER = { module: true, ecma: 2020, compress: { passes: 3, pure_getters: false }, format: { comments: false } };
for (const name of readdirSync(out).filter((n) => n.endsWith(".js"))) {
  const file = join(out, name);
  writeFileSync(file, (await minify(readFileSync(file, "utf8"), TERSER)).code);
}
/* What the first script stands on is asked for with it, not after it has been read. */
const first = [...reach([boot])].filter((n) => `/${n}` !== named(boot));
const page = readFileSync(join(here, "index.html"), "utf8")
  .replace("{{css}}", named("src/css/page.css"))
  .replace("{{js}}", named(boot))
  .replace("{{more}}", first.map((n) => `<link rel="modulepreload" href="/${n}">`).join("\n"));
writeFileSync(join(out, "index.html"), page);
writeFileSync(join(out, "icon.svg"), readFileSync(join(here, "icon.svg")));
writeFileSync(join(out, "THIRD-PARTY-NOTICES"), notices());

const TYPES = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};
const rows = [],
  zipped = new Map();
for (const name of readdirSync(out).sort()) {
  const type = TYPES[name.split(".").at(-1)] ?? "text/plain; charset=utf-8",
    file = join(out, name),
    raw = readFileSync(file);
  const gz = execFileSync("gzip", ["-9n", "-c", file], { maxBuffer: 1 << 26 });
  writeFileSync(`${file}.gz`, gz);
  if (name.endsWith(".js")) zipped.set(name, gz.length);
  const paths = name === "index.html" ? ["/", "/index.html"] : [`/${name}`];
  const hashed = /-[A-Z0-9]{8}\.(js|css)$/.test(name) ? 1 : 0;
  for (const path of paths)
    rows.push([path, type, createHash("sha256").update(raw).digest("hex"), hashed, name, `${name}.gz`].join("\t"));
}
writeFileSync(join(out, "assets.tsv"), rows.sort().join("\n") + "\n");
const sum = (names) => [...names].reduce((n, name) => n + zipped.get(name), 0);
/* What each role loads, in the language that weighs more, and the most that it may be. The bounds stand a
   little above what was reached: a page that grows beyond them does so by a decision. */
const part = (...names) => names.map((n) => `src/parts/${n}.ts`),
  LATER = part("beside", "dialogs", "frame", "markdown");
const LOADS = operator
  ? [["an operator, all", ["base"], [], 30000]]
  : [
  ["an annotator, until a note can be labelled", ["base"], part("annotate"), 58000],
  ["an annotator, until a picture can be labelled", ["base"], part("annotate", "picture"), 60000],
  ["an annotator, all", ["base", "dialogs"], [...part("annotate", "picture"), ...LATER], 84000],
  ["a reviewer, all", ["base", "review", "dialogs"], [...part("review", "picture"), ...LATER], 94000],
  ["a steward, all", ["base", "steward"], part("steward", "frame"), 47000],
  ["a steward, what crossed the wall", ["base", "gate"], part("gate", "frame"), 45000],
];
const packs = (list) =>
  Math.max(...["en", "de"].map((l) => list.reduce((n, pack) => n + sum(reach([`words:words:${pack}.${l}`])), 0)));
const over = LOADS.filter(([who, words, views, most]) => {
  const bytes = sum(reach([boot, ...views])) + packs(words);
  process.stdout.write(`page: ${who}: ${bytes} bytes of script after gzip (at most ${most})\n`);
  return bytes > most;
});
process.stdout.write(`page: all scripts of all roles and languages: ${sum(zipped.keys())} bytes\n`);
if (over.length > 0) {
  process.stderr.write(`page: more script than its bound allows: ${over.map(([who]) => who).join("; ")}\n`);
  process.exitCode = 1;
}

/* The chunks that stand behind these modules by static import. */
function reach(entries) {
  const outputs = result.metafile.outputs,
    seen = new Set(),
    todo = Object.keys(outputs).filter((k) => entries.includes(outputs[k].entryPoint));
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (seen.has(basename(at)) || !at.endsWith(".js")) continue;
    seen.add(basename(at));
    todo.push(...outputs[at].imports.filter((i) => i.kind === "import-statement").map((i) => i.path));
  }
  return seen;
}

/* The licences of what is shipped in the page, gathered from the installed packages. */
function notices() {
  const used = new Set(
    Object.keys(result.metafile.inputs).flatMap((p) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(p)?.[1] ?? []),
  );
  const parts = [...used].sort().map((name) => {
    const dir = join(modules, name),
      { version, license } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
    const file = readdirSync(dir).find((f) => /^licen[cs]e/i.test(f)),
      text = file && existsSync(join(dir, file)) ? readFileSync(join(dir, file), "utf8").trim() : "";
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return `Third-party software in the page of Cloister\n\n${parts.join("\n----\n\n")}`;
}
