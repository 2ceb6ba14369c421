/* The mock node's routes: method, path, open to anyone?, handler. */
import { randomBytes } from "node:crypto";
import { SCHEMA } from "./campaign.mjs";
import { FIGURES, READS } from "./mock-figures.mjs";
import { acknowledge, mayHandIn, standing } from "./mock-guideline.mjs";
import { assign, emptyDoc, revise } from "./mock-state.mjs";
import { Refused } from "./mock-node.mjs";
import { crossed, setWall } from "./mock-gate.mjs";
import { addUser, decideInbox, row } from "./mock-steward.mjs";

const SITE = { id: "brannoc", name: "St. Brannoc’s Hospital" };
const OPEN = ["assigned", "in_progress", "returned"];
const json = (v, headers = {}) => ({ json: v, headers });
const meOf = (state, l) => ({
  user: l.user.user,
  name: l.user.name,
  pseudonym: l.user.pseudonym,
  roles: l.user.roles,
  csrf: l.csrf,
  must_change: l.user.must_change,
  site: SITE,
  link: state.suspended ? "suspended" : (state.link ?? "none"),
  suspended: state.suspended ?? null,
});
const token = () => randomBytes(16).toString("hex");

function login(state, user, password) {
  const u = state.users.get(user);
  if (u === undefined || u.disabled || u.password !== password)
    throw new Refused(401, "login", "User or password is wrong.");
  const sid = token(),
    l = { user: u, csrf: token(), opened: new Set() };
  u.last_login_ms = Date.now();
  state.sessions.set(sid, l);
  return json(meOf(state, l), { "Set-Cookie": `sid=${sid}; HttpOnly; SameSite=Strict; Path=/` });
}

const titleOf = (state, id) => `${state.items.get(id).session.slice(0, 10)}…`;
const briefs = (item) => item.streams.map(({ id, kind, bytes }) => ({ id, kind, bytes }));
const rowOf = (state, a) => ({
  id: a.id,
  item: a.item,
  campaign: state.campaign,
  state: a.state,
  title: titleOf(state, a.item),
  streams: briefs(state.items.get(a.item)),
  returned: a.state === "returned" ? a.returned : null,
  updated_ms: a.updated_ms,
  ...(state.stopped === undefined ? {} : { stopped: state.stopped }),
});
const mine = (c) => [...c.state.assignments.values()].filter((a) => a.user === c.user.user);

function drawable(c) {
  const had = new Set(mine(c).map((a) => a.item));
  return [...c.state.items.values()].filter(
    (i) => !had.has(i.id) && [...c.state.assignments.values()].filter((a) => a.item === i.id).length < 2,
  );
}

function own(c, id) {
  const a = c.state.assignments.get(id);
  if (a === undefined) throw new Refused(404, "not_found", "There is no such assignment.");
  if (a.user !== c.user.user) throw new Refused(403, "rights", "This is another person's work.");
  return a;
}

const counter = (c) => {
  const m = /^"([0-9]+)"$/.exec(c.headers["if-match"] ?? "");
  if (m === null) throw new Refused(400, "if_match", "If-Match with the draft's counter is needed.");
  return Number(m[1]);
};

function stale(a, yours) {
  const n = a.draft?.n ?? 0;
  if (yours !== n)
    throw new Refused(412, "stale", "The draft was saved from another window.", {
      yours,
      theirs: a.draft ?? { n: 0, saved_ms: 0, doc: null },
    });
}

function putDraft(c) {
  const a = own(c, c.args[0]),
    n = counter(c);
  if (!OPEN.includes(a.state)) throw new Refused(409, "state", "This work is handed in.");
  stale(a, n);
  const fault = c.state.check?.(c.body, a, false);
  if (fault) throw new Refused(400, "invalid", fault.reason, { pointer: fault.pointer });
  a.draft = { n: n + 1, saved_ms: Date.now(), doc: c.body };
  a.updated_ms = Date.now();
  return { status: 204, headers: { ETag: `"${n + 1}"` } };
}

