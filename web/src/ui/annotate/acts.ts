/* What the commands of the annotate view do. One object per open item; panes, keys and panels all call it,
   so that mouse and keyboard cannot differ. */

import { signal } from "@preact/signals";
import { t } from "../../app/messages";
import { ApiError } from "../../app/api";
import type { Bench } from "../../app/desk";
import type { GuidelineChange } from "../../app/records";
import { asked, fresh, placeable, relationsBetween, tasksOn, withPart, type Refusal } from "../../model/edits";
import type { AttrValue, Region, Relation, Sel, SpanSel, Task } from "../../model/types";
import type { RasterEngine, Drawable, Tool } from "../../engines/raster/engine";
import type { TextEngine } from "../../engines/text/engine";
import { wordsOfFault } from "../fault";
import { inReadingOrder } from "../places";

export type Ask = "skip" | "comment" | "labels" | "guideline" | "checks" | "changes" | null;
const NOTICE_MS = 5000;

export class Acts {
  readonly texts = new Map<string, TextEngine>();
  readonly rasters = new Map<string, RasterEngine>();
  readonly notice = signal<string | null>(null);
  readonly ask = signal<Ask>(null);
  /* More than one relation type fits: the person picks. */
  readonly choices = signal<readonly Relation[] | null>(null);
  readonly question = signal(0);
  /* The text in which words are looked for; n counts how often that was asked. */
  readonly finding = signal<{ pane: string; n: number } | null>(null);
  private timer = 0;

  constructor(readonly desk: Bench) {
    if (desk.unread.peek().length > 0) this.ask.value = "changes";
  }

  /* What the node refused: something is to be read first, or words. */
  refusal(e: unknown): void {
    const list = e instanceof ApiError ? e.body["changes"] : undefined;
    if (list === undefined) return this.say(wordsOfFault(e));
    this.desk.unread.value = list as GuidelineChange[];
    this.ask.value = "changes";
  }

  get readOnly(): boolean {
    return this.desk.readOnly;
  }

