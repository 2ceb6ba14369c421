/* Get in, or back in. The same card appears in place over the dimmed page when a login dies: the work stays
   where it is, in memory, and goes on when the person is back. */

import type { JSX } from "preact";
import { me } from "../app/api";
import { t } from "../app/messages";
import { Arcade } from "./arcade";
import { Mark } from "./icons";
import { useKeys } from "./keys";
import { LoginForm, OwnPassword } from "./login-form";
import { Wall } from "./shell";
import { LangSwitch, ThemeSwitch } from "./switches";

export function LoginPage(): JSX.Element {
  const must = me.value?.must_change === true,
    site = me.value?.site.name;
  return (
    <div class="login">
      <div class="lwrap">
        <Arcade />
        <main class="lcard">
          <div class="brand">
            <Mark />
            Cloister
          </div>
          <div>
            <h1 class="lh">{must ? t("password.must") : (site ?? t("login"))}</h1>
            <p class="muted">{must ? t("password.mustWhy") : t("login.why")}</p>
          </div>
          {must ? <OwnPassword /> : <LoginForm />}
          <p class="hint">{t("login.trouble")}</p>
        </main>
      </div>
      <Wall
        inside={
          <>
            <b>{t("wall.staysHere")}</b> <span class="trunc">{t("wall.login")}</span>
          </>
        }
        meta={
          <>
            <LangSwitch />
            <ThemeSwitch />
          </>
        }
      />
    </div>
  );
}

export function LoginAgain(): JSX.Element {
  useKeys({}, [], true);
  const user = me.value?.user ?? "";
  return (
    <div class="scrim">
      <div class="lcard" role="dialog" aria-modal="true" aria-label={t("login.again")}>
        <div class="brand">
          <Mark />
          Cloister
        </div>
        <div>
          <h2 class="lh">{t("login.again")}</h2>
          <p class="muted">{t("login.againWhy")}</p>
        </div>
        <LoginForm user={user} onOther={() => location.reload()} />
      </div>
    </div>
  );
}
