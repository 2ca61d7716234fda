//! An agent joins with a one-time code and the key that it has made.

use drawbridge_contract::endpoints::JoinGateway;
use drawbridge_contract::link::enrolment::Enrolled;
use drawbridge_contract::link::proof::{Enrolling, unhex};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::gateway::code::{CodeState, normalise};
use drawbridge_domain::gateway::{MACHINE_MAX, REPLICAS_MOST, Version, VersionState};
use drawbridge_domain::id::{GatewayEventId, Id, ReplicaId};
use drawbridge_domain::text::is_invisible;
use drawbridge_domain::time::Timestamp;
use serde_json::json;

use super::{signed, store};
use crate::encoding::hashed;
use crate::features::audit::{self, Actor, ChainEnd, Context, Record};
use crate::features::sessions::throttle::Throttle;
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply};
use crate::new_id;
use crate::ports::DbError;

/// The longest name of a platform, in characters.
const PLATFORM_MAX: usize = 64;

pub(super) async fn handle(call: Call<JoinGateway, ()>) -> Result<Reply<Enrolled>, Failure> {
    let (services, body) = (&call.services, &call.body);
    let mut faults = Faults::default();
    let key: Option<[u8; 32]> = unhex(&body.key);
    let signature: Option<[u8; 64]> = unhex(&body.signature);
    let version = Version::parse(&body.version);
    let machine = plain(&body.machine, MACHINE_MAX);
    let platform = plain(&body.platform, PLATFORM_MAX);
    let mut check = |path, good: bool| {
        if !good {
            faults.add(path, "bad_value", "This value is not possible here.");
        }
    };
    check("key", key.is_some());
    check("signature", signature.is_some());
    check("version", version.is_some());
    check("machine", machine.is_some());
    check("platform", platform.is_some());
    faults.check()?;
    let (Some(key), Some(signature), Some(version)) = (key, signature, version) else {
        return Err(Failure::internal("a fault that is none"));
    };
    let (machine, platform) = (machine.unwrap_or_default(), platform.unwrap_or_default());

    // Each address for itself: a brake for all of them would let anybody keep everybody from joining, and nobody guesses
    // one of 2^60 codes within ten minutes.
    let throttle = Throttle::new(&format!("gateway code from {}", call.facts.address), &call.facts.address);
    let tried = throttle.count(services).await?;
    let unknown = || {
        let words = "There is no such code. Look whether it is typed right, or make a new one on the page Settings → Gateways.";
        Failure::new(ProblemCode::NotFound, words)
    };
    let code = normalise(&body.code).ok_or_else(unknown)?;
    let hash = hashed(&code);
    let known = store::code(services, &hash).await?.ok_or_else(unknown)?;
    let now = services.now();
    let state = CodeState::of(Timestamp::from_millis(known.made_at), known.used_at.is_some(), now);
    if let Some(words) = state.refusal() {
        return Err(Failure::new(ProblemCode::Conflict, words));
    }
    let text = Enrolling { server: &call.facts.origin, code: &code, key: &key }.text();
    if !signed::verified(services, Some(key), &text, &signature).await {
        let words = format!(
            "The signature is not right. It is made over the address of the server, which is {}: enrol with exactly that.",
            call.facts.origin
        );
        return Err(Failure::field("signature", "wrong", words));
    }
    if version.state() == VersionState::Unsupported {
        return Err(Failure::new(ProblemCode::Conflict, VersionState::Unsupported.remedy()));
    }
    if usize::try_from(known.replicas).is_ok_and(|replicas| replicas >= REPLICAS_MOST) {
        return Err(full());
    }
    let replica = new_id!(services, ReplicaId)?;
    let event = new_id!(services, GatewayEventId)?;
    let (key, version) = (body.key.as_str(), version.to_string());
    let joining = store::Joining {
        tenant: &known.tenant_id,
        gateway: &known.gateway_id,
        replica: &replica,
        hash: &hash,
        key,
        machine: &machine,
        platform: &platform,
        version: &version,
    };
    let mut changes = store::join(&joining, &event, now);
    changes.push(store::forget_events(&known.tenant_id, &known.gateway_id));
    changes.extend(tried.forgive());
    let context = Context {
        tenant: &known.tenant_id,
        actor: Actor::system(),
        facts: Some(&call.facts),
        end: ChainEnd::unread(),
    };
    let record = Record::done("gateway.replica_joined", "gateway", known.gateway_id.as_str(), &known.gateway)
        .with_changes(json!({
            "replica": { "after": replica.as_str() },
            "machine": { "after": machine },
            "agentVersion": { "after": version },
        }));
    match audit::commit(services, context, changes, &[record]).await {
        // Somebody else used it at the same moment, or took the last place.
        Err(DbError::Guard) => return Err(used(&hash, &call).await),
        result => result?,
    };
    Ok(Reply::new(Enrolled { gateway: known.gateway_id, replica, name: known.gateway, tenant: known.tenant }))
}

async fn used(hash: &str, call: &Call<JoinGateway, ()>) -> Failure {
    match store::code(&call.services, hash).await {
        Ok(Some(row)) if row.used_at.is_none() => full(),
        _ => Failure::new(ProblemCode::Conflict, CodeState::Used.refusal().unwrap_or_default()),
    }
}

fn full() -> Failure {
    Failure::new(
        ProblemCode::Conflict,
        format!("A gateway has at most {REPLICAS_MOST} machines. Remove one, or add another gateway."),
    )
}

/// A name that a machine says of itself: without what nobody sees, of that many characters at most.
pub(super) fn plain(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    let good = !text.is_empty() && text.chars().count() <= most && !text.chars().any(is_invisible);
    good.then(|| text.to_owned())
}
