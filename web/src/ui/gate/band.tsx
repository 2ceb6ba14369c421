/* Looks now and then whether somebody has closed the wall; if so, it is said in every view. */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { me, type Me } from "../../app/api";
import { quiet } from "../../app/quiet";
import { lazyPiece } from "../lazy";
import { gate } from "../views";

const LOOK_MS = 20000;
const Banner = lazyPiece(
  () => gate().then((m) => m.Banner),
  () => null,
);

async function look(): Promise<void> {
  const now = me.value && (await quiet<Me>("/api/me"));
  if (now && me.value?.suspended?.since_ms !== now.suspended?.since_ms) me.value = now;
}

export function Band(): JSX.Element | null {
  useEffect(() => {
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  return me.value?.suspended == null ? null : <Banner />;
}
