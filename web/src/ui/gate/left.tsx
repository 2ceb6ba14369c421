/* Every message that crossed the wall, newest first, on both sides of a drawn wall; one of them whole, to the last
   byte. New ones come by themselves. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { get, me } from "../../app/api";
import { t, type MessageKey } from "../../app/messages";
import { quiet } from "../../app/quiet";
import type { Crossed, CrossedList } from "../../app/records";
import { go, href } from "../../app/router";
import { clock, count, day, size } from "../../app/time";
import { useFault } from "../fault";
import { Icon } from "../icons";
import { useKeys } from "../keys";
import { Button, Empty, Key, Loading } from "../parts";
import { Shell } from "../shell";
import { Message } from "./message";
import { Gate } from "./suspend";

const POLL_MS = 5000,
  SIZES = [0, 1000, 10000, 100000] as const;
export const TYPES = [
  "hello",
  "control",
  "status",
  "document",
  "document-ack",
  "campaign-reply",
  "blob-request",
  "blob-chunk",
  "refused",
  "rejected",
] as const;

/* What this version has no name for stands under its own. */
export function nameOf(type: string): string {
  const key = `left.t.${type}`,
    said = t(key as MessageKey);
  return said === key ? type : said;
}

export function wordsOf(row: Crossed): string {
  const key = `left.w.${row.direction}.${row.type}`,
    said = row.says === null && row.type !== "rejected" ? key : t(key as MessageKey, row.says ?? {});
  return said === key ? row.words : said;
}

interface Filter {
  direction: "" | "out" | "in";
  type: string;
  at_least: number;
  from: string;
  to: string;
}
const DAY_MS = 86400000;
const noon = (date: string): number => new Date(`${date}T00:00:00`).getTime();

function query(f: Filter, more: Readonly<Record<string, number>>): string {
  const q = new URLSearchParams();
  if (f.direction !== "") q.set("direction", f.direction);
  if (f.type !== "") q.set("type", f.type);
  if (f.at_least > 0) q.set("at_least", String(f.at_least));
  if (f.from !== "") q.set("from_ms", String(noon(f.from)));
  if (f.to !== "") q.set("to_ms", String(noon(f.to) + DAY_MS));
  for (const [k, v] of Object.entries(more)) q.set(k, String(v));
  return `/api/left?${q.toString()}`;
}

export function Left({ id }: { id: string }): JSX.Element {
  const [filter, setFilter] = useState<Filter>({ direction: "", type: "", at_least: 0, from: "", to: "" }),
    [list, setList] = useState<CrossedList | null>(null),
    newest = useRef<CrossedList | null>(null),
    fault = useFault();
  newest.current = list;
  useEffect(() => {
    setList(null);
    void fault.watch(get<CrossedList>(query(filter, {})).then(setList));
    const timer = setInterval(() => void news(), POLL_MS);
    const news = async (): Promise<void> => {
      const had = newest.current;
      if (had === null || document.hidden) return;
      const r = await quiet<CrossedList>(query(filter, { since: had.size }));
      if (r !== null && newest.current === had && r.size > had.size)
        setList({ ...r, left: [...r.left, ...had.left], next: had.next });
    };
    return () => clearInterval(timer);
  }, [filter]);
  const older = (): void => {
    if (list?.next === null || list === null) return;
    void fault.watch(
      get<CrossedList>(query(filter, { before: list.next })).then((r) =>
        setList({ ...list, left: [...list.left, ...r.left], next: r.next }),
      ),
    );
  };
  const step = (by: number): void => {
    const at = list?.left.findIndex((r) => String(r.index) === id) ?? -1,
      to = list?.left[at + by];
    if (to !== undefined) go("left", String(to.index));
  };
  useKeys({ nextRow: () => step(1), previousRow: () => step(-1) });
  const set = (f: Partial<Filter>): void => setFilter({ ...filter, ...f });
  return (
    <Shell crumb={<b>{t("page.left")}</b>} inside="wall.steward">
      <main class="main exch">
        <section class="xstage" aria-label={t("left.title")}>
          <Head list={list} />
          <Filters filter={filter} set={set} />
          {fault.node ??
            (list === null ? (
              <Loading />
            ) : (
              <List
                list={list}
                chosen={id}
                older={older}
                empty={list.totals.out.n + list.totals.in.n === 0 ? "left.noneYet" : "left.none"}
              />
            ))}
        </section>
        <Message id={id} />
      </main>
    </Shell>
  );
}

