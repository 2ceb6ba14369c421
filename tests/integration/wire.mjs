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
