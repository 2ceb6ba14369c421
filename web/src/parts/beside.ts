/* What stands over and beside a text. */
import "../ui/app";

import "../ui/annotate";
export { Find } from "../ui/annotate/find";
export { Margin } from "../ui/annotate/margin";
