/* The campaign that the mock node has approved: every shape, type and rule that the page must show. */

const n = (en, de) => ({ en, de });
const label = (id, en, de, color, more = {}) => ({ id, name: n(en, de), color, ...more });

export const SCHEMA = {
  v: 1, id: "lung_finding", version: 1, supersedes: null, title: n("Lung findings", "Lungenbefunde"),
  streams: [{ id: "note", kind: "text", required: false }, { id: "film", kind: "image", required: false }],
  labels: [
    label("problem", "Problem", "Problem", 0, { key: "1", about: n("Anything wrong with the patient that the writer states.", "Was der Patientin oder dem Patienten fehlt.") }),
    label("lung_problem", "Lung problem", "Lungenproblem", 1, { key: "2", parent: "problem" }),
    label("drug", "Drug", "Arzneimittel", 2, { key: "3" }),
    label("test", "Test", "Untersuchung", 4, { key: "4" }),
    label("negation", "Negation", "Verneinung", 9, { key: "5" }),
    label("history", "History", "Vorgeschichte", 7, { key: "8" }),
    label("plan", "Plan", "Procedere", 5, { key: "9" }),
    label("nodule", "Nodule", "Rundherd", 0, { key: "1" }),
    label("effusion", "Effusion", "Erguss", 3, { key: "2" }),
    label("device", "Device tip", "Spitze eines Geräts", 8, { key: "3" }),
    label("urgent", "Urgent", "Eilig", 1), label("soon", "Soon", "Bald", 2), label("routine", "Routine", "Planbar", 4),
    label("smoker", "Smoker", "Raucht", 5), label("asbestos", "Asbestos", "Asbest", 6), label("family", "Family history", "Familie", 7),
  ],
  attrs: [
    { id: "certainty_stated", name: n("Stated as", "Genannt als"), type: "enum", required: true, values: [{ id: "stated", name: n("Stated", "Sicher") }, { id: "suspected", name: n("Suspected", "Vermutet") }, { id: "ruled_out", name: n("Ruled out", "Ausgeschlossen") }], when: "label in ['problem', 'lung_problem']" },
    { id: "dose", name: n("Dose", "Dosis"), type: "decimal", min: "0", max: "10000", unit: "mg", when: "label == 'drug'" },
    { id: "calcified", name: n("Calcified", "Verkalkt"), type: "bool" },
    { id: "diameter", name: n("Diameter", "Durchmesser"), type: "int", min: 1, max: 300, unit: "mm" },
  ],
  tasks: [
    { id: "findings", name: n("Findings", "Befunde"), streams: ["note"], shape: "span", labels: ["problem", "lung_problem", "drug", "test", "negation"], attrs: ["certainty_stated", "dose"], discontinuous: true },
    { id: "sections", name: n("Sections", "Abschnitte"), streams: ["note"], shape: "section", labels: ["history", "plan"], overlap: false },
    { id: "boxes", name: n("Boxes", "Rahmen"), streams: ["film"], shape: "rect", labels: ["nodule", "effusion"], attrs: ["calcified", "diameter"], max: 20 },
    { id: "tips", name: n("Tips", "Spitzen"), streams: ["film"], shape: "point", labels: ["device"] },
  ],
  questions: [
    { id: "urgency", name: n("How soon must someone act?", "Wie bald muss gehandelt werden?"), on: "item", type: "choice", labels: ["urgent", "soon", "routine"], required: true, absent: ["cannot_judge"] },
    { id: "quality", name: n("Quality of the film", "Bildqualität"), on: "film", type: "rating", min: 1, max: 5, required: true },
    { id: "risks", name: n("Risks named", "Genannte Risiken"), on: "note", type: "choices", labels: ["smoker", "asbestos", "family"], absent: ["none"] },
    { id: "pack_years", name: n("Pack years", "Packungsjahre"), on: "note", type: "int", min: 0, max: 200, when: "risks == 'smoker'" },
    { id: "remark", name: n("Remark", "Bemerkung"), on: "item", type: "text", max: 500 },
  ],
  relations: [
    { id: "seen_as", name: n("seen as", "sichtbar als"), from: [{ task: "findings", labels: ["problem"] }], to: [{ task: "boxes" }], cardinality: "many_to_many" },
    { id: "treats", name: n("treats", "behandelt"), from: [{ task: "findings", labels: ["drug"] }], to: [{ task: "findings", labels: ["problem"] }], cardinality: "many_to_many" },
    { id: "same_as", name: n("same as", "dasselbe wie"), from: [{ task: "findings", labels: ["problem"] }], to: [{ task: "findings", labels: ["problem"] }], cardinality: "many_to_many", symmetric: true },
  ],
  checks: [
    { id: "urgent_needs_problem", if: "urgency == 'urgent'", then: "count(findings, 'problem') + 0 > 0", severity: "block", say: n("Urgent without a problem marked.", "Eilig, aber kein Problem markiert.") },
    { id: "many_nodules", then: "count(boxes, 'nodule') < 9", severity: "warn", say: n("Nine nodules or more?", "Neun Rundherde oder mehr?") },
  ],
  map_from: {},
};
SCHEMA.checks[0].then = "count(findings, 'problem') > 0";

