import type { JSX } from "preact";
export function Users(): JSX.Element { return <p>soon</p>; }
