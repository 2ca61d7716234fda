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
