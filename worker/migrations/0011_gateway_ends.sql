-- Since when a gateway is offline, once webhooks were told of it; nothing: they were not, or were told that it is back.
ALTER TABLE gateways ADD COLUMN offline_told INTEGER;
-- What is still to be recorded after a gateway, or a machine of one, was sent away: as a rule for seconds only. What is
-- left behind when a process breaks, or whoever asked for it goes away, upkeep records.
-- Connections that were cut off from their gateway.
CREATE TABLE gateway_cuts (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  gateway_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  name TEXT NOT NULL,
  -- Its status before.
  status TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, gateway_id, connection_id)
) WITHOUT ROWID;
-- Agents that are to erase their keys, and whether they have said that they did.
CREATE TABLE gateway_farewells (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  gateway_id TEXT NOT NULL,
  replica_id TEXT NOT NULL,
  -- Its gateway's name.
  name TEXT NOT NULL,
  machine TEXT NOT NULL,
  at INTEGER NOT NULL,
  erased INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, gateway_id, replica_id)
) WITHOUT ROWID;
