//! Changing gateways.

use drawbridge_contract::endpoints::{
    ChangeGatewaySettings, DisableGateway, DisconnectGateway, DrainGatewayReplica, EnableGateway,
    MakeGateway, MakeGatewayCode, ReadGateway, RemoveGatewayReplica, RotateGatewayKey,
};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::gateways::{
    ChangeGateway, CreateGateway, GatewayReplicaPath, GatewayWithCode,
};
use drawbridge_domain::gateway::commands::{System, enrol};
use drawbridge_domain::id::ReplicaId;

use super::{Machine, One, at};
use crate::fault::Fault;
use crate::http::{Answered, Extra};
use crate::session::{Session, named};

pub(super) fn add(name: String, session: &Session) -> Result<(), Fault> {
    let answered = session.client.call::<MakeGateway>(&Nothing {}, &Nothing {}, &CreateGateway { name })?;
    told(session, &answered)
}

pub(super) fn code(one: &One, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<MakeGatewayCode>(&at(session, &one.gateway)?)?;
    told(session, &answered)
}

/// Tells a gateway's new code, and what to do with it.
fn told(session: &Session, answered: &Answered<GatewayWithCode>) -> Result<(), Fault> {
    if session.out.json {
        return session.out.line(&answered.text);
    }
    let id = &answered.value.gateway.summary.id;
    session.out.line(&if session.out.quiet { id.to_string() } else { format!("Gateway: {id}") })?;
    let Some(code) = &answered.value.code else {
        // The call had been carried out before, and its answer was lost.
        return Err(Fault::Negative(format!(
            "It was made by an earlier call with the same key, and that answer had the code. To have one: drawbridge \
             gateways code {id}"
        )));
    };
    session.out.secret("One-time code, good for 10 minutes", code)?;
    let line = enrol(System::Linux, &session.client.server().to_string(), code.expose());
    session.out.note(&format!("On the machine: {line}"));
    Ok(())
}

pub(super) fn rename(called: &str, name: String, session: &Session) -> Result<(), Fault> {
    let path = at(session, called)?;
    let etag = session.client.at::<ReadGateway>(&path)?.etag;
    let extra = Extra { if_match: etag.as_deref() };
    let body = ChangeGateway { name: Some(name) };
    let answered = session.client.call_with::<ChangeGatewaySettings>(&path, &Nothing {}, &body, extra)?;
    session.done(&answered, &format!("It is called {} now.", answered.value.summary.name))
}

pub(super) fn disable(one: &One, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<DisableGateway>(&at(session, &one.gateway)?)?;
    let name = &answered.value.summary.name;
    session.done(&answered, &format!("{name} is disabled. No call goes through it."))
}

pub(super) fn enable(one: &One, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<EnableGateway>(&at(session, &one.gateway)?)?;
    let name = &answered.value.summary.name;
    session.done(&answered, &format!("{name} is enabled. Its machines come back within a minute."))
}

pub(super) fn rotate(one: &One, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<RotateGatewayKey>(&at(session, &one.gateway)?)?;
    let (rotated, asked) = (answered.value.rotated, answered.value.asked);
    session.done(&answered, &format!("{rotated} of {asked} machines have a new key."))
}

/// The place of a machine that is called by its name or its agent's id.
fn place(machine: &Machine, session: &Session) -> Result<GatewayReplicaPath, Fault> {
    let path = at(session, &machine.gateway)?;
    let replica: ReplicaId = named(&machine.machine, "machine", |_| {
        let replicas = session.client.at::<ReadGateway>(&path)?.value.replicas;
        Ok(replicas.into_iter().map(|replica| (replica.id, replica.machine)).collect())
    })?;
    Ok(GatewayReplicaPath { gateway: path.gateway, replica })
}

pub(super) fn drain(machine: &Machine, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<DrainGatewayReplica>(&place(machine, session)?)?;
    session.done(&answered, &format!("{} takes no new calls.", machine.machine))
}

pub(super) fn remove(machine: &Machine, session: &Session) -> Result<(), Fault> {
    let path = place(machine, session)?;
    session.confirm(&format!(
        "Remove the machine {} from {}? Its key is destroyed.",
        machine.machine, machine.gateway
    ))?;
    let answered = session.client.at::<RemoveGatewayReplica>(&path)?;
    session.done(&answered, &format!("{} is removed.", machine.machine))
}

pub(super) fn disconnect(one: &One, session: &Session) -> Result<(), Fault> {
    let path = at(session, &one.gateway)?;
    let gateway = session.client.at::<ReadGateway>(&path)?.value;
    let reach = match gateway.connections {
        0 => "No connection goes through it.".to_owned(),
        1 => "1 connection goes through it and becomes invalid.".to_owned(),
        more => format!("{more} connections go through it and become invalid."),
    };
    session.confirm(&format!("Disconnect the gateway {} for good? {reach}", gateway.summary.name))?;
    let answered = session.client.at::<DisconnectGateway>(&path)?;
    session.done(&answered, &format!("{} is disconnected.", gateway.summary.name))
}
