// wire.mjs - a TCP proxy before the coordinator that keeps every byte of both directions, on a thread of its own: it carries on
// while a test waits for a command.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

export class Wire {
  /** The streams are kept as files in the folder `dir`; a connection's two have the same number. */
  constructor(dir) {
    this.dir = dir;
    fs.mkdirSync(dir);
  }

  listen(port) {
    this.worker = new Worker(new URL(import.meta.url), { workerData: { dir: this.dir, port } });
    this.worker.unref();
    return new Promise((resolve, reject) => {
      this.worker.once('error', reject);
      this.worker.once('message', (own) => { this.port = own; resolve(this); });
    });
  }

  /** [name, bytes] of each direction of each connection. */
  streams() { return fs.readdirSync(this.dir).sort().map((f) => [f, fs.readFileSync(path.join(this.dir, f))]); }
}

const SMALL = 64; // heartbeats and the coordinator's knock of one byte are no messages

/** The lengths of the messages that crossed in one direction of one connection, which CURVE does not hide: ZMTP 3.1 (RFC 37), of
 * whose frames 33 bytes are "\x07MESSAGE", a nonce, the box and its flags (RFC 26). */
export function messages(stream) {
  const lengths = [];
  let at = 64; // the greeting
  while (at < stream.length) {
    const flags = stream[at];
    const long = (flags & 2) !== 0;
    if (at + (long ? 9 : 2) > stream.length) break;
    const n = long ? Number(stream.readBigUInt64BE(at + 1)) : stream[at + 1];
    at += long ? 9 : 2;
    if (at + n > stream.length) break; // cut off
    if (stream.subarray(at, at + 8).toString('latin1') === '\x07MESSAGE' && n - 33 >= SMALL) lengths.push(n - 33);
    at += n;
  }
  return lengths;
}

function carry(from, to, file) {
  from.on('data', (d) => { fs.appendFileSync(file, d); to.write(d); });
  from.on('close', () => to.destroy());
  from.on('error', () => to.destroy());
}

if (!isMainThread) {
  let serial = 0;
  const server = net.createServer((near) => {
    const far = net.connect(workerData.port, '127.0.0.1');
    const name = path.join(workerData.dir, `connection-${serial++}`);
    carry(near, far, `${name}.out`);
    carry(far, near, `${name}.in`);
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
}
