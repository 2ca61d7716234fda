// The load: requests over plain sockets, written before the clock starts and read just far enough to know where an
// answer ends, so that this end costs next to nothing.

import net from 'node:net';

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n');

/**
 * A request as bytes.
 * @param {string} origin
 * @param {string} method
 * @param {string} path
 * @param {Record<string, string>} [headers]
 * @param {string} [body]
 */
export function request(origin, method, path, headers = {}, body = '') {
  const lines = [`${method} ${path} HTTP/1.1`, `host: ${new URL(origin).host}`, 'accept: application/json'];
  const own = method === 'GET' ? {} : { origin, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const all = Object.entries({ ...own, ...headers }).filter(([, value]) => value !== undefined);
  lines.push(...all.map(([name, value]) => `${name}: ${value}`));
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** One connection that is kept open, with one request at a time on it. */
class Line {
  #socket;

  /** The head as far as it has come. */
  #read = Buffer.alloc(0);

  /** The head's text, once it is whole. */
  #headers;

  /** How much of the body is still to come; without end where only its end says so. */
  #left = 0;

  /** The last bytes of such a body. */
  #tail = END_OF_HEAD;

  /** The body's pieces, where it is asked for. */
  #body = [];

  #waiting;

  static async open(port) {
    const line = new Line();
    line.#socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    await new Promise((resolve, reject) => line.#socket.once('connect', resolve).once('error', reject));
    line.#socket.on('data', (data) => line.#take(data));
    const broken = (error) => line.#waiting?.reject(error ?? new Error('the server closed the connection'));
    line.#socket.on('error', broken).on('close', () => broken());
    return line;
  }

  /** Sends a request; gives the answer's status, and its text where that is asked for. */
  ask(bytes, whole = false) {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject, whole };
      this.#socket.write(bytes);
    });
  }

  close() {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #take(data) {
    let piece = data;
    if (this.#headers === undefined) {
      this.#read = this.#read.length ? Buffer.concat([this.#read, data]) : data;
      const head = this.#read.indexOf(END_OF_HEAD);
      if (head < 0) return;
      this.#headers = this.#read.latin1Slice(0, head);
      const length = /\r\ncontent-length: *(\d+)/i.exec(this.#headers)?.[1];
      const chunked = length === undefined && /\r\ntransfer-encoding: *chunked/i.test(this.#headers);
      this.#left = chunked ? Infinity : Number(length ?? 0);
      piece = this.#read.subarray(head + END_OF_HEAD.length);
    }
    this.#left -= piece.length;
    if (this.#waiting.whole) this.#body.push(piece);
    if (this.#left === Infinity) {
      const enough = piece.length >= LAST_CHUNK.length;
      this.#tail = (enough ? piece : Buffer.concat([this.#tail, piece])).subarray(-LAST_CHUNK.length);
      if (!this.#tail.equals(LAST_CHUNK)) return;
    } else if (this.#left > 0) {
      return;
    }
    const { resolve, whole } = this.#waiting;
    const headers = this.#headers;
    const text = Buffer.concat(this.#body).toString('utf8');
    [this.#read, this.#headers, this.#tail, this.#body] = [Buffer.alloc(0), undefined, END_OF_HEAD, []];
    resolve({ status: Number(headers.slice(9, 12)), headers: whole ? headers : '', text });
  }
}

/** Sends one request and gives the whole answer. */
export async function once(origin, bytes) {
  const line = await Line.open(Number(new URL(origin).port));
  try {
    return await line.ask(bytes, true);
  } finally {
    line.close();
  }
}

/**
 * Sends requests, so many at a time, and measures each.
 * @param {object} job
 * @param {string} job.origin
 * @param {Buffer[]} job.requests one for each line; a line repeats its own
 * @param {number} job.status what every answer must have
 * @param {number} job.count how many at most
 * @param {number} atATime
 * @param {number} [seconds] after which no further one begins
 * @returns {Promise<{p50: number, p95: number, perSecond: number, count: number, own: number}>} milliseconds; and how
 *   much of a core this end took
 */
export async function measure({ origin, requests, status, count }, atATime, seconds = 2) {
  const port = Number(new URL(origin).port);
  const lines = await Promise.all(Array.from({ length: atATime }, () => Line.open(port)));
  const times = new Float64Array(count);
  let next = 0;
  const used = process.cpuUsage();
  const began = performance.now();
  const end = began + seconds * 1000;
  await Promise.all(
    lines.map(async (line, place) => {
      const bytes = requests[place % requests.length];
      while (next < count && performance.now() < end) {
        const at = next++;
        const start = performance.now();
        const answer = await line.ask(bytes);
        times[at] = performance.now() - start;
        if (answer.status !== status) throw new Error(`answered ${answer.status}, not ${status}: ${bytes.toString().split('\r\n')[0]}`);
      }
    }),
  );
  const took = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(used);
  for (const line of lines) line.close();
  const sorted = times.slice(0, next).sort();
  const at = (share) => sorted[Math.min(next - 1, Math.floor(next * share))];
  return { p50: at(0.5), p95: at(0.95), perSecond: next / took, count: next, own: (user + system) / 1e6 / took };
}
