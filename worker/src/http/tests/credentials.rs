//! The authorization matrix of apps and tokens, made from the endpoint table: every endpoint × a token and an app, each
//! with the scope that it needs and with all others.

use drawbridge_contract::endpoint::{Access, Info, Reach};
use drawbridge_contract::endpoints::TABLE;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::id::Id;
use drawbridge_domain::id::UserId;
use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::{ApiScope, ApiScopes};

use super::world::{Whose, World};
use crate::testing::{Browser, TestAnswer};

/// What can be given or got hold of with the call: nobody gives more than they have.
const GIVES: [&str; 9] = [
    "ActivateApp",
    "ChangeTokenSettings",
    "MakeApp",
    "ChangeAppSettings",
    "RotateAppSecret",
    "ReadAppSecret",
    "MakeToken",
    "RotateToken",
    "ReadTokenSecret",
];

/// The scopes that just do.
fn enough(info: &Info) -> ApiScopes {
    match info.reach {
        _ if GIVES.contains(&info.name) => ApiScopes::FULL,
        Reach::Any => ApiScopes::NONE,
        Reach::Scope(scope) => ApiScopes::of(&[scope]),
        Reach::Full | Reach::SessionOnly => ApiScopes::FULL,
    }
}

/// All others; `None` where none are needed.
fn all_but(reach: Reach) -> Option<ApiScopes> {
    let lacking = match reach {
        Reach::Any | Reach::SessionOnly => return None,
        Reach::Scope(scope) => scope,
        Reach::Full => ApiScope::ReadTask,
    };
    let others = ApiScope::ALL.iter().filter(|scope| !ApiScopes::of(&[**scope]).holds(lacking));
    let others: Vec<ApiScope> = others.copied().collect();
    Some(ApiScopes::of(&others))
}

struct Programs<'a> {
    world: &'a World,
}

impl Programs<'_> {
    fn owner(&self) -> UserId {
        UserId::parse(&self.world.user_id(self.world.administrator())).unwrap()
    }

    /// A token of the Global administrator.
    fn token(&self, scopes: ApiScopes) -> Browser {
        let tenant = &self.world.administrator().tenant;
        let harness = &self.world.harness;
        harness.program(&harness.insert_token(tenant, &self.owner(), scopes).secret)
    }

    /// An app of the same tenant.
    fn app(&self, scopes: ApiScopes) -> Browser {
        let tenant = &self.world.administrator().tenant;
        let harness = &self.world.harness;
        let (app, _) = harness.insert_app(tenant, &self.owner(), ApiScopes::FULL);
        harness.program(&harness.access_token(&harness.claims(tenant, &app, scopes)))
    }
}

fn endpoints(world: &World) -> impl Iterator<Item = &'static Info> {
    let handled = world.harness.router.endpoints();
    TABLE.iter().filter(move |info| info.access != Access::Public && handled.contains(&info.name))
}

fn told(info: &Info, answer: &TestAnswer) -> String {
    format!("{} {} {}", info.name, answer.status, answer.text())
}

#[test]
fn apps_and_tokens_reach_what_the_table_says_and_nothing_else() {
    let world = World::new();
    let programs = Programs { world: &world };
    let mut calls = 0;
    for info in endpoints(&world) {
        for (kind, role) in [("token", Role::GlobalAdministrator), ("app", Role::AutomationAdministrator)] {
            for whose in [Whose::Own, Whose::Foreign, Whose::Unknown] {
                let Some(target) = world.target(info, whose, world.administrator()) else { continue };
                let scopes = enough(info);
                let program = if kind == "token" { programs.token(scopes) } else { programs.app(scopes) };
                let expected = if info.reach == Reach::SessionOnly {
                    Err(ProblemCode::NeedsSession)
                } else if kind == "app" && whose == Whose::Own && info.name == "MakeToken" {
                    // A person's.
                    Err(ProblemCode::NeedsSession)
                } else if kind == "app"
                    && whose == Whose::Own
                    && ["RotateToken", "ReadTokenSecret"].contains(&info.name)
                {
                    Err(ProblemCode::NotYours)
                } else if !World::may(info, role) {
                    Err(ProblemCode::NeedsRole)
                } else if whose == Whose::Own {
                    Ok(info.success)
                } else {
                    Err(ProblemCode::NotFound)
                };
                calls += 1;
                let answer = world.call(&program, info, &target, expected.is_ok());
                let words = format!("{kind} {whose:?}: {}", told(info, &answer));
                match expected {
                    Ok(status) => assert_eq!(answer.status, status, "{words}"),
                    Err(code) => assert_eq!(answer.problem(code).code, code, "{words}"),
                }
            }
        }
    }
    assert!(calls > 200, "{calls}");
}

/// A token does nothing that its user may not do, whatever its scopes say.
#[test]
fn a_token_of_every_role_reaches_what_its_user_reaches() {
    let world = World::new();
    for info in endpoints(&world) {
        for person in &world.people {
            let Some(target) = world.target(info, Whose::Own, person) else { continue };
            let user = UserId::parse(&world.user_id(person)).unwrap();
            let token = world.harness.insert_token(&person.tenant, &user, ApiScopes::FULL);
            let may = World::may(info, person.role) && info.reach != Reach::SessionOnly;
            let answer = world.call(&world.harness.program(&token.secret), info, &target, may);
            let words = format!("{}: {}", person.role, told(info, &answer));
            if may {
                assert_eq!(answer.status, info.success, "{words}");
            } else if info.reach == Reach::SessionOnly {
                assert_eq!(
                    answer.problem(ProblemCode::NeedsSession).code,
                    ProblemCode::NeedsSession,
                    "{words}"
                );
            } else {
                assert_eq!(answer.problem(ProblemCode::NeedsRole).code, ProblemCode::NeedsRole, "{words}");
            }
        }
    }
}

#[test]
fn a_missing_scope_is_told_and_changes_nothing() {
    let world = World::new();
    let programs = Programs { world: &world };
    for info in endpoints(&world) {
        let Some(scopes) = all_but(info.reach) else { continue };
        for kind in ["token", "app"] {
            let Some(target) = world.target(info, Whose::Own, world.administrator()) else { continue };
            let program = if kind == "token" { programs.token(scopes) } else { programs.app(scopes) };
            // What is loaded of it is loaded, and its use is noted.
            program.send(http::Method::GET, "/api/v1/session", None);
            let before = world.harness.db.dump(&["sessions", "tokens", "apps"]);
            let answer = world.call(&program, info, &target, false);
            assert!(world.harness.db.changed_since(&before).is_empty(), "{kind}: {}", told(info, &answer));
            let problem = answer.problem(ProblemCode::InsufficientScope);
            let needed = match info.reach {
                Reach::Scope(scope) => scope.to_string(),
                _ => "full".to_owned(),
            };
            assert_eq!(problem.required_scope, Some(needed.clone()));
            let held: Vec<String> = scopes.iter().map(|scope| scope.to_string()).collect();
            assert_eq!(problem.scopes, held);
            let challenge = answer.header("www-authenticate").unwrap();
            let scope = if needed == "full" { ApiScopes::FULL.to_string() } else { needed };
            let wanted =
                format!("Bearer realm=\"drawbridge\", error=\"insufficient_scope\", scope=\"{scope}\"");
            assert_eq!(challenge, wanted);
        }
    }
}
