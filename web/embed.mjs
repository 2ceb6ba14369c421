/* Turns a build of the page into what the node links: node embed.mjs --assets DIR --out DIR
   web_assets.S holds the bytes (.incbin), web_assets.c the table behind web_assets.h. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { assets: { type: "string" }, out: { type: "string" } } });
const from = resolve(values.assets ?? "dist"),
  to = resolve(values.out ?? from);
const quoted = (s) => JSON.stringify(s);
const rows = readFileSync(join(from, "assets.tsv"), "utf8")
  .trim()
  .split("\n")
  .map((line) => {
    const [path, type, sha256, immutable, raw, gz] = line.split("\t");
    return { path, type, sha256, immutable: immutable === "1", raw, gz };
  });
/* The table is searched by halves. */
rows.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
const files = [...new Set(rows.flatMap((r) => [r.raw, r.gz]))];
const symbol = new Map(files.map((f, i) => [f, `web_file_${i}`]));
const length = (f) => statSync(join(from, f)).size;

const assembler = files
  .map(
    (f) => `    .global ${symbol.get(f)}
    .hidden ${symbol.get(f)}
    .type ${symbol.get(f)}, %object
    .size ${symbol.get(f)}, ${length(f)}
${symbol.get(f)}:
    .incbin ${quoted(join(from, f))}
    .byte 0
`,
  )
  .join("\n");

const table = `/* Written by web/embed.mjs; do not edit. */
#include "web_assets.h"

#include <string.h>

${files.map((f) => `extern const unsigned char ${symbol.get(f)}[] __attribute__((visibility("hidden")));`).join("\n")}

/* Sorted by path. */
static const struct web_asset assets[] = {
${rows
  .map(
    (r) => `    {.path = ${quoted(r.path)},
     .type = ${quoted(r.type)},
     .etag = ${quoted(`"${r.sha256}"`)},
     .immutable = ${r.immutable},
     .raw = ${symbol.get(r.raw)},
     .raw_len = ${length(r.raw)},
     .gz = ${symbol.get(r.gz)},
     .gz_len = ${length(r.gz)}},`,
  )
  .join("\n")}
};

const struct web_asset *web_asset_find(const char *path)
{
    size_t lo = 0, hi = sizeof assets / sizeof *assets;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int order = strcmp(path, assets[mid].path);
        if (order == 0)
            return &assets[mid];
        if (order < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}
`;

mkdirSync(to, { recursive: true });
writeFileSync(
  join(to, "web_assets.S"),
  `/* Written by web/embed.mjs; do not edit. */\n    .section .rodata\n${assembler}\n    .section .note.GNU-stack, "", %progbits\n`,
);
writeFileSync(join(to, "web_assets.c"), table);
