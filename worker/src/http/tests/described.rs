//! The description of the API says what the router does: every answer is described, and what it says of every endpoint
//! can happen.

use std::collections::BTreeMap;
use std::rc::Rc;

use drawbridge_contract::endpoint::{Access, Info, Method as By, Reach};
use drawbridge_contract::endpoints::TABLE;
use drawbridge_contract::link::SUBPROTOCOL;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::id::{Id, UserId};
use drawbridge_domain::limits::MAX_BODY;
use drawbridge_domain::scopes::ApiScopes;
use http::Method;
use serde_json::Value as Json;

use super::world::{Whose, World};
use crate::services::Settings;
use crate::testing::{Browser, ORIGIN, TestAnswer};

const DOCUMENT: &str = include_str!("../../../../docs/openapi.json");

/// The codes of each status of each endpoint, and whether a success has that status.
struct Described(Json);

impl Described {
    fn new() -> Self {
        Self(serde_json::from_str(DOCUMENT).unwrap())
    }

    fn operation(&self, info: &Info) -> &Json {
        let method = if info.method == By::Any { "post" } else { &info.method.as_str().to_lowercase() };
        let operation = &self.0["paths"][info.path.replace("{*", "{")][method];
        assert!(operation.is_object(), "{} is not described", info.name);
        operation
    }

    fn codes(&self, info: &Info) -> BTreeMap<String, Vec<String>> {
        let responses = self.operation(info)["responses"].as_object().unwrap();
        let codes = responses.iter().map(|(status, response)| {
            let place = response["$ref"].as_str().and_then(|to| to.rsplit('/').next()).unwrap_or_default();
            let response = &self.0["components"]["responses"][place];
            let codes =
                &response["content"]["application/problem+json"]["schema"]["properties"]["code"]["enum"];
            let codes = codes.as_array().into_iter().flatten();
            (status.clone(), codes.map(|code| code.as_str().unwrap().to_owned()).collect())
        });
        codes.collect()
    }

    #[track_caller]
    fn has(&self, info: &Info, answer: &TestAnswer) {
        let codes = self.codes(info);
        if info.method == By::Any && answer.header("x-answered-by").is_some() {
            return;
        }
        let known = codes.get(&answer.status.to_string());
        let known = known.unwrap_or_else(|| panic!("{}: {} {}", info.name, answer.status, answer.text()));
        if answer.header("content-type") == Some("application/problem+json") {
            let code = answer.json()["code"].as_str().unwrap().to_owned();
            assert!(known.contains(&code), "{}: {}", info.name, answer.text());
        }
    }
}

#[test]
fn every_answer_is_described() {
    let world = World::new();
    let described = Described::new();
    for info in TABLE {
        for whose in Whose::ALL {
            for person in &world.people {
                let Some(target) = world.target(info, whose, person) else { continue };
                let success = whose == Whose::Own && World::may(info, person.role);
                described.has(info, &world.call(&world.browser(person), info, &target, success));
            }
            let Some(target) = world.target(info, whose, world.administrator()) else { continue };
            described.has(info, &world.call(&world.harness.browser(), info, &target, false));
        }
    }
}

/// A token of the Global administrator.
fn token(world: &World, scopes: ApiScopes) -> Browser {
    let person = world.administrator();
    let user = UserId::parse(&world.user_id(person)).unwrap();
    world.harness.program(&world.harness.insert_token(&person.tenant, &user, scopes).secret)
}

fn send(world: &World, browser: &Browser, info: &Info, target: &str, body: Option<Vec<u8>>) -> TestAnswer {
    let method = match info.method {
        By::Any => Method::POST,
        method => Method::from_bytes(method.as_str().as_bytes()).unwrap(),
    };
    let body =
        body.or_else(|| (!info.method.is_safe()).then(|| world.body(info.name).to_string().into_bytes()));
    if info.is_socket() {
        browser.with("upgrade", "websocket");
    }
    if info.by_machines {
        browser.with("sec-websocket-protocol", SUBPROTOCOL);
    }
    let answer = browser.send(method, target, body);
    browser.plain();
    answer
}

/// Has a problem happen; `None` for those that need a state of their own, which the features' tests make.
fn provoked(world: &World, info: &Info, code: ProblemCode) -> Option<TestAnswer> {
    use ProblemCode as P;
    let person = world.administrator();
    let target = world.target(info, Whose::Own, person)?;
    let browser = world.browser(person);
    if info.if_match {
        browser.with("if-match", "\"v99\"");
    }
    Some(match code {
        P::Unauthenticated => send(world, &world.harness.browser(), info, &target, None),
        P::NeedsRole => {
            let Access::Role(needed) = info.access else { return None };
            let below = world.people.iter().rfind(|other| other.role < needed)?;
            send(world, &world.browser(below), info, &target, None)
        }
        P::NeedsSession if info.reach == Reach::SessionOnly => {
            send(world, &token(world, ApiScopes::FULL), info, &target, None)
        }
        P::InsufficientScope => send(world, &token(world, ApiScopes::NONE), info, &target, None),
        P::TooManyRequests if info.access != Access::Public => {
            let settings = Settings {
                public_origin: Some(ORIGIN.to_owned()),
                api_rate_per_minute: 1,
                ..Settings::default()
            };
            let slow = world.harness.variant(|services| services.settings = Rc::new(settings));
            world.harness.authorities.work_with(&slow.services);
            let program = token(world, ApiScopes::FULL);
            send(world, &program, info, &target, None);
            let answer = send(world, &program, info, &target, None);
            world.harness.authorities.work_with(&world.harness.services);
            answer
        }
        P::BadRequest => send(world, browser.plain(), info, &format!("{target}?access_token=x"), None),
        P::InvalidFields => send(world, &browser, info, &format!("{target}?nothing=1"), None),
        P::CrossSite => {
            browser.with("origin", "https://evil.example").with("sec-fetch-site", "cross-site");
            send(world, &browser, info, &target, None)
        }
        P::NotFound if info.path.contains('{') && !info.path.contains("{connector}") => {
            let unknown = world.target(info, Whose::Unknown, person)?;
            send(world, &browser, info, &unknown, None)
        }
        P::NotJson => send(world, &browser, info, &target, Some(b"{".to_vec())),
        P::BodyTooLarge => send(world, &browser, info, &target, Some(vec![b' '; MAX_BODY + 1])),
        P::UnsupportedMediaType => {
            send(world, browser.with("content-type", "text/plain"), info, &target, None)
        }
        P::PreconditionRequired => send(world, browser.plain(), info, &target, None),
        P::PreconditionFailed => send(world, &browser, info, &target, None),
        _ => return None,
    })
}

#[test]
fn what_is_described_can_happen() {
    let world = World::new();
    let described = Described::new();
    let mut seen = 0;
    for info in TABLE {
        // There is no set-up any more.
        if info.path == "/api/v1/setup" {
            continue;
        }
        for code in described.codes(info).into_values().flatten() {
            let code = ProblemCode::from_code(&code).unwrap();
            // An endpoint's own problems have their own tests, beside those of its feature.
            if let Some(answer) = provoked(&world, info, code) {
                seen += 1;
                let words = format!("{} {}: {} {}", info.name, code.code(), answer.status, answer.text());
                assert_eq!(answer.json()["code"], code.code(), "{words}");
            }
        }
    }
    assert!(seen > 700, "{seen}");
}
