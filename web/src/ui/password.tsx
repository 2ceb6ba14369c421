/* A new password: chosen freely, or because a one-time password must be changed. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError, get, me, post, signedIn, type Me } from "../app/api";
import { t } from "../app/messages";
import { Button, Note } from "./parts";

export function PasswordForm({ onDone, old: known }: { onDone: () => void; old?: string }): JSX.Element {
  const [old, setOld] = useState(known ?? ""),
    [fresh, setFresh] = useState(""),
    [again, setAgain] = useState("");
  const [fault, setFault] = useState<string | null>(null),
    [busy, setBusy] = useState(false);
  useEffect(() => document.getElementById(known === undefined ? "pw-old" : "pw-new")?.focus(), []);
  const send = async (e: Event): Promise<void> => {
    e.preventDefault();
    if (fresh !== again) return setFault(t("password.differ"));
    setBusy(true);
    try {
      await post<unknown>("/api/password", { old, new: fresh });
      /* The change gives a new session and a new token: ask who we are now. */
      signedIn(await get<Me>("/api/me"));
      onDone();
    } catch (x) {
      setFault(x instanceof ApiError ? x.message : t("offline"));
    } finally {
      setBusy(false);
    }
  };
  const field = (
    id: string,
    name: string,
    value: string,
    set: (s: string) => void,
    complete: "current-password" | "new-password",
  ): JSX.Element => (
    <div class="field">
      <label for={id}>{name}</label>
      <input
        class="input big"
        id={id}
        type="password"
        autocomplete={complete}
        value={value}
        required
        onInput={(e) => set(e.currentTarget.value)}
      />
    </div>
  );
  return (
    <form class="stack-l" aria-label={t("password.change")} onSubmit={(e) => void send(e)}>
      <input type="hidden" autocomplete="username" value={me.value?.user} />
      {known === undefined && field("pw-old", t("password.old"), old, setOld, "current-password")}
      {field("pw-new", t("password.new"), fresh, setFresh, "new-password")}
      {field("pw-again", t("password.again"), again, setAgain, "new-password")}
      {fault !== null && (
        <div role="alert">
          <Note kind="bad">{fault}</Note>
        </div>
      )}
      <Button kind="primary lg block" submit disabled={busy} k="Enter">
        {t("password.save")}
      </Button>
    </form>
  );
}
