/* The page: who is here, then the view that the address names. */

import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { ahead, ApiError, get, loginDied, me, type Me } from "../app/api";
import { t } from "../app/messages";
import { route } from "../app/router";
import "../app/pinned";
import { Home } from "./home";
import { LoginAgain, LoginPage } from "./login";
import { Note } from "./parts";
import { pagesOf, Shell } from "./shell";
import { viewAt } from "./views";

const RETRY_MS = 2000;
/* Views that begin anew with each thing they show. */
const EACH: readonly string[] = ["work", "review"];

/* Asked before the words are here, as is the view that the address names: the node answers all at once. */
let asked: Promise<Me> | null = get<Me>("/api/me");
const [named, subject = ""] = route.peek();
asked.then(
  (who) => {
    if (named === "work" && !who.must_change) ahead(`/api/assignments/${encodeURIComponent(subject)}`);
  },
  () => undefined,
);
if (named !== undefined)
  viewAt(named)
    ?.fetch()
    .catch(() => undefined);

function View(): JSX.Element {
  const [name = "", id = ""] = route.value,
    roles = me.value?.roles ?? [];
  const at = name === "" ? (pagesOf(roles)[0]?.path ?? "") : name,
    Here = viewAt(at);
  if (at === "") return <Home />;
  if (Here !== undefined) return <Here id={id} key={EACH.includes(name) ? id : ""} />;
  return (
    <Shell crumb={<b>{t("lost")}</b>} inside="wall.home">
      <main class="main plain">
        <Note>{t("lost")}</Note>
      </main>
    </Shell>
  );
}

export function App(): JSX.Element {
  const [known, setKnown] = useState(false),
    [silent, setSilent] = useState(false);
  useLayoutEffect(() => {
    const ask = (): void => {
      const answer = asked ?? get<Me>("/api/me");
      asked = null;
      answer.then(
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
    };
    ask();
  }, []);
  if (!known) return <div class="boot">{silent && <Note kind="bad">{t("offline")}</Note>}</div>;
  if (me.value === null || me.value.must_change) return <LoginPage />;
  return (
    <>
      <View />
      {loginDied.value && <LoginAgain />}
    </>
  );
}
