-- Webhooks: where a tenant wants to be told of events.
CREATE TABLE webhooks (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  events TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  -- '' while enabled; else switchedOff, failing or gone.
  disabled_because TEXT NOT NULL,
  failing_since INTEGER,
  -- Until when the scheduled run leaves an endpoint alone that just failed.
  quiet_until INTEGER,
  sealed_secret TEXT NOT NULL,
  -- The secret before the present one, while both sign.
  sealed_previous TEXT,
  previous_until INTEGER,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
-- What is to be sent and what was. The first delivery of a message gives it its id; a redelivery has an id of its own.
CREATE TABLE webhook_deliveries (
  tenant_id TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  event TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  -- When the next attempt is due; nothing: there is none.
  next_at INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, webhook_id, id),
  FOREIGN KEY (tenant_id, webhook_id) REFERENCES webhooks (tenant_id, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX webhook_deliveries_by_due ON webhook_deliveries (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (tenant_id, webhook_id, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at);
CREATE TABLE webhook_attempts (
  tenant_id TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  delivery_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  millis INTEGER NOT NULL,
  -- What was answered; nothing and a fault: no answer came.
  status INTEGER,
  fault TEXT,
  answer TEXT NOT NULL,
  PRIMARY KEY (tenant_id, webhook_id, delivery_id, number),
  FOREIGN KEY (tenant_id, webhook_id, delivery_id)
    REFERENCES webhook_deliveries (tenant_id, webhook_id, id) ON DELETE CASCADE
) WITHOUT ROWID;
