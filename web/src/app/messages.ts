/* The one message table: every word of the page in English and German (words/). A page fetches the language
   it speaks, in packs that arrive with the views that use them. Names that come from a schema or a guideline
   are translations of their own, said in the same language. */

import { said } from "../schema/letters";
import type { Translations } from "../model/types";
import { lang, setLang, type Lang } from "./settings";
import type { changesWords } from "./words/changes";
import type { dialogWords } from "./words/dialogs";
import type { gateWords } from "./words/gate";
import type { keyWords } from "./words/keys";
import type { operatorWords } from "./words/operator";
import type { reviewWords } from "./words/review";
import type { shellWords } from "./words/shell";
import type { stewardWords } from "./words/steward";
import type { workWords } from "./words/work";

export type MessageKey = keyof (typeof shellWords &
  typeof keyWords &
  typeof workWords &
  typeof reviewWords &
  typeof stewardWords &
  typeof changesWords &
  typeof dialogWords &
  typeof gateWords &
  typeof operatorWords);

/* build.mjs makes these modules out of the table, one language each. */
const PACKS = {
  base: { en: () => import("words:base.en"), de: () => import("words:base.de") },
  review: { en: () => import("words:review.en"), de: () => import("words:review.de") },
  steward: { en: () => import("words:steward.en"), de: () => import("words:steward.de") },
  dialogs: { en: () => import("words:dialogs.en"), de: () => import("words:dialogs.de") },
  gate: { en: () => import("words:gate.en"), de: () => import("words:gate.de") },
} as const;
type Pack = keyof typeof PACKS;

const table: Record<string, string> = {},
  learnt = new Set<Pack>();
const words = (pack: Pack, l: Lang): Promise<Record<string, string>> => PACKS[pack][l]().then((m) => m.default);

/* A view waits for its words before its first t(). The language may change meanwhile. */
export async function learn(pack: Pack): Promise<void> {
  learnt.add(pack);
  for (let l: Lang | null = null; l !== lang.peek();) {
    l = lang.peek();
    Object.assign(table, await words(pack, l));
  }
}

/* Everything that is on the screen is said in the other language; nothing changes while the node is away. */
export async function speak(l: Lang): Promise<void> {
  try {
    for (const w of await Promise.all([...learnt].map((p) => words(p, l)))) Object.assign(table, w);
  } catch {
    return;
  }
  setLang(l);
}

export function t(key: MessageKey, values: Readonly<Record<string, string | number>> = {}): string {
  void lang.value;
  return (table[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

export function say(name: Translations): string {
  return said(name, lang.value);
}
