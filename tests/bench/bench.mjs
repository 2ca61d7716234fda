// Speed as ratios to a Worker that does nothing, on the same runtime in the same run: `npm run bench`.
//   --write   also writes docs/BENCH.md
//   --rounds N   how often everything is measured; the median counts (3)

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { measure, request } from './load.mjs';
import { ROOT, setStage } from './stage.mjs';

const { values: args } = parseArgs({
  options: { write: { type: 'boolean', default: false }, rounds: { type: 'string', default: '3' } },
});
const AT_A_TIME = [1, 8];

/** What is measured: every job with how many requests a round takes. */
function jobs({ hello, origin, sessions, signIns }) {
  const list = (session) => [request(origin, 'GET', '/api/v1/connections?pageSize=50', { cookie: session })];
  const signIn = signIns.map((body) => request(origin, 'POST', '/api/v1/session', {}, JSON.stringify(body)));
  return [
    { name: 'hello', origin: hello, requests: [request(hello, 'GET', '/')], status: 200, count: 4000 },
    {
      name: 'session check',
      origin,
      requests: [request(origin, 'GET', '/api/v1/session', { cookie: sessions.thousand })],
      status: 200,
      count: 800,
      route: '/api/v1/session',
      method: 'GET',
      budget: 'session_check',
    },
    {
      name: 'list of 50 out of 100',
      origin,
      requests: list(sessions.hundred),
      status: 200,
      count: 400,
      route: '/api/v1/connections',
      method: 'GET',
      budget: 'list_of_connections',
    },
    {
      name: 'list of 50 out of 1000',
      origin,
      requests: list(sessions.thousand),
      status: 200,
      count: 400,
      route: '/api/v1/connections',
      method: 'GET',
      budget: 'list_of_connections',
    },
    { name: 'sign-in', origin, requests: signIn, status: 201, count: 64, route: '/api/v1/session', method: 'POST' },
  ];
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** The most round trips to the database that a request of the job made, by the Worker's own log from `from` on. */
function roundTrips(log, from, job) {
  let most = 0;
  for (const line of fs.readFileSync(log).subarray(from).toString().split('\n')) {
    if (!line.includes('"databaseRoundTrips"')) continue;
    const entry = JSON.parse(line);
    if (entry.route === job.route && entry.method === job.method) most = Math.max(most, entry.databaseRoundTrips);
  }
  return most;
}

/** The numbers of one section of budgets.toml. */
function budgets(section) {
  const text = fs.readFileSync(path.join(ROOT, 'budgets.toml'), 'utf8');
  const part = text.split(/^\[/m).find((one) => one.startsWith(`${section}]`)) ?? '';
  return Object.fromEntries([...part.matchAll(/^(\w+) *= *(\d+)/gm)].map(([, name, value]) => [name, Number(value)]));
}

async function run(stage) {
  const all = jobs(stage);
  const results = new Map();
  for (const job of all) await measure({ ...job, count: Math.ceil(job.count / 8) }, 8);
  const from = fs.statSync(stage.log).size;
  for (let round = 1; round <= Number(args.rounds); round += 1) {
    for (const atATime of AT_A_TIME) {
      let bare;
      for (const job of all) {
        process.stderr.write(`\r  round ${round} of ${args.rounds}: ${job.name}, ${atATime} at a time`.padEnd(70));
        const { p50, p95, perSecond } = await measure(job, atATime);
        bare ??= { p50, p95, perSecond };
        const key = `${job.name} ${atATime}`;
        const kept = results.get(key) ?? { job, atATime, p50: [], p95: [], perSecond: [], ratio50: [], ratio95: [] };
        kept.p50.push(p50);
        kept.p95.push(p95);
        kept.perSecond.push(perSecond);
        kept.ratio50.push(p50 / bare.p50);
        kept.ratio95.push(p95 / bare.p95);
        results.set(key, kept);
      }
    }
  }
  process.stderr.write(`\r${' '.repeat(70)}\r`);
  return { from, results: [...results.values()] };
}

function table(stage, { from, results }) {
  const head = ['', 'at a time', 'p50 ms', 'p95 ms', 'requests/s', 'p50 × hello', 'p95 × hello', 'D1 round trips'];
  const rows = results.map(({ job, atATime, p50, p95, perSecond, ratio50, ratio95 }) => [
    job.name,
    String(atATime),
    median(p50).toFixed(2),
    median(p95).toFixed(2),
    median(perSecond).toFixed(0),
    job.route ? median(ratio50).toFixed(1) : '1',
    job.route ? median(ratio95).toFixed(1) : '1',
    job.route ? String(roundTrips(stage.log, from, job)) : '',
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  const line = (row) => row.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join('  ');
  const markdown = [head, head.map((_, column) => (column ? '---:' : '---')), ...rows].map((row) => `| ${row.join(' | ')} |`);
  return { text: [head, ...rows].map((row) => `  ${line(row).trimEnd()}`).join('\n'), markdown: markdown.join('\n') };
}

function over(stage, { from }) {
  const allowed = budgets('database_round_trips');
  const checked = jobs(stage).filter((job) => job.budget);
  const broken = [];
  for (const job of checked) {
    const [made, most] = [roundTrips(stage.log, from, job), allowed[job.budget]];
    if (most === undefined) broken.push(`budgets.toml has no ${job.budget} under [database_round_trips]`);
    else if (made === 0) broken.push(`${job.name}: the Worker's log does not tell its round trips`);
    else if (made > most) broken.push(`${job.name}: ${made} round trips to the database, the budget is ${most}`);
  }
  return broken;
}

const stage = await setStage();
try {
  const measured = await run(stage);
  const { text, markdown } = table(stage, measured);
  const cpu = os.cpus();
  const machine = `${cpu.length} × ${cpu[0]?.model.trim() ?? 'unknown'}, Node.js ${process.versions.node}, load ${os.loadavg()[0].toFixed(1)}`;
  process.stdout.write(`${text}\n  (${machine}; medians of ${args.rounds} rounds)\n`);
  if (args.write) {
    const words =
      '# Speed\nWritten by `npm run bench -- --write`. Compare the ratios, not the milliseconds: they are to a Worker that only says hello, on the same runtime in the same run.\n';
    fs.writeFileSync(path.join(ROOT, 'docs/BENCH.md'), `${words}\n${markdown}\n\n${machine}; medians of ${args.rounds} rounds.\n`);
  }
  const broken = over(stage, measured);
  for (const line of broken) process.stdout.write(`  ✗ ${line}\n`);
  if (broken.length === 0) process.stdout.write('  ✓ round trips to the database are within their budgets\n');
  process.exitCode = broken.length ? 1 : 0;
} finally {
  await stage.end();
}
