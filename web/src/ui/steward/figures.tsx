/* This site's own figures: agreement between first submitted revisions, each with n, coverage and, where it
   has no value, the reason. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get } from "../../app/api";
import { schemaOf } from "../../app/pinned";
import { say, t } from "../../app/messages";
import type { CampaignBrief, CampaignFull, Figures as Answer, FigureTask } from "../../app/records";
import { count, when } from "../../app/time";
import type { Schema } from "../../model/types";
import { useFault } from "../fault";
import { Empty, Loading } from "../parts";
import { Shell } from "../shell";

const short = (v: string | null): string => (v === null ? "–" : Number(v).toFixed(2));
const percent = (v: string | null): string => (v === null ? "–" : `${Math.round(Number(v) * 100)} %`);

function nameOf(schema: Schema | null, x: FigureTask): string {
  const list = x.of === "question" ? schema?.questions : schema?.tasks;
  return say(list?.find((y) => y.id === x.id)?.name ?? {}) || x.id;
}

function labelName(schema: Schema | null, id: string): string {
  if (id === "none") return t("figures.none");
  return say(schema?.labels.find((l) => l.id === id)?.name ?? {}) || id;
}

export function Figures(): JSX.Element {
  const [campaigns, setCampaigns] = useState<CampaignBrief[] | null>(null),
    [chosen, setChosen] = useState(""),
    fault = useFault();
  const [figures, setFigures] = useState<Answer | null>(null),
    [schema, setSchema] = useState<Schema | null>(null);
  useEffect(() => {
    void fault.watch(
      get<{ campaigns: CampaignBrief[] }>("/api/campaigns").then((r) => {
        setCampaigns(r.campaigns);
        setChosen(r.campaigns[0]?.hash ?? "");
      }),
    );
  }, []);
  useEffect(() => {
    if (chosen === "") return;
    void fault.watch(get<Answer>(`/api/figures?campaign=${encodeURIComponent(chosen)}`).then(setFigures));
    /* Names are a comfort: without the schema the ids stand. */
    get<CampaignFull>(`/api/campaigns/${chosen}`)
      .then((c) => schemaOf(c.schema))
      .then(
        (s) => setSchema(s.schema),
        () => setSchema(null),
      );
  }, [chosen]);
  return (
    <Shell
      crumb={<b>{t("page.figures")}</b>}
      inside="wall.figures"
      meta={figures === null ? undefined : <span>{t("figures.made", { at: when(figures.made_ms) })}</span>}
    >
      <main class="main home wide">
        <section class="hcol figures">
          <h1>{t("figures.title")}</h1>
          <p class="muted">{t("figures.why")}</p>
          {fault.node}
          {(campaigns?.length ?? 0) > 1 && (
            <div class="seg">
              {campaigns?.map((c) => (
                <button type="button" key={c.hash} aria-pressed={c.hash === chosen} onClick={() => setChosen(c.hash)}>
                  {say(c.title)}
                </button>
              ))}
            </div>
          )}
          {figures === null &&
            fault.node === null &&
            (campaigns?.length === 0 ? (
              <section class="panel queue">
                <Empty title={t("figures.empty")} />
              </section>
            ) : (
              <Loading />
            ))}
          {figures !== null && (
            <>
              <Overview tasks={figures.tasks} schema={schema} />
              {figures.tasks
                .filter((x) => x.per_label.length > 0 || x.confusion !== null)
                .map((x) => (
                  <Detail key={`${x.of} ${x.id}`} x={x} schema={schema} />
                ))}
            </>
          )}
        </section>
      </main>
    </Shell>
  );
}

