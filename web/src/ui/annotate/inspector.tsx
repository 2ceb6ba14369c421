/* The selected region: its label, its extent, its attrs, how sure, and its relations in words. */

import type { JSX } from "preact";
import { say, t } from "../../app/messages";
import type { Comment } from "../../app/records";
import { when } from "../../app/time";
import type { AttrValue, Region, Relation } from "../../model/types";
import { withAttr } from "../../model/edits";
import { regionFacts } from "../../schema/facts";
import { attrField } from "../../schema/fields";
import { Field } from "../../schema/form";
import { attrKeys } from "../../schema/letters";
import { Button, Chip, Key } from "../parts";
import { extentOf, wordsOf } from "../places";
import type { Acts } from "./acts";

const CERTAINTY = [0, 25, 50, 75, 100];

export function LabelName({ acts, id }: { acts: Acts; id: string }): JSX.Element {
  const l = acts.desk.schema.labels.get(id);
  return (
    <span class="lab">
      <Chip color={l?.color ?? 9} letter={acts.desk.letters.get(id) ?? "·"} />
      <b class="trunc">{l === undefined ? id : say(l.name)}</b>
    </span>
  );
}

export function Inspector({ acts }: { acts: Acts }): JSX.Element {
  const { desk } = acts,
    r = desk.store.region(desk.store.selected.value);
  if (r === null)
    return (
      <section class="sec" aria-label={t("inspector")}>
        <header>
          <h2 class="over">{t("inspector")}</h2>
          <span class="end inline tight">
            <Key of="previousRegion" />
            <Key of="nextRegion" />
          </span>
        </header>
        <p class="hint">{t(desk.store.regions.value.size === 0 ? "inspector.none" : "inspector.noneSelected")}</p>
      </section>
    );
  const task = desk.schema.tasks.get(r.task),
    keys = task === undefined ? new Map<string, string>() : attrKeys(task, desk.schema.labels);
  const facts = regionFacts(desk.schema, r, desk.store.regions.value);
  const shown = (task?.attrs ?? []).filter((id) => desk.schema.attrWhen.get(id)?.(facts) ?? true);
  return (
    <section class="sec" aria-label={t("inspector")} key={r.id}>
      <header>
        <LabelName acts={acts} id={r.label} />
        <span class="faint small trunc">{extentOf(r)}</span>
        <span class="end inline tight">
          <Key of="previousRegion" />
          <Key of="nextRegion" />
        </span>
      </header>
      <div class="stack">
        {(task?.labels.length ?? 0) > 1 && !acts.readOnly && (
          <div class="field inline">
            <label class="lbl" for="relabel">
              {t("label")}
            </label>
            <select class="input" id="relabel" value={r.label} onChange={(e) => acts.relabel(r, e.currentTarget.value)}>
              {task?.labels
                .filter((l) => l === r.label || desk.schema.labels.get(l)?.deprecated !== true)
                .map((l) => (
                  <option key={l} value={l}>
                    {say(desk.schema.labels.get(l)?.name ?? {})}
                  </option>
                ))}
            </select>
            <Key of="relabel" />
          </div>
        )}
        {shown.map((id) => {
          const a = desk.schema.attrs.get(id);
          return a === undefined ? null : (
            <div key={id} data-attr={id}>
              <Field
                spec={attrField(a)}
                value={r.attrs?.[id]}
                readOnly={acts.readOnly}
                keyCap={keys.get(id)?.toUpperCase()}
                onValue={(v) =>
                  acts.setAttrs(withAttr(desk.schema, desk.store.region(r.id) ?? r, id, v as AttrValue | undefined))
                }
                onHeld={(h) => desk.hold(`${r.id} ${id}`, h)}
              />
            </div>
          );
        })}
        <fieldset class="field" disabled={acts.readOnly}>
          <legend>
            {t("certainty")}
            <span class="end" />
            <kbd class="key" aria-hidden="true">
              ⇧1–5
            </kbd>
          </legend>
          <div class="rate">
            {CERTAINTY.map((c, i) => (
              <button
                type="button"
                key={c}
                aria-pressed={r.certainty === c}
                title={`${c} %`}
                onClick={() => acts.certainty(c)}
              >
                {i + 1}
                <span class="sr">: {c} %</span>
              </button>
            ))}
          </div>
        </fieldset>
      </div>
    </section>
  );
}

