/* The shapes in which the coordinator answers, as far as the page reads them. */

import type { Translations } from "../model/types";

export interface Head {
  size: number;
  head: string;
}
export interface SiteRow {
  site: string;
  state: "up" | "greeting" | "down" | "stopped" | "revoked";
  fault: string | null;
  red: boolean;
  stopped: string | null;
  stopped_ms: number | null;
  evidence: string | null;
  lead: boolean;
  last_ms: number;
  status: {
    at_ms: number;
    software: number;
    roster: number;
    policy: number;
    pending: number;
    oldest_s: number;
    disk: string;
  } | null;
  log: Head | null;
  peer_log: Head | null;
  refusals: { rule: string; n: number; last_ms: number }[];
  guidelines: { campaign: string; stream: string; version: number }[];
}
export interface Kept {
  kind: string;
  version: number;
  hash: string;
  at_ms: number;
  signatures: number;
  title?: Translations | null;
}
export interface Campaign extends Kept {
  lead: string;
  replies: { site: string; decision: string; reason: string; until_ms: number; at_ms: number }[];
  waiting: string[];
}
export interface Status {
  coordinator: string;
  federation: string;
  name: string;
  version: string;
  listening: string;
  roster: number | null;
  policy: number | null;
  documents: Kept[];
  proposals: Kept[];
}
export interface Seen {
  at: number;
  sites: SiteRow[];
  now_ms: number;
  campaigns: Campaign[];
  status: Status;
}
