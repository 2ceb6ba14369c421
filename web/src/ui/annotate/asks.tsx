/* The dialogs of the views of marking, opened now and then: one file, fetched when the item has stood for a
   moment. */

import { t } from "../../app/messages";
import { lazyDialog, lazyPiece } from "../lazy";
import { Dialog, Loading } from "../parts";

const more = (): Promise<typeof import("../../parts/dialogs")> => import("../../parts/dialogs");

export const SkipDialog = lazyDialog(() => more().then((m) => m.SkipDialog));
export const CommentDialog = lazyDialog(() => more().then((m) => m.CommentDialog));
export const ChecksDialog = lazyDialog(() => more().then((m) => m.ChecksDialog));
export const GuidelineDialog = lazyDialog(() => more().then((m) => m.GuidelineDialog));
/* This one must be answered, so its frame cannot be closed either. */
export const ConflictDialog = lazyPiece(
  () => more().then((m) => m.ConflictDialog),
  () => (
    <Dialog title={t("loading")}>
      <Loading />
    </Dialog>
  ),
);
