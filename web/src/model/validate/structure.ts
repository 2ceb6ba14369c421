/* Stage 2: what contract/*.json say, for label schemas, annotations and streams. */

import {
  any,
  bool,
  dict,
  int,
  isObject,
  list,
  MAX,
  not,
  oneOf,
  orNull,
  pattern,
  record,
  tagged,
  text,
  yes,
} from "./shape";
import type { Checker } from "./shape";

const ID = /^[a-z][a-z0-9_]{0,63}$/;
const LANG = /^[a-z]{2,3}(_[a-z0-9]{1,8}){0,6}$/;
const LINE = /^[^\u0000-\u001f\u007f]{1,200}$/u;

export const hash = pattern(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hex digits");
const id = pattern(ID, "an id");
const exprId = not(["and", "or", "not", "in", "true", "false", "answered", "count"], id);
const name = dict(LANG, pattern(LINE, "one line of 1 to 200 characters"), 1, 64);
const prose = dict(LANG, text(1, 100000), 1, 64);
const word = pattern(LINE, "one line of 1 to 200 characters");
const expr = text(1, 1000);
const kind = oneOf("text", "image", "audio", "video", "series");
const words = (max: number): Checker => list(word, { min: 1, max, unique: true });
const ids = (min: number, max: number): Checker => list(id, { min, max, unique: true });
const nat = int(0, MAX);

const bound: Checker = (v, p, f) => (typeof v === "string" ? text(0, 40) : int())(v, p, f);
const end = list(record({ task: id }, { labels: ids(1, 1000) }), { min: 1, max: 200 });
const shapes = [
  "span",
  "section",
  "rect",
  "ellipse",
  "polygon",
  "mask",
  "point",
  "skeleton",
  "interval",
  "instant",
  "track",
];

export const labelSchema = record({
  v: oneOf(1),
  id,
  version: int(1, 1000000),
  supersedes: orNull(hash),
  title: name,
  streams: list(record({ id: not(["item"], id), kind, required: bool }, { channels: words(1024) }), {
    min: 1,
    max: 32,
  }),
  labels: list(
    record(
      { id, name, color: int(0, 9) },
      {
        key: pattern(/^[0-9aijnotuvz]$/, "a digit or one of a i j n o t u v z"),
        about: prose,
        code: record({ system: word, value: word }),
        parent: id,
        deprecated: bool,
      },
    ),
    { max: 1000 },
  ),
  attrs: list(
    record(
      { id: not(["label"], exprId), name, type: oneOf("enum", "bool", "int", "decimal", "text", "date") },
      {
        values: list(record({ id, name }), { min: 1, max: 500 }),
        min: bound,
        max: bound,
        unit: word,
        required: bool,
        when: expr,
      },
    ),
    { max: 200 },
  ),
  tasks: list(
    record(
      { id: exprId, name, streams: ids(1, 32), shape: oneOf(...shapes), labels: ids(1, 1000) },
      {
        attrs: ids(0, 200),
        overlap: bool,
        discontinuous: bool,
        min: int(0, 20000),
        max: int(1, 20000),
        points: words(1000),
        edges: list(list(int(0, 999), { min: 2, max: 2 }), { max: 10000, unique: true }),
        of: oneOf("rect", "skeleton"),
        channels: oneOf("any", "one", "all"),
      },
    ),
    { max: 200 },
  ),
  questions: list(
    record(
      {
        id: exprId,
        name,
        on: id,
        type: oneOf("choice", "choices", "rating", "int", "decimal", "text", "date", "bool"),
      },
      {
        labels: ids(1, 1000),
        min: bound,
        max: bound,
        unit: word,
        required: bool,
        when: expr,
        absent: list(oneOf("none", "not_assessed", "cannot_judge"), { min: 1, max: 3, unique: true }),
      },
    ),
    { max: 500 },
  ),
  relations: list(
    record(
      {
        id,
        name,
        from: end,
        to: end,
        cardinality: oneOf("one_to_one", "one_to_many", "many_to_one", "many_to_many"),
      },
      { symmetric: bool },
    ),
    { max: 200 },
  ),
  checks: list(record({ id, then: expr, severity: oneOf("block", "warn"), say: prose }, { if: expr }), { max: 200 }),
  map_from: dict(/^[1-9][0-9]{0,6}$/, dict(ID, orNull(id))),
});

const part = list(nat, { min: 2, max: 2 });
const parts = record({ t: any, parts: list(part, { min: 1, max: 100000 }) });
const rot = int(0, 359999);
const point3 = list(nat, { min: 3, max: 3, head: [nat, nat, int(0, 2)] });
const points = list(point3, { min: 1, max: 1000 });
const channels = list(int(0, 1023), { min: 1, max: 1024, unique: true });

/* A place on a picture: of a frame, or at a time. */
const onFrame = (required: Record<string, Checker>, optional: Record<string, Checker> = {}): Checker => {
  const rules = record({ t: any, ...required }, { ...optional, frame: nat, at: nat });
  return (v, p, f) => {
    if (isObject(v) && !("frame" in v) && !("at" in v)) f.add(p, "frame or at is missing");
    rules(v, p, f);
  };
};

const size = int(1, MAX);
const rectParts = list(int(), { min: 4, max: 5, head: [int(), int(), size, size, rot] });
const selector = tagged("t", {
  span: parts,
  section: parts,
  rect: onFrame({ x: int(), y: int(), w: size, h: size }, { rot }),
  ellipse: onFrame({ cx: nat, cy: nat, rx: size, ry: size }, { rot }),
  polygon: onFrame({ rings: list(list(part, { min: 3, max: 100000 }), { min: 1, max: 100000 }) }),
  mask: onFrame({ x: nat, y: nat, w: size, h: size, rle: list(size, { min: 2, max: 100000, head: [nat] }) }),
  point: onFrame({ x: nat, y: nat }),
  skeleton: onFrame({ pts: points }),
  interval: record({ t: any, a: nat, b: nat }, { ch: channels }),
  instant: record({ t: any, at: nat }, { ch: channels }),
  track: record({
    t: any,
    kf: list(record({ at: nat }, { rect: rectParts, pts: points, out: yes, hidden: yes }), { min: 1, max: 100000 }),
  }),
});

const scalar: Checker = (v, p, f) => {
  if (typeof v === "string") text(0, 100000)(v, p, f);
  else if (typeof v !== "boolean") int()(v, p, f);
};
const answer: Checker = (v, p, f) => {
  if (Array.isArray(v)) list(id, { min: 1, max: 1000, unique: true })(v, p, f);
  else if (isObject(v)) record({ absent: oneOf("none", "not_assessed", "cannot_judge") })(v, p, f);
  else scalar(v, p, f);
};

const region = record(
  {
    id,
    task: id,
    stream: id,
    label: id,
    sel: selector,
    origin: record(
      { by: oneOf("human", "accepted", "edited", "imported") },
      {
        model: hash,
        score_ppm: int(0, 1000000),
        shown_ms: nat,
        decided_ms: nat,
        tool: word,
      },
    ),
  },
  {
    attrs: dict(ID, scalar),
    certainty: int(0, 100),
    from: list(pattern(/^sha256:[0-9a-f]{64}#[a-z][a-z0-9_]{0,63}$/, "a document's hash, # and a region"), {
      min: 1,
      max: 1000,
      unique: true,
    }),
  },
);

export const annotation = record({
  v: oneOf(1),
  item: id,
  schema: hash,
  guidelines: list(hash, { max: 64, unique: true }),
  streams: dict(ID, hash),
  regions: list(region, { max: 20000 }),
  relations: list(record({ id, type: id, from: id, to: id }), { max: 100000 }),
  answers: dict(ID, answer),
});

const ticks = list(size, { min: 2, max: 2 });
const pixels = int(1, 2147483647);
const sampled = record({ kind: any, ticks, length: nat, channels: words(1024), sha256: hash });

export const streams = dict(
  ID,
  tagged("kind", {
    text: record({ kind: any, length: nat, sha256: hash }),
    image: record({ kind: any, w: pixels, h: pixels, frames: pixels, sha256: hash }),
    audio: sampled,
    series: sampled,
    video: record({
      kind: any,
      ticks,
      w: pixels,
      h: pixels,
      pts: list(nat, { min: 1, unique: true }),
      end: size,
      sha256: hash,
    }),
  }),
);
