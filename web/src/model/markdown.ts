/* The Markdown of guidelines: headings, paragraphs, lists, quotes, code, emphasis. Raw HTML is text, a link is
   its words and a picture its description, so nothing of a guideline can act or load. A table stays the lines that it was written in. */

export type Inline =
  | string
  | { readonly t: "strong" | "em" | "del"; readonly of: readonly Inline[] }
  | { readonly t: "code" | "picture"; readonly text: string }
  | { readonly t: "break" };

export type Block =
  | { readonly t: "heading"; readonly level: number; readonly of: readonly Inline[] }
  | { readonly t: "words"; readonly of: readonly Inline[] }
  | { readonly t: "code"; readonly text: string }
  | { readonly t: "quote"; readonly of: readonly Block[] }
  | { readonly t: "list"; readonly ordered: boolean; readonly items: readonly (readonly Block[])[] }
  | { readonly t: "rule" };

const DEEP = 8; /* quotes and lists within each other; what lies deeper is read as words */
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
const RULE = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3})([-*+]|[0-9]{1,9}[.)])(?:([ \t]+)|$)/;
const TABLE = /^ {0,3}\|.*\|\s*$/;
const blank = (s: string | undefined): boolean => s === undefined || s.trim() === "";
const begins = (s: string): boolean =>
  FENCE.test(s) || HEADING.test(s) || RULE.test(s) || QUOTE.test(s) || ITEM.test(s);

export function blocks(text: string): Block[] {
  return read(text.replaceAll("\r\n", "\n").split("\n"), 0);
}

function read(lines: readonly string[], depth: number): Block[] {
  const out: Block[] = [];
  for (let i = 0; i < lines.length; ) {
    const line = lines[i] ?? "",
      heading = HEADING.exec(line),
      take = (n: number, b: Block): void => {
        out.push(b);
        i = n;
      };
    if (blank(line)) i++;
    else if (FENCE.test(line)) take(...fenced(lines, i));
    else if (heading !== null)
      take(i + 1, { t: "heading", level: heading[1]?.length ?? 1, of: inlines(heading[2] ?? "") });
    else if (RULE.test(line)) take(i + 1, { t: "rule" });
    else if (QUOTE.test(line) && depth < DEEP) take(...quoted(lines, i, depth));
    else if (ITEM.test(line) && depth < DEEP) take(...listed(lines, i, depth));
    else if (TABLE.test(line)) take(...rows(lines, i));
    else take(...words(lines, i));
  }
  return out;
}

function fenced(lines: readonly string[], from: number): [number, Block] {
  const mark = FENCE.exec(lines[from] ?? "")?.[1] ?? "```",
    end = lines.findIndex((l, j) => j > from && l.trim().startsWith(mark) && l.trim().replaceAll(mark[0] ?? "", "") === "");
  const stop = end < 0 ? lines.length : end;
  return [stop + 1, { t: "code", text: lines.slice(from + 1, stop).join("\n") }];
}

function rows(lines: readonly string[], from: number): [number, Block] {
  let to = from;
  while (to < lines.length && TABLE.test(lines[to] ?? "")) to++;
  return [to, { t: "code", text: lines.slice(from, to).join("\n") }];
}

function quoted(lines: readonly string[], from: number, depth: number): [number, Block] {
  let to = from;
  while (to < lines.length && QUOTE.test(lines[to] ?? "")) to++;
  const inner = lines.slice(from, to).map((l) => l.replace(QUOTE, ""));
  return [to, { t: "quote", of: read(inner, depth + 1) }];
}

/* An item goes on while lines are indented to its text, or simply run on; another kind of mark ends the list. */
function listed(lines: readonly string[], from: number, depth: number): [number, Block] {
  const kind = (s: string | undefined): string => (/[0-9]/.test(s ?? "") ? "1" : (s ?? "")),
    mine = kind(ITEM.exec(lines[from] ?? "")?.[2]);
  const items: Block[][] = [];
  let i = from;
  for (let m = ITEM.exec(lines[i] ?? ""); m !== null && kind(m[2]) === mine && !RULE.test(lines[i] ?? ""); ) {
    const indent = (m[1]?.length ?? 0) + (m[2]?.length ?? 0) + 1,
      inner = [(lines[i] ?? "").slice(m[0].length)];
    for (i++; i < lines.length; i++) {
      const l = lines[i] ?? "",
        deep = l.startsWith(" ".repeat(Math.min(indent, 2)));
      if (blank(l) ? blank(lines[i + 1]) || !/^ {2}/.test(lines[i + 1] ?? "") : !deep && (begins(l) || blank(lines[i - 1])))
        break;
      inner.push(l.slice(Math.min(indent, l.length - l.trimStart().length)));
    }
    items.push(read(inner, depth + 1));
    if (blank(lines[i]) && ITEM.test(lines[i + 1] ?? "")) i++;
    m = ITEM.exec(lines[i] ?? "");
  }
  return [i, { t: "list", ordered: mine === "1", items }];
}

