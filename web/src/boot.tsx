/* Boot: who is here, then the view that the address names. */

import { render, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError, get, loginDied, me, type Me } from "./app/api";
import { t } from "./app/messages";
import { route } from "./app/router";
import "./app/settings";
import { Home } from "./ui/home";
import { listen } from "./ui/keys";
import { lazily } from "./ui/lazy";
import { LoginAgain, LoginPage } from "./ui/login";
import { Note } from "./ui/parts";
import { pagesOf, Shell } from "./ui/shell";

const RETRY_MS = 2000;

/* A person loads the views of their own roles only. */
const Annotate = lazily(() => import("./ui/annotate").then((m) => m.Annotate));
const Reviews = lazily(() => import("./ui/review").then((m) => m.Reviews));
const Review = lazily(() => import("./ui/review").then((m) => m.Review));
const Inbox = lazily(() => import("./ui/steward").then((m) => m.Inbox));
const Figures = lazily(() => import("./ui/steward").then((m) => m.Figures));
const Reads = lazily(() => import("./ui/steward").then((m) => m.Reads));
const Users = lazily(() => import("./ui/steward").then((m) => m.Users));

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

function App(): JSX.Element {
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

listen();
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
