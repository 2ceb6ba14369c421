/* What the views of marking open now and then. */
import "../ui/app";

import "../ui/annotate";
export { ChangesDialog } from "../ui/annotate/changes";
export { ChecksDialog, CommentDialog, ConflictDialog, RelationDialog, SkipDialog } from "../ui/annotate/dialogs";
export { QuickList } from "../ui/annotate/quick";
export { GuidelineDialog } from "../ui/guideline-whole";
