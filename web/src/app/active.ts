/* Time at work on one item: a minute without a hand on keyboard or mouse is not counted. */

const IDLE_MS = 60000;
const TICK_MS = 1000;

export class ActiveTime {
  private touched = performance.now();
  private sum = 0;
  private readonly timer: number;
  private readonly touch = (): void => {
    this.touched = performance.now();
  };

  constructor() {
    for (const e of ["pointermove", "keydown", "wheel"]) addEventListener(e, this.touch, { passive: true });
    this.timer = setInterval(() => {
      if (document.visibilityState === "visible" && performance.now() - this.touched < IDLE_MS) this.sum += TICK_MS;
    }, TICK_MS) as unknown as number;
  }

  get ms(): number {
    return this.sum;
  }
  get minutes(): number {
    return Math.floor(this.sum / 60000);
  }

  dispose(): void {
    clearInterval(this.timer);
    for (const e of ["pointermove", "keydown", "wheel"]) removeEventListener(e, this.touch);
  }
}
