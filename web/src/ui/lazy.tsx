/* A view that is fetched when it is first needed. What stands meanwhile is the frame of the page. */

import { h, type ComponentType, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../app/messages";
import { Loading, Note } from "./parts";

export function lazily<P extends object>(fetch: () => Promise<ComponentType<P>>): (props: P) => JSX.Element {
  let ready: ComponentType<P> | null = null;
  return (props) => {
    const [view, setView] = useState<ComponentType<P> | null>(() => ready),
      [fault, setFault] = useState(false);
    useEffect(() => {
      if (ready === null)
        fetch().then(
          (c) => {
            ready = c;
            setView(() => c);
          },
          () => setFault(true),
        );
    }, []);
    if (view !== null) return h(view, props);
    return <main class="main plain">{fault ? <Note kind="bad">{t("offline")}</Note> : <Loading />}</main>;
  };
}
