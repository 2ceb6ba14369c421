/* The closed expression language of data.md section 3: when, if, then. parse() refuses everything that the
   schema could not mean (unknown names, mixed types); a parsed expression cannot fail when it is run. */

import { compareDecimals, isDate, isDecimal } from "./values";

export type Term =
  | { t: "number"; decimal?: boolean }
  | { t: "date" }
  | { t: "bool" }
  | { t: "text"; values?: ReadonlySet<string> }
  | { t: "choices"; values: ReadonlySet<string> };

/* What the names of an expression may be, and of which type each is. */
export interface Names {
  readonly ids: ReadonlyMap<string, Term>;
  readonly tasks: ReadonlySet<string>;
  readonly labels: ReadonlyMap<string, string | undefined> /* label -> parent */;
}
export type Value = string | number | boolean | readonly string[];
export interface Facts {
  value(id: string): Value | undefined /* undefined: unanswered, or an absence */;
  count(task: string, label: string | null): number;
}
export type Expr = (facts: Facts) => boolean;
export class ExprError extends Error {}

const MAX_BYTES = 1000;
const MAX_DEPTH = 16;
const TOKEN = / *(?:(-?[0-9]+|[A-Za-z_][A-Za-z0-9_]*)|'([^'\u0000-\u001f\u007f]*)'|(==|!=|<=|>=|[<>()[\],]))/y;
const INTEGER = /^-?(0|[1-9][0-9]*)$/;
const OPS = new Set(["==", "!=", "<", "<=", ">", ">="]);
const WORDS = new Set(["and", "or", "not", "in", "true", "false", "answered", "count"]);

interface Token {
  readonly kind: "word" | "int" | "text" | "mark" | "end";
  readonly s: string;
}
interface Operand {
  readonly term: Term;
  readonly get: (f: Facts) => Value | undefined;
  readonly text?: string;
  readonly constant: boolean;
}

function tokens(source: string): Token[] {
  if (new TextEncoder().encode(source).length > MAX_BYTES) throw new ExprError("longer than 1,000 bytes");
  const out: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = source.replace(/ +$/, "").length;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const m = TOKEN.exec(source);
    if (m === null) throw new ExprError(`not understood at ${at + 1}`);
    const [, word, text, mark] = m;
    if (word !== undefined) out.push({ kind: /^[-0-9]/.test(word) ? "int" : "word", s: word });
    else if (text !== undefined) out.push({ kind: "text", s: text });
    else out.push({ kind: "mark", s: mark ?? "" });
  }
  out.push({ kind: "end", s: "" });
  return out;
}

class Parser {
  private i = 0;
  constructor(
    private readonly list: readonly Token[],
    private readonly names: Names,
  ) {}

  private get now(): Token {
    return this.list[this.i] as Token;
  }
  private take(kind: Token["kind"], s?: string): boolean {
    if (this.now.kind !== kind || (s !== undefined && this.now.s !== s)) return false;
    this.i++;
    return true;
  }
  private need(kind: Token["kind"], s: string): void {
    if (!this.take(kind, s)) throw new ExprError(`${s} expected`);
  }

  whole(): Expr {
    const e = this.or(0);
    if (this.now.kind !== "end") throw new ExprError(`${this.now.s} is one word too many`);
    return e;
  }

  private or(depth: number): Expr {
    const list = [this.and(depth)];
    while (this.take("word", "or")) list.push(this.and(depth));
    return list.length === 1 ? (list[0] as Expr) : (f) => list.some((e) => e(f));
  }

  private and(depth: number): Expr {
    const list = [this.not(depth)];
    while (this.take("word", "and")) list.push(this.not(depth));
    return list.length === 1 ? (list[0] as Expr) : (f) => list.every((e) => e(f));
  }

  private not(depth: number): Expr {
    if (depth > MAX_DEPTH) throw new ExprError("nested deeper than 16");
    if (this.take("word", "not")) {
      const e = this.not(depth + 1);
      return (f) => !e(f);
    }
    if (this.take("mark", "(")) {
      if (depth + 1 > MAX_DEPTH) throw new ExprError("nested deeper than 16");
      const e = this.or(depth + 1);
      this.need("mark", ")");
      return e;
    }
    return this.test();
  }

  private test(): Expr {
    if (this.now.kind === "word" && this.now.s === "answered") return this.answered();
    const left = this.operand();
    if (this.take("word", "in")) return this.among(left);
    const op = this.now;
    if (op.kind !== "mark" || !OPS.has(op.s)) throw new ExprError("a comparison expected");
    this.i++;
    return compare(op.s, left, this.operand());
  }

