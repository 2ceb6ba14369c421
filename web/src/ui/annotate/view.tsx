/* The annotate view: one item, one or more streams, one list of regions. */

import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { ActiveTime } from "../../app/active";
import { get, post } from "../../app/api";
import { say, t, type MessageKey } from "../../app/messages";
import type { Desk, Pane } from "../../app/desk";
import type { Comment, FailedCheck, Row } from "../../app/records";
import { go } from "../../app/router";
import { inOrder, OPEN } from "../home";
import { GuidelineDialog, GuidelinePanel } from "../guideline";
import { Icon, type IconName } from "../icons";
import { useKeys, type Entry } from "../keys";
import type { Command } from "../keytable";
import { Badge, Button, Key, Note } from "../parts";
import { RegionList } from "../regions";
import { Shell } from "../shell";
import { Acts } from "./acts";
import { ChecksDialog, CommentDialog, ConflictDialog, SkipDialog } from "./dialogs";
import { answerEntries, Dock, nextQuestion } from "./dock";
import { certaintyKeys, Comments, Inspector, LabelName, RelationChoice, Relations } from "./inspector";
import { LabelColumn, labelEntries, LabelStrip, QuickList } from "./labels";
import { Between, ImageButtons, ImagePane, PaneHead, TextPane } from "./panes";
import { attrKeys } from "../../schema/letters";
import { openGaps, Submit, wordsOfGap } from "./submit";

/* G and this letter go to the pane: the first of its name that no other pane and no page command uses. */
export function paneLetters(panes: readonly Pane[]): Map<string, string> {
  const taken = new Set(["G", "H", "Q"]), out = new Map<string, string>();
  for (const p of panes) {
    const c = [...p.id.toUpperCase()].find((x) => /[A-Z0-9]/.test(x) && !taken.has(x)) ?? String(out.size + 1);
    taken.add(c);
    out.set(p.id, c);
  }
  return out;
}

function focusPane(id: string): void {
  document.querySelector<HTMLElement>(`[data-pane="${CSS.escape(id)}"] .lines, [data-pane="${CSS.escape(id)}"] .film`)?.focus({ preventScroll: true });
}

function useQueue(desk: Desk): Row[] {
  const [rows, setRows] = useState<Row[]>([]);
  useEffect(() => { get<{ assignments: Row[] }>("/api/assignments").then((r) => setRows(inOrder(r.assignments)), () => undefined); }, [desk]);
  return rows;
}

function schemaEntries(acts: Acts, letters: ReadonlyMap<string, string>): Entry[] {
  const { desk } = acts, task = desk.schema.tasks.get(acts.selected?.task ?? ""), out: Entry[] = [...labelEntries(acts), ...answerEntries(acts)];
  for (const [id, letter] of letters)
    out.push({ scope: "everywhere", keys: [`G ${letter}`], say: t("key.goPane", { stream: id }), run: () => focusPane(id) });
  if (task !== undefined)
    for (const [attr, key] of attrKeys(task, desk.schema.labels))
      out.push({ scope: "marks", keys: [key.toUpperCase()], say: say(desk.schema.attrs.get(attr)?.name ?? {}), run: () => acts.stepAttr(attr) });
  for (const c of certaintyKeys(acts)) out.push({ scope: "marks", keys: c.keys, say: `${t("certainty")}: ${c.value} %`, run: () => acts.certainty(c.value) });
  return out;
}

