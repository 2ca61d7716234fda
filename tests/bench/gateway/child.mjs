// Programs of the bench that are not ours to speak through their standard output: each with its log in a file.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Starts a program whose words go to a file; `stop` ends it and waits for that. */
export function launch(folder, name, program, args, env = {}) {
  const log = path.join(folder, `${name}.log`);
  const out = fs.openSync(log, 'a');
  const child = spawn(program, args, { stdio: ['ignore', out, out], env });
  fs.closeSync(out);
  let over = false;
  const ended = new Promise((resolve) => {
    child.once('exit', (code) => resolve(code)).once('error', () => resolve(-1));
  }).then((code) => {
    over = true;
    return code;
  });
  /** What it said from `from` on. */
  const said = (from = 0) => fs.readFileSync(log).subarray(from).toString();
  const until = async (words, from = 0, patience = 30_000) => {
    for (const deadline = performance.now() + patience; !said(from).includes(words); await sleep(1)) {
      if (over || performance.now() > deadline) throw new Error(`${name} does not say “${words}”:\n${said(from).slice(-2000)}`);
    }
  };
  const stop = () => {
    if (!over) child.kill('SIGTERM');
    return ended;
  };
  return { pid: child.pid, log, said, until, stop, ended };
}
