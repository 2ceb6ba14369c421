/* Bytes as an auditor reads them: place, eight bytes, and the letters among them. */

const ROW = 8;

export function bytesOf(base64: string): Uint8Array {
  const text = atob(base64),
    out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}

export function hexRows(bytes: Uint8Array, most: number): string {
  const rows: string[] = [],
    end = Math.min(bytes.length, most);
  for (let at = 0; at < end; at += ROW) {
    const part = [...bytes.subarray(at, Math.min(at + ROW, end))],
      hex = part.map((b) => b.toString(16).padStart(2, "0")).join(" "),
      text = part.map((b) => (b > 0x1f && b < 0x7f ? String.fromCharCode(b) : "·")).join("");
    rows.push(`${at.toString(16).padStart(6, "0")}  ${hex.padEnd(ROW * 3 - 1)}  ${text}`);
  }
  return rows.join("\n");
}
