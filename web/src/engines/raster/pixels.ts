/* The picture itself, drawn to a canvas: the stored pixel grid, a window over its values, perhaps inverted.
   The window is a table of 256 entries and one pass over what is in sight. */

import type { Size, View } from "./view";

export interface Window {
  readonly width: number;
  readonly level: number;
  readonly invert: boolean;
}
export const PLAIN: Window = { width: 256, level: 128, invert: false };

export function tableOf(w: Window): Uint8ClampedArray {
  const low = w.level - w.width / 2,
    table = new Uint8ClampedArray(256);
  for (let i = 0; i < 256; i++) {
    const v = ((i - low) / w.width) * 256;
    table[i] = w.invert ? 255 - v : v;
  }
  return table;
}

export class Pixels {
  readonly canvas = document.createElement("canvas");
  private readonly pen: CanvasRenderingContext2D;

  constructor(private readonly bitmap: ImageBitmap) {
    const pen = this.canvas.getContext("2d", { willReadFrequently: true, alpha: false });
    if (pen === null) throw new Error("no canvas");
    this.pen = pen;
    this.canvas.className = "pixels";
  }

  draw(view: View, pane: Size, window: Window): void {
    const dpr = Math.min(2, devicePixelRatio || 1),
      w = Math.max(1, Math.round(pane.w * dpr)),
      h = Math.max(1, Math.round(pane.h * dpr));
    if (this.canvas.width !== w) this.canvas.width = w;
    if (this.canvas.height !== h) this.canvas.height = h;
    const pen = this.pen,
      x = view.x * dpr,
      y = view.y * dpr,
      bw = this.bitmap.width * view.scale * dpr,
      bh = this.bitmap.height * view.scale * dpr;
    pen.fillStyle = "#050606";
    pen.fillRect(0, 0, w, h);
    pen.imageSmoothingEnabled = view.scale < 3;
    pen.imageSmoothingQuality = "high";
    pen.drawImage(this.bitmap, x, y, bw, bh);
    if (window.width === PLAIN.width && window.level === PLAIN.level && !window.invert) return;
    const left = Math.max(0, Math.floor(x)),
      top = Math.max(0, Math.floor(y));
    const right = Math.min(w, Math.ceil(x + bw)),
      bottom = Math.min(h, Math.ceil(y + bh));
    if (right > left && bottom > top) this.apply(left, top, right - left, bottom - top, tableOf(window));
  }

  private apply(x: number, y: number, w: number, h: number, table: Uint8ClampedArray): void {
    const image = this.pen.getImageData(x, y, w, h),
      d = image.data;
    for (let i = 0; i < d.length; i += 4) {
      d[i] = table[d[i] as number] as number;
      d[i + 1] = table[d[i + 1] as number] as number;
      d[i + 2] = table[d[i + 2] as number] as number;
    }
    this.pen.putImageData(image, x, y);
  }
}
