// picture.mjs - the guideline's picture, drawn: a finding in a box that touches it, and one in a box that does not.
import { deflateSync } from "node:zlib";

const TABLE = Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n >>> 0;
});
const crc32 = (bytes) => (bytes.reduce((c, b) => TABLE[(c ^ b) & 255] ^ (c >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;

function chunk(type, data) {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
}

// A PNG in greys.
function png(width, height, grey) {
    const raw = Buffer.alloc((width + 1) * height);
    for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) raw[y * (width + 1) + 1 + x] = grey(x, y);
    }
    const head = Buffer.alloc(13);
    head.writeUInt32BE(width, 0);
    head.writeUInt32BE(height, 4);
    head.set([8, 0, 0, 0, 0], 8);
    return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk("IHDR", head), chunk("IDAT", deflateSync(raw)), chunk("IEND", Buffer.alloc(0))]);
}

export function tightBox() {
    const [width, height, r] = [360, 160, 34];
    const boxes = [[90, 80, r + 1], [270, 80, r + 22]];
    return png(width, height, (x, y) => {
        for (const [cx, cy, half] of boxes) {
            const d = Math.max(Math.abs(x - cx), Math.abs(y - cy));
            if (d >= half && d < half + 2) return 255;
            const away = Math.hypot(x - cx, y - cy);
            if (away < r) return Math.round(150 - (60 * away) / r);
        }
        return 40 + Math.round((20 * y) / height);
    });
}
