/* Start within one key: Enter continues exactly where the person stopped; returned items come first. */

import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { get, me, post } from "../app/api";
import { say, t, type MessageKey } from "../app/messages";
import { isOpen, OPEN, type Progress, type Row, type WorkState } from "../app/records";
import { go, href } from "../app/router";
import { count, size, when } from "../app/time";
import { Icon, type IconName } from "./icons";
import { useKeys } from "./keys";
import { Badge, Button, Empty, Key, Loading, Note } from "./parts";
import { Shell } from "./shell";
import { Annotate } from "./views";
import { useFault } from "./fault";

const BADGES: Partial<Record<WorkState, string>> = {
  returned: "warn",
  in_progress: "ok",
  accepted: "ok",
  adjudicated: "ok",
};

/* Returned first, then what is begun, then what waits. */
export function inOrder(rows: readonly Row[]): Row[] {
  const rank = (s: WorkState): number => (OPEN.includes(s) ? OPEN.indexOf(s) : OPEN.length);
  return [...rows].sort(
    (a, b) => rank(a.state) - rank(b.state) || (rank(a.state) < OPEN.length ? 0 : b.updated_ms - a.updated_ms),
  );
}

export function StreamIcons({ streams }: { streams: readonly { id: string; kind: string }[] }): JSX.Element {
  return (
    <span class="inline tight">
      {streams.map((s) => (
        <span key={s.id} title={s.id}>
          <Icon name={(s.kind === "image" ? "image" : "text") as IconName} small faint />
          <span class="sr">{s.id}</span>
        </span>
      ))}
    </span>
  );
}

function greeting(): string {
  const h = new Date().getHours();
  return t(h < 11 ? "home.morning" : h < 18 ? "home.day" : "home.evening", { name: me.value?.name ?? "" });
}

export function Home(): JSX.Element {
  const [rows, setRows] = useState<Row[] | null>(null),
    [progress, setProgress] = useState<Progress | null>(null);
  const [at, setAt] = useState(0),
    [all, setAll] = useState(false),
    [nothing, setNothing] = useState(false),
    fault = useFault();
  useLayoutEffect(() => {
    Annotate.fetch().catch(() => undefined);
    void fault.watch(
      Promise.all([get<{ assignments: Row[] }>("/api/assignments"), get<Progress>("/api/progress")]).then(([a, p]) => {
        setRows(inOrder(a.assignments));
        setProgress(p);
      }),
    );
  }, []);
  const open = (rows ?? []).filter(isOpen),
    shown = all ? (rows ?? []) : open;
  const waiting = progress?.campaigns.reduce((n, c) => n + c.queue, 0) ?? 0;
  const fresh = async (): Promise<void> => {
    for (const c of progress?.campaigns ?? []) {
      if (c.queue === 0) continue;
      const row = await post<Row | null>("/api/next", { campaign: c.hash });
      if (row !== null) return go("work", row.id);
    }
    setNothing(true);
  };
  const first = open[0],
    back = open.filter((r) => r.state === "returned");
  const draw = waiting > 0 ? () => void fault.watch(fresh()) : undefined;
  const carryOn = first === undefined ? draw : () => go("work", (shown[at] ?? first).id);
  useKeys({
    open: carryOn,
    fresh: draw,
    openReturned: back[0] === undefined ? undefined : () => go("work", back[0]?.id ?? ""),
    nextRow: () => setAt(Math.min(shown.length - 1, at + 1)),
    previousRow: () => setAt(Math.max(0, at - 1)),
  });
  return (
    <Shell
      crumb={<b>{me.value?.site.name}</b>}
      inside="wall.home"
      meta={<span>{t("home.campaigns", { n: progress?.campaigns.length ?? 0 })}</span>}
    >
      <main class="main home">
        <section class="hcol">
          <h1>{greeting()}</h1>
          <p class="muted">{t("home.waits", { open: open.length, n: waiting })}</p>
          {fault.node}
          {rows === null && fault.node === null && <Loading />}
          {rows !== null && (
            <Continue
              first={shown[at] ?? first}
              progress={progress}
              onOpen={carryOn}
              onFresh={first === undefined ? undefined : draw}
            />
          )}
          {nothing && <Note icon="info">{t("home.drawnNothing")}</Note>}
          <Campaigns progress={progress} />
          {rows !== null && rows.length > 0 && (
            <Queue
              rows={shown}
              at={at}
              all={all}
              open={open.length}
              total={rows.length}
              onAll={(x) => {
                setAll(x);
                setAt(0);
              }}
            />
          )}
        </section>
        <aside class="side r" aria-label={t("home.about")}>
          <section class="sec">
            <header>
              <h2 class="h3">{t("home.returned")}</h2>
              <span class="end count">{back.length}</span>
            </header>
            {back.length === 0 && <p class="hint">{t("home.returnedNone")}</p>}
            {back.map((r, i) => (
              <div class="mcard" key={r.id}>
                <div class="inline tight">
                  <b>{r.title}</b>
                  {r.returned !== null && <span class="faint">{when(r.returned.at_ms)}</span>}
                </div>
                {r.returned !== null && <p>“{r.returned.text}”</p>}
                <div class="inline tight">
                  <a class="btn sm" href={href("work", r.id)}>
                    {t("key.open")}
                    {i === 0 && <Key of="openReturned" />}
                  </a>
                </div>
              </div>
            ))}
          </section>
          <section class="sec">
            <header>
              <h2 class="h3">{t("home.yours")}</h2>
            </header>
            <dl class="facts wide">
              {(Object.entries(own(progress)) as [WorkState, number][]).map(([s, n]) => (
                <Fact key={s} name={t(`state.${s}`)} value={count(n)} />
              ))}
            </dl>
            <div class="note">
              <Icon name="arch" />
              <span>{t("home.whoSees")}</span>
            </div>
          </section>
        </aside>
      </main>
    </Shell>
  );
}

