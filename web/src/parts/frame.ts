/* What the frame of every view opens now and then. */
import "../ui/app";

export { Account } from "../ui/account";
export { Band } from "../ui/gate/band";
export { KeySheet } from "../ui/keysheet";
