/* A guideline's Markdown as nodes of our own, from marked's tokens. Raw HTML is shown as the text it is, a
   link is its words, a picture its description: nothing of a guideline can act or load. */

import type { ComponentChildren, JSX } from "preact";
import { Lexer, type Token, type Tokens } from "marked";

function kids(list: readonly Token[] | undefined): ComponentChildren {
  return (list ?? []).map((x, i) => <One key={i} x={x} />);
}

const unescape: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};
const plain = (s: string): string => s.replace(/&(?:amp|lt|gt|quot|#39);/g, (m) => unescape[m] ?? m);

function One({ x }: { x: Token }): JSX.Element {
  switch (x.type) {
    case "heading":
      return <h4 class={`md-h${(x as Tokens.Heading).depth}`}>{kids(x.tokens)}</h4>;
    case "paragraph":
      return <p>{kids(x.tokens)}</p>;
    case "strong":
      return <b>{kids(x.tokens)}</b>;
    case "em":
      return <em>{kids(x.tokens)}</em>;
    case "del":
      return <del>{kids(x.tokens)}</del>;
    case "codespan":
      return <code>{(x as Tokens.Codespan).text}</code>;
    case "code":
      return <pre class="md-code">{(x as Tokens.Code).text}</pre>;
    case "br":
      return <br />;
    case "hr":
      return <hr />;
    case "space":
      return <></>;
    case "blockquote":
      return <blockquote>{kids(x.tokens)}</blockquote>;
    case "list":
      return <List x={x as Tokens.List} />;
    case "table":
      return <Table x={x as Tokens.Table} />;
    case "link":
      return <span>{kids(x.tokens)}</span>;
    case "image":
      return <span class="faint">[{(x as Tokens.Image).text || (x as Tokens.Image).href}]</span>;
    case "text":
      return x.tokens === undefined ? <>{plain((x as Tokens.Text).text)}</> : <>{kids(x.tokens)}</>;
    case "escape":
      return <>{(x as Tokens.Escape).text}</>;
    default:
      return <>{x.raw}</>;
  }
}

function List({ x }: { x: Tokens.List }): JSX.Element {
  const items = x.items.map((it, i) => <li key={i}>{kids(it.tokens)}</li>);
  return x.ordered ? <ol class="md-list">{items}</ol> : <ul class="md-list">{items}</ul>;
}

function Table({ x }: { x: Tokens.Table }): JSX.Element {
  return (
    <table class="table">
      <thead>
        <tr>
          {x.header.map((c, i) => (
            <th key={i}>{kids(c.tokens)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {x.rows.map((r, i) => (
          <tr key={i}>
            {r.map((c, j) => (
              <td key={j}>{kids(c.tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Markdown({ text }: { text: string }): JSX.Element {
  return <div class="md-body">{kids(Lexer.lex(text))}</div>;
}
