/* Autosave: PUT the document 1 s after the last change, and when the page is hidden. What the node has not
   acknowledged stays in memory and is counted; nothing is overwritten silently. */

import { effect, signal } from "@preact/signals";
import { canonical } from "../model/canonical";
import type { Store } from "../model/store";
import type { Annotation } from "../model/types";
import { ApiError, Offline, request } from "./api";

export interface Theirs {
  n: number;
  saved_ms: number;
  doc: Annotation;
}
export type SaveState =
  | { kind: "saved"; at: number | null }
  | { kind: "saving"; n: number }
  | { kind: "unsaved"; n: number; why: "offline" | "refused" | "conflict"; text: string };

const QUIET_MS = 1000;
const RETRY_MS = [1000, 2000, 4000, 8000, 15000];
const KEEPALIVE_MAX = 60000; /* browsers cap the bodies of requests that outlive a page at 64 KiB */

export class Autosave {
  readonly state = signal<SaveState>({ kind: "saved", at: null });
  readonly conflict = signal<Theirs | null>(null);
  private saved = 0; /* the store's version that the node holds */
  private timer = 0;
  private tries = 0;
  private running: Promise<void> | null = null;
  private stop: () => void;

  constructor(
    private readonly store: Store,
    private readonly path: string,
    private n: number,
    at: number | null,
  ) {
    this.saved = store.version.value;
    this.state.value = { kind: "saved", at };
    const unwatch = effect(() => {
      if (store.version.value !== this.saved) this.changed();
    });
    const hidden = (): void => {
      if (document.visibilityState === "hidden") void this.flush(true);
    };
    const online = (): void => void this.flush();
    const leaving = (e: BeforeUnloadEvent): void => {
      if (this.pending > 0) e.preventDefault();
    };
    document.addEventListener("visibilitychange", hidden);
    addEventListener("online", online);
    addEventListener("beforeunload", leaving);
    this.stop = () => {
      unwatch();
      clearTimeout(this.timer);
      document.removeEventListener("visibilitychange", hidden);
      removeEventListener("online", online);
      removeEventListener("beforeunload", leaving);
    };
  }

  dispose(): void {
    this.stop();
  }
  get pending(): number {
    return this.store.version.peek() - this.saved;
  }
  get counter(): number {
    return this.n;
  }

  private changed(): void {
    if (this.conflict.peek() !== null) return this.mark("conflict", "");
    if (this.state.peek().kind !== "unsaved") this.state.value = { kind: "saving", n: this.pending };
    else this.state.value = { ...this.state.peek(), n: this.pending } as SaveState;
    this.later(QUIET_MS);
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms) as unknown as number;
  }

  private mark(why: "offline" | "refused" | "conflict", text: string): void {
    this.state.value = { kind: "unsaved", n: Math.max(1, this.pending), why, text };
  }

  /* Resolves when what was pending has been tried; true if the node now holds everything. */
  async flush(keepalive = false): Promise<boolean> {
    clearTimeout(this.timer);
    while (this.running !== null) await this.running;
    if (this.pending === 0 || this.conflict.value !== null) return this.pending === 0;
    this.running = this.put(keepalive);
    await this.running;
    this.running = null;
    return this.pending === 0;
  }

  private async put(keepalive: boolean): Promise<void> {
    const version = this.store.version.peek(),
      doc = this.store.document(),
      body = canonical(doc);
    if (this.state.peek().kind !== "unsaved") this.state.value = { kind: "saving", n: this.pending };
    try {
      const r = await request("PUT", this.path, {
        body,
        headers: { "If-Match": `"${this.n}"` },
        keepalive: keepalive && body.length < KEEPALIVE_MAX,
      });
      this.accepted(version, Number((r.headers.get("ETag") ?? "").replaceAll('"', "")) || this.n + 1, Date.now());
    } catch (e) {
      this.failed(e, version, body);
    }
  }

  private accepted(version: number, n: number, at: number): void {
    this.saved = version;
    this.n = n;
    this.tries = 0;
    this.state.value = this.pending === 0 ? { kind: "saved", at } : { kind: "saving", n: this.pending };
    if (this.pending > 0) this.later(QUIET_MS);
  }

  private failed(e: unknown, version: number, body: string): void {
    if (e instanceof ApiError && e.status === 412) {
      const theirs = e.body["theirs"] as Theirs | undefined;
      /* An answer that got lost on the way: the node already holds these very bytes. */
      if (theirs !== undefined && canonical(theirs.doc) === body)
        return this.accepted(version, theirs.n, theirs.saved_ms);
      if (theirs !== undefined) this.conflict.value = theirs;
      return this.mark("conflict", e.message);
    }
    if (e instanceof ApiError && e.status < 500 && e.status !== 429)
      return this.mark("refused", e.pointer === null ? e.message : `${e.pointer}: ${e.message}`);
    if (!(e instanceof Offline) && !(e instanceof ApiError)) throw e;
    this.mark("offline", e.message);
    this.later(RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)] ?? 15000);
  }

  /* The person has chosen. Mine: save mine on top of theirs. Theirs: drop mine, go on from theirs. */
  settle(mine: boolean): void {
    const theirs = this.conflict.value;
    if (theirs === null) return;
    this.conflict.value = null;
    this.n = theirs.n;
    if (mine) {
      void this.flush();
      return;
    }
    this.store.load(theirs.doc);
    this.saved = this.store.version.peek();
    this.state.value = { kind: "saved", at: theirs.saved_ms };
  }
}
