// People and groups in the database, for journeys that begin when they are there already.

import { changeDatabase } from './database.mjs';

/** Gives the stopped product a Designer with the administrator's password, and a group with the Designer in it. */
export function addDesigner(state, { email, firstName, lastName, group }) {
  changeDatabase(state, (database) => {
    const now = Date.now();
    const id = (kind, at) => `${kind}_${String(at).padStart(26, '0')}`;
    const [maud] = database.prepare('SELECT tenant_id FROM users').all();
    const tenant = maud.tenant_id;
    database
      .prepare('INSERT INTO accounts (id, email, password_hash, created_at, password_changed_at) SELECT ?, ?, password_hash, ?, ? FROM accounts LIMIT 1')
      .run(id('acc', 7), email, now, now);
    database
      .prepare('INSERT INTO users (tenant_id, id, account_id, email, first_name, last_name, role, state, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(tenant, id('usr', 7), id('acc', 7), email, firstName, lastName, 'designer', 'active', now);
    database.prepare('INSERT INTO groups (tenant_id, id, name, created_at) VALUES (?, ?, ?, ?)').run(tenant, id('grp', 7), group, now);
    database.prepare('INSERT INTO group_members (tenant_id, group_id, user_id) VALUES (?, ?, ?)').run(tenant, id('grp', 7), id('usr', 7));
  });
}
