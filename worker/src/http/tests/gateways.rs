//! A gateway with an agent, for every endpoint about one; and what agents themselves say.

use drawbridge_contract::endpoint::Info;
use drawbridge_contract::endpoints::TABLE;
use drawbridge_contract::link::SUBPROTOCOL;
use drawbridge_contract::link::proof::{Enrolling, Leaving, hex};
use drawbridge_domain::gateway::code;
use drawbridge_domain::id::{GatewayId, Id, ReplicaId, TenantId};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value as Json, json};

use super::world::World;
use crate::encoding::hashed;
use crate::new_id;
use crate::ports::{GatewayState, LinkState};
use crate::testing::{Browser, ORIGIN};

impl World {
    /// The only gateway of the tenant, in the state that the endpoint is for: its agent is online and does as it is told.
    pub(super) fn gateway(&self, tenant: &TenantId, info: &Info) -> String {
        let services = &self.harness.services;
        let (id, now) = (new_id!(services, GatewayId).unwrap(), services.now());
        let replica = new_id!(services, ReplicaId).unwrap();
        let disabled = i32::from(info.name == "EnableGateway");
        self.harness.db.query(&format!("DELETE FROM gateways WHERE tenant_id = '{tenant}'"));
        self.harness.db.query(&format!(
            "INSERT INTO gateways (tenant_id, id, name, name_key, disabled, created_by, created_at)
             VALUES ('{tenant}', '{id}', 'Berlin', 'berlin', {disabled}, 'usr_0000000001zzzzzzzzzzzzzzzz', {})",
            now.millis()
        ));
        self.harness.db.query(&format!(
            "INSERT INTO gateway_replicas (tenant_id, gateway_id, id, public_key, machine, platform, agent_version,
               created_at, linked_since, last_seen_at)
             VALUES ('{tenant}', '{id}', '{replica}', '{replica}', 'GW01', 'linux/x86_64', '2.3.0', {0}, {0}, {0})",
            now.millis()
        ));
        let link = LinkState {
            replica,
            since: now,
            heard: now,
            draining: false,
            under_way: 0,
            report: None,
            done: true,
        };
        self.harness.gateways.states.borrow_mut().insert(id.clone(), GatewayState { links: vec![link] });
        id.to_string()
    }

    /// The agent of the tenant's only gateway.
    pub(super) fn replica(&self, tenant: &TenantId) -> String {
        let sql = format!("SELECT id FROM gateway_replicas WHERE tenant_id = '{tenant}'");
        self.harness.db.query(&sql)[0]["id"].as_str().unwrap().to_owned()
    }

    /// The address of a call that may open a WebSocket, which the browser then asks for.
    pub(super) fn opening(&self, browser: &Browser, info: &Info, target: &str) -> String {
        if !info.is_socket() {
            return target.to_owned();
        }
        browser.with("upgrade", "websocket");
        if !info.by_machines {
            return target.to_owned();
        }
        browser.with("sec-websocket-protocol", SUBPROTOCOL);
        format!("{target}?gateway={}", self.gateway(&self.administrator().tenant, info))
    }

    /// What an agent sends to such an endpoint; nothing where none does.
    pub(super) fn said_by_machines(&self, endpoint: &str) -> Json {
        let Some(info) = TABLE.iter().find(|info| info.name == endpoint && info.by_machines) else {
            return json!({});
        };
        let services = &self.harness.services;
        let (gateway, now) = (self.gateway(&self.administrator().tenant, info), services.now().millis());
        let key = SigningKey::from_bytes(&services.random_bytes().unwrap());
        let public = key.verifying_key().to_bytes();
        let signed = |text: String| hex(&key.sign(text.as_bytes()).to_bytes());
        if endpoint == "JoinGateway" {
            let code = code::make(services.random_bytes().unwrap()).replace('-', "");
            self.harness.db.query(&format!(
                "INSERT INTO gateway_codes (tenant_id, gateway_id, hash, made_by, made_at)
                 SELECT tenant_id, id, '{}', created_by, {now} FROM gateways WHERE id = '{gateway}'",
                hashed(&code)
            ));
            let text = Enrolling { server: ORIGIN, code: &code, key: &public }.text();
            return json!({
                "code": code, "key": hex(&public), "signature": signed(text), "version": "2.3.0", "machine": "GW02",
                "platform": "linux/x86_64",
            });
        }
        let replica = self.replica(&self.administrator().tenant);
        let sql =
            format!("UPDATE gateway_replicas SET public_key = '{}' WHERE id = '{replica}'", hex(&public));
        self.harness.db.query(&sql);
        let (gateway, replica) = (GatewayId::parse(&gateway).unwrap(), ReplicaId::parse(&replica).unwrap());
        let text = Leaving { server: ORIGIN, gateway: &gateway, replica: &replica, at: now }.text();
        json!({ "gateway": gateway, "replica": replica, "at": now, "signature": signed(text) })
    }
}
