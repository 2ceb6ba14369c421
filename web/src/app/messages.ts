/* The one message table: every word of the page in English and German. Names that come from a schema or a
   guideline are translations of their own, said in the same language. */

import { said } from "../schema/letters";
import type { Translations } from "../model/types";
import { lang } from "./settings";
import { keyWords } from "./words/keys";
import { reviewWords } from "./words/review";
import { shellWords } from "./words/shell";
import { stewardWords } from "./words/steward";
import { workWords } from "./words/work";

const table = { ...shellWords, ...keyWords, ...workWords, ...reviewWords, ...stewardWords } as const;
export type MessageKey = keyof typeof table;

export function t(key: MessageKey, values: Readonly<Record<string, string | number>> = {}): string {
  const [en, de] = table[key];
  return (lang.value === "de" ? de : en).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

export function say(name: Translations): string {
  return said(name, lang.value);
}
