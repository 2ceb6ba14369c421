/* The views of stewards, auditors and admins. */

/* What every role loads stays one file by this, and compresses as one. */
import "../app";

export { Figures } from "./figures";
export { Inbox } from "./inbox";
export { Reads } from "./reads";
export { Users } from "./users";
