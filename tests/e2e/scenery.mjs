// What stands in the database when pictures are taken: an organisation's connections as they are after some months.

import { changeDatabase } from './database.mjs';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Name, connector, way, settings, maker, age, last proof, and what is the matter where something is. */
const CONNECTIONS = [
  ['Archive in Box', 'box', 'oauth', {}, 'Maud Keller', 212 * DAY, 5 * HOUR],
  ['Contracts in Box', 'box', 'oauth', {}, 'Tomás Ferreira', 96 * DAY, 5 * HOUR, 'invalid', 'grant_revoked', 'Refresh token has expired', 2 * DAY],
  ['Customer directory', 'sandbox-crm', 'api-key', {}, 'Maud Keller', 41 * DAY, 12 * MINUTE],
  ['Invoices', 'http', 'bearer', { baseUrl: 'https://billing.northwind.example/v2', validationPath: '/me' }, 'Aiko Mori', 18 * DAY, 5 * HOUR],
  ['Salesforce Asia', 'salesforce', 'oauth', { loginHost: 'login.salesforce.com' }, 'Aiko Mori', 130 * DAY, 5 * HOUR],
  ['Salesforce EU', 'salesforce', 'oauth', { loginHost: 'login.salesforce.com' }, 'Maud Keller', 301 * DAY, 3 * MINUTE],
  ['Salesforce sandbox', 'salesforce', 'oauth', { loginHost: 'test.salesforce.com' }, 'Tomás Ferreira', 22 * MINUTE, 0, 'pending', 'awaiting_sign_in', null, 22 * MINUTE],
  ['Stock levels', 'http', 'api-key-header', { baseUrl: 'https://stock.northwind.example', validationPath: '/health', keyName: 'X-Api-Key' }, 'Tomás Ferreira', 64 * DAY, 29 * HOUR, 'degraded', 'provider_error', 'upstream timed out', 40 * MINUTE],
  ['Support desk', 'zendesk', 'oauth', { subdomain: 'northwind' }, 'Maud Keller', 187 * DAY, 5 * HOUR],
  ['Support desk, Japan', 'zendesk', 'api-token', { subdomain: 'northwind-jp', email: 'desk@northwind.example' }, 'Aiko Mori', 87 * DAY, 5 * HOUR],
];

/** Gateways with their machines: name, version, whether it is linked. */
const GATEWAYS = [
  ['Amsterdam office', []],
  ['Berlin data centre', [['ber-gw-01', '2.3.0', true], ['ber-gw-02', '2.3.0', false]]],
  ['Lisbon warehouse', [['lis-gw-01.corp.northwind.example', '2.2.90', false]]],
  ['Osaka plant', [['osa-1', '2.2.84', true]]],
  ['Oslo plant', [['osl-1', '2.3.0', true]]],
];

/** Fills the stopped product's database. */
export function furnish(state) {
  changeDatabase(state, (database) => {
    const now = Date.now();
    const [maud] = database.prepare('SELECT tenant_id, id FROM users').all();
    const people = new Map([['Maud Keller', maud.id]]);
    const insert = (table, row) => {
      const names = Object.keys(row);
      const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
      database.prepare(sql).run(...Object.values(row));
    };
    const id = (kind, at) => `${kind}_${String(at).padStart(26, '0')}`;
    for (const [at, name] of ['Tomás Ferreira', 'Aiko Mori'].entries()) {
      const [first, last] = name.split(' ');
      people.set(name, id('usr', at + 1));
      insert('users', {
        tenant_id: maud.tenant_id,
        id: id('usr', at + 1),
        email: `${first.toLowerCase().normalize('NFD').replace(/\W/g, '')}@northwind.example`,
        first_name: first,
        last_name: last,
        name_key: name.toLowerCase(),
        role: 'developer',
        state: 'active',
        created_at: now - 300 * DAY,
      });
    }
    let machines = 0;
    for (const [at, [name, replicas]] of GATEWAYS.entries()) {
      const gateway = id('gw', at + 1);
      insert('gateways', {
        tenant_id: maud.tenant_id,
        id: gateway,
        name,
        name_key: name.toLowerCase(),
        created_by: maud.id,
        created_at: now - (at + 1) * 30 * DAY,
      });
      for (const [machine, version, linked] of replicas) {
        const replica = id('gwr', (machines += 1));
        insert('gateway_replicas', {
          tenant_id: maud.tenant_id,
          gateway_id: gateway,
          id: replica,
          public_key: replica,
          machine,
          platform: 'linux/x86_64',
          agent_version: version,
          created_at: now - 20 * DAY,
          targets: JSON.stringify([{ name: 'ERP', kind: 'http', state: 'reachable' }, { name: 'SQL01', kind: 'sqlserver', state: 'reachable' }]),
        });
        const tell = 'UPDATE gateway_replicas SET linked_since = ?, last_seen_at = ? WHERE id = ?';
        database.prepare(tell).run(linked ? now - 2 * DAY : null, now - (linked ? MINUTE : 3 * HOUR), replica);
      }
    }
    for (const [at, [name, connector, auth, settings, maker, age, proof, status = 'active', reason = 'proved', words = null, since = age]] of CONNECTIONS.entries()) {
      insert('connections', {
        tenant_id: maud.tenant_id,
        id: id('con', at + 1),
        name,
        name_key: name.toLowerCase(),
        connector,
        auth,
        settings: JSON.stringify(settings),
        status,
        reason,
        provider_words: words,
        status_since: now - since,
        connected_as: status === 'pending' ? null : JSON.stringify({ id: 'u1', name: maker }),
        last_verified_at: proof ? now - proof : 0,
        created_by: people.get(maker),
        created_at: now - age,
        pending_until: status === 'pending' ? now + 8 * MINUTE : null,
      });
    }
  });
}
