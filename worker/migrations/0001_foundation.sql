-- Times are UTC milliseconds. Every table of a tenant's records begins its key with tenant_id.

-- Guards. A batch is the only transaction there is, and it ends only on an error: inserting the number of rows
-- that the statement before it changed raises one unless it was exactly one.
CREATE VIEW must_change AS SELECT 0 AS changed WHERE 0;
CREATE TRIGGER must_change_one INSTEAD OF INSERT ON must_change WHEN NEW.changed <> 1
BEGIN SELECT RAISE(ABORT, 'guard: nothing changed'); END;
CREATE VIEW must_chain AS SELECT 0 AS changed WHERE 0;
CREATE TRIGGER must_chain_one INSTEAD OF INSERT ON must_chain WHEN NEW.changed <> 1
BEGIN SELECT RAISE(ABORT, 'guard: audit chain moved'); END;
CREATE VIEW must_be_under AS SELECT 0 AS used, 0 AS most WHERE 0;
CREATE TRIGGER must_be_under_limit INSTEAD OF INSERT ON must_be_under WHEN NEW.used >= NEW.most
BEGIN SELECT RAISE(ABORT, 'guard: limit reached'); END;

-- The deployment.
CREATE TABLE deployment (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  set_up_at INTEGER NOT NULL
);
CREATE TABLE master_key_checks (
  key_id TEXT PRIMARY KEY,
  sealed TEXT NOT NULL
);

-- People and tenants.
CREATE TABLE tenants (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  audit_seq INTEGER NOT NULL DEFAULT 0,
  audit_hash TEXT NOT NULL DEFAULT ''
);
CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  password_changed_at INTEGER NOT NULL
);
CREATE TABLE users (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  account_id TEXT REFERENCES accounts (id),
  email TEXT NOT NULL,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  role TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX users_by_email ON users (tenant_id, email);
CREATE UNIQUE INDEX users_by_account ON users (account_id, tenant_id);
CREATE INDEX users_by_role ON users (tenant_id, role, state);
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  secret_hash TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  user_agent TEXT NOT NULL,
  address TEXT,
  country TEXT
);
CREATE INDEX sessions_by_account ON sessions (account_id, last_used_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE TABLE throttles (
  key TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  blocked_until INTEGER NOT NULL,
  last_at INTEGER NOT NULL
);
CREATE INDEX throttles_by_age ON throttles (last_at);
CREATE TABLE groups (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE TABLE group_members (
  tenant_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, group_id, user_id),
  FOREIGN KEY (tenant_id, group_id) REFERENCES groups (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX group_members_by_user ON group_members (tenant_id, user_id);

-- What was done. Append-only: each record carries the hash of the one before it in the tenant.
CREATE TABLE audit (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor_type TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  action TEXT NOT NULL,
  object_type TEXT NOT NULL,
  object_id TEXT NOT NULL,
  object_name TEXT NOT NULL,
  outcome TEXT NOT NULL,
  address TEXT NOT NULL,
  country TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  request_id TEXT NOT NULL,
  changes TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (tenant_id, seq)
) WITHOUT ROWID;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit records are not changed'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit records are not deleted'); END;

-- Answers of creating calls, for those who ask again with the same Idempotency-Key.
CREATE TABLE idempotency (
  tenant_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  version INTEGER,
  answer TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, user_id, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (created_at);

-- Connections.
CREATE TABLE oauth_clients (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  connector TEXT NOT NULL,
  name TEXT NOT NULL,
  client_id TEXT NOT NULL,
  sealed_secret TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX oauth_clients_by_connector ON oauth_clients (tenant_id, connector, id);
CREATE TABLE connections (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  -- Lower case, for sorting and searching.
  name_key TEXT NOT NULL,
  connector TEXT NOT NULL,
  auth TEXT NOT NULL,
  settings TEXT NOT NULL,
  secrets_set TEXT NOT NULL DEFAULT '[]',
  oauth_client_id TEXT,
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  provider_words TEXT,
  status_since INTEGER NOT NULL,
  connected_as TEXT,
  scopes TEXT NOT NULL DEFAULT '[]',
  token_expires_at INTEGER,
  next_refresh_at INTEGER,
  refresh_lease_until INTEGER NOT NULL DEFAULT 0,
  -- 0 while never: so that every row has a place in the order.
  last_verified_at INTEGER NOT NULL DEFAULT 0,
  verified_by TEXT,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  pending_until INTEGER,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX connections_by_name ON connections (tenant_id, name_key, id);
CREATE INDEX connections_by_created ON connections (tenant_id, created_at, id);
CREATE INDEX connections_by_verified ON connections (tenant_id, last_verified_at, id);
CREATE INDEX connections_by_status ON connections (tenant_id, status);
CREATE INDEX connections_by_client ON connections (tenant_id, oauth_client_id) WHERE oauth_client_id IS NOT NULL;
CREATE INDEX connections_pending ON connections (pending_until) WHERE status = 'pending';
-- All secrets of a connection in one sealed bundle; the credentials typed in and the tokens given.
CREATE TABLE connection_secrets (
  tenant_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  sealed TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, connection_id),
  FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id) ON DELETE CASCADE
);
CREATE TABLE connection_grants (
  tenant_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  -- 'everyone', 'group' or 'user'; the id is empty for everyone.
  principal_type TEXT NOT NULL,
  principal_id TEXT NOT NULL,
  level TEXT NOT NULL,
  PRIMARY KEY (tenant_id, connection_id, principal_type, principal_id),
  FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX connection_grants_by_principal ON connection_grants (tenant_id, principal_type, principal_id);
CREATE TABLE connection_events (
  tenant_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  provider_words TEXT,
  user_id TEXT,
  PRIMARY KEY (tenant_id, connection_id, id),
  FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id) ON DELETE CASCADE
) WITHOUT ROWID;
-- A sign-in under way at a provider. Only the hash of `state` is kept.
CREATE TABLE oauth_flows (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  state_hash TEXT NOT NULL UNIQUE,
  connection_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  in_page INTEGER NOT NULL,
  sealed_verifier TEXT NOT NULL,
  redirect_url TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX oauth_flows_by_expiry ON oauth_flows (expires_at);
CREATE INDEX oauth_flows_by_connection ON oauth_flows (tenant_id, connection_id);
