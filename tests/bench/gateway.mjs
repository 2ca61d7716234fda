// Calls through a gateway: console Worker, link, agent and target, beside the target itself, a relay that does nothing but
// pass on, and another tunnel. Everything is measured in turn, round by round: the machine's mood is the same for all.

import fs from 'node:fs';
import { PROGRAM } from './gateway/agent.mjs';
import { memory, oneGibibyte, overCalls } from './gateway/held.mjs';
import { reconnect } from './gateway/reconnect.mjs';
import { setStage } from './gateway/stage.mjs';
import { measure, request } from './load.mjs';
import { budgets, fromLog, median, middle, say, table } from './report.mjs';
import { used } from './servers.mjs';

const AT_A_TIME = [1, 16, 32];
const SECONDS = 2;
const MIB = 1024 * 1024;
const ROUTE = '/api/v1/connections/{connection}/proxy/{*path}';
const BODY = 'a'.repeat(MIB);
/** What is measured of each. */
const SIZES = [
  { name: 'small GET', unit: 1, path: '/hello' },
  { name: '1 MiB down', unit: MIB, path: `/size/${MIB}` },
  { name: '1 MiB up', unit: MIB, path: '/taken', method: 'POST', body: BODY },
];
const OURS = 'through the gateway';
const TARGET = 'straight to the target';
const RELAY = 'bare relay';
const CHECKED = 'bare relay after one object call';
const TUNNEL = 'rathole';

/** What must be so: of which size, at how many at a time, which figure, at least or at most. */
const AIMS = [
  ['small GET', 1, 'added', 'at most', 1],
  ['small GET', 16, 'share', 'at least', 0.8],
  ['small GET', 32, 'share', 'at least', 0.8],
  ['1 MiB down', 16, 'megabytes', 'at least', 200],
  ['1 MiB down', 16, 'share', 'at least', 0.6],
  ['1 MiB up', 16, 'megabytes', 'at least', 200],
  ['1 MiB up', 16, 'share', 'at least', 0.6],
];
const SHOW = {
  added: (number) => `${number.toFixed(2)} ms`,
  share: (number) => `${(100 * number).toFixed(0)} % of the bare relay`,
  megabytes: (number) => `${number.toFixed(0)} MB/s`,
};
const LABELS = { added: 'added p50', share: 'calls per second', megabytes: 'bytes per second' };

function jobs({ target, relay, ours, tunnel, bearer, through }) {
  const of = (size, server, prefix, headers = {}) => {
    const method = size.method ?? 'GET';
    const bytes = request(server.origin, method, `${prefix}${size.path}`, headers, size.body);
    return { server, size, method, origin: server.origin, requests: [bytes], status: 200, count: 100_000 };
  };
  return SIZES.flatMap((size) => [
    { name: RELAY, ...of(size, relay, '/relay') },
    ...(size.unit === 1 ? [{ name: CHECKED, ...of(size, relay, '/checked') }] : []),
    { name: TARGET, ...of(size, target, '') },
    ...(tunnel.origin ? [{ name: TUNNEL, ...of(size, tunnel, '') }] : []),
    { name: OURS, ...of(size, ours, through, bearer) },
  ]);
}

/** One round of everything; what each cost is kept. */
async function round(all, stage, atATime, seconds, keep) {
  const found = new Map();
  for (const job of all) {
    const from = fs.statSync(stage.ours.log).size;
    const before = [used(job.server.pid), used(stage.agent.pid)];
    const one = await measure(job, atATime, seconds);
    const each = (now, then) => (1e6 * (now - then)) / one.count;
    one.micros = each(used(job.server.pid), before[0]);
    one.agent = job.name === OURS ? each(used(stage.agent.pid), before[1]) : Number.NaN;
    one.megabytes = (one.perSecond * job.size.unit) / 1e6;
    const other = (name) => found.get(`${name} ${job.size.name}`);
    found.set(`${job.name} ${job.size.name}`, one);
    one.share = one.perSecond / other(RELAY).perSecond;
    one.added = other(TARGET) ? one.p50 - other(TARGET).p50 : Number.NaN;
    const trips = job.name === OURS ? await fromLog(stage.ours.log, from, { ...job, route: ROUTE }, one.count) : [];
    keep(job, one, trips);
  }
}

async function run(stage, rounds) {
  const all = jobs(stage);
  const results = new Map();
  for (let number = 0; number <= rounds; number += 1) {
    for (const atATime of AT_A_TIME) {
      say(`round ${number} of ${rounds}, ${atATime} at a time`);
      // Round 0 warms up.
      await round(all, stage, atATime, number ? SECONDS : 0.5, (job, one, trips) => {
        if (number === 0) return;
        const key = `${job.name} ${job.size.name} ${atATime}`;
        if (!results.has(key)) results.set(key, { job, atATime, measured: [], trips: [] });
        results.get(key).measured.push(one);
        results.get(key).trips.push(...trips.map((trip) => trip.trips));
      });
    }
  }
  return [...results.values()];
}

const percent = (one, name) => `${(100 * middle(one, name, 3)).toFixed(0)} %`;

