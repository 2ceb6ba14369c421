/* From a question or an attr of the schema to the field that asks it. */

import { say, t } from "../app/messages";
import type { Store } from "../model/store";
import type { Op } from "../model/ops";
import { isAbsence, type Answer, type Attr, type Question } from "../model/types";
import type { FieldSpec, FieldValue, Option } from "./form";
import { itemFacts } from "./facts";
import type { Loaded } from "./load";

export const ANSWER_KEYS = ["Q", "W", "E", "R"];
const MOST_BUTTONS = 11;

const yesNo = (): Option[] => [
  { value: true, name: t("yes") },
  { value: false, name: t("no") },
];

function steps(min: unknown, max: unknown): Option[] {
  const a = Number(min),
    b = Number(max);
  if (!(b - a < MOST_BUTTONS)) return [];
  return Array.from({ length: b - a + 1 }, (_, i) => ({ value: a + i, name: String(a + i) }));
}

function bounded(x: Attr | Question): Pick<FieldSpec, "min" | "max" | "unit"> {
  return {
    ...(x.min === undefined ? {} : { min: x.min }),
    ...(x.max === undefined ? {} : { max: x.max }),
    ...(x.unit === undefined ? {} : { unit: x.unit }),
  };
}

export function attrField(a: Attr): FieldSpec {
  const options = a.type === "bool" ? yesNo() : (a.values ?? []).map((v) => ({ value: v.id, name: say(v.name) }));
  return { id: a.id, name: a.name, type: a.type, required: a.required, options, absences: [], ...bounded(a) };
}

/* Options in their order, absences after them; the first four bear Q W E R where the question has the keys. */
export function questionField(s: Loaded, q: Question, current: Answer | undefined, keyed: boolean): FieldSpec {
  const shown = (q.labels ?? []).filter(
    (l) => s.labels.get(l)?.deprecated !== true || current === l || (Array.isArray(current) && current.includes(l)),
  );
  const options: Option[] =
    q.type === "bool"
      ? yesNo()
      : q.type === "rating"
        ? steps(q.min, q.max)
        : shown.map((l) => ({ value: l, name: say(s.labels.get(l)?.name ?? {}) || l }));
  const absences: Option[] = (q.absent ?? []).map((a) => ({ value: { absent: a }, name: t(`absent.${a}`) }));
  const spec = { id: q.id, name: q.name, type: q.type, required: q.required, ...bounded(q) };
  if (!keyed || q.type === "rating") return { ...spec, options, absences };
  const capped = (o: Option, i: number): Option => ({ ...o, key: ANSWER_KEYS[i] });
  return { ...spec, options: options.map(capped), absences: absences.map((o, i) => capped(o, i + options.length)) };
}

export function asks(s: Loaded, store: Store, streams: Readonly<Record<string, unknown>>): Question[] {
  const facts = itemFacts(s, store.answers.value, store.regions.value);
  return s.schema.questions.filter(
    (q) => (q.on === "item" || Object.hasOwn(streams, q.on)) && (s.questionWhen.get(q.id)?.(facts) ?? true),
  );
}

/* An answer, and in the same gesture the end of those answers that are no longer asked. */
export function answerOps(s: Loaded, store: Store, id: string, next: FieldValue | undefined): Op[] {
  const answers = new Map(store.answers.peek()),
    ops: Op[] = [];
  const set = (key: string, value: Answer | null): void => {
    const prev = answers.get(key) ?? null;
    if (JSON.stringify(prev) === JSON.stringify(value)) return;
    ops.push({ c: "answer", id: key, prev, next: value });
    if (value === null) answers.delete(key);
    else answers.set(key, value);
  };
  set(id, next ?? null);
  for (let again = true; again; ) {
    again = false;
    const facts = itemFacts(s, answers, store.regions.peek());
    for (const q of s.schema.questions)
      if (answers.has(q.id) && s.questionWhen.get(q.id)?.(facts) === false) {
        set(q.id, null);
        again = true;
      }
  }
  return ops;
}

export function spoken(s: Loaded, q: Question, a: Answer | undefined): string {
  if (a === undefined) return "–";
  if (isAbsence(a)) return t(`absent.${a.absent}`);
  if (typeof a === "boolean") return t(a ? "yes" : "no");
  if (Array.isArray(a)) return a.map((l) => say(s.labels.get(l as string)?.name ?? {}) || String(l)).join(", ");
  return q.type === "choice" ? say(s.labels.get(a as string)?.name ?? {}) || String(a) : String(a);
}