function Fact({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd class="num">
        <b>{value}</b>
      </dd>
    </>
  );
}

function own(p: Progress | null): Partial<Record<WorkState, number>> {
  const sums: Partial<Record<WorkState, number>> = {};
  for (const c of p?.campaigns ?? [])
    for (const [s, n] of Object.entries(c.own) as [WorkState, number][]) if (n > 0) sums[s] = (sums[s] ?? 0) + n;
  return sums;
}

function mine(c: Progress["campaigns"][number]): { done: number; all: number } {
  const all = Object.values(c.own).reduce((a, b) => a + b, 0),
    open = OPEN.reduce((n, s) => n + (c.own[s] ?? 0), 0);
  return { done: all - open, all: all + c.queue };
}

interface ContinueProps {
  first: Row | undefined;
  progress: Progress | null;
  onOpen: (() => void) | undefined;
  onFresh: (() => void) | undefined;
}
function Continue({ first, progress, onOpen, onFresh }: ContinueProps): JSX.Element {
  const c = progress?.campaigns.find((x) => (first === undefined ? x.queue > 0 : x.hash === first.campaign)),
    n = c === undefined ? null : mine(c);
  if (onOpen === undefined)
    return (
      <section class="panel">
        <Empty title={t("home.empty")}>
          <p>{t("home.emptyWhy")}</p>
        </Empty>
      </section>
    );
  return (
    <section class="panel cont solo" aria-label={t("home.continue")}>
      <div class="c">
        <span class="small faint">
          {first === undefined ? t("home.begin") : t(`home.${first.state}` as MessageKey)}
        </span>
        <h2>{first?.title ?? say(c?.title ?? {})}</h2>
        <p class="muted">{first === undefined ? t("home.newItem") : say(c?.title ?? {})}</p>
        {n !== null && (
          <>
            <progress
              value={n.done}
              max={Math.max(1, n.all)}
              aria-label={t("home.ofYours", { n: n.done, all: n.all })}
            />
            <div class="inline small faint">
              <span>{t("home.ofYours", { n: n.done, all: n.all })}</span>
            </div>
          </>
        )}
        <div class="inline">
          <button type="button" class="btn primary lg" onClick={onOpen}>
            {t(first === undefined ? "home.start" : "home.go")} <Key of="open" />
          </button>
          {onFresh !== undefined && (
            <Button kind="lg ghost" of="fresh" onClick={onFresh}>
              {t("home.next")}
            </Button>
          )}
        </div>
      </div>
    </section>
  );
}

function Campaigns({ progress }: { progress: Progress | null }): JSX.Element | null {
  if (progress === null) return null;
  return (
    <div class="camps">
      {progress.campaigns.map((c) => {
        const n = mine(c);
        return (
          <section class="panel camp" key={c.hash}>
            <div class="inline">
              <h2 class="h3 trunc">{say(c.title)}</h2>
              {c.queue > 0 && <span class="end badge">{t("home.queue", { n: count(c.queue) })}</span>}
            </div>
            <progress value={n.done} max={Math.max(1, n.all)} aria-label={say(c.title)} />
            <div class="inline small faint">
              <span>{t("home.ofYours", { n: n.done, all: n.all })}</span>
              <span class="end">{t("home.atSite", { n: count(c.done), all: count(c.items) })}</span>
            </div>
          </section>
        );
      })}
    </div>
  );
}

interface QueueProps {
  rows: readonly Row[];
  at: number;
  all: boolean;
  open: number;
  total: number;
  onAll: (all: boolean) => void;
}
function Queue({ rows, at, all, open, total, onAll }: QueueProps): JSX.Element {
  return (
    <section class="panel queue" aria-label={t("home.list")}>
      <header>
        <h2 class="h3">{t("home.list")}</h2>
        <div class="seg">
          <button type="button" aria-pressed={!all} onClick={() => onAll(false)}>
            {t("home.open", { n: open })}
          </button>
          <button type="button" aria-pressed={all} onClick={() => onAll(true)}>
            {t("home.all", { n: total })}
          </button>
        </div>
        <span class="end keys">
          <Key of="nextRow" />
          <Key of="previousRow" />
          <Key of="open" />
        </span>
      </header>
      <table class="table">
        <thead>
          <tr>
            <th>{t("item")}</th>
            <th>{t("streams")}</th>
            <th>{t("size")}</th>
            <th>{t("state")}</th>
            <th class="num">{t("changed")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r, i) => (
            <tr key={r.id} class={i === at ? "on" : ""}>
              <td>
                <a class="rowlink" href={href("work", r.id)}>
                  {r.title}
                </a>
              </td>
              <td>
                <StreamIcons streams={r.streams} />
              </td>
              <td class="faint">{r.streams.map((s) => size(s.bytes)).join(", ")}</td>
              <td>
                <Badge kind={BADGES[r.state] ?? ""}>{t(`state.${r.stopped ?? r.state}`)}</Badge>
              </td>
              <td class="faint num">{when(r.updated_ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
