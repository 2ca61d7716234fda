//! Tests of set-up, through the router.

use drawbridge_contract::endpoints as api;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_domain::role::Role;

use crate::testing::{Harness, set_up_body};

#[test]
fn set_up_makes_a_tenant_signs_in_and_closes_for_good() {
    let harness = Harness::new();
    let browser = harness.browser();
    assert!(browser.get::<api::ReadSetup>().ok().open);
    let me = browser.call::<api::SetUpDeployment>(&Nothing {}, &Nothing {}, &set_up_body()).ok();
    assert_eq!((me.role, me.tenant.name.as_str()), (Role::GlobalAdministrator, "Acme"));
    assert_eq!(browser.who_am_i(), me);
    browser.get::<api::ReadSetup>().raw.problem(ProblemCode::NotFound);
    let again = harness.browser().call::<api::SetUpDeployment>(&Nothing {}, &Nothing {}, &set_up_body());
    again.raw.problem(ProblemCode::NotFound);
    assert_eq!(harness.db.query("SELECT action, seq FROM audit").len(), 1);
}
