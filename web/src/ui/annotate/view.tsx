/* The annotate view: one item, one or more streams, one list of regions. */

import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { ActiveTime } from "../../app/active";
import { get, post } from "../../app/api";
import { say, t } from "../../app/messages";
import type { Desk, Pane } from "../../app/desk";
import { OPEN, type Comment, type FailedCheck, type Row } from "../../app/records";
import { go } from "../../app/router";
import { inOrder } from "../home";
import { GuidelinePanel } from "../guideline";
import { Icon, type IconName } from "../icons";
import { useKeys } from "../keys";
import type { Command } from "../keytable";
import { Badge, Button, Key, Note } from "../parts";
import { RegionList } from "../regions";
import { useLater } from "../lazy";
import { Markdown } from "../markdown";
import { Account, KeySheet, Shell } from "../shell";
import { Acts } from "./acts";
import {
  ChangesDialog,
  ChecksDialog,
  CommentDialog,
  ConflictDialog,
  Find,
  GuidelineDialog,
  Margin,
  QuickList,
  RelationChoice,
  SkipDialog,
} from "./asks";
import { focusPane, imageCommands, PaneBox, paneLetters, Rail, schemaEntries } from "./bench";
import { Dock, nextQuestion } from "./dock";
import { Comments, Inspector, LabelName, Relations } from "./inspector";
import { LabelColumn } from "./labels";
import { Between, TextPane } from "./panes";
import { openGaps, Submit, wordsOfGap } from "./submit";

function useQueue(desk: Desk): Row[] {
  const [rows, setRows] = useState<Row[]>([]);
  useEffect(() => {
    get<{ assignments: Row[] }>("/api/assignments").then(
      (r) => setRows(inOrder(r.assignments)),
      () => undefined,
    );
  }, [desk]);
  return rows;
}

