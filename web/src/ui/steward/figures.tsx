import type { JSX } from "preact";
export function Figures(): JSX.Element { return <p>soon</p>; }
