/* What crossed the wall, and the wall closed by a person. */
import "../ui/app";

export { Banner } from "../ui/gate/suspend";
export { Gate } from "../ui/gate/suspend";
export { Left } from "../ui/gate/left";
