/* The dialogs of the views of marking, opened now and then: one file, fetched when the item has stood for a
   moment. */

import type { JSX } from "preact";
import type { Pane } from "../../app/desk";
import { learn, t } from "../../app/messages";
import { lazyDialog, lazyPiece } from "../lazy";
import { useKeys } from "../keys";
import { Dialog, Loading } from "../parts";
import type { Acts } from "./acts";

const beside = (): Promise<typeof import("../../parts/beside")> => import("../../parts/beside");
/* Their words come with them. */
const more = (): Promise<typeof import("../../parts/dialogs")> =>
  learn("dialogs").then(() => import("../../parts/dialogs"));

export const SkipDialog = lazyDialog(() => more().then((m) => m.SkipDialog));
export const CommentDialog = lazyDialog(() => more().then((m) => m.CommentDialog));
export const ChecksDialog = lazyDialog(() => more().then((m) => m.ChecksDialog));
const RelationDialog = lazyDialog(() => more().then((m) => m.RelationDialog));
export const QuickList = lazyDialog(() => more().then((m) => m.QuickList));
export const ChangesDialog = lazyDialog(() => more().then((m) => m.ChangesDialog));
export const GuidelineDialog = lazyDialog(() => more().then((m) => m.GuidelineDialog));
/* Over a text; until it is here, no key of what is typed reaches the work. */
export const Find = lazyPiece(
  () => beside().then((m) => m.Find),
  ({ acts }: { acts: Acts; pane: Pane }) => (
    <Hush
      onCancel={() => {
        acts.finding.value = null;
      }}
    />
  ),
);
export const Margin = lazyPiece(
  () => beside().then((m) => m.Margin),
  () => <aside class="margin" aria-label={t("margin")} />,
);
/* This one must be answered, so its frame cannot be closed either. */
export const ConflictDialog = lazyPiece(
  () => more().then((m) => m.ConflictDialog),
  () => (
    <Dialog title={t("loading")}>
      <Loading />
    </Dialog>
  ),
);

export function RelationChoice({ acts }: { acts: Acts }): JSX.Element | null {
  return acts.choices.value === null ? null : (
    <RelationDialog
      acts={acts}
      onClose={() => {
        acts.choices.value = null;
      }}
    />
  );
}

function Hush({ onCancel }: { onCancel: () => void }): JSX.Element | null {
  useKeys({ cancel: onCancel }, [], true);
  return null;
}
