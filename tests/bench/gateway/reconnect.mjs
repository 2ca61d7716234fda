// How soon the link is back after workerd was killed: from the moment that its port takes connections again until the agent
// says that the link stands.

import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fs from 'node:fs';
import { once, request } from '../load.mjs';
import { median, say } from '../report.mjs';
import { LINKED } from './agent.mjs';

const TIMES = 11;
/** A link that stood for so long was a good one: what came before is forgotten. */
const SETTLED = 3500;

function listens(port) {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Kills it, has it away for so long, and waits for the link: milliseconds away, and until the link stood. */
async function killed(stage, away, lead) {
  const { ours, agent } = stage;
  const port = Number(new URL(ours.origin).port);
  await sleep(SETTLED);
  const from = fs.statSync(agent.log).size;
  ours.kill();
  while (await listens(port)) await sleep(2);
  const gone = performance.now();
  await sleep(Math.max(0, away - lead));
  const asked = performance.now();
  const again = ours.again();
  while (!(await listens(port))) await sleep(2);
  const there = performance.now();
  await agent.until(LINKED, from);
  const linked = performance.now();
  Object.assign(ours, await again);
  const answer = await once(ours.origin, request(ours.origin, 'GET', `${stage.through}/hello`, stage.bearer));
  if (answer.status !== 200) throw new Error(`after workerd came back a call is answered ${answer.status} ${answer.text}`);
  return { away: there - gone, took: linked - there, lead: there - asked };
}

/** The median of eleven times, after it was away for so many milliseconds. */
export async function reconnect(stage, away) {
  const found = [];
  let lead = 500;
  for (let time = 0; time <= TIMES; time += 1) {
    say(`workerd is killed and away for ${away / 1000} s, ${time} of ${TIMES}`);
    const one = await killed(stage, away, lead);
    ({ lead } = one);
    // The first time shows how long it takes to start.
    if (time > 0) found.push(one);
  }
  const took = found.map((one) => one.took);
  return { away: median(found.map((one) => one.away)), took: median(took), least: Math.min(...took), most: Math.max(...took) };
}
