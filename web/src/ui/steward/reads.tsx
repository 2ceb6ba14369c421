/* Who opened which record, from the access log. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get } from "../../app/api";
import { t } from "../../app/messages";
import type { ReadRow } from "../../app/records";
import { when } from "../../app/time";
import { useFault } from "../fault";
import { Badge, Button, Empty, Loading } from "../parts";
import { Shell } from "../shell";

export function Reads(): JSX.Element {
  const [rows, setRows] = useState<ReadRow[] | null>(null),
    [user, setUser] = useState(""),
    [patient, setPatient] = useState(""),
    fault = useFault();
  const ask = (): void => {
    const q = new URLSearchParams();
    if (user.trim() !== "") q.set("user", user.trim());
    if (patient.trim() !== "") q.set("patient", patient.trim());
    void fault.watch(get<{ reads: ReadRow[] }>(`/api/reads?${q.toString()}`).then((r) => setRows(r.reads)));
  };
  useEffect(ask, []);
  return (
    <Shell
      crumb={<b>{t("page.reads")}</b>}
      inside="wall.steward"
      meta={rows === null ? undefined : <span>{t("reads.n", { n: rows.length })}</span>}
    >
      <main class="main home wide">
        <section class="hcol">
          <h1>{t("reads.title")}</h1>
          <p class="muted">{t("reads.why")}</p>
          <form
            class="inline filters"
            onSubmit={(e) => {
              e.preventDefault();
              ask();
            }}
          >
            <div class="field">
              <label for="reads-user">{t("user")}</label>
              <input
                class="input"
                id="reads-user"
                autocomplete="off"
                value={user}
                onInput={(e) => setUser(e.currentTarget.value)}
              />
            </div>
            <div class="field">
              <label for="reads-patient">{t("reads.patient")}</label>
              <input
                class="input"
                id="reads-patient"
                autocomplete="off"
                value={patient}
                onInput={(e) => setPatient(e.currentTarget.value)}
              />
            </div>
            <Button submit>{t("reads.filter")}</Button>
          </form>
          {fault.node}
          {rows === null && fault.node === null && <Loading />}
          {rows !== null && rows.length === 0 && (
            <section class="panel queue">
              <Empty title={t("reads.none")} />
            </section>
          )}
          {rows !== null && rows.length > 0 && (
            <section class="panel queue scrolls" tabIndex={0} role="region" aria-label={t("reads.title")}>
              <table class="table">
                <thead>
                  <tr>
                    <th class="num">{t("reads.entry")}</th>
                    <th>{t("reads.when")}</th>
                    <th>{t("reads.who")}</th>
                    <th>{t("reads.purpose")}</th>
                    <th>{t("reads.patient")}</th>
                    <th>{t("item")}</th>
                    <th>{t("streams")}</th>
                    <th>{t("reads.outcome")}</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((r) => (
                    <tr key={r.index}>
                      <td class="num faint">{r.index}</td>
                      <td class="nowrap">{when(r.at_ms)}</td>
                      <td>
                        {r.user} <span class="faint">{r.role}</span>
                      </td>
                      <td>{r.purpose}</td>
                      <td class="mono">{r.patient.slice(0, 12)}</td>
                      <td>
                        {r.item}
                        {r.n === null ? "" : <span class="faint"> r{r.n}</span>}
                      </td>
                      <td class="faint">{r.streams.map((s) => s.slice(0, 12)).join(", ")}</td>
                      <td>
                        <Badge kind={r.outcome === "refused" ? "bad" : ""}>{r.outcome}</Badge>
                      </td>
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
