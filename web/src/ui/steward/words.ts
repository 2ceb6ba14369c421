/* What a document means for the house, composed from the document itself in the page's language: first the
   sentence that is the whole truth, then what it asks, then figures. The bytes stand beneath, unchanged. */

import { linked } from "../../app/api";
import { say, t, type MessageKey } from "../../app/messages";
import type { Governed, NamedSite } from "../../app/records";
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

/* A roster against the one in force: the sentence about this house first, then who comes and goes. */
function rosterWords(g: Governed): Words {
  const c = g.changes;
  if (c === null) return otherWords([]);
  const each = (list: readonly NamedSite[], key: MessageKey): string[] =>
    list.map((s) => t(key, { name: s.name, id: s.id }));
  const people = [
    ...each(c.joins, "roster.joins"),
    ...each(c.revoked, "roster.revoked"),
    ...each(c.gone, "roster.gone"),
    ...each(c.renewed, "roster.renewed"),
  ];
  const [first, ...more] = people;
  return {
    first: c.own !== "active" ? t("roster.own") : (first ?? t("roster.same")),
    leaves: false,
    points: [
      ...(c.own !== "active" ? people : more),
      ...c.governors_in.map((name) => t("roster.governorIn", { name })),
      ...c.governors_out.map((name) => t("roster.governorOut", { name })),
      ...(c.coordinator ? [t("roster.coordinator")] : []),
      t("roster.k", { k: c.k, n: c.governors, before: c.k_before }),
    ],
    facts: [],
  };
}

interface PolicyDoc {
  cap_units: string;
  patients_min: number;
  sessions_per_day: number;
  c: number;
  t: number;
  templates: unknown[];
}

function policyWords(p: PolicyDoc): Words {
  return {
    first: p.templates.length === 0 ? t("policy.none") : t("policy.releases", { n: p.templates.length }),
    leaves: false,
    points: [t("policy.patients", { n: p.patients_min }), t("policy.sessions", { n: p.sessions_per_day })],
    facts: [
      [t("fact.budget"), p.cap_units === "0" ? t("fact.noBudget") : p.cap_units],
      [t("policy.c"), String(p.c)],
      [t("policy.t"), String(p.t)],
    ],
  };
}

/* What they have in common: the text that people compare, and how far it has come. */
function governedWords(kind: string, doc: unknown, g: Governed): Words {
  const w = kind === "roster" ? rosterWords(g) : policyWords(doc as PolicyDoc);
  return {
    ...w,
    facts: [
      [t("fact.version"), String(g.version)],
      [t("governed.fingerprint"), g.fingerprint],
      [t("governed.signed"), t("governed.signedOf", { n: g.valid, k: g.need })],
      ...w.facts,
    ],
  };
}

export function wordsFor(kind: string, doc: unknown, sent: readonly string[], governed: Governed | null): Words {
  try {
    if (governed !== null && (kind === "policy" || governed.changes !== null)) return governedWords(kind, doc, governed);
    if (kind === "campaign") return campaignWords(doc as CampaignDoc);
    if (kind === "guideline") return guidelineWords(doc as Guideline);
  } catch {
    /* a document in a shape this version does not know: the node's own sentences stand */
  }
  return otherWords(sent);
}
