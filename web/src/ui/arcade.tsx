/* The row of arches behind the sign-in card. */

import type { JSX } from "preact";

const BAYS = 13,
  STEP = 120,
  RAILS = 27;

function bay(x: number): string {
  const arch = (inset: number): string =>
    `M${x + 10 + inset} 400V150A${50 - inset} ${50 - inset} 0 0 1 ${x + 110 - inset} 150V400`;
  return [0, 7, 14].map(arch).join("") + `M${x - 10} 400V392h20v8M${x - 10} 150v-8h20v8`;
}

const PATH =
  Array.from({ length: BAYS }, (_, i) => bay(i * STEP)).join("") +
  "M0 84H1560M0 76H1560M0 30H1560" +
  Array.from({ length: RAILS }, (_, i) => `M${i * 60} 76v-40`).join("");

export function Arcade(): JSX.Element {
  return (
    <svg class="arcade" viewBox="0 0 1560 400" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      <path d={PATH} />
    </svg>
  );
}
