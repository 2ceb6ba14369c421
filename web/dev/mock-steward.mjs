/* The mock node's inbox and people. */
import { Refused } from "./mock-node.mjs";

export const GOVERNOR = "a governor passphrase";
const EDGES = {
  waiting: { approve: "approved", refuse: "refused" },
  approved: { withdraw: "withdrawn" },
  withdrawn: { approve: "approved" },
  expired: { approve: "approved" },
};
const json = (v) => ({ json: v, headers: {} });

export function decideInbox(c) {
  const e = c.state.inbox.get(c.args[0]),
    { decision, reason, password, governor_passphrase: passphrase } = c.body;
  if (password !== c.user.password) throw new Refused(403, "password", "The password is wrong.");
  const to = EDGES[e.state]?.[decision];
  if (to === undefined || (e.governed !== null && e.state !== "waiting"))
    throw new Refused(409, "state", "This is decided already.");
  if (e.governed !== null && decision === "approve") {
    if (passphrase !== GOVERNOR)
      throw new Refused(403, "governor_passphrase", "This passphrase does not open the governor's key.");
    e.governed = {
      ...e.governed,
      valid: e.governed.valid + 1,
      signers: e.governed.signers.map((s) => (s.own ? { ...s, signed: true } : s)),
    };
  }
  const said = { decision, ...(reason ? { reason } : {}), by: c.user.user, name: c.user.name, at_ms: Date.now() };
  if (decision === "approve" && c.state.twoPeople === true && e.first === null) {
    e.first = said;
    return json(row(e));
  }
  if (decision === "approve" && e.governed === null) said.until_ms = Date.UTC(2028, 0, 1);
  Object.assign(e, { state: to, decided_ms: Date.now(), first: null, decision: said });
  return json(row(e));
}

export const row = (e) => ({
  id: e.id,
  kind: e.kind,
  hash: e.hash,
  title: e.title,
  state: e.state,
  received_ms: e.received_ms,
  decided_ms: e.decided_ms,
});

export function addUser(c) {
  const name = c.body.user;
  if (!/^[a-z][a-z0-9._-]{1,31}$/.test(name ?? ""))
    throw new Refused(400, "invalid", "A user name is lower case letters, digits, dots.", { pointer: "/user" });
  if (c.state.users.has(name)) throw new Refused(409, "exists", "There is such a user already.");
  const u = {
    user: name,
    name: c.body.name ?? name,
    pseudonym: `u_${c.state.users.size + 1}`,
    roles: c.body.roles,
    password: "lusab-babad-gutih",
    must_change: true,
    disabled: false,
    last_login_ms: null,
  };
  c.state.users.set(name, u);
  return json({ user: name, pseudonym: u.pseudonym, password: u.password });
}
