//! A gateway with an agent, for every endpoint about one.

use drawbridge_contract::endpoint::Info;
use drawbridge_domain::id::{GatewayId, ReplicaId, TenantId};

use super::world::World;
use crate::new_id;
use crate::ports::{GatewayState, LinkState};

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
}
