/* The whole-item form: the questions of the schema that are asked here. */

import type { JSX } from "preact";
import { say, t } from "../../app/messages";
import type { Question } from "../../model/types";
import { answerOps, asks, questionField } from "../../schema/fields";
import { Field, type Option } from "../../schema/form";
import type { Entry } from "../keys";
import { Key } from "../parts";
import type { Acts } from "./acts";

const keyed = (q: Question): boolean => ["choice", "choices", "bool"].includes(q.type) || (q.absent?.length ?? 0) > 0;

export function askedHere(acts: Acts): Question[] {
  return asks(acts.desk.schema, acts.desk.store, acts.desk.store.frame.streams);
}

/* The question that has Q W E R now. */
function holder(acts: Acts): Question | undefined {
  const list = askedHere(acts).filter(keyed);
  return list[acts.question.value % Math.max(1, list.length)];
}

function answer(acts: Acts, q: Question, o: Option): void {
  const { store, schema } = acts.desk,
    now = store.answers.peek().get(q.id);
  if (acts.readOnly) return;
  if (q.type === "choices" && typeof o.value === "string") {
    const had = Array.isArray(now) ? (now as readonly string[]) : [],
      v = o.value;
    const next = (q.labels ?? []).filter((l) => (l === v ? !had.includes(l) : had.includes(l)));
    return store.commit(answerOps(schema, store, q.id, next.length === 0 ? undefined : next));
  }
  const same = JSON.stringify(now) === JSON.stringify(o.value);
  store.commit(answerOps(schema, store, q.id, same ? undefined : o.value));
}

export function answerEntries(acts: Acts): Entry[] {
  const q = holder(acts);
  if (q === undefined) return [];
  const spec = questionField(acts.desk.schema, q, acts.desk.store.answers.value.get(q.id), true);
  return [...spec.options, ...spec.absences].flatMap((o) =>
    o.key === undefined
      ? []
      : [
          {
            scope: "everywhere" as const,
            keys: [o.key],
            say: `${say(q.name)}: ${o.name}`,
            run: () => answer(acts, q, o),
          },
        ],
  );
}

/* G Q: the next question gets the keys and comes into sight. */
export function nextQuestion(acts: Acts): void {
  const list = askedHere(acts).filter(keyed),
    inForm = acts.desk.focus.peek() === "questions";
  if (inForm && list.length > 0) acts.question.value = (acts.question.peek() + 1) % list.length;
  acts.desk.focus.value = "questions";
  const q = holder(acts);
  const el =
    document.querySelector<HTMLElement>(`[data-question="${CSS.escape(q?.id ?? "")}"]`) ??
    document.querySelector<HTMLElement>(".dock");
  el?.scrollIntoView({ block: "nearest" });
  (el?.querySelector<HTMLElement>("button,input,select,textarea") ?? el)?.focus();
}

export function Dock({ acts }: { acts: Acts }): JSX.Element | null {
  const { desk } = acts,
    list = askedHere(acts),
    has = holder(acts);
  if (list.length === 0) return null;
  return (
    <form
      class="dock"
      aria-label={t("questions")}
      onSubmit={(e) => e.preventDefault()}
      onFocusCapture={() => {
        desk.focus.value = "questions";
      }}
    >
      {list.map((q) => {
        const value = desk.store.answers.value.get(q.id);
        return (
          <div class={`dockfield${q === has ? " has" : ""} q-${q.type}`} key={q.id} data-question={q.id}>
            <Field
              spec={questionField(desk.schema, q, value, q === has)}
              value={value}
              readOnly={acts.readOnly}
              onValue={(v) => desk.store.commit(answerOps(desk.schema, desk.store, q.id, v))}
              onHeld={(h) => desk.hold(`question ${q.id}`, h)}
            />
          </div>
        );
      })}
      {list.filter(keyed).length > 1 && (
        <span class="dockhint small faint">
          {t("questions.next")}
          <Key of="goQuestions" />
        </span>
      )}
    </form>
  );
}
