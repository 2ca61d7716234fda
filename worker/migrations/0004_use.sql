-- Using connections. A connection's keeper refreshes its token; the lease of before is gone.
ALTER TABLE connections DROP COLUMN refresh_lease_until;
CREATE INDEX connections_by_refresh ON connections (next_refresh_at) WHERE next_refresh_at IS NOT NULL;
CREATE TABLE connection_uses (
  tenant_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  last_used_at INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, connection_id),
  FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id) ON DELETE CASCADE
) WITHOUT ROWID;
-- When the audit log last had a record that somebody used a connection by their role alone.
CREATE TABLE connection_role_uses (
  tenant_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, connection_id, user_id),
  FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id) ON DELETE CASCADE
) WITHOUT ROWID;
