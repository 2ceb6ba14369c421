/* The four stages in order; the first that finds anything refuses and names one place. */

import type { Annotation, Schema } from "../types";
import { load } from "../../schema/load";
import { annotationMeaning, type Ground } from "./annotation";
import { Faults, type Fault } from "./fault";
import { schemaMeaning, type Before } from "./schema";
import { isObject, type Checker } from "./shape";
import * as structure from "./structure";
import { submitMeaning } from "./submit";
import { parseText } from "./text";

export type Checked<T> = { ok: true; value: T } | ({ ok: false } & Fault);

export function fromText(text: string): Checked<unknown> {
  const p = parseText(text);
  if (p.ok) return p;
  const { reason, line, column } = p.fault;
  return { ok: false, pointer: "", reason: `${reason}, line ${line}, column ${column}` };
}

function staged<T>(v: unknown, shape: Checker, meanings: readonly ((v: T, f: Faults) => void)[]): Checked<T> {
  const stages: ((f: Faults) => void)[] = [(f) => shape(v, [], f), ...meanings.map((m) => (f: Faults) => m(v as T, f))];
  for (const stage of stages) {
    const f = new Faults();
    stage(f);
    const fault = f.first();
    if (fault !== null) return { ok: false, ...fault };
  }
  return { ok: true, value: v as T };
}

export function checkSchema(v: unknown, before: Before | null = null): Checked<Schema> {
  return staged<Schema>(v, structure.labelSchema, [(s, f) => schemaMeaning(s, before, f)]);
}

export function checkStreams(v: unknown): Checked<unknown> {
  return staged<unknown>(v, structure.streams, []);
}

export function checkAnnotation(v: unknown, g: Ground | null, submit: boolean): Checked<Annotation> {
  const meanings: ((d: Annotation, f: Faults) => void)[] = [];
  if (g !== null) meanings.push((d, f) => annotationMeaning(d, g, f));
  if (g !== null && submit) meanings.push((d, f) => submitMeaning(d, g.schema, f));
  return staged<Annotation>(v, structure.annotation, meanings);
}

export { isObject, load };
export type { Fault, Ground };
