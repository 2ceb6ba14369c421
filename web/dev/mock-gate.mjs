/* The mock node's wall: what crossed it, and whether a person has closed it. */
import { createHash } from "node:crypto";
import { Refused } from "./mock-node.mjs";

const MINUTE = 60000,
  PAGE = 40;
const CAMPAIGN = `cloister-campaign/v1\n{"title":{"en":"Lung findings 2026"}}\n\n— wychford/lead k3Y6\n`;
const SAYS = [
  ["out", "hello", { session: "7f02c19a", next_out: 0, next_in: 0, receipts: 0, cosignatures: 0 }, 310],
  ["in", "hello", { session: "7f02c19a", next_out: 0, next_in: 0, receipts: 0, cosignatures: 0 }, 318],
  ["in", "document", { kind: "policy", note: "cloister-policy/v1\n{}\n", receipts: 0, cosignatures: 0 }, 2210],
  ["out", "document-ack", { hash: `sha256:${"5a".repeat(32)}`, code: "taken", receipts: 1, cosignatures: 0 }, 402],
  ["in", "document", { kind: "campaign", note: CAMPAIGN, receipts: 1, cosignatures: 0 }, 14120],
  ["out", "status", { software: 10, roster: 1, policy: 1, pending: 3, oldest_s: 64800, disk: "fine" }, 142],
  ["out", "campaign-reply", { document: `sha256:${"c1".repeat(32)}`, decision: "refused", reason: "scope" }, 296],
  ["in", "rejected", null, 97],
  ["out", "control", { receipts: 2, cosignatures: 1 }, 188],
  ["in", "control", { receipts: 3, cosignatures: 1 }, 240],
  ["in", "later-kind", { receipts: 0, cosignatures: 0 }, 77],
];

function rows(state) {
  return (state.crossed ??= Array.from({ length: 60 }, (_, index) => {
    const [direction, type, says, bytes] = SAYS[index < SAYS.length ? index : 5 + (index % 5)];
    const body = Buffer.alloc(bytes, `${type} ${index} `);
    return {
      index,
      at_ms: Date.now() - (60 - index) * 37 * MINUTE,
      direction,
      type,
      words: `a ${type}`,
      bytes,
      frame: `sha256:${createHash("sha256").update(body).digest("hex")}`,
      says,
      base64: body.toString("base64"),
      note: says === null ? null : `fedmsg/v1\nfrom fed.example/ward7/brannoc\nseq ${index}\n\n— brannoc k3Y6\n`,
    };
  }));
}

const sum = (list, direction) => {
  const of = list.filter((r) => r.direction === direction);
  return { n: of.length, bytes: of.reduce((n, r) => n + r.bytes, 0) };
};

export const crossed = {
  add(state, row) {
    const all = rows(state);
    all.push({ ...all[5], index: all.length, at_ms: Date.now(), ...row });
  },
  list(state, query) {
    const all = state.link === undefined ? [] : rows(state),
      number = (name, or) => (query.get(name) === null ? or : Number(query.get(name)));
    const fit = all
      .filter((r) => r.index >= number("since", 0) && r.index < number("before", Infinity))
      .filter((r) => r.bytes >= number("at_least", 0) && r.at_ms >= number("from_ms", 0))
      .filter((r) => r.at_ms < number("to_ms", Infinity))
      .filter((r) => (query.get("direction") ?? r.direction) === r.direction)
      .filter((r) => (query.get("type") ?? r.type) === r.type)
      .reverse();
    return {
      left: fit.slice(0, PAGE).map(({ base64: _b, note: _n, ...r }) => r),
      next: fit.length > PAGE ? fit[PAGE - 1].index : null,
      size: all.length,
      totals: { out: sum(all, "out"), in: sum(all, "in") },
    };
  },
  one(state, index) {
    const r = rows(state)[index];
    if (r === undefined) throw new Refused(404, "notfound", "There is no such message.");
    return r;
  },
};

export function setWall(c) {
  const close = c.args[0] === "suspend";
  if (c.body.password !== c.user.password) throw new Refused(403, "password", "The password is wrong.");
  if (close === Boolean(c.state.suspended)) throw new Refused(409, "state", "It is so already.");
  c.state.suspended = close ? { user: c.user.user, name: c.user.name, since_ms: Date.now() } : null;
  return { json: { suspended: c.state.suspended }, headers: {} };
}
