//! The command line. Secrets have no place in it: others on the machine can read it, and shells keep it.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use drawbridge_domain::credential::{CLIENT_SECRET, PERSONAL_TOKEN};
use drawbridge_domain::time::{DAY, Timestamp};
use serde::de::DeserializeOwned;

use crate::http::now;
use crate::nouns::{
    apps, audit, completion, connections, connectors, gateways, groups, login, oauth_clients, profiles,
    tokens, users,
};

/// Drawbridge from the command line: connections, apps, tokens, people and the audit log of a deployment.
#[derive(Debug, Parser)]
#[command(name = "drawbridge", version, after_help = AFTER, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    /// What every command takes.
    #[command(flatten)]
    pub(crate) globals: Globals,
    /// The command.
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER: &str = "\
Exit codes: 0 done, 1 failure or the answer is no, 2 wrong command line, 3 not signed in, 4 forbidden, 5 not found, \
6 conflict, 7 bad input, 8 unavailable or too many calls.

Environment: DRAWBRIDGE_SERVER; DRAWBRIDGE_TOKEN, or DRAWBRIDGE_CLIENT_ID and DRAWBRIDGE_CLIENT_SECRET; \
DRAWBRIDGE_PROFILE; DRAWBRIDGE_CA_FILE; NO_COLOR.";

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "For every command")]
pub(crate) struct Globals {
    /// The deployment's address
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) server: Option<String>,
    /// The sign-in to use
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Answer with the API's own JSON, a line for each object; errors too
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Answer with ids and secrets only, and say nothing beside
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Do what cannot be undone without asking
    #[arg(short, long, global = true)]
    pub(crate) yes: bool,
    /// The longest to wait, in all, before trying again what the server had no room for
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) max_wait: u64,
    /// Make what is created happen once, however often the command runs with this key within a day
    #[arg(long, global = true, value_name = "KEY", value_parser = key)]
    pub(crate) idempotency_key: Option<String>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sign in at a deployment with a token or an app, read from standard input
    Login(login::SignIn),
    /// Forget a sign-in
    Logout,
    /// Say who is signed in, and as what
    Whoami,
    /// The sign-ins on this machine
    #[command(subcommand)]
    Profiles(profiles::Command),
    /// Connections to applications
    #[command(subcommand, visible_alias = "connection")]
    Connections(connections::Command),
    /// What connections can be made to
    #[command(subcommand, visible_alias = "connector")]
    Connectors(connectors::Command),
    /// OAuth clients: what connections with a sign-in are made through
    #[command(subcommand, name = "oauth-clients", visible_alias = "oauth-client")]
    OAuthClients(oauth_clients::Command),
    /// Apps: machine identities of the tenant
    #[command(subcommand, visible_alias = "app")]
    Apps(apps::Command),
    /// Personal access tokens
    #[command(subcommand, visible_alias = "token")]
    Tokens(tokens::Command),
    /// Gateways: agents in your own network
    #[command(subcommand, visible_alias = "gateway")]
    Gateways(gateways::Command),
    /// Users of the tenant
    #[command(subcommand, visible_alias = "user")]
    Users(users::Command),
    /// Groups of users
    #[command(subcommand, visible_alias = "group")]
    Groups(groups::Command),
    /// The audit log
    #[command(subcommand)]
    Audit(audit::Command),
    /// Write a script that completes commands in a shell
    Completion(completion::Command),
}

/// How much of a list.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Limit {
    /// At most so many; all when absent
    #[arg(long, value_name = "NUMBER")]
    pub(crate) limit: Option<usize>,
}

/// A choice of words of the API.
pub(crate) fn coded<T>(codes: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(codes).try_map(|word| serde_json::from_value::<T>(word.into()))
}

fn key(text: &str) -> Result<String, String> {
    let fits = (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(text.to_owned()) } else { Err("1 to 255 visible ASCII characters".to_owned()) }
}

/// A moment: `2027-01-31`, `2027-01-31T12:00:00Z`, or `30d` from now.
pub(crate) fn moment(text: &str) -> Result<Timestamp, String> {
    let days = text.strip_suffix('d').and_then(|days| days.parse::<u16>().ok());
    days.map(|days| now().plus(i64::from(days) * DAY))
        .or_else(|| Timestamp::parse(text))
        .or_else(|| Timestamp::parse(&format!("{text}T00:00:00Z")))
        .ok_or_else(|| {
            "a day (2027-01-31), a moment (2027-01-31T12:00:00Z) or days from now (30d)".to_owned()
        })
}

/// A name and a value: `name=value`.
pub(crate) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("NAME=VALUE".to_owned()),
    }
}

/// A text without what looks like a secret of ours, for one that was typed where it does not belong.
pub(crate) fn without_secrets(text: &str) -> String {
    let mut shown = text.to_owned();
    for prefix in [PERSONAL_TOKEN, CLIENT_SECRET] {
        let mut parts = shown.split(prefix);
        let mut clean = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            clean.push_str(prefix);
            clean.push('…');
            clean.push_str(part.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric()));
        }
        shown = clean;
    }
    shown
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_secret_that_was_typed_is_not_repeated() {
        let text = Arguments::try_parse_from(["drawbridge", "login", "dbr_pat_0123abcABC", "--x=dbr_app_9"]);
        let text = without_secrets(&text.unwrap_err().render().to_string());
        assert!(text.contains("dbr_pat_…") && !text.contains("0123abc"), "{text}");
        assert_eq!(without_secrets("a dbr_app_x9 b dbr_app_"), "a dbr_app_… b dbr_app_…");
    }

    #[test]
    fn moments_are_days_moments_or_from_now() {
        assert_eq!(moment("2027-01-31").unwrap().to_string(), "2027-01-31T00:00:00.000Z");
        assert_eq!(moment("2027-01-31T12:00:00+01:00").unwrap().to_string(), "2027-01-31T11:00:00.000Z");
        let later = moment("30d").unwrap().since(now());
        assert!((30 * DAY - 1000..=30 * DAY).contains(&later), "{later}");
        for bad in ["", "d", "-1d", "31.1.2027", "2027-13-01", "99999d"] {
            assert!(moment(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_cannot_be_understood_is_refused() {
        for bad in [
            "drawbridge",
            "drawbridge nothing",
            "drawbridge connections",
            "drawbridge connections list --status lost",
            "drawbridge connections list --limit -1",
            "drawbridge apps add",
            "drawbridge gateways list --status gone",
            "drawbridge gateways rename x",
            "drawbridge apps add x --scope read:nothing",
            "drawbridge apps rotate x --grace soon",
            "drawbridge users invite a@example.org --role king",
            "drawbridge audit export --format xml",
            "drawbridge --idempotency-key= whoami",
            "drawbridge whoami --token x",
        ] {
            assert!(Arguments::try_parse_from(bad.split(' ')).is_err(), "{bad}");
        }
    }
}
