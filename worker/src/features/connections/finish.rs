//! The end of a sign-in, written down.

use drawbridge_contract::types::connections::RefusedSignIn;
use drawbridge_domain::connection::{Proof, Reason, Status};
use drawbridge_domain::time::Timestamp;
use serde_json::{Map, json};

use super::callback::described;
use super::callback_page::Ending;
use super::read;
use super::record::Row;
use super::secrets::Bundle;
use super::settle::{self, Finding};
use super::store::{self, FlowRow};
use super::waiting::{Waiting, took_effect};
use crate::features::audit;
use crate::http::{Failure, Scope};
use crate::ports::{DbError, Statement};
use crate::services::Services;

/// How often new tokens are written again when something else changed the connection at the same moment.
const TRIES: u32 = 8;

/// A sign-in that comes to its end.
pub(super) struct Finish<'a> {
    pub(super) services: &'a Services,
    pub(super) scope: &'a Scope,
    pub(super) flow: &'a FlowRow,
    /// The change that takes effect with it.
    pub(super) change: Option<Waiting>,
}

/// What the provider gave.
pub(super) struct Given {
    pub(super) sealed: String,
    pub(super) scopes: String,
    pub(super) expires: Option<Timestamp>,
    pub(super) refresh: Option<Timestamp>,
}

impl Finish<'_> {
    fn ending(&self, row: &Row, failure: Option<(Reason, Option<String>)>, who: Option<String>) -> Ending {
        Ending {
            tenant: self.scope.tenant_ref().slug.clone(),
            connection: row.summary.id.clone(),
            name: row.summary.name.clone(),
            in_page: self.flow.in_page != 0,
            by_link: self.flow.link_id.is_some(),
            failure,
            connected_as: who,
        }
    }

    /// A sign-in that failed. A pending connection keeps the reason; one that works goes on working as it did, and
    /// notes only what was refused.
    pub(super) async fn failed(
        &self,
        row: &Row,
        reason: Reason,
        words: Option<String>,
    ) -> Result<Ending, Failure> {
        let ending = self.ending(row, Some((reason, words.clone())), None);
        if row.summary.status()? != Status::Pending {
            let refused = RefusedSignIn { at: self.services.now(), reason, words };
            let noted = serde_json::to_string(&refused)?;
            let note = store::note_refused(self.scope, &row.summary.id, Some(&noted));
            let mut changes = Map::new();
            changes.insert("reason".to_owned(), json!({ "after": reason.code() }));
            let record = settle::record(self.scope, row, "connection.connected", changes).refused();
            audit::commit(self.services, self.scope, vec![note], &[record]).await?;
            return Ok(ending);
        }
        let finding = Finding { proof: Proof::Disproved(reason), words, identity: None, by: None };
        self.settled(row.clone(), &finding, None).await?;
        Ok(ending)
    }

    /// A sign-in whose tokens are kept.
    pub(super) async fn settled(
        &self,
        mut row: Row,
        finding: &Finding,
        given: Option<Given>,
    ) -> Result<Ending, Failure> {
        let failure = match finding.proof {
            Proof::Proved => None,
            Proof::Disproved(reason) | Proof::Unknown(reason) => Some((reason, finding.words.clone())),
        };
        for _ in 0..TRIES {
            let (statements, record) = self.written(&row, finding, given.as_ref())?;
            match audit::commit(self.services, self.scope, statements, &[record]).await {
                Err(DbError::Guard) => {
                    row = read::find(self.services, self.scope, &row.summary.id).await?;
                    settle::allow(self.scope, &row, drawbridge_domain::access::ConnectionAction::Authorize)?;
                    if let Some(change) = &self.change {
                        change.apply(&mut row, &mut Bundle::default())?;
                    }
                }
                result => {
                    result?;
                    let who = finding.identity.as_ref();
                    let who = who.map(|who| who.name.clone().unwrap_or_else(|| who.id.clone()));
                    return Ok(self.ending(&row, failure, who));
                }
            }
        }
        Err(DbError::Guard.into())
    }

    fn written(
        &self,
        row: &Row,
        finding: &Finding,
        given: Option<&Given>,
    ) -> Result<(Vec<Statement>, audit::Record), Failure> {
        let (scope, id) = (self.scope, &row.summary.id);
        let (mut statements, to) = settle::statements(self.services, scope, row, finding)?;
        let mut changes = settle::status_change(row.summary.status()?, to);
        if let Some(given) = given {
            let new = store::NewTokens {
                sealed: &given.sealed,
                replaces: row.secrets_version.unwrap_or_default(),
                scopes: Some(given.scopes.clone()),
                expires: given.expires,
                refresh: given.refresh,
            };
            statements.extend(store::replace_tokens(scope.tenant(), id, &new));
            statements.push(store::note_refused(scope, id, None));
            if self.change.is_some() {
                statements.extend(took_effect(scope, row));
                changes.insert("settings".to_owned(), json!({ "changed": true }));
            }
            let before = row.connected_as()?;
            if let (Some(before), Some(now)) = (&before, &finding.identity)
                && before.id != now.id
            {
                let change = json!({ "before": described(before), "after": described(now) });
                changes.insert("connectedAs".to_owned(), change);
            }
            if self.flow.accept_other != 0 && finding.identity.is_none() {
                statements.push(store::forget_identity(scope, id));
            }
            if let Some(link) = &self.flow.link_id {
                statements.extend(store::use_link(scope, link, self.services.now()));
            }
        }
        let record = settle::record(scope, row, "connection.connected", changes);
        let proved = finding.proof == Proof::Proved;
        Ok((statements, if proved { record } else { record.refused() }))
    }
}