function submit(c) {
  const a = own(c, c.args[0]);
  if (!OPEN.includes(a.state)) throw new Refused(409, "state", "This work is handed in.");
  stale(a, counter(c));
  const doc = a.draft?.doc ?? a.revisions.at(-1)?.doc ?? emptyDoc(c.state, c.state.items.get(a.item)),
    fault = c.state.check?.(doc, a, true);
  mayHandIn(c, doc);
  if (fault) throw new Refused(400, "invalid", fault.reason, { pointer: fault.pointer });
  const many = doc.regions.filter((r) => r.label === "nodule").length >= 9;
  if (many && !c.body.acknowledge?.includes("many_nodules"))
    throw new Refused(409, "checks", "Checks failed.", {
      checks: [{ id: "many_nodules", severity: "warn", say: SCHEMA.checks[1].say }],
    });
  const r = revise(a, doc, "submitted", c.user.pseudonym, { active_ms: c.body.active_ms });
  Object.assign(a, { state: "submitted", draft: null, updated_ms: Date.now() });
  return json(r);
}

function openWork(c) {
  const a = own(c, c.args[0]),
    item = c.state.items.get(a.item);
  if (a.state === "assigned" || a.state === "returned") a.state = "in_progress";
  return json({
    id: a.id,
    state: a.state,
    campaign: c.state.campaign,
    item: { id: item.id, session: item.session },
    schema: c.state.schema,
    guidelines: c.state.guidelines,
    streams: item.streams,
    draft: a.draft,
    revision: a.revisions.at(-1) ?? null,
    review: a.review,
    comments: a.comments,
    suggestions: [],
    ...standing(c),
  });
}

function slots(c, id) {
  return [...c.state.assignments.values()].filter((a) => a.item === id);
}

function reviews(c) {
  const done = ["submitted", "in_review", "skipped", "locked", "accepted", "adjudicated"];
  return [...c.state.items.values()]
    .filter((i) => slots(c, i.id).length === 2 && slots(c, i.id).every((a) => done.includes(a.state)))
    .map((i) => ({
      item: i.id,
      campaign: c.state.campaign,
      state: i.state === "done" ? "done" : slots(c, i.id).some((a) => a.state === "in_review") ? "in_review" : "ready",
      title: titleOf(c.state, i.id),
      streams: briefs(i),
      updated_ms: Date.now() - 6e6,
    }));
}

function itemWork(c) {
  const item = c.state.items.get(c.args[0]);
  for (const a of slots(c, item.id)) if (a.state === "submitted") a.state = "in_review";
  return json({
    item: { id: item.id, session: item.session },
    campaign: c.state.campaign,
    schema: c.state.schema,
    guidelines: c.state.guidelines,
    streams: item.streams,
    work: slots(c, item.id).map((a) => ({
      assignment: a.id,
      slot: a.slot,
      annotator: c.state.users.get(a.user).pseudonym,
      state: a.state,
      revision: a.revisions.at(-1) ?? null,
    })),
    comments: slots(c, item.id).flatMap((a) => a.comments.map((x) => ({ assignment: a.id, ...x }))),
    ...standing(c),
  });
}

