/* What a document means for the house, composed from the document itself in the page's language: first the
   sentence that is the whole truth, then what it asks, then figures. The bytes stand beneath, unchanged. */

import { linked } from "../../app/api";
import { say, t } from "../../app/messages";
import { count } from "../../app/time";
import type { Guideline, Schema, Translations } from "../../model/types";

interface Release {
  id: string;
  kind: string;
  runs: number;
}
export interface CampaignDoc {
  title: Translations;
  version: number;
  lead: string;
  federation: string;
  purpose: Translations;
  scope: { modalities: string[]; population: Translations; items: number; overlap_ppm: number; until: string };
  metrics: { id: string; figure: string; of: string; at_least: string }[];
  schema: Schema;
  guidelines: Record<string, string>;
  review: { annotators: number; tiers: number; adjudicate: string };
  privacy: { cap_units: string; templates: Release[] };
}
export interface Words {
  readonly first: string;
  readonly leaves: boolean;
  readonly points: readonly string[];
  readonly facts: readonly (readonly [string, string])[];
}

function names(list: readonly { name: Translations }[]): string {
  const all = list.map((x) => say(x.name));
  return all.length > 6 ? `${all.slice(0, 6).join(", ")} …` : all.join(", ");
}

export function campaignWords(c: CampaignDoc): Words {
  const leaves = c.privacy.templates.length > 0 && c.privacy.cap_units !== "0",
    s = c.schema;
  const share = Math.round(c.scope.overlap_ppm / 10000);
  return {
    first: leaves ? t("words.leaves", { n: c.privacy.templates.length }) : t("words.stays"),
    leaves,
    points: [
      t("words.label", {
        items: count(c.scope.items),
        kinds: c.scope.modalities.map((k) => t(`kind.${k}` as "kind.text")).join(", "),
        until: c.scope.until,
      }),
      t("words.marks", {
        n: s.tasks.length,
        tasks: names(s.tasks),
        q: s.questions.length,
        questions: names(s.questions),
      }),
      t("words.readers", { n: c.review.annotators, share }),
      t(c.review.tiers > 0 ? "words.reviewed" : "words.notReviewed"),
      ...(linked() ? [t("words.told")] : []),
      ...c.privacy.templates.map((r) => t("words.release", { id: r.id, kind: r.kind, runs: r.runs })),
    ],
    facts: [
      [t("fact.purpose"), say(c.purpose)],
      [t("fact.population"), say(c.scope.population)],
      [t("fact.lead"), c.lead],
      [t("fact.federation"), c.federation],
      [t("fact.version"), String(c.version)],
      [t("fact.metrics"), c.metrics.map((m) => `${m.figure} ${m.of} ≥ ${m.at_least}`).join(" · ") || "–"],
      [t("fact.budget"), c.privacy.cap_units === "0" ? t("fact.noBudget") : c.privacy.cap_units],
    ],
  };
}

export function guidelineWords(g: Guideline): Words {
  return {
    first: t("words.guideline", { title: say(g.title), n: g.version }),
    leaves: false,
    points: [
      say(g.changes),
      t(g.breaking ? "words.breaking" : "words.notBreaking"),
      t("words.defines", { n: g.labels.length }),
    ],
    facts: [
      [t("fact.campaign"), g.campaign],
      [t("fact.kind"), t(`kind.${g.kind}` as "kind.text")],
      [t("fact.version"), String(g.version)],
    ],
  };
}

export function otherWords(words: readonly string[]): Words {
  return { first: words[0] ?? t("words.unknown"), leaves: false, points: words.slice(1), facts: [] };
}

export function wordsFor(kind: string, doc: unknown, sent: readonly string[]): Words {
  try {
    if (kind === "campaign") return campaignWords(doc as CampaignDoc);
    if (kind === "guideline") return guidelineWords(doc as Guideline);
  } catch {
    /* a document in a shape this version does not know: the node's own sentences stand */
  }
  return otherWords(sent);
}
