// What stands on the premises: `/hello` says so, `/size/N` gives N bytes, and a body that is sent is read and forgotten.
// It says where it listens and ends with its standard input.

import { createServer } from 'node:http';

const HELLO = Buffer.from('hello');
const PIECE = Buffer.alloc(64 * 1024, 'a');
/** Bodies up to this size are written at once. */
const AT_ONCE = Buffer.alloc(1024 * 1024, 'a');

function give(response, bytes) {
  response.setHeader('content-length', bytes);
  if (bytes <= AT_ONCE.length) {
    response.end(AT_ONCE.subarray(0, bytes));
    return;
  }
  let left = bytes;
  const more = () => {
    while (left > 0) {
      const piece = PIECE.subarray(0, Math.min(left, PIECE.length));
      left -= piece.length;
      if (!response.write(piece)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}

const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) => {
  response.setHeader('content-type', 'text/plain');
  if (request.method !== 'GET') {
    let bytes = 0;
    request.on('data', (piece) => {
      bytes += piece.length;
    });
    request.on('end', () => response.end(String(bytes)));
    return;
  }
  if (request.url.startsWith('/size/')) {
    give(response, Number(request.url.slice('/size/'.length)));
    return;
  }
  response.setHeader('content-length', HELLO.length);
  response.end(HELLO);
}).listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  process.stdout.write(`${JSON.stringify({ listening: `http://127.0.0.1:${port}`, pid: process.pid })}\n`);
});
process.stdin.on('end', () => process.exit(0)).resume();