function decide(c) {
  const item = c.state.items.get(c.args[0]),
    { decision, of, doc, comments } = c.body;
  for (const { assignment, n } of of)
    if (c.state.assignments.get(assignment).revisions.length !== n)
      throw new Refused(412, "stale", "There is a newer revision.");
  if (decision === "return" && !(comments?.length > 0))
    throw new Refused(400, "comments", "A return needs a comment.", { pointer: "/comments" });
  if (doc !== undefined) mayHandIn(c);
  const fault = doc === undefined ? null : c.state.check?.(doc, { item: item.id }, true);
  if (fault) throw new Refused(400, "invalid", fault.reason, { pointer: `/doc${fault.pointer}` });
  let made = null;
  for (const { assignment, n } of of) {
    const a = c.state.assignments.get(assignment),
      to = { accept: "accepted", edit: "accepted", return: "returned", adjudicate: "adjudicated" }[decision];
    a.state = to;
    a.review = { decision, by: c.user.pseudonym, at_ms: Date.now(), n };
    if (decision === "return") a.returned = { at_ms: Date.now(), by: c.user.pseudonym, text: comments[0].text };
    for (const x of comments ?? []) a.comments.push({ ...x, by: c.user.pseudonym, at_ms: Date.now() });
    if (doc !== undefined) made = revise(a, doc, to, c.user.pseudonym);
  }
  if (decision !== "return")
    item.state = slots(c, item.id).every((a) => ["accepted", "adjudicated"].includes(a.state)) ? "done" : item.state;
  c.state.decisions = [...(c.state.decisions ?? []), c.body];
  return made === null ? { status: 204 } : json(made);
}

function progress(c) {
  const sums = {};
  for (const a of mine(c)) sums[a.state] = (sums[a.state] ?? 0) + 1;
  return json({
    campaigns: [
      {
        hash: c.state.campaign,
        title: { en: "Lung findings 2026", de: "Lungenbefunde 2026" },
        items: c.state.items.size,
        done: [...c.state.items.values()].filter((i) => i.state === "done").length,
        queue: c.user.roles.includes("annotator") ? drawable(c).length : 0,
        own: sums,
      },
    ],
  });
}

function next(c) {
  const item = drawable(c)[0];
  return item === undefined ? { status: 204 } : json(rowOf(c.state, assign(c.state, item, c.user)));
}

function password(c) {
  if (c.body.old !== c.user.password) throw new Refused(403, "password", "The old password is wrong.");
  if ((c.body.new ?? "").length < 12)
    throw new Refused(400, "weak", "At least twelve characters.", { pointer: "/new" });
  c.user.password = c.body.new;
  c.user.must_change = false;
  return login(c.state, c.user.user, c.body.new);
}

