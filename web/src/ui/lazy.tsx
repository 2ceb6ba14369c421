/* Parts of the page that are fetched when they are first needed, so that work can begin on as few bytes as
   possible. What will be wanted sooner or later is fetched once the page is at rest: from then on it opens at
   once, also while the node does not answer. */

import { h, type ComponentType, type JSX } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { t } from "../app/messages";
import { Dialog, Loading, Note } from "./parts";

const REST_MS = 1200;

export interface Lazy<P> {
  (props: P): JSX.Element | null;
  fetch(): Promise<unknown>;
}

type Meanwhile<P> = (props: P & { fault: boolean }) => JSX.Element | null;

function lazy<P extends object>(get: () => Promise<ComponentType<P>>, meanwhile: Meanwhile<P>, wait = 0): Lazy<P> {
  let ready: ComponentType<P> | null = null;
  const fetch = async (): Promise<ComponentType<P>> => (ready ??= await get());
  const part = (props: P): JSX.Element | null => {
    const [view, setView] = useState<ComponentType<P> | null>(() => ready),
      [fault, setFault] = useState(false);
    useLayoutEffect(() => {
      if (view !== null) return;
      const ask = (): void =>
        void fetch().then(
          (c) => setView(() => c),
          () => setFault(true),
        );
      const timer = wait > 0 ? setTimeout(ask, wait) : void ask();
      addEventListener("online", ask);
      return () => {
        clearTimeout(timer);
        removeEventListener("online", ask);
      };
    }, [view]);
    return view === null ? meanwhile({ ...props, fault }) : h(view, props);
  };
  return Object.assign(part, { fetch });
}

/* A whole view: the frame of the page stands meanwhile. */
export const lazily = <P extends object>(get: () => Promise<ComponentType<P>>): Lazy<P> =>
  lazy(get, ({ fault }) => (
    <main class="main plain">{fault ? <Note kind="bad">{t("offline")}</Note> : <Loading />}</main>
  ));

/* A dialog: its empty frame stands meanwhile, so that no key reaches the work beneath. */
export const lazyDialog = <P extends { onClose: () => void }>(get: () => Promise<ComponentType<P>>): Lazy<P> =>
  lazy(get, ({ fault, onClose }) => (
    <Dialog title={t("loading")} onClose={onClose}>
      {fault ? <Note kind="bad">{t("offline")}</Note> : <Loading />}
    </Dialog>
  ));

/* A piece of a view, with something plain in its place until then. */
export const lazyPiece = <P extends object>(
  get: () => Promise<ComponentType<P>>,
  plain: (props: P) => JSX.Element | null,
): Lazy<P> => lazy(get, plain);

/* A piece that nobody misses at first: it comes when the page is at rest. */
export const lazyAtRest = <P extends object>(get: () => Promise<ComponentType<P>>): Lazy<P> =>
  lazy(get, () => null, REST_MS);

export function useLater(...parts: readonly { fetch(): Promise<unknown> }[]): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const p of parts) p.fetch().catch(() => undefined);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, []);
}
