// The far end of the bare relay of tests/bench/hello: a WebSocket that answers what it is asked. It is written out over a
// socket, so that it costs next to nothing. What it says is masked as what every client says (RFC 6455 §5.3), since
// taking that off is a part of what a relay costs: the runtime would skip it for a mask of zeros. A path `…/size/N` is
// answered with N bytes, another with itself, and a body with its length.

import { randomBytes } from 'node:crypto';
import net from 'node:net';

const HEADER = 5;
const MASK = randomBytes(4).map((byte) => byte || 1);
/** Bytes that stand behind so many of a message, under the mask. */
const masked = (bytes, from) => Buffer.from(bytes.map((byte, at) => byte ^ MASK[(from + at) % 4]));
/** The body's pieces are all the same, and masked once. */
const PIECE = masked(Buffer.alloc(64 * 1024, 'a'), HEADER);
const BINARY = 0x82;
const FINAL_AND_KIND = 0x8f;
const MASKED = 0x80;
const [origin] = process.argv.slice(2);
const { host, port } = new URL(origin);
const socket = net.connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
socket.write(
  `GET /relay HTTP/1.1\r\nhost: ${host}\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n`,
);

/** The beginning of a message, up to what it carries. */
function head(number, last, length) {
  const size = HEADER + length;
  const wide = size > 0xffff ? 8 : size > 125 ? 2 : 0;
  const bytes = Buffer.alloc(2 + wide + 4 + HEADER);
  bytes[0] = BINARY;
  bytes[1] = MASKED | (wide === 8 ? 127 : wide === 2 ? 126 : size);
  if (wide === 8) bytes.writeBigUInt64BE(BigInt(size), 2);
  if (wide === 2) bytes.writeUInt16BE(size, 2);
  const own = Buffer.alloc(HEADER);
  own.writeUInt32BE(number, 0);
  own[4] = last ? 1 : 0;
  MASK.copy(bytes, 2 + wide);
  masked(own, 0).copy(bytes, 2 + wide + MASK.length);
  return bytes;
}

/** Says what is masked already. */
function say(number, last, what) {
  socket.write(head(number, last, what.length));
  socket.write(what);
}

/** How much of each body has come. */
const bodies = new Map();

function hear(message) {
  const number = message.readUInt32BE(0);
  const last = message[4] === 1;
  const what = message.subarray(HEADER);
  if (last && !bodies.has(number) && what.length < 1024) {
    const size = /\/size\/(\d+)$/.exec(what.latin1Slice())?.[1];
    if (size === undefined) {
      say(number, true, masked(what, HEADER));
      return;
    }
    for (let left = Number(size); left > 0; left -= PIECE.length) say(number, left <= PIECE.length, PIECE.subarray(0, Math.min(left, PIECE.length)));
    return;
  }
  const bytes = (bodies.get(number) ?? 0) + what.length;
  bodies.set(number, bytes);
  if (last) {
    bodies.delete(number);
    say(number, true, masked(Buffer.from(String(bytes)), HEADER));
  }
}

/** Where the next message begins and ends; none where too little is there to say so. */
function next(read) {
  if (read.length < 2) return undefined;
  const short = read[1] & 0x7f;
  const wide = short === 127 ? 8 : short === 126 ? 2 : 0;
  if (read.length < 2 + wide) return undefined;
  const length = wide === 8 ? Number(read.readBigUInt64BE(2)) : wide === 2 ? read.readUInt16BE(2) : short;
  return { from: 2 + wide, to: 2 + wide + length };
}

let open = false;
let parts = [];
let waiting = 0;
socket.on('data', (data) => {
  parts.push(data);
  waiting -= data.length;
  if (waiting > 0) return;
  let read = parts.length === 1 ? parts[0] : Buffer.concat(parts);
  if (!open) {
    const end = read.indexOf('\r\n\r\n');
    if (end < 0) {
      parts = [read];
      return;
    }
    if (!read.latin1Slice(0, end).startsWith('HTTP/1.1 101')) throw new Error(read.latin1Slice(0, end));
    open = true;
    read = read.subarray(end + 4);
    process.stdout.write(`${JSON.stringify({ listening: origin, pid: process.pid })}\n`);
  }
  socket.cork();
  let found = next(read);
  for (; found && found.to <= read.length; found = next(read)) {
    if (read[0] === BINARY) hear(read.subarray(found.from, found.to));
    else if ((read[0] & FINAL_AND_KIND) === 0x88) process.exit(0);
    read = read.subarray(found.to);
  }
  socket.uncork();
  parts = read.length ? [read] : [];
  // A message is put together once, when all of it is there.
  waiting = found ? found.to - read.length : 0;
});
socket.on('error', () => process.exit(1)).on('close', () => process.exit(0));
process.stdin.on('end', () => process.exit(0)).resume();
