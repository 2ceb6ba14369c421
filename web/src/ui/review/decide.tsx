/* The right column: the group in hand, what can be done about it, why the readers differed, and the end. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { say, t, type MessageKey } from "../../app/messages";
import { average } from "../../model/match";
import type { Region } from "../../model/types";
import { spoken } from "../../schema/fields";
import { useFault } from "../fault";
import { Button, Chip, Dialog, Key } from "../parts";
import { extentOf, wordsOf } from "../places";
import type { Result } from "./result";
import { labelWords, Rmark } from "./stage";
import { StateBadge, type Line } from "./table";

export const CAUSES = [
  ["ambiguous", "Q"],
  ["guideline_gap", "W"],
  ["annotator", "R"],
] as const;
export type Cause = (typeof CAUSES)[number][0];

export function Subject({ result, line }: { result: Result; line: Line | undefined }): JSX.Element {
  if (line === undefined)
    return (
      <section class="sec">
        <p class="hint">{t("review.nothing")}</p>
      </section>
    );
  if (line.kind === "question")
    return (
      <section class="sec">
        <header>
          <b class="trunc">{say(line.question.name)}</b>
          <span class="end">
            <StateBadge state={result.settledByAll(line.question) ? "agreed" : "answer"} />
          </span>
        </header>
        <dl class="facts">
          {result.readers.map((r) => (
            <Pair
              key={r.letter}
              name={t("reader", { letter: r.letter })}
              value={spoken(result.bench.schema, line.question, r.revision.doc.answers[line.question.id])}
            />
          ))}
        </dl>
      </section>
    );
  const g = line.group,
    first = g.members.find((m) => m !== null) as Region,
    l = result.bench.schema.labels.get(first.label);
  return (
    <section class="sec">
      <header>
        <span class="lab">
          <Chip color={l?.color ?? 9} letter={result.bench.letters.get(first.label) ?? "·"} />
          <b class="trunc">{labelWords(result, first.label)}</b>
        </span>
        <StateBadge state={g.state} />
        {g.iou !== null && <span class="end small faint nowrap">{t("review.iou", { n: g.iou.toFixed(2) })}</span>}
      </header>
      <dl class="facts">
        {g.members.map((m, i) => (
          <Pair
            key={i}
            name={t("reader", { letter: result.readers[i]?.letter ?? "" })}
            value={m === null ? t("nothing") : described(result, m)}
          />
        ))}
      </dl>
    </section>
  );
}

function Pair({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function described(result: Result, m: Region): string {
  const pane = result.bench.panes.find((p) => p.id === m.stream),
    { schema } = result.bench;
  const attrs = Object.entries(m.attrs ?? {}).map(([id, v]) => {
    const a = schema.attrs.get(id),
      value = a?.values?.find((x) => x.id === v);
    return `${say(a?.name ?? {})}: ${value === undefined ? (typeof v === "boolean" ? t(v ? "yes" : "no") : String(v)) : say(value.name)}`;
  });
  const sure = m.certainty === undefined ? [] : [`${m.certainty} %`];
  return [
    labelWords(result, m.label),
    pane?.text == null ? extentOf(m) : `“${wordsOf(m, pane)}”`,
    ...attrs,
    ...sure,
  ].join(" · ");
}

export interface Moves {
  take: (i: number) => void;
  average: () => void;
  nothing: () => void;
  edit: () => void;
  add: () => void;
}

export function Decide({
  result,
  line,
  moves,
}: {
  result: Result;
  line: Line | undefined;
  moves: Moves;
}): JSX.Element | null {
  if (result.bench.readOnly) return null;
  const mean = line?.kind === "group" && average(line.group) !== null;
  return (
    <section class="sec">
      <header>
        <h2 class="over">{t("review.decide")}</h2>
      </header>
      <div class="decide">
        {!result.alone &&
          result.readers.map((r, i) => (
            <button
              type="button"
              class="btn"
              key={r.letter}
              disabled={line === undefined || (line.kind === "group" && line.group.members[i] == null)}
              onClick={() => moves.take(i)}
            >
              <span class="inline tight">
                <Rmark reader={r} />
                {t("review.take", { letter: r.letter })}
              </span>
              <Key k={String(i + 1)} />
            </button>
          ))}
        {mean && !result.alone && (
          <Button k="A" onClick={moves.average}>
            {t("review.average")}
          </Button>
        )}
        <Button of="edit" onClick={moves.edit}>
          {t("key.edit")}
        </Button>
        {line?.kind === "group" && (
          <Button of="nothing" onClick={moves.nothing}>
            {t("key.nothing")}
          </Button>
        )}
        <Button of="add" onClick={moves.add}>
          {t("key.add")}
        </Button>
      </div>
    </section>
  );
}

export function Why({ cause, onCause }: { cause: Cause | null; onCause: (c: Cause) => void }): JSX.Element {
  return (
    <section class="sec">
      <fieldset>
        <legend class="over inline tight">
          {t("review.why")}
          <span class="req" aria-hidden="true">
            *
          </span>
        </legend>
        <div class="stack">
          {CAUSES.map(([c, key]) => (
            <label class="opt" key={c}>
              <input type="radio" name="cause" checked={cause === c} onChange={() => onCause(c)} />
              {t(`cause.${c}` as MessageKey)}
              <span class="end" />
              <Key k={key} />
            </label>
          ))}
        </div>
      </fieldset>
    </section>
  );
}

interface ReturnProps {
  result: Result;
  region: Region | null;
  onClose: () => void;
  onSend: (assignments: readonly string[], text: string, region: string | null) => Promise<void>;
}

/* A return needs words: what to do again, and where. */
export function ReturnDialog({ result, region, onClose, onSend }: ReturnProps): JSX.Element {
  const [to, setTo] = useState<readonly string[]>(result.alone ? result.readers.map((r) => r.assignment) : []),
    [text, setText] = useState(""),
    fault = useFault();
  const ready = to.length > 0 && text.trim() !== "",
    send = (): void => {
      if (ready) void fault.watch(onSend(to, text, region?.id ?? null));
    };
  const toggle = (id: string): void => setTo(to.includes(id) ? to.filter((x) => x !== id) : [...to, id]);
  return (
    <Dialog
      title={t("return.title")}
      onClose={onClose}
      commands={{ submit: send }}
      footer={
        <>
          <Button k="Escape" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button kind="primary" of="submit" disabled={!ready} onClick={send}>
            {t("return.send")}
          </Button>
        </>
      }
    >
      <p class="muted">{t("return.why")}</p>
      {!result.alone && (
        <fieldset class="stack">
          <legend class="lbl">{t("return.to")}</legend>
          {result.readers.map((r) => (
            <label class="opt" key={r.assignment}>
              <input type="checkbox" checked={to.includes(r.assignment)} onChange={() => toggle(r.assignment)} />
              {t("reader", { letter: r.letter })}
            </label>
          ))}
        </fieldset>
      )}
      <div class="field">
        <label for="return-text">{t("return.text")}</label>
        <textarea
          class="input"
          id="return-text"
          rows={3}
          value={text}
          onInput={(e) => setText(e.currentTarget.value)}
        />
      </div>
      {fault.node}
    </Dialog>
  );
}
