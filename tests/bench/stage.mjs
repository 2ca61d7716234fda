// What is measured: the product with tenants of 100 and 1000 connections, and beside it a Worker that does nothing,
// both served by tools/serve.mjs.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { once, request } from './load.mjs';

export const ROOT = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const PASSWORD = 'violet harbour 71 engine';
const LONG_AGO = 1_700_000_000_000;
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Starts a server; its log goes to a file. Gives its address and a way to end it. */
async function serve(folder, name, options) {
  const log = path.join(folder, `${name}.log`);
  const out = fs.openSync(log, 'a');
  const state = path.join(folder, name);
  const child = spawn(process.execPath, ['tools/serve.mjs', '--port', '0', '--stop-with-stdin', '--state', state, ...options], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', out],
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  fs.closeSync(out);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const lines = createInterface({ input: child.stdout });
  const said = await Promise.race([new Promise((resolve) => lines.once('line', resolve)), ended.then(() => undefined)]);
  if (said === undefined) throw new Error(`${name} does not start:\n${fs.readFileSync(log, 'utf8')}`);
  const stop = () => {
    child.stdin.end();
    return ended;
  };
  return { origin: JSON.parse(said).listening, state, log, stop };
}

const product = (folder) =>
  serve(folder, 'product', [
    ...['--console', 'none', '--worker', 'build/worker-sandbox'],
    ...['--var', `MASTER_KEYS=k1:${Buffer.alloc(32, 7).toString('base64')}`, '--var', 'SETUP_CODE=BENCH'],
  ]);

/** Calls the API; the answer must be that of a success. */
async function call(origin, method, address, body, cookie) {
  const bytes = request(origin, method, address, cookie ? { cookie } : {}, body === undefined ? '' : JSON.stringify(body));
  const answer = await once(origin, bytes);
  if (answer.status > 299) throw new Error(`${method} ${address} answered ${answer.status} ${answer.text}`);
  const session = /__Host-session=[^;\r]+/.exec(answer.headers)?.[0];
  const text = answer.text.slice(answer.text.indexOf('{'), answer.text.lastIndexOf('}') + 1);
  return { session, body: text ? JSON.parse(text) : undefined };
}

function id(prefix) {
  const random = [...randomBytes(25)].map((byte) => ALPHABET[byte % 32]).join('');
  return `${prefix}_0${random}`;
}

/** Connections of one tenant as they are after some use, and eight accounts beside the first. */
async function fill(state, tenants) {
  const { DatabaseSync } = await import('node:sqlite');
  const folder = path.join(state, 'd1');
  const files = fs.readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.sqlite'));
  for (const file of files) {
    const database = new DatabaseSync(path.join(folder, file));
    const ours = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'connections'").get();
    if (ours) {
      database.exec('BEGIN');
      for (const { tenant, connections } of tenants) addConnections(database, tenant, connections);
      for (let number = 0; number < 8; number += 1) addAccount(database, tenants[0].tenant, emailOf(number));
      database.exec('COMMIT');
    }
    database.close();
  }
}

function addConnections(database, tenant, count) {
  const { id: owner } = database.prepare('SELECT id FROM users WHERE tenant_id = ?').get(tenant);
  const connection = database.prepare(
    `INSERT INTO connections (tenant_id, id, name, name_key, connector, auth, settings, status, reason, status_since,
       last_verified_at, created_by, created_at) VALUES (?, ?, ?, lower(?), 'sandbox-crm', 'api-key', '{}', ?, ?, ?, ?, ?, ?)`,
  );
  const grant = database.prepare("INSERT INTO connection_grants VALUES (?, ?, 'user', ?, 'owner')");
  for (let number = 0; number < count; number += 1) {
    const name = `Connection ${(number * 7919) % count} of the sales department`;
    const [status, reason] = number % 20 ? ['active', 'proved'] : ['invalid', 'grant_revoked'];
    const at = LONG_AGO + number * 1000;
    const made = id('con');
    connection.run(tenant, made, name, name, status, reason, at, at, owner, at);
    grant.run(tenant, made, owner);
  }
}

const emailOf = (number) => `person${number}@example.org`;

function addAccount(database, tenant, email) {
  const account = id('acc');
  database
    .prepare(
      `INSERT INTO accounts (id, email, password_hash, created_at, password_changed_at)
       SELECT ?, ?, password_hash, created_at, created_at FROM accounts LIMIT 1`,
    )
    .run(account, email);
  database
    .prepare(
      `INSERT INTO users (tenant_id, id, account_id, email, first_name, last_name, role, state, created_at)
       VALUES (?, ?, ?, ?, 'Some', 'Person', 'designer', 'active', ?)`,
    )
    .run(tenant, id('usr'), account, email, LONG_AGO);
}

/** Sets everything up; `end` takes it away again. */
export async function setStage() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drawbridge-bench-'));
  const running = [];
  const end = async () => {
    await Promise.all(running.map((server) => server.stop()));
    fs.rmSync(folder, { recursive: true, force: true });
  };
  try {
    const bare = [...['--console', 'none', '--worker', 'tests/bench/hello'], ...['--migrations', 'none', '--ready', 'none']];
    const hello = await serve(folder, 'hello', bare);
    running.push(hello);
    const first = await product(folder);
    running.push(first);
    const person = { email: 'ada@example.org', firstName: 'Ada', lastName: 'Admin', password: PASSWORD };
    const set = await call(first.origin, 'POST', '/api/v1/setup', { setupCode: 'BENCH', tenantName: 'Hundred', ...person });
    const other = await call(first.origin, 'POST', '/api/v1/tenants', { name: 'Thousand' }, set.session);
    running.pop();
    await first.stop();
    const [hundred, thousand] = [set.body.tenant.id, other.body.id];
    await fill(first.state, [{ tenant: hundred, connections: 100 }, { tenant: thousand, connections: 1000 }]);

    const { origin, log } = await product(folder).then((server) => (running.push(server), server));
    const sessions = {};
    for (const [name, tenant] of Object.entries({ hundred, thousand })) {
      const signedIn = await call(origin, 'POST', '/api/v1/session', { email: person.email, password: PASSWORD });
      await call(origin, 'POST', `/api/v1/tenants/${tenant}/switch`, undefined, signedIn.session);
      sessions[name] = signedIn.session;
    }
    const signIns = Array.from({ length: 8 }, (_, number) => ({ email: emailOf(number), password: PASSWORD }));
    return { hello: hello.origin, origin, log, sessions, signIns, end };
  } catch (error) {
    await end();
    throw error;
  }
}
