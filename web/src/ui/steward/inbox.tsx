import type { JSX } from "preact";
export function Inbox(_: { id: string }): JSX.Element { return <p>soon</p>; }
