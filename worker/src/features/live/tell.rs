//! From what the audit log records to what the feed is told.

use drawbridge_contract::types::live::Topic;
use drawbridge_domain::id::{ConnectionId, GatewayId, Id, TenantId, UserId, WebhookId};
use serde_json::json;

use super::audience::audience;
use super::notice::{Audience, Notice};
use super::store;
use crate::features::audit::Record;
use crate::ports::{DbError, Rows, Statement};
use crate::services::Services;

/// What ends or moves sessions of the one who acts, in whatever tenant they are.
const OF_SESSIONS: [&str; 4] =
    ["session.ended", "session.switched", "password.changed", "invitation.accepted"];
/// How often a feed is told that cannot be told.
const TRIES: usize = 3;
/// What may take from somebody what a group or their place gave them.
const OF_MANY_CONNECTIONS: [&str; 2] = ["group.deleted", "user.removed"];
/// What changes who a user is.
const OF_A_USER: [&str; 5] =
    ["user.suspended", "user.reactivated", "user.removed", "user.changed", "identity.disconnected"];
/// What may end sessions of many, whoever they are.
const OF_MANY_SESSIONS: [&str; 3] = ["sso.changed", "sso.disabled", "sso.deleted"];

/// The kinds of objects that the audit log knows, each with the topic that tells of it; those without one are on no
/// page that others could change under its reader.
pub(crate) const KINDS: [(&str, Option<Topic>); 11] = [
    ("connection", Some(Topic::Connections)),
    ("oauth_client", Some(Topic::OauthClients)),
    ("user", Some(Topic::Users)),
    ("group", Some(Topic::Groups)),
    ("tenant", Some(Topic::Tenant)),
    ("webhook", Some(Topic::Webhooks)),
    ("app", Some(Topic::Apps)),
    ("token", Some(Topic::Tokens)),
    ("gateway", Some(Topic::Gateways)),
    // A list of one's own.
    ("session", None),
    // A form of one page: who saves over another's change is told so.
    ("sso", None),
];

/// Tells of a commit: it looks before and after at who can see what is changed, and when all is written it speaks.
pub(crate) struct Teller<'a> {
    tenant: &'a TenantId,
    actor: &'a str,
    records: &'a [Record],
}

impl<'a> Teller<'a> {
    pub(crate) fn new(tenant: &'a TenantId, actor: &'a str, records: &'a [Record]) -> Self {
        Self { tenant, actor, records }
    }

    fn connections(&self) -> impl Iterator<Item = &'a Record> {
        self.records.iter().filter(|record| record.object_type == "connection")
    }

    fn moves_sessions(&self) -> bool {
        self.records.iter().any(|record| OF_SESSIONS.contains(&record.action))
    }

    /// The statements that look; the same before the changes and after them.
    pub(crate) fn look(&self) -> Vec<Statement> {
        let mut looks: Vec<_> =
            self.connections().map(|record| store::given(self.tenant, &record.object_id)).collect();
        if self.moves_sessions() {
            looks.push(store::everywhere(self.tenant, self.actor));
        }
        looks
    }

    /// Tells of it, with what the looks before and after it found. Nobody waits for it, and no failure of it
    /// undoes what is done.
    pub(crate) fn speak(&self, services: &Services, before: Vec<Rows>, after: Vec<Rows>) {
        let notices = match self.notices(before, after) {
            Ok(notices) => notices,
            Err(error) => return failed(services, &error.to_string()),
        };
        let services = services.clone();
        let background = std::rc::Rc::clone(&services.background);
        background.spawn(Box::pin(async move {
            for (tenant, notice) in notices {
                send(&services, &tenant, &notice).await;
            }
        }));
    }

    /// The notices, each for the feed of a tenant.
    fn notices(&self, before: Vec<Rows>, mut after: Vec<Rows>) -> Result<Vec<(TenantId, Notice)>, DbError> {
        let mut notices = Vec::new();
        if self.moves_sessions() {
            let memberships: Vec<store::Membership> = after.pop().unwrap_or_default().all()?;
            notices.extend(memberships.into_iter().map(|member| {
                let mut notice = Notice::default();
                notice.ask_again(member.id);
                (member.tenant_id, notice)
            }));
        }
        let found = before.into_iter().zip(after).map(|(before, after)| audience([before, after]));
        notices.push((self.tenant.clone(), self.notice(found)?));
        Ok(notices)
    }

    fn notice(
        &self,
        mut audiences: impl Iterator<Item = Result<Option<Audience>, DbError>>,
    ) -> Result<Notice, DbError> {
        let mut notice = Notice::default();
        notice.add(Topic::Audit, None, Audience::of(Topic::Audit));
        for record in self.records {
            let id = record.object_id.as_str();
            if OF_MANY_SESSIONS.contains(&record.action) {
                notice.all_ask_again();
            }
            if ["app", "token"].contains(&record.object_type) {
                notice.ask_again_with(id);
            }
            let known = KINDS.iter().find(|(kind, _)| *kind == record.object_type);
            let Some(topic) = known.and_then(|(_, topic)| *topic) else { continue };
            if topic == Topic::Connections {
                match audiences.next().transpose()?.flatten() {
                    Some(audience) => notice.add(topic, Some(id), audience),
                    // So many that they are not told which.
                    None => notice.add(topic, None, Audience::of(topic)),
                }
                continue;
            }
            if topic == Topic::Tokens {
                let owner = record.changes.pointer("/owner/id").and_then(|id| id.as_str());
                let owner = owner.map(str::to_owned).into_iter().collect();
                notice.add(topic, Some(id), Audience::only(topic, owner));
                continue;
            }
            // An attempt to sign in changes nobody.
            if record.action.starts_with("session.") {
                continue;
            }
            notice.add(topic, Some(id), Audience::of(topic));
            Self::consequences(&mut notice, record);
        }
        Ok(notice)
    }

    /// What changes for people beside the object itself.
    fn consequences(notice: &mut Notice, record: &Record) {
        if OF_MANY_CONNECTIONS.contains(&record.action) {
            notice.add(Topic::Connections, None, Audience::of(Topic::Connections));
        }
        // How a token stands goes by its user and the tenant's rules, which say too what is kept of secrets.
        let rules = ["showSecretsOnce", "maxTokenDays"].iter().any(|rule| record.changes.get(rule).is_some());
        if OF_A_USER.contains(&record.action) || rules {
            notice.add(Topic::Tokens, None, Audience::of(Topic::Tokens));
        }
        if rules {
            notice.add(Topic::Apps, None, Audience::of(Topic::Apps));
        }
        if let Some(member) = record.changes.pointer("/member/id").and_then(|id| id.as_str()) {
            let to = Audience::only(Topic::Connections, vec![member.to_owned()]);
            notice.add(Topic::Connections, None, to);
            notice.add(Topic::Users, Some(member), Audience::of(Topic::Users));
        }
        if OF_A_USER.contains(&record.action)
            && let Ok(user) = UserId::parse(&record.object_id)
        {
            notice.ask_again(user);
        }
    }
}

