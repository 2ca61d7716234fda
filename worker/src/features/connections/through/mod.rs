//! Calls through a gateway: the way there, what is asked, and what it means when nothing comes back.

pub(super) mod boxes;
pub(super) mod failure;
pub(super) mod http;
pub(super) mod sql;

use std::collections::BTreeMap;

use drawbridge_contract::link::messages::{Call, CallKind, Failure, HttpRequest};
use drawbridge_domain::connector::{AuthWay, GATEWAY, Login, TARGET, Values};
use drawbridge_domain::id::{ConnectionId, GatewayId, Id, ReplicaId};
use drawbridge_domain::text::is_invisible;

use super::secrets::Bundle;
use crate::http::Scope;
use crate::ports::{Asked, GatewayAway, GatewayCall, GatewayFailure, OutwardBody};
use crate::services::Services;

/// In whose name and for which connection a call is made; agents log both.
#[derive(Clone, Copy)]
pub(super) struct On<'a> {
    pub(super) scope: &'a Scope,
    pub(super) connection: &'a ConnectionId,
}

/// Where a connection's calls go.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) gateway: GatewayId,
    pub(super) target: String,
    /// Whether the connection brings the credentials.
    sealed: bool,
    boxes: BTreeMap<ReplicaId, String>,
}

/// What is asked of an agent.
pub(super) struct Question {
    pub(super) kind: CallKind,
    pub(super) http: Option<HttpRequest>,
    pub(super) body: OutwardBody,
    /// Whether it may be made again when its link breaks.
    pub(super) safe: bool,
    /// How long until the answer is whole, in milliseconds.
    pub(super) deadline: u32,
}

impl Route {
    /// Where the settings lead; `None` where they lead through no gateway.
    pub(super) fn of(way: &AuthWay, values: &Values, bundle: &Bundle) -> Option<Self> {
        let login = way.login()?;
        Some(Self {
            gateway: GatewayId::parse(values.get(GATEWAY)?).ok()?,
            target: values.get(TARGET)?.clone(),
            sealed: Login::is_sealed(login),
            boxes: bundle.boxes.clone(),
        })
    }

    /// The replicas that have a box.
    pub(super) fn has_box(&self, replica: &ReplicaId) -> bool {
        self.boxes.contains_key(replica)
    }

    /// Asks, and waits for the beginning of the answer.
    pub(super) async fn ask(&self, services: &Services, on: On<'_>, question: Question) -> Asked {
        if self.sealed && self.boxes.is_empty() {
            return Err(GatewayFailure::Away(GatewayAway::NoBox));
        }
        let head = Call {
            request: on.scope.facts().id.clone(),
            connection: on.connection.clone(),
            target: self.target.clone(),
            deadline: question.deadline,
            kind: question.kind,
            http: question.http,
            credentials: None,
        };
        let call = GatewayCall { head, body: question.body, safe: question.safe, boxes: self.boxes.clone() };
        services.gateways.call(&self.gateway, call).await.map_err(bounded)
    }
}

/// The most characters of what an agent says about a failure.
const WORDS_MOST: usize = 300;

/// A failure with the agent's words on one line and bounded: they are kept, and shown to people.
fn bounded(failure: GatewayFailure) -> GatewayFailure {
    match failure {
        GatewayFailure::Failed(failure) => {
            let plain = |letter: char| if is_invisible(letter) { ' ' } else { letter };
            let detail = failure.detail.chars().take(WORDS_MOST).map(plain).collect();
            GatewayFailure::Failed(Failure { detail, ..failure })
        }
        other => other,
    }
}
