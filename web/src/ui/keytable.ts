/* The one table key -> command (mock/README.md, Keys). Letters by character, digits by position on the
   keyboard. A label's own key, an attr's letter and the answers' letters come from the schema and are
   registered beside these by the view. */

import type { MessageKey } from "../app/messages";

export type Scope = "everywhere" | "list" | "marks" | "text" | "image" | "review" | "dialog";
/* A later scope wins over an earlier one. */
export const SCOPES: readonly Scope[] = ["everywhere", "list", "marks", "text", "image", "review", "dialog"];

export interface Binding {
  readonly scope: Scope;
  readonly keys: readonly string[];
  readonly say: MessageKey;
}
const k = (scope: Scope, say: MessageKey, ...keys: string[]): Binding => ({ scope, keys, say });

export const KEYS = {
  sheet: k("everywhere", "key.sheet", "?"),
  undo: k("everywhere", "key.undo", "Ctrl+Z"),
  redo: k("everywhere", "key.redo", "Ctrl+Shift+Z", "Ctrl+Y"),
  submit: k("everywhere", "key.submit", "Ctrl+Enter"),
  home: k("everywhere", "key.home", "G H"),
  cancel: k("everywhere", "key.cancel", "Escape"),
  goQuestions: k("everywhere", "key.goQuestions", "G Q"),
  goGuideline: k("everywhere", "key.goGuideline", "G G"),

  open: k("list", "key.open", "Enter"),
  nextRow: k("list", "key.nextRow", "J"),
  previousRow: k("list", "key.previousRow", "K"),
  fresh: k("list", "key.fresh", "N"),
  openReturned: k("list", "key.openReturned", "O"),
  bytes: k("list", "key.bytes", "B"),
  refuse: k("list", "key.refuse", "R"),

  nextItem: k("marks", "key.nextItem", "Shift+J"),
  previousItem: k("marks", "key.previousItem", "Shift+K"),
  nextRegion: k("marks", "key.nextRegion", "]"),
  previousRegion: k("marks", "key.previousRegion", "["),
  relation: k("marks", "key.relation", "L"),
  comment: k("marks", "key.comment", "C"),
  skip: k("marks", "key.skip", "F"),
  remove: k("marks", "key.remove", "Delete", "Backspace"),
  hide: k("marks", "key.hide", "Shift+H"),
  only: k("marks", "key.only", "Shift+O"),
  labels: k("marks", "key.labels", ";"),
  find: k("marks", "key.find", "/"),
  relabel: k("marks", "key.relabel", "Shift+L"),

  bounds: k("text", "key.bounds", "B"),
  part: k("text", "key.part", "P"),

  select: k("image", "key.select", "Escape"),
  box: k("image", "key.box", "B"),
  point: k("image", "key.point", "K"),
  window: k("image", "key.window", "W"),
  pan: k("image", "key.pan", "H"),
  zoomIn: k("image", "key.zoomIn", "+", "="),
  zoomOut: k("image", "key.zoomOut", "-"),
  fit: k("image", "key.fit", "Home"),
  invert: k("image", "key.invert", "Shift+W"),
  place: k("image", "key.place", "Enter"),

  nextGroup: k("review", "key.nextGroup", "J"),
  previousGroup: k("review", "key.previousGroup", "K"),
  edit: k("review", "key.edit", "E"),
  nothing: k("review", "key.nothing", "X"),
  add: k("review", "key.add", "N"),
  layout: k("review", "key.layout", "V"),
  giveBack: k("review", "key.giveBack", "T"),
} as const satisfies Record<string, Binding>;

export type Command = keyof typeof KEYS;

const CAPS: Readonly<Record<string, string>> = {
  Enter: "↵",
  Escape: "Esc",
  Delete: "Del",
  ArrowLeft: "←",
  ArrowRight: "→",
  " ": "Space",
};

/* How a key is written on its cap. */
export function cap(key: string): string {
  const parts = key.split("+").filter((p) => p !== "");
  if (key.endsWith("+")) parts.push("+");
  return parts.map((p) => (p === "Shift" ? "⇧" : (CAPS[p] ?? p))).join(key.startsWith("Ctrl") ? " " : "");
}

/* The name of what was pressed, as the table writes it. */
export function pressed(
  e: Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">,
): string {
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(e.code)?.[1];
  const letter = /^\p{L}$/u.test(e.key);
  const base = digit ?? (letter ? e.key.toUpperCase() : e.key);
  const shifted = e.shiftKey && (digit !== undefined || letter || base.length > 1);
  return (e.ctrlKey || e.metaKey ? "Ctrl+" : "") + (e.altKey ? "Alt+" : "") + (shifted ? "Shift+" : "") + base;
}
