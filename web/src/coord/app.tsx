/* The coordinator's page: who is here, then one view that asks again every five seconds. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError, get, loginDied, me, post, type Me } from "../app/api";
import { t } from "../app/messages";
import { quiet } from "../app/quiet";
import { clock } from "../app/time";
import { Icon, Mark } from "../ui/icons";
import { useKeys } from "../ui/keys";
import { LoginForm, OwnPassword } from "../ui/login-form";
import { Badge, Button, Dialog, Loading, Note } from "../ui/parts";
import { PasswordForm } from "../ui/password";
import { LangSwitch, ThemeSwitch } from "../ui/switches";
import { Campaigns } from "./campaigns";
import { Documents } from "./documents";
import type { Campaign, Seen, SiteRow, Status } from "./records";
import { Alarms, Sites } from "./sites";

const POLL_MS = 5000,
  RETRY_MS = 2000;

function Foot(): JSX.Element {
  return (
    <footer class="wall" aria-label={t("wall")}>
      <div class="inside">
        <Icon name="arch" />
        <b>{t("op.wall")}</b> <span class="trunc">{t("op.wallWhat")}</span>
      </div>
      <div class="out">
        <Icon name="link" />
        <b>{t("op.here")}</b> <span class="trunc">{t("op.hereWhat")}</span>
      </div>
      <div class="meta" />
    </footer>
  );
}

function Login(): JSX.Element {
  const must = me.value?.must_change === true;
  return (
    <div class="login">
      <div class="lwrap coord">
        <main class="lcard">
          <div class="brand">
            <Mark />
            Cloister
          </div>
          <div>
            <h1 class="lh">{t(must ? "password.must" : "login")}</h1>
            <p class="muted">{t(must ? "password.mustWhy" : "login.why")}</p>
          </div>
          {must ? <OwnPassword /> : <LoginForm />}
          <div class="inline">
            <LangSwitch />
            <ThemeSwitch />
          </div>
        </main>
      </div>
      <Foot />
    </div>
  );
}

function Again(): JSX.Element {
  useKeys({}, [], true);
  return (
    <div class="scrim">
      <div class="lcard" role="dialog" aria-modal="true" aria-label={t("login.again")}>
        <h2 class="lh">{t("login.again")}</h2>
        <LoginForm user={me.value?.user ?? ""} onOther={() => location.reload()} />
      </div>
    </div>
  );
}

export function App(): JSX.Element {
  const [known, setKnown] = useState(false),
    [silent, setSilent] = useState(false);
  useEffect(() => {
    const ask = (): void =>
      void get<Me>("/api/me").then(
        (who) => {
          me.value = who;
          setKnown(true);
        },
        (e: unknown) => {
          if (e instanceof ApiError) return setKnown(true);
          setSilent(true);
          setTimeout(ask, RETRY_MS);
        },
      );
    ask();
  }, []);
  if (!known) return <div class="boot">{silent && <Note kind="bad">{t("offline")}</Note>}</div>;
  if (me.value === null || me.value.must_change) return <Login />;
  return (
    <>
      <View />
      {loginDied.value && <Again />}
    </>
  );
}

type Ask = <T>(path: string) => Promise<T | null>;
async function see(ask: Ask): Promise<Seen | null> {
  const [sites, campaigns, status] = await Promise.all([
    ask<{ sites: SiteRow[]; now_ms: number }>("/api/sites"),
    ask<{ campaigns: Campaign[] }>("/api/campaigns"),
    ask<Status>("/api/status"),
  ]);
  if (sites === null || campaigns === null || status === null) return null;
  return { at: Date.now(), ...sites, ...campaigns, status };
}

function View(): JSX.Element {
  const [seen, setSeen] = useState<Seen | null>(null),
    [late, setLate] = useState(false),
    [mine, setMine] = useState(false);
  useEffect(() => {
    let over = false;
    const look = async (ask: Ask): Promise<void> => {
      const s = await see(ask).catch(() => null);
      if (over) return;
      setLate(s === null);
      if (s !== null) setSeen(s);
    };
    void look(get);
    const timer = setInterval(() => void look(quiet), POLL_MS);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, []);
  const red = seen?.sites.filter((s) => s.red) ?? [];
  return (
    <div class="app">
      <header class="top">
        <span class="brand">
          <Mark />
          <span class="hide-t">Cloister</span>
        </span>
        <span class="sep" />
        <nav class="crumb" aria-label={t("crumb")}>
          <b>{seen?.status.federation ?? ""}</b>
          <span class="faint">/</span>
          <b>{me.value?.site.name}</b>
        </nav>
        <div class="mid" />
        <div class="right">
          {red.length > 0 && (
            <Badge kind="bad">
              <Icon name="stop" />
              {red.length} {t("op.state.stopped")}
            </Badge>
          )}
          {seen !== null && (
            <span class={`small nowrap ${late ? "old" : "faint"}`} role="status">
              {t(late ? "op.old" : "op.asOf", { at: clock(seen.at) })}
            </span>
          )}
          <ThemeSwitch />
          <LangSwitch />
          <Button kind="ghost sm" onClick={() => setMine(true)}>
            {me.value?.name}
          </Button>
        </div>
      </header>
      <main class="main coord operator" tabIndex={0} aria-label={t("op.sites")}>
        {seen === null ? (
          late ? (
            <Note kind="bad">{t("offline")}</Note>
          ) : (
            <Loading />
          )
        ) : (
          <>
            <h1 class="sr">{me.value?.site.name}</h1>
            <Alarms sites={red} />
            <Sites seen={seen} />
            <Campaigns list={seen.campaigns} />
            <Documents status={seen.status} />
          </>
        )}
      </main>
      <Foot />
      {mine && <Account onClose={() => setMine(false)} />}
    </div>
  );
}

function Account({ onClose }: { onClose: () => void }): JSX.Element {
  const leave = (): void => void post("/api/logout").finally(() => location.reload());
  return (
    <Dialog
      title={me.value?.name ?? ""}
      onClose={onClose}
      footer={
        <Button icon="door" onClick={leave}>
          {t("logout")}
        </Button>
      }
    >
      <PasswordForm onDone={onClose} />
    </Dialog>
  );
}
