/* The guideline's Markdown beside marked, which reads the whole language; both are written out as HTML here. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { marked } from "marked";
import { blocks, type Block, type Inline } from "../../src/model/markdown";

const esc = (s: string): string =>
  s.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");
const TAGS = { strong: "strong", em: "em", del: "del" };
const line = (list: readonly Inline[]): string =>
  list
    .map((x) =>
      typeof x === "string"
        ? esc(x)
        : x.t === "break"
          ? "<br>"
          : "text" in x
            ? x.t === "code"
              ? `<code>${esc(x.text)}</code>`
              : `[${esc(x.text)}]`
            : `<${TAGS[x.t]}>${line(x.of)}</${TAGS[x.t]}>`,
    )
    .join("");
function html(list: readonly Block[], tight = false): string {
  return list
    .map((b) => {
      switch (b.t) {
        case "heading":
          return `<h${b.level}>${line(b.of)}</h${b.level}>`;
        case "words":
          return tight ? line(b.of) : `<p>${line(b.of)}</p>`;
        case "code":
          return `<pre>${esc(b.text)}</pre>`;
        case "quote":
          return `<blockquote>${html(b.of)}</blockquote>`;
        case "rule":
          return "<hr>";
        case "list": {
          const tag = b.ordered ? "ol" : "ul";
          return `<${tag}>${b.items.map((i) => `<li>${html(i, true)}</li>`).join("")}</${tag}>`;
        }
      }
    })
    .join("");
}
const squeezed = (s: string): string => s.replace(/\s*\n\s*/g, "\n").replace(/\n(?=<)|(?<=>)\n/g, "").trim();
const oracle = (s: string): string =>
  squeezed(
    (marked.parse(s, { async: false }) as string)
      .replace(/<pre><code[^>]*>([^]*?)\n?<\/code><\/pre>/g, "<pre>$1</pre>")
      .replace(/<img [^>]*alt="([^"]*)"[^>]*>/g, "[$1]")
      .replace(/<a [^>]*>([^]*?)<\/a>/g, "$1"),
  );

const SAMPLES = [
  "# One\n\nTwo *three* **four** `five` ~~six~~ seven\neight\n\n## Nine ##\n",
  "1. one\n2. two **bold**\n3. three\n\n- a\n- b\n  - c\n  - d\n- e\n",
  "> quoted *words*\n> and more\n\nafter",
  "```text\n<b> *not* &amp;\n\n  deep\n```\n\nafter",
  "a \\*not\\* b, snake_case_name and 2*3*4 and **2 * 3**",
  "***\n\nline one  \nline two\\\nline three",
  "[a link](javascript:alert(1)) is words",
  "[words](https://example.org/x) and ![a film](film.png)",
  "&lt;b&gt; &amp; \"quotes\" 'single'",
  "* one\n* two\n\ntext\n\n- three",
  "a `` code ` tick `` b",
  "*unclosed and **also\n\nnext",
  "#no heading\n\n####### seven",
  "- item\n  goes on\n- next\nlazy line\n\nwords",
];

for (const s of SAMPLES)
  test(`is read as the whole language reads it: ${JSON.stringify(s.slice(0, 40))}`, () => {
    assert.equal(squeezed(html(blocks(s))), oracle(s));
  });

test("the demo's guidelines are read as the whole language reads them", () => {
  for (const kind of ["text", "image"]) {
    const at = join(process.env["CLOISTER_CONTRACT"] ?? "", "../../../deploy/demo.d/campaign", `guideline-${kind}.json`);
    const doc = JSON.parse(readFileSync(at, "utf8")) as { body: Record<string, string> };
    for (const body of Object.values(doc.body)) assert.equal(squeezed(html(blocks(body))), oracle(body));
  }
});

test("a table keeps its lines", () => {
  assert.deepEqual(blocks("| a | b |\n|---|---|\n| c | d |\n\nafter"), [
    { t: "code", text: "| a | b |\n|---|---|\n| c | d |" },
    { t: "words", of: ["after"] },
  ]);
});

test("raw HTML is text", () => {
  assert.deepEqual(blocks("<script>x</script> <b>y</b>"), [{ t: "words", of: ["<script>x</script> <b>y</b>"] }]);
});

test("any text ends in time and loses no letter that is no mark", () => {
  for (const s of ["*".repeat(3000), "`".repeat(3000), "[".repeat(3000), "> ".repeat(3000), "- ".repeat(3000), "_a ".repeat(2000), "\\".repeat(3001)]) {
    const begun = Date.now();
    blocks(s);
    assert.ok(Date.now() - begun < 2000, s.slice(0, 8));
  }
});
