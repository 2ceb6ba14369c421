/* What a new version of a guideline changed. */
import "../ui/app";

import "../ui/annotate";
export { ChangesDialog } from "../ui/annotate/changes";
