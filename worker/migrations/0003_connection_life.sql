-- The later life of connections: deletion with 30 days to come back, daily checks, links for signing in again.

ALTER TABLE connections ADD COLUMN deleted_at INTEGER;
ALTER TABLE connections ADD COLUMN deleted_by TEXT;
-- When a deleted connection is destroyed; moved on by a day while the provider does not take the grant back.
ALTER TABLE connections ADD COLUMN destroy_at INTEGER;
ALTER TABLE connections ADD COLUMN revocation_tries INTEGER NOT NULL DEFAULT 0;
-- When the system checks next, and how many checks in a row learned nothing.
ALTER TABLE connections ADD COLUMN check_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE connections ADD COLUMN doubts INTEGER NOT NULL DEFAULT 0;
-- The version of the grants, for those who save them at once.
ALTER TABLE connections ADD COLUMN grants_version INTEGER NOT NULL DEFAULT 1;
-- The last sign-in that was refused while the connection stayed as it was: JSON of when, why and as whom.
ALTER TABLE connections ADD COLUMN refused_sign_in TEXT;
CREATE INDEX connections_to_destroy ON connections (destroy_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX connections_to_check ON connections (check_at)
  WHERE deleted_at IS NULL AND status IN ('active', 'degraded', 'invalid');

-- A change of settings or credentials that takes effect with the next sign-in at the provider; sealed, since it can
-- hold secrets.
CREATE TABLE connection_changes (
  tenant_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  sealed TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, connection_id),
  FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX connection_changes_by_expiry ON connection_changes (expires_at);

-- Links for signing in again, for people without an account. Only the hash of the link's secret is kept.
CREATE TABLE reconnect_links (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX reconnect_links_by_connection ON reconnect_links (tenant_id, connection_id);
CREATE INDEX reconnect_links_by_expiry ON reconnect_links (expires_at);

-- A sign-in by such a link has no session: it is bound to the browser by a cookie, whose hash stands here.
ALTER TABLE oauth_flows ADD COLUMN link_id TEXT;
ALTER TABLE oauth_flows ADD COLUMN browser_hash TEXT;
-- Whether another identity at the provider than before is accepted, and whether the waiting change takes effect.
ALTER TABLE oauth_flows ADD COLUMN accept_other INTEGER NOT NULL DEFAULT 0;
ALTER TABLE oauth_flows ADD COLUMN with_change INTEGER NOT NULL DEFAULT 0;

-- What was given to somebody who is no more is given to nobody.
CREATE TRIGGER groups_leave_their_grants AFTER DELETE ON groups
BEGIN DELETE FROM connection_grants
  WHERE tenant_id = OLD.tenant_id AND principal_type = 'group' AND principal_id = OLD.id; END;
CREATE TRIGGER users_leave_their_grants AFTER DELETE ON users
BEGIN DELETE FROM connection_grants
  WHERE tenant_id = OLD.tenant_id AND principal_type = 'user' AND principal_id = OLD.id; END;
