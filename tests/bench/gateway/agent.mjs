// The agent as it is built for this machine, joined to the product, with one HTTP target, and a connection through it.

import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, call } from '../servers.mjs';
import { launch } from './child.mjs';

const NAMES = { x64: 'x86_64', arm64: 'aarch64' };
export const PROGRAM = path.join(ROOT, `build/gateway/${process.platform}-${NAMES[process.arch]}/drawbridge-gateway`);

/** What the agent says of a link that stands. */
export const LINKED = 'the link stands';

/** Makes a gateway, joins it, runs the agent until its link stands, and makes a connection to the target. */
export async function site(folder, origin, session, target) {
  const made = await call(origin, 'POST', '/api/v1/gateways', { name: 'Bench' }, session);
  const { gateway, code } = made.body;
  const configuration = path.join(folder, 'gateway.toml');
  const lines = [`server = "${origin}"`, `state = "${path.join(folder, 'agent')}"`, 'listen = "off"', '[[target]]', 'name = "web"', 'kind = "http"', `url = "${target}"`];
  fs.writeFileSync(configuration, `${lines.join('\n')}\n`);
  const joined = launch(folder, 'enroll', PROGRAM, ['--config', configuration, 'enroll', '--url', origin, '--code', code]);
  if ((await joined.ended) !== 0) throw new Error(`the agent does not join:\n${joined.said()}`);
  const agent = launch(folder, 'agent', PROGRAM, ['--config', configuration, 'run']);
  try {
    await agent.until(LINKED);
    await agent.until('target can be reached');
    for (const deadline = Date.now() + 30_000; ; await sleep(20)) {
      const { body } = await call(origin, 'GET', `/api/v1/gateways/${gateway.id}`, undefined, session);
      if (body.status === 'online') break;
      if (Date.now() > deadline) throw new Error(`the gateway is ${body.status}, not online`);
    }
    const settings = { gateway: gateway.id, target: 'web', validationPath: '/hello' };
    const connection = { connector: 'http-onprem', name: 'Bench', auth: 'kept', settings, credentials: {} };
    const { body } = await call(origin, 'POST', '/api/v1/connections', connection, session);
    return { ...agent, connection: body.id };
  } catch (error) {
    await agent.stop();
    throw error;
  }
}
