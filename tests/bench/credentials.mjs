// Apps and tokens: who calls, issue and introspection, beside Workers that do next to nothing and beside another
// authorization server. Everything is measured in turn, round by round: the machine's mood is the same for all of a round.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { measure, request } from './load.mjs';
import { CLIENT } from './provider.mjs';
import { fromLog, median, middle, say, table } from './report.mjs';
import { PASSWORD, bare, call, product, start, used } from './servers.mjs';

const AT_A_TIME = [1, 16];
const SECONDS = 2;
/** What the others are held against. */
const OBJECT = 'Worker, one object call (Rust)';
/** As a program sends a form, which has no origin. */
const FORM = { origin: undefined, 'content-type': 'application/x-www-form-urlencoded' };

/** What must be so: of what, at how many at a time, which figure, at least or at most. */
const AIMS = [
  ['who am I, personal token', 1, 'p50', 'at most', 1],
  ['who am I, personal token', 16, 'share', 'at least', 0.6],
  ['who am I, personal token', 16, 'perSecond', 'at least', 2000],
  ['token issue', 16, 'perSecond', 'at least', 2500],
];

const form = (origin, address, fields) => request(origin, 'POST', address, FORM, new URLSearchParams(fields).toString());

/** Starts everything. */
async function setStage() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drawbridge-bench-'));
  const running = [];
  const begin = async (server) => {
    running.push(await server);
    return running.at(-1);
  };
  const end = async () => {
    await Promise.all(running.map((server) => server.stop()));
    fs.rmSync(folder, { recursive: true, force: true });
  };
  try {
    const rust = await begin(bare(folder, 'rust', 'build/floor'));
    const js = await begin(bare(folder, 'js', 'tests/bench/hello'));
    const other = await begin(start(folder, 'other', ['tests/bench/provider.mjs']));
    // Calls are counted as they always are, only that so many are allowed.
    const ours = await begin(product(folder, '--var', 'API_RATE_PER_MINUTE=1000000'));
    const person = { email: 'ada@example.org', firstName: 'Ada', lastName: 'Admin', password: PASSWORD };
    const { session } = await call(ours.origin, 'POST', '/api/v1/setup', { setupCode: 'BENCH', tenantName: 'Bench', ...person });
    const token = await call(ours.origin, 'POST', '/api/v1/tokens', { name: 'Bench' }, session);
    const app = await call(ours.origin, 'POST', '/api/v1/apps', { name: 'Bench' }, session);
    return { rust, js, other, ours, token: token.body.secret, app: app.body, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** A body as an object. */
async function told(origin, bytes) {
  const { once } = await import('./load.mjs');
  const { status, text } = await once(origin, bytes);
  if (status !== 200) throw new Error(`answered ${status} ${text}`);
  return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
}

async function jobs({ rust, js, other, ours, token, app }) {
  const { origin } = ours;
  const there = other.origin;
  const client = { client_id: app.app.id, client_secret: app.secret };
  const issue = { grant_type: 'client_credentials', ...client };
  const theirs = { client_id: CLIENT.id, client_secret: CLIENT.secret };
  const theirIssue = { grant_type: 'client_credentials', scope: 'read', ...theirs };
  const ourToken = (await told(origin, form(origin, '/oauth/token', issue))).access_token;
  const theirToken = (await told(there, form(there, '/token', theirIssue))).access_token;
  const who = (bearer) => request(origin, 'GET', '/api/v1/session', { authorization: `Bearer ${bearer}` });
  const worker = (server, address) => ({ server, bytes: request(server.origin, 'GET', address) });
  const product = (bytes, route, method) => ({ server: ours, bytes, route, method });
  const provider = (address, fields) => ({ server: other, bytes: form(there, address, fields) });
  const all = {
    'Worker, bare (Rust)': worker(rust, '/'),
    'Worker, bare (JavaScript)': worker(js, '/'),
    [OBJECT]: worker(rust, '/object'),
    'Worker, one object call (JavaScript)': worker(js, '/object'),
    'Worker, one D1 statement (Rust)': worker(rust, '/statement'),
    'Worker, one D1 statement (JavaScript)': worker(js, '/statement'),
    'who am I, personal token': product(who(token), '/api/v1/session', 'GET'),
    'who am I, app': product(who(ourToken), '/api/v1/session', 'GET'),
    'token issue': product(form(origin, '/oauth/token', issue), '/oauth/token', 'POST'),
    'introspection': product(form(origin, '/oauth/introspect', { ...client, token: ourToken }), '/oauth/introspect', 'POST'),
    'oidc-provider, issue of a JWT': provider('/token', { ...theirIssue, resource: CLIENT.resource }),
    'oidc-provider, issue, opaque': provider('/token', theirIssue),
    'oidc-provider, introspection': provider('/token/introspection', { ...theirs, token: theirToken }),
  };
  return Object.entries(all).map(([name, { bytes, ...one }]) => ({ name, ...one, origin: one.server.origin, requests: [bytes], status: 200, count: 40_000 }));
}

/** One round of everything; what each cost is kept. */
async function round(all, stage, atATime, seconds, keep) {
  let object;
  for (const job of all) {
    const from = fs.statSync(stage.ours.log).size;
    const before = used(job.server.pid);
    const one = await measure(job, atATime, seconds);
    one.micros = (1e6 * (used(job.server.pid) - before)) / one.count;
    if (job.name === OBJECT) object = one;
    const trips = job.route ? await fromLog(stage.ours.log, from, job, one.count) : [];
    keep(job, { ...one, share: object ? one.perSecond / object.perSecond : undefined }, trips);
  }
}

async function run(stage, rounds) {
  // What the others are held against comes first in a round.
  const all = (await jobs(stage)).sort((a, b) => (b.name === OBJECT) - (a.name === OBJECT));
  const results = new Map();
  for (let number = 0; number <= rounds; number += 1) {
    for (const atATime of AT_A_TIME) {
      say(`round ${number} of ${rounds}, ${atATime} at a time`);
      // Round 0 warms up.
      await round(all, stage, atATime, number ? SECONDS : 0.5, (job, one, trips) => {
        if (number === 0) return;
        const key = `${job.name} ${atATime}`;
        if (!results.has(key)) results.set(key, { job, atATime, measured: [], trips: [] });
        results.get(key).measured.push(one);
        results.get(key).trips.push(...trips.map((trip) => trip.trips));
      });
    }
  }
  say('');
  return [...results.values()];
}

function figures(results) {
  const rows = results.map((one) => [
    ...[one.job.name, String(one.atATime), middle(one, 'p50', 2), middle(one, 'p95', 2), middle(one, 'perSecond', 0)],
    ...[`${(100 * middle(one, 'share', 3)).toFixed(0)} %`, one.job.route ? String(median(one.trips)) : '', middle(one, 'micros', 0), `${(100 * middle(one, 'own', 2)).toFixed(0)} %`],
  ]);
  return table(['', 'at a time', 'p50 ms', 'p95 ms', 'requests/s', 'of one object call', 'D1 trips', 'processor µs', 'load’s own core'], rows);
}

/** Which aims are reached. */
function aims(results) {
  const rows = AIMS.map(([name, atATime, figure, sense, limit]) => {
    const one = results.find(({ job, atATime: at }) => job.name === name && at === atATime);
    const value = median(one.measured.map((each) => each[figure]));
    const good = sense === 'at most' ? value <= limit : value >= limit;
    const show = (number) => (figure === 'share' ? `${(100 * number).toFixed(0)} % of one object call` : figure === 'p50' ? `${number.toFixed(2)} ms` : `${number.toFixed(0)} a second`);
    return [`${name}, ${atATime} at a time`, `${sense} ${show(limit)}`, show(value), good ? 'yes' : 'no'];
  });
  return table(['aim', 'wanted', 'measured', 'reached'], rows);
}

/** Measures them; on the warm path there must be no round trip to the database. */
export async function credentials(rounds) {
  const stage = await setStage();
  try {
    const results = (await run(stage, rounds)).sort((a, b) => a.atATime - b.atATime);
    const asking = results.filter(({ trips }) => trips.length && median(trips) > 0);
    const broken = asking.map(({ job, atATime }) => `${job.name}, ${atATime} at a time, asks the database`);
    return { tables: [figures(results), aims(results)], broken, good: 'none of them asks the database' };
  } finally {
    await stage.end();
  }
}
