/* Markdown as nodes of our own: marked reads it, and what it read is drawn piece by piece. Raw HTML is text, a
   link is its words, and a picture is one that the guideline itself names by its hash, or its description: nothing
   of a guideline can act, or load what was not signed. */

import { Lexer, type MarkedToken, type Token, type Tokens } from "marked";
import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Guideline } from "../model/types";

const DEEP = 16; /* quotes and lists within each other; what lies deeper is shown as it was written */
const TAGS = { strong: "b", em: "em", del: "del" } as const;
const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

/* Marked resolves references to characters by number and leaves those by name to the reader of its HTML. */
function resolved(s: string): string {
  return s.replace(/&([a-z]{2,4});/g, (as, name: string) => (Object.hasOwn(NAMED, name) ? (NAMED[name] ?? as) : as));
}

type Assets = Guideline["assets"];

/* The bytes come from this node, which held them against the hash that was signed. */
function picture(x: Tokens.Image, assets: Assets): JSX.Element {
  const named = assets.find((a) => a.name === x.href && (a.type === "image/png" || a.type === "image/jpeg"));
  const words = resolved(x.text);
  if (named === undefined) return <span class="faint">[{words}]</span>;
  return <img class="md-img" src={`/api/assets/${named.sha256.replace("sha256:", "")}`} alt={words} loading="lazy" />;
}

function row(cells: readonly Tokens.TableCell[], Cell: "td" | "th", depth: number, assets: Assets): JSX.Element {
  return (
    <tr>
      {cells.map((c) => (
        <Cell>{drawn(c.tokens, depth, assets)}</Cell>
      ))}
    </tr>
  );
}

function listed(x: Tokens.List, depth: number, assets: Assets): JSX.Element {
  const items = x.items.map((i) => <li>{drawn(i.tokens, depth, assets)}</li>);
  return x.ordered ? (
    <ol class="md-list" start={x.start === "" ? 1 : x.start}>
      {items}
    </ol>
  ) : (
    <ul class="md-list">{items}</ul>
  );
}

function one(token: Token, depth: number, assets: Assets): ComponentChildren {
  const x = token as MarkedToken;
  switch (x.type) {
    case "space":
    case "def":
      return null;
    case "heading":
      return <h4 class={`md-h${x.depth}`}>{drawn(x.tokens, depth, assets)}</h4>;
    case "paragraph":
      return <p>{drawn(x.tokens, depth, assets)}</p>;
    case "code":
      return <pre class="md-code">{x.text}</pre>;
    case "hr":
      return <hr />;
    case "blockquote":
      return <blockquote>{drawn(x.tokens, depth, assets)}</blockquote>;
    case "list":
      return listed(x, depth, assets);
    case "list_item":
      return drawn(x.tokens, depth, assets);
    case "table":
      return (
        <table class="md-table">
          <thead>{row(x.header, "th", depth, assets)}</thead>
          <tbody>{x.rows.map((r) => row(r, "td", depth, assets))}</tbody>
        </table>
      );
    case "html":
      return x.block ? <p>{x.raw.trim()}</p> : x.raw;
    case "strong":
    case "em":
    case "del": {
      const Tag = TAGS[x.type];
      return <Tag>{drawn(x.tokens, depth, assets)}</Tag>;
    }
    case "codespan":
      return <code>{x.text}</code>;
    case "br":
      return <br />;
    case "link":
      return x.autolink === true ? x.text : drawn(x.tokens, depth, assets);
    case "image":
      return picture(x, assets);
    case "checkbox":
      return x.checked ? "☑ " : "☐ ";
    case "escape":
      return x.text;
    case "text":
      if (x.tokens !== undefined) return drawn(x.tokens, depth, assets);
      return x.escaped ? x.text : resolved(x.text);
  }
}

function drawn(tokens: readonly Token[], depth: number, assets: Assets): ComponentChildren {
  return tokens.map((x) => (depth >= DEEP ? x.raw : one(x, depth + 1, assets)));
}

/* A text that makes the reader stumble is still there to be read. */
export function nodes(text: string, assets: Assets = []): ComponentChildren {
  try {
    return drawn(new Lexer({ gfm: true, silent: true }).lex(text), 0, assets);
  } catch {
    return <p class="md-plain">{text}</p>;
  }
}

export function Markdown({ text, assets }: { text: string; assets?: Assets | undefined }): JSX.Element {
  return <div class="md-body">{useMemo(() => nodes(text, assets), [text, assets])}</div>;
}
