//! A change of settings or credentials that waits for a sign-in at the provider. Until then, and where that is
//! refused, everything stays as it was.

use std::collections::BTreeMap;

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::id::{Id, OAuthClientId};
use drawbridge_domain::life::CHANGE_LIFE;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::record::Row;
use super::secrets::Bundle;
use super::store;
use crate::http::{Failure, Scope};
use crate::json;
use crate::ports::Statement;
use crate::services::Services;
use crate::vault::Place;

/// What waits. It cannot be printed, and is zeroed when dropped.
#[derive(Serialize, Deserialize)]
pub(super) struct Waiting {
    pub(super) settings: BTreeMap<String, String>,
    pub(super) fields: BTreeMap<String, String>,
    pub(super) oauth_client: Option<OAuthClientId>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.fields.values_mut().for_each(Zeroize::zeroize);
    }
}

fn place<'a>(scope: &'a Scope, row: &'a Row) -> Place<'a> {
    Place { tenant: scope.tenant().as_str(), record: row.summary.id.as_str(), field: "change" }
}

impl Waiting {
    /// The statement that keeps it.
    pub(super) fn keep(&self, services: &Services, scope: &Scope, row: &Row) -> Result<Statement, Failure> {
        let text = Zeroizing::new(serde_json::to_vec(self)?);
        let sealed = services.vault.seal(&*services.random, place(scope, row), &text)?;
        Ok(store::keep_change(scope, &row.summary.id, &sealed, services.now().plus(CHANGE_LIFE)))
    }

    /// What waits for a connection.
    pub(super) async fn find(services: &Services, scope: &Scope, row: &Row) -> Result<Self, Failure> {
        let sealed = store::find_change(services, scope, &row.summary.id).await?.ok_or_else(|| {
            let detail =
                "The change waited longer than 30 minutes and is forgotten. Edit the connection again.";
            Failure::new(ProblemCode::Conflict, detail)
        })?;
        let opened = services.vault.open(place(scope, row), &sealed).map_err(|error| {
            Failure::internal(format!("the change of {} does not open: {error:?}", row.summary.id))
        })?;
        Ok(json::read_secret(opened.bytes())?)
    }

    /// Puts it in the place of what the connection has.
    pub(super) fn apply(&self, row: &mut Row, bundle: &mut Bundle) -> Result<(), Failure> {
        row.settings = serde_json::to_string(&self.settings)?;
        row.secrets_set = serde_json::to_string(&self.fields.keys().collect::<Vec<_>>())?;
        row.oauth_client_id.clone_from(&self.oauth_client);
        bundle.fields.clone_from(&self.fields);
        Ok(())
    }
}

/// The statements that write what [`Waiting::apply`] put into a row.
pub(super) fn took_effect(scope: &Scope, row: &Row) -> Vec<Statement> {
    let new = store::NewSettings {
        settings: &row.settings,
        secrets_set: &row.secrets_set,
        oauth_client: row.oauth_client_id.as_ref().map(Id::as_str),
    };
    vec![store::set_settings(scope, &row.summary.id, &new), store::drop_change(scope, &row.summary.id)]
}
