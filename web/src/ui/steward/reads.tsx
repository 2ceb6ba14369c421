import type { JSX } from "preact";
export function Reads(): JSX.Element { return <p>soon</p>; }
