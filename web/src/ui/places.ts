/* How a region is said in words, and in which order regions stand in a list. */

import type { Pane } from "../app/desk";
import { count } from "../app/time";
import { t } from "../app/messages";
import type { Region } from "../model/types";

const MOST = 80;

export function px(thousandths: number): string {
  return count(Math.round(thousandths / 1000));
}

export function wordsOf(r: Region, pane: Pane | undefined): string {
  const { sel } = r;
  if (sel.t === "rect") return t("place.box", { w: px(sel.w), h: px(sel.h) });
  if (sel.t === "point") return t("place.point", { x: px(sel.x), y: px(sel.y) });
  const lines = pane?.text;
  if (lines === null || lines === undefined)
    return t("place.chars", { a: sel.parts[0]?.[0] ?? 0, b: sel.parts.at(-1)?.[1] ?? 0 });
  const words = sel.parts.map(([a, b]) => lines.slice(a, Math.min(b, a + MOST + 1)).replace(/\s+/gu, " ")).join(" … ");
  return words.length > MOST ? `${words.slice(0, MOST)}…` : words;
}

export function extentOf(r: Region): string {
  const { sel } = r;
  if (sel.t === "rect" || sel.t === "point") return wordsOf(r, undefined);
  return sel.parts.map(([a, b]) => t("place.chars", { a: count(a), b: count(b) })).join(", ");
}

function start(r: Region): number {
  const { sel } = r;
  return sel.t === "rect" || sel.t === "point" ? sel.y : (sel.parts[0]?.[0] ?? 0);
}

export function inReadingOrder(regions: Iterable<Region>, panes: readonly Pane[]): Region[] {
  const at = new Map(panes.map((p, i) => [p.id, i]));
  return [...regions].sort(
    (a, b) => (at.get(a.stream) ?? 0) - (at.get(b.stream) ?? 0) || start(a) - start(b) || (a.id < b.id ? -1 : 1),
  );
}

export function lineOf(r: Region, pane: Pane | undefined): number | null {
  const { sel } = r;
  if (sel.t === "rect" || sel.t === "point" || pane?.text == null) return null;
  return pane.text.at(sel.parts[0]?.[0] ?? 0) + 1;
}
