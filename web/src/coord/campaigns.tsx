/* A card a campaign: what each site answered, with its reason, and what still waits. */

import type { JSX } from "preact";
import { say, t } from "../app/messages";
import { when } from "../app/time";
import { Badge, Empty } from "../ui/parts";
import type { Campaign } from "./records";
import { word } from "./sites";

const KIND: Readonly<Record<string, string>> = { approved: "ok", refused: "bad", withdrawn: "warn" };

export function Campaigns({ list }: { list: readonly Campaign[] }): JSX.Element {
  return (
    <section class="panel queue" aria-label={t("op.campaigns")}>
      <header>
        <h2 class="h3">{t("op.campaigns")}</h2>
      </header>
      {list.length === 0 && <Empty title={t("op.noCampaign")} />}
      {list.map((c) => (
        <article class="opcampaign" key={c.hash} aria-label={say(c.title ?? {})}>
          <h3>
            {say(c.title ?? {})} <span class="faint small">{t("op.version", { n: c.version })}</span>
          </h3>
          <p class="faint small">
            {t("op.from", { lead: c.lead, at: when(c.at_ms) })} · <span class="mono">{c.hash.slice(0, 19)}</span>
          </p>
          <ul class="answers">
            {c.replies.map((r) => (
              <li key={r.site}>
                <b>{r.site}</b>
                <Badge kind={KIND[r.decision] ?? ""}>{word(`op.d.${r.decision}`, r.decision)}</Badge>
                {r.reason !== "" && <span>{r.reason}</span>}
                <span class="faint small">{when(r.at_ms)}</span>
              </li>
            ))}
            {c.waiting.length > 0 && (
              <li>
                <span class="muted">{t("op.waits")}</span> <b>{c.waiting.join(", ")}</b>
              </li>
            )}
          </ul>
        </article>
      ))}
    </section>
  );
}
