// rathole, a tunnel that others wrote, for comparison: compiled from crates.io into `.tools/rathole` when the bench first
// wants it, without TLS, which our link has none of here either. Its own lock file names libraries that compile no more.

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../servers.mjs';
import { say } from '../report.mjs';
import { launch } from './child.mjs';

const VERSION = '0.5.0';
const FOLDER = path.join(ROOT, '.tools/rathole');
const PROGRAM = path.join(FOLDER, 'bin/rathole');
const run = promisify(execFile);

async function install() {
  if (fs.existsSync(PROGRAM)) return;
  say('compiling rathole (once, some minutes)');
  const args = ['install', 'rathole', '--version', `=${VERSION}`, '--root', FOLDER, '--target-dir', path.join(FOLDER, 'target')];
  await run('cargo', [...args, '--no-default-features', '--features', 'server,client'], { cwd: ROOT, maxBuffer: 1 << 26 });
  fs.rmSync(path.join(FOLDER, 'target'), { recursive: true, force: true });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts both ends of it before a target; or says why it cannot be had. */
export async function rathole(folder, target) {
  try {
    await install();
  } catch (error) {
    const lines = String(error.stderr ?? error.message).trim().split('\n');
    return { missing: lines.find((line) => line.startsWith('error')) ?? lines.at(-1) };
  }
  const [way, front] = [await freePort(), await freePort()];
  const file = (name, text) => {
    fs.writeFileSync(path.join(folder, `${name}.toml`), text);
    return path.join(folder, `${name}.toml`);
  };
  const server = `[server]\nbind_addr = "127.0.0.1:${way}"\ndefault_token = "bench"\n[server.services.web]\nnodelay = true\nbind_addr = "127.0.0.1:${front}"\n`;
  const client = `[client]\nremote_addr = "127.0.0.1:${way}"\ndefault_token = "bench"\n[client.services.web]\nnodelay = true\nlocal_addr = "${new URL(target).host}"\n`;
  const quiet = { RUST_LOG: 'info' };
  const ends = [
    launch(folder, 'rathole-server', PROGRAM, ['--server', file('server', server)], quiet),
    launch(folder, 'rathole-client', PROGRAM, ['--client', file('client', client)], quiet),
  ];
  const stop = () => Promise.all(ends.map((end) => end.stop()));
  try {
    await ends[1].until('Control channel established');
    return { origin: `http://127.0.0.1:${front}`, pid: ends[0].pid, stop };
  } catch (error) {
    await stop();
    return { missing: error.message };
  }
}
