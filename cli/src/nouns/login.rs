//! `drawbridge login`, `logout`, `whoami`.

use clap::Args;
use drawbridge_contract::endpoints::ReadSession;
use drawbridge_contract::types::sessions::{Caller, CredentialKind};
use drawbridge_contract::types::{Nothing, SecretText};
use drawbridge_domain::credential::{BadCredential, CLIENT_SECRET, PERSONAL_TOKEN, checked};
use drawbridge_domain::id::{AppId, Id};

use crate::fault::Fault;
use crate::http::{Answered, Client, Manner};
use crate::out::{Cell, Out};
use crate::profile::{Credential, File, Picked, Profile, USUAL, Wish};
use crate::session::{Session, secret_input};

/// A sign-in.
#[derive(Debug, Args)]
#[command(after_help = "\
The secret is read from standard input, or from DRAWBRIDGE_TOKEN or DRAWBRIDGE_CLIENT_SECRET; it is tried before it is \
kept. Make a token at Settings, Apps and tokens in the console.")]
pub(crate) struct SignIn {
    /// Sign in as this app, with its client secret
    #[arg(long, value_name = "CLIENT_ID")]
    app: Option<String>,
}

/// Tries a credential and keeps it.
pub(crate) fn sign_in(command: SignIn, wish: &Wish, manner: Manner, out: Out) -> Result<(), Fault> {
    let file = File::find()?;
    let mut profiles = file.read()?;
    let name = wish.profile().unwrap_or(USUAL).to_owned();
    let known = profiles.profiles.get(&name).map(|profile| profile.server.clone());
    let server =
        wish.server()?.or(known).ok_or_else(|| Fault::Usage("Which server? Say --server URL.".to_owned()))?;
    let client_id = command.app.as_ref().or(wish.client_id.as_ref());
    let credential = match client_id {
        Some(id) => {
            let client_id = AppId::parse(id)
                .map_err(|_| Fault::Usage(format!("{id} is no app's id: they begin with app_.")))?;
            let client_secret = given(wish.client_secret.as_ref(), CLIENT_SECRET, "Client secret")?;
            Credential::App { client_id, client_secret, access: None }
        }
        None => {
            Credential::Token { token: given(wish.token.as_ref(), PERSONAL_TOKEN, "Personal access token")? }
        }
    };
    let profile = Profile { server: server.clone(), credential };
    let client = Client::new(Picked { profile, name: None }, manner, out)?;
    let answered = client.at::<ReadSession>(&Nothing {})?;
    let profile = Profile { server: server.clone(), credential: client.credential() };
    profiles.profiles.insert(name.clone(), profile);
    profiles.current = Some(name.clone());
    file.write(&profiles)?;
    if out.json {
        return out.line(&answered.text);
    }
    let Caller { tenant, .. } = &answered.value;
    out.done(&format!(
        "Signed in at {server} as {}, tenant {}. Kept as “{name}” in {}.",
        caller(&answered.value),
        tenant.name,
        file.path().display()
    ))
}

fn given(known: Option<&String>, prefix: &'static str, prompt: &str) -> Result<SecretText, Fault> {
    let secret = match known {
        Some(secret) => SecretText::new(secret.clone()),
        None => secret_input(prompt)?,
    };
    match checked(prefix, secret.expose()) {
        Ok(()) => Ok(secret),
        Err(BadCredential::Malformed) => Err(Fault::Usage(format!(
            "{prompt}: what was given is none. It begins with {prefix} and goes into standard input."
        ))),
        Err(BadCredential::Mistyped) => {
            Err(Fault::Usage(format!("{prompt}: a character of it is wrong or missing. Copy it again.")))
        }
    }
}

/// Forgets a sign-in; an app's access token is ended.
pub(crate) fn sign_out(wish: &Wish, manner: Manner, out: Out) -> Result<(), Fault> {
    let file = File::find()?;
    let mut profiles = file.read()?;
    let name = wish.profile().or(profiles.current.as_deref()).unwrap_or(USUAL).to_owned();
    let Some(profile) = profiles.profiles.remove(&name) else {
        return Err(Fault::SignedOut(format!("There is no profile “{name}”.")));
    };
    if profiles.current.as_ref() == Some(&name) {
        profiles.current = profiles.profiles.keys().next().cloned();
    }
    file.write(&profiles)?;
    let is_token = matches!(profile.credential, Credential::Token { .. });
    let ended =
        Client::new(Picked { profile, name: None }, manner, out).and_then(|client| client.end_access());
    if let Err(fault) = ended {
        out.warn(&format!(
            "note: the app's access token was not ended; it ends within the hour. {}",
            fault.text()
        ));
    }
    out.done(&format!("“{name}” is forgotten."))?;
    if is_token {
        out.note("The token itself still works: end it with `drawbridge tokens revoke` or in the console.");
    }
    Ok(())
}

/// Says who calls.
pub(crate) fn who(session: &Session) -> Result<(), Fault> {
    let answered: Answered<Caller> = session.client.at::<ReadSession>(&Nothing {})?;
    if session.out.quiet && !session.out.json {
        return session.out.line(&caller(&answered.value));
    }
    let server = session.client.server().to_string();
    session.show(&answered, |who| {
        let credential = who.credential.as_ref();
        let scopes = credential.map(|credential| super::credentials::shown(credential.scopes));
        let with = credential.map(|credential| format!("{} ({})", credential.name, credential.id));
        let kind = match credential.map(|credential| credential.kind) {
            Some(CredentialKind::App) => "App",
            _ => "Token",
        };
        vec![
            ("Server", server.into()),
            ("Tenant", format!("{} ({})", who.tenant.name, who.tenant.id).into()),
            ("User", who.user.as_ref().map(|_| caller(who)).unwrap_or_default().into()),
            ("Role", who.role.name().into()),
            (kind, with.unwrap_or_default().into()),
            ("Scopes", scopes.unwrap_or_default().into()),
            ("Ends", Cell::when(credential.and_then(|credential| credential.expires_at))),
        ]
    })
}

/// Who calls, in a few words.
fn caller(who: &Caller) -> String {
    match (&who.user, &who.credential) {
        (Some(user), _) => format!("{} {} <{}>", user.first_name, user.last_name, user.email),
        (None, Some(credential)) => format!("the app {}", credential.name),
        (None, None) => "nobody that has a name".to_owned(),
    }
}
