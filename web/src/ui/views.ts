/* The views that are fetched when the address names them, and their words before them. Signing in, the start page
   and what every view stands on are one file, which everyone loads. */

import type { ComponentType } from "preact";
import { learn } from "../app/messages";
import { lazily, type Lazy } from "./lazy";

const review = (): Promise<typeof import("../parts/review")> => learn("review").then(() => import("../parts/review"));
const steward = (): Promise<typeof import("../parts/steward")> =>
  learn("steward").then(() => import("../parts/steward"));

export const gate = (): Promise<typeof import("../parts/gate")> => learn("gate").then(() => import("../parts/gate"));

export const Annotate = lazily(() => import("../parts/annotate").then((m) => m.Annotate));

const VIEWS: Readonly<Record<string, Lazy<{ id: string }>>> = {
  work: Annotate,
  reviews: lazily(() => review().then((m) => m.Reviews as ComponentType<{ id: string }>)),
  review: lazily(() => review().then((m) => m.Review)),
  inbox: lazily(() => steward().then((m) => m.Inbox)),
  figures: lazily(() => steward().then((m) => m.Figures as ComponentType<{ id: string }>)),
  reads: lazily(() => steward().then((m) => m.Reads as ComponentType<{ id: string }>)),
  left: lazily(() => gate().then((m) => m.Left)),
  users: lazily(() => steward().then((m) => m.Users as ComponentType<{ id: string }>)),
};
export const viewAt = (name: string): Lazy<{ id: string }> | undefined =>
  Object.hasOwn(VIEWS, name) ? VIEWS[name] : undefined;
