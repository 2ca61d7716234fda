// What processes hold: memory and handles, while they are idle, over ten thousand calls, and under a large body.

import fs from 'node:fs';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { measure, request } from '../load.mjs';
import { say } from '../report.mjs';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const CALLS = 10_000;
const AT_A_TIME = 16;

/** A line of a process's status, in bytes. */
function line(pid, name) {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found[1]) * 1024;
}

/** All that a process has in memory just now, the program's own pages too. */
export const memory = (pid) => line(pid, 'VmRSS');
const handles = (pid) => fs.readdirSync(`/proc/${pid}/fd`).length;

/** The most that it had in memory since `forget`. */
const peak = (pid) => line(pid, 'VmHWM');
const forget = (pid) => fs.writeFileSync(`/proc/${pid}/clear_refs`, '5');

/** Memory and handles of both sides before and after each ten thousand calls. */
export async function overCalls({ ours, agent, bearer, through }) {
  const held = () => ({ agent: [memory(agent.pid), handles(agent.pid)], workerd: [memory(ours.pid), handles(ours.pid)] });
  const job = { origin: ours.origin, requests: [request(ours.origin, 'GET', `${through}/hello`, bearer)], status: 200, count: CALLS };
  const found = [];
  for (let round = 0; round < 3; round += 1) {
    say(`${CALLS} calls, ${round + 1} of 3`);
    await measure(job, AT_A_TIME, 600);
    // What was kept open for a next call is let go of.
    await sleep(1000);
    found.push(held());
  }
  return found;
}

/** Sends a head and a body of so many bytes, as fast as they are taken, and reads the answer to its end. */
function large(origin, head, bytes) {
  const { port } = new URL(origin);
  const piece = Buffer.alloc(256 * 1024, 'a');
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
    let left = bytes;
    let came = 0;
    let first = '';
    let last = Buffer.alloc(0);
    const more = () => {
      while (left > 0) {
        const now = piece.subarray(0, Math.min(left, piece.length));
        left -= now.length;
        if (!socket.write(now)) {
          socket.once('drain', more);
          return;
        }
      }
    };
    socket.once('connect', () => {
      socket.write(head);
      more();
    });
    socket.on('data', (data) => {
      if (first.length < 4096) first += data.latin1Slice();
      came += data.length;
      last = Buffer.concat([last, data.subarray(-7)]).subarray(-7);
      if (last.latin1Slice().endsWith('\r\n0\r\n\r\n')) socket.destroy();
    });
    socket.on('error', reject).on('close', () => resolve({ came, status: Number(first.slice(9, 12)), text: first.slice(0, 2000), whole: last.latin1Slice() === '\r\n0\r\n\r\n', left }));
  });
}

/** A body of a gibibyte in one direction: how fast it went, and how much more memory either side took. */
export async function oneGibibyte({ ours, agent, bearer, through }, direction) {
  say(`a body of 1 GiB, ${direction}`);
  const close = { ...bearer, 'content-type': 'application/octet-stream' };
  const head =
    direction === 'down'
      ? request(ours.origin, 'GET', `${through}/size/${GIB}`, close)
      : request(ours.origin, 'POST', `${through}/taken`, { ...close, 'content-length': GIB });
  const before = [memory(agent.pid), memory(ours.pid)];
  [agent.pid, ours.pid].forEach(forget);
  const began = performance.now();
  const { status, came, text, whole, left } = await large(ours.origin, head, direction === 'down' ? 0 : GIB);
  const seconds = (performance.now() - began) / 1000;
  const arrived = direction === 'down' ? whole && came >= GIB : whole && left === 0 && text.includes(String(GIB));
  const why = arrived ? '' : `status ${status}, ${came} bytes came, ${left} were not taken`;
  const more = [peak(agent.pid) - before[0], peak(ours.pid) - before[1]];
  return { direction, arrived, why, megabytes: GIB / 1e6 / seconds, more };
}
