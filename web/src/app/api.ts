/* The one door to the node. Same origin, JSON, the CSRF token on unsafe methods. A 401 in mid-work does not
   fail the call: it waits until the person has signed in again, in place, and is then sent once more. */

import { signal } from "@preact/signals";

export interface Suspension {
  user: string;
  name: string;
  since_ms: number;
}
export interface Me {
  user: string;
  name: string;
  pseudonym: string;
  roles: string[];
  csrf: string;
  must_change: boolean;
  site: { id: string; name: string };
  /** To the coordinator; "none" where this site stands alone. */
  link?: string;
  /** Who has closed the wall; null: it is open. */
  suspended?: Suspension | null;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    text: string,
    readonly body: Readonly<Record<string, unknown>>,
  ) {
    super(text);
  }
  get pointer(): string | null {
    return typeof this.body["pointer"] === "string" ? this.body["pointer"] : null;
  }
}
/* The node did not answer at all: not a refusal, so the work is simply tried again later. */
export class Offline extends Error {}

export const me = signal<Me | null>(null);
/* Whether this node speaks to a coordinator at all; the connection may be down now. */
export const linked = (): boolean => (me.value?.link ?? "none") !== "none";
/* True while a login has died under open work: the sign-in card stands over the dimmed page. */
export const loginDied = signal(false);
let waiting: (() => void)[] = [];

export function signedIn(who: Me): void {
  me.value = who;
  loginDied.value = false;
  const list = waiting;
  waiting = [];
  for (const go of list) go();
}

interface Options {
  body?: unknown;
  headers?: Record<string, string>;
  keepalive?: boolean;
  raw?: boolean;
}

async function send(method: string, path: string, o: Options): Promise<Response> {
  const headers: Record<string, string> = { ...o.headers };
  if (o.body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET" && me.value !== null) headers["X-Cloister-CSRF"] = me.value.csrf;
  const init: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store" };
  if (o.body !== undefined) init.body = typeof o.body === "string" ? o.body : JSON.stringify(o.body);
  if (o.keepalive === true) init.keepalive = true;
  try {
    return await fetch(path, init);
  } catch {
    throw new Offline("the node does not answer");
  }
}

async function problem(r: Response): Promise<ApiError> {
  let body: Record<string, unknown> = {};
  try {
    body = (await r.json()) as Record<string, unknown>;
  } catch {
    /* an error without a body still has its status */
  }
  const text = typeof body["text"] === "string" ? body["text"] : `HTTP ${r.status}`;
  return new ApiError(r.status, typeof body["code"] === "string" ? body["code"] : "", text, body);
}

export async function request(method: string, path: string, o: Options = {}): Promise<Response> {
  for (;;) {
    const token = me.value?.csrf;
    const r = await send(method, path, o);
    if (r.ok) return r;
    const e = await problem(r);
    if (e.status === 502 || e.status === 504) throw new Offline(e.message);
    if (e.status === 401 && me.value !== null && path !== "/api/login") {
      if (me.value.csrf === token)
        await new Promise<void>((go) => {
          waiting.push(go);
          loginDied.value = true;
        });
      continue;
    }
    throw e;
  }
}

async function json<T>(method: string, path: string, body?: unknown): Promise<T> {
  const r = await request(method, path, body === undefined ? {} : { body });
  return (r.status === 204 ? null : await r.json()) as T;
}

/* Asked before the view that needs it is here; each answer is taken once, and not when it has become old. */
const early = new Map<string, Promise<unknown>>();
const EARLY_MS = 5000;
export function ahead(path: string): void {
  const p = json("GET", path);
  p.catch(() => undefined);
  early.set(path, p);
  setTimeout(() => early.delete(path), EARLY_MS);
}

export function get<T>(path: string): Promise<T> {
  const p = early.get(path) as Promise<T> | undefined;
  early.delete(path);
  return p ?? json<T>("GET", path);
}
export const post = <T>(path: string, body: unknown = {}): Promise<T> => json<T>("POST", path, body);