export function AnnotateView({ desk }: { desk: Desk }): JSX.Element {
  const acts = useMemo(() => new Acts(desk), [desk]),
    time = useMemo(() => new ActiveTime(), [desk]);
  const checks = useSignal<readonly FailedCheck[]>([]),
    submit = useMemo(() => new Submit(acts, desk, time, checks), [acts]);
  const [comments, setComments] = useState(desk.assignment.comments),
    rows = useQueue(desk);
  useEffect(() => () => time.dispose(), [time]);
  useEffect(() => {
    focusPane(desk.panes[0]?.id ?? "");
  }, [desk]);
  useLater(Markdown, Find, SkipDialog, CommentDialog, ChecksDialog, GuidelineDialog, ConflictDialog, KeySheet, Account);
  const close = (): void => {
    acts.ask.value = null;
  };
  const letters = useMemo(() => paneLetters(desk.panes), [desk]);
  const focused = desk.panes.find((p) => p.id === desk.focus.value),
    image = focused?.brief.kind === "image" ? acts.rasters.get(focused.id) : undefined;
  const near = (by: 1 | -1): (() => void) | undefined => {
    const open = rows.filter((r) => OPEN.includes(r.state) || r.id === desk.assignment.id),
      row = open[open.findIndex((r) => r.id === desk.assignment.id) + by];
    if (row !== undefined) return () => go("work", row.id);
    return by < 0
      ? undefined
      : () =>
          void post<Row | null>("/api/next", { campaign: desk.assignment.campaign }).then(
            (r) => {
              if (r === null) acts.say(t("home.drawnNothing"));
              else go("work", r.id);
            },
            () => acts.say(t("offline")),
          );
  };
  const can = (f: () => void): (() => void) | undefined => (acts.readOnly ? undefined : f);
  const marked = desk.store.selected.value !== null;
  useKeys(
    {
      cancel: () => acts.cancel(),
      submit: can(() => void submit.run()),
      goQuestions: () => nextQuestion(acts),
      goGuideline:
        desk.guidelines.size > 0
          ? () => {
              acts.ask.value = "guideline";
            }
          : undefined,
      nextItem: near(1),
      previousItem: near(-1),
      nextRegion: () => acts.step(1),
      previousRegion: () => acts.step(-1),
      relation: can(() => acts.relation()),
      comment: () => {
        acts.ask.value = "comment";
      },
      skip: can(() => {
        acts.ask.value = "skip";
      }),
      find: acts.find(),
      labels: can(() => {
        acts.ask.value = "labels";
      }),
      remove: marked ? can(() => acts.remove()) : undefined,
      hide: marked ? () => acts.hide(false) : undefined,
      only: marked ? () => acts.hide(true) : undefined,
      relabel: marked ? () => document.getElementById("relabel")?.focus() : undefined,
      ...(focused?.brief.kind === "text"
        ? { bounds: can(() => acts.usePart(true)), part: can(() => acts.usePart(false)) }
        : {}),
      ...(image === undefined ? {} : imageCommands(acts, image)),
    },
    schemaEntries(acts, letters),
  );
  const a = desk.assignment,
    conflict = desk.save.conflict.value,
    solo = desk.panes.length === 1 && focusKind(desk) === "text" ? desk.panes[0] : undefined;
  const at = rows.findIndex((r) => r.id === a.id),
    label = desk.schema.labels.get(acts.selected?.label ?? desk.label.value?.label ?? "");
  const kind = desk.panes.find((p) => p.id === acts.selected?.stream)?.brief.kind ?? focused?.brief.kind ?? "text";
  return (
    <Shell
      undo={desk}
      save={desk.save}
      held={desk.held.value.size}
      inside="wall.annotate"
      crumb={
        <>
          <b class="trunc">{say(desk.schema.schema.title)}</b>
          <span class="faint">/</span>
          <Badge kind="line">{a.item.session.slice(0, 12)}…</Badge>
          {acts.readOnly && <Badge kind="warn">{t(`state.${a.stopped ?? a.state}`)}</Badge>}
        </>
      }
      mid={<Near near={near} at={at} of={rows.length} />}
      meta={
        <>
          <span>{t("meta.schema", { n: desk.schema.schema.version })}</span>
          <span>{t("meta.draft", { n: desk.save.counter })}</span>
        </>
      }
    >
      <main class={`main ${solo === undefined ? "sess" : "three"}`}>
        <h1 class="sr">{t("annotate.title")}</h1>
        {solo === undefined ? <Rail acts={acts} /> : <Left acts={acts} desk={desk} pane={solo} rows={rows} />}
        <section class="stage" aria-label={t("streams")}>
          <div class="notices" aria-live="polite">
            {acts.notice.value !== null && <div class="toast">{acts.notice.value}</div>}
          </div>
          {solo === undefined ? (
            <div class={`panes n${desk.panes.length}`}>
              <Between acts={acts} />
              {desk.panes.map((p) => (
                <PaneBox key={p.id} acts={acts} pane={p} cap={`G ${letters.get(p.id) ?? ""}`} />
              ))}
            </div>
          ) : (
            <div class="single" data-pane={solo.id}>
              <Bar acts={acts} />
              <div class="scroll view">
                <TextPane acts={acts} pane={solo} />
                <Margin acts={acts} pane={solo} comments={comments} />
              </div>
              {acts.finding.value?.pane === solo.id && <Find acts={acts} pane={solo} />}
            </div>
          )}
          <Dock acts={acts} />
        </section>
        <aside class="side r" aria-label={t("inspector")}>
          {a.review !== null && a.state !== "accepted" && (
            <section class="sec">
              <Note kind="warn">{t("returned.note", { by: a.review.by })}</Note>
            </section>
          )}
          <Comments
            list={solo === undefined ? comments : comments.filter((c) => desk.store.region(c.region ?? null) === null)}
            title={t("comments")}
            onPick={(id) => {
              const r = desk.store.region(id);
              if (r !== null) {
                desk.store.selected.value = id;
                acts.reveal(r);
              }
            }}
          />
          <Inspector acts={acts} />
          <GuidelinePanel
            guideline={desk.guidelines.get(kind) ?? desk.guidelines.get("session")}
            label={label}
            onWhole={() => {
              acts.ask.value = "guideline";
            }}
          />
          <Relations acts={acts} />
          <RegionList desk={desk} />
          <Foot acts={acts} desk={desk} submit={submit} />
        </aside>
      </main>
      {acts.ask.value === "skip" && <SkipDialog acts={acts} desk={desk} onClose={close} />}
      {acts.ask.value === "comment" && (
        <CommentDialog acts={acts} desk={desk} onClose={close} onSent={(c: Comment) => setComments([...comments, c])} />
      )}
      {acts.ask.value === "labels" && <QuickList acts={acts} onClose={close} />}
      {acts.ask.value === "guideline" && <GuidelineDialog guidelines={[...desk.guidelines.values()]} onClose={close} />}
      {acts.ask.value === "checks" && <ChecksDialog submit={submit} list={checks.value} onClose={close} />}
      {acts.ask.value === "changes" && <ChangesDialog acts={acts} onClose={close} />}
      <RelationChoice acts={acts} />
      {conflict !== null && <ConflictDialog desk={desk} theirs={conflict} />}
    </Shell>
  );
}

