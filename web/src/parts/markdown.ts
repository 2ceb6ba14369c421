/* The reader of guidelines. */
import "../ui/app";

export { Markdown } from "../ui/md";
