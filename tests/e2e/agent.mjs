// The gateway's agent, as an operator runs it: the program that this deployment serves, and the lines that the page shows.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createHash } from 'node:crypto';

const NAMES = { x64: 'x86_64', arm64: 'aarch64' };

/** The program: what a variable names, else what the deployment offers for this machine, with its sum checked. */
async function program(origin, folder) {
  const named = process.env.DRAWBRIDGE_GATEWAY_PROGRAM;
  if (named) return named;
  const { files } = await (await fetch(`${origin}/gateway-releases/manifest.json`)).json();
  const file = files.find(({ system, architecture }) => system === 'linux' && architecture === NAMES[process.arch]);
  const bytes = Buffer.from(await (await fetch(new URL(file.url, origin))).arrayBuffer());
  assert.equal(createHash('sha256').update(bytes).digest('hex'), file.sha256);
  assert.equal(bytes.length, file.bytes);
  const place = path.join(folder, file.name);
  writeFileSync(place, bytes);
  chmodSync(place, 0o755);
  return place;
}

/**
 * A machine with the agent on it.
 * @param {string} origin the deployment
 * @param {{name: string, url?: string, kind?: string, more?: string}[]} targets what its configuration lets calls reach; `more`: further lines
 */
export async function machine(origin, targets) {
  const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-agent-'));
  const configuration = path.join(folder, 'gateway.toml');
  const list = targets.map(({ name, url, kind = 'http', more = '' }) => {
    const where = url ? `url = "${url}"\n` : '';
    return `[[target]]\nname = "${name}"\nkind = "${kind}"\n${where}${more}\n`;
  });
  writeFileSync(configuration, [`server = "${origin}"`, `state = "${path.join(folder, 'state')}"`, 'listen = "off"', '', ...list].join('\n'));
  const file = await program(origin, folder);
  let running;
  const start = (args) => {
    const child = spawn(file, ['--config', configuration, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(String(chunk)));
    const ended = new Promise((resolve) => child.once('exit', (code) => resolve({ code, text: said.join('') })));
    return { child, ended };
  };
  return {
    /** Runs the line that the page shows, without what makes its user root. */
    async enrol(line) {
      const words = line.trim().split(/\s+/);
      assert.deepEqual(words.slice(0, 3), ['sudo', 'drawbridge-gateway', 'enroll'], line);
      const { code, text } = await start(words.slice(2)).ended;
      return { code, text };
    },
    run() {
      running = start(['run']);
    },
    /** As when the power fails. */
    async kill() {
      running.child.kill('SIGKILL');
      await running.ended;
    },
    /** How it ended by itself. */
    ended: () => running.ended,
    async stop() {
      running?.child.kill('SIGKILL');
      await running?.ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
