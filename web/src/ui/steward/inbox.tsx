/* The steward's inbox: what is asked in plain words, then figures, then the exact bytes; approval needs a
   password and binds the content. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get, me } from "../../app/api";
import { say, t, type MessageKey } from "../../app/messages";
import type { InboxEntry, InboxRow, InboxState } from "../../app/records";
import { go, href } from "../../app/router";
import { count, day, when } from "../../app/time";
import { useFault } from "../fault";
import { Icon } from "../icons";
import { useKeys } from "../keys";
import { Empty, Key, Loading, Note } from "../parts";
import { Shell } from "../shell";
import { Decision } from "./decision";
import { wordsFor } from "./words";

const STATES: readonly InboxState[] = ["waiting", "approved", "withdrawn", "expired", "refused"];

export function Inbox({ id }: { id: string }): JSX.Element {
  const [rows, setRows] = useState<InboxRow[] | null>(null),
    [entry, setEntry] = useState<InboxEntry | null>(null),
    fault = useFault();
  const refresh = (): void => void fault.watch(get<{ inbox: InboxRow[] }>("/api/inbox").then((r) => setRows(r.inbox)));
  useEffect(refresh, []);
  const list = STATES.flatMap((s) => (rows ?? []).filter((r) => r.state === s)),
    chosen = id !== "" ? id : (list[0]?.id ?? "");
  useEffect(() => {
    if (chosen !== "") void fault.watch(get<InboxEntry>(`/api/inbox/${encodeURIComponent(chosen)}`).then(setEntry));
  }, [chosen, rows]);
  const step = (by: number): void => {
    const to = list[list.findIndex((r) => r.id === chosen) + by];
    if (to !== undefined) go("inbox", to.id);
  };
  useKeys({ nextRow: () => step(1), previousRow: () => step(-1) });
  const waiting = list.filter((r) => r.state === "waiting").length;
  return (
    <Shell
      crumb={
        <>
          <b class="cap">{t("role.steward")}</b>
          <span class="faint">/</span>
          <b>{t("page.inbox")}</b>
        </>
      }
      inside="wall.steward"
      meta={<span>{t("inbox.waits", { n: waiting })}</span>}
    >
      <main class="main inbox">
        <aside class="side l" aria-label={t("inbox.requests")}>
          {STATES.map((s) => (
            <Section key={s} state={s} rows={list.filter((r) => r.state === s)} chosen={chosen} />
          ))}
        </aside>
        {entry === null || entry.id !== chosen ? (
          <>
            <section class="doc">
              {fault.node ??
                (rows === null ? (
                  <Loading />
                ) : list.length === 0 ? (
                  <Empty title={t("inbox.empty")}>
                    <p>{t("inbox.emptyWhy")}</p>
                  </Empty>
                ) : (
                  <Loading />
                ))}
            </section>
            <aside class="side r" aria-label={t("inbox.decision")} />
          </>
        ) : (
          <>
            <Document entry={entry} />
            <Decision key={entry.id} entry={entry} onDone={refresh} />
          </>
        )}
      </main>
    </Shell>
  );
}

function Section({
  state,
  rows,
  chosen,
}: {
  state: InboxState;
  rows: readonly InboxRow[];
  chosen: string;
}): JSX.Element {
  return (
    <section class="sec tight">
      <header>
        <h2 class="over">{t(`inbox.${state}`)}</h2>
        {state === "waiting" ? (
          <>
            <span class="count">{rows.length}</span>
            <span class="end keys">
              <Key of="nextRow" />
              <Key of="previousRow" />
            </span>
          </>
        ) : (
          <span class="end small faint">{rows.length}</span>
        )}
      </header>
      {rows.map((r) => (
        <a
          class={`req-row${r.id === chosen ? " on" : ""}`}
          key={r.id}
          href={href("inbox", r.id)}
          aria-current={r.id === chosen}
        >
          <b class="trunc">{say(r.title)}</b>
          <span class="s">{day(r.decided_ms ?? r.received_ms)}</span>
          <span class="s trunc">{t(`inbox.kind.${r.kind}` as MessageKey) || r.kind}</span>
          <span />
        </a>
      ))}
    </section>
  );
}

function Document({ entry }: { entry: InboxEntry }): JSX.Element {
  const w = wordsFor(entry.kind, entry.doc, entry.words, entry.governed),
    [bytes, setBytes] = useState(false);
  useKeys({ bytes: () => setBytes(!bytes) });
  return (
    <section class="doc" aria-label={say(entry.title)} tabIndex={0}>
      <h1>{say(entry.title)}</h1>
      <p class="muted">
        {t("inbox.about", { kind: t(`inbox.kind.${entry.kind}` as MessageKey), at: when(entry.received_ms) })}
      </p>
      {entry.fault !== null && (
        <Note kind="bad">{t("inbox.fault", { pointer: entry.fault.pointer || "/", reason: entry.fault.reason })}</Note>
      )}
      <section class={w.leaves ? "leaves" : "leaves stays"}>
        <h2>
          <Icon name={w.leaves ? "out" : "arch"} />
          {entry.governed !== null
            ? t("governed.means")
            : t(w.leaves ? "inbox.willLeave" : "inbox.willNotLeave", { site: me.value?.site.name ?? "" })}
        </h2>
        <p class="big">{w.first}</p>
        <ul>
          {w.points.map((x, i) => (
            <li key={i}>
              <Icon name={i === 0 ? "list" : i === 1 ? "columns" : "shield"} />
              <span>{x}</span>
            </li>
          ))}
        </ul>
      </section>
      <div class="two">
        <section class="box">
          <h2 class="over">{t("inbox.facts")}</h2>
          <dl class="facts">
            {w.facts.map(([k, v]) => (
              <Fact key={k} k={k} v={v} />
            ))}
          </dl>
        </section>
        <section class="box">
          <h2 class="over">{t("inbox.never")}</h2>
          <ul class="ticks">
            {(["never.records", "never.labels", "never.who", "never.comments"] as const).map((k) => (
              <li key={k}>
                <Icon name="arch" />
                <span>{t(k)}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
      <h2 class="h3">{t("inbox.changed")}</h2>
      {entry.diff === null || entry.diff.length === 0 ? (
        <p class="muted">{t("inbox.firstVersion")}</p>
      ) : (
        <Diff rows={entry.diff} />
      )}
      <div class="bytes">
        <button type="button" class="byteshead" aria-expanded={bytes} onClick={() => setBytes(!bytes)}>
          <Icon name="right" small />
          <b>{t("inbox.bytes")}</b>
          <span class="faint">{t("inbox.bytesN", { n: count(new TextEncoder().encode(entry.bytes).length) })}</span>
          <span class="end">
            <Key of="bytes" />
          </span>
        </button>
        {bytes && (
          <div class="hex wrapped" tabIndex={0} role="region" aria-label={t("inbox.bytes")}>
            {entry.bytes}
          </div>
        )}
      </div>
    </section>
  );
}

function Fact({ k, v }: { k: string; v: string }): JSX.Element {
  return (
    <>
      <dt>{k}</dt>
      <dd>{v}</dd>
    </>
  );
}

const brief = (v: unknown): string => {
  const s = typeof v === "string" ? v : (JSON.stringify(v) ?? "–");
  return s.length > 120 ? `${s.slice(0, 120)}…` : s;
};

function Diff({ rows }: { rows: readonly { pointer: string; before: unknown; after: unknown }[] }): JSX.Element {
  return (
    <table class="table diff box">
      <thead>
        <tr>
          <th>{t("inbox.where")}</th>
          <th>{t("inbox.before")}</th>
          <th>{t("inbox.now")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((r) => (
          <tr class="chg" key={r.pointer}>
            <td class="mono">{r.pointer || "/"}</td>
            <td class="was">{brief(r.before)}</td>
            <td class="now">{brief(r.after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
