//! Words that are put together.

use drawbridge_domain::credential::{AppStatus, TokenStatus};

use super::super::credential::Kind;
use crate::ui::{Icon, Tone, number};

/// More days than one ahead.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few whole days")]
pub(in super::super) fn in_days(days: f64) -> String {
    ["in ", &number(days as u64), " days"].concat()
}

/// How an app stands.
pub(in super::super) const fn app_status(status: AppStatus) -> (&'static str, Tone, Icon) {
    match status {
        AppStatus::Active => ("Active", Tone::Ok, Icon::Check),
        AppStatus::Disabled => ("Disabled", Tone::Neutral, Icon::Pause),
        AppStatus::Expired => ("Expired", Tone::Warn, Icon::Clock),
    }
}

/// How a token stands.
pub(in super::super) const fn token_status(status: TokenStatus) -> (&'static str, Tone, Icon) {
    match status {
        TokenStatus::Active => ("Active", Tone::Ok, Icon::Check),
        TokenStatus::Expired => ("Expired", Tone::Warn, Icon::Clock),
        TokenStatus::Revoked => ("Revoked", Tone::Bad, Icon::Error),
        TokenStatus::Suspended => ("Suspended", Tone::Neutral, Icon::Pause),
        TokenStatus::Blocked => ("Blocked", Tone::Bad, Icon::Lock),
    }
}

/// What scopes are about, as a heading.
pub(in super::super) fn noun(noun: &str) -> &'static str {
    match noun {
        "connection" => "Connections",
        "connector" => "Connectors",
        "gateway" => "Gateways",
        "user" => "Users and groups",
        "app" => "Apps",
        "token" => "Personal access tokens",
        "audit" => "Audit log",
        "workflow" => "Workflows",
        "instance" => "Instances",
        "task" => "Tasks",
        _ => "Others",
    }
}

/// How much is shown.
pub(in super::super) fn shown(kind: Kind, rows: usize, more: bool) -> String {
    let what = match (kind, rows) {
        (Kind::App, 1) => " app",
        (Kind::App, _) => " apps",
        (Kind::Token, 1) => " token",
        (Kind::Token, _) => " tokens",
    };
    [rows.to_string().as_str(), what, if more { " so far" } else { "" }].concat()
}

/// A number of days to choose.
pub(in super::super) fn days(days: u16) -> String {
    match days {
        1 => "1 day".to_owned(),
        365 => "12 months".to_owned(),
        _ => [&days.to_string(), " days"].concat(),
    }
}

/// The end that it has already.
pub(in super::super) fn as_it_is(day: &str) -> String {
    ["As it is: ", day].concat()
}

/// Which days can be chosen.
pub(in super::super) fn day_between(last: &str) -> String {
    ["Choose a day from today to ", last, "."].concat()
}

/// The longest life that the tenant allows.
pub(in super::super) fn longest(days: u16) -> String {
    ["Your tenant allows ", &self::days(days), " at most."].concat()
}

/// A line of the addresses that is wrong.
pub(in super::super) fn line(number: usize, text: &str, fault: &str) -> String {
    ["Line ", &number.to_string(), " (", text, "): ", fault].concat()
}

/// Too many lines.
pub(in super::super) fn too_many_lines(most: usize) -> String {
    ["Name at most ", &most.to_string(), " addresses and networks."].concat()
}

/// Asked before it is deleted.
pub(in super::super) fn delete_title(kind: Kind, name: &str) -> String {
    [if kind == Kind::App { "Delete app “" } else { "Delete token “" }, name, "”?"].concat()
}

/// Asked before it is revoked.
pub(in super::super) fn revoke_title(name: &str) -> String {
    ["Revoke token “", name, "”?"].concat()
}

/// Asked before a secret is replaced.
pub(in super::super) fn rotate_title(kind: Kind, name: &str) -> String {
    [if kind == Kind::App { "Rotate the secret of “" } else { "Rotate “" }, name, "”"].concat()
}

/// It was saved, deleted and so on.
pub(in super::super) fn done(name: &str, what: &str) -> String {
    ["“", name, "” ", what].concat()
}

/// Somebody else changed it meanwhile.
pub(in super::super) fn changed(name: &str) -> String {
    let rest = "”. Save again to replace it with what stands here, or cancel to leave it.";
    ["Somebody else changed it meanwhile. It is now “", name, rest].concat()
}

/// Shows a secret, by its name.
pub(in super::super) fn show(label: &str) -> String {
    ["Show ", label].concat()
}

/// The secret before the present one, by its name.
pub(in super::super) fn previous(label: &str) -> String {
    ["Previous ", label].concat()
}

/// Until when a secret works, before the time.
pub(in super::super) const UNTIL: &str = "Works until";

/// What of one's own ends soon: the first one, and how many there are.
pub(in super::super) fn ends(name: &str, when: &str, count: usize) -> String {
    let more = match count {
        0 | 1 => String::new(),
        2 => "; one more of yours ends within 30 days".to_owned(),
        _ => ["; ", &(count - 1).to_string(), " more of yours end within 30 days"].concat(),
    };
    ["“", name, "” ends ", when, &more].concat()
}

/// How to get an access token as an app, and use it.
pub(in super::super) fn how_app(origin: &str, client_id: &str) -> String {
    [
        "TOKEN=$(curl -s -u \"",
        client_id,
        ":$CLIENT_SECRET\" \\\n  -d grant_type=client_credentials \\\n  ",
        origin,
        "/oauth/token | jq -r .access_token)\n",
        &how_token(origin),
    ]
    .concat()
}

/// How to use a token.
pub(in super::super) fn how_token(origin: &str) -> String {
    ["curl -H \"Authorization: Bearer $TOKEN\" \\\n  ", origin, "/api/v1/connections"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lives_are_told_in_the_words_of_people() {
        assert_eq!([1, 7, 365, 366].map(days), ["1 day", "7 days", "12 months", "366 days"]);
        assert_eq!(shown(Kind::App, 1, false), "1 app");
        assert_eq!(shown(Kind::Token, 50, true), "50 tokens so far");
    }

    #[test]
    fn everything_that_scopes_are_about_has_a_heading() {
        for scope in drawbridge_domain::scopes::ApiScope::ALL {
            assert_ne!(noun(scope.code().split_once(':').unwrap().1), "Others", "{scope}");
        }
    }

    #[test]
    fn an_end_that_is_near_is_told_with_how_many_more_there_are() {
        assert_eq!(ends("CI", "in 5 days", 1), "“CI” ends in 5 days");
        assert_eq!(ends("CI", "tomorrow", 3), "“CI” ends tomorrow; 2 more of yours end within 30 days");
    }

    #[test]
    fn commands_name_our_own_origin() {
        let lines = how_app("https://bridge.example", "app_1");
        assert!(lines.contains("https://bridge.example/oauth/token | jq"));
        assert!(lines.contains("-u \"app_1:$CLIENT_SECRET\""));
        assert!(lines.ends_with("https://bridge.example/api/v1/connections"));
    }
}
