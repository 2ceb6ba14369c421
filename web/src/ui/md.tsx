/* A guideline's Markdown as nodes of our own. */

import type { ComponentChildren, JSX } from "preact";
import { blocks, type Block, type Inline } from "../model/markdown";

const TAGS = { strong: "b", em: "em", del: "del" } as const;

function Words({ of }: { of: readonly Inline[] }): JSX.Element {
  return (
    <>
      {of.map((x, i): ComponentChildren => {
        if (typeof x === "string") return x;
        if (x.t === "break") return <br key={i} />;
        if ("text" in x)
          return x.t === "code" ? <code key={i}>{x.text}</code> : <span key={i} class="faint">{`[${x.text}]`}</span>;
        const Tag = TAGS[x.t];
        return (
          <Tag key={i}>
            <Words of={x.of} />
          </Tag>
        );
      })}
    </>
  );
}

function One({ x }: { x: Block }): JSX.Element {
  switch (x.t) {
    case "heading":
      return (
        <h4 class={`md-h${x.level}`}>
          <Words of={x.of} />
        </h4>
      );
    case "words":
      return (
        <p>
          <Words of={x.of} />
        </p>
      );
    case "code":
      return <pre class="md-code">{x.text}</pre>;
    case "rule":
      return <hr />;
    case "quote":
      return (
        <blockquote>
          <All of={x.of} />
        </blockquote>
      );
    case "list": {
      const List = x.ordered ? "ol" : "ul";
      return (
        <List class="md-list">
          {x.items.map((item, i) => (
            <li key={i}>{item.length === 1 && item[0]?.t === "words" ? <Words of={item[0].of} /> : <All of={item} />}</li>
          ))}
        </List>
      );
    }
  }
}

function All({ of }: { of: readonly Block[] }): JSX.Element {
  return (
    <>
      {of.map((x, i) => (
        <One key={i} x={x} />
      ))}
    </>
  );
}

export function Markdown({ text }: { text: string }): JSX.Element {
  return (
    <div class="md-body">
      <All of={blocks(text)} />
    </div>
  );
}