  private answered(): Expr {
    this.i++;
    this.need("mark", "(");
    const id = this.now;
    this.i++;
    if (id.kind !== "word" || !this.names.ids.has(id.s)) throw new ExprError(`no ${id.s}`);
    this.need("mark", ")");
    return (f) => f.value(id.s) !== undefined;
  }

  private among(left: Operand): Expr {
    this.need("mark", "[");
    const list: Expr[] = [];
    do list.push(compare("==", left, this.constant()));
    while (this.take("mark", ","));
    this.need("mark", "]");
    return (f) => list.some((e) => e(f));
  }

  private constant(): Operand {
    const o = this.operand();
    if (!o.constant) throw new ExprError("a constant expected");
    return o;
  }

  private operand(): Operand {
    const t = this.now;
    this.i++;
    if (t.kind === "int") return literal(integer(t.s), { t: "number" });
    if (t.kind === "text") return { ...literal(t.s, { t: "text" }), text: t.s };
    if (t.kind !== "word") throw new ExprError("a value expected");
    if (t.s === "true" || t.s === "false") return literal(t.s === "true", { t: "bool" });
    if (t.s === "count") return this.count();
    const term = WORDS.has(t.s) ? undefined : this.names.ids.get(t.s);
    if (term === undefined) throw new ExprError(`no ${t.s}`);
    return { term, constant: false, get: (f) => f.value(t.s) };
  }

  private count(): Operand {
    this.need("mark", "(");
    const task = this.now;
    this.i++;
    if (task.kind !== "word" || !this.names.tasks.has(task.s)) throw new ExprError(`no task ${task.s}`);
    let label: string | null = null;
    if (this.take("mark", ",")) {
      const l = this.now;
      this.i++;
      if (l.kind !== "text" || !this.names.labels.has(l.s)) throw new ExprError(`no label ${l.s}`);
      label = l.s;
    }
    this.need("mark", ")");
    return { term: { t: "number" }, constant: false, get: (f) => f.count(task.s, label) };
  }
}

function integer(s: string): number {
  const n = Number(s);
  if (!INTEGER.test(s) || !Number.isSafeInteger(n)) throw new ExprError(`${s} is no integer`);
  return n;
}

function literal(v: Value, term: Term): Operand {
  return { term, constant: true, get: () => v };
}

/* A 'text' takes the type of what it faces, if it can be one. */
function facing(o: Operand, other: Term): Operand {
  if (o.text === undefined) return o;
  if (other.t === "number" && other.decimal === true) {
    if (!isDecimal(o.text)) throw new ExprError(`'${o.text}' is no decimal`);
    return { ...o, term: other };
  }
  if (other.t === "date") {
    if (!isDate(o.text)) throw new ExprError(`'${o.text}' is no date`);
    return { ...o, term: other };
  }
  if ((other.t === "text" || other.t === "choices") && other.values !== undefined && !other.values.has(o.text))
    throw new ExprError(`'${o.text}' is none of its values`);
  return o;
}

function compare(op: string, l: Operand, r: Operand): Expr {
  const left = facing(l, r.term),
    right = facing(r, l.term);
  if (left.term.t === "choices") return holds(op, left, right);
  if (left.term.t !== right.term.t) throw new ExprError("both sides of a test have one type");
  if (op !== "==" && op !== "!=" && left.term.t !== "number" && left.term.t !== "date")
    throw new ExprError(`${op} is for numbers and dates`);
  return (f) => {
    const a = left.get(f),
      b = right.get(f);
    if (a === undefined || b === undefined) return false;
    return decide(op, order(a, b, left.term));
  };
}

function holds(op: string, left: Operand, right: Operand): Expr {
  if (right.text === undefined || (op !== "==" && op !== "!=")) throw new ExprError("choices hold a label, or not");
  const label = right.text;
  return (f) => {
    const v = left.get(f);
    return Array.isArray(v) && v.includes(label) === (op === "==");
  };
}

function order(a: Value, b: Value, term: Term): number {
  if (term.t === "number") return compareDecimals(String(a), String(b));
  return a === b ? 0 : a < b ? -1 : 1;
}

function decide(op: string, c: number): boolean {
  switch (op) {
    case "==":
      return c === 0;
    case "!=":
      return c !== 0;
    case "<":
      return c < 0;
    case "<=":
      return c <= 0;
    case ">":
      return c > 0;
    default:
      return c >= 0;
  }
}

export function parse(source: string, names: Names): Expr {
  return new Parser(tokens(source), names).whole();
}

/* Which ids an expression speaks of; for the rule that no `when` waits for itself. */
export function mentions(source: string): Set<string> {
  try {
    return new Set(
      tokens(source)
        .filter((t) => t.kind === "word" && !WORDS.has(t.s))
        .map((t) => t.s),
    );
  } catch {
    return new Set();
  }
}
