-- The filters of the audit log, each an index range.
CREATE INDEX audit_by_actor ON audit (tenant_id, actor_id, seq);
CREATE INDEX audit_by_action ON audit (tenant_id, action, seq);
CREATE INDEX audit_by_object ON audit (tenant_id, object_id, seq);
CREATE INDEX audit_by_time ON audit (tenant_id, at, seq);