export function certaintyKeys(acts: Acts): { keys: string[]; value: number }[] {
  return acts.selected === null ? [] : CERTAINTY.map((value, i) => ({ keys: [`Shift+${i + 1}`], value }));
}

function End({ acts, r, here }: { acts: Acts; r: Region | null; here: boolean }): JSX.Element {
  const { desk } = acts,
    l = desk.schema.labels.get(r?.label ?? "");
  return (
    <button
      type="button"
      class="lab end-btn"
      onClick={() => {
        if (r !== null) {
          desk.store.selected.value = r.id;
          acts.reveal(r);
        }
      }}
    >
      <Chip color={l?.color ?? 9} letter={desk.letters.get(r?.label ?? "") ?? "·"} />
      <span class="trunc">
        {here
          ? t("this")
          : r === null
            ? "?"
            : wordsOf(
                r,
                desk.panes.find((p) => p.id === r.stream),
              )}
      </span>
    </button>
  );
}

export function Relations({ acts }: { acts: Acts }): JSX.Element | null {
  const { desk } = acts,
    chosen = desk.store.selected.value,
    all = [...desk.store.relations.value.values()];
  if (desk.schema.schema.relations.length === 0) return null;
  const list = chosen === null ? all : [...all].sort((a, b) => Number(touches(b, chosen)) - Number(touches(a, chosen)));
  return (
    <section class="sec relations" aria-label={t("relations")}>
      <header>
        <h2 class="over">{t("relations")}</h2>
        <span class="count">{all.length}</span>
        <span class="end">
          <Key of="relation" />
        </span>
      </header>
      {list.length === 0 && <p class="hint">{t("relations.none")}</p>}
      <div class="stack">
        {list.map((r) => (
          <div class={`relrow${chosen !== null && touches(r, chosen) ? " on" : ""}`} key={r.id}>
            <End acts={acts} r={desk.store.region(r.from)} here={r.from === chosen} />
            <span class="reltype">{say(desk.schema.relations.get(r.type)?.name ?? {})}</span>
            <End acts={acts} r={desk.store.region(r.to)} here={r.to === chosen} />
            {!acts.readOnly && (
              <Button
                kind="ghost icon sm"
                icon="x"
                label={t("relation.remove")}
                onClick={() => desk.store.removeRelation(r.id)}
              />
            )}
          </div>
        ))}
      </div>
    </section>
  );
}

const touches = (r: Relation, id: string): boolean => r.from === id || r.to === id;

export function Comments({
  list,
  title,
  onPick,
}: {
  list: readonly Comment[];
  title: string;
  onPick?: (region: string) => void;
}): JSX.Element | null {
  if (list.length === 0) return null;
  return (
    <section class="sec" aria-label={title}>
      <header>
        <h2 class="over">{title}</h2>
        <span class="count">{list.length}</span>
      </header>
      {list.map((c, i) => {
        const inner = (
            <>
              <span class="inline tight">
                <b>{c.by}</b>
                <span class="faint small">{when(c.at_ms)}</span>
              </span>
              <span class="muted">{c.text}</span>
            </>
          ),
          { region } = c;
        return region === undefined || onPick === undefined ? (
          <div class="mcard" key={i}>
            {inner}
          </div>
        ) : (
          <button type="button" class="mcard link" key={i} onClick={() => onPick(region)}>
            {inner}
          </button>
        );
      })}
    </section>
  );
}
