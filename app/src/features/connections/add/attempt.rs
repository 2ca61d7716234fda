//! Making the connection: once for each content of the form, however often the button is pressed.

use drawbridge_contract::endpoints::{DeleteConnection, MakeConnection};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connections::{Connection, ConnectionPath, CreateConnection};
use drawbridge_contract::types::life::DeleteConnectionQuery;
use drawbridge_contract::types::{Nothing, SecretText};
use drawbridge_domain::connection::Status;
use leptos::prelude::*;

use super::draft::Faults;
use crate::client::{ApiError, Options, call, call_with, new_key};

/// What the server refused, with what the fields held then.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refused {
    request: CreateConnection,
    /// The answer.
    pub(super) error: ApiError,
}

impl Refused {
    /// What the server says of the fields that still hold what it refused.
    pub(super) fn faults(&self, now: Option<&CreateConnection>) -> Faults {
        let ApiError::Problem(problem) = &self.error else { return Faults::new() };
        let still = |path: &str| now.is_some_and(|now| value(now, path) == value(&self.request, path));
        let fields = problem.fields.iter().filter(|field| still(&field.path));
        fields.map(|field| (field.path.clone(), field.message.clone())).collect()
    }

    /// What is wrong with the whole; nothing where the fields say it all.
    pub(super) fn notice(&self) -> Option<(String, String)> {
        use crate::client::words::{text, title};
        let by_field = matches!(&self.error, ApiError::Problem(problem) if !problem.fields.is_empty());
        let by_field = by_field && self.error.code() == Some(ProblemCode::InvalidFields);
        (!by_field).then(|| (title(&self.error), text(&self.error)))
    }
}

/// What a request says at the path of a field.
fn value<'a>(request: &'a CreateConnection, path: &str) -> Option<&'a str> {
    match path.split_once('.') {
        Some(("settings", id)) => request.settings.get(id).map(String::as_str),
        Some(("credentials", id)) => request.credentials.get(id).map(SecretText::expose),
        _ if path == "name" => Some(&request.name),
        _ if path == "auth" => Some(&request.auth),
        _ => None,
    }
}

/// The attempts of one open panel.
#[derive(Clone, Copy)]
pub(super) struct Attempts {
    /// A request is on its way.
    pub(super) busy: RwSignal<bool>,
    /// The button was pressed: from now on every fault is shown.
    pub(super) tried: RwSignal<bool>,
    /// What the last answer refused.
    pub(super) refused: RwSignal<Option<Refused>>,
    /// The request that has no answer yet, and its key.
    open: StoredValue<Option<(CreateConnection, String)>>,
    /// The connection that was made and waits for its sign-in, and from what.
    made: StoredValue<Option<(CreateConnection, Connection)>>,
}

impl Attempts {
    /// No attempt yet.
    pub(super) fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            tried: RwSignal::new(false),
            refused: RwSignal::new(None),
            open: StoredValue::new(None),
            made: StoredValue::new(None),
        }
    }

    /// Starts afresh, for another connector or a panel that was closed.
    pub(super) fn forget(self) {
        self.busy.try_set(false);
        self.tried.try_set(false);
        self.refused.try_set(None);
        self.open.try_set_value(None);
        self.made.try_set_value(None);
    }

    /// Makes the connection, or takes the one that was made from the same request and waits for its sign-in.
    /// `None`: it was refused, and why is in [`Self::refused`].
    pub(super) async fn make(self, request: CreateConnection) -> Option<Connection> {
        match self.made.try_get_value().flatten() {
            Some((from, made)) if from == request => return Some(made),
            Some((_, made)) => {
                self.made.try_set_value(None);
                discard(made).await;
            }
            None => (),
        }
        let key = match self.open.try_get_value().flatten() {
            Some((same, key)) if same == request => key,
            _ => new_key(),
        };
        self.open.try_set_value(Some((request.clone(), key.clone())));
        let options = Options { idempotency_key: Some(key), ..Options::default() };
        let answer = call_with::<MakeConnection>(&Nothing {}, &Nothing {}, &request, options).await;
        match answer {
            Ok(made) => {
                self.open.try_set_value(None);
                self.made.try_set_value(Some((request, made.value.clone())));
                Some(made.value)
            }
            Err(error) => {
                if matches!(error, ApiError::Problem(_)) {
                    // An answer is an end: what is sent after it is a new request. Without an answer the same
                    // request may have been carried out, and goes again under its own key.
                    self.open.try_set_value(None);
                }
                self.refused.try_set(Some(Refused { request, error }));
                None
            }
        }
    }

    /// The connection that was made is finished with, well or badly.
    pub(super) fn release(self) {
        self.made.try_set_value(None);
    }
}

/// Removes what an earlier content of the form left pending. It would be swept away anyway.
async fn discard(made: Connection) {
    let path = ConnectionPath { connection: made.summary.id };
    let only = DeleteConnectionQuery { status: Some(Status::Pending) };
    call::<DeleteConnection>(&path, &only, &Nothing {}).await.ok();
}

#[cfg(test)]
mod tests {
    use super::*;
    use drawbridge_contract::problem::{FieldProblem, Problem};

    fn request(name: &str, subdomain: &str) -> CreateConnection {
        CreateConnection {
            connector: "zendesk".into(),
            name: name.into(),
            auth: "token".into(),
            settings: [("subdomain".to_owned(), subdomain.to_owned())].into(),
            credentials: [("apiToken".to_owned(), SecretText::new("t".into()))].into(),
            oauth_client: None,
            sealed: Vec::new(),
        }
    }

    fn refused(code: ProblemCode, paths: &[&str]) -> Refused {
        let mut problem = Problem::new(code, "It said: no.".into(), "req_1".into());
        problem.fields = paths
            .iter()
            .map(|path| FieldProblem { path: (*path).into(), code: "x".into(), message: "Wrong.".into() })
            .collect();
        Refused { request: request("A", "acme"), error: ApiError::Problem(Box::new(problem)) }
    }

    #[test]
    fn a_servers_word_on_a_field_stands_until_the_field_changes() {
        let refused =
            refused(ProblemCode::InvalidFields, &["name", "settings.subdomain", "credentials.apiToken"]);
        assert_eq!(refused.faults(Some(&request("A", "acme"))).len(), 3);
        let left = refused.faults(Some(&request("B", "acme")));
        assert_eq!(left.keys().collect::<Vec<_>>(), ["credentials.apiToken", "settings.subdomain"]);
        assert!(refused.faults(None).is_empty());
        assert_eq!(refused.notice(), None);
    }

    #[test]
    fn refused_credentials_are_told_in_the_providers_words() {
        let refused = refused(ProblemCode::CredentialsRefused, &[]);
        let (title, text) = refused.notice().unwrap();
        assert_eq!(title, ProblemCode::CredentialsRefused.title());
        assert_eq!(text, "It said: no.");
    }
}
