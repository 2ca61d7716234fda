-- Audit records written at the same moment as others get their hashes right afterwards: a record without one may be
-- given it, once, and nothing else of it changes.
DROP TRIGGER audit_is_not_changed;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
WHEN OLD.hash <> '' OR OLD.previous_hash <> '' OR NEW.hash = ''
  OR (NEW.tenant_id, NEW.seq, NEW.at, NEW.actor_type, NEW.actor_id, NEW.actor_name, NEW.action, NEW.object_type,
      NEW.object_id, NEW.object_name, NEW.outcome, NEW.address, NEW.country, NEW.user_agent, NEW.request_id,
      NEW.changes)
  IS NOT (OLD.tenant_id, OLD.seq, OLD.at, OLD.actor_type, OLD.actor_id, OLD.actor_name, OLD.action, OLD.object_type,
      OLD.object_id, OLD.object_name, OLD.outcome, OLD.address, OLD.country, OLD.user_agent, OLD.request_id,
      OLD.changes)
BEGIN SELECT RAISE(ABORT, 'audit records are not changed'); END;
CREATE INDEX tenants_unsealed ON tenants (id) WHERE audit_hash = '' AND audit_seq > 0;

-- How many users of each state a tenant has: the list shows it on every page, and would count all of them each time.
CREATE TABLE user_counts (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  state TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, state)
) WITHOUT ROWID;
INSERT INTO user_counts (tenant_id, state, number) SELECT tenant_id, state, COUNT(*) FROM users GROUP BY tenant_id, state;
CREATE TRIGGER users_count_who_comes AFTER INSERT ON users
BEGIN
  INSERT INTO user_counts (tenant_id, state, number) SELECT NEW.tenant_id, NEW.state, 0
    WHERE NOT EXISTS (SELECT 1 FROM user_counts WHERE tenant_id = NEW.tenant_id AND state = NEW.state);
  UPDATE user_counts SET number = number + 1 WHERE tenant_id = NEW.tenant_id AND state = NEW.state;
END;
CREATE TRIGGER users_count_who_goes AFTER DELETE ON users
BEGIN
  UPDATE user_counts SET number = number - 1 WHERE tenant_id = OLD.tenant_id AND state = OLD.state;
END;
CREATE TRIGGER users_count_who_changes AFTER UPDATE OF state ON users WHEN NEW.state <> OLD.state
BEGIN
  UPDATE user_counts SET number = number - 1 WHERE tenant_id = OLD.tenant_id AND state = OLD.state;
  INSERT INTO user_counts (tenant_id, state, number) SELECT NEW.tenant_id, NEW.state, 0
    WHERE NOT EXISTS (SELECT 1 FROM user_counts WHERE tenant_id = NEW.tenant_id AND state = NEW.state);
  UPDATE user_counts SET number = number + 1 WHERE tenant_id = NEW.tenant_id AND state = NEW.state;
END;

-- What was refused is rare among what was done.
CREATE INDEX audit_refused ON audit (tenant_id, seq) WHERE outcome = 'refused';

-- How many members a group has, for the same reason.
ALTER TABLE groups ADD COLUMN member_count INTEGER NOT NULL DEFAULT 0;
UPDATE groups SET member_count = (SELECT COUNT(*) FROM group_members m WHERE m.tenant_id = groups.tenant_id AND m.group_id = groups.id);
CREATE TRIGGER groups_count_who_comes AFTER INSERT ON group_members
BEGIN
  UPDATE groups SET member_count = member_count + 1 WHERE tenant_id = NEW.tenant_id AND id = NEW.group_id;
END;
CREATE TRIGGER groups_count_who_goes AFTER DELETE ON group_members
BEGIN
  UPDATE groups SET member_count = member_count - 1 WHERE tenant_id = OLD.tenant_id AND id = OLD.group_id;
END;
