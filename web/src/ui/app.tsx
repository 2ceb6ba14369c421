/* The page: who is here, then the view that the address names. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError, get, loginDied, me, type Me } from "../app/api";
import { learn, t } from "../app/messages";
import { route } from "../app/router";
import { Annotate } from "./annotate";
import { Home } from "./home";
import { lazily } from "./lazy";
import { LoginAgain, LoginPage } from "./login";
import { Note } from "./parts";
import { pagesOf, Shell } from "./shell";

const RETRY_MS = 2000;

/* Annotators are most of those who come, so their view is here; others load the views of their roles. */
const review = (): Promise<typeof import("./review")> => learn("review").then(() => import("./review"));
const steward = (): Promise<typeof import("./steward")> => learn("steward").then(() => import("./steward"));
const Reviews = lazily(() => review().then((m) => m.Reviews));
const Review = lazily(() => review().then((m) => m.Review));
const Inbox = lazily(() => steward().then((m) => m.Inbox));
const Figures = lazily(() => steward().then((m) => m.Figures));
const Reads = lazily(() => steward().then((m) => m.Reads));
const Users = lazily(() => steward().then((m) => m.Users));

function View(): JSX.Element {
  const [name = "", id = ""] = route.value,
    roles = me.value?.roles ?? [];
  const first = pagesOf(roles)[0]?.path ?? "";
  switch (name === "" && first !== "" ? first : name) {
    case "":
      return <Home />;
    case "work":
      return <Annotate id={id} key={id} />;
    case "reviews":
      return <Reviews />;
    case "review":
      return <Review id={id} key={id} />;
    case "inbox":
      return <Inbox id={id} />;
    case "figures":
      return <Figures />;
    case "reads":
      return <Reads />;
    case "users":
      return <Users />;
    default:
      return (
        <Shell crumb={<b>{t("lost")}</b>} inside="wall.home">
          <main class="main plain">
            <Note>{t("lost")}</Note>
          </main>
        </Shell>
      );
  }
}

export function App(): JSX.Element {
  const [known, setKnown] = useState(false),
    [silent, setSilent] = useState(false);
  useEffect(() => {
    const ask = (): void => {
      get<Me>("/api/me").then(
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
