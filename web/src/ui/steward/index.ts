export { Figures } from "./figures";
export { Inbox } from "./inbox";
export { Reads } from "./reads";
export { Users } from "./users";
