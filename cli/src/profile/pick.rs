//! What is asked with, of all that could be meant. A profile's credential never goes to another server than its own.

use drawbridge_contract::types::SecretText;
use drawbridge_domain::id::{AppId, Id};

use super::{Credential, Profile, Profiles, USUAL};
use crate::fault::Fault;
use crate::server::Server;

/// What the command line and the surroundings say. It may hold secrets, so it cannot be printed.
#[derive(Clone, Default)]
pub(crate) struct Wish {
    /// `--profile`.
    pub(crate) profile: Option<String>,
    /// `--server`.
    pub(crate) server: Option<String>,
    /// `DRAWBRIDGE_PROFILE`.
    pub(crate) usual_profile: Option<String>,
    /// `DRAWBRIDGE_SERVER`.
    pub(crate) usual_server: Option<String>,
    /// `DRAWBRIDGE_TOKEN`.
    pub(crate) token: Option<String>,
    /// `DRAWBRIDGE_CLIENT_ID`.
    pub(crate) client_id: Option<String>,
    /// `DRAWBRIDGE_CLIENT_SECRET`.
    pub(crate) client_secret: Option<String>,
}

/// A variable of the surroundings; one that is empty is none.
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

impl Wish {
    /// With what the surroundings say.
    pub(crate) fn new(profile: Option<String>, server: Option<String>) -> Self {
        Self {
            profile,
            server,
            usual_profile: environment("DRAWBRIDGE_PROFILE"),
            usual_server: environment("DRAWBRIDGE_SERVER"),
            token: environment("DRAWBRIDGE_TOKEN"),
            client_id: environment("DRAWBRIDGE_CLIENT_ID"),
            client_secret: environment("DRAWBRIDGE_CLIENT_SECRET"),
        }
    }

    /// The server that is named.
    pub(crate) fn server(&self) -> Result<Option<Server>, Fault> {
        let named = self.server.as_ref().or(self.usual_server.as_ref());
        named.map(|text| Server::parse(text).map_err(|words| Fault::Usage(format!("{words}.")))).transpose()
    }

    /// The profile that is named.
    pub(crate) fn profile(&self) -> Option<&str> {
        self.profile.as_deref().or(self.usual_profile.as_deref())
    }

    /// The credential of the surroundings. A profile that the command line names comes before it.
    pub(crate) fn credential(&self) -> Result<Option<Credential>, Fault> {
        let app = match (&self.client_id, &self.client_secret) {
            (None, None) => None,
            (Some(id), Some(secret)) => {
                let client_id = AppId::parse(id).map_err(|_| {
                    Fault::Usage(format!("DRAWBRIDGE_CLIENT_ID is {id}, which is no app's id."))
                })?;
                Some(Credential::App {
                    client_id,
                    client_secret: SecretText::new(secret.clone()),
                    access: None,
                })
            }
            _ => {
                let words = "DRAWBRIDGE_CLIENT_ID and DRAWBRIDGE_CLIENT_SECRET are needed both.";
                return Err(Fault::Usage(words.to_owned()));
            }
        };
        match (self.token.clone(), app) {
            (Some(_), Some(_)) => Err(Fault::Usage(
                "DRAWBRIDGE_TOKEN and DRAWBRIDGE_CLIENT_ID are both set: unset the one that is not meant."
                    .to_owned(),
            )),
            (Some(token), None) => Ok(Some(Credential::Token { token: SecretText::new(token) })),
            (None, app) => Ok(app),
        }
    }
}

/// What is asked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picked {
    /// The server and the credential.
    pub(crate) profile: Profile,
    /// The profile's name; none where the credential is from the surroundings.
    pub(crate) name: Option<String>,
}

/// What is meant, of these profiles and of the surroundings.
pub(crate) fn pick(wish: &Wish, profiles: &Profiles) -> Result<Picked, Fault> {
    let server = wish.server()?;
    if wish.profile.is_none()
        && let Some(credential) = wish.credential()?
    {
        // Not a profile's server: it could be another than the one that the credential is for.
        let server = server.ok_or_else(|| {
            Fault::Usage(
                "For which server is the credential? Say --server URL, or set DRAWBRIDGE_SERVER.".to_owned(),
            )
        })?;
        return Ok(Picked { profile: Profile { server, credential }, name: None });
    }
    let name = match (wish.profile(), &server) {
        (Some(name), _) => name.to_owned(),
        (None, Some(server)) => by_server(server, profiles)?,
        (None, None) => profiles.current.clone().unwrap_or_else(|| USUAL.to_owned()),
    };
    let Some(profile) = profiles.profiles.get(&name) else {
        return Err(Fault::SignedOut(format!("There is no profile “{name}”.")));
    };
    if let Some(server) = server.filter(|server| *server != profile.server) {
        return Err(Fault::Usage(format!(
            "The profile “{name}” is for {}, and its credential is not sent to {server}. Sign in there: \
             drawbridge login --server {server} --profile NAME",
            profile.server
        )));
    }
    Ok(Picked { profile: profile.clone(), name: Some(name) })
}

