/* The steward's inbox: what is asked in plain words, then figures, then the exact bytes; approval needs a
   password and binds the content. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get, me, post } from "../../app/api";
import { say, t, type MessageKey } from "../../app/messages";
import type { InboxEntry, InboxRow, InboxState } from "../../app/records";
import { go, href } from "../../app/router";
import { count, day, when } from "../../app/time";
import { useFault } from "../fault";
import { Icon } from "../icons";
import { useKeys } from "../keys";
import { Button, Dialog, Empty, Key, Loading, Note } from "../parts";
import { Shell } from "../shell";
import { wordsFor } from "./words";

const STATES: readonly InboxState[] = ["waiting", "approved", "refused", "expired"];
const CODES = ["scope", "privacy", "guideline", "effort", "other"] as const;

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
        <p class="muted">{t("inbox.first")}</p>
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

/* What stands of it by now, where the steward has nothing to decide any more, or not yet. */
function Standing({ entry }: { entry: InboxEntry }): JSX.Element | null {
  const g = entry.governed;
  if (g === null) return null;
  return (
    <section class="sec">
      <header>
        <h2 class="over">{t("governed.fingerprint")}</h2>
      </header>
      <div class="words">{g.fingerprint}</div>
      <p class="hint">
        {g.in_force_ms !== null
          ? t(entry.state === "approved" ? "governed.inForce" : "governed.without", { at: when(g.in_force_ms) })
          : t(entry.state === "expired" ? "governed.overtaken" : "governed.compare")}
      </p>
    </section>
  );
}

function Signatures({ entry }: { entry: InboxEntry }): JSX.Element {
  const g = entry.governed;
  if (g === null)
    return (
      <>
        {entry.signatures.map((s) => (
          <li key={s.key_id}>
            <Icon name="check" />
            <span>{t("inbox.signed", { name: s.name })}</span>
          </li>
        ))}
      </>
    );
  return (
    <>
      {g.signers.map((s) => (
        <li key={s.name} class={s.signed ? "" : "wait"}>
          <Icon name={s.signed ? "check" : "clock"} />
          <span class="breakall">
            {t(s.signed ? "governed.signs" : "governed.waits", {
              name: s.own ? t("governed.own", { name: s.name }) : s.name,
            })}
          </span>
        </li>
      ))}
    </>
  );
}