function Overview({ tasks, schema }: { tasks: readonly FigureTask[]; schema: Schema | null }): JSX.Element {
  return (
    <section class="panel queue" aria-label={t("figures.overview")}>
      <header>
        <h2 class="h3">{t("figures.overview")}</h2>
      </header>
      <table class="table">
        <thead>
          <tr>
            <th>{t("figures.what")}</th>
            <th class="num">n</th>
            <th class="num">{t("figures.coverage")}</th>
            <th class="num">{t("figures.percent")}</th>
            <th class="num">{t("figures.alpha")}</th>
            <th class="num">F1</th>
            <th class="num">{t("figures.absent")}</th>
            <th>{t("figures.note")}</th>
          </tr>
        </thead>
        <tbody>
          {tasks.map((x) => (
            <tr key={`${x.of} ${x.id}`}>
              <td>
                <b class="md">{nameOf(schema, x)}</b>
              </td>
              <td class="num">{count(x.n)}</td>
              <td class="num">{percent(x.coverage)}</td>
              <td class="num">{percent(x.percent)}</td>
              <td class="num">
                <b>{short(x.alpha)}</b>
              </td>
              <td class="num">
                <b>{short(x.f1)}</b>
              </td>
              <td class="num">
                {x.absent === undefined ? "–" : count(x.absent.none + x.absent.not_assessed + x.absent.cannot_judge)}
              </td>
              <td class="faint small reason">{x.reason ?? ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Detail({ x, schema }: { x: FigureTask; schema: Schema | null }): JSX.Element {
  return (
    <section class="panel fig" aria-label={nameOf(schema, x)}>
      <header>
        <h2 class="h3">{nameOf(schema, x)}</h2>
        <span class="faint small">{t(x.of === "task" ? "figures.regions" : "figures.answers", { n: count(x.n) })}</span>
      </header>
      <div class="figgrid">
        {x.per_label.length > 0 && <Bars x={x} schema={schema} />}
        {x.confusion !== null && <Confusion labels={x.confusion.labels} cells={x.confusion.cells} schema={schema} />}
      </div>
    </section>
  );
}

const BAR = 26,
  WIDTH = 360,
  LEFT = 120;

/* F1 a label, as bars on one scale from 0 to 1; no value is said, never drawn as zero. */
function Bars({ x, schema }: { x: FigureTask; schema: Schema | null }): JSX.Element {
  const height = x.per_label.length * BAR + 20,
    span = WIDTH - LEFT - 70;
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${WIDTH} ${height}`}
      role="img"
      aria-label={x.per_label.map((l) => `${labelName(schema, l.label)}: F1 ${short(l.f1)}, n ${l.n}`).join("; ")}
    >
      {[0, 0.5, 1].map((v) => (
        <g key={v}>
          <path class="grid" d={`M${LEFT + v * span} 0V${height - 18}`} />
          <text x={LEFT + v * span} y={height - 4} text-anchor="middle">
            {v}
          </text>
        </g>
      ))}
      {x.per_label.map((l, i) => (
        <g key={l.label}>
          <text class="s" x={LEFT - 8} y={i * BAR + 16} text-anchor="end">
            {labelName(schema, l.label).slice(0, 18)}
          </text>
          {l.f1 === null ? (
            <text x={LEFT + 6} y={i * BAR + 16}>
              {t("figures.noValue")}
            </text>
          ) : (
            <rect class="f1" x={LEFT} y={i * BAR + 5} width={Number(l.f1) * span} height={14} rx={2} />
          )}
          <text x={WIDTH} y={i * BAR + 16} text-anchor="end">
            {l.f1 === null ? "" : `${short(l.f1)} · `}n {l.n}
          </text>
        </g>
      ))}
    </svg>
  );
}

function Confusion({
  labels,
  cells,
  schema,
}: {
  labels: readonly string[];
  cells: readonly (readonly number[])[];
  schema: Schema | null;
}): JSX.Element {
  const most = Math.max(1, ...cells.flat());
  return (
    <div class="confusion" tabIndex={0} role="region" aria-label={t("figures.confusion")}>
      <table class="matrix">
        <caption class="over">{t("figures.confusion")}</caption>
        <thead>
          <tr>
            <td />
            {labels.map((l) => (
              <th scope="col" key={l}>
                <span>{labelName(schema, l)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((l, i) => (
            <tr key={l}>
              <th scope="row">{labelName(schema, l)}</th>
              {labels.map((m, j) => {
                const n = cells[i]?.[j] ?? 0;
                return (
                  <td key={m} class={`heat h${n === 0 ? 0 : Math.ceil((n / most) * 4)}${i === j ? " same" : ""}`}>
                    {n}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
