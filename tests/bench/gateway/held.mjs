// What processes hold: memory and handles, while they are idle, over ten thousand calls, and under a large body.

import fs from 'node:fs';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { measure, request } from '../load.mjs';
import { say } from '../report.mjs';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const CALLS = 10_000;
/** After so many calls workerd has taken what its heap takes; it stays there (measured over 80 000). */
const WARM = 30_000;
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

/** Memory and handles of both sides before and after ten thousand calls, once the heaps have grown. */
export async function overCalls({ relay, ours, agent, bearer, through }) {
  const of = ({ pid }) => [memory(pid), handles(pid)];
  const held = () => ({ agent: of(agent), workerd: of(ours), relay: of(relay) });
  const passed = { origin: relay.origin, requests: [request(relay.origin, 'GET', '/relay/hello')], status: 200, count: CALLS };
  const job = { origin: ours.origin, requests: [request(ours.origin, 'GET', `${through}/hello`, bearer)], status: 200, count: CALLS };
  say(`${CALLS} calls`);
  for (const warm of [job, passed]) await measure({ ...warm, count: WARM }, AT_A_TIME, 600);
  await sleep(1000);
  const before = held();
  await measure(job, AT_A_TIME, 600);
  await measure(passed, AT_A_TIME, 600);
  await sleep(1000);
  return { before, after: held() };
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
    /** How many bytes there will be, where that is told, and whether it is the end. */
    let all = Infinity;
    const whole = () => came >= all || (all === Infinity && last.latin1Slice() === '\r\n0\r\n\r\n');
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
      if (first.length < 4096) {
        first += data.latin1Slice();
        const head = first.indexOf('\r\n\r\n');
        const length = /\r\ncontent-length: *(\d+)/i.exec(first.slice(0, head))?.[1];
        if (head > 0 && length) all = head + 4 + Number(length);
      }
      came += data.length;
      last = Buffer.concat([last, data.subarray(-7)]).subarray(-7);
      if (whole()) socket.destroy();
    });
    socket.on('error', reject).on('close', () => resolve({ came, status: Number(first.slice(9, 12)), text: first.slice(0, 4096), whole: whole(), left }));
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
  const peaks = [peak(agent.pid) - before[0], peak(ours.pid) - before[1]];
  return { direction, arrived, why, megabytes: GIB / 1e6 / seconds, peaks };
}