  say(text: string): void {
    this.notice.value = text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.notice.value = null;
    }, NOTICE_MS) as unknown as number;
  }

  private refused(why: Refusal): boolean {
    if (why === null) return false;
    this.say(t(`refused.${why}`));
    return true;
  }

  get selected(): Region | null {
    return this.desk.store.region(this.desk.store.selected.value);
  }

  /* A label's key or row: what is chosen gets it; else the next mark does. */
  choose(task: Task, label: string): void {
    const { desk } = this,
      pane = desk.focus.peek();
    desk.label.value = { task: task.id, label };
    if (task.shape === "rect") desk.tool.value = "box";
    if (task.shape === "point") desk.tool.value = "point";
    const range = this.texts.get(pane)?.chosen(),
      ghost = this.rasters.get(pane)?.pending.peek();
    if (range != null && this.markText(pane, range[0], range[1], false)) this.texts.get(pane)?.caret.collapse();
    else if (ghost != null && this.markImage(pane, ghost)) this.rasters.get(pane)!.pending.value = null;
  }

  /* The task a mark on this stream belongs to, by the label in hand. */
  private current(stream: string, shapes: readonly string[]): { task: Task; label: string } | null {
    const l = this.desk.label.peek(),
      task = l === null ? undefined : this.desk.schema.tasks.get(l.task);
    if (l === null || task === undefined || !task.streams.includes(stream) || !shapes.includes(task.shape)) return null;
    return { task, label: l.label };
  }

  private add(task: Task, stream: string, label: string, sel: Sel): boolean {
    if (
      this.readOnly ||
      this.refused(placeable(sel, task, stream, "", this.desk.store, this.desk.ground.streams ?? {}))
    )
      return false;
    this.desk.store.addRegion(fresh(task.id, stream, label, sel));
    return true;
  }

  markText(stream: string, a: number, b: number, adding: boolean): boolean {
    const r = this.selected;
    if (adding && r !== null && r.stream === stream) return this.addPart(r, a, b);
    const c = this.current(stream, ["span", "section"]);
    if (c === null) {
      this.say(t("mark.pickLabel"));
      return false;
    }
    return this.add(c.task, stream, c.label, { t: c.task.shape as "span" | "section", parts: [[a, b]] });
  }

  markImage(stream: string, sel: Drawable): boolean {
    const c = this.current(stream, [sel.t]);
    if (c !== null) return this.add(c.task, stream, c.label, sel);
    const only = tasksOn(this.desk.schema, stream).filter((x) => x.shape === sel.t);
    if (only.length === 1 && only[0]?.labels.length === 1)
      return this.add(only[0], stream, only[0].labels[0] ?? "", sel);
    this.say(t("mark.pickLabel"));
    return false;
  }

  change(r: Region, sel: Sel): void {
    const task = this.desk.schema.tasks.get(r.task);
    if (this.readOnly || task === undefined || JSON.stringify(sel) === JSON.stringify(r.sel)) return;
    if (!this.refused(placeable(sel, task, r.stream, r.id, this.desk.store, this.desk.ground.streams ?? {})))
      this.desk.store.setRegion({ ...r, sel });
  }

  private addPart(r: Region, a: number, b: number): boolean {
    const task = this.desk.schema.tasks.get(r.task);
    if (task?.discontinuous !== true || r.sel.t !== "span") {
      this.say(t("mark.onePart"));
      return false;
    }
    this.change(r, withPart(r.sel, [a, b]));
    return true;
  }

  /* P and B of the text pane: the chosen words become a further part, or the whole extent. */
  usePart(whole: boolean): void {
    const pane = this.desk.focus.peek(),
      engine = this.texts.get(pane),
      range = engine?.chosen(),
      r = this.selected;
    if (range == null || r === null || r.stream !== pane) return this.say(t("mark.needBoth"));
    if (!whole) this.addPart(r, range[0], range[1]);
    else this.change(r, { ...(r.sel as SpanSel), parts: [[range[0], range[1]]] });
    engine?.caret.collapse();
  }

  relabel(r: Region, label: string): void {
    if (!this.readOnly && label !== r.label) this.desk.store.setRegion(asked(this.desk.schema, { ...r, label }));
  }

  setAttrs(r: Region): void {
    if (!this.readOnly) this.desk.store.setRegion(r);
  }

  /* An attr's own letter steps through its values. */
  stepAttr(id: string): void {
    const r = this.selected,
      a = this.desk.schema.attrs.get(id);
    if (r === null || a === undefined || this.readOnly) return;
    const values: readonly (AttrValue | undefined)[] =
      a.type === "bool"
        ? [true, false, undefined]
        : a.type === "enum"
          ? [...(a.values ?? []).map((v) => v.id), undefined]
          : [];
    if (values.length === 0)
      return void document
        .querySelector<HTMLElement>(`[data-attr="${CSS.escape(id)}"] input, [data-attr="${CSS.escape(id)}"] textarea`)
        ?.focus();
    const next = values[(values.indexOf(r.attrs?.[id]) + 1) % values.length],
      attrs: Record<string, AttrValue> = { ...r.attrs };
    if (next === undefined) delete attrs[id];
    else attrs[id] = next;
    this.desk.store.setRegion(asked(this.desk.schema, { ...r, attrs }));
  }

  certainty(value: number): void {
    const r = this.selected;
    if (r === null || this.readOnly) return;
    const { certainty, ...rest } = r;
    this.desk.store.setRegion(certainty === value ? rest : { ...rest, certainty: value });
  }

  pick(id: string | null): void {
    if (this.desk.joining.peek() !== null && id !== null) return this.join(id);
    this.desk.store.selected.value = id;
  }

  /* L on one region, then the other: by click, or with L again. */
  relation(): void {
    const { desk } = this,
      here = desk.store.selected.peek(),
      from = desk.joining.peek();
    if (this.readOnly) return;
    if (from !== null && here !== null && here !== from) return this.join(here);
    if (here === null) return this.say(t("relation.first"));
    desk.joining.value = here;
    desk.tool.value = "relation";
    this.say(t("relation.second"));
  }

  private join(to: string): void {
    const { desk } = this,
      a = desk.store.region(desk.joining.peek()),
      b = desk.store.region(to);
    this.leaveJoining();
    if (a === null || b === null) return;
    const fitting = relationsBetween(desk.schema, desk.store, a, b),
      one = fitting[0];
    if (one === undefined) this.say(t("relation.none"));
    else if (fitting.length === 1) desk.store.addRelation(one);
    else this.choices.value = fitting;
  }

  private leaveJoining(): void {
    this.notice.value = null;
    this.desk.joining.value = null;
    if (this.desk.tool.peek() === "relation") this.desk.tool.value = "select";
  }

  cancel(): void {
    const { desk } = this;
    for (const r of this.rasters.values()) r.pending.value = null;
    if (desk.joining.peek() !== null) return this.leaveJoining();
    if (desk.label.peek() !== null || desk.tool.peek() !== "select") {
      desk.label.value = null;
      desk.tool.value = "select";
    } else desk.store.selected.value = null;
    for (const x of this.texts.values()) x.caret.collapse();
  }

  setTool(tool: Tool): void {
    const { desk } = this,
      shape = tool === "box" ? "rect" : "point",
      task = desk.schema.tasks.get(desk.label.peek()?.task ?? "");
    desk.tool.value = desk.tool.peek() === tool ? "select" : tool;
    if ((tool === "box" || tool === "point") && task?.shape !== shape) desk.label.value = null;
  }

  remove(): void {
    const id = this.desk.store.selected.peek();
    if (id === null || this.readOnly) return;
    const list = inReadingOrder(this.desk.store.regions.peek().values(), this.desk.panes),
      at = list.findIndex((r) => r.id === id);
    this.desk.store.removeRegion(id);
    this.desk.store.selected.value = (list[at + 1] ?? list[at - 1])?.id ?? null;
  }

  step(by: 1 | -1): void {
    const list = inReadingOrder(this.desk.store.regions.peek().values(), this.desk.panes);
    const at = list.findIndex((r) => r.id === this.desk.store.selected.peek());
    const next = at < 0 ? list[by > 0 ? 0 : list.length - 1] : list[(at + by + list.length) % list.length];
    if (next === undefined) return;
    this.desk.store.selected.value = next.id;
    this.reveal(next);
  }

  reveal(r: Region): void {
    this.texts.get(r.stream)?.reveal(r.id);
    this.rasters.get(r.stream)?.reveal(r.id);
  }

  /* The text in focus, else the first one. */
  find(on = this.desk.focus.value): (() => void) | undefined {
    const texts = this.desk.panes.filter((p) => p.text !== null),
      pane = (texts.find((p) => p.id === on) ?? texts[0])?.id;
    return pane === undefined
      ? undefined
      : () => {
          this.finding.value = { pane, n: (this.finding.peek()?.n ?? 0) + 1 };
        };
  }

  hide(others: boolean): void {
    const { store } = this.desk,
      id = store.selected.peek(),
      hidden = new Set(store.hidden.peek());
    if (id === null) return;
    if (others) {
      const rest = [...store.regions.peek().keys()].filter((x) => x !== id);
      store.hidden.value = hidden.size > 0 ? new Set() : new Set(rest);
      return;
    }
    if (!hidden.delete(id)) hidden.add(id);
    store.hidden.value = hidden;
  }
}