/// Tells that a connection changed by something that the audit log does not record.
pub(crate) fn connection_changed(services: &Services, tenant: &TenantId, connection: &ConnectionId) {
    let look = store::given(tenant, connection.as_str());
    let (tenant, id, services) = (tenant.clone(), connection.clone(), services.clone());
    let background = std::rc::Rc::clone(&services.background);
    background.spawn(Box::pin(async move {
        let found = services.db.batch(vec![look]).await.and_then(audience);
        let mut notice = Notice::default();
        match found {
            Ok(Some(to)) => notice.add(Topic::Connections, Some(id.as_str()), to),
            Ok(None) => notice.add(Topic::Connections, None, Audience::of(Topic::Connections)),
            Err(error) => return failed(&services, &error.to_string()),
        }
        send(&services, &tenant, &notice).await;
    }));
}

/// Tells that something was sent to a webhook, or that it failed.
pub(crate) fn webhook_changed(services: &Services, tenant: &TenantId, webhook: &WebhookId) {
    changed(services, tenant, Topic::Webhooks, webhook.as_str());
}

/// Tells that a gateway's link or targets changed.
pub(crate) fn gateway_changed(services: &Services, tenant: &TenantId, gateway: &GatewayId) {
    changed(services, tenant, Topic::Gateways, gateway.as_str());
}

/// Tells all who may read about something that it changed.
fn changed(services: &Services, tenant: &TenantId, topic: Topic, id: &str) {
    let mut notice = Notice::default();
    notice.add(topic, Some(id), Audience::of(topic));
    let (tenant, services) = (tenant.clone(), services.clone());
    let background = std::rc::Rc::clone(&services.background);
    background.spawn(Box::pin(async move { send(&services, &tenant, &notice).await }));
}

/// Tells a feed; what is told twice does no harm.
pub(super) async fn send(services: &Services, tenant: &TenantId, notice: &Notice) {
    if notice.is_empty() {
        return;
    }
    let Ok(text) = serde_json::to_string(notice) else {
        return failed(services, "a notice that is none");
    };
    for _ in 0..TRIES {
        match services.feeds.tell(tenant, text.clone()).await {
            Ok(()) => return,
            Err(cause) => failed(services, &cause),
        }
    }
}

/// Who is not told sees it when the page is read the next time.
fn failed(services: &Services, cause: &str) {
    let line = json!({ "event": "live", "level": "error", "cause": cause });
    services.log.line(&line.to_string());
}
