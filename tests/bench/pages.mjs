// Sessions and lists: their speed as ratios to a Worker that does nothing, and what they cost the database.

import fs from 'node:fs';
import { measure, request } from './load.mjs';
import { budgets, fromLog, median, middle, say, table } from './report.mjs';
import { setStage } from './stage.mjs';

const AT_A_TIME = [1, 8];

/** The lists that are measured at each size: name, address, route, budget. */
const LISTS = [
  ['connections', () => 'connections?pageSize=50', '/api/v1/connections', 'list_of_connections'],
  ['users', () => 'users?pageSize=50', '/api/v1/users', 'list_of_users'],
  [
    'who can use it',
    ({ connection }) => `connections/${connection}/access?pageSize=50`,
    '/api/v1/connections/{connection}/access',
    'effective_permissions',
  ],
  ['audit log', () => 'audit?pageSize=50', '/api/v1/audit', 'audit_page'],
];

/** What is measured: every job with how many requests a round takes. */
function jobs({ hello, origin, tenants, signIns }) {
  const get = (address, session) => [request(origin, 'GET', `/api/v1/${address}`, { cookie: session })];
  const signIn = signIns.map((body) => request(origin, 'POST', '/api/v1/session', {}, JSON.stringify(body)));
  const session = { route: '/api/v1/session', budget: 'session_check' };
  return [
    { name: 'hello', origin: hello, requests: [request(hello, 'GET', '/')], status: 200, count: 4000 },
    { name: 'session check', origin, requests: get('session', tenants[0].session), status: 200, count: 800, ...session, method: 'GET' },
    { name: 'sign-in', origin, requests: signIn, status: 201, count: 64, route: '/api/v1/session', method: 'POST' },
    ...LISTS.flatMap(([list, address, route, budget]) =>
      tenants.map((tenant) => ({
        name: `${list} of ${tenant.size}`,
        ...{ list, size: tenant.size, origin, requests: get(address(tenant), tenant.session) },
        ...{ status: 200, count: 200, route, budget, method: 'GET' },
      })),
    ),
  ];
}

async function run(stage, rounds) {
  const all = jobs(stage);
  const results = new Map();
  // Round 0 warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const atATime of AT_A_TIME) {
      let bare;
      for (const job of all) {
        say(`round ${round} of ${rounds}: ${job.name}, ${atATime} at a time`);
        const from = fs.statSync(stage.log).size;
        const { count, ...one } = await measure(job, atATime, round ? 2 : 0.3);
        bare ??= one;
        if (round === 0) continue;
        const key = `${job.name} ${atATime}`;
        if (!results.has(key)) results.set(key, { job, atATime, measured: [], trips: [], rows: [] });
        const kept = results.get(key);
        kept.measured.push({ ...one, ratio50: one.p50 / bare.p50, ratio95: one.p95 / bare.p95 });
        if (!job.route) continue;
        for (const { trips, rows } of await fromLog(stage.log, from, job, count)) {
          kept.trips.push(trips);
          kept.rows.push(rows);
        }
      }
    }
  }
  say('');
  return [...results.values()];
}

/** One line for each job that is no list. */
function single(results) {
  const rows = results.map((one) => [
    ...[one.job.name, String(one.atATime), middle(one, 'p50', 2), middle(one, 'p95', 2), middle(one, 'perSecond', 0)],
    ...[middle(one, 'ratio50', 1), middle(one, 'ratio95', 1), one.job.route ? String(median(one.trips)) : ''],
  ]);
  return table(['', 'at a time', 'p50 ms', 'p95 ms', 'requests/s', 'p50 × hello', 'p95 × hello', 'D1 trips'], rows);
}

/** One line for each list: its cost at each size. */
function lists(results) {
  const sizes = [...new Set(results.map(({ job }) => job.size))];
  const head = ['a page of 50 of', 'at a time', ...sizes.map((size) => `× hello at ${size}`), 'D1 trips', ...sizes.map((size) => `rows at ${size}`)];
  const rows = LISTS.flatMap(([list]) =>
    AT_A_TIME.map((atATime) => {
      const found = sizes.map((size) => results.find((one) => one.job.list === list && one.job.size === size && one.atATime === atATime));
      const trips = String(Math.max(...found.map((one) => median(one.trips))));
      return [list, String(atATime), ...found.map((one) => middle(one, 'ratio50', 1)), trips, ...found.map((one) => String(median(one.rows)))];
    }),
  );
  return table(head, rows);
}

/** What is over its budget. One request a minute also notes the session's last use, after its answer. */
function over(results) {
  const allowed = budgets('database_round_trips');
  const broken = [];
  for (const { job, atATime, trips } of results.filter((one) => one.job.budget)) {
    const [made, most] = [median(trips), allowed[job.budget]];
    if (most === undefined) broken.push(`budgets.toml has no ${job.budget} under [database_round_trips]`);
    else if (made > most) broken.push(`${job.name}, ${atATime} at a time: ${made} round trips to the database, the budget is ${most}`);
  }
  return broken;
}

/** Measures them; gives the tables and what is over its budget. */
export async function pages(rounds) {
  const stage = await setStage();
  try {
    const measured = await run(stage, rounds);
    const tables = [single(measured.filter(({ job }) => !job.list)), lists(measured.filter(({ job }) => job.list))];
    return { tables, broken: over(measured), good: 'round trips to the database are within their budgets' };
  } finally {
    await stage.end();
  }
}
