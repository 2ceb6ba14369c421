/* Bundles each unit test with esbuild and runs them all under node --test:
   node test/run.mjs [--modules DIR] */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = join(dirname(fileURLToPath(import.meta.url)), "unit");
const { values } = parseArgs({ options: { modules: { type: "string" } } });
const modules = resolve(values.modules ?? join(here, "../../node_modules"));
const { build } = createRequire(join(modules, "x.js"))("esbuild");
const names = readdirSync(here).filter((n) => n.endsWith(".test.ts"));
const out = mkdtempSync(join(tmpdir(), "cloister-unit-"));
try {
  await build({
    entryPoints: names.map((n) => join(here, n)),
    outdir: out,
    bundle: true,
    platform: "node",
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
    outExtension: { ".js": ".mjs" },
    logLevel: "warning",
    sourcemap: "inline",
    external: ["node:*"],
    nodePaths: [modules],
  });
  const files = readdirSync(out)
    .filter((n) => n.endsWith(".mjs"))
    .map((n) => join(out, n));
  const env = { CLOISTER_CONTRACT: join(here, "../../../tests/vectors/contract"), ...process.env };
  process.exitCode =
    spawnSync(process.execPath, ["--test", "--test-reporter=dot", ...files], { stdio: "inherit", env }).status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
