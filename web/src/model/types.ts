/* The documents of data.md that an annotator's page meets, in that page's words. Positions are in
   native units: code points of a text, thousandths of a source pixel of an image. */

export type Hash = string;
export type Translations = Readonly<Record<string, string>>;
export type Kind = "text" | "image" | "audio" | "video" | "series";
export type Shape =
  | "span"
  | "section"
  | "rect"
  | "ellipse"
  | "polygon"
  | "mask"
  | "point"
  | "skeleton"
  | "interval"
  | "instant"
  | "track";
export type Absence = "none" | "not_assessed" | "cannot_judge";

export interface StreamDef {
  id: string;
  kind: Kind;
  required: boolean;
  channels?: string[];
}
export interface Label {
  id: string;
  name: Translations;
  color: number;
  key?: string;
  about?: Translations;
  code?: { system: string; value: string };
  parent?: string;
  deprecated?: boolean;
}
export type AttrType = "enum" | "bool" | "int" | "decimal" | "text" | "date";
export interface Attr {
  id: string;
  name: Translations;
  type: AttrType;
  values?: { id: string; name: Translations }[];
  min?: number | string;
  max?: number | string;
  unit?: string;
  required?: boolean;
  when?: string;
}
export interface Task {
  id: string;
  name: Translations;
  streams: string[];
  shape: Shape;
  labels: string[];
  attrs?: string[];
  overlap?: boolean;
  discontinuous?: boolean;
  min?: number;
  max?: number;
  points?: string[];
  edges?: [number, number][];
  of?: "rect" | "skeleton";
  channels?: "any" | "one" | "all";
}
export type QuestionType = "choice" | "choices" | "rating" | "int" | "decimal" | "text" | "date" | "bool";
export interface Question {
  id: string;
  name: Translations;
  on: string;
  type: QuestionType;
  labels?: string[];
  min?: number | string;
  max?: number | string;
  unit?: string;
  required?: boolean;
  when?: string;
  absent?: Absence[];
}
export interface RelationEnd {
  task: string;
  labels?: string[];
}
export interface RelationType {
  id: string;
  name: Translations;
  from: RelationEnd[];
  to: RelationEnd[];
  cardinality: "one_to_one" | "one_to_many" | "many_to_one" | "many_to_many";
  symmetric?: boolean;
}
export interface Check {
  id: string;
  if?: string;
  then: string;
  severity: "block" | "warn";
  say: Translations;
}
export interface Schema {
  v: 1;
  id: string;
  version: number;
  supersedes: Hash | null;
  title: Translations;
  streams: StreamDef[];
  labels: Label[];
  attrs: Attr[];
  tasks: Task[];
  questions: Question[];
  relations: RelationType[];
  checks: Check[];
  map_from: Record<string, Record<string, string | null>>;
}

export type Part = readonly [number, number];
export interface SpanSel {
  t: "span" | "section";
  parts: readonly Part[];
}
export interface RectSel {
  t: "rect";
  frame?: number;
  at?: number;
  x: number;
  y: number;
  w: number;
  h: number;
  rot?: number;
}
export interface PointSel {
  t: "point";
  frame?: number;
  at?: number;
  x: number;
  y: number;
}
/* Shapes this page shows; the validator knows the others as plain JSON. */
export type Sel = SpanSel | RectSel | PointSel;

export type AttrValue = string | number | boolean;
export interface Origin {
  by: "human" | "accepted" | "edited" | "imported";
  model?: Hash;
  score_ppm?: number;
  shown_ms?: number;
  decided_ms?: number;
  tool?: string;
}
export interface Region {
  readonly id: string;
  readonly task: string;
  readonly stream: string;
  readonly label: string;
  readonly sel: Sel;
  readonly attrs?: Readonly<Record<string, AttrValue>>;
  readonly certainty?: number;
  readonly origin: Origin;
  readonly from?: readonly string[];
}
export interface Relation {
  readonly id: string;
  readonly type: string;
  readonly from: string;
  readonly to: string;
}
export type Answer = string | number | boolean | readonly string[] | { readonly absent: Absence };
export interface Annotation {
  v: 1;
  item: string;
  schema: Hash;
  guidelines: readonly Hash[];
  streams: Readonly<Record<string, Hash>>;
  regions: readonly Region[];
  relations: readonly Relation[];
  answers: Readonly<Record<string, Answer>>;
}

export interface TextStream {
  kind: "text";
  length: number;
  sha256: Hash;
}
export interface ImageStream {
  kind: "image";
  w: number;
  h: number;
  frames: number;
  sha256: Hash;
}
export interface TickStream {
  kind: "audio" | "series";
  ticks: [number, number];
  length: number;
  channels: string[];
  sha256: Hash;
}
export interface VideoStream {
  kind: "video";
  ticks: [number, number];
  w: number;
  h: number;
  pts: number[];
  end: number;
  sha256: Hash;
}
export type Stream = TextStream | ImageStream | TickStream | VideoStream;
export type Streams = Readonly<Record<string, Stream>>;

export interface GuidelineLabel {
  id: string;
  define: Translations;
  include: Translations[];
  exclude: Translations[];
  examples: Translations[];
}
export interface Guideline {
  v: 1;
  campaign: string;
  kind: string;
  version: number;
  supersedes: Hash | null;
  title: Translations;
  body: Translations;
  labels: GuidelineLabel[];
  changes: Translations;
  assets: { name: string; type: string; bytes: number; sha256: Hash }[];
  breaking: boolean;
}

export interface Revision {
  assignment: string;
  n: number;
  base: number;
  status: "submitted" | "returned" | "accepted" | "adjudicated" | "skipped";
  reason?: string;
  by: string;
  at_ms: number;
  active_ms: number;
  doc_hash: Hash;
  doc: Annotation;
}

export function isAbsence(a: Answer | undefined): a is { absent: Absence } {
  return typeof a === "object" && !Array.isArray(a);
}
