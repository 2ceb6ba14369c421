/* The mock node's memory: users, items, assignments, inbox. */
import { createHash } from "node:crypto";
import { CAMPAIGN, GUIDELINES, SCHEMA } from "./campaign.mjs";
import { NOTES, film } from "./records.mjs";

const sha = (b) => createHash("sha256").update(b).digest("hex");

export function canonical(v) {
  if (Array.isArray(v)) return `[${v.map(canonical).join(",")}]`;
  if (v !== null && typeof v === "object")
    return `{${Object.keys(v)
      .sort()
      .map((k) => `${JSON.stringify(k)}:${canonical(v[k])}`)
      .join(",")}}`;
  return JSON.stringify(v);
}
export const docHash = (v) => `sha256:${sha(canonical(v))}`;

const PASSWORD = "correct horse battery";
const user = (name, who, n, ...roles) => [
  name,
  {
    user: name,
    name: who,
    pseudonym: `u_${n}`,
    roles,
    password: PASSWORD,
    must_change: false,
    disabled: false,
    last_login_ms: null,
  },
];

export async function seed() {
  const state = {
    users: new Map(),
    sessions: new Map(),
    blobs: new Map(),
    items: new Map(),
    assignments: new Map(),
    docs: new Map(),
    inbox: new Map(),
    reads: [],
    next: 1,
  };
  for (const [k, u] of [
    user("l.hartmann", "Dr Lena Hartmann", 1, "annotator"),
    user("s.brook", "Sam Brook", 2, "annotator"),
    user("a.rennick", "Dr Ada Rennick", 3, "reviewer"),
    user("m.okafor", "Mary Okafor", 4, "steward"),
    user("j.abara", "Joy Abara", 5, "auditor"),
    user("root", "Records desk", 6, "admin"),
    user("new.person", "New Person", 7, "annotator"),
  ])
    state.users.set(k, u);
  state.users.get("new.person").must_change = true;
  state.schema = docHash(SCHEMA);
  state.docs.set(state.schema, SCHEMA);
  state.guidelines = {};
  for (const [kind, g] of Object.entries(GUIDELINES)) {
    state.guidelines[kind] = docHash(g);
    state.docs.set(docHash(g), g);
  }
  CAMPAIGN.guidelines = state.guidelines;
  state.campaign = docHash(CAMPAIGN);
  state.docs.set(state.campaign, CAMPAIGN);
  items(state);
  work(state);
  inbox(state);
  return state;
}

function items(state) {
  const shapes = [[0], [0, 1], [1, 1], [2], [2, 1], [1], [0, 1], [null, 1], [2, 1]];
  shapes.forEach(([note, image], i) => {
    const id = `i${i + 1}`,
      streams = [];
    if (note !== null)
      streams.push(
        stream(state, "note", "text", "text/plain", Buffer.from(NOTES[note], "utf8"), {
          kind: "text",
          length: [...NOTES[note]].length,
        }),
      );
    if (image !== undefined) {
      const w = i % 2 === 0 ? 640 : 512,
        h = i % 2 === 0 ? 512 : 600,
        f = film(w, h, 7 + i);
      streams.push(stream(state, "film", "image", "image/png", f.png, { kind: "image", w, h, frames: 1 }));
    }
    const session = `s_${Buffer.from(sha(`session ${i}`), "hex")
      .toString("base64url")
      .toLowerCase()
      .replaceAll(/[^a-z2-7]/g, "k")
      .slice(0, 26)}`;
    state.items.set(id, { id, session, streams, state: "open" });
  });
}

function stream(state, id, kind, media_type, bytes, about) {
  const hash = sha(bytes);
  state.blobs.set(hash, { bytes, media_type });
  return { id, kind, media_type, bytes: bytes.length, stream: { ...about, sha256: `sha256:${hash}` } };
}

