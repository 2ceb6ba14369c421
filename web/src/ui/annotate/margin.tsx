/* The margin beside a single text: what was said about a place, and what the selected place and those that touch
   it carry. A card stands beside its words, pushed down where it would cover another. */

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { say, t } from "../../app/messages";
import type { Pane } from "../../app/desk";
import type { Comment } from "../../app/records";
import { when } from "../../app/time";
import type { Attr, AttrValue, Region } from "../../model/types";
import { Icon } from "../icons";
import { Chip } from "../parts";
import { inReadingOrder, lineOf, wordsOf } from "../places";
import { initials } from "../shell";
import type { Acts } from "./acts";

const GAP = 8;
const MANY = 8; /* marks that touch the selected one; what is more is in the list */

export const touching = (a: Region, b: Region): boolean => {
  const x = a.sel,
    y = b.sel;
  if (!("parts" in x) || !("parts" in y)) return false;
  return x.parts.some(([s, e]) => y.parts.some(([u, v]) => s < v && u < e));
};

/* A value of an attr as it is said. */
function attrWords(a: Attr, v: AttrValue): string {
  if (typeof v === "boolean") return t(v ? "yes" : "no");
  const named = a.values?.find((x) => x.id === v);
  return named !== undefined ? say(named.name) : `${v}${a.unit === undefined ? "" : ` ${a.unit}`}`;
}

interface Card {
  readonly region: Region;
  readonly comment: Comment | null;
}

function cards(acts: Acts, pane: Pane, comments: readonly Comment[]): Card[] {
  const { store } = acts.desk,
    hidden = store.hidden.value,
    chosen = store.region(store.selected.value);
  const here = inReadingOrder(store.regions.value.values(), acts.desk.panes).filter(
    (r) => r.stream === pane.id && !hidden.has(r.id),
  );
  const near = chosen === null ? [] : here.filter((r) => r !== chosen && touching(r, chosen)).slice(0, MANY);
  return here.flatMap((region) => [
    ...comments.filter((c) => c.region === region.id).map((comment) => ({ region, comment })),
    ...(region === chosen || near.includes(region) ? [{ region, comment: null }] : []),
  ]);
}

export function Margin({
  acts,
  pane,
  comments,
}: {
  acts: Acts;
  pane: Pane;
  comments: readonly Comment[];
}): JSX.Element {
  const root = useRef<HTMLElement>(null),
    engine = acts.texts.get(pane.id),
    list = cards(acts, pane, comments);
  const place = (): void => {
    const el = root.current;
    if (el === null || engine === undefined) return;
    const top = el.getBoundingClientRect().top;
    let floor = 0;
    for (const card of el.querySelectorAll<HTMLElement>("[data-at]")) {
      const words = engine.box(card.dataset["at"] ?? "");
      const y = Math.max(floor, words === null ? 0 : words.top - top - 4);
      card.style.top = `${y}px`;
      floor = y + card.offsetHeight + GAP;
    }
    el.style.minHeight = `${floor}px`;
  };
  useLayoutEffect(place);
  useEffect(() => {
    engine?.drawn.add(place);
    return () => void engine?.drawn.delete(place);
  }, [engine]);
  return (
    <aside class="margin" aria-label={t("margin")} ref={root}>
      {list.map(({ region, comment }, i) => (
        <button
          type="button"
          class={`mcard link${region.id === acts.desk.store.selected.value ? " on" : ""}`}
          data-at={region.id}
          key={`${region.id} ${comment === null ? "" : i}`}
          onClick={() => {
            acts.pick(region.id);
            acts.reveal(region);
          }}
        >
          {comment === null ? (
            <Mark acts={acts} r={region} pane={pane} />
          ) : (
            <Said c={comment} line={lineOf(region, pane)} />
          )}
        </button>
      ))}
    </aside>
  );
}

function Said({ c, line }: { c: Comment; line: number | null }): JSX.Element {
  return (
    <>
      <span class="mk">
        <Icon name="comment" />
      </span>
      <span class="inline tight">
        <span class="avatar xs" aria-hidden="true">
          {initials(c.by)}
        </span>
        <b class="trunc">{c.by}</b>
        {line !== null && <span class="faint small nowrap">{t("margin.line", { n: line })}</span>}
      </span>
      <span class="muted">{c.text}</span>
      <span class="faint small">{when(c.at_ms)}</span>
    </>
  );
}

function Mark({ acts, r, pane }: { acts: Acts; r: Region; pane: Pane }): JSX.Element {
  const { desk } = acts,
    l = desk.schema.labels.get(r.label),
    chip = <Chip color={l?.color ?? 9} letter={desk.letters.get(r.label) ?? "·"} />;
  const values = (desk.schema.tasks.get(r.task)?.attrs ?? []).flatMap((id) => {
    const a = desk.schema.attrs.get(id),
      v = r.attrs?.[id];
    return a === undefined || v === undefined ? [] : [{ name: say(a.name), value: attrWords(a, v) }];
  });
  return (
    <>
      <span class="mk">{chip}</span>
      <span class="lab">
        {chip}
        <b class="trunc">{l === undefined ? r.label : say(l.name)}</b>
        {r.certainty !== undefined && <span class="end faint small">{r.certainty} %</span>}
      </span>
      <span class="muted trunc2">{wordsOf(r, pane)}</span>
      {values.map((x) => (
        <span class="small" key={x.name}>
          <span class="faint">{x.name}:</span> {x.value}
        </span>
      ))}
    </>
  );
}
