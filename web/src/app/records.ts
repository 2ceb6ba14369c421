/* The shapes in which the node answers, as far as the page reads them. */

import type { Annotation, Hash, Kind, Revision, Schema, Stream, Translations } from "../model/types";

export type WorkState =
  | "assigned"
  | "in_progress"
  | "submitted"
  | "in_review"
  | "accepted"
  | "returned"
  | "adjudicated"
  | "skipped"
  | "locked";
export const OPEN: readonly WorkState[] = ["returned", "in_progress", "assigned"];
/* Still to be done by the person whose it is. */
export const isOpen = (r: { state: WorkState; stopped?: Stopped }): boolean =>
  OPEN.includes(r.state) && r.stopped === undefined;
export interface StreamBrief {
  id: string;
  kind: Kind;
  bytes: number;
}
export type Stopped = "withdrawn" | "expired";
export interface Row {
  id: string;
  item: string;
  campaign: Hash;
  state: WorkState;
  title: string;
  streams: StreamBrief[];
  returned: { at_ms: number; by: string; text: string } | null;
  stopped?: Stopped;
  updated_ms: number;
}
export interface CampaignBrief {
  hash: Hash;
  title: Translations;
  state: InboxState;
}
export interface Progress {
  campaigns: {
    hash: Hash;
    title: Translations;
    items: number;
    done: number;
    queue: number;
    own: Partial<Record<WorkState, number>>;
  }[];
}
export interface StreamFull extends StreamBrief {
  media_type: string;
  stream: Stream;
  missing?: boolean;
}
export interface Comment {
  region?: string;
  n?: number;
  assignment?: string;
  by: string;
  at_ms: number;
  text: string;
}
export interface LabelWords {
  define: Translations;
  include: Translations[];
  exclude: Translations[];
  examples: Translations[];
}
export interface GuidelineChange {
  kind: string;
  hash: Hash;
  before: Hash;
  version: number;
  breaking: boolean;
  changes: Translations;
  labels: { id: string; before: LabelWords | null; after: LabelWords | null }[];
}
export interface Assignment {
  id: string;
  state: WorkState;
  campaign: Hash;
  item: { id: string; session: string };
  schema: Hash;
  guidelines: Record<string, Hash>;
  streams: StreamFull[];
  draft: { n: number; saved_ms: number; doc: Annotation } | null;
  revision: Revision | null;
  review: { decision: string; by: string; at_ms: number; n: number; cause?: string } | null;
  comments: Comment[];
  changes?: GuidelineChange[];
  stopped?: Stopped;
}
export interface FailedCheck {
  id: string;
  severity: "block" | "warn";
  say: Translations;
}
export interface ReviewRow {
  item: string;
  campaign: Hash;
  state: "ready" | "in_review" | "done";
  title: string;
  streams: StreamBrief[];
  updated_ms: number;
}
export interface ItemWork {
  item: { id: string; session: string };
  campaign: Hash;
  schema: Hash;
  guidelines: Record<string, Hash>;
  streams: StreamFull[];
  work: { assignment: string; slot: number; annotator: string; state: WorkState; revision: Revision | null }[];
  comments: Comment[];
  changes?: GuidelineChange[];
  stopped?: Stopped;
}
export type InboxState = "waiting" | "approved" | "refused" | "withdrawn" | "expired";
export interface InboxRow {
  id: string;
  kind: string;
  hash: Hash;
  title: Translations;
  state: InboxState;
  received_ms: number;
  decided_ms: number | null;
}
export interface Decided {
  decision: string;
  reason?: string;
  by: string;
  name: string;
  at_ms: number;
  until_ms?: number;
}
export interface InboxEntry extends InboxRow {
  doc: unknown;
  bytes: string;
  signatures: { name: string; key_id: string }[];
  words: string[];
  diff: { pointer: string; before: unknown; after: unknown }[] | null;
  fault: { pointer: string; reason: string } | null;
  decision: Decided | null;
  /** Where two people approve: the first, while the second has not decided. */
  first?: Decided | null;
  replies: { site: string; name: string; decision: string; reason: string; at_ms: number }[] | null;
  governed: Governed | null;
}
export interface NamedSite {
  id: string;
  name: string;
}
export interface Governed {
  fingerprint: string;
  version: number;
  valid: number;
  need: number;
  in_force_ms: number | null;
  signers: { name: string; signed: boolean; own: boolean }[];
  changes: {
    joins: NamedSite[];
    revoked: NamedSite[];
    gone: NamedSite[];
    renewed: NamedSite[];
    governors_in: string[];
    governors_out: string[];
    k: number;
    k_before: number;
    governors: number;
    coordinator: boolean;
    own: "active" | "revoked" | "absent";
  } | null;
}
export interface FigureTask {
  id: string;
  of: "question" | "task";
  n: number;
  coverage: string;
  percent: string | null;
  alpha: string | null;
  f1: string | null;
  reason: string | null;
  absent?: { none: number; not_assessed: number; cannot_judge: number };
  per_label: { label: string; n: number; f1: string | null }[];
  confusion: { labels: string[]; cells: number[][] } | null;
}
export interface Figures {
  site: string;
  campaign: Hash;
  made_ms: number;
  tasks: FigureTask[];
}
export interface ReadRow {
  index: number;
  at_ms: number;
  user: string;
  role: string;
  purpose: string;
  patient: string;
  item: string;
  assignment: string | null;
  n: number | null;
  streams: string[];
  outcome: string;
}
export interface UserRow {
  user: string;
  name: string;
  pseudonym: string;
  roles: string[];
  disabled: boolean;
  must_change: boolean;
  last_login_ms: number | null;
}
export interface CampaignFull {
  hash: Hash;
  state: InboxState;
  doc: { title: Translations; schema: Schema };
  schema: Hash;
}
export interface Crossed {
  index: number;
  at_ms: number;
  direction: "out" | "in";
  type: string;
  words: string;
  bytes: number;
  frame: Hash;
  says: Readonly<Record<string, string | number>> | null;
}
export interface CrossedWhole extends Crossed {
  base64: string;
  note: string | null;
}
export interface CrossedList {
  left: Crossed[];
  next: number | null;
  size: number;
  totals: Record<"out" | "in", { n: number; bytes: number }>;
}
