// Chance that is the same every time: a stream of numbers from the SHA-256 of what it is for, e.g. (seed, user, item).
import { createHash } from "node:crypto";

export class Chance {
    constructor(...parts) {
        this.key = parts.map(String).join("\n");
        this.block = 0;
        this.pool = [];
    }

    // A whole number in [0, n).
    below(n) {
        if (this.pool.length === 0) {
            const bytes = createHash("sha256").update(`${this.key}\n${this.block++}`).digest();
            for (let i = 0; i < 32; i += 4) this.pool.push(bytes.readUInt32BE(i));
        }
        return Number((BigInt(this.pool.pop()) * BigInt(n)) >> 32n);
    }

    between(low, high) {
        return low + this.below(high - low + 1);
    }

    percent(p) {
        return this.below(100) < p;
    }

    pick(list) {
        return list[this.below(list.length)];
    }
}