export const GUIDELINES = {
  text: {
    v: 1, campaign: "lung_finding", kind: "text", version: 3, supersedes: null, title: n("Notes", "Arztbriefe"),
    body: n("# Notes\n\nMark the *smallest* phrase that carries the finding. Leave punctuation out.\n\n## What counts\n\n1. A **problem** is what the writer says is wrong.\n2. A finding that is ruled out is marked too, as *ruled out*.\n\n| Word | Mark as |\n|---|---|\n| opacity | Lung problem |\n| apixaban | Drug |\n\n<img src=x onerror=\"alert(1)\"> is shown as text, and [a link](javascript:alert(1)) is only its words.\n", "# Arztbriefe\n\nMarkieren Sie die *kürzeste* Stelle, die den Befund trägt, ohne Satzzeichen.\n"),
    labels: [
      { id: "problem", define: n("What the writer says is wrong, with its site and duration if they stand next to it.", "Was laut Text fehlt, mit Ort und Dauer, wenn sie daneben stehen."), include: [n("melaena for two days", "Husten seit drei Wochen")], exclude: [n("haemoglobin 7.9 g/dL: use Test", "Hb 7,9: als Untersuchung")], examples: [n("atrial fibrillation since 2019", "Vorhofflimmern seit 2019")] },
      { id: "drug", define: n("A named substance, without its dose.", "Ein genannter Wirkstoff, ohne Dosis."), include: [], exclude: [n("blood pressure tablets", "Blutdrucktabletten")], examples: [] },
    ],
    assets: [], changes: n("Sections are marked from their heading on.", "Abschnitte beginnen mit der Überschrift."), breaking: false,
  },
  image: {
    v: 1, campaign: "lung_finding", kind: "image", version: 1, supersedes: null, title: n("Films", "Röntgenbilder"),
    body: n("# Films\n\nBox every round opacity that is denser than the same place on the other side.\n", "# Röntgenbilder\n\nJede runde Verschattung, die dichter ist als dieselbe Stelle der Gegenseite.\n"),
    labels: [{ id: "nodule", define: n("Round, below 3 cm. The box touches its edge on all four sides.", "Rund, unter 3 cm. Der Rahmen berührt den Rand an allen vier Seiten."), include: [], exclude: [n("vessels seen end on", "Gefäße im Querschnitt")], examples: [] }],
    assets: [], changes: n("First version.", "Erste Fassung."), breaking: false,
  },
};

export const CAMPAIGN = {
  v: 1, id: "lung_finding", version: 1, supersedes: null, federation: "river.example/league", lead: "brannoc",
  title: n("Lung findings 2026", "Lungenbefunde 2026"), purpose: n("Find nodules that a note forgets.", "Rundherde finden, die der Brief vergisst."),
  scope: { modalities: ["image", "text"], population: n("Adults with a chest film, 2024 to 2026", "Erwachsene mit Röntgenbild, 2024 bis 2026"), items: 200, overlap_ppm: 1000000, until: "2027-03-31" },
  metrics: [{ id: "urgency_alpha", figure: "alpha", of: "urgency", at_least: "0.80" }, { id: "boxes_f1", figure: "f1", of: "boxes", at_least: "0.75" }],
  schema: SCHEMA, guidelines: {}, review: { annotators: 2, tiers: 1, adjudicate: "disagreements" }, training: null, privacy: { cap_units: "0", templates: [] },
};
