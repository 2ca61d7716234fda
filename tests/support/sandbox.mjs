// The sandbox provider for one test program: ends with the program that started it.
//   node tests/support/sandbox.mjs STATE_FILE
import { startSandbox } from '../sandbox/sandbox.mjs';

const sandbox = await startSandbox({ stateFile: process.argv[2] });
const end = () => {
  sandbox.flush();
  process.exit(0);
};
process.stdin.on('end', end).on('error', end).resume();
process.on('SIGTERM', end);
process.stdout.write(`${JSON.stringify({ listening: sandbox.origin })}\n`);
