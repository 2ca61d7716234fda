//! What the fields of an app or a token must look like. The same checks run in the browser and on the server.

use super::{APP_DAYS_MAX, DESCRIPTION_MAX, NAME_MAX};
use crate::network::{NETWORKS_MAX, Network};
use crate::scopes::ApiScopes;
use crate::text::{self, TextFault};
use crate::time::{DAY, HOUR, Timestamp};

const IN_THE_PAST: TextFault = TextFault::Said("in_the_past", "Choose a time that is still to come.");
const APP_TOO_LATE: TextFault =
    TextFault::Said("too_late", "Choose a time within ten years, or let it never expire.");
const TOKEN_TOO_LATE: TextFault = TextFault::Said(
    "too_late",
    "Choose an earlier time: your tenant does not allow tokens to live that long.",
);
const NO_SCOPE: TextFault = TextFault::Said("missing", "Choose at least one scope.");
const TOO_MANY: TextFault = TextFault::Said("too_many", "Name at most 50 addresses and networks.");

/// How much later than allowed an end may be without being refused: clocks differ. It is cut to what is allowed.
const SLACK: i64 = HOUR;

/// The name of an app or a token, trimmed.
pub fn name(text: &str) -> Result<&str, TextFault> {
    text::plain_name_within(text, NAME_MAX)
}

/// What an app is for, trimmed; may be empty.
pub fn app_description(text: &str) -> Result<&str, TextFault> {
    text::description_within(text, DESCRIPTION_MAX)
}

/// Scopes that somebody chose: at least one.
pub fn asked_scopes(scopes: ApiScopes) -> Result<ApiScopes, TextFault> {
    if scopes.is_empty() { Err(NO_SCOPE) } else { Ok(scopes) }
}

/// The end of an app.
pub fn app_end(end: Timestamp, now: Timestamp) -> Result<Timestamp, TextFault> {
    within(end, now, APP_DAYS_MAX).ok_or(if end <= now { IN_THE_PAST } else { APP_TOO_LATE })
}

/// The end of a token in a tenant that allows lives of so many days.
pub fn token_end(end: Timestamp, max_days: u16, now: Timestamp) -> Result<Timestamp, TextFault> {
    within(end, now, max_days).ok_or(if end <= now { IN_THE_PAST } else { TOKEN_TOO_LATE })
}

/// The end of a token that lives from now on as long as it can, `life` milliseconds at most.
pub fn token_end_at_most(life: i64, max_days: u16, now: Timestamp) -> Timestamp {
    now.plus(life.min(i64::from(max_days) * DAY))
}

fn within(end: Timestamp, now: Timestamp, days: u16) -> Option<Timestamp> {
    let latest = now.plus(i64::from(days) * DAY);
    (end > now && end <= latest.plus(SLACK)).then_some(if end > latest { latest } else { end })
}

/// The networks that somebody typed, each once; or what is wrong with each, by its place. Too many are told at no
/// place.
pub fn addresses(typed: &[String]) -> Result<Vec<Network>, Vec<(Option<usize>, TextFault)>> {
    if typed.len() > NETWORKS_MAX {
        return Err(vec![(None, TOO_MANY)]);
    }
    let (mut networks, mut faults) = (Vec::new(), Vec::new());
    for (place, text) in typed.iter().enumerate() {
        match Network::parse(text) {
            Ok(network) if !networks.contains(&network) => networks.push(network),
            Ok(_) => {}
            Err(fault) => faults.push((Some(place), fault)),
        }
    }
    if faults.is_empty() { Ok(networks) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::NOT_A_NETWORK;
    use crate::scopes::ApiScope;

    fn at(days: i64) -> Timestamp {
        Timestamp::from_millis(days * DAY)
    }

    #[test]
    fn an_end_is_to_come_and_not_too_far_off() {
        assert_eq!(app_end(at(10), at(10)), Err(IN_THE_PAST));
        assert_eq!(app_end(at(11), at(10)), Ok(at(11)));
        assert_eq!(app_end(at(10 + 3660), at(10)), Ok(at(3670)));
        assert_eq!(app_end(at(10 + 3661), at(10)), Err(APP_TOO_LATE));
        assert_eq!(token_end(at(9), 30, at(10)), Err(IN_THE_PAST));
        assert_eq!(token_end(at(40), 30, at(10)), Ok(at(40)));
        assert_eq!(token_end(at(40).plus(HOUR), 30, at(10)), Ok(at(40)), "a clock that is fast");
        assert_eq!(token_end(at(40).plus(HOUR + 1), 30, at(10)), Err(TOKEN_TOO_LATE));
        assert_eq!(token_end(Timestamp::from_millis(i64::MAX), 30, at(10)), Err(TOKEN_TOO_LATE));
        assert_eq!(token_end(Timestamp::from_millis(i64::MIN), 30, at(10)), Err(IN_THE_PAST));
        assert_eq!(token_end_at_most(7 * DAY, 30, at(10)), at(17));
        assert_eq!(token_end_at_most(90 * DAY, 30, at(10)), at(40));
    }

    #[test]
    fn addresses_are_told_by_their_places() {
        let typed =
            |texts: &[&str]| addresses(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        let known = typed(&["10.0.0.0/8", " 10.0.0.0/8", "::1"]).unwrap();
        assert_eq!(known.iter().map(ToString::to_string).collect::<Vec<_>>(), ["10.0.0.0/8", "::1"]);
        let faults = typed(&["x", "10.0.0.1", "10.0.0.1/8"]).unwrap_err();
        assert_eq!(faults, [(Some(0), NOT_A_NETWORK), (Some(2), NOT_A_NETWORK)]);
        assert_eq!(addresses(&vec!["10.0.0.1".to_owned(); 51]), Err(vec![(None, TOO_MANY)]));
        assert!(addresses(&vec!["10.0.0.1".to_owned(); 50]).is_ok());
        assert!(TOO_MANY.to_string().contains(&NETWORKS_MAX.to_string()));
    }

    #[test]
    fn names_descriptions_and_scopes_are_bounded() {
        assert_eq!(name(" Deploy "), Ok("Deploy"));
        assert_eq!(name(&"x".repeat(201)), Err(TextFault::TooLong(200)));
        assert!(name(&"x".repeat(200)).is_ok() && name("").is_err() && name("a<b").is_err());
        assert_eq!(app_description(&"x".repeat(1001)), Err(TextFault::TooLong(1000)));
        assert!(app_description("").is_ok() && app_description(&"x".repeat(1000)).is_ok());
        assert_eq!(asked_scopes(ApiScopes::NONE), Err(NO_SCOPE));
        assert!(asked_scopes(ApiScopes::of(&[ApiScope::ReadUser])).is_ok());
    }
}
