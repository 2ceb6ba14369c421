/* Desks that were left while the node did not answer: their work stays in memory and goes on being saved,
   and opening the item again finds it. Every view says so, hence a file of its own. */

import { signal } from "@preact/signals";
import type { Desk } from "./desk";

export const kept = signal<ReadonlyMap<string, Desk>>(new Map());

export function keep(id: string, desk: Desk | null): void {
  const next = new Map(kept.peek());
  if (desk === null) next.delete(id);
  else next.set(id, desk);
  kept.value = next;
}
