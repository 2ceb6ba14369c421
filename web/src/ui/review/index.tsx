import type { JSX } from "preact";
export function Review(_: { id: string }): JSX.Element { return <p>soon</p>; }
export function Reviews(): JSX.Element { return <p>soon</p>; }
