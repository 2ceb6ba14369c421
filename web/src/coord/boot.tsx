/* Boot of the coordinator's page: the words, then the page. */

import { render } from "preact";
import { learn } from "../app/messages";
import "../app/settings";
import { listen } from "../ui/keys";
import { App } from "./app";

listen();
const root = document.getElementById("app");
if (root !== null) void learn("base").then(() => render(<App />, root));