function words(lines: readonly string[], from: number): [number, Block] {
  let to = from + 1;
  while (to < lines.length && !blank(lines[to]) && !begins(lines[to] ?? "")) to++;
  return [to, { t: "words", of: inlines(lines.slice(from, to).join("\n").trim()) }];
}

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
const RUN = /^(\*\*|__|~~|\*|_)/;
const TONGUES = { "**": "strong", __: "strong", "*": "em", _: "em", "~~": "del" } as const;

/* One pass from the left; a mark without its end is the character that it is. */
export function inlines(s: string): Inline[] {
  const out: Inline[] = [];
  let plain = "";
  const put = (x: Inline): void => {
    if (plain !== "") out.push(plain);
    plain = "";
    out.push(x);
  };
  for (let i = 0; i < s.length; ) {
    const found = spanAt(s, i);
    if (found === null) {
      plain += s[i];
      i++;
      continue;
    }
    const [to, list] = found;
    for (const x of list)
      if (typeof x === "string") plain += x;
      else put(x);
    i = to;
  }
  if (plain !== "") out.push(plain);
  return out;
}

/* What begins at i, as where it ends and what it is. */
function spanAt(s: string, i: number): [number, Inline[]] | null {
  const c = s[i] ?? "";
  if (!"\\`&\n !*_~[".includes(c)) return null;
  const rest = s.slice(i);
  if (c === "\\") {
    const next = rest[1] ?? "";
    if (next === "\n") return [i + 2, [{ t: "break" }]];
    return /[!-/:-@[-`{-~]/.test(next) ? [i + 2, [next]] : null;
  }
  if (c === "`") return codeAt(s, i);
  if (c === "&") {
    const m = /^&(amp|lt|gt|quot|#39);/.exec(rest);
    return m === null ? null : [i + m[0].length, [NAMED[m[1] ?? ""] ?? ""]];
  }
  if (c === "\n" || c === " ") {
    const m = /^( *)\n */.exec(rest);
    return m === null ? null : [i + m[0].length, (m[1] ?? "").length > 1 ? [{ t: "break" }] : ["\n"]];
  }
  const link = /^(!?)\[([^[\]\n]{0,500})\]\((?:[^()\s]|\([^()\s]{0,100}\)){0,500}\)/.exec(rest);
  if (link !== null)
    return [i + link[0].length, link[1] === "!" ? [{ t: "picture", text: link[2] ?? "" }] : inlines(link[2] ?? "")];
  return RUN.test(rest) ? emphasisAt(s, i) : null;
}

function codeAt(s: string, i: number): [number, Inline[]] {
  const run = /^`+/.exec(s.slice(i))?.[0] ?? "`",
    end = new RegExp(`(?<!\`)\`{${run.length}}(?!\`)`, "g");
  end.lastIndex = i + run.length;
  const m = end.exec(s);
  if (m === null) return [i + run.length, [run]];
  const text = s.slice(i + run.length, m.index).replaceAll("\n", " ");
  return [m.index + run.length, [{ t: "code", text: /^ .*[^ ].* $/.test(text) ? text.slice(1, -1) : text }]];
}

const word = (c: string | undefined): boolean => c !== undefined && /[\p{L}\p{N}_]/u.test(c);

/* A run opens before a letter and closes after one; _ does neither inside a word. */
function emphasisAt(s: string, i: number): [number, Inline[]] | null {
  const run = RUN.exec(s.slice(i))?.[1] as keyof typeof TONGUES,
    n = run.length;
  if (/\s|^$/.test(s[i + n] ?? "") || (run[0] === "_" && word(s[i - 1]))) return [i + n, [run]];
  for (let end = s.indexOf(run, i + n + 1); end > 0; end = s.indexOf(run, end + 1)) {
    const twice = n === 1 && (s[end + 1] === run || s[end - 1] === run);
    if (twice || s[end - 1] === "\\" || /\s/.test(s[end - 1] ?? "") || (run[0] === "_" && word(s[end + n]))) continue;
    return [end + n, [{ t: TONGUES[run], of: inlines(s.slice(i + n, end)) }]];
  }
  return [i + n, [run]];
}
