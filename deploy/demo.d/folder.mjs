// folder.mjs - what the story was asked to do, and the folder that it stands in.
import { die, openFolder } from "./stage.mjs";

function parse(argv) {
    const o = { build: "build/release", seed: "1", hospitals: "5", once: false, keep: false };
    for (let i = 0; i < argv.length; i++) {
        const name = argv[i].replace(/^--/, "").replace(/-([a-z])/g, (_, c) => c.toUpperCase());
        if (name === "once" || name === "keep") o[name] = true;
        else o[name] = argv[++i];
    }
    if (o.hospitals !== "1" && o.hospitals !== "5") die(`--hospitals ${o.hospitals}: one hospital alone, or five and a coordinator`, 64);
    return o;
}

export const options = parse(process.argv.slice(2));
export const folder = openFolder(options);
