/* One list of regions over all streams; above 200 only the rows in sight are in the DOM. */

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../app/messages";
import type { Bench } from "../app/desk";
import type { Region } from "../model/types";
import { Icon } from "./icons";
import { Chip, Key } from "./parts";
import { inReadingOrder, lineOf, wordsOf } from "./places";

const ROW = 30;
const MANY = 200;
const SPARE = 8;

export function RegionList({ desk }: { desk: Bench }): JSX.Element {
  const { store } = desk,
    box = useRef<HTMLElement>(null),
    [top, setTop] = useState(0);
  const list = inReadingOrder(store.regions.value.values(), desk.panes),
    chosen = store.selected.value;
  const linked = new Set([...store.relations.value.values()].flatMap((r) => [r.from, r.to]));
  const at = list.findIndex((r) => r.id === chosen);
  useLayoutEffect(() => {
    const el = box.current;
    if (el === null || at < 0) return;
    const head = el.scrollHeight - list.length * ROW,
      y = head + at * ROW;
    if (y < el.scrollTop + head || y + ROW > el.scrollTop + el.clientHeight)
      el.scrollTop = Math.max(0, y - el.clientHeight / 2);
  }, [at]);
  const from = list.length > MANY ? Math.max(0, Math.floor(top / ROW) - SPARE) : 0;
  const to = list.length > MANY ? from + Math.ceil((box.current?.clientHeight ?? 600) / ROW) + 2 * SPARE : list.length;
  return (
    <section
      class="sec tight regs"
      aria-label={t("regions")}
      ref={box}
      onScroll={(e) => {
        if (list.length > MANY) setTop(e.currentTarget.scrollTop);
      }}
    >
      <header>
        <h2 class="over">{t("regions")}</h2>
        <span class="count">{list.length}</span>
        {list.length > 0 && (
          <span class="end inline">
            <span class="small faint">{t("hide")}</span>
            <Key of="hide" />
            <span class="small faint">{t("delete")}</span>
            <Key of="remove" />
          </span>
        )}
      </header>
      {list.length === 0 && <p class="hint padded">{t("regions.none")}</p>}
      <div class="rows">
        <div class="spacer" style={{ height: from * ROW }} />
        {list.slice(from, to).map((r) => (
          <RegionRow key={r.id} r={r} desk={desk} on={r.id === chosen} linked={linked.has(r.id)} />
        ))}
        <div class="spacer" style={{ height: Math.max(0, list.length - to) * ROW }} />
      </div>
    </section>
  );
}

function RegionRow({ r, desk, on, linked }: { r: Region; desk: Bench; on: boolean; linked: boolean }): JSX.Element {
  const label = desk.schema.labels.get(r.label),
    pane = desk.panes.find((p) => p.id === r.stream),
    line = lineOf(r, pane);
  const hidden = desk.store.hidden.value.has(r.id);
  return (
    <button
      type="button"
      class={`row${on ? " on" : ""}${hidden ? " off" : ""}`}
      aria-current={on}
      onClick={() => {
        desk.store.selected.value = r.id;
      }}
    >
      <Chip color={label?.color ?? 9} letter={desk.letters.get(r.label) ?? "·"} hollow={hidden} />
      <span class="t">{wordsOf(r, pane)}</span>
      {linked && <Icon name="link" small faint />}
      {hidden && <Icon name="eye" small faint />}
      {line === null ? <Icon name="image" small faint /> : <span class="m">{line}</span>}
    </button>
  );
}
