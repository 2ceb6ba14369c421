/* Opens an item: everything is fetched before the first word is shown, and let go when the view leaves. */

import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { leaveDesk, openDesk, type Desk } from "../../app/desk";
import { t } from "../../app/messages";
import { wordsOfFault } from "../fault";
import { Loading, Note } from "../parts";
import { Shell } from "../shell";
import { AnnotateView } from "./view";

export function Annotate({ id }: { id: string }): JSX.Element {
  const [desk, setDesk] = useState<Desk | null>(null),
    [fault, setFault] = useState<string | null>(null);
  /* With the commit, not after the paint: the node is asked while the browser paints the frame. */
  useLayoutEffect(() => {
    let gone = false,
      mine: Desk | null = null;
    openDesk(id).then(
      (d) => {
        if (gone) return void leaveDesk(d);
        mine = d;
        setDesk(d);
      },
      (e: unknown) => setFault(wordsOfFault(e)),
    );
    return () => {
      gone = true;
      if (mine !== null) void leaveDesk(mine);
    };
  }, [id]);
  if (desk !== null) return <AnnotateView desk={desk} />;
  return (
    <Shell crumb={<b>{t("annotate.title")}</b>} inside="wall.annotate">
      <main class="main plain">
        {fault === null ? (
          <Loading />
        ) : (
          <div role="alert">
            <Note kind="bad">{fault}</Note>
          </div>
        )}
      </main>
    </Shell>
  );
}
