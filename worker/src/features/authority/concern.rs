//! Whom a change concerns: the shards that may know the apps and tokens, and what they are told.

use std::collections::{BTreeMap, BTreeSet};

use drawbridge_domain::id::{AppId, ConnectionId, Id, TenantId};
use futures_util::future::join_all;
use serde::Deserialize;

use super::message::{Ask, Key, shard_of_app, shard_of_hash};
use super::{Affected, store};
use crate::encoding::base64url;
use crate::ports::{DbError, Rows, Statement};
use crate::services::Services;
use serde_json::json;

/// How often a shard is told that does not answer.
const TRIES: usize = 3;

/// Has changes written while those who decide about what they concern know of it: they are told before and after.
pub(super) async fn told<W>(
    services: &Services,
    tenant: &TenantId,
    affected: &[Affected],
    changes: Vec<Statement>,
    write: impl FnOnce(Vec<Statement>) -> W,
) -> Result<Vec<Rows>, DbError>
where
    W: Future<Output = Result<Vec<Rows>, DbError>>,
{
    let looks = store::looks(tenant, affected);
    let found = if looks.is_empty() { Vec::new() } else { services.db.batch(looks.clone()).await? };
    let mut concern = Concern::new(tenant, affected);
    concern.found(found)?;
    let flux = concern.begin(services).await?;
    let written = changes.len();
    // A token that was made since the look may lie elsewhere: it is looked again where nothing can come between.
    let result = write(changes.into_iter().chain(looks).collect()).await;
    let found = match &result {
        Ok(rows) => rows.get(written..).unwrap_or_default().to_vec(),
        Err(_) => Vec::new(),
    };
    flux.end(services, &mut concern, found).await?;
    let mut rows = result?;
    rows.truncate(written);
    Ok(rows)
}

/// The shards, each with what in it may change.
struct Concern {
    /// What goes to every shard that the looks find.
    wide: Vec<Key>,
    shards: BTreeMap<char, BTreeSet<Key>>,
}

/// What a look finds: an app, or a hash of a token.
#[derive(Deserialize)]
struct Found {
    app: Option<AppId>,
    /// The hash, or its first character where all of a user or tenant are looked for.
    hash: Option<String>,
}

impl Concern {
    fn new(tenant: &TenantId, affected: &[Affected]) -> Self {
        let mut concern = Self { wide: Vec::new(), shards: BTreeMap::new() };
        for one in affected {
            match one {
                Affected::App(app) => concern.add(shard_of_app(app), Key::App(app.clone())),
                Affected::Token(token) => concern.wide.push(Key::Token(token.clone())),
                Affected::User(user) => concern.wide.push(Key::User(user.clone())),
                Affected::Tenant => concern.wide.push(Key::Tenant(tenant.clone())),
                Affected::Use(connection) => concern.wide.push(Key::Use(connection.clone())),
                Affected::Uses => concern.wide.push(Key::Uses(tenant.clone())),
            }
        }
        concern
    }

    fn add(&mut self, shard: char, key: Key) {
        self.shards.entry(shard).or_default().insert(key);
    }

    /// Takes in what the looks found.
    fn found(&mut self, found: Vec<Rows>) -> Result<(), DbError> {
        for rows in found {
            for row in rows.all::<Found>()? {
                let shard = match (&row.app, &row.hash) {
                    (Some(app), _) => shard_of_app(app),
                    (None, Some(hash)) => shard_of_hash(hash),
                    (None, None) => continue,
                };
                for key in self.wide.clone() {
                    self.add(shard, key);
                }
            }
        }
        Ok(())
    }

    /// Tells all of them that a change is under way. When one cannot be told, the others are told that it is over.
    async fn begin(&self, services: &Services) -> Result<Flux, DbError> {
        let random =
            services.random_bytes::<9>().map_err(|_| DbError::NotTold("no random bytes".to_owned()))?;
        let flux = Flux { ticket: base64url(&random), told: self.shards.keys().copied().collect() };
        let told =
            self.tell(services, &flux.ticket, |ticket, keys| Ask::Flux { ticket, keys }, |_| true).await;
        if let Err(cause) = told {
            let over = |ticket, keys| Ask::Settled { ticket, keys };
            let _ = self.tell(services, &flux.ticket, over, |_| true).await;
            return Err(DbError::NotTold(cause));
        }
        Ok(flux)
    }

    async fn tell(
        &self,
        services: &Services,
        ticket: &str,
        ask: fn(String, Vec<Key>) -> Ask,
        whom: impl Fn(char) -> bool,
    ) -> Result<(), String> {
        let whom = self.shards.iter().filter(|(shard, _)| whom(**shard));
        let all = whom.map(|(shard, keys)| {
            let message = ask(ticket.to_owned(), keys.iter().cloned().collect()).written();
            async move {
                let mut last = String::new();
                for _ in 0..TRIES {
                    match services.authorities.ask(*shard, message.clone()).await {
                        Ok(_) => return Ok(()),
                        Err(cause) => last = cause,
                    }
                }
                Err(last)
            }
        });
        join_all(all).await.into_iter().collect()
    }
}

/// A change that is under way: what it concerns is read from the database until it is over.
struct Flux {
    ticket: String,
    told: BTreeSet<char>,
}

impl Flux {
    /// Tells that it is over, with what was found as the change was written. Those who were told of the beginning go
    /// on reading the database for a while should they not hear of the end; all others must hear of it.
    async fn end(self, services: &Services, concern: &mut Concern, found: Vec<Rows>) -> Result<(), DbError> {
        concern.found(found)?;
        let over = |ticket, keys| Ask::Settled { ticket, keys };
        let (known, new): (Vec<char>, Vec<char>) =
            concern.shards.keys().copied().partition(|shard| self.told.contains(shard));
        if let Err(cause) = concern.tell(services, &self.ticket, over, |shard| known.contains(&shard)).await {
            let line = json!({ "event": "authority", "level": "error", "cause": cause });
            services.log.line(&line.to_string());
        }
        concern
            .tell(services, &self.ticket, over, |shard| new.contains(&shard))
            .await
            .map_err(DbError::NotTold)
    }
}

impl Key {
    /// Whether it names an app or a token with these identifiers.
    pub(super) fn names(&self, tenant: &TenantId, id: &str, user: Option<&str>) -> bool {
        match self {
            Self::App(app) => app.as_str() == id,
            Self::Token(token) => token.as_str() == id,
            Self::User(known) => user == Some(known.as_str()),
            Self::Tenant(known) => known == tenant,
            Self::Use(_) | Self::Uses(_) => false,
        }
    }

    /// Whether it names the uses of this connection.
    pub(super) fn names_uses(&self, tenant: &TenantId, connection: &ConnectionId) -> bool {
        match self {
            Self::Use(known) => known == connection,
            Self::Uses(known) | Self::Tenant(known) => known == tenant,
            Self::App(_) | Self::Token(_) | Self::User(_) => false,
        }
    }
}
