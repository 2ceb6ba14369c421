/* Where we are stands behind the #, so that the node serves one page for all of it. */

import { signal } from "@preact/signals";

function read(): readonly string[] {
  return location.hash
    .replace(/^#\/?/, "")
    .split("/")
    .filter((s) => s !== "")
    .map(decodeURIComponent);
}

export const route = signal<readonly string[]>(read());
addEventListener("hashchange", () => {
  route.value = read();
});

export function href(...parts: readonly string[]): string {
  return "#/" + parts.map(encodeURIComponent).join("/");
}

export function go(...parts: readonly string[]): void {
  location.hash = href(...parts);
}
