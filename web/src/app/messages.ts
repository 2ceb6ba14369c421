/* The one message table: every word of the page in English and German, each view's part arriving with the
   view. Names that come from a schema or a guideline are translations of their own, said in the same
   language. */

import { said } from "../schema/letters";
import type { Translations } from "../model/types";
import { lang } from "./settings";
import { keyWords } from "./words/keys";
import type { reviewWords } from "./words/review";
import { shellWords } from "./words/shell";
import type { stewardWords } from "./words/steward";
import type { workWords } from "./words/work";

type Words = Readonly<Record<string, readonly [string, string]>>;
export type MessageKey = keyof (typeof shellWords &
  typeof keyWords &
  typeof workWords &
  typeof reviewWords &
  typeof stewardWords);

const table: Record<string, readonly [string, string]> = { ...shellWords, ...keyWords };

/* A view that is fetched later brings its words along, before its first t(). */
export function teach(words: Words): void {
  Object.assign(table, words);
}

export function t(key: MessageKey, values: Readonly<Record<string, string | number>> = {}): string {
  const [en, de] = table[key] ?? [key, key];
  return (lang.value === "de" ? de : en).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

export function say(name: Translations): string {
  return said(name, lang.value);
}
