// The sandbox provider for one test program: ends with the program that started it.
//   node tests/support/sandbox.mjs STATE_FILE
// For each line on standard input it writes the state file now and says so.
import { createInterface } from 'node:readline';
import { startSandbox } from '../sandbox/sandbox.mjs';

const sandbox = await startSandbox({ stateFile: process.argv[2] });
const say = (words) => process.stdout.write(`${JSON.stringify(words)}\n`);
const end = () => {
  sandbox.flush();
  process.exit(0);
};
createInterface({ input: process.stdin })
  .on('line', () => {
    sandbox.flush();
    say({ flushed: true });
  })
  .on('close', end);
process.on('SIGTERM', end);
say({ listening: sandbox.origin });
