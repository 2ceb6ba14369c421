/* The views of reviewers; what they share with the view of marking stays one file. */
import "../ui/app";

import "../ui/annotate";
export { Review, Reviews } from "../ui/review";
