/* The mock node's guideline versions: a later one in force, who has read it, a campaign that was stopped. */
import { Refused } from "./mock-node.mjs";
import { docHash } from "./mock-state.mjs";

const n = (en, de) => ({ en, de });

/* The guideline for notes in its next version; answers its hash. */
export function nextVersion(state, { breaking = false } = {}) {
  const before = state.guidelines.text,
    old = state.docs.get(before),
    doc = structuredClone(old);
  Object.assign(doc, { version: old.version + 1, supersedes: before, breaking });
  doc.changes = n(
    "A *problem* is what is new since the last note. Doses are no longer part of a drug.",
    "Ein *Problem* ist, was seit dem letzten Brief neu ist. Dosen gehören nicht mehr dazu.",
  );
  doc.labels[0].define = n(
    "What the writer says is wrong and new since the last note.",
    "Was laut Text fehlt und seit dem letzten Brief neu ist.",
  );
  doc.labels[0].exclude.push(n("known hypertension", "bekannter Bluthochdruck"));
  doc.labels.splice(1, 1, {
    id: "test",
    define: n("An examination with its result.", "Eine Untersuchung mit Ergebnis."),
    include: [],
    exclude: [],
    examples: [],
  });
  doc.body = n(
    old.body.en.replace("Leave punctuation out.", "Leave punctuation and doses out."),
    `${old.body.de}\nDosen gehören nicht dazu.\n`,
  );
  const hash = docHash(doc);
  state.docs.set(hash, doc);
  state.guidelines = { ...state.guidelines, text: hash };
  state.unread = { hash, before, readers: new Set() };
  return hash;
}

const words = (doc, id) => {
  const l = doc.labels.find((x) => x.id === id);
  if (l === undefined) return null;
  const { id: _id, ...rest } = l;
  return rest;
};

export function changesOf(c) {
  const u = c.state.unread;
  if (u === undefined || u.readers.has(c.user.user)) return [];
  const [old, now] = [c.state.docs.get(u.before), c.state.docs.get(u.hash)],
    ids = [...new Set([...now.labels, ...old.labels].map((l) => l.id))];
  return [
    {
      kind: now.kind,
      hash: u.hash,
      before: u.before,
      version: now.version,
      breaking: now.breaking,
      changes: now.changes,
      labels: ids
        .map((id) => ({ id, before: words(old, id), after: words(now, id) }))
        .filter((l) => JSON.stringify(l.before) !== JSON.stringify(l.after)),
    },
  ];
}

/* What every opening says of the campaign, and what a submission is refused for. */
export const standing = (c) => ({
  changes: changesOf(c),
  ...(c.state.stopped === undefined ? {} : { stopped: c.state.stopped }),
});

export function mayHandIn(c, doc) {
  if (c.state.stopped !== undefined) throw new Refused(409, c.state.stopped, "The campaign was stopped here.");
  const changes = changesOf(c);
  if (changes.length > 0) throw new Refused(409, "acknowledge", "Read what changed.", { changes });
  const wanted = Object.values(c.state.guidelines).sort().join();
  if (doc !== undefined && doc.guidelines.join() !== wanted)
    throw new Refused(400, "invalid", "another version", { pointer: "/guidelines/0" });
}

export function acknowledge(c) {
  if (c.state.unread?.hash === c.args[0]) c.state.unread.readers.add(c.user.user);
  return { status: 204 };
}
