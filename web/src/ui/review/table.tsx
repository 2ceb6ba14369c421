/* Row = a place or a question, column = a reader: where they agree, where not, and what is decided. */

import type { JSX } from "preact";
import { say, t, type MessageKey } from "../../app/messages";
import type { Group } from "../../model/match";
import type { Question, Region } from "../../model/types";
import { spoken } from "../../schema/fields";
import { Icon } from "../icons";
import { Badge, Chip } from "../parts";
import { wordsOf } from "../places";
import type { Decision, Result } from "./result";
import { labelWords, Rmark } from "./stage";

export type Line =
  | { readonly kind: "group"; readonly group: Group; readonly n: number }
  | { readonly kind: "question"; readonly question: Question; readonly n: number };

/* Conflicts first, in the order of the record; what is agreed after them. */
export function linesOf(result: Result): Line[] {
  const all: Line[] = [
    ...result.groups.map((group, i) => ({ kind: "group" as const, group, n: i + 1 })),
    ...result.questions.map((question, i) => ({
      kind: "question" as const,
      question,
      n: result.groups.length + i + 1,
    })),
  ];
  const agreed = (l: Line): boolean =>
    l.kind === "group" ? l.group.state === "agreed" : result.settledByAll(l.question);
  return all.sort((a, b) => Number(agreed(a)) - Number(agreed(b)));
}

export function decisionOf(result: Result, l: Line): Decision | null {
  return l.kind === "group" ? result.decision(l.group) : result.answerDecision(l.question);
}

const BADGE: Readonly<Record<string, string>> = {
  agreed: "ok",
  label: "bad",
  answer: "bad",
  extent: "warn",
  attrs: "warn",
  single: "line",
};

export function StateBadge({ state }: { state: string }): JSX.Element {
  return (
    <Badge kind={BADGE[state] ?? ""}>
      {state === "agreed" && <Icon name="check" />}
      {t(`group.${state}` as MessageKey)}
    </Badge>
  );
}

export function decided(result: Result, d: Decision | null): string {
  if (d === null) return t("decision.open");
  if (d.kind === "reader") return result.readers[d.reader ?? 0]?.letter ?? "";
  return t(`decision.${d.kind}`);
}

function Cell({ result, m }: { result: Result; m: Region | null }): JSX.Element {
  if (m === null) return <span class="faint">{t("nothing")}</span>;
  const l = result.bench.schema.labels.get(m.label);
  return (
    <span class="lab">
      <Chip color={l?.color ?? 9} letter={result.bench.letters.get(m.label) ?? "·"} />
      {labelWords(result, m.label)}
    </span>
  );
}

interface TableProps {
  result: Result;
  lines: readonly Line[];
  at: number;
  onPick: (i: number) => void;
}

export function GroupTable({ result, lines, at, onPick }: TableProps): JSX.Element {
  void result.bench.store.state.value;
  return (
    <div class="agree" tabIndex={0} role="region" aria-label={t("review.groups")}>
      <table class="table">
        <thead>
          <tr>
            <th>{t("review.group")}</th>
            <th>{t("review.place")}</th>
            {result.readers.map((r) => (
              <th key={r.letter}>
                <span class="inline tight">
                  <Rmark reader={r} />
                  {t("reader", { letter: r.letter })}
                </span>
              </th>
            ))}
            <th>{t("review.overlap")}</th>
            <th>{t("state")}</th>
            <th>{t("review.decision")}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((l, i) => {
            const d = decisionOf(result, l);
            return (
              <tr
                key={l.kind === "group" ? l.group.key : l.question.id}
                class={i === at ? "on" : ""}
                aria-selected={i === at}
                onClick={() => onPick(i)}
              >
                <td class="faint">{l.n}</td>
                <td>
                  {l.kind === "group" ? (
                    <Place result={result} g={l.group} />
                  ) : (
                    <span class="inline">
                      <Icon name="list" small faint />
                      <span class="trunc">{say(l.question.name)}</span>
                    </span>
                  )}
                </td>
                {result.readers.map((r, k) => (
                  <td key={r.letter}>
                    {l.kind === "group" ? (
                      <Cell result={result} m={l.group.members[k] ?? null} />
                    ) : (
                      spoken(result.bench.schema, l.question, r.revision.doc.answers[l.question.id])
                    )}
                  </td>
                ))}
                <td>
                  {l.kind === "group" && l.group.iou !== null ? (
                    <span class="ov">
                      <progress class="thin" value={l.group.iou * 100} max={100} aria-label={t("review.overlap")} />
                      <span>{l.group.iou.toFixed(2)}</span>
                    </span>
                  ) : (
                    <span class="faint">–</span>
                  )}
                </td>
                <td>
                  <StateBadge
                    state={l.kind === "group" ? l.group.state : result.settledByAll(l.question) ? "agreed" : "answer"}
                  />
                </td>
                <td>
                  {d === null ? (
                    <span class="faint">{i === at ? t("decision.deciding") : t("decision.open")}</span>
                  ) : d.kind === "agreed" ? (
                    <span class="faint">{t("decision.agreed")}</span>
                  ) : (
                    <b>{decided(result, d)}</b>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Place({ result, g }: { result: Result; g: Group }): JSX.Element {
  const r = g.members.find((m) => m !== null) as Region,
    pane = result.bench.panes.find((p) => p.id === g.stream);
  return (
    <span class="inline">
      <Icon name={pane?.brief.kind === "image" ? "image" : "text"} small faint />
      <span class="trunc place">{wordsOf(r, pane)}</span>
    </span>
  );
}
