/* Boot: the words, then the page. */

import { render } from "preact";
import { learn } from "./app/messages";
import "./app/settings";
import { App } from "./ui/app";
import { listen } from "./ui/keys";

listen();
const root = document.getElementById("app");
if (root !== null) void learn("base").then(() => render(<App />, root));
