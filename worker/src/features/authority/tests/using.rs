//! What is counted in passing: calls, failures, the last use.

use drawbridge_contract::problem::ProblemCode as P;
use drawbridge_domain::credential::{PERSONAL_TOKEN, written};
use drawbridge_domain::id::Id;
use drawbridge_domain::time::{MINUTE, SECOND};
use serde_json::Value as Json;

use super::{Desk, asked};
use crate::services::Settings;

fn limited(desk: &Desk, per_minute: u32) {
    let browser = desk.harness.variant(|services| {
        services.settings =
            std::rc::Rc::new(Settings { api_rate_per_minute: per_minute, ..Settings::default() });
    });
    desk.harness.authorities.work_with(&browser.services);
}

#[test]
fn who_calls_too_often_is_told_when_to_go_on() {
    let desk = Desk::full();
    limited(&desk, 3);
    for left in [2, 1, 0] {
        let answer = desk.who();
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-policy"), Some("\"default\";q=3;w=60"));
        assert!(answer.header("ratelimit").unwrap().starts_with(&format!("\"default\";r={left};t=")));
    }
    let answer = desk.who();
    answer.problem(P::TooManyRequests);
    assert_eq!(answer.header("retry-after"), Some("20"));
    assert_eq!(answer.header("ratelimit"), Some("\"default\";r=0;t=60"));
    assert_eq!(asked(&desk.ada).status, 200, "a session is no app");
    desk.harness.clock.advance(20 * SECOND);
    assert_eq!(desk.who().status, 200);
    desk.who().problem(P::TooManyRequests);
    limited(&desk, 0);
    let answer = desk.who();
    assert_eq!((answer.status, answer.header("ratelimit")), (200, None));
}

#[test]
fn who_tries_unknown_tokens_waits_and_good_ones_go_on() {
    let desk = Desk::full();
    desk.who();
    let refused = (0..5000).any(|_| {
        let random = desk.harness.services.random_bytes::<64>().unwrap();
        let (unknown, _) = written(PERSONAL_TOKEN, &random).unwrap();
        let answer = asked(&desk.harness.program(&unknown));
        answer.status == 429 && answer.header("retry-after") == Some("60")
    });
    assert!(refused, "nobody was told to wait");
    assert_eq!(desk.who().status, 200, "what is known is answered");
}

fn row(desk: &Desk) -> Json {
    desk.harness.db.query("SELECT * FROM tokens")[0].clone()
}

#[test]
fn the_last_use_is_written_at_most_once_a_minute_and_not_lost() {
    let desk = Desk::full();
    let start = desk.harness.services.now().millis();
    desk.who();
    let used = row(&desk);
    assert_eq!(used["last_used_at"], start);
    assert_eq!((&used["last_address"], &used["last_country"]), (&"192.0.2.7".into(), &"NL".into()));
    assert_eq!((&used["secret_used_at"], &used["previous_used_at"]), (&start.into(), &Json::Null));
    desk.harness.clock.advance(30 * SECOND);
    let before = desk.trips();
    desk.who();
    assert_eq!((row(&desk)["last_used_at"].clone(), desk.trips()), (start.into(), before), "not yet");
    desk.harness.clock.advance(30 * SECOND);
    desk.harness.authorities.ring();
    assert_eq!(row(&desk)["last_used_at"], start + 30 * SECOND, "the alarm wrote it");
    desk.harness.clock.advance(MINUTE);
    desk.who();
    assert_eq!(row(&desk)["last_used_at"], start + 2 * MINUTE, "the next use wrote itself");
    assert_eq!(row(&desk)["version"], used["version"], "a use is no change");
}

#[test]
fn a_use_that_waits_survives_that_its_token_is_changed() {
    let desk = Desk::full();
    desk.who();
    desk.harness.clock.advance(SECOND);
    desk.who();
    let at = desk.harness.services.now().millis();
    let sql = "UPDATE tokens SET revoked_at = 1 WHERE tenant_id = ?1";
    let affected = crate::features::authority::Affected::Token(desk.token.id.clone());
    super::changing::change(&desk, affected, sql).unwrap();
    desk.harness.clock.advance(MINUTE);
    desk.harness.authorities.ring();
    assert_eq!(row(&desk)["last_used_at"], at);
}

#[test]
fn each_secret_has_its_own_last_use() {
    let desk = Desk::full();
    let hash = row(&desk)["secret_hash"].as_str().unwrap().to_owned();
    let until = desk.harness.services.now().millis() + MINUTE;
    desk.set(&format!("secret_hash = 'new', previous_hash = '{hash}', previous_until = {until}"));
    desk.who();
    let used = row(&desk);
    assert_eq!((&used["secret_used_at"], &used["previous_used_at"]), (&Json::Null, &used["last_used_at"]));
    assert!(used["last_used_at"].is_i64());
}

#[test]
fn a_change_that_nobody_told_of_is_seen_with_the_next_note() {
    let desk = Desk::full();
    desk.who();
    desk.harness
        .db
        .query(&format!("UPDATE tokens SET revoked_at = 1 WHERE id = '{}'", desk.token.id.as_str()));
    assert_eq!(desk.who().status, 200, "the database was changed behind its back");
    desk.harness.clock.advance(MINUTE);
    desk.harness.authorities.ring();
    desk.who().problem(P::Unauthenticated);
}
