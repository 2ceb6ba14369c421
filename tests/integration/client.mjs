// client.mjs - a person's side of the node's HTTP API, in a few lines of node:http: fetch cannot resolve *.localhost and silently
// replaces the Host header. Used by the demo's scripted people and by the tests.
import http from 'node:http';

export class Client {
  /** @param {number} port of the page on 127.0.0.1 @param {string} site id of the node */
  constructor(port, site) {
    this.port = port;
    this.host = `${site}.localhost:${port}`;
    this.cookie = '';
    this.csrf = '';
    this.me = null;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 4, timeout: 30000 });
  }

  /** Answers {status, headers, raw, json}; rejects only where the node cannot be reached. Headers given here win. */
  ask(method, path, body, headers = {}) {
    const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
    const own = { Host: this.host };
    if (this.cookie) own.Cookie = this.cookie;
    if (method !== 'GET' && method !== 'HEAD') {
      own.Origin = `http://${this.host}`;
      if (this.csrf) own['X-Cloister-CSRF'] = this.csrf;
      own['Content-Length'] = text === null ? 0 : Buffer.byteLength(text);
      if (text !== null) own['Content-Type'] = 'application/json';
    }
    const all = { ...own, ...headers };
    for (const name of Object.keys(all)) if (all[name] === null) delete all[name];
    return new Promise((resolve, reject) => {
      const request = http.request({ host: '127.0.0.1', port: this.port, method, path, headers: all, agent: this.agent, timeout: 60000 }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => {
          const raw = Buffer.concat(parts);
          const set = answer.headers['set-cookie'];
          if (set) this.cookie = set[0].split(';')[0];
          let json = null;
          if ((answer.headers['content-type'] ?? '').startsWith('application/json')) {
            try { json = JSON.parse(raw.toString()); } catch { json = null; }
          }
          resolve({ status: answer.statusCode, headers: answer.headers, raw, json });
        });
      });
      request.on('timeout', () => request.destroy(new Error('no answer within a minute')));
      request.on('error', reject);
      if (text !== null) request.write(text);
      request.end();
    });
  }

  /** As ask, but an unexpected status is an error that quotes the node's own words. */
  async must(method, path, body, headers, wanted = [200, 204]) {
    const answer = await this.ask(method, path, body, headers);
    if (!wanted.includes(answer.status)) throw new Error(`${method} ${path}: ${answer.status} ${answer.json?.code ?? ''} ${answer.json?.pointer ?? ''} ${answer.json?.text ?? ''}`);
    return answer;
  }

  async login(user, password) {
    this.cookie = '';
    this.csrf = '';
    this.me = (await this.must('POST', '/api/login', { user, password })).json;
    this.csrf = this.me.csrf;
    return this.me;
  }

  async changePassword(old, fresh) {
    this.me = (await this.must('POST', '/api/password', { old, new: fresh })).json;
    this.csrf = this.me.csrf;
  }

  close() { this.agent.destroy(); }
}
