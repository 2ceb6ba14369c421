/* The letter is a label's third cue: the first of its name that no label before it has taken. */

import type { Label, Schema, Task, Translations } from "../model/types";

export function said(t: Translations, lang: string): string {
  return t[lang] ?? t["en"] ?? Object.values(t)[0] ?? "";
}

export function letters(s: Schema, lang: string): Map<string, string> {
  const used = new Set(s.tasks.flatMap((t) => t.labels)),
    taken = new Set<string>(),
    out = new Map<string, string>();
  const byTask = [...s.labels].sort((a, b) => Number(used.has(b.id)) - Number(used.has(a.id)));
  for (const l of byTask) {
    const name = [...said(l.name, lang).toUpperCase()].filter((c) => /[\p{L}\p{N}]/u.test(c));
    const free = name.find((c) => !taken.has(c)) ?? name[0] ?? "·";
    taken.add(free);
    out.set(l.id, free);
  }
  return out;
}

/* Letters that the page leaves to labels; an attr takes the first that no label of its task uses. */
const FREE = [..."aijnotuvz"];

export function attrKeys(task: Task, labels: ReadonlyMap<string, Label>): Map<string, string> {
  const taken = new Set(task.labels.map((id) => labels.get(id)?.key)),
    out = new Map<string, string>();
  for (const id of task.attrs ?? []) {
    const key = FREE.find((k) => !taken.has(k));
    if (key === undefined) break;
    taken.add(key);
    out.set(id, key);
  }
  return out;
}
