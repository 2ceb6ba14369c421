/* What may stay in the browser between visits: theme and language, never anything of a record. */

import { effect, signal } from "@preact/signals";

export type Theme = "light" | "dark";
export type Lang = "en" | "de";

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    /* a browser that keeps nothing still works */
  }
}

const wished = read("cloister.theme");
export const theme = signal<Theme>(
  wished === "light" || wished === "dark"
    ? wished
    : matchMedia("(prefers-color-scheme: dark)").matches
      ? "dark"
      : "light",
);
const spoken = read("cloister.lang") ?? navigator.language.slice(0, 2);
export const lang = signal<Lang>(spoken === "de" ? "de" : "en");

effect(() => {
  document.documentElement.dataset["theme"] = theme.value;
});
effect(() => {
  document.documentElement.lang = lang.value;
});

export function setTheme(t: Theme): void {
  theme.value = t;
  keep("cloister.theme", t);
}

export function setLang(l: Lang): void {
  lang.value = l;
  keep("cloister.lang", l);
}