fn by_server(server: &Server, profiles: &Profiles) -> Result<String, Fault> {
    let names: Vec<&String> = profiles
        .profiles
        .iter()
        .filter(|(_, profile)| profile.server == *server)
        .map(|(name, _)| name)
        .collect();
    if let Some(current) = names.iter().find(|name| profiles.current.as_ref() == Some(**name)) {
        return Ok((*current).clone());
    }
    match names.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Fault::SignedOut(format!("There is no profile for {server}."))),
        several => {
            let several: Vec<&str> = several.iter().map(|name| name.as_str()).collect();
            Err(Fault::Usage(format!(
                "Which profile for {server}? --profile {}",
                several.join(" or --profile ")
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> Credential {
        Credential::Token { token: SecretText::new(text.to_owned()) }
    }

    fn profiles() -> Profiles {
        let one = |server: &str, text: &str| Profile {
            server: Server::parse(server).unwrap(),
            credential: token(text),
        };
        let all = [
            ("default".to_owned(), one("https://a.example", "a")),
            ("b".to_owned(), one("https://b.example", "b")),
            ("c".to_owned(), one("https://c.example", "c1")),
            ("c2".to_owned(), one("https://c.example", "c2")),
        ];
        Profiles { current: Some("default".to_owned()), profiles: all.into() }
    }

    fn wish(profile: Option<&str>, server: Option<&str>) -> Wish {
        Wish { profile: profile.map(str::to_owned), server: server.map(str::to_owned), ..Wish::default() }
    }

    fn picked(wish: &Wish) -> (String, Option<String>, Credential) {
        let picked = pick(wish, &profiles()).unwrap();
        (picked.profile.server.to_string(), picked.name, picked.profile.credential)
    }

    #[test]
    fn a_profiles_credential_goes_to_its_own_server_only() {
        assert_eq!(picked(&wish(None, None)).2, token("a"));
        assert_eq!(picked(&wish(Some("b"), None)).2, token("b"));
        assert_eq!(picked(&wish(None, Some("b.example"))).2, token("b"));
        let fault = |wish: &Wish| pick(wish, &profiles()).unwrap_err();
        assert!(matches!(fault(&wish(Some("b"), Some("https://a.example"))), Fault::Usage(_)));
        assert!(matches!(fault(&wish(None, Some("https://d.example"))), Fault::SignedOut(_)));
        assert!(matches!(fault(&wish(Some("none"), None)), Fault::SignedOut(_)));
        let Fault::Usage(words) = fault(&wish(None, Some("https://c.example"))) else { panic!() };
        assert!(words.contains("--profile c or --profile c2"), "{words}");
    }

    #[test]
    fn the_surroundings_come_before_the_file_and_after_the_command_line() {
        let mut wish = wish(None, None);
        wish.token = Some("env".to_owned());
        assert!(matches!(pick(&wish, &profiles()), Err(Fault::Usage(_))), "not to a profile's server");
        wish.usual_server = Some("https://e.example".to_owned());
        assert_eq!(picked(&wish), ("https://e.example".to_owned(), None, token("env")));
        wish.usual_server = None;
        wish.profile = Some("b".to_owned());
        assert_eq!(picked(&wish).2, token("b"));
        wish.profile = None;
        wish.client_id = Some("x".to_owned());
        assert!(matches!(pick(&wish, &profiles()), Err(Fault::Usage(_))), "half an app");
        wish.client_secret = Some("y".to_owned());
        assert!(matches!(pick(&wish, &profiles()), Err(Fault::Usage(_))), "no id");
        wish.client_id = Some(AppId::new(1, [1; 10]).to_string());
        assert!(matches!(pick(&wish, &profiles()), Err(Fault::Usage(_))), "a token and an app");
        wish.token = None;
        wish.usual_server = Some("https://e.example".to_owned());
        assert!(matches!(picked(&wish).2, Credential::App { .. }));
    }
}
