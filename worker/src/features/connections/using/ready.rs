//! A connection that may be used now, with tokens that are good for a while.

use std::rc::Rc;

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::access::{ConnectionAction, Level};
use drawbridge_domain::connection::Reason;
use drawbridge_domain::connector::{AuthWay, Definition, Values};
use drawbridge_domain::id::{ConnectionId, Id};

use crate::features::audit::{self, Record};
use crate::features::connections::keeper::{self, Refreshed, Why};
use crate::features::connections::make::said;
use crate::features::connections::record::Row;
use crate::features::connections::secrets::Bundle;
use crate::features::connections::through::{On, Route};
use crate::features::connections::{known, read, refresh, settle, store};
use crate::http::{Failure, Scope};
use crate::ports::DbError;
use crate::services::Services;

/// See the module.
pub(super) struct Ready<'a> {
    pub(super) services: &'a Services,
    pub(super) scope: &'a Scope,
    pub(super) row: Row,
    pub(super) definition: Rc<Definition>,
    pub(super) way: AuthWay,
    pub(super) bundle: Bundle,
    /// The values for templates, those of the token answer included.
    pub(super) values: Values,
}

impl<'a> Ready<'a> {
    /// Reads the connection, checks that the caller may use it now, and renews its tokens where it is time.
    pub(super) async fn new(
        services: &'a Services,
        scope: &'a Scope,
        id: &ConnectionId,
    ) -> Result<Self, Failure> {
        let row = known::find(services, scope, id).await?;
        settle::allow(scope, &row, ConnectionAction::Use)?;
        let (definition, way) = row.definition()?;
        let bundle = open(services, scope, &row)?;
        let values = Values::new();
        let mut ready = Self { services, scope, row, definition, way, bundle, values };
        ready.put_values()?;
        ready.renew_if_due().await?;
        Ok(ready)
    }

    /// A use that only the caller's role allows is put on record, at most once an hour.
    pub(super) async fn record_use_by_role(&self) -> Result<(), Failure> {
        let by_role =
            self.row.summary.granted.is_none() && self.row.summary.level(self.scope)? == Level::Owner;
        if !by_role {
            return Ok(());
        }
        let (id, name) = (&self.row.summary.id, &self.row.summary.name);
        let (known, user, now) = (&self.services.known_uses, self.scope.user(), self.services.now());
        if known.is_on_record(id, user, now) {
            return Ok(());
        }
        let note = store::used_by_role(self.scope, id, now);
        let record = Record::done("connection.used_as_administrator", "connection", id.as_str(), name);
        let just = match audit::commit(self.services, self.scope, note, &[record]).await {
            Ok(_) => true,
            Err(DbError::Guard) => false,
            Err(error) => return Err(error.into()),
        };
        known.on_record(id, user, (now, just));
        Ok(())
    }

    async fn renew_if_due(&mut self) -> Result<(), Failure> {
        let now = self.services.now();
        if !refresh::is_due(&self.row, now) {
            return Ok(());
        }
        let over = refresh::is_over(&self.row, now);
        if !refresh::is_possible(&self.way, &self.bundle) {
            // What is over and cannot be renewed may still be let in; if not, the 401 leads to the proof.
            return Ok(());
        }
        match self.renew(Why::Due).await? {
            Refreshed::Failed { reason, words, .. } if over || reason.disproves() => {
                Err(self.unusable(reason, words.as_deref()))
            }
            _ => Ok(()),
        }
    }

    /// Has the keeper get new tokens; the present ones are here afterwards.
    pub(super) async fn renew(&mut self, why: Why) -> Result<Refreshed, Failure> {
        let id = self.row.summary.id.clone();
        let seen = self.row.secrets_version.unwrap_or_default();
        let refreshed = keeper::refresh(self.services, self.scope.tenant(), &id, seen, why).await?;
        if refreshed == Refreshed::Fresh {
            self.row = read::find(self.services, self.scope, &id).await?;
            // Access may have been taken away while the provider was asked.
            settle::allow(self.scope, &self.row, ConnectionAction::Use)?;
            self.bundle = open(self.services, self.scope, &self.row)?;
            self.put_values()?;
        }
        Ok(refreshed)
    }

    fn put_values(&mut self) -> Result<(), Failure> {
        self.values = self.row.values(self.services, &self.definition, &self.way)?;
        self.values.extend(self.bundle.token_values.clone());
        Ok(())
    }

    /// In whose name and for which connection a call through a gateway is made.
    pub(super) fn on(&self) -> On<'_> {
        On { scope: self.scope, connection: &self.row.summary.id }
    }

    /// Where its calls go, where they go through a gateway.
    pub(super) fn route(&self) -> Option<Route> {
        Route::of(&self.way, &self.values, &self.bundle)
    }

    /// The words for a connection that cannot be used for this reason.
    pub(super) fn unusable(&self, reason: Reason, words: Option<&str>) -> Failure {
        let code = if reason.disproves() {
            ProblemCode::ConnectionInvalid
        } else {
            ProblemCode::ProviderUnavailable
        };
        let said = words.map(|words| said(reason, &self.definition, words)).unwrap_or_default();
        Failure::new(code, format!("{}{said} {}", reason.words(), reason.remedy()))
    }
}

fn open(services: &Services, scope: &Scope, row: &Row) -> Result<Bundle, Failure> {
    let sealed =
        row.sealed.as_deref().ok_or_else(|| Failure::internal("a connection without its secrets"))?;
    Bundle::open(services, scope.tenant(), &row.summary.id, sealed)
}
