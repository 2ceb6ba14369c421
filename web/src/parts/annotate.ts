/* The view of marking. (What everyone loads stays one file by the import of the app, here and in the other
   parts, and compresses as one.) */
import "../ui/app";

export { Annotate } from "../ui/annotate";
