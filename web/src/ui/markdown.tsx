/* A guideline's Markdown. Its reader is larger than any other part of the page, so it is fetched when the first
   guideline is drawn; until then, and if it does not come, the words stand as they were written. */

import type { Guideline } from "../model/types";
import { lazyPiece } from "./lazy";

export const Markdown = lazyPiece<{ text: string; assets?: Guideline["assets"] | undefined }>(
  () => import("../parts/markdown").then((m) => m.Markdown),
  ({ text }) => <p class="md-body md-plain">{text}</p>,
);
