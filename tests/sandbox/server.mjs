// Runs the sandbox provider from the command line:
//   node tests/sandbox/server.mjs [--port 9555] [--callback URL]… [--state FILE] [--verbose]
// Prints one JSON line when it listens; SIGINT and SIGTERM end it at once.

import { parseArgs } from 'node:util';

const NEEDED_NODE = 22;

function fail(words) {
  process.stderr.write(`sandbox: ${words}\n`);
  process.exit(1);
}

if (Number(process.versions.node.split('.')[0]) < NEEDED_NODE) {
  fail(`needs Node.js ${NEEDED_NODE} or newer, this is ${process.versions.node}`);
}

let options;
try {
  options = parseArgs({
    options: {
      port: { type: 'string', default: '9555' },
      callback: { type: 'string', multiple: true },
      state: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  }).values;
} catch (error) {
  fail(error.message);
}
const port = Number(options.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) fail(`--port ${options.port} is not a port`);

let sandbox;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    sandbox?.flush();
    process.exit(0);
  });
}

try {
  // Only now, so that an old Node.js gets the words above and not a syntax error.
  const { startSandbox } = await import('./sandbox.mjs');
  sandbox = await startSandbox({
    port,
    callbacks: options.callback,
    stateFile: options.state,
    report: options.verbose ? (line) => process.stderr.write(`sandbox: ${line}\n`) : undefined,
  });
} catch (error) {
  fail(error.code === 'EADDRINUSE' ? `port ${port} is taken` : error.message);
}
process.stdout.write(`${JSON.stringify({ listening: sandbox.origin })}\n`);
