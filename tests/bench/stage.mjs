// What is measured: the product with tenants of 100, 1000 and 10 000 of everything, and beside it a Worker that does
// nothing, both served by tools/serve.mjs.

import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PASSWORD, bare, call, product } from './servers.mjs';

const LONG_AGO = 1_700_000_000_000;
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

function id(prefix) {
  const random = [...randomBytes(25)].map((byte) => ALPHABET[byte % 32]).join('');
  return `${prefix}_0${random}`;
}

/** How much a tenant has of everything: connections (1000 are its limit), users, audit records. */
export const SIZES = [100, 1000, 10_000];

/** Tenants as they are after some use, and eight accounts beside the first. */
async function fill(state, tenants) {
  const { DatabaseSync } = await import('node:sqlite');
  const folder = path.join(state, 'd1');
  const files = fs.readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.sqlite'));
  for (const file of files) {
    const database = new DatabaseSync(path.join(folder, file));
    const ours = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'connections'").get();
    if (ours) {
      database.exec('BEGIN');
      for (const { tenant, size } of tenants) {
        addConnections(database, tenant, size);
        addPeople(database, tenant, size);
        addRecords(database, tenant, size);
      }
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

/** Users, groups of twenty of them, and the first connection given to the first of them and to a group of everybody. */
function addPeople(database, tenant, count) {
  const user = database.prepare(
    `INSERT INTO users (tenant_id, id, email, first_name, last_name, name_key, role, state, created_at)
     VALUES (?, ?, ?, 'Person', ?, ?, 'designer', ?, ?)`,
  );
  const group = database.prepare('INSERT INTO groups (tenant_id, id, name, name_key, created_at) VALUES (?, ?, ?, ?, ?)');
  const member = database.prepare('INSERT INTO group_members (tenant_id, group_id, user_id) VALUES (?, ?, ?)');
  const groups = Array.from({ length: count / 20 }, () => id('grp'));
  const everybody = id('grp');
  groups.forEach((one, number) => group.run(tenant, one, `Team ${number}`, `team ${number}`, LONG_AGO));
  group.run(tenant, everybody, 'Everybody', 'everybody', LONG_AGO);
  for (let number = 0; number < count; number += 1) {
    const made = id('usr');
    const mixed = (number * 7919) % count;
    const state = number % 20 ? 'active' : 'invited';
    user.run(tenant, made, `member${mixed}@${tenant}.example`, `No ${mixed}`, `person no ${mixed}`, state, LONG_AGO + number);
    member.run(tenant, groups[number % groups.length], made);
    member.run(tenant, everybody, made);
  }
  const { id: first } = database.prepare('SELECT id FROM connections WHERE tenant_id = ? ORDER BY created_at, id LIMIT 1').get(tenant);
  const give = database.prepare("INSERT INTO connection_grants VALUES (?, ?, 'group', ?, 'user')");
  [everybody, groups[0]].forEach((one) => give.run(tenant, first, one));
}

/** Audit records; their hashes are none, since nobody verifies them here. */
function addRecords(database, tenant, count) {
  const { audit_seq: before } = database.prepare('SELECT audit_seq FROM tenants WHERE id = ?').get(tenant);
  const add = database.prepare(
    `INSERT INTO audit (tenant_id, seq, at, actor_type, actor_id, actor_name, action, object_type, object_id, object_name,
       outcome, address, country, user_agent, request_id, changes, previous_hash, hash)
     VALUES (?, ?, ?, 'user', 'usr_x', 'Somebody', 'connection.tested', 'connection', ?, 'CRM', 'done', '', '', '', '', '{}', 'x', 'x')`,
  );
  const now = Date.now();
  for (let number = 1; number <= count; number += 1) add.run(tenant, before + number, now + number, `con_${number % 50}`);
  database.prepare("UPDATE tenants SET audit_seq = ?, audit_hash = 'x' WHERE id = ?").run(before + count, tenant);
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
    const hello = await bare(folder, 'hello', 'tests/bench/hello');
    running.push(hello);
    const first = await product(folder);
    running.push(first);
    const person = { email: 'ada@example.org', firstName: 'Ada', lastName: 'Admin', password: PASSWORD };
    const set = await call(first.origin, 'POST', '/api/v1/setup', { setupCode: 'BENCH', tenantName: `${SIZES[0]}`, ...person });
    const tenants = [{ tenant: set.body.tenant.id, size: SIZES[0] }];
    for (const size of SIZES.slice(1)) {
      const made = await call(first.origin, 'POST', '/api/v1/tenants', { name: `${size}` }, set.session);
      tenants.push({ tenant: made.body.id, size });
    }
    running.pop();
    await first.stop();
    await fill(first.state, tenants);

    const { origin, log } = await product(folder).then((server) => (running.push(server), server));
    for (const one of tenants) {
      const signedIn = await call(origin, 'POST', '/api/v1/session', { email: person.email, password: PASSWORD });
      await call(origin, 'POST', `/api/v1/tenants/${one.tenant}/switch`, undefined, signedIn.session);
      one.session = signedIn.session;
      const list = await call(origin, 'GET', '/api/v1/connections?sort=created&pageSize=1', undefined, one.session);
      one.connection = list.body.items[0].id;
    }
    const signIns = Array.from({ length: 8 }, (_, number) => ({ email: emailOf(number), password: PASSWORD }));
    return { hello: hello.origin, origin, log, tenants, signIns, end };
  } catch (error) {
    await end();
    throw error;
  }
}
