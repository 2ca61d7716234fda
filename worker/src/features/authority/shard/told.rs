//! What the database says of connections that apps and tokens use, so that a use costs no statement.

use std::rc::Rc;

use drawbridge_domain::id::{ConnectionId, Id, TenantId};

use super::super::message::{Answer, Key};
use super::Shard;
use super::memory::Named;
use crate::encoding::ascii;
use crate::features::connections;
use crate::services::Services;

/// The longest that is told, in bytes: it goes in a header. What is longer, whoever uses the connection reads.
const LONGEST: usize = 8 * 1024;

/// What is said of a connection to one user.
pub(super) struct Told {
    tenant: TenantId,
    connection: ConnectionId,
    text: String,
}

impl Named for Told {
    fn is_named_by(&self, key: &Key) -> bool {
        key.names_uses(&self.tenant, &self.connection)
    }
}

impl Shard {
    /// Adds to what is good what the database says of the connection, as its user may see it; nothing where it says
    /// nothing that may be kept.
    pub(super) async fn with_told(
        &self,
        services: &Services,
        answer: Answer,
        connection: Option<ConnectionId>,
    ) -> Result<Answer, String> {
        let (good, quota, connection) = match (answer, connection) {
            (Answer::Good(good, quota, _), Some(connection)) => (good, quota, connection),
            (answer, _) => return Ok(answer),
        };
        let (tenant, user) = (&good.tenant.id, &good.maker);
        let key = format!("{} {} {}", tenant.as_str(), connection.as_str(), user.as_str());
        let (known, generation) = {
            let mut told = self.told.borrow_mut();
            (told.get(&key), told.generation())
        };
        if let Some(known) = known {
            return Ok(Answer::Good(good, quota, Some(known.text.clone())));
        }
        let read = connections::told_of_use(services, tenant, user, &connection).await;
        let text = read.map_err(|error| error.to_string())?.map(ascii).filter(|text| text.len() <= LONGEST);
        if let Some(text) = text.clone() {
            let state = Rc::new(Told { tenant: tenant.clone(), connection, text });
            self.told.borrow_mut().keep(&key, &state, generation, services.now());
        }
        Ok(Answer::Good(good, quota, text))
    }
}
