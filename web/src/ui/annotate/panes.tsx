/* The panes: each gives an engine its ground and takes it away again. The engines draw; Preact does not
   look inside. */

import type { JSX } from "preact";
import { effect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { say, t } from "../../app/messages";
import type { Bench, Pane } from "../../app/desk";
import { count } from "../../app/time";
import { drawArcs, type Arc } from "../../engines/text/arcs";
import type { RasterEngine } from "../../engines/raster/engine";
import { TextEngine } from "../../engines/text/engine";
import type { Look } from "../../engines/text/paper";
import type { Loaded } from "../../schema/load";
import { Icon } from "../icons";
import { Button, Note } from "../parts";
import type { Acts } from "./acts";

export function looks(schema: Loaded, letters: ReadonlyMap<string, string>): (label: string) => Look {
  return (id) => {
    const l = schema.labels.get(id);
    return { color: l?.color ?? 9, letter: letters.get(id) ?? "·", name: l === undefined ? id : say(l.name) };
  };
}

/* Relations whose ends both pass the test, as lines to draw. */
export function arcsOf(desk: Bench, within: (from: string, to: string) => boolean): Arc[] {
  const { store, schema } = desk,
    chosen = store.selected.peek(),
    hidden = store.hidden.peek();
  return [...store.relations.peek().values()].flatMap((r) => {
    const from = store.region(r.from),
      to = store.region(r.to),
      type = schema.relations.get(r.type);
    if (from === null || to === null || hidden.has(from.id) || hidden.has(to.id) || !within(from.stream, to.stream))
      return [];
    return [
      {
        id: r.id,
        from: r.from,
        to: r.to,
        text: say(type?.name ?? {}),
        on: chosen === r.from || chosen === r.to,
        symmetric: type?.symmetric === true,
      },
    ];
  });
}

export function PaneFault({ pane }: { pane: Pane }): JSX.Element {
  return (
    <div class="panefault">
      <Note kind="warn">{t(`pane.${pane.fault ?? "missing"}`, { stream: pane.id })}</Note>
    </div>
  );
}

export function TextPane({ acts, pane }: { acts: Acts; pane: Pane }): JSX.Element {
  const root = useRef<HTMLDivElement>(null),
    { desk } = acts;
  useLayoutEffect(() => {
    if (root.current === null || pane.text === null) return;
    const engine = new TextEngine(root.current, pane.text, {
      store: desk.store,
      stream: pane.id,
      caretName: t("pane.textHelp", { stream: pane.id }),
      look: looks(desk.schema, desk.letters),
      arcs: () => arcsOf(desk, (a, b) => a === pane.id && b === pane.id),
      mark: (a, b, adding) => acts.markText(pane.id, a, b, adding),
      pick: (id) => acts.pick(id),
    });
    acts.texts.set(pane.id, engine);
    return () => {
      acts.texts.delete(pane.id);
      engine.dispose();
    };
  }, [pane]);
  if (pane.fault !== null) return <PaneFault pane={pane} />;
  return (
    <article
      class="notepaper"
      onFocusCapture={() => {
        desk.focus.value = pane.id;
      }}
    >
      <header class="nhead">
        <b>{pane.id}</b>
        <span class="faint">{t("pane.characters", { n: count(pane.text?.length ?? 0) })}</span>
      </header>
      <div class="textroot" ref={root} />
    </article>
  );
}

export function ImagePane({ acts, pane }: { acts: Acts; pane: Pane }): JSX.Element {
  const root = useRef<HTMLDivElement>(null),
    { desk } = acts;
  useLayoutEffect(() => {
    const Engine = pane.raster;
    if (root.current === null || pane.image === null || Engine === null) return;
    const engine = new Engine(root.current, pane.image, {
      store: desk.store,
      stream: pane.id,
      name: pane.id,
      tool: () => desk.tool.value,
      look: looks(desk.schema, desk.letters),
      mark: (sel) => acts.markImage(pane.id, sel),
      change: (r, sel) => acts.change(r, sel),
      pick: (id) => acts.pick(id),
      hud: (v, w, p) => [
        `${p.w} × ${p.h}`,
        `${t("pane.window", { w: w.width, l: w.level })}${w.invert ? ` · ${t("pane.inverted")}` : ""} · ${v.scale.toFixed(2)}×`,
      ],
    });
    acts.rasters.set(pane.id, engine);
    return () => {
      acts.rasters.delete(pane.id);
      engine.dispose();
    };
  }, [pane]);
  if (pane.fault !== null) return <PaneFault pane={pane} />;
  return (
    <div
      class="film on-film"
      ref={root}
      tabIndex={0}
      role="group"
      aria-label={t("pane.imageHelp", { stream: pane.id })}
      onFocusCapture={() => {
        desk.focus.value = pane.id;
      }}
    />
  );
}

export function ImageButtons({ acts, pane }: { acts: Acts; pane: Pane }): JSX.Element | null {
  const engine = (): RasterEngine | undefined => acts.rasters.get(pane.id);
  if (pane.fault !== null) return null;
  return (
    <span class="inline tight">
      <Button kind="ghost icon sm" icon="search" of="fit" label={t("key.fit")} onClick={() => engine()?.reset()} />
      <Button
        kind="ghost icon sm"
        icon="theme"
        of="invert"
        label={t("key.invert")}
        onClick={() => engine()?.invert()}
      />
    </span>
  );
}

/* Lines between panes, from place to place, over all of them. */
export function Between({ acts }: { acts: Acts }): JSX.Element {
  const ref = useRef<SVGSVGElement>(null),
    { desk } = acts;
  useEffect(() => {
    const svg = ref.current;
    if (svg === null) return;
    let frame = 0;
    const box = (id: string): DOMRect | null => {
      const stream = desk.store.region(id)?.stream ?? "",
        r = acts.texts.get(stream)?.box(id) ?? acts.rasters.get(stream)?.box(id) ?? null;
      const pane = document.querySelector(`[data-pane="${CSS.escape(stream)}"] .view`)?.getBoundingClientRect();
      if (r === null || pane === undefined) return r;
      /* A place that is scrolled away is pointed at by its pane's edge. */
      const x = Math.max(pane.left, Math.min(pane.right - 8, r.x)),
        y = Math.max(pane.top, Math.min(pane.bottom - 8, r.y));
      return new DOMRect(
        x,
        y,
        Math.max(8, Math.min(r.width, pane.right - x)),
        Math.max(8, Math.min(r.height, pane.bottom - y)),
      );
    };
    const draw = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() =>
        requestAnimationFrame(() =>
          drawArcs(
            svg,
            arcsOf(desk, (a, b) => a !== b),
            box,
            true,
          ),
        ),
      );
    };
    const stop = effect(() => {
      const s = desk.store;
      void [s.regions.value, s.relations.value, s.selected.value, s.hidden.value];
      for (const r of acts.rasters.values()) void r.view.value;
      draw();
    });
    addEventListener("resize", draw);
    document.addEventListener("scroll", draw, true);
    return () => {
      stop();
      cancelAnimationFrame(frame);
      removeEventListener("resize", draw);
      document.removeEventListener("scroll", draw, true);
    };
  }, []);
  return <svg class="arcs z" ref={ref} aria-hidden="true" />;
}

export function PaneHead({
  acts,
  pane,
  cap,
  children,
}: {
  acts: Acts;
  pane: Pane;
  cap: string;
  children?: JSX.Element;
}): JSX.Element {
  void acts;
  return (
    <header>
      <Icon name={pane.brief.kind === "image" ? "image" : "text"} />
      <b class="cap">{pane.id}</b>
      <kbd class="key" aria-hidden="true">
        {cap}
      </kbd>
      {children}
    </header>
  );
}
