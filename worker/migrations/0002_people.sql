-- Users and groups as administrators see them: in the order of their names, searched by them.
ALTER TABLE users ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
UPDATE users SET name_key = lower(first_name || ' ' || last_name);
CREATE INDEX users_by_name ON users (tenant_id, name_key, id);
CREATE INDEX users_by_created ON users (tenant_id, created_at, id);
ALTER TABLE groups ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
UPDATE groups SET name_key = lower(name);
CREATE INDEX groups_by_name ON groups (tenant_id, name_key, id);
CREATE UNIQUE INDEX groups_by_unique_name ON groups (tenant_id, name_key) WHERE name_key <> '';

-- The way in for a user who has not come yet. A new link takes the place of the one before it; only its hash is kept.
CREATE TABLE invitations (
  tenant_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, user_id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_by_tenant ON sessions (tenant_id, account_id);

-- A tenant always keeps an active Global administrator: the number of those left after a change.
CREATE VIEW must_keep_one AS SELECT 0 AS kept WHERE 0;
CREATE TRIGGER must_keep_one_left INSTEAD OF INSERT ON must_keep_one WHEN NEW.kept < 1
BEGIN SELECT RAISE(ABORT, 'guard: none left'); END;
