//! Reconnect links: somebody without an account signs one connection in again. 30 minutes, once, bound to the browser
//! that started it; the identity at the provider stays pinned.

use drawbridge_contract::endpoints::{MakeReconnectLink, ReadReconnectLink, StartReconnect};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connections::Authorization;
use drawbridge_contract::types::life::{ReconnectLink, ReconnectRequest};
use drawbridge_domain::access::{ConnectionAction, ConnectionRefusal, check_reconnect};
use drawbridge_domain::connection::Status;
use drawbridge_domain::id::{ConnectionId, Id, ReconnectLinkId};
use drawbridge_domain::life::RECONNECT_LINK_LIFE;
use drawbridge_domain::oauth::FLOW_LIFE;
use drawbridge_domain::time::{SECOND, Timestamp};
use serde_json::json;

use super::authorize::{Start, begin};
use super::callback::described;
use super::record::Row;
use super::store::LinkRow;
use super::{read, settle, store};
use crate::encoding::hashed;
use crate::features::audit::{self, Actor};
use crate::features::sessions::throttle::Throttle;
use crate::http::{Call, Facts, Failure, Reply, Scope, cookies};
use crate::new_id;
use crate::services::Services;

/// Makes a link.
pub(super) async fn make(call: Call<MakeReconnectLink, Scope>) -> Result<Reply<ReconnectLink>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let row = read::find(services, scope, &call.params.connection).await?;
    let summary = row.summary.summary(scope)?;
    check_reconnect(summary.level, summary.state.status, summary.interactive).map_err(settle::refused)?;
    if summary.state.status == Status::Pending {
        return Err(settle::refused(ConnectionRefusal::StillPending));
    }
    let secret = services.new_secret()?;
    let id = new_id!(services, ReconnectLinkId)?;
    let now = services.now();
    let expires = now.plus(RECONNECT_LINK_LIFE);
    let changes = store::add_link(scope, &summary.id, &id, &hashed(&secret), now, expires);
    let told = json!({ "expiresAt": { "after": expires } }).as_object().cloned().unwrap_or_default();
    let record = settle::record(scope, &row, "connection.reconnect_link_created", told);
    audit::commit(services, scope, changes, &[record]).await?;
    // After the hash: what stands there is sent to no server when the page is opened.
    let url = format!("{}/reconnect#{secret}", call.facts.origin);
    Ok(Reply::new(ReconnectLink { url, expires_at: expires }))
}

/// What a link is for.
pub(super) async fn show(call: Call<ReadReconnectLink, ()>) -> Result<Reply<ReconnectRequest>, Failure> {
    let services = &call.services;
    let link = find(services, &call.facts, &call.params.secret).await?;
    let (tenant_name, expires) = (link.tenant.tenant_name.clone(), link.expires_at);
    let (id, asked_by) = (link.connection_id.clone(), asker(&link));
    let scope = scope(link, &call.facts);
    let row = connection(services, &scope, &id).await?;
    let summary = row.summary.summary(&scope)?;
    Ok(Reply::new(ReconnectRequest {
        connection_name: summary.name,
        connector: summary.connector,
        tenant_name,
        asked_by,
        sign_in_as: row.connected_as()?.as_ref().map(described),
        expires_at: Timestamp::from_millis(expires),
    }))
}

/// Starts a link's sign-in in this browser.
pub(super) async fn start(call: Call<StartReconnect, ()>) -> Result<Reply<Authorization>, Failure> {
    let services = &call.services;
    let link = find(services, &call.facts, &call.params.secret).await?;
    let (id, connection) = (link.id.as_str().to_owned(), link.connection_id.clone());
    let scope = scope(link, &call.facts);
    let row = self::connection(services, &scope, &connection).await?;
    settle::allow(&scope, &row, ConnectionAction::Authorize)?;
    let browser = services.new_secret()?;
    let start = Start {
        session: None,
        link: Some((&id, &hashed(&browser))),
        in_page: true,
        accept_other: false,
        with_change: false,
        guards: vec![store::starts_are_few(&scope, &connection, &id)],
    };
    let begun = begin(services, &scope, &call.facts, row, start).await.map_err(|failure| {
        if failure.code == ProblemCode::QuotaExceeded {
            Failure::too_many(RECONNECT_LINK_LIFE)
        } else {
            failure
        }
    })?;
    let cookie = cookies::set_reconnect(&browser, FLOW_LIFE / SECOND);
    Ok(Reply::new(begun).with_cookie(cookie))
}

/// The link with this secret. Guesses are counted, and wait.
async fn find(services: &Services, facts: &Facts, secret: &str) -> Result<LinkRow, Failure> {
    let hash = hashed(secret);
    if let Some(link) = store::find_link(services, &hash).await? {
        return Ok(link);
    }
    Throttle::new(&format!("reconnect:{hash}"), &facts.address).count(services).await?;
    Err(over())
}

/// The link's connection; one that was deleted ends the link.
async fn connection(services: &Services, scope: &Scope, id: &ConnectionId) -> Result<Row, Failure> {
    read::find(services, scope, id)
        .await
        .map_err(|failure| if failure.code == ProblemCode::NotFound { over() } else { failure })
}

fn over() -> Failure {
    Failure::new(
        ProblemCode::NotFound,
        "This link is not good any more: it was used, it is older than 30 minutes, or a newer one was made. Ask the person who sent it for a new one.",
    )
}

fn asker(link: &LinkRow) -> String {
    link.asked_by.clone().unwrap_or_else(|| "Somebody who has left".to_owned())
}

/// The scope of a link's holder: the system acts for the person who made the link.
pub(super) fn scope(link: LinkRow, facts: &Facts) -> Scope {
    let name = format!("Reconnect link of {}", asker(&link));
    let actor = Actor { kind: "system", id: link.id.as_str().to_owned(), name };
    Scope::of_system(link.tenant, actor, facts.clone())
}
