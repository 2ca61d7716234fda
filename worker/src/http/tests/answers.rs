//! What every answer carries, and how often it asks the database.

use std::rc::Rc;

use drawbridge_contract::endpoints::TABLE;
use drawbridge_contract::plain;
use drawbridge_contract::problem::ProblemCode;
use http::Method;
use serde_json::Value as Json;

use super::world::{Whose, World};
use crate::ports::{Database, DbError, Pending, Random, RandomFailed, Rows, Statement};
use crate::testing::{Harness, TestAnswer};

#[track_caller]
fn has_the_headers(answer: &TestAnswer, of: &str) -> String {
    for (name, value) in [
        ("cache-control", "no-store"),
        ("cross-origin-resource-policy", "same-origin"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{of}: {name}");
    }
    let policy = answer.header("content-security-policy").unwrap_or_else(|| panic!("{of}: no policy"));
    for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(part) && !policy.contains("unsafe"), "{of}: {policy}");
    }
    assert!(answer.header("permissions-policy").is_some(), "{of}");
    assert!(answer.header("access-control-allow-origin").is_none(), "{of}: no other site may read answers");
    let id = answer.header("x-request-id").unwrap_or_else(|| panic!("{of}: no request id"));
    assert!(id.starts_with("req_"), "{of}: {id}");
    id.to_owned()
}

#[test]
fn every_answer_has_a_request_id_and_the_security_headers() {
    let world = World::new();
    let mut ids = std::collections::BTreeSet::new();
    let mut see = |answer: &TestAnswer, of: &str| {
        let id = has_the_headers(answer, of);
        if answer.header("content-type") == Some("application/problem+json") {
            assert_eq!(answer.json()["requestId"], id.as_str(), "{of}");
        }
        assert!(ids.insert(id), "{of}: the id of another request");
    };
    for info in TABLE {
        for whose in Whose::ALL {
            let Some(target) = world.target(info, whose, world.administrator()) else { continue };
            let browser = world.browser(world.administrator());
            see(&world.call(&browser, info, &target, whose == Whose::Own), info.name);
            see(&world.call(&world.harness.browser(), info, &target, false), info.name);
        }
    }
    let browser = world.harness.browser();
    // What other sites may read and keep has a test of its own (features/oauth_server/tests/published.rs).
    let published = [plain::METADATA, plain::JWKS];
    for route in plain::ALL.into_iter().filter(|route| !published.contains(route)) {
        see(&browser.send(World::method_of(&route), route.path, None), route.path);
    }
    see(&browser.send(Method::GET, "/nothing", None), "no route");
    see(&browser.send(Method::PUT, "/healthz", None), "no method");
}

#[test]
fn a_success_has_its_status_media_type_and_version() {
    let world = World::new();
    for info in TABLE {
        let person = world.administrator();
        let target = world.target(info, Whose::Own, person).unwrap();
        let answer = world.call(&world.browser(person), info, &target, true);
        if ["ReadSetup", "SetUpDeployment"].contains(&info.name) {
            continue;
        }
        assert_eq!(answer.status, info.success, "{}", info.name);
        assert_eq!(answer.header("etag").is_some(), info.etag, "{}", info.name);
        let media_type = answer.header("content-type");
        if info.success == 204 || info.is_socket() {
            assert_eq!(media_type, None, "{}", info.name);
        } else {
            assert!(media_type.is_some_and(|media| info.media.contains(&media)), "{}", info.name);
        }
        assert_eq!(answer.body.is_empty(), info.success == 204, "{}", info.name);
    }
}

