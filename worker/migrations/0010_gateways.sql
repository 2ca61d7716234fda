-- Gateways: agents on the premises, through which connections reach what stands there.
CREATE TABLE gateways (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  -- The name in small letters, for the order and the search.
  name_key TEXT NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  -- What its replicas say of themselves, kept by the triggers below: how many there are, how many of them are linked,
  -- how many targets these do not reach, and when one was last there.
  replicas INTEGER NOT NULL DEFAULT 0,
  linked INTEGER NOT NULL DEFAULT 0,
  failing INTEGER NOT NULL DEFAULT 0,
  last_seen_at INTEGER,
  -- The same as domain::gateway::GatewayStatus::of, so that lists can be narrowed by it; a test holds them together.
  status TEXT NOT NULL GENERATED ALWAYS AS (
    CASE
      WHEN disabled <> 0 THEN 'disabled'
      WHEN replicas = 0 THEN 'awaitingSetup'
      WHEN linked = 0 THEN 'offline'
      WHEN linked < replicas OR failing > 0 THEN 'degraded'
      ELSE 'online'
    END
  ) VIRTUAL,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX gateways_by_name ON gateways (tenant_id, name_key, id);
CREATE INDEX gateways_by_time ON gateways (tenant_id, created_at, id);
CREATE INDEX gateways_by_status_and_name ON gateways (tenant_id, status, name_key, id);
CREATE INDEX gateways_by_status_and_time ON gateways (tenant_id, status, created_at, id);
-- The agents of a gateway, each with its key on one machine.
CREATE TABLE gateway_replicas (
  tenant_id TEXT NOT NULL,
  gateway_id TEXT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  -- Ed25519, 64 hexadecimal digits; what its link is proved with.
  public_key TEXT NOT NULL,
  -- X25519, 64 hexadecimal digits; what credentials are sealed to. Nothing: it has not told one.
  sealing_key TEXT,
  machine TEXT NOT NULL,
  platform TEXT NOT NULL,
  agent_version TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- Since when its link stands; nothing: it does not.
  linked_since INTEGER,
  -- It takes no new calls.
  draining INTEGER NOT NULL DEFAULT 0,
  -- Written when a link comes or goes, and at most once a minute.
  last_seen_at INTEGER,
  -- What it reported last (contract::link::messages::Report): targets as a JSON array of name, kind, state and reason;
  -- how many of them fail; the link's round trip in milliseconds; counts since the agent started.
  targets TEXT NOT NULL DEFAULT '[]',
  failing INTEGER NOT NULL DEFAULT 0,
  round_trip INTEGER,
  calls INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  bytes_in INTEGER NOT NULL DEFAULT 0,
  bytes_out INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, gateway_id, id),
  FOREIGN KEY (tenant_id, gateway_id) REFERENCES gateways (tenant_id, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE TRIGGER gateway_replicas_tell_what_comes AFTER INSERT ON gateway_replicas
BEGIN
  UPDATE gateways SET replicas = replicas + 1
    WHERE tenant_id = NEW.tenant_id AND id = NEW.gateway_id;
END;
CREATE TRIGGER gateway_replicas_tell_what_changes
AFTER UPDATE OF linked_since, failing, last_seen_at ON gateway_replicas
BEGIN
  UPDATE gateways SET (linked, failing, last_seen_at) = (
    SELECT COUNT(r.linked_since), COALESCE(SUM(CASE WHEN r.linked_since IS NULL THEN 0 ELSE r.failing END), 0),
      MAX(r.last_seen_at)
    FROM gateway_replicas r WHERE r.tenant_id = NEW.tenant_id AND r.gateway_id = NEW.gateway_id)
    WHERE tenant_id = NEW.tenant_id AND id = NEW.gateway_id;
END;
CREATE TRIGGER gateway_replicas_tell_what_goes AFTER DELETE ON gateway_replicas
BEGIN
  UPDATE gateways SET (replicas, linked, failing) = (
    SELECT COUNT(*), COUNT(r.linked_since),
      COALESCE(SUM(CASE WHEN r.linked_since IS NULL THEN 0 ELSE r.failing END), 0)
    FROM gateway_replicas r WHERE r.tenant_id = OLD.tenant_id AND r.gateway_id = OLD.gateway_id)
    WHERE tenant_id = OLD.tenant_id AND id = OLD.gateway_id;
END;
-- One-time codes by which agents join: good for ten minutes and once. Of a code only the hash of its normal form is kept.
CREATE TABLE gateway_codes (
  tenant_id TEXT NOT NULL,
  gateway_id TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (tenant_id, gateway_id, hash),
  FOREIGN KEY (tenant_id, gateway_id) REFERENCES gateways (tenant_id, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX gateway_codes_by_age ON gateway_codes (made_at);
-- What happened to a gateway's links and targets lately (domain::gateway::GatewayEvent); the newest hundred are kept.
-- Acts of people are in the audit log.
CREATE TABLE gateway_events (
  tenant_id TEXT NOT NULL,
  gateway_id TEXT NOT NULL,
  -- Rises with time: the order.
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  replica_id TEXT,
  machine TEXT NOT NULL,
  -- The target that it is about; empty: it is about the link.
  target TEXT NOT NULL DEFAULT '',
  -- Why, as a word of the closed list that belongs to the kind; empty: nothing is to be said.
  reason TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, gateway_id, id),
  FOREIGN KEY (tenant_id, gateway_id) REFERENCES gateways (tenant_id, id) ON DELETE CASCADE
) WITHOUT ROWID;

-- Connections through gateways: which one a connection goes through stands in its settings.
ALTER TABLE connections ADD COLUMN gateway_id TEXT GENERATED ALWAYS AS (json_extract(settings, '$.gateway')) VIRTUAL;
CREATE INDEX connections_by_gateway ON connections (tenant_id, gateway_id, name_key, id) WHERE gateway_id IS NOT NULL;