function Head({ list }: { list: CrossedList | null }): JSX.Element {
  const n = list?.totals;
  return (
    <header class="xtitle">
      <div>
        <h1>{t("left.title")}</h1>
        <p class="big" role="status">
          {n === undefined
            ? ""
            : t("left.total", { n: count(n.out.n), out: size(n.out.bytes), in: size(n.in.bytes) })}
        </p>
        <p class="muted">{t("left.why")}</p>
      </div>
      {me.value?.suspended == null && <Gate />}
    </header>
  );
}

function Filters({ filter, set }: { filter: Filter; set: (f: Partial<Filter>) => void }): JSX.Element {
  return (
    <div class="stagebar xfilters" role="group" aria-label={t("left.direction")}>
      <div class="seg">
        {(["", "out", "in"] as const).map((d) => (
          <button type="button" key={d} aria-pressed={filter.direction === d} onClick={() => set({ direction: d })}>
            {t(d === "" ? "left.all" : `left.${d}`)}
          </button>
        ))}
      </div>
      <select
        class="input"
        aria-label={t("left.type")}
        value={filter.type}
        onChange={(e) => set({ type: e.currentTarget.value })}
      >
        <option value="">{t("left.every")}</option>
        {TYPES.map((x) => (
          <option key={x} value={x}>
            {nameOf(x)}
          </option>
        ))}
      </select>
      <select
        class="input"
        aria-label={t("left.atLeast")}
        value={String(filter.at_least)}
        onChange={(e) => set({ at_least: Number(e.currentTarget.value) })}
      >
        {SIZES.map((n) => (
          <option key={n} value={String(n)}>
            {n === 0 ? t("left.anySize") : `≥ ${size(n)}`}
          </option>
        ))}
      </select>
      {(["from", "to"] as const).map((x) => (
        <label class="inline small" key={x}>
          {t(`left.${x}`)}
          <input class="input" type="date" value={filter[x]} onChange={(e) => set({ [x]: e.currentTarget.value })} />
        </label>
      ))}
      <span class="end keys">
        <Key of="nextRow" />
        <Key of="previousRow" />
      </span>
    </div>
  );
}

function List({
  list,
  chosen,
  older,
  empty,
}: {
  list: CrossedList;
  chosen: string;
  older: () => void;
  empty: MessageKey;
}): JSX.Element {
  let last = "";
  return (
    <div class="xlist" tabIndex={0} role="region" aria-label={t("left.title")}>
      {list.left.length === 0 && <Empty title={t(empty)} />}
      {list.left.length > 0 && (
        <div class="xhead" aria-hidden="true">
          <span>{t("left.time")}</span>
          <span class="xin">{t("left.inside", { site: me.value?.site.name ?? "" })}</span>
          <span />
          <span class="xout">{t("left.outside")}</span>
          <span class="num">{t("size")}</span>
        </div>
      )}
      {list.left.map((r) => {
        const d = day(r.at_ms),
          first = d !== last;
        last = d;
        return (
          <>
            {first && (
              <h2 class="over xrow xday" key={`d${r.index}`}>
                <span class="xd">{d}</span>
                <span class="xin" />
                <span class="xw" />
              </h2>
            )}
            <Row key={r.index} row={r} on={String(r.index) === chosen} />
          </>
        );
      })}
      {list.next !== null && (
        <div class="inline xolder">
          <Button onClick={older}>{t("left.older")}</Button>
        </div>
      )}
    </div>
  );
}

function Row({ row, on }: { row: Crossed; on: boolean }): JSX.Element {
  const out = row.direction === "out",
    said = (
      <>
        <b>{nameOf(row.type)}</b>
        <span>{wordsOf(row)}</span>
      </>
    );
  return (
    <a class={`xrow${on ? " on" : ""}`} href={href("left", String(row.index))} aria-current={on}>
      <span class="m">{clock(row.at_ms)}</span>
      <div class="xin">{out && said}</div>
      <div class="xw">
        <span class={`xn ${row.direction}${out ? " big" : ""}`}>
          <Icon name={out ? "right" : "left"} small />
          <span class="sr">{t(out ? "left.out" : "left.in")}</span>
        </span>
      </div>
      <div class="xout">{!out && said}</div>
      <span class="m num">{size(row.bytes)}</span>
    </a>
  );
}
