/* The views of stewards, auditors and admins, and their words. */

import { teach } from "../../app/messages";
import { stewardWords } from "../../app/words/steward";

teach(stewardWords);

export { Figures } from "./figures";
export { Inbox } from "./inbox";
export { Reads } from "./reads";
export { Users } from "./users";
