//! Apps and tokens from the outside in: through the router, over SQLite and shards in process.

mod bearing;
mod changing;
mod deciding;
mod racing;
mod using;

use std::rc::Rc;

use drawbridge_contract::endpoints::ReadSession;
use drawbridge_contract::types::sessions::Caller;
use drawbridge_domain::id::{Id, TenantId, UserId};
use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScopes;

use crate::testing::{Browser, Harness, NewToken, TestAnswer};

/// A deployment with a user of some role, and a token of theirs.
struct Desk {
    harness: Rc<Harness>,
    /// The Global administrator.
    ada: Browser,
    tenant: TenantId,
    user: UserId,
    token: NewToken,
}

impl Desk {
    fn new(role: Role, scopes: ApiScopes) -> Self {
        let harness = Harness::new();
        let ada = harness.set_up();
        let tenant = ada.tenant();
        let user = harness.insert_user(&tenant, role, "dora@example.com");
        let token = harness.insert_token(&tenant, &user, scopes);
        Self { harness, ada, tenant, user, token }
    }

    fn full() -> Self {
        Self::new(Role::AutomationAdministrator, ApiScopes::FULL)
    }

    /// A program with the token.
    fn program(&self) -> Browser {
        self.harness.program(&self.token.secret)
    }

    /// Asks who is calling.
    fn who(&self) -> TestAnswer {
        asked(&self.program())
    }

    /// Changes columns of the token behind the authority's back, and has it forget all.
    fn set(&self, columns: &str) {
        let id = self.token.id.as_str();
        self.harness.db.query(&format!("UPDATE tokens SET {columns} WHERE id = '{id}'"));
        self.harness.authorities.forget();
    }

    fn trips(&self) -> usize {
        self.harness.db.batches.borrow().len()
    }
}

fn asked(program: &Browser) -> TestAnswer {
    program.send(http::Method::GET, "/api/v1/session", None)
}

fn caller(program: &Browser) -> Caller {
    program.get::<ReadSession>().ok()
}
