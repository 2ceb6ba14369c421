/* Faults of one stage. All are gathered; the first in canonical order is the one named: an object before
   its members, members by key, entries by index (data.md section 1, Refusals). */

import { byCode } from "../canonical";

export type Path = readonly (string | number)[];
export interface Fault {
  readonly pointer: string;
  readonly reason: string;
}

export function pointer(path: Path): string {
  return path.map((p) => "/" + String(p).replaceAll("~", "~0").replaceAll("/", "~1")).join("");
}

function inOrder(a: Path, b: Path): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const x = a[i],
      y = b[i];
    if (x === y) continue;
    if (typeof x === "number" && typeof y === "number") return x - y;
    return byCode(String(x), String(y));
  }
  return a.length - b.length;
}

export class Faults {
  private path: Path | null = null;
  private reason = "";

  add(path: Path, reason: string): void {
    if (this.path !== null && inOrder(this.path, path) <= 0) return;
    this.path = path;
    this.reason = reason;
  }
  first(): Fault | null {
    return this.path === null ? null : { pointer: pointer(this.path), reason: this.reason };
  }
}
