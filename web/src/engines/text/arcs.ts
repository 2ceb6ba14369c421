/* Relations as lines from place to place: a low bridge on one line, out to the gutter and back between
   lines, free between panes. Drawn as SVG; the list in the panel says the same in words. */

export interface Arc {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly on: boolean;
  readonly symmetric: boolean;
}
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
interface Route {
  readonly d: string;
  readonly x: number;
  readonly y: number;
  readonly up: boolean;
}

const NS = "http://www.w3.org/2000/svg";
const GUTTER = 14;

function node(name: string, attrs: Record<string, string | number>, parent: Element): SVGElement {
  const n = document.createElementNS(NS, name);
  for (const [k, v] of Object.entries(attrs)) n.setAttribute(k, String(v));
  parent.append(n);
  return n;
}

function inText(a: Box, b: Box, lane: number): Route {
  const x1 = a.x + Math.min(a.width / 2, 40),
    x2 = b.x + Math.min(b.width / 2, 40),
    s = x2 < x1 ? -4 : 4;
  if (Math.abs(a.y - b.y) < 8) {
    const y = a.y - 6;
    return {
      d: `M${x1} ${a.y}V${y + 4}q0 -4 ${s} -4H${x2 - s}q${s} 0 ${s} 4V${b.y - 1}`,
      x: (x1 + x2) / 2,
      y,
      up: false,
    };
  }
  const ya = a.y - 5,
    yb = b.y - 5,
    g = GUTTER + lane * 12,
    v = yb > ya ? 1 : -1;
  const d = `M${x1} ${a.y}V${ya + 4}q0 -4 -4 -4H${g + 5}q-5 0 -5 ${5 * v}V${yb - 5 * v}q0 ${5 * v} 5 ${5 * v}H${x2 - 4}q4 0 4 4V${b.y - 1}`;
  return { d, x: g, y: (ya + yb) / 2, up: true };
}

function between(a: Box, b: Box): Route {
  const rightward = b.x > a.x,
    x1 = rightward ? a.x + a.width : a.x,
    x2 = rightward ? b.x - 2 : b.x + b.width + 2;
  const y1 = a.y + a.height / 2,
    y2 = b.y + b.height / 2,
    m = (x1 + x2) / 2;
  return { d: `M${x1} ${y1}C${m} ${y1} ${m} ${y2} ${x2} ${y2}`, x: m, y: (y1 + y2) / 2, up: false };
}

function marker(svg: SVGSVGElement): string {
  const id = `arrow-${(svg.dataset["n"] ??= String(Math.floor(Math.random() * 1e9)))}`;
  const m = node(
    "marker",
    {
      id,
      viewBox: "0 0 8 8",
      refX: 6.5,
      refY: 4,
      markerWidth: 7,
      markerHeight: 7,
      orient: "auto-start-reverse",
      markerUnits: "userSpaceOnUse",
    },
    node("defs", {}, svg),
  );
  node("path", { d: "M0 .8 7 4 0 7.2z", class: "arc-head" }, m);
  return id;
}

export function drawArcs(
  svg: SVGSVGElement,
  arcs: readonly Arc[],
  place: (id: string) => DOMRect | null,
  free = false,
): void {
  svg.replaceChildren();
  if (arcs.length === 0) return;
  const o = svg.getBoundingClientRect(),
    head = marker(svg);
  let lane = 0;
  for (const arc of arcs) {
    const from = place(arc.from),
      to = place(arc.to);
    if (from === null || to === null) continue;
    const box = (r: DOMRect): Box => ({ x: r.x - o.x, y: r.y - o.y, width: r.width, height: r.height });
    const p = free ? between(box(from), box(to)) : inText(box(from), box(to), lane);
    if (p.up) lane = (lane + 1) % 3;
    one(svg, arc, p, head);
  }
}

function one(svg: SVGSVGElement, arc: Arc, p: Route, head: string): void {
  const g = node("g", { class: `arc${arc.on ? " on" : ""}` }, svg);
  node("path", { d: p.d, class: "arc-halo" }, g);
  const line = node("path", { d: p.d, class: "arc-line", "marker-end": `url(#${head})` }, g);
  if (arc.symmetric) line.setAttribute("marker-start", `url(#${head})`);
  const t = node("text", { x: p.x, y: p.y, class: "arc-text" }, g) as SVGTextElement;
  t.textContent = arc.text;
  const w = t.getBBox();
  const pill = node(
    "rect",
    { x: w.x - 5, y: w.y - 1, width: w.width + 10, height: w.height + 2, rx: 4, class: "arc-pill" },
    g,
  );
  g.insertBefore(pill, t);
  if (!p.up) return;
  for (const e of [t, pill]) e.setAttribute("transform", `rotate(-90 ${p.x} ${p.y})`);
}
