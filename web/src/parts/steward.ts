/* The views of stewards, auditors and admins. */
import "../ui/app";

export { Figures } from "../ui/steward/figures";
export { Inbox } from "../ui/steward/inbox";
export { Reads } from "../ui/steward/reads";
export { Users } from "../ui/steward/users";
