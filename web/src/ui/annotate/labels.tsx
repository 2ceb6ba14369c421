/* Labels to mark with: a column beside a single text, a strip in the head of each pane otherwise. */

import type { JSX } from "preact";
import { say, t } from "../../app/messages";
import { tasksOn } from "../../model/edits";
import type { Label, Task } from "../../model/types";
import type { Entry } from "../keys";
import { Chip, Key } from "../parts";
import type { Acts } from "./acts";

export interface Choice {
  readonly task: Task;
  readonly label: Label;
}

const DRAWN = ["span", "section", "rect", "point"];

export function choicesOn(acts: Acts, stream: string): Choice[] {
  const { schema } = acts.desk;
  return tasksOn(schema, stream)
    .filter((t) => DRAWN.includes(t.shape))
    .flatMap((task) =>
      task.labels.flatMap((id) => {
        const label = schema.labels.get(id);
        return label === undefined || label.deprecated === true ? [] : [{ task, label }];
      }),
    );
}

export function labelEntries(acts: Acts): Entry[] {
  const pane = acts.desk.focus.value;
  return choicesOn(acts, pane).flatMap(({ task, label }) =>
    label.key === undefined
      ? []
      : [
          {
            scope: "marks" as const,
            keys: [label.key.toUpperCase()],
            say: say(label.name),
            run: () => acts.choose(task, label.id),
          },
        ],
  );
}

function counts(acts: Acts): Map<string, number> {
  const out = new Map<string, number>();
  for (const r of acts.desk.store.regions.value.values())
    out.set(`${r.task} ${r.label}`, (out.get(`${r.task} ${r.label}`) ?? 0) + 1);
  return out;
}

const inHand = (acts: Acts, c: Choice): boolean =>
  acts.desk.label.value?.task === c.task.id && acts.desk.label.value.label === c.label.id;

export function LabelColumn({ acts, stream }: { acts: Acts; stream: string }): JSX.Element {
  const n = counts(acts),
    list = choicesOn(acts, stream),
    tasks = [...new Set(list.map((c) => c.task))];
  return (
    <>
      {tasks.map((task, i) => (
        <section class="sec tight" key={task.id}>
          <header>
            <h2 class="over">{tasks.length > 1 ? say(task.name) : t("mark")}</h2>
            {i === 0 && (
              <span class="end">
                <Key of="labels" />
              </span>
            )}
          </header>
          {list
            .filter((c) => c.task === task)
            .map((c) => (
              <button
                type="button"
                class={`tool L${c.label.color + 1}${inHand(acts, c) ? " on" : ""}`}
                key={c.label.id}
                aria-pressed={inHand(acts, c)}
                title={c.label.about === undefined ? undefined : say(c.label.about)}
                onMouseDown={(e) => e.preventDefault()}
                onClick={() => acts.choose(task, c.label.id)}
              >
                <Chip color={c.label.color} letter={acts.desk.letters.get(c.label.id) ?? "·"} />
                <span class="nm trunc">{say(c.label.name)}</span>
                <span class="n" aria-hidden="true">
                  {n.get(`${task.id} ${c.label.id}`) ?? ""}
                </span>
                {c.label.key !== undefined && <Key k={c.label.key.toUpperCase()} />}
              </button>
            ))}
        </section>
      ))}
    </>
  );
}

export function LabelStrip({ acts, stream }: { acts: Acts; stream: string }): JSX.Element {
  return (
    <span class="strip">
      {choicesOn(acts, stream).map((c) => (
        <button
          type="button"
          class={`lt L${c.label.color + 1}${inHand(acts, c) ? " on" : ""}`}
          key={`${c.task.id} ${c.label.id}`}
          aria-pressed={inHand(acts, c)}
          title={say(c.label.name)}
          onMouseDown={(e) => e.preventDefault()}
          onClick={() => {
            acts.desk.focus.value = stream;
            acts.choose(c.task, c.label.id);
          }}
        >
          <Chip color={c.label.color} letter={acts.desk.letters.get(c.label.id) ?? "·"} />
          <span>{say(c.label.name)}</span>
          {c.label.key !== undefined && <Key k={c.label.key.toUpperCase()} />}
        </button>
      ))}
    </span>
  );
}
