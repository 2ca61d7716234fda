//! The authorization matrix, made from the endpoint table: every role × every endpoint × signed out, own,
//! a colleague's, another tenant's and nobody's object.

use std::collections::BTreeSet;

use drawbridge_contract::endpoint::{Access, Info};
use drawbridge_contract::endpoints::TABLE;
use drawbridge_contract::plain;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::role::Role;

use super::world::{Whose, World};
use crate::features;
use crate::testing::TestAnswer;

#[test]
fn every_endpoint_has_a_handler_and_every_handler_an_endpoint() {
    let router = features::router();
    assert_eq!(router.faults(), [] as [String; 0]);
    let handled: BTreeSet<&str> = router.endpoints().into_iter().collect();
    let table: BTreeSet<&str> = TABLE.iter().map(|info| info.name).collect();
    assert_eq!(handled, table);
    assert_eq!(router.endpoints().len(), TABLE.len(), "none twice");
}

#[test]
fn every_plain_route_is_open_and_answers() {
    let world = World::new();
    for route in plain::ALL {
        let answer = world.harness.browser().send(World::method_of(&route), route.path, None);
        assert!(![401, 403, 404, 405, 500].contains(&answer.status), "{} {}", route.path, answer.status);
    }
}

#[test]
fn signed_out_one_reaches_only_what_is_public() {
    let world = World::new();
    for info in TABLE {
        for whose in Whose::ALL {
            let Some(target) = world.target(info, whose, world.administrator()) else { continue };
            let answer = world.call(&world.harness.browser(), info, &target, false);
            if info.access == Access::Public {
                assert_eq!(answer.status, public(info), "{}", told(info, &answer));
            } else {
                answer.problem(ProblemCode::Unauthenticated);
            }
        }
    }
}

/// What a public endpoint answers whoever asks.
fn public(info: &Info) -> u16 {
    match info.name {
        // The deployment is set up.
        "ReadSetup" | "SetUpDeployment" => 404,
        _ => info.success,
    }
}

#[test]
fn every_role_reaches_what_the_table_says_and_nothing_else() {
    let world = World::new();
    let mut calls = 0;
    for info in TABLE {
        for person in &world.people {
            for whose in Whose::ALL {
                let Some(target) = world.target(info, whose, person) else { continue };
                calls += 1;
                let expected = expected(info, whose, person.role);
                let success = expected == Ok(info.success);
                let answer = world.call(&world.browser(person), info, &target, success);
                let words = format!("{} {whose:?}: {}", person.role, told(info, &answer));
                match expected {
                    Ok(status) => assert_eq!(answer.status, status, "{words}"),
                    Err(code) => assert_eq!(answer.problem(code).code, code, "{words}"),
                }
            }
        }
    }
    assert!(calls >= TABLE.len() * Role::ALL.len(), "{calls}: every endpoint for every role");
}

fn expected(info: &Info, whose: Whose, role: Role) -> Result<u16, ProblemCode> {
    if info.access == Access::Public {
        return Ok(public(info));
    }
    if !World::may(info, role) {
        return Err(ProblemCode::NeedsRole);
    }
    match whose {
        Whose::Own => Ok(info.success),
        // Administrators own every connection; nobody owns another's sessions.
        Whose::Colleagues if info.path.contains("{connection}") && role.is_administrator() => {
            Ok(info.success)
        }
        Whose::Colleagues if info.path.contains("/tokens/") && role.is_administrator() => {
            // An administrator sees everybody's tokens, and may take them away, not have them.
            let is_owners = ["ReadTokenSecret", "RotateToken"].contains(&info.name);
            if is_owners { Err(ProblemCode::NotYours) } else { Ok(info.success) }
        }
        Whose::Colleagues | Whose::Foreign | Whose::Unknown => Err(ProblemCode::NotFound),
    }
}

/// Of an object that a caller may not know of, the answer is the same to the letter as of none at all.
#[test]
fn an_object_out_of_sight_is_as_one_that_is_not_there() {
    let world = World::new();
    for info in TABLE.iter().filter(|info| info.path.contains('{')) {
        for person in world.people.iter().filter(|person| World::may(info, person.role)) {
            let words = |whose: Whose| {
                let target = world.target(info, whose, person)?;
                let answer = world.call(&world.browser(person), info, &target, false);
                let mut problem = answer.problem(ProblemCode::NotFound);
                problem.request_id.clear();
                let mut headers = answer.headers.clone();
                headers.remove("x-request-id");
                Some((problem, headers))
            };
            let unknown = words(Whose::Unknown);
            for whose in [Whose::Foreign, Whose::Colleagues] {
                if expected(info, whose, person.role) == Err(ProblemCode::NotFound)
                    && let Some(answer) = words(whose)
                {
                    assert_eq!(Some(answer), unknown, "{} {} {whose:?}", info.name, person.role);
                }
            }
        }
    }
}

/// A refused call changes nothing, whoever makes it.
#[test]
fn what_is_refused_writes_nothing() {
    let world = World::new();
    for info in TABLE.iter().filter(|info| !info.method.is_safe() && info.access != Access::Public) {
        for person in &world.people {
            for whose in Whose::ALL {
                if expected(info, whose, person.role).is_ok() {
                    continue;
                }
                let Some(target) = world.target(info, whose, person) else { continue };
                let browser = world.browser(person);
                let before = world.harness.db.dump(&["sessions"]);
                world.call(&browser, info, &target, false);
                assert!(world.harness.db.changed_since(&before).is_empty(), "{} {whose:?}", info.name);
            }
        }
    }
}

fn told(info: &Info, answer: &TestAnswer) -> String {
    format!("{} {} {}", info.name, answer.status, String::from_utf8_lossy(&answer.body))
}
