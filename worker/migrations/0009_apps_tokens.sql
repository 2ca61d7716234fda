-- Apps and personal access tokens, and what signs the access tokens of apps.
-- The policies of a tenant.
ALTER TABLE tenants ADD COLUMN show_secrets_once INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tenants ADD COLUMN max_token_days INTEGER NOT NULL DEFAULT 366;
-- Apps. The id is the client_id. Of a secret the keyed hash and the hint are kept, and, unless the tenant forbids it,
-- the secret itself, sealed.
CREATE TABLE apps (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  -- Name and description in small letters, for the search.
  search_key TEXT NOT NULL DEFAULT '',
  -- 'full', or words parted by spaces.
  scopes TEXT NOT NULL,
  -- A JSON array of networks; empty: from anywhere.
  addresses TEXT NOT NULL,
  expires_at INTEGER,
  disabled INTEGER NOT NULL DEFAULT 0,
  token_algorithm TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  secret_hint TEXT NOT NULL,
  sealed_secret TEXT,
  secret_used_at INTEGER,
  -- The secret before the present one, while both work.
  previous_hash TEXT,
  previous_hint TEXT,
  sealed_previous TEXT,
  previous_until INTEGER,
  previous_used_at INTEGER,
  last_used_at INTEGER,
  last_address TEXT,
  last_country TEXT,
  -- The last notice of the end that was told, in days before it.
  told_days INTEGER,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX apps_by_end ON apps (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX apps_by_grace ON apps (previous_until) WHERE previous_until IS NOT NULL;
-- Personal access tokens; they end with the user's membership.
CREATE TABLE tokens (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  -- The name in small letters, for the search.
  name_key TEXT NOT NULL DEFAULT '',
  scopes TEXT NOT NULL,
  addresses TEXT NOT NULL,
  -- From when its life counts: its making, or the last rotation.
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  secret_hash TEXT NOT NULL UNIQUE,
  secret_hint TEXT NOT NULL,
  sealed_secret TEXT,
  secret_used_at INTEGER,
  previous_hash TEXT UNIQUE,
  previous_hint TEXT,
  sealed_previous TEXT,
  previous_until INTEGER,
  previous_used_at INTEGER,
  last_used_at INTEGER,
  last_address TEXT,
  last_country TEXT,
  told_days INTEGER,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX tokens_by_user ON tokens (tenant_id, user_id, id);
CREATE INDEX tokens_by_end ON tokens (expires_at) WHERE revoked_at IS NULL;
CREATE INDEX tokens_by_grace ON tokens (previous_until) WHERE previous_until IS NOT NULL;
-- How many tokens a tenant has: each that is made asks for it, and would count all of them.
CREATE TABLE token_counts (
  tenant_id TEXT PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
  number INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER tokens_count_what_comes AFTER INSERT ON tokens
BEGIN
  INSERT INTO token_counts (tenant_id, number) SELECT NEW.tenant_id, 0
    WHERE NOT EXISTS (SELECT 1 FROM token_counts WHERE tenant_id = NEW.tenant_id);
  UPDATE token_counts SET number = number + 1 WHERE tenant_id = NEW.tenant_id;
END;
CREATE TRIGGER tokens_count_what_goes AFTER DELETE ON tokens
BEGIN
  UPDATE token_counts SET number = number - 1 WHERE tenant_id = OLD.tenant_id;
END;
-- The keys of the deployment that sign access tokens: published before they sign, and until what they signed is over.
CREATE TABLE signing_keys (
  id TEXT PRIMARY KEY,
  algorithm TEXT NOT NULL,
  public_jwk TEXT NOT NULL,
  sealed_private TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  signs_from INTEGER NOT NULL,
  signs_until INTEGER NOT NULL,
  published_until INTEGER NOT NULL
) WITHOUT ROWID;
-- Access tokens that were revoked before their end (RFC 7009).
CREATE TABLE revoked_access_tokens (
  tenant_id TEXT NOT NULL,
  app_id TEXT NOT NULL,
  id TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, app_id, id),
  FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX revoked_access_tokens_by_end ON revoked_access_tokens (expires_at);
-- Secrets of the deployment itself, sealed: the key of the hashes of apps' and tokens' secrets.
CREATE TABLE deployment_secrets (
  name TEXT PRIMARY KEY,
  sealed TEXT NOT NULL
) WITHOUT ROWID;
