// What is measured, and what it is held against: the product with an agent and its target, the bare relay with its far
// end, and rathole.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PASSWORD, bare, call, product, start } from '../servers.mjs';
import { site } from './agent.mjs';
import { rathole } from './rathole.mjs';

/** Starts everything; `end` takes it away again. */
export async function setStage() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drawbridge-bench-'));
  const running = [];
  const begin = async (server) => {
    running.push(await server);
    return running.at(-1);
  };
  const end = async () => {
    for (const server of running.reverse()) await server.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  };
  try {
    const target = await begin(start(folder, 'target', ['tests/bench/gateway/target.mjs']));
    const relay = await begin(bare(folder, 'relay', 'tests/bench/hello'));
    const echo = await begin(start(folder, 'echo', ['tests/bench/gateway/echo.mjs', relay.origin]));
    // Calls are counted as they always are, only that so many are allowed.
    const ours = await begin(product(folder, '--by-turns', '--var', 'API_RATE_PER_MINUTE=1000000'));
    const person = { email: 'ada@example.org', firstName: 'Ada', lastName: 'Admin', password: PASSWORD };
    const { session } = await call(ours.origin, 'POST', '/api/v1/setup', { setupCode: 'BENCH', tenantName: 'Bench', ...person });
    const token = await call(ours.origin, 'POST', '/api/v1/tokens', { name: 'Bench' }, session);
    const agent = await begin(site(folder, ours.origin, session, target.origin));
    const tunnel = await rathole(folder, target.origin);
    if (tunnel.stop) running.push(tunnel);
    const bearer = { authorization: `Bearer ${token.body.secret}` };
    return { target, relay, echo, ours, agent, tunnel, bearer, through: `/api/v1/connections/${agent.connection}/proxy`, end };
  } catch (error) {
    await end();
    throw error;
  }
}
