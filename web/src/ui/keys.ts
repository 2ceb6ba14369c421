/* Which keys work now: views lay their commands down in layers, the innermost scope answers first. The sheet
   under ? lists exactly these layers, so that it cannot promise a key that does not work. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { cap, KEYS, pressed, SCOPES, type Command, type Scope } from "./keytable";

export interface Entry {
  readonly scope: Scope;
  readonly keys: readonly string[];
  readonly say: string | Command;
  readonly run: () => void;
}
export type Commands = Partial<Record<Command, (() => void) | undefined>>;

interface Layer {
  entries: () => readonly Entry[];
  modal: boolean;
}
const layers: Layer[] = [];
const SEQUENCE_MS = 2000;
let prefix = "";
let prefixAt = 0;

export function entriesOf(commands: Commands): Entry[] {
  return (Object.keys(commands) as Command[]).flatMap((id) => {
    const run = commands[id];
    return run === undefined ? [] : [{ scope: KEYS[id].scope, keys: KEYS[id].keys, say: id, run }];
  });
}

/* Lays the commands down for as long as the component stands. A modal layer silences all beneath it. */
export function useKeys(commands: Commands, own: readonly Entry[] = [], modal = false): void {
  const now = useRef<readonly Entry[]>([]);
  now.current = [...entriesOf(commands), ...own];
  /* With the commit, not after the paint: the next key must find the layers as they are on the screen. */
  useLayoutEffect(() => {
    const layer: Layer = { entries: () => now.current, modal };
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
    };
  }, [modal]);
}

export function live(): Entry[] {
  const top = layers.findLastIndex((l) => l.modal);
  const list = layers.slice(Math.max(0, top)).flatMap((l) => l.entries());
  return list.sort((a, b) => SCOPES.indexOf(b.scope) - SCOPES.indexOf(a.scope));
}

function typing(t: EventTarget | null): boolean {
  if (t instanceof HTMLInputElement) return !["radio", "checkbox", "range", "button"].includes(t.type);
  return t instanceof HTMLTextAreaElement || t instanceof HTMLSelectElement;
}

/* Keys that the focused control itself lives on. */
function native(t: EventTarget | null, key: string): boolean {
  if (t instanceof HTMLButtonElement || t instanceof HTMLAnchorElement) return key === "Enter" || key === " ";
  if (t instanceof HTMLElement && t.tagName === "SUMMARY") return key === "Enter" || key === " ";
  return t instanceof HTMLInputElement && (key.startsWith("Arrow") || key === " ");
}

function find(combo: string): Entry | undefined {
  return live().find((e) => e.keys.includes(combo));
}

function onKey(e: KeyboardEvent): void {
  if (e.defaultPrevented || e.isComposing || ["Shift", "Control", "Alt", "Meta"].includes(e.key)) return;
  const key = pressed(e);
  if (typing(e.target)) {
    if (key !== "Ctrl+Enter" && key !== "Escape") return;
    if (key === "Escape" && !layers.some((l) => l.modal)) return (e.target as HTMLElement).blur();
  }
  if (!e.ctrlKey && !e.metaKey && native(e.target, e.key)) return;
  const begun = prefix !== "" && e.timeStamp - prefixAt < SEQUENCE_MS ? prefix : "";
  prefix = "";
  const hit = (begun === "" ? undefined : find(`${begun} ${key}`)) ?? find(key);
  if (hit !== undefined) {
    e.preventDefault();
    hit.run();
    return;
  }
  if (live().some((x) => x.keys.some((y) => y.startsWith(`${key} `)))) {
    prefix = key;
    prefixAt = e.timeStamp;
    e.preventDefault();
  }
}

export function listen(): void {
  addEventListener("keydown", onKey);
}

export function capOf(id: Command): string {
  return cap(KEYS[id].keys[0] ?? "");
}
