/* Stage 1: a text is JSON as data.md section 1 takes it. JSON.parse lets duplicate members, lone surrogates
   and 1.0 pass, so the text is read here, once, with a place for each refusal. */

export interface TextFault {
  readonly reason: string;
  readonly line: number;
  readonly column: number;
}
export type Parsed = { ok: true; value: unknown } | { ok: false; fault: TextFault };

const MAX_DEPTH = 32;
const NUMBER = /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const SPACE = /[ \t\n\r]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};
const INT64_MAX = 2n ** 63n - 1n;

class Refused extends Error {
  constructor(
    reason: string,
    readonly at: number,
  ) {
    super(reason);
  }
}

/* A number that is no integer token is kept as such, for the structure stage to name its place. */
export class NotInteger {
  constructor(readonly token: string) {}
}

class Reader {
  private i = 0;
  constructor(private readonly s: string) {}

  whole(): unknown {
    if (this.s.startsWith("\ufeff")) throw new Refused("byte order mark", 0);
    const v = this.value(1);
    this.space();
    if (this.i < this.s.length) throw new Refused("text after the document", this.i);
    return v;
  }

  private match(re: RegExp): string {
    re.lastIndex = this.i;
    const m = re.exec(this.s)?.[0] ?? "";
    this.i += m.length;
    return m;
  }
  private space(): void {
    this.match(SPACE);
  }
  private take(c: string): boolean {
    if (this.s[this.i] !== c) return false;
    this.i++;
    return true;
  }
  private need(c: string): void {
    if (!this.take(c)) throw new Refused(`${c} expected`, this.i);
  }

  private value(depth: number): unknown {
    this.space();
    const c = this.s[this.i];
    if (c === "{" || c === "[") {
      if (depth > MAX_DEPTH) throw new Refused("nested deeper than 32", this.i);
      return c === "{" ? this.object(depth) : this.array(depth);
    }
    if (c === '"') return this.string();
    for (const [word, v] of [
      ["true", true],
      ["false", false],
      ["null", null],
    ] as const)
      if (this.s.startsWith(word, this.i)) {
        this.i += word.length;
        return v;
      }
    return this.number();
  }

  private number(): number | NotInteger {
    const at = this.i,
      token = this.match(NUMBER);
    if (token === "") throw new Refused("a value expected", at);
    if (!Number.isFinite(Number(token))) throw new Refused("a number beyond double", at);
    if (/[.eE]/.test(token)) return new NotInteger(token);
    const n = BigInt(token);
    if (n > INT64_MAX || n < -INT64_MAX - 1n) throw new Refused("a number beyond int64", at);
    return n === 0n ? 0 : Number.isSafeInteger(Number(token)) ? Number(token) : new NotInteger(token);
  }

  private array(depth: number): unknown[] {
    this.i++;
    const out: unknown[] = [];
    this.space();
    if (this.take("]")) return out;
    do {
      out.push(this.value(depth + 1));
      this.space();
    } while (this.take(","));
    this.need("]");
    return out;
  }

  private object(depth: number): Record<string, unknown> {
    this.i++;
    const out: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    this.space();
    if (this.take("}")) return out;
    do {
      this.space();
      const at = this.i;
      if (this.s[at] !== '"') throw new Refused("a member name expected", at);
      const key = this.string();
      if (key in out) throw new Refused(`${key} stands twice`, at);
      this.space();
      this.need(":");
      out[key] = this.value(depth + 1);
      this.space();
    } while (this.take(","));
    this.need("}");
    return out;
  }

  private string(): string {
    const at = this.i++;
    let out = "";
    for (;;) {
      out += this.match(PLAIN);
      const c = this.s[this.i++];
      if (c === '"') break;
      if (c !== "\\") throw new Refused("a text that does not end, or a bare control character", this.i - 1);
      out += this.escape();
    }
    if (out.includes("\u0000")) throw new Refused("U+0000", at);
    if (/\p{Surrogate}/u.test(out)) throw new Refused("half of a surrogate pair", at);
    return out;
  }

  private escape(): string {
    const c = this.s[this.i++] ?? "";
    if (c === "u") {
      const hex = this.s.slice(this.i, this.i + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw new Refused("four hex digits expected", this.i);
      this.i += 4;
      return String.fromCharCode(parseInt(hex, 16));
    }
    const plain = ESCAPES[c];
    if (plain === undefined) throw new Refused("no such escape", this.i - 1);
    return plain;
  }
}

export function parseText(s: string): Parsed {
  try {
    return { ok: true, value: new Reader(s).whole() };
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    const before = s.slice(0, e.at).split("\n");
    return { ok: false, fault: { reason: e.message, line: before.length, column: (before.at(-1) ?? "").length + 1 } };
  }
}
