/* Times to the second for saving, to the minute elsewhere; local on the page. */

import { lang } from "./settings";

export function clock(ms: number): string {
  const d = new Date(ms),
    two = (n: number): string => String(n).padStart(2, "0");
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

export function when(ms: number): string {
  return new Intl.DateTimeFormat(lang.value, {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).format(ms);
}

export function day(ms: number): string {
  return new Intl.DateTimeFormat(lang.value, { day: "numeric", month: "short" }).format(ms);
}

export function count(n: number): string {
  return new Intl.NumberFormat(lang.value).format(n);
}

export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let n = bytes,
    i = 0;
  for (; n >= 1000 && i < units.length - 1; i++) n /= 1000;
  return `${new Intl.NumberFormat(lang.value, { maximumFractionDigits: n < 10 && i > 0 ? 1 : 0 }).format(n)} ${units[i] ?? ""}`;
}
