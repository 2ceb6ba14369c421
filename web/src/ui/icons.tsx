/* Drawn on a 16 px grid, one stroke. */

import type { JSX } from "preact";

const PATHS = {
  arch: "M3 13V8a5 5 0 0 1 10 0v5M1.8 13.2h12.4M6.2 13V8.4a1.8 1.8 0 0 1 3.6 0V13",
  out: "M8.5 2.8H3.2v10.4h5.3M6.8 8h7M11 5.2 13.8 8 11 10.8",
  check: "m3 8.6 3.2 3.2L13 4.6",
  x: "m4 4 8 8M12 4l-8 8",
  undo: "M3 6.2h6.4a3.6 3.6 0 0 1 0 7.2H6M5.8 3.4 3 6.2 5.8 9",
  redo: "M13 6.2H6.6a3.6 3.6 0 0 0 0 7.2H10M10.2 3.4 13 6.2 10.2 9",
  theme: "M8 2.4v11.2M8 13.6A5.6 5.6 0 0 0 8 2.4 5.6 5.6 0 0 0 8 13.6ZM10.4 4.4v7.2M12.4 5.6v4.8",
  left: "M9.8 3.6 5.4 8l4.4 4.4",
  right: "M6.2 3.6 10.6 8l-4.4 4.4",
  up: "M3.6 9.8 8 5.4l4.4 4.4",
  down: "M3.6 6.2 8 10.6l4.4-4.4",
  clock: "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2ZM8 4.8V8l2.2 1.6",
  flag: "M3.8 14V2.6M3.8 3h8.4l-1.8 2.8 1.8 2.8H3.8",
  text: "M3 3.6h10M3 6.6h10M3 9.6h10M3 12.6h6",
  image: "M2.4 3h11.2v10H2.4zM2.6 11l3-3 2.4 2.2L11 7l2.6 2.6M5.6 6.2h.01",
  link: "M6.6 9.4 9.4 6.6M7.4 4.8l1.4-1.4a2.7 2.7 0 0 1 3.8 3.8l-1.4 1.4M8.6 11.2l-1.4 1.4a2.7 2.7 0 0 1-3.8-3.8l1.4-1.4",
  comment: "M2.6 3.2h10.8v7.4H7.4L4.6 13v-2.4h-2z",
  search: "M7 2.8a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4ZM10.2 10.2l3.2 3.2",
  book: "M3 3h4.2c.5 0 .8.4.8.8V13c0-.6-.4-1-1-1H3zM13 3H8.8c-.5 0-.8.4-.8.8V13c0-.6.4-1 1-1h4z",
  box: "M3 3.6h10v8.8H3z",
  point: "M8 2v3.4M8 10.6V14M2 8h3.4M10.6 8H14M8 7.9h.01",
  pan: "M8 2v12M2 8h12M8 2 6.4 3.6M8 2l1.6 1.6M8 14l-1.6-1.6M8 14l1.6-1.6M2 8l1.6-1.6M2 8l1.6 1.6M14 8l-1.6-1.6M14 8l-1.6 1.6",
  window: "M8 2.4a5.6 5.6 0 1 1 0 11.2A5.6 5.6 0 0 1 8 2.4ZM8 2.6v10.8M8 5h4.6M8 8h5.4M8 11h4.6",
  pointer: "M4 2.6 12.6 8l-3.8.9L7 12.6z",
  eye: "M1.8 8S4 4 8 4s6.2 4 6.2 4S12 12 8 12 1.8 8 1.8 8ZM8 6.4a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2Z",
  layers: "M8 2.4 14 5.6 8 8.8 2 5.6zM2.4 8.4 8 11.4l5.6-3",
  columns: "M2.6 3h10.8v10H2.6zM8 3v10",
  list: "M5.6 4h8M5.6 8h8M5.6 12h8M2.6 4h.01M2.6 8h.01M2.6 12h.01",
  shield: "M8 2.2 13 4v4.2c0 2.8-2 4.7-5 5.6-3-.9-5-2.8-5-5.6V4z",
  people:
    "M6 3a2.4 2.4 0 1 1 0 4.8A2.4 2.4 0 0 1 6 3ZM1.8 13c.4-2.4 2-3.6 4.2-3.6s3.8 1.2 4.2 3.6M10.6 3.4a2.2 2.2 0 0 1 0 4M11.6 9.6c1.6.4 2.4 1.6 2.6 3.4",
  warn: "M8 2.6 14 13H2zM8 6.4v3.2M8 11.4h.01",
  stop: "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2ZM5.4 8h5.2",
  info: "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2ZM8 7.2V11M8 5h.01",
  door: "M9.4 2.8h3.4v10.4H9.4M2.4 8h7M6.6 5.2 9.4 8l-2.8 2.8",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, small, faint }: { name: IconName; small?: boolean; faint?: boolean }): JSX.Element {
  return (
    <svg
      class={`i${small === true ? " s" : ""}${faint === true ? " faint" : ""}`}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

export function Mark(): JSX.Element {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      aria-hidden="true"
    >
      <path d="M4 20.5V11.5a8 8 0 0 1 16 0v9" />
      <path d="M9 20.5v-8.4a3 3 0 0 1 6 0v8.4" />
      <path d="M2 20.8h20" />
    </svg>
  );
}
