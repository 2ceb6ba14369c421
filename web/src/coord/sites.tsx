/* A row a site: its link, what it runs, what waits there, where both logs stand. Red where people have to look. */

import type { JSX } from "preact";
import { t, type MessageKey } from "../app/messages";
import { count, when } from "../app/time";
import { Icon } from "../ui/icons";
import { Badge, Empty } from "../ui/parts";
import type { Head, Seen, SiteRow } from "./records";

const KIND: Readonly<Record<SiteRow["state"], string>> = {
  up: "ok",
  greeting: "line",
  down: "warn",
  stopped: "bad",
  revoked: "",
};

export function age(s: number): string {
  if (s < 120) return t("op.s", { n: Math.max(0, Math.round(s)) });
  if (s < 7200) return t("op.min", { n: Math.round(s / 60) });
  return s < 172800 ? t("op.h", { n: Math.round(s / 3600) }) : t("op.d", { n: Math.round(s / 86400) });
}

export function Alarms({ sites }: { sites: readonly SiteRow[] }): JSX.Element {
  return (
    <>
      {sites.map((s) => (
        <section class="note bad" role="alert" key={s.site}>
          <Icon name="stop" />
          <span>
            <b>{t("op.red", { site: s.site, fault: s.stopped ?? s.fault ?? "" })}</b>{" "}
            {s.evidence === null ? t("op.noEvidence") : t("op.evidence", { file: s.evidence })}
            {s.stopped_ms !== null && ` · ${when(s.stopped_ms)}`}
          </span>
        </section>
      ))}
    </>
  );
}

export function Sites({ seen }: { seen: Seen }): JSX.Element {
  const { sites } = seen,
    active = sites.filter((s) => s.state !== "revoked");
  return (
    <section class="panel queue scrolls" aria-label={t("op.sites")} tabIndex={0} role="region">
      <header>
        <h2 class="h3">{t("op.sites")}</h2>
        <span class="faint small">
          {t("op.sitesN", { up: sites.filter((s) => s.state === "up").length, n: active.length })}
        </span>
      </header>
      {sites.length === 0 ? (
        <Empty title={t("op.noSites")} />
      ) : (
        <table class="table sitetable">
          <thead>
            <tr>
              {(
                [
                  "site",
                  "link",
                  "contact",
                  "clock",
                  "software",
                  "roster",
                  "policy",
                  "guide",
                  "pending",
                  "disk",
                  "refusals",
                  "logOurs",
                  "logTheirs",
                ] as const
              ).map((k) => (
                <th scope="col" key={k}>
                  {t(`op.${k}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sites.map((s) => (
              <Site key={s.site} s={s} seen={seen} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Site({ s, seen }: { s: SiteRow; seen: Seen }): JSX.Element {
  const st = s.status,
    told = (v: number | undefined): string => (v === undefined ? "–" : String(v)),
    behind = (v: number | undefined, now: number | null): string =>
      v !== undefined && now !== null && v !== now ? "old" : "muted";
  return (
    <tr class={s.red ? "alarm" : ""}>
      <th scope="row">
        <b class="md">{s.site}</b>
      </th>
      <td>
        <Badge kind={s.red ? "bad" : KIND[s.state]}>{t(`op.state.${s.red ? "stopped" : s.state}`)}</Badge>
        {s.fault !== null && !s.red && <span class="faint small"> {s.fault}</span>}
      </td>
      <td class="nowrap">{s.last_ms === 0 ? t("op.never") : age((seen.now_ms - s.last_ms) / 1000)}</td>
      <td class="faint">{t("op.notTold")}</td>
      <td class="muted">{told(st?.software)}</td>
      <td class={behind(st?.roster, seen.status.roster)}>{told(st?.roster)}</td>
      <td class={behind(st?.policy, seen.status.policy)}>{told(st?.policy)}</td>
      <td class="muted">
        {s.guidelines.length === 0
          ? t("op.notTold")
          : s.guidelines.map((g) => `${g.stream} ${g.version}`).join(", ")}
      </td>
      <td>
        {st === null || st.pending === 0
          ? t("op.none")
          : t("op.pendingN", { n: count(st.pending), age: age(st.oldest_s + (seen.now_ms - st.at_ms) / 1000) })}
      </td>
      <td class={st !== null && st.disk !== "ok" ? "old" : "muted"}>{st?.disk ?? "–"}</td>
      <td>
        {s.refusals.length === 0 ? (
          <span class="faint">{t("op.none")}</span>
        ) : (
          <ul class="rules">
            {s.refusals.map((r) => (
              <li key={r.rule} title={when(r.last_ms)}>
                {r.rule} <b>{count(r.n)}</b>
              </li>
            ))}
          </ul>
        )}
      </td>
      <td>
        <LogHead at={s.log} />
      </td>
      <td>
        <LogHead at={s.peer_log} />
      </td>
    </tr>
  );
}

function LogHead({ at }: { at: Head | null }): JSX.Element {
  if (at === null) return <span class="faint">–</span>;
  return (
    <span class="nowrap" title={at.head}>
      {count(at.size)} <span class="mono faint">{at.head.slice("sha256:".length, "sha256:".length + 8)}</span>
    </span>
  );
}

export const word = (key: string, or: string): string => {
  const said = t(key as MessageKey);
  return said === key ? or : said;
};
