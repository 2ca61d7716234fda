// The servers of the bench, and calls to them that are not measured.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { once, request } from './load.mjs';

export const ROOT = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
/** The password of every account here. */
export const PASSWORD = 'violet harbour 71 engine';

/**
 * Starts a program that says where it listens and ends with its standard input; its log goes to a file. Gives its
 * address and ways to end it.
 */
export async function start(folder, name, command) {
  const log = path.join(folder, `${name}.log`);
  const out = fs.openSync(log, 'a');
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', out],
    env: { ...process.env, NODE_ENV: 'production', WRANGLER_SEND_METRICS: 'false' },
  });
  fs.closeSync(out);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const lines = createInterface({ input: child.stdout });
  const says = async () => {
    const said = await Promise.race([new Promise((resolve) => lines.once('line', resolve)), ended.then(() => undefined)]);
    if (said === undefined) throw new Error(`${name} does not start:\n${fs.readFileSync(log, 'utf8')}`);
    const { listening, pid, workerd } = JSON.parse(said);
    return { origin: listening, pid: workerd ?? pid };
  };
  const stop = () => {
    child.stdin.end();
    return ended;
  };
  // Of the launcher `--by-turns`: its runtime is killed, and started anew at the same address.
  const kill = () => child.kill('SIGUSR2');
  const again = () => (kill(), says());
  return { ...(await says()), log, stop, kill, again };
}

/** How many seconds of a processor a process has used, to a hundredth; none where that is not told. */
export function used(pid) {
  try {
    const [user, system] = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
    return (Number(user) + Number(system)) / 100;
  } catch {
    return Number.NaN;
  }
}

/** Starts the launcher over a build of a Worker. */
export async function serve(folder, name, options) {
  const state = path.join(folder, name);
  const server = await start(folder, name, ['tools/serve.mjs', '--port', '0', '--stop-with-stdin', '--state', state, ...options]);
  return { ...server, state };
}

/** Starts a Worker that has nothing to do with the product. */
export const bare = (folder, name, worker) =>
  serve(folder, name, ['--console', 'none', '--worker', worker, '--migrations', 'none', '--ready', 'none']);

/** Starts the product. */
export const product = (folder, ...more) =>
  serve(folder, 'product', [
    ...['--console', 'none', '--worker', 'build/worker-sandbox'],
    ...['--var', `MASTER_KEYS=k1:${Buffer.alloc(32, 7).toString('base64')}`, '--var', 'SETUP_CODE=BENCH'],
    ...more,
  ]);

/** Calls the API; the answer must be that of a success. */
export async function call(origin, method, address, body, cookie) {
  const bytes = request(origin, method, address, cookie ? { cookie } : {}, body === undefined ? '' : JSON.stringify(body));
  const answer = await once(origin, bytes);
  if (answer.status > 299) throw new Error(`${method} ${address} answered ${answer.status} ${answer.text}`);
  const session = /__Host-session=[^;\r]+/.exec(answer.headers)?.[0];
  const text = answer.text.slice(answer.text.indexOf('{'), answer.text.lastIndexOf('}') + 1);
  return { session, body: text ? JSON.parse(text) : undefined };
}