/* For the lead: who decided what about a document of this house. */
function Replies({ entry }: { entry: InboxEntry }): JSX.Element | null {
  const list = entry.replies;
  if (list === null) return null;
  return (
    <section class="sec replies">
      <header>
        <h2 class="over">{t("inbox.replies")}</h2>
        <span class="end small faint">{list.length}</span>
      </header>
      {list.length === 0 && <p class="hint">{t("inbox.noReplies")}</p>}
      <ul class="ticks">
        {list.map((r) => (
          <li key={r.site} class={r.decision === "approved" ? "" : "wait"}>
            <Icon name={r.decision === "approved" ? "check" : "stop"} />
            <span>
              {t(`reply.${r.decision}` as MessageKey, { name: `${r.name} (${r.site})`, at: when(r.at_ms) })}
              {r.reason === "" ? "" : `: ${t(`refuse.${r.reason}` as MessageKey)}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Decided({ entry }: { entry: InboxEntry }): JSX.Element | null {
  const d = entry.decision;
  if (d === null) return null;
  const key =
    d.decision !== "approve" ? "inbox.refusedBy" : entry.governed !== null ? "inbox.signedBy" : "inbox.approvedBy";
  return (
    <section class="sec">
      <Note icon={d.decision === "approve" ? "check" : "stop"}>
        {t(key, { name: d.name, at: when(d.at_ms) })}
        {d.reason === undefined ? "" : ` (${t(`refuse.${d.reason}` as MessageKey)})`}
      </Note>
    </section>
  );
}

function Secret(p: {
  id: string;
  label: string;
  complete: "current-password" | "off";
  value: string;
  set: (v: string) => void;
}): JSX.Element {
  return (
    <div class="field">
      <label for={p.id}>{p.label}</label>
      <input
        class="input"
        id={p.id}
        type="password"
        autocomplete={p.complete}
        value={p.value}
        onInput={(e) => p.set(e.currentTarget.value)}
      />
    </div>
  );
}

function Decision({ entry, onDone }: { entry: InboxEntry; onDone: () => void }): JSX.Element {
  const [password, setPassword] = useState(""),
    [passphrase, setPassphrase] = useState(""),
    [read, setRead] = useState(false),
    [refusing, setRefusing] = useState(false),
    fault = useFault();
  const waits = entry.state === "waiting",
    signs = entry.governed !== null,
    ready = password !== "" && (!signs || passphrase !== "") && read && entry.fault === null;
  const send = (body: object): Promise<void> =>
    post(`/api/inbox/${encodeURIComponent(entry.id)}`, body).then(() => {
      setRefusing(false);
      onDone();
    });
  const approve = (): void => {
    if (ready)
      void fault.watch(
        send({ decision: "approve", password, ...(signs ? { governor_passphrase: passphrase } : {}) }),
      );
  };
  useKeys({ submit: waits ? approve : undefined, refuse: waits ? () => setRefusing(true) : undefined });
  const act = (): MessageKey => {
    if (ready) return signs ? "inbox.sign" : "inbox.approve";
    if (entry.fault !== null) return "inbox.cannot";
    if (!read) return signs ? "inbox.signRead" : "inbox.approveRead";
    return signs ? "inbox.signPassword" : "inbox.approvePassword";
  };
  return (
    <aside class="side r" aria-label={t("inbox.decision")}>
      <section class="sec">
        <header>
          <h2 class="h3">{t("inbox.decision")}</h2>
        </header>
        <ul class="ticks">
          <Signatures entry={entry} />
          <li class={entry.fault === null ? "" : "wait"}>
            <Icon name={entry.fault === null ? "check" : "warn"} />
            <span>{t(entry.fault === null ? "inbox.checked" : "inbox.notChecked")}</span>
          </li>
        </ul>
      </section>
      <Standing entry={entry} />
      <section class="sec">
        <header>
          <h2 class="over">{t("inbox.binds")}</h2>
        </header>
        <div class="words breakall">{entry.hash}</div>
        <p class="hint">{t("inbox.bindsWhy")}</p>
      </section>
      <Decided entry={entry} />
      <Replies entry={entry} />
      {waits && (
        <section class="sec">
          <header>
            <h2 class="over">{t("inbox.confirm")}</h2>
          </header>
          <form
            class="stack"
            aria-label={t("inbox.confirm")}
            onSubmit={(e) => {
              e.preventDefault();
              approve();
            }}
          >
            <input type="hidden" autocomplete="username" value={me.value?.user} />
            <Secret
              id="confirm"
              label={t("login.passwordOf", { user: me.value?.name ?? "" })}
              complete="current-password"
              value={password}
              set={setPassword}
            />
            {signs && entry.fault === null && (
              <Secret
                id="governor"
                label={t("governed.passphrase")}
                complete="off"
                value={passphrase}
                set={setPassphrase}
              />
            )}
            <label class="opt">
              <input type="checkbox" checked={read} onChange={() => setRead(!read)} />
              <span>{t("inbox.haveRead")}</span>
            </label>
          </form>
          {fault.node}
        </section>
      )}
      {waits && (
        <footer class="sidefoot col">
          <Button kind="primary lg block" of="submit" disabled={!ready} onClick={approve}>
            {t(act())}
          </Button>
          <Button kind="block" of="refuse" onClick={() => setRefusing(true)}>
            {t("inbox.refuse")}
          </Button>
          <p class="hint">{t(signs ? "governed.until" : "inbox.until")}</p>
        </footer>
      )}
      {refusing && (
        <Refuse
          onClose={() => setRefusing(false)}
          onSend={(reason, pw) => send({ decision: "refuse", reason, password: pw })}
        />
      )}
    </aside>
  );
}

function Refuse({
  onClose,
  onSend,
}: {
  onClose: () => void;
  onSend: (reason: string, password: string) => Promise<void>;
}): JSX.Element {
  const [reason, setReason] = useState<string>("scope"),
    [password, setPassword] = useState(""),
    fault = useFault();
  const send = (): void => {
    if (password !== "") void fault.watch(onSend(reason, password));
  };
  return (
    <Dialog
      title={t("refuse.title")}
      onClose={onClose}
      commands={{ submit: send }}
      footer={
        <>
          <Button k="Escape" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button kind="danger solid" of="submit" disabled={password === ""} onClick={send}>
            {t("refuse.send")}
          </Button>
        </>
      }
    >
      <fieldset class="stack">
        <legend class="lbl">{t("refuse.why")}</legend>
        {CODES.map((c) => (
          <label class="opt" key={c}>
            <input type="radio" name="refuse" checked={reason === c} onChange={() => setReason(c)} />
            {t(`refuse.${c}`)}
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for="refuse-password">{t("login.passwordOf", { user: me.value?.name ?? "" })}</label>
        <input
          class="input"
          id="refuse-password"
          type="password"
          autocomplete="current-password"
          value={password}
          onInput={(e) => setPassword(e.currentTarget.value)}
        />
      </div>
      {fault.node}
    </Dialog>
  );
}
