/* Draws what was found over a text: all places as a highlight, which leaves the text's nodes alone, and the one
   in hand as an outline. */

import type { Found } from "../../model/find";
import type { TextEngine } from "./engine";

const MARGIN = 56;

export class FoundMarks {
  private list: readonly Found[] = [];
  private at = -1;
  private readonly outline = document.createElement("div");
  private readonly redraw = (): void => this.draw();

  constructor(
    private readonly engine: TextEngine,
    private readonly root: HTMLElement,
  ) {
    this.outline.className = "found";
    this.outline.ariaHidden = "true";
    root.append(this.outline);
    engine.drawn.add(this.redraw);
  }

  dispose(): void {
    this.engine.drawn.delete(this.redraw);
    this.outline.remove();
    CSS.highlights?.delete("found");
  }

  show(list: readonly Found[], at: number): void {
    this.list = list;
    this.at = at;
    const one = list[at];
    if (one !== undefined) this.reveal(one);
    this.draw();
  }

  /* The line first, for one that was out of sight had no layout; then the words, for a line may be long. */
  private reveal([a, b]: Found): void {
    const view = this.root.closest(".scroll");
    this.engine.paper.rowOf(a).scrollIntoView({ block: "nearest" });
    if (view === null) return;
    const words = this.engine.paper.range(a, b).getBoundingClientRect(),
      seen = view.getBoundingClientRect();
    if (words.top < seen.top + MARGIN || words.bottom > seen.bottom - MARGIN)
      view.scrollTop += words.top - seen.top - seen.height / 2;
  }

  private draw(): void {
    const { paper } = this.engine,
      one = this.list[this.at],
      o = this.root.getBoundingClientRect();
    /* Browsers without highlights show the one in hand. */
    if (typeof Highlight === "function")
      CSS.highlights.set("found", new Highlight(...this.list.map(([a, b]) => paper.range(a, b))));
    const rects = one === undefined ? [] : [...paper.range(one[0], one[1]).getClientRects()];
    this.outline.replaceChildren(
      ...rects
        .filter((r) => r.width > 0)
        .map((r) => {
          const box = document.createElement("i");
          box.style.transform = `translate(${r.x - o.x - 2}px, ${r.y - o.y - 1}px)`;
          box.style.width = `${r.width + 4}px`;
          box.style.height = `${r.height + 2}px`;
          return box;
        }),
    );
  }
}
