/* The right side of the inbox: who has signed, what was decided, and the decision itself. A password approves, and a
   second person's where the house wants two; a roster or policy is signed, with the passphrase of the governor key. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { me, post } from "../../app/api";
import { t, type MessageKey } from "../../app/messages";
import type { InboxEntry } from "../../app/records";
import { when } from "../../app/time";
import { useFault } from "../fault";
import { Icon } from "../icons";
import { useKeys } from "../keys";
import { Button, Note } from "../parts";
import { StopDialog, type Stop } from "./stop";

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

function decidedKey(entry: InboxEntry): MessageKey {
  if (entry.decision?.decision === "withdraw") return "inbox.withdrawnBy";
  if (entry.decision?.decision !== "approve") return "inbox.refusedBy";
  return entry.governed !== null ? "inbox.signedBy" : "inbox.approvedBy";
}

function Decided({ entry, mine }: { entry: InboxEntry; mine: boolean }): JSX.Element {
  const d = entry.decision,
    first = entry.first ?? null;
  return (
    <>
      {d !== null && (
        <section class="sec">
          <Note icon={d.decision === "approve" ? "check" : "stop"}>
            {t(decidedKey(entry), { name: d.name, at: when(d.at_ms) })}
            {d.reason === undefined ? "" : ` (${t(`refuse.${d.reason}` as MessageKey)})`}
          </Note>
          {d.until_ms !== undefined && (
            <p class="hint">
              {t(entry.state === "expired" ? "inbox.heldUntil" : "inbox.holds", { at: when(d.until_ms) })}
            </p>
          )}
        </section>
      )}
      {entry.state === "withdrawn" && (
        <section class="sec">
          <Note kind="warn">{t("inbox.stopped")}</Note>
        </section>
      )}
      {first !== null && (
        <section class="sec">
          <Note kind="warn">
            {mine ? t("inbox.firstMine") : t("inbox.first", { name: first.name, at: when(first.at_ms) })}
          </Note>
        </section>
      )}
    </>
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

/* What ends the request with a reason, as it stands. */
function stopOf(entry: InboxEntry, again: boolean): Stop | null {
  if (entry.state === "waiting" || (again && (entry.first ?? null) !== null)) return "refuse";
  return entry.state === "approved" && entry.governed === null ? "withdraw" : null;
}

export function Decision({ entry, onDone }: { entry: InboxEntry; onDone: () => void }): JSX.Element {
  const [password, setPassword] = useState(""),
    [passphrase, setPassphrase] = useState(""),
    [read, setRead] = useState(false),
    [stopping, setStopping] = useState<Stop | null>(null),
    fault = useFault();
  const waits = entry.state === "waiting",
    signs = entry.governed !== null,
    first = entry.first ?? null,
    mine = first !== null && first.by === me.value?.user,
    again = !signs && (entry.state === "withdrawn" || entry.state === "expired"),
    asks = (waits || again) && !mine,
    stop = stopOf(entry, again),
    ready = password !== "" && (!signs || passphrase !== "") && read && entry.fault === null;
  const send = (body: object): Promise<void> =>
    post(`/api/inbox/${encodeURIComponent(entry.id)}`, body).then(() => {
      setStopping(null);
      onDone();
    });
  const approve = (): void => {
    if (ready)
      void fault.watch(
        send({ decision: "approve", password, ...(signs ? { governor_passphrase: passphrase } : {}) }),
      );
  };
  useKeys({ submit: asks ? approve : undefined, refuse: stop === null ? undefined : () => setStopping(stop) });
  const act = (): MessageKey => {
    if (ready) return signs ? "inbox.sign" : again ? "inbox.again" : "inbox.approve";
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
      <Decided entry={entry} mine={mine} />
      <Replies entry={entry} />
      {asks && (
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
      {(asks || stop !== null) && (
        <footer class="sidefoot col">
          {asks && (
            <Button kind="primary lg block" of="submit" disabled={!ready} onClick={approve}>
              {t(act())}
            </Button>
          )}
          {stop !== null && (
            <Button kind="block" of="refuse" onClick={() => setStopping(stop)}>
              {t(`inbox.${stop}`)}
            </Button>
          )}
          {waits && <p class="hint">{t(signs ? "governed.until" : "inbox.until")}</p>}
        </footer>
      )}
      {stopping !== null && (
        <StopDialog
          stop={stopping}
          onClose={() => setStopping(null)}
          onSend={(reason, pw) => send({ decision: stopping, reason, password: pw })}
        />
      )}
    </aside>
  );
}
