/* Review: the list of items that every reader has handed in, and one of them opened. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get, post } from "../../app/api";
import { openPane } from "../../app/desk";
import { t, type MessageKey } from "../../app/messages";
import { guidelinesOf, schemaOf } from "../../app/pinned";
import type { ItemWork, ReviewRow } from "../../app/records";
import { go, href } from "../../app/router";
import { size, when } from "../../app/time";
import { useFault, wordsOfFault } from "../fault";
import { StreamIcons } from "../home";
import { useKeys } from "../keys";
import { Badge, Button, Empty, Key, Loading, Note } from "../parts";
import { Shell } from "../shell";
import { Result } from "./result";
import { ReviewView } from "./view";

const ORDER = ["in_review", "ready", "done"];

export function Reviews(): JSX.Element {
  const [rows, setRows] = useState<ReviewRow[] | null>(null),
    [at, setAt] = useState(0),
    fault = useFault();
  useEffect(() => {
    void fault.watch(
      get<{ reviews: ReviewRow[] }>("/api/reviews").then((r) =>
        setRows([...r.reviews].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))),
      ),
    );
  }, []);
  const list = rows ?? [],
    open = list.filter((r) => r.state !== "done");
  const next =
    open.length === 0
      ? undefined
      : () =>
          void fault.watch(
            post<{ item: string } | null>("/api/reviews/next").then((r) => {
              if (r !== null) go("review", r.item);
            }),
          );
  useKeys({
    open: list[at] === undefined ? undefined : () => go("review", list[at]?.item ?? ""),
    fresh: next,
    nextRow: () => setAt(Math.min(list.length - 1, at + 1)),
    previousRow: () => setAt(Math.max(0, at - 1)),
  });
  return (
    <Shell crumb={<b>{t("page.reviews")}</b>} inside="wall.review">
      <main class="main home wide">
        <section class="hcol">
          <h1>{t("reviews.title")}</h1>
          <p class="muted">{t("reviews.open", { n: open.length })}</p>
          {fault.node}
          {rows === null && fault.node === null && <Loading />}
          {rows !== null && list.length === 0 && (
            <section class="panel queue">
              <Empty title={t("reviews.empty")}>
                <p>{t("reviews.emptyWhy")}</p>
              </Empty>
            </section>
          )}
          {list.length > 0 && (
            <section class="panel queue" aria-label={t("page.reviews")}>
              <header>
                <h2 class="h3">{t("reviews.list")}</h2>
                {next !== undefined && (
                  <Button kind="primary" of="fresh" onClick={next}>
                    {t("reviews.next")}
                  </Button>
                )}
                <span class="end keys">
                  <Key of="nextRow" />
                  <Key of="previousRow" />
                  <Key of="open" />
                </span>
              </header>
              <table class="table">
                <thead>
                  <tr>
                    <th>{t("item")}</th>
                    <th>{t("streams")}</th>
                    <th>{t("size")}</th>
                    <th>{t("state")}</th>
                    <th class="num">{t("changed")}</th>
                  </tr>
                </thead>
                <tbody>
                  {list.map((r, i) => (
                    <tr key={r.item} class={i === at ? "on" : ""}>
                      <td>
                        <a class="rowlink" href={href("review", r.item)}>
                          {r.title}
                        </a>
                      </td>
                      <td>
                        <StreamIcons streams={r.streams} />
                      </td>
                      <td class="faint">{r.streams.map((s) => size(s.bytes)).join(", ")}</td>
                      <td>
                        <Badge kind={r.state === "done" ? "ok" : r.state === "in_review" ? "warn" : ""}>
                          {t(`reviews.${r.state}` as MessageKey)}
                        </Badge>
                      </td>
                      <td class="faint num">{when(r.updated_ms)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          )}
        </section>
      </main>
    </Shell>
  );
}

export function Review({ id }: { id: string }): JSX.Element {
  const [result, setResult] = useState<Result | null>(null),
    [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    let gone = false,
      mine: Result | null = null;
    openReview(id).then(
      (r) => {
        if (gone) return r.bench.dispose();
        mine = r;
        setResult(r);
      },
      (e: unknown) => setFault(wordsOfFault(e)),
    );
    return () => {
      gone = true;
      mine?.bench.dispose();
    };
  }, [id]);
  if (result !== null && result.readers.length > 0) return <ReviewView result={result} />;
  return (
    <Shell crumb={<b>{t("page.reviews")}</b>} inside="wall.review">
      <main class="main plain">
        {fault !== null ? (
          <div role="alert">
            <Note kind="bad">{fault}</Note>
          </div>
        ) : result === null ? (
          <Loading />
        ) : (
          <Note>{t("review.nobody")}</Note>
        )}
      </main>
    </Shell>
  );
}

async function openReview(id: string): Promise<Result> {
  const work = await get<ItemWork>(`/api/items/${encodeURIComponent(id)}/work`);
  const [schema, guidelines, panes] = await Promise.all([
    schemaOf(work.schema),
    guidelinesOf(work.guidelines),
    Promise.all(work.streams.map((s) => openPane(s, `item=${encodeURIComponent(id)}`))),
  ]);
  const done =
    work.stopped !== undefined ||
    work.work.every((w) => ["accepted", "adjudicated", "skipped", "locked"].includes(w.state));
  return new Result(work, schema, guidelines, panes, done);
}
