/* User and password; and the change that a one-time password asks for. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, post, signedIn, type Me } from "../app/api";
import { t } from "../app/messages";
import { Button, Note } from "./parts";
import { PasswordForm } from "./password";

/* Kept in memory between the sign-in with a one-time password and its change, and no longer. */
let oneTime = "";

export function LoginForm({ user: fixed, onOther }: { user?: string; onOther?: () => void }): JSX.Element {
  const [user, setUser] = useState(fixed ?? ""),
    [password, setPassword] = useState("");
  const [fault, setFault] = useState<string | null>(null),
    [busy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const send = async (e: Event): Promise<void> => {
    e.preventDefault();
    setBusy(true);
    setFault(null);
    try {
      const who = await post<Me>("/api/login", { user, password });
      oneTime = who.must_change ? password : "";
      signedIn(who);
    } catch (x) {
      setFault(
        !(x instanceof ApiError)
          ? t("offline")
          : x.status === 429
            ? t("login.slow")
            : x.status === 401 || x.status === 403
              ? t("login.wrong")
              : x.message,
      );
      setPassword("");
      first.current?.focus();
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="stack-l" aria-label={t("login")} onSubmit={(e) => void send(e)}>
      {fixed === undefined ? (
        <div class="field">
          <label for="user">{t("login.user")}</label>
          <input
            class="input big"
            id="user"
            ref={first}
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
            value={user}
            onInput={(e) => setUser(e.currentTarget.value)}
          />
        </div>
      ) : (
        <input type="hidden" autocomplete="username" value={user} />
      )}
      <div class="field">
        <label for="password">
          {fixed === undefined ? t("login.password") : t("login.passwordOf", { user: fixed })}
        </label>
        <input
          class="input big"
          id="password"
          type="password"
          {...(fixed === undefined ? {} : { ref: first })}
          autocomplete="current-password"
          required
          value={password}
          onInput={(e) => setPassword(e.currentTarget.value)}
        />
      </div>
      {fault !== null && (
        <div role="alert">
          <Note kind="bad">{fault}</Note>
        </div>
      )}
      <Button kind="primary lg block" submit disabled={busy} k="Enter">
        {t("login.go")}
      </Button>
      {onOther !== undefined && (
        <Button kind="ghost block" onClick={onOther}>
          {t("login.other")}
        </Button>
      )}
    </form>
  );
}

export function OwnPassword(): JSX.Element {
  return (
    <PasswordForm
      onDone={() => {
        oneTime = "";
      }}
      {...(oneTime === "" ? {} : { old: oneTime })}
    />
  );
}
