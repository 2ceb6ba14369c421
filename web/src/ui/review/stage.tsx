/* What the readers did, side by side or layered, and the film with all of them on it. */

import type { JSX } from "preact";
import { effect, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { say, t } from "../../app/messages";
import { emptyStore, type Pane } from "../../app/desk";
import type { RasterEngine } from "../../engines/raster/engine";
import { TextEngine } from "../../engines/text/engine";
import type { Group } from "../../model/match";
import type { Store } from "../../model/store";
import type { Region } from "../../model/types";
import { Icon } from "../icons";
import { looks, PaneFault } from "../annotate/panes";
import type { Reader, Result } from "./result";

interface StageProps {
  result: Result;
  pane: Pane;
  chosen: ReadonlySignal<Group | null>;
  onPick: (g: Group) => void;
}

/* The work of some readers in one store; with several, an id says whose region it is. */
function storeOf(
  result: Result,
  readers: readonly number[],
): { store: Store; whose: Map<string, { reader: number; group: Group | undefined; region: Region }> } {
  const store = emptyStore(result.work),
    whose = new Map<string, { reader: number; group: Group | undefined; region: Region }>();
  const regions = readers.flatMap((reader) =>
    (result.docs[reader]?.regions ?? []).map((region) => {
      const id = `${reader}:${region.id}`;
      whose.set(id, { reader, region, group: result.groups.find((g) => g.members[reader]?.id === region.id) });
      return { ...region, id };
    }),
  );
  store.load({ ...store.document(), regions });
  return { store, whose };
}

function useChosen(
  chosen: ReadonlySignal<Group | null>,
  store: Store,
  readers: readonly number[],
  reveal: (id: string) => void,
): void {
  useEffect(
    () =>
      effect(() => {
        const g = chosen.value,
          at = readers.find((i) => g?.members[i] != null);
        store.selected.value = at === undefined ? null : `${at}:${g?.members[at]?.id ?? ""}`;
        if (store.selected.value !== null) reveal(store.selected.value);
      }),
    [store],
  );
}

export function ReadText({
  result,
  pane,
  chosen,
  onPick,
  readers,
}: StageProps & { readers: readonly number[] }): JSX.Element {
  const root = useRef<HTMLDivElement>(null),
    engine = useRef<TextEngine | null>(null);
  const { store, whose } = useMemo(() => storeOf(result, readers), [result, readers.join()]);
  useEffect(() => {
    if (root.current === null || pane.text === null) return;
    const look = looks(result.bench.schema, result.bench.letters),
      several = readers.length > 1;
    const e = new TextEngine(root.current, pane.text, {
      store,
      stream: pane.id,
      caretName: pane.id,
      look: (label) => look(label),
      arcs: () => [],
      mark: () => false,
      pick: (id) => {
        const g = whose.get(id ?? "")?.group;
        if (g !== undefined) onPick(g);
      },
      calm: (r) => (whose.get(r.id)?.group?.state ?? "agreed") === "agreed",
      gaps: () =>
        several
          ? []
          : result.groups.flatMap((g) =>
              g.members[readers[0] ?? 0] == null
                ? [{ ...(g.members.find((m) => m !== null) as Region), id: `gap:${g.key}` }]
                : [],
            ),
    });
    engine.current = e;
    return () => {
      engine.current = null;
      e.dispose();
    };
  }, [store, pane]);
  useChosen(chosen, store, readers, (id) => engine.current?.reveal(id));
  if (pane.fault !== null) return <PaneFault pane={pane} />;
  return (
    <div
      class="txt"
      tabIndex={0}
      role="region"
      aria-label={readers.map((i) => t("reader", { letter: result.readers[i]?.letter ?? "" })).join(", ")}
    >
      <div class="textroot" ref={root} />
    </div>
  );
}

export function ReaderHead({ reader }: { reader: Reader }): JSX.Element {
  return (
    <header>
      <Rmark reader={reader} />
      <b>{t("reader", { letter: reader.letter })}</b>
      <span class="faint small nowrap">
        {t("reader.about", {
          n: reader.revision.doc.regions.length,
          min: Math.max(1, Math.round(reader.revision.active_ms / 60000)),
        })}
      </span>
    </header>
  );
}

export function Rmark({ reader }: { reader: Pick<Reader, "letter"> }): JSX.Element {
  return <span class={`rmark${reader.letter === "A" ? "" : " b"}`}>{reader.letter}</span>;
}

export function ReadFilm({ result, pane, chosen, onPick }: StageProps): JSX.Element {
  const root = useRef<HTMLDivElement>(null),
    engine = useRef<RasterEngine | null>(null),
    all = useMemo(() => result.readers.map((_, i) => i), [result]);
  const { store, whose } = useMemo(() => storeOf(result, all), [result]);
  useEffect(() => {
    const Engine = pane.raster;
    if (root.current === null || pane.image === null || Engine === null) return;
    const look = looks(result.bench.schema, result.bench.letters);
    const e = new Engine(root.current, pane.image, {
      store,
      stream: pane.id,
      name: pane.id,
      tool: () => "select",
      look,
      readOnly: true,
      mark: () => false,
      change: () => undefined,
      pick: (id) => {
        const g = whose.get(id ?? "")?.group;
        if (g !== undefined) onPick(g);
      },
      layer: (r) => {
        const w = whose.get(r.id);
        return `${w?.reader === 0 ? "ra" : "rb"} of-${result.readers[w?.reader ?? 0]?.letter ?? ""}${w?.group?.state === "agreed" ? " calm" : ""}`;
      },
      hud: (v, w, p) => [`${p.w} × ${p.h}`, `${t("pane.window", { w: w.width, l: w.level })} · ${v.scale.toFixed(2)}×`],
    });
    engine.current = e;
    return () => {
      engine.current = null;
      e.dispose();
    };
  }, [store, pane]);
  useChosen(chosen, store, all, (id) => engine.current?.reveal(id));
  return (
    <section class="reader" aria-label={pane.id} data-pane={pane.id}>
      <header>
        <Icon name="image" />
        <b class="cap">{pane.id}</b>
        <span class="faint small nowrap">{result.alone ? "" : t("reader.dashes")}</span>
      </header>
      {pane.fault !== null ? (
        <PaneFault pane={pane} />
      ) : (
        <div class="film on-film" ref={root} tabIndex={0} role="group" aria-label={pane.id} />
      )}
    </section>
  );
}

export function labelWords(result: Result, label: string): string {
  const l = result.bench.schema.labels.get(label);
  return l === undefined ? label : say(l.name);
}
