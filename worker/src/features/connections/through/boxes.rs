//! Which gateway a connection goes through, and the boxes with its credentials, as they were sent.

use std::collections::BTreeMap;

use drawbridge_contract::link::sealed::{SEALED_MOST, SealedFor};
use drawbridge_domain::connector::{AuthWay, Definition, GATEWAY, Login};
use drawbridge_domain::id::{GatewayId, Id, ReplicaId};

use crate::encoding::from_base64url;
use crate::features::connections::store::through as store;
use crate::http::failure::Faults;
use crate::http::{Failure, Scope};
use crate::services::Services;

/// The shortest box, in bytes: the encapsulated key, the seal, and the least JSON.
const LEAST: usize = 32 + 16 + 2;
/// The most boxes of a connection.
const MOST: usize = 100;

/// A gateway of the tenant.
pub(in super::super) struct Found {
    pub(in super::super) id: GatewayId,
    pub(in super::super) name: String,
}

/// The gateway that the settings name and the boxes that were sent, found good; faults are noted. `had`: there are boxes
/// already, which stay where none were sent.
pub(in super::super) async fn check(
    services: &Services,
    scope: &Scope,
    (definition, way): (&Definition, &AuthWay),
    settings: &BTreeMap<String, String>,
    sent: &[SealedFor],
    had: bool,
    faults: &mut Faults,
) -> Result<(Option<Found>, BTreeMap<ReplicaId, String>), Failure> {
    let none = BTreeMap::new();
    if definition.gateway.is_none() {
        if !sent.is_empty() {
            faults.add("sealed", "unknown_field", "This connector goes through no gateway.");
        }
        return Ok((None, none));
    }
    // What is no id was noted already, as a field that is not good.
    let Some(gateway) = settings.get(GATEWAY).and_then(|id| GatewayId::parse(id).ok()) else {
        return Ok((None, none));
    };
    let rows = store::gateway(services, scope, &gateway).await?;
    let Some(name) = rows.first().map(|row| row.name.clone()) else {
        faults.add(
            "settings.gateway",
            "unknown_value",
            "There is no such gateway. Choose one that is there.",
        );
        return Ok((None, none));
    };
    let boxes = if way.login().is_some_and(Login::is_sealed) {
        if sent.is_empty() && !had {
            faults.add(
                "sealed",
                "missing",
                "Enter the credentials: they are sealed for this gateway and target only.",
            );
        }
        if sent.len() > MOST {
            faults.add("sealed", "too_long", "Send a box for each machine of the gateway, and no more.");
        }
        read(sent, |replica| rows.iter().any(|row| row.replica.as_ref() == Some(replica)), faults)
    } else {
        if !sent.is_empty() {
            faults.add("sealed", "unknown_field", "The login is kept at the gateway: send no credentials.");
        }
        none
    };
    Ok((Some(Found { id: gateway, name }), boxes))
}

fn read(
    sent: &[SealedFor],
    is_there: impl Fn(&ReplicaId) -> bool,
    faults: &mut Faults,
) -> BTreeMap<ReplicaId, String> {
    let mut boxes = BTreeMap::new();
    for (at, one) in sent.iter().take(MOST).enumerate() {
        let path = |field: &str| format!("sealed.{at}.{field}");
        if !is_there(&one.replica) {
            faults.add(&path("replica"), "unknown_value", "The gateway has no such machine.");
        }
        let whole = one.sealed.len() <= SEALED_MOST;
        if !whole || from_base64url(&one.sealed).is_none_or(|bytes| bytes.len() < LEAST) {
            faults.add(
                &path("sealed"),
                "bad_value",
                "This is no box: base64url of encapsulated key and ciphertext.",
            );
        }
        if boxes.insert(one.replica.clone(), one.sealed.clone()).is_some() {
            faults.add(&path("replica"), "twice", "There is another box for this machine.");
        }
    }
    boxes
}