export function AnnotateView({ desk }: { desk: Desk }): JSX.Element {
  const acts = useMemo(() => new Acts(desk), [desk]), time = useMemo(() => new ActiveTime(), [desk]);
  const checks = useSignal<readonly FailedCheck[]>([]), submit = useMemo(() => new Submit(acts, time, checks), [acts]);
  const [comments, setComments] = useState(desk.assignment.comments), rows = useQueue(desk);
  useEffect(() => () => time.dispose(), [time]);
  useEffect(() => { focusPane(desk.panes[0]?.id ?? ""); }, [desk]);
  const letters = useMemo(() => paneLetters(desk.panes), [desk]);
  const focused = desk.panes.find((p) => p.id === desk.focus.value), image = focused?.brief.kind === "image" ? acts.rasters.get(focused.id) : undefined;
  const near = (by: 1 | -1): (() => void) | undefined => {
    const open = rows.filter((r) => OPEN.includes(r.state) || r.id === desk.assignment.id), row = open[open.findIndex((r) => r.id === desk.assignment.id) + by];
    if (row !== undefined) return () => go("work", row.id);
    return by < 0 ? undefined : () => void post<Row | null>("/api/next", { campaign: desk.assignment.campaign }).then((r) => { if (r === null) acts.say(t("home.drawnNothing")); else go("work", r.id); }, () => acts.say(t("offline")));
  };
  const can = (f: () => void): (() => void) | undefined => (acts.readOnly ? undefined : f);
  const marked = desk.store.selected.value !== null;
  useKeys({
    cancel: () => acts.cancel(), submit: can(() => void submit.run()), goQuestions: () => nextQuestion(acts), goGuideline: desk.guidelines.size > 0 ? () => { acts.ask.value = "guideline"; } : undefined,
    nextItem: near(1), previousItem: near(-1), nextRegion: () => acts.step(1), previousRegion: () => acts.step(-1),
    relation: can(() => acts.relation()), comment: () => { acts.ask.value = "comment"; }, skip: can(() => { acts.ask.value = "skip"; }), labels: can(() => { acts.ask.value = "labels"; }),
    remove: marked ? can(() => acts.remove()) : undefined, hide: marked ? () => acts.hide(false) : undefined, only: marked ? () => acts.hide(true) : undefined,
    relabel: marked ? () => document.getElementById("relabel")?.focus() : undefined,
    ...(focused?.brief.kind === "text" ? { bounds: can(() => acts.usePart(true)), part: can(() => acts.usePart(false)) } : {}),
    ...(image === undefined ? {} : imageCommands(acts, image)),
  }, schemaEntries(acts, letters));
  const a = desk.assignment, conflict = desk.save.conflict.value, solo = desk.panes.length === 1 && focusKind(desk) === "text" ? desk.panes[0] : undefined;
  const at = rows.findIndex((r) => r.id === a.id), label = desk.schema.labels.get(acts.selected?.label ?? desk.label.value?.label ?? "");
  const kind = desk.panes.find((p) => p.id === acts.selected?.stream)?.brief.kind ?? focused?.brief.kind ?? "text";
  return (
    <Shell undo={desk} save={desk.save} held={desk.held.value.size} inside="wall.annotate"
      crumb={<><b class="trunc">{say(desk.schema.schema.title)}</b><span class="faint">/</span><Badge kind="line">{a.item.session.slice(0, 12)}…</Badge>{acts.readOnly && <Badge kind="warn">{t(`state.${a.state}`)}</Badge>}</>}
      mid={<Near near={near} at={at} of={rows.length} />}
      meta={<><span>{t("meta.schema", { n: desk.schema.schema.version })}</span><span>{t("meta.draft", { n: desk.save.counter })}</span></>}>
      <main class={`main ${solo === undefined ? "sess" : "three"}`}>
        <h1 class="sr">{t("annotate.title")}</h1>
        {solo === undefined ? <Rail acts={acts} /> : <Left acts={acts} pane={solo} rows={rows} />}
        <section class="stage" aria-label={t("streams")}>
          <div class="notices" aria-live="polite">{acts.notice.value !== null && <div class="toast">{acts.notice.value}</div>}</div>
          {solo === undefined
            ? <div class={`panes n${desk.panes.length}`}><Between acts={acts} />{desk.panes.map((p) => <PaneBox key={p.id} acts={acts} pane={p} cap={`G ${letters.get(p.id) ?? ""}`} />)}</div>
            : <div class="single" data-pane={solo.id}><Bar acts={acts} /><div class="scroll view"><TextPane acts={acts} pane={solo} /></div></div>}
          <Dock acts={acts} />
        </section>
        <aside class="side r" aria-label={t("inspector")}>
          {a.review !== null && a.state !== "accepted" && <section class="sec"><Note kind="warn">{t("returned.note", { by: a.review.by })}</Note></section>}
          <Comments list={comments} title={t("comments")} />
          <Inspector acts={acts} />
          <GuidelinePanel guideline={desk.guidelines.get(kind) ?? desk.guidelines.get("session")} label={label} onWhole={() => { acts.ask.value = "guideline"; }} />
          <Relations acts={acts} />
          <RegionList desk={desk} />
          <Foot acts={acts} submit={submit} />
        </aside>
      </main>
      {acts.ask.value === "skip" && <SkipDialog acts={acts} />}
      {acts.ask.value === "comment" && <CommentDialog acts={acts} onSent={(c: Comment) => setComments([...comments, c])} />}
      {acts.ask.value === "labels" && <QuickList acts={acts} />}
      {acts.ask.value === "guideline" && <GuidelineDialog guidelines={[...desk.guidelines.values()]} onClose={() => { acts.ask.value = null; }} />}
      {acts.ask.value === "checks" && <ChecksDialog acts={acts} submit={submit} list={checks.value} />}
      <RelationChoice acts={acts} />
      {conflict !== null && <ConflictDialog acts={acts} theirs={conflict} />}
    </Shell>
  );
}

