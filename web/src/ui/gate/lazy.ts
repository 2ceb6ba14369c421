/* The button for views that do not bring the wall's own part. */

import { lazyPiece } from "../lazy";
import { gate } from "../views";

export const Gate = lazyPiece(
  () => gate().then((m) => m.Gate),
  () => null,
);