function figures(results, size, { tunnel }) {
  const large = size.unit > 1;
  const rows = results.filter(({ job }) => job.size === size).map((one) => [
    ...[one.job.name, String(one.atATime), middle(one, 'p50', 2), middle(one, 'p95', 2)],
    ...[large ? middle(one, 'megabytes', 0) : middle(one, 'perSecond', 0), percent(one, 'share')],
    ...[one.trips.length ? String(median(one.trips)) : '', middle(one, 'micros', 0)],
    ...[one.job.name === OURS ? middle(one, 'agent', 0) : '', percent(one, 'own')],
  ]);
  const rate = large ? 'MB/s' : 'calls/s';
  const head = [size.name, 'at a time', 'p50 ms', 'p95 ms', rate, 'of the bare relay', 'D1 trips', 'processor µs', 'agent’s µs', 'load’s own core'];
  rows.sort((a, b) => Number(a[1]) - Number(b[1]));
  if (tunnel.missing) rows.push([`${TUNNEL}: could not be had`, ...head.slice(1).map(() => '')]);
  return table(head, rows);
}

/** A line of the table of aims. */
const aim = (what, wanted, measured, good) => [what, wanted, measured, good ? 'yes' : 'no'];

function aimsOfSpeed(results) {
  return AIMS.map(([name, atATime, figure, sense, limit]) => {
    const one = results.find(({ job, atATime: at }) => job.name === OURS && job.size.name === name && at === atATime);
    const value = median(one.measured.map((each) => each[figure]));
    const good = sense === 'at most' ? value <= limit : value >= limit;
    return aim(`${name}, ${atATime} at a time: ${LABELS[figure]}`, `${sense} ${SHOW[figure](limit)}`, SHOW[figure](value), good);
  });
}

const mebibytes = (bytes) => `${(bytes / MIB).toFixed(1)} MiB`;
const milliseconds = (number) => `${number.toFixed(0)} ms`;

/** What the agent weighs, and what both sides hold. */
function aimsOfWeight(idle, calls, bodies) {
  const limits = budgets('gateway');
  const megabytes = (bytes) => bytes / 1e6;
  const size = megabytes(fs.statSync(PROGRAM).size);
  const more = (side, what) => calls.after[side][what] - calls.before[side][what];
  const grown = (side) => `${mebibytes(more(side, 0))} and ${more(side, 1)} handles more`;
  const flat = (side, most) => more(side, 0) <= most && more(side, 1) <= 4;
  const lines = [
    aim('the agent’s program', `at most ${limits.max_mb} MB`, `${size.toFixed(1)} MB`, size <= limits.max_mb),
    aim('the agent’s memory when idle', `at most ${limits.max_idle_memory_mb} MB`, `${megabytes(idle).toFixed(1)} MB`, megabytes(idle) <= limits.max_idle_memory_mb),
    aim('the agent over 10 000 calls', 'flat', `${grown('agent')}, ${mebibytes(calls.after.agent[0])} in all`, flat('agent', 2 * MIB)),
    aim('workerd over 10 000 calls', 'flat, or as the bare relay’s', `${grown('workerd')}, ${mebibytes(calls.after.workerd[0])} in all; the bare relay’s ${grown('relay')}`, flat('workerd', 16 * MIB + more('relay', 0))),
  ];
  for (const { direction, arrived, why, megabytes: speed, peaks } of bodies) {
    const told = arrived ? `${mebibytes(peaks[0])} and ${mebibytes(peaks[1])}, ${speed.toFixed(0)} MB/s` : why;
    const good = arrived && peaks.every((one) => one <= 64 * MIB);
    lines.push(aim(`1 GiB ${direction}: more memory of agent and workerd`, 'at most 64 MiB each', told, good));
  }
  return lines;
}

/** Measures them. */
export async function gateway(rounds) {
  const stage = await setStage();
  try {
    const idle = memory(stage.agent.pid);
    const results = await run(stage, rounds);
    const calls = await overCalls(stage);
    const bodies = [await oneGibibyte(stage, 'down'), await oneGibibyte(stage, 'up')];
    const backs = [];
    for (const [away, most] of [[1000, 500], [8000, 1000]]) {
      const { took, least, most: longest, away: gone } = await reconnect(stage, away);
      const told = `${milliseconds(took)} (${milliseconds(least)} to ${milliseconds(longest)}; away ${(gone / 1000).toFixed(1)} s)`;
      backs.push(aim(`the link is back, workerd killed and away for ${away / 1000} s`, `at most ${milliseconds(most)}`, told, took <= most));
    }
    say('');
    const aims = [...aimsOfSpeed(results), ...aimsOfWeight(idle, calls, bodies), ...backs];
    const tables = [...SIZES.map((size) => figures(results, size, stage)), table(['aim', 'wanted', 'measured', 'reached'], aims)];
    const words = stage.tunnel.missing ? `rathole could not be had: ${stage.tunnel.missing}.` : '';
    const broken = bodies.filter(({ arrived }) => !arrived).map(({ direction, why }) => `1 GiB ${direction}: ${why}`);
    return { tables, words, broken, good: 'bodies of 1 GiB arrive whole, both ways' };
  } finally {
    await stage.end();
  }
}
