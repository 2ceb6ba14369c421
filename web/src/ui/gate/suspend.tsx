/* The wall closed by a person: said to everybody, done by stewards and admins with their password. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { me, post, type Suspension } from "../../app/api";
import { t } from "../../app/messages";
import { when } from "../../app/time";
import { useFault } from "../fault";
import { Icon } from "../icons";
import { Button, Dialog } from "../parts";

const may = (): boolean => me.value?.roles.some((r) => r === "steward" || r === "admin") ?? false;

export function Banner(): JSX.Element | null {
  const s = me.value?.suspended ?? null;
  if (s === null) return null;
  return (
    <section class="note bad band" role="status">
      <Icon name="stop" />
      <b>{t("gate.closed", { name: s.name, at: when(s.since_ms) })}</b>
      <Gate />
    </section>
  );
}

/* The one button, which says what it would do now; nothing for those who may not. */
export function Gate(): JSX.Element | null {
  const [asking, setAsking] = useState(false),
    closed = (me.value?.suspended ?? null) !== null,
    link = me.value?.link ?? "none";
  if (!may() || link === "none") return null;
  return (
    <>
      <Button kind={closed ? "" : "danger"} icon={closed ? "link" : "stop"} onClick={() => setAsking(true)}>
        {t(closed ? "gate.open" : "gate.close")}
      </Button>
      {asking && <Ask closed={closed} onClose={() => setAsking(false)} />}
    </>
  );
}

function Ask({ closed, onClose }: { closed: boolean; onClose: () => void }): JSX.Element {
  const [password, setPassword] = useState(""),
    fault = useFault(),
    title = t(closed ? "gate.open" : "gate.close");
  const send = async (): Promise<void> => {
    if (password === "") return;
    const r = await fault.watch(
      post<{ suspended: Suspension | null }>(closed ? "/api/resume" : "/api/suspend", { password }),
    );
    if (r === undefined || me.value === null) return;
    me.value = { ...me.value, suspended: r.suspended };
    onClose();
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      commands={{ submit: () => void send() }}
      footer={
        <>
          <Button k="Escape" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button
            kind={closed ? "primary" : "danger solid"}
            of="submit"
            disabled={password === ""}
            onClick={() => void send()}
          >
            {title}
          </Button>
        </>
      }
    >
      <p>{t(closed ? "gate.openWhy" : "gate.closeWhy")}</p>
      <div class="field">
        <label for="gate-password">{t("login.passwordOf", { user: me.value?.name ?? "" })}</label>
        <input
          class="input"
          id="gate-password"
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
