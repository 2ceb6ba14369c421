/* Documents that are named by their hash, so one copy of each serves as long as the page stands. */

import type { Guideline, Hash, Schema } from "../model/types";
import { checkSchema } from "../model/validate";
import { load, type Loaded } from "../schema/load";
import { get } from "./api";

const documents = new Map<string, Promise<unknown>>();
function pinned<T>(path: string): Promise<T> {
  let p = documents.get(path);
  if (p === undefined) {
    p = get<{ doc: T }>(path).then((r) => r.doc);
    p.catch(() => documents.delete(path));
    documents.set(path, p);
  }
  return p as Promise<T>;
}

export async function schemaOf(hash: Hash): Promise<Loaded> {
  const r = checkSchema(await pinned<Schema>(`/api/schemas/${hash}`));
  if (!r.ok) throw new Error(`schema: ${r.pointer}: ${r.reason}`);
  return load(r.value);
}

export async function guidelinesOf(hashes: Readonly<Record<string, Hash>>): Promise<Map<string, Guideline>> {
  const list = Object.entries(hashes).map(
    async ([kind, h]) => [kind, await pinned<Guideline>(`/api/guidelines/${h}`)] as const,
  );
  return new Map(await Promise.all(list));
}