const focusKind = (desk: Desk): string => desk.panes[0]?.brief.kind ?? "";

function imageCommands(acts: Acts, r: NonNullable<ReturnType<Acts["rasters"]["get"]>>): Partial<Record<Command, () => void>> {
  const placing = acts.desk.tool.value;
  return {
    box: () => acts.setTool("box"), point: () => acts.setTool("point"), window: () => acts.setTool("window"), pan: () => acts.setTool("pan"),
    zoomIn: () => r.zoom(1.25), zoomOut: () => r.zoom(0.8), fit: () => r.reset(), invert: () => r.invert(),
    ...(placing === "box" || placing === "point" ? { place: () => r.place(placing === "box" ? "rect" : "point") } : {}),
  };
}

function Near({ near, at, of }: { near: (by: 1 | -1) => (() => void) | undefined; at: number; of: number }): JSX.Element {
  const side = (by: 1 | -1, of: Command, icon: IconName): JSX.Element => (
    <button type="button" class="btn ghost sm" disabled={near(by) === undefined} onClick={() => near(by)?.()}><span class="sr">{t(by > 0 ? "key.nextItem" : "key.previousItem")}</span>{by < 0 && <Icon name={icon} small />}<Key of={of} />{by > 0 && <Icon name={icon} small />}</button>
  );
  return <>{side(-1, "previousItem", "left")}{at >= 0 && <span class="nowrap"><b>{at + 1}</b> <span class="faint">{t("of", { n: of })}</span></span>}{side(1, "nextItem", "right")}</>;
}

function Bar({ acts }: { acts: Acts }): JSX.Element {
  const l = acts.desk.label.value;
  return (
    <div class="stagebar"><span class="small faint">{t("bar.help")}</span>
      <span class="end inline"><span class="small faint nowrap">{t("label")}</span>{l === null ? <span class="muted">{t("bar.noLabel")}</span> : <LabelName acts={acts} id={l.label} />}</span></div>
  );
}

function Left({ acts, pane, rows }: { acts: Acts; pane: Pane; rows: readonly Row[] }): JSX.Element {
  const { desk } = acts, open = rows.filter((r) => OPEN.includes(r.state) || r.id === desk.assignment.id);
  return (
    <aside class="side l" aria-label={t("mark")}>
      <LabelColumn acts={acts} stream={pane.id} />
      <section class="sec tight"><header><h2 class="over">{t("join")}</h2></header>
        {desk.schema.relations.size > 0 && <button type="button" class={`tool${desk.joining.value === null ? "" : " on"}`} onClick={() => acts.relation()}><Icon name="link" /><span class="nm">{t("relation")}</span><span class="n">{desk.store.relations.value.size || ""}</span><Key of="relation" /></button>}
        <button type="button" class="tool" onClick={() => { acts.ask.value = "comment"; }}><Icon name="comment" /><span class="nm">{t("comment")}</span><span class="n" /><Key of="comment" /></button></section>
      <section class="sec tight grow"><header><h2 class="over">{t("next.up")}</h2></header>
        {open.slice(0, 8).map((r) => <a class={`row${r.id === desk.assignment.id ? " on" : ""}`} key={r.id} href={`#/work/${encodeURIComponent(r.id)}`}><span class="t">{r.title}</span>{r.state === "returned" ? <Badge kind="warn">{t("state.returned")}</Badge> : <span class="m">{t(`state.${r.state}`)}</span>}</a>)}</section>
    </aside>
  );
}

