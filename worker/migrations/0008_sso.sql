-- Single sign-on of a tenant by OpenID Connect.
CREATE TABLE sso (
  tenant_id TEXT PRIMARY KEY REFERENCES tenants (id),
  issuer TEXT NOT NULL,
  client_id TEXT NOT NULL,
  sealed_secret TEXT NOT NULL,
  scopes TEXT NOT NULL,
  label TEXT NOT NULL,
  default_role TEXT NOT NULL,
  auto_join INTEGER NOT NULL,
  enabled INTEGER NOT NULL DEFAULT 0,
  tested_at INTEGER,
  tested_as TEXT,
  last_used_at INTEGER,
  -- What the provider says of itself, and its keys, as they were fetched; read again when old.
  provider TEXT NOT NULL,
  provider_at INTEGER NOT NULL,
  keys TEXT NOT NULL DEFAULT '[]',
  keys_at INTEGER NOT NULL DEFAULT 0,
  keys_asked_at INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1
);
-- Email domains that a tenant names as its own. Once proved, a domain is one tenant's.
CREATE TABLE sso_domains (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  domain TEXT NOT NULL,
  token TEXT NOT NULL,
  looked_up_at INTEGER NOT NULL DEFAULT 0,
  proved_at INTEGER,
  PRIMARY KEY (tenant_id, domain)
) WITHOUT ROWID;
CREATE UNIQUE INDEX sso_domains_proved ON sso_domains (domain) WHERE proved_at IS NOT NULL;
-- Who a user is at a provider: issuer and subject, never the email address.
CREATE TABLE sso_identities (
  tenant_id TEXT NOT NULL,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id TEXT NOT NULL,
  -- The name that the provider told when they were connected, for people to read.
  known_as TEXT NOT NULL,
  connected_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, issuer, subject),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE UNIQUE INDEX sso_identities_by_user ON sso_identities (tenant_id, user_id, issuer);
-- Sign-ins under way. Only hashes of `state` and of the browser's cookie are kept.
CREATE TABLE sso_flows (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  state_hash TEXT NOT NULL UNIQUE,
  browser_hash TEXT NOT NULL,
  address_hash TEXT NOT NULL,
  purpose TEXT NOT NULL,
  -- The session that tests or connects; the invitation that is accepted.
  session_id TEXT,
  invitation_hash TEXT,
  -- Of the settings that the sign-in began with.
  settings_version INTEGER NOT NULL,
  issuer TEXT NOT NULL,
  client_id TEXT NOT NULL,
  -- The secrets of PKCE and `nonce`.
  sealed TEXT NOT NULL,
  redirect_url TEXT NOT NULL,
  return_path TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX sso_flows_by_expiry ON sso_flows (expires_at);
CREATE INDEX sso_flows_by_address ON sso_flows (address_hash, expires_at) WHERE used_at IS NULL;
CREATE INDEX sso_flows_open ON sso_flows (tenant_id, expires_at) WHERE used_at IS NULL;
-- A session that a tenant's provider began is good for that tenant only.
ALTER TABLE sessions ADD COLUMN sso_tenant_id TEXT REFERENCES tenants (id);