const focusKind = (desk: Desk): string => desk.panes[0]?.brief.kind ?? "";

function Near({
  near,
  at,
  of,
}: {
  near: (by: 1 | -1) => (() => void) | undefined;
  at: number;
  of: number;
}): JSX.Element {
  const side = (by: 1 | -1, of: Command, icon: IconName): JSX.Element => (
    <button type="button" class="btn ghost sm" disabled={near(by) === undefined} onClick={() => near(by)?.()}>
      <span class="sr">{t(by > 0 ? "key.nextItem" : "key.previousItem")}</span>
      {by < 0 && <Icon name={icon} small />}
      <Key of={of} />
      {by > 0 && <Icon name={icon} small />}
    </button>
  );
  return (
    <>
      {side(-1, "previousItem", "left")}
      {at >= 0 && (
        <span class="nowrap">
          <b>{at + 1}</b> <span class="faint">{t("of", { n: of })}</span>
        </span>
      )}
      {side(1, "nextItem", "right")}
    </>
  );
}

function Bar({ acts }: { acts: Acts }): JSX.Element {
  const l = acts.desk.label.value;
  return (
    <div class="stagebar">
      <span class="small faint">{t("bar.help")}</span>
      <span class="end inline">
        <span class="small faint nowrap">{t("label")}</span>
        {l === null ? <span class="muted">{t("bar.noLabel")}</span> : <LabelName acts={acts} id={l.label} />}
      </span>
    </div>
  );
}

function Left({ acts, desk, pane, rows }: { acts: Acts; desk: Desk; pane: Pane; rows: readonly Row[] }): JSX.Element {
  const open = rows.filter((r) => OPEN.includes(r.state) || r.id === desk.assignment.id);
  return (
    <aside class="side l" aria-label={t("mark")}>
      <LabelColumn acts={acts} stream={pane.id} />
      <section class="sec tight">
        <header>
          <h2 class="over">{t("join")}</h2>
        </header>
        {desk.schema.relations.size > 0 && (
          <button
            type="button"
            class={`tool${desk.joining.value === null ? "" : " on"}`}
            onClick={() => acts.relation()}
          >
            <Icon name="link" />
            <span class="nm">{t("relation")}</span>
            <span class="n">{desk.store.relations.value.size || ""}</span>
            <Key of="relation" />
          </button>
        )}
        <button
          type="button"
          class="tool"
          onClick={() => {
            acts.ask.value = "comment";
          }}
        >
          <Icon name="comment" />
          <span class="nm">{t("comment")}</span>
          <span class="n" />
          <Key of="comment" />
        </button>
        <button type="button" class="tool" onClick={acts.find()}>
          <Icon name="search" />
          <span class="nm">{t("key.find")}</span>
          <span class="n" />
          <Key of="find" />
        </button>
      </section>
      <section class="sec tight grow">
        <header>
          <h2 class="over">{t("next.up")}</h2>
        </header>
        {open.slice(0, 8).map((r) => (
          <a
            class={`row${r.id === desk.assignment.id ? " on" : ""}`}
            key={r.id}
            href={`#/work/${encodeURIComponent(r.id)}`}
          >
            <span class="t">{r.title}</span>
            {r.state === "returned" ? (
              <Badge kind="warn">{t("state.returned")}</Badge>
            ) : (
              <span class="m">{t(`state.${r.state}`)}</span>
            )}
          </a>
        ))}
      </section>
    </aside>
  );
}

function Foot({ acts, desk, submit }: { acts: Acts; desk: Desk; submit: Submit }): JSX.Element {
  const open = openGaps(acts);
  if (acts.readOnly)
    return (
      <footer class="sidefoot">
        <p class="hint">{t("readOnly", { state: t(`state.${desk.assignment.stopped ?? desk.assignment.state}`) })}</p>
      </footer>
    );
  return (
    <footer class="sidefoot">
      <Button
        icon="flag"
        of="skip"
        onClick={() => {
          acts.ask.value = "skip";
        }}
      >
        {t("skip")}
      </Button>
      <button
        type="button"
        class={`btn grow${open.length === 0 ? " primary" : ""}`}
        title={open.map((g) => wordsOfGap(acts, g)).join("\n")}
        onClick={() => void submit.run()}
      >
        {open.length === 0 ? t("submit.next") : t("submit.open", { n: open.length })}
        <Key of="submit" />
      </button>
    </footer>
  );
}
