/* A request refused, or an approval withdrawn: why, and the password that signs it. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { me } from "../../app/api";
import { t } from "../../app/messages";
import { useFault } from "../fault";
import { Button, Dialog } from "../parts";

/* What ends a request with a reason: before it took force, or after. */
export type Stop = "refuse" | "withdraw";
const CODES = ["scope", "privacy", "guideline", "effort", "other"] as const;

export function StopDialog({
  stop,
  onClose,
  onSend,
}: {
  stop: Stop;
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
      title={t(`${stop}.title`)}
      onClose={onClose}
      commands={{ submit: send }}
      footer={
        <>
          <Button k="Escape" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button kind="danger solid" of="submit" disabled={password === ""} onClick={send}>
            {t(`${stop}.send`)}
          </Button>
        </>
      }
    >
      {stop === "withdraw" && <p class="muted">{t("withdraw.why")}</p>}
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
