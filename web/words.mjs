/* The message table of src/app/words, cut by language: words:PACK.LANG is a module of that language's words. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/* The node's page; the coordinator's has one pack. */
const PACKS = { base: ["shell", "keys", "work"], review: ["review"], steward: ["steward"], dialogs: ["dialogs", "changes"], gate: ["gate"] };
export const COORDINATOR = { base: ["shell", "operator"], review: [], steward: [], dialogs: [], gate: [] };
const LANGS = ["en", "de"];

export function wordsByLanguage(folder, packs = PACKS) {
  return {
    name: "words",
    setup(build) {
      build.onResolve({ filter: /^words:/ }, ({ path }) => ({ path, namespace: "words" }));
      build.onLoad({ filter: /.*/, namespace: "words" }, async ({ path }) => {
        const [pack, lang] = path.slice("words:".length).split("."),
          files = packs[pack].map((name) => join(folder, `${name}.ts`)),
          at = LANGS.indexOf(lang),
          out = {};
        for (const file of files) {
          const { code } = await build.esbuild.transform(readFileSync(file, "utf8"), { loader: "ts", format: "esm" });
          const module = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
          for (const table of Object.values(module))
            for (const [key, said] of Object.entries(table)) out[key] = said[at];
        }
        return { contents: `export default ${JSON.stringify(out)};`, loader: "js", watchFiles: files };
      });
    },
  };
}