export function emptyDoc(state, item) {
  return {
    v: 1,
    item: item.id,
    schema: state.schema,
    guidelines: Object.values(state.guidelines).sort(),
    streams: Object.fromEntries(item.streams.map((s) => [s.id, s.stream.sha256])),
    regions: [],
    relations: [],
    answers: {},
  };
}

export function assign(state, item, u, at = Date.now()) {
  const slot = [...state.assignments.values()].filter((a) => a.item === item.id).length;
  const a = {
    id: `a${state.next++}`,
    item: item.id,
    user: u.user,
    slot,
    state: "assigned",
    draft: null,
    revisions: [],
    comments: [],
    returned: null,
    review: null,
    updated_ms: at,
  };
  state.assignments.set(a.id, a);
  return a;
}

export function revise(a, doc, status, by, extra = {}) {
  const r = {
    assignment: a.id,
    n: a.revisions.length + 1,
    base: a.revisions.length,
    status,
    by,
    at_ms: Date.now(),
    active_ms: 0,
    doc_hash: docHash(doc),
    doc,
    ...extra,
  };
  a.revisions.push(r);
  return r;
}

/* Where words stand in a note, in code points. */
function span(text, words) {
  const at = text.indexOf(words),
    a = [...text.slice(0, at)].length;
  return [a, a + [...words].length];
}

function marked(state, item, text, marks, boxes, answers) {
  const doc = emptyDoc(state, item);
  marks.forEach(([label, words, attrs], i) =>
    doc.regions.push({
      id: `m${String(i).padStart(2, "0")}`,
      task: "findings",
      stream: "note",
      label,
      sel: { t: "span", parts: [span(text, words)] },
      origin: { by: "human" },
      ...(attrs ? { attrs } : {}),
    }),
  );
  boxes.forEach(([label, x, y, w, h], i) =>
    doc.regions.push({
      id: `x${i}`,
      task: "boxes",
      stream: "film",
      label,
      sel: { t: "rect", frame: 0, x: x * 1000, y: y * 1000, w: w * 1000, h: h * 1000 },
      origin: { by: "human" },
    }),
  );
  doc.answers = answers;
  return doc;
}

function work(state) {
  const lena = state.users.get("l.hartmann"),
    sam = state.users.get("s.brook"),
    item = (id) => state.items.get(id),
    hour = 3600e3,
    now = Date.now();
  const P = { certainty_stated: "stated" };
  const back = assign(state, item("i6"), lena, now - 5 * hour);
  revise(
    back,
    marked(
      state,
      item("i6"),
      NOTES[1],
      [
        ["problem", "Husten seit drei Wochen", P],
        ["drug", "Ramipril 5 mg", { dose: "5" }],
        ["lung_problem", "Rundherd", P],
      ],
      [],
      { urgency: "soon" },
    ),
    "submitted",
    "u_1",
  );
  Object.assign(back, {
    state: "returned",
    returned: { at_ms: now - hour, by: "u_3", text: "Start the drug at its name: Ramipril, not with the dose." },
    review: { decision: "return", by: "u_3", at_ms: now - hour, n: 1, cause: "annotator" },
  });
  back.comments.push({
    region: "m01",
    n: 1,
    by: "u_3",
    at_ms: now - hour,
    text: "Start the drug at its name: Ramipril, not with the dose.",
  });
  const begun = assign(state, item("i1"), lena, now - hour / 2);
  begun.state = "in_progress";
  begun.draft = {
    n: 4,
    saved_ms: now - hour / 2,
    doc: marked(
      state,
      item("i1"),
      NOTES[0],
      [
        ["problem", "Melaena for two days", P],
        ["problem", "light-headedness", P],
        ["drug", "apixaban"],
        ["problem", "atrial fibrillation", P],
        ["problem", "hypertension"],
        ["drug", "ibuprofen"],
        ["test", "Haemoglobin"],
        ["lung_problem", "round opacity in the right lower zone", P],
      ],
      [],
      { urgency: "soon" },
    ),
  };
  begun.draft.doc.relations.push({ id: "k1", type: "treats", from: "m02", to: "m03" });
  assign(state, item("i2"), lena, now - hour / 3);
  review(state, item("i9"), lena, sam, P);
}