const TOOLS: readonly { tool: "select" | "box" | "point" | "window" | "pan"; icon: IconName; of: Command; shape?: string }[] = [
  { tool: "select", icon: "pointer", of: "select" }, { tool: "box", icon: "box", of: "box", shape: "rect" }, { tool: "point", icon: "point", of: "point", shape: "point" },
  { tool: "window", icon: "window", of: "window" }, { tool: "pan", icon: "pan", of: "pan" },
];

function Rail({ acts }: { acts: Acts }): JSX.Element {
  const { desk } = acts, shapes = new Set(desk.schema.schema.tasks.map((x) => x.shape as string)), images = desk.panes.filter((p) => p.image !== null);
  const pick = (tool: (typeof TOOLS)[number]["tool"]): void => {
    if (tool === "select") return acts.cancel();
    if (!images.some((p) => p.id === desk.focus.peek())) focusPane(images[0]?.id ?? "");
    acts.setTool(tool);
  };
  return (
    <aside class="rail" aria-label={t("tools")}>
      {TOOLS.filter((x) => x.shape === undefined || shapes.has(x.shape)).map((x) => (
        <button type="button" class={`rt${desk.tool.value === x.tool ? " on" : ""}`} key={x.tool} aria-pressed={desk.tool.value === x.tool} title={t(`key.${x.of}` as MessageKey)} onClick={() => pick(x.tool)}><span class="sr">{t(`key.${x.of}` as MessageKey)}</span><Icon name={x.icon} /><Key of={x.of} /></button>
      ))}
      {desk.schema.relations.size > 0 && <button type="button" class={`rt${desk.tool.value === "relation" ? " on" : ""}`} aria-pressed={desk.tool.value === "relation"} title={t("key.relation")} onClick={() => acts.relation()}><span class="sr">{t("relation")}</span><Icon name="link" /><Key of="relation" /></button>}
      <button type="button" class="rt" title={t("comment")} onClick={() => { acts.ask.value = "comment"; }}><span class="sr">{t("comment")}</span><Icon name="comment" /><Key of="comment" /></button>
    </aside>
  );
}

function PaneBox({ acts, pane, cap }: { acts: Acts; pane: Pane; cap: string }): JSX.Element {
  const image = pane.brief.kind === "image";
  return (
    <section class={`pane${acts.desk.focus.value === pane.id ? " focus" : ""}`} data-pane={pane.id} aria-label={pane.id}>
      <PaneHead acts={acts} pane={pane} cap={cap}><><LabelStrip acts={acts} stream={pane.id} />{image && <ImageButtons acts={acts} pane={pane} />}</></PaneHead>
      {image ? <div class="view imageview"><ImagePane acts={acts} pane={pane} /></div> : <div class="scroll view"><TextPane acts={acts} pane={pane} /></div>}
    </section>
  );
}

function Foot({ acts, submit }: { acts: Acts; submit: Submit }): JSX.Element {
  const open = openGaps(acts);
  if (acts.readOnly) return <footer class="sidefoot"><p class="hint">{t("readOnly", { state: t(`state.${acts.desk.assignment.state}`) })}</p></footer>;
  return (
    <footer class="sidefoot"><Button icon="flag" of="skip" onClick={() => { acts.ask.value = "skip"; }}>{t("skip")}</Button>
      <button type="button" class={`btn grow${open.length === 0 ? " primary" : ""}`} title={open.map((g) => wordsOfGap(acts, g)).join("\n")} onClick={() => void submit.run()}>{open.length === 0 ? t("submit.next") : t("submit.open", { n: open.length })}<Key of="submit" /></button></footer>
  );
}
