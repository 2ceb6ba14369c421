/* The cases of contract/: what the node refuses, the page refuses at the same place. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { canonical } from "../../src/model/canonical";
import type { Schema, Streams } from "../../src/model/types";
import { checkAnnotation, checkSchema, fromText, load, type Checked } from "../../src/model/validate";
import { parse, ExprError, type Facts, type Value } from "../../src/schema/expr";
import { attrNames, questionNames } from "../../src/schema/load";
import { counted } from "../../src/schema/facts";

const root = process.env["CLOISTER_CONTRACT"] ?? "";
const sha = (v: unknown): string => "sha256:" + createHash("sha256").update(canonical(v)).digest("hex");

function rows(file: string): Record<string, string>[] {
  const [head = "", ...lines] = readFileSync(file, "utf8")
    .split("\n")
    .filter((l) => l !== "");
  const names = head.split("\t");
  return lines.map((l) => Object.fromEntries(l.split("\t").map((c, i) => [names[i] ?? "", c])));
}

function readText(path: string): Checked<unknown> {
  try {
    return fromText(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path)));
  } catch {
    return { ok: false, pointer: "", reason: "not UTF-8" };
  }
}

const good = (path: string): unknown => {
  const r = readText(path);
  assert.ok(r.ok);
  return r.value;
};

function check(dir: string, row: Record<string, string>): Checked<unknown> {
  const r = readText(join(dir, row["file"] ?? ""));
  if (!r.ok) return r;
  const on = row["schema"] ? (good(join(dir, row["schema"])) as Schema) : null;
  if (row["kind"] === "schema") return checkSchema(r.value, on && { schema: on, hash: sha(on) });
  const streams = row["streams"] ? (good(join(dir, row["streams"])) as Streams) : null;
  return checkAnnotation(r.value, on && { schema: load(on), hash: sha(on), streams, base: null }, true);
}

for (const set of ["valid", "invalid"] as const) {
  const index = join(root, set, "INDEX.tsv");
  for (const row of rows(index).filter((r) => r["kind"] === "schema" || r["kind"] === "annotation"))
    test(`${set}: ${row["file"]}`, () => {
      const r = check(dirname(index), row);
      if (set === "valid") {
        assert.deepEqual(r.ok, true, JSON.stringify(r));
        assert.equal(sha((r as { value: unknown }).value), row["hash"]);
      } else {
        assert.ok(!r.ok, "is accepted");
        assert.equal(r.pointer, row["pointer"], r.reason);
      }
    });
}

interface Context {
  questions?: Schema["questions"];
  attrs?: Schema["attrs"];
  labels?: Schema["labels"];
  tasks?: string[];
  answers?: Record<string, unknown>;
  values?: Record<string, Value>;
  label?: string;
  regions?: [string, string][];
}

for (const [i, row] of rows(join(root, "expressions.tsv")).entries())
  test(`expression ${i + 1}: ${row["expression"]}`, () => {
    const c = JSON.parse(row["context"] ?? "") as Context;
    const labels = c.labels ?? [];
    const schema = {
      tasks: (c.tasks ?? []).map((id) => ({ id })),
      labels,
      attrs: c.attrs ?? [],
      questions: c.questions ?? [],
    } as unknown as Schema;
    const names = c.attrs ? attrNames(schema) : questionNames(schema);
    const given = c.values ?? c.answers ?? {};
    const facts: Facts = {
      value: (id) => {
        const v = id === "label" ? c.label : given[id];
        return typeof v === "object" && !Array.isArray(v) ? undefined : (v as Value);
      },
      count: counted(
        { labels: new Map(labels.map((l) => [l.id, l])) },
        (c.regions ?? []).map(([task, label]) => ({ task, label })),
      ),
    };
    let got: string;
    try {
      got = String(parse(row["expression"] ?? "", names)(facts));
    } catch (e) {
      if (!(e instanceof ExprError)) throw e;
      got = "parse-error";
    }
    assert.equal(got, row["expected"]);
  });