/* An item that both have handed in: agreed, extent, label and single differences. */
function review(state, item, lena, sam, P) {
  const text = NOTES[2],
    w = item.streams[1].stream.w,
    box = (x, y) => [Math.round(x * w), Math.round(y * w), Math.round(0.1 * w), Math.round(0.09 * w)];
  const a = assign(state, item, lena, Date.now() - 7e6),
    b = assign(state, item, sam, Date.now() - 6e6);
  revise(
    a,
    marked(
      state,
      item,
      text,
      [
        ["problem", "no cough", { certainty_stated: "ruled_out" }],
        ["drug", "metformin", { dose: "1000" }],
        ["lung_problem", "two small nodules", P],
        ["test", "chest film"],
      ],
      [
        ["nodule", ...box(0.3, 0.3)],
        ["nodule", ...box(0.6, 0.45)],
      ],
      { urgency: "routine", quality: 4 },
    ),
    "submitted",
    "u_1",
  );
  revise(
    b,
    marked(
      state,
      item,
      text,
      [
        ["problem", "no cough and no haemoptysis", { certainty_stated: "ruled_out" }],
        ["drug", "metformin 1000 mg", { dose: "1000" }],
        ["problem", "two small nodules", P],
        ["problem", "effusion", { certainty_stated: "ruled_out" }],
      ],
      [
        ["nodule", ...box(0.32, 0.31)],
        ["effusion", ...box(0.6, 0.45)],
      ],
      { urgency: "soon", quality: 4, risks: { absent: "none" } },
    ),
    "submitted",
    "u_2",
  );
  a.state = b.state = "submitted";
}

function inbox(state) {
  const note = (kind, doc) =>
    `cloister-${kind}/v1\n${canonical(doc)}\n\n— river.example/league/brannoc/lead 3q2+7wAAAABBQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaYWJjZGVm\n`;
  const entry = (id, kind, doc, more) =>
    state.inbox.set(id, {
      id,
      kind,
      hash: docHash(doc),
      title: doc.title,
      state: "waiting",
      received_ms: Date.now() - 9e6,
      decided_ms: null,
      doc,
      bytes: note(kind, doc),
      signatures: [{ name: "river.example/league/brannoc/lead", key_id: "deadbeef" }],
      words: [],
      diff: null,
      fault: null,
      decision: null,
      replies: null,
      governed: null,
      first: null,
      ...more,
    });
  entry("n1", "campaign", CAMPAIGN, {});
  entry("n2", "guideline", GUIDELINES.image, {});
  entry("n3", "guideline", GUIDELINES.text, {
    state: "approved",
    decided_ms: Date.now() - 4e6,
    decision: { decision: "approve", by: "m.okafor", name: "Mary Okafor", at_ms: Date.now() - 4e6 },
  });
  entry("n4", "roster", { title: { en: "Roster, version 2", de: "Verzeichnis, Fassung 2" }, version: 2 }, {
    received_ms: Date.now() - 1e7,
    diff: [{ pointer: "/sites/2/state", before: "active", after: "revoked" }],
    governed: {
      fingerprint: "lusab-babad-gutih-tugad-mudof-sakat-bifid-zonor",
      version: 2,
      valid: 1,
      need: 2,
      in_force_ms: null,
      signers: [
        { name: "river.example/league/brannoc/gov", signed: false, own: true },
        { name: "river.example/league/north/gov", signed: true, own: false },
      ],
      changes: {
        joins: [{ id: "st-marys", name: "St. Mary’s" }],
        revoked: [{ id: "site-b", name: "Hafenklinik" }],
        gone: [],
        renewed: [],
        governors_in: ["river.example/league/st-marys/gov"],
        governors_out: ["river.example/league/site-b/gov"],
        k: 2,
        k_before: 2,
        governors: 3,
        coordinator: false,
        own: "active",
      },
    },
  });
}
