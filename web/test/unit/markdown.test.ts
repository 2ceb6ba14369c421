/* The guideline's Markdown as it is drawn, beside the HTML that marked itself would write of it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { marked } from "marked";
import type { ComponentChildren, VNode } from "preact";
import { nodes } from "../../src/ui/md";

const esc = (s: string): string =>
  s
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
const VOID = ["br", "hr"];

/* Every element that is drawn, with its attrs: what is not in DRAWN must not occur. */
const DRAWN = new Set(
  ["h4", "p", "pre", "code", "hr", "br", "blockquote", "ol", "ul", "li", "b", "em", "del", "span"].concat([
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
  ]),
);
function html(x: ComponentChildren): string {
  if (x === null || x === undefined || typeof x === "boolean") return "";
  if (typeof x !== "object") return esc(String(x));
  if (Array.isArray(x)) return x.map(html).join("");
  const { type, props } = x as VNode<Record<string, unknown>>,
    tag = String(type);
  assert.ok(DRAWN.has(tag), `${tag} is not drawn`);
  assert.ok(Object.keys(props).every((p) => ["children", "class", "start"].includes(p)));
  const inner = html(props["children"] as ComponentChildren);
  if (tag === "span") return inner;
  const level = /^md-h(\d)$/.exec(String(props["class"] ?? ""))?.[1],
    name = level !== undefined ? `h${level}` : tag === "b" ? "strong" : tag;
  return VOID.includes(name) ? `<${name}>` : `<${name}>${inner}</${name}>`;
}
const squeezed = (s: string): string =>
  s
    .replace(/\s*\n\s*/g, "\n")
    .replace(/\n(?=<)|(?<=>)\n/g, "")
    .trim();
const oracle = (s: string): string =>
  squeezed(
    (marked.parse(s, { async: false }) as string)
      .replace(/<pre><code[^>]*>([^]*?)\n?<\/code><\/pre>/g, "<pre>$1</pre>")
      .replace(/<img [^>]*alt="([^"]*)"[^>]*>/g, "[$1]")
      .replace(/<a [^>]*>([^]*?)<\/a>/g, "$1")
      .replace(/<ol start="\d+">/g, "<ol>")
      .replace(/<(t[hd]) align="\w+">/g, "<$1>"),
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
  "- one\n\n- two, apart\n\n  with more\n",
  "a `` code ` tick `` b",
  "*unclosed and **also\n\nnext",
  "#no heading\n\n####### seven",
  "- item\n  goes on\n- next\nlazy line\n\nwords",
  "| a | b |\n|---|:-:|\n| c *d* | e |\n\nafter",
  "One\n===\n\n    indented code\n",
  "4. four\n5. five\n",
  "[a][ref]\n\n[ref]: https://example.org\n",
];

for (const s of SAMPLES)
  test(`is drawn as marked would write it: ${JSON.stringify(s.slice(0, 40))}`, () => {
    assert.equal(squeezed(html(nodes(s))), oracle(s));
  });

test("the demo's guidelines are drawn as marked would write them", () => {
  for (const kind of ["text", "image"]) {
    const at = join(
      process.env["CLOISTER_CONTRACT"] ?? "",
      "../../../deploy/demo.d/campaign",
      `guideline-${kind}.json`,
    );
    const doc = JSON.parse(readFileSync(at, "utf8")) as { body: Record<string, string> };
    for (const body of Object.values(doc.body)) assert.equal(squeezed(html(nodes(body))), oracle(body));
  }
});

test("raw HTML is text, in a line and as a block", () => {
  const probes = [
    "<script>x</script> <b>y</b>",
    "words <img src=x onerror=alert(1)> on",
    "<!-- c -->",
    "<div>\n\n*em*\n\n</div>",
    "<svg onload=alert(1)>",
    "- <iframe src=x></iframe>",
  ];
  for (const s of probes) {
    const drawn = html(nodes(s));
    assert.ok(!/<(script|img|svg|iframe|div|!)/i.test(drawn), drawn);
    assert.ok(drawn.includes("&lt;"), drawn);
  }
});

test("references to characters are resolved in words and left in code", () => {
  assert.equal(
    html(nodes("&amp;lt; &#228; &#xE4; &nbsp; &what; `&amp;`")).replace("\u00a0", "_"),
    "<p>&amp;lt; ä ä _ &amp;what; <code>&amp;amp;</code></p>",
  );
});

test("any text ends in time and loses no word", () => {
  for (const s of ["*", "`", "[", "> ", "- ", "_a ", "\\", "<", "![", "1. ", "| a ", "~~", "&", "  - a\n"]) {
    const begun = Date.now(),
      all = `${s.repeat(3000)}\n\nlast`;
    assert.ok(html(nodes(all)).includes("last"), s);
    assert.ok(Date.now() - begun < 3000, `${s} took ${Date.now() - begun} ms`);
  }
});