export const routes = [
  ["POST", /^\/api\/login$/, true, (c) => login(c.state, c.body.user, c.body.password)],
  [
    "POST",
    /^\/api\/logout$/,
    false,
    (c) => {
      for (const [k, l] of c.state.sessions) if (l === c.login) c.state.sessions.delete(k);
      return null;
    },
  ],
  ["POST", /^\/api\/password$/, false, password],
  ["GET", /^\/api\/me$/, false, (c) => json(meOf(c.state, c.login))],
  [
    "GET",
    /^\/api\/(?:schemas|guidelines)\/(sha256:[0-9a-f]{64})$/,
    false,
    (c) => json({ hash: c.args[0], doc: c.state.docs.get(c.args[0]) }),
  ],
  [
    "GET",
    /^\/api\/campaigns$/,
    false,
    (c) =>
      json({
        campaigns: [{ hash: c.state.campaign, title: c.state.docs.get(c.state.campaign).title, state: "approved" }],
      }),
  ],
  [
    "GET",
    /^\/api\/campaigns\/(.+)$/,
    false,
    (c) => json({ hash: c.args[0], state: "approved", doc: c.state.docs.get(c.args[0]), schema: c.state.schema }),
  ],
  ["GET", /^\/api\/progress$/, false, progress],
  ["POST", /^\/api\/guidelines\/(sha256:[0-9a-f]{64})\/acknowledge$/, false, acknowledge],
  [
    "GET",
    /^\/api\/assignments$/,
    false,
    (c) => json({ assignments: mine(c).map((a) => rowOf(c.state, a)), open: drawable(c).length }),
  ],
  ["POST", /^\/api\/next$/, false, next],
  ["GET", /^\/api\/assignments\/([^/]+)$/, false, openWork],
  ["PUT", /^\/api\/assignments\/([^/]+)\/draft$/, false, putDraft],
  ["POST", /^\/api\/assignments\/([^/]+)\/submit$/, false, submit],
  [
    "POST",
    /^\/api\/assignments\/([^/]+)\/skip$/,
    false,
    (c) => {
      const a = own(c, c.args[0]);
      a.state = "skipped";
      return json(
        revise(a, a.draft?.doc ?? emptyDoc(c.state, c.state.items.get(a.item)), "skipped", c.user.pseudonym, {
          reason: c.body.reason,
        }),
      );
    },
  ],
  ["POST", /^\/api\/assignments\/([^/]+)\/flag$/, false, () => ({ status: 204 })],
  [
    "POST",
    /^\/api\/assignments\/([^/]+)\/comments$/,
    false,
    (c) => {
      const x = { ...c.body, by: c.user.pseudonym, at_ms: Date.now() };
      own(c, c.args[0]).comments.push(x);
      return json(x);
    },
  ],
  [
    "GET",
    /^\/api\/streams\/([0-9a-f]{64})$/,
    false,
    (c) => {
      const b = c.state.blobs.get(c.args[0]);
      return { bytes: b.bytes, type: b.media_type };
    },
  ],
  ["GET", /^\/api\/reviews$/, false, (c) => json({ reviews: reviews(c) })],
  [
    "POST",
    /^\/api\/reviews\/next$/,
    false,
    (c) => {
      const r = reviews(c).find((x) => x.state !== "done");
      return r === undefined ? { status: 204 } : json({ item: r.item });
    },
  ],
  ["GET", /^\/api\/items\/([^/]+)\/work$/, false, itemWork],
  ["POST", /^\/api\/items\/([^/]+)\/decision$/, false, decide],
  ["GET", /^\/api\/inbox$/, false, (c) => json({ inbox: [...c.state.inbox.values()].map(row) })],
  ["GET", /^\/api\/inbox\/([^/]+)$/, false, (c) => json(c.state.inbox.get(c.args[0]))],
  ["POST", /^\/api\/inbox\/([^/]+)$/, false, decideInbox],
  [
    "GET",
    /^\/api\/figures$/,
    false,
    (c) => json({ site: "brannoc", campaign: c.state.campaign, made_ms: Date.now() - 5e6, tasks: FIGURES }),
  ],
  [
    "GET",
    /^\/api\/reads$/,
    false,
    (c) => json({ reads: READS.filter((r) => !c.query.get("user") || r.user === c.query.get("user")) }),
  ],
  ["GET", /^\/api\/left$/, false, (c) => json(crossed.list(c.state, c.query))],
  ["GET", /^\/api\/left\/(\d+)$/, false, (c) => json(crossed.one(c.state, Number(c.args[0])))],
  ["POST", /^\/api\/(suspend|resume)$/, false, setWall],
  [
    "GET",
    /^\/api\/users$/,
    false,
    (c) => json({ users: [...c.state.users.values()].map(({ password: _p, ...u }) => u) }),
  ],
  ["POST", /^\/api\/users$/, false, addUser],
  [
    "POST",
    /^\/api\/users\/([^/]+)\/reset$/,
    false,
    (c) => {
      const u = c.state.users.get(c.args[0]);
      u.password = "mudof-sakat-hisop";
      u.must_change = true;
      return json({ user: u.user, pseudonym: u.pseudonym, password: u.password });
    },
  ],
  [
    "POST",
    /^\/api\/users\/([^/]+)\/disable$/,
    false,
    (c) => {
      c.state.users.get(c.args[0]).disabled = true;
      return { status: 204 };
    },
  ],
  [
    "GET",
    /^\/api\/status$/,
    false,
    () =>
      json({
        version: "0.1.0",
        site: SITE,
        started_ms: Date.now() - 1e8,
        state_bytes: 1,
        free_bytes: 1,
        items: 9,
        sessions: 9,
        streams: 14,
        users: 7,
        last_anchor_ms: Date.now(),
        log_size: 10,
      }),
  ],
  ["GET", /^\/api\/left$/, false, () => json({ left: [] })],
];