/// How often a call asks the database, the session check included; the answer waits for each.
fn budget(endpoint: &str) -> u64 {
    match endpoint {
        // Answered from the session check alone, or from the build.
        "ReadSession" | "FollowChanges" | "ListTenants" | "ListConnectors" | "ListWorkflowConnectors" | "ReadConnector" | "ReadSetup"
        | "SetUpDeployment" | "OpenGatewayLink" => 1,
        // One look or one batch.
        "ReadTenant"
        | "ReadCredentialPolicy"
        | "ReadUsage"
        | "ListSessions"
        | "ListOAuthClients"
        | "ReadOAuthClient"
        | "ListConnections"
        | "ListWorkflowConnections"
        | "ReadConnection"
        | "ListAudit"
        | "ExportAudit"
        | "VerifyAudit"
        | "SignOut"
        | "EndSession"
        | "MakeTenant"
        | "RegisterOAuthClient"
        | "ListUsers"
        | "ListTenantUsers"
        | "ReadUser"
        | "ListGroups"
        | "ReadGroup"
        | "ListMembers"
        | "ReadInvitation"
        | "MakeConnection"
        | "ListConnectionUses"
        | "ListWebhooks"
        | "MakeWebhook"
        | "ReadWebhook"
        | "ListWebhookDeliveries"
        | "ReadSso"
        | "NameSsoDomain"
        | "RemoveSsoDomain"
        | "FindSignIn"
        | "ReadOwnIdentity"
        | "DisconnectOwnIdentity"
        | "ListApps"
        | "ReadApp"
        | "ListTokens"
        | "ReadToken"
        | "ListGateways"
        | "ReadGateway"
        | "MakeGateway"
        | "ListGatewayConnections"
        | "ListGatewayEvents"
        | "ListGatewayChoices"
        | "ListGatewayTargets" => 2,
        // A look, then a batch.
        "SwitchTenant"
        | "ChangeOAuthClientSettings"
        | "DeleteOAuthClient"
        | "DeleteConnection"
        | "AuthorizeConnection"
        | "InviteToTenant"
        | "ResendInvitation"
        | "ReadUserHoldings"
        | "MakeGroup"
        | "ReadGroupHoldings"
        | "AddMember"
        | "RemoveMember"
        | "ListConnectionEvents"
        | "ReadConnectionPermissions"
        | "ListConnectionAccess"
        | "FindPrincipals"
        | "MakeReconnectLink"
        | "ReadReconnectLink"
        | "StartReconnect"
        | "ChangeWebhookSettings"
        | "DeleteWebhook"
        | "RotateWebhookSecret"
        | "DeleteSso"
        | "TestSso"
        | "ConnectOwnIdentity"
        | "MakeApp"
        | "ChangeAppSettings"
        | "DeleteApp"
        | "ReadAppSecret"
        | "DisableApp"
        | "ActivateApp"
        // A look; counting comes after the answer, and is here at once.
        | "RunOperation"
        | "PassThrough" => 3,
        // Two looks and a batch; or a look, a batch, and what came of it.
        "TestConnection"
        | "ChangeGroupSettings"
        | "DeleteGroup"
        | "AcceptWithSession"
        | "SaveConnectionPermissions"
        | "DisableConnection"
        | "EnableConnection"
        | "ChangeConnectionSettings"
        | "ChangeSsoSettings"
        | "EnableSso"
        | "DisableSso"
        | "ProveSsoDomain"
        | "RotateAppSecret"
        | "ReadTokenSecret"
        // A look, another for the tokens that it concerns, and a batch.
        | "ChangeTenantSettings"
        | "ChangeUserSettings"
        | "SuspendUser"
        | "ReactivateUser"
        | "MakeToken"
        | "ChangeTokenSettings"
        | "DeleteToken"
        | "RevokeToken"
        // The end of the chain, which nobody has read yet.
        | "LeaveGateway"
        // A look, a batch, and how it stands then.
        | "ChangeGatewaySettings"
        | "MakeGatewayCode"
        | "DisableGateway"
        | "EnableGateway"
        | "RotateGatewayKey"
        | "DrainGatewayReplica" => 4,
        "RemoveUser"
        | "RemoveTenantUser"
        | "RotateToken"
        // The throttle reads and counts.
        | "JoinGateway"
        | "SignInWithPassword"
        | "ChangeOwnPassword"
        | "AcceptTheInvitation" => 5,
        // The chain has moved when it is recorded who erased a key.
        "RemoveGatewayReplica" => 6,
        // One that is restored is tested after that; the chain has moved meanwhile.
        "RestoreConnection" => 8,
        // What to send, a batch, the claim, what came of it, and how it stands.
        "TestWebhook" | "Redeliver"
        // Two looks, a batch, and who erased a key.
        | "DisconnectGateway" => 7,
        other => panic!("say how often {other} may ask the database"),
    }
}

#[test]
fn round_trips_to_the_database_stay_within_budget() {
    let world = World::new();
    for info in TABLE {
        let person = world.administrator();
        let target = world.target(info, Whose::Own, person).unwrap();
        world.call(&world.browser(person), info, &target, true);
        let line: Json = serde_json::from_str(world.harness.log.0.borrow().last().unwrap()).unwrap();
        let trips = line["databaseRoundTrips"].as_u64().unwrap();
        assert!(trips <= budget(info.name), "{}: {trips}", info.name);
    }
}

/// A database that is not there.
struct Gone;

impl Database for Gone {
    fn batch(&self, _: Vec<Statement>) -> Pending<'_, Result<Vec<Rows>, DbError>> {
        Box::pin(std::future::ready(Err(DbError::Other("D1_ERROR: no such table: sessions".to_owned()))))
    }
}

#[test]
fn a_database_that_fails_is_a_fault_of_ours_and_its_words_go_to_the_log_only() {
    let harness = Harness::new();
    let browser = harness.set_up();
    // Before the keys were checked: not ready. After that: a fault.
    for (ready, code) in [(false, ProblemCode::NotReady), (true, ProblemCode::Internal)] {
        let gone = harness.variant(|services| {
            services.db = Rc::new(Gone);
            services.ready = Rc::new(std::cell::Cell::new(ready));
        });
        let browser_there = gone.browser();
        *browser_there.cookie.borrow_mut() = browser.cookie.borrow().clone();
        let answer = browser_there.send(Method::GET, "/api/v1/session", None);
        let problem = answer.problem(code);
        assert!(!problem.detail.contains("D1_ERROR"), "{}", problem.detail);
        assert!(harness.log.0.borrow().last().unwrap().contains("D1_ERROR"));
    }
    browser.who_am_i();
}

struct NoRandom;

impl Random for NoRandom {
    fn fill(&self, _: &mut [u8]) -> Result<(), RandomFailed> {
        Err(RandomFailed)
    }
}

#[test]
fn without_random_bytes_nothing_is_done() {
    let harness = Harness::new();
    harness.set_up();
    let dry = harness.variant(|services| services.random = Rc::new(NoRandom));
    let before = harness.db.dump(&[]);
    let body = serde_json::json!({ "email": "ada@example.com", "password": crate::testing::PASSWORD });
    let answer = dry.browser().send_json(Method::POST, "/api/v1/session", &body);
    assert_eq!((answer.status, answer.body.len()), (500, 0));
    assert!(harness.db.changed_since(&before).is_empty());
}
