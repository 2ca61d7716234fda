//! The calls of the page: each for an app or a token, whichever it is.

use drawbridge_contract::endpoint::Endpoint;
use drawbridge_contract::endpoints as api;
use drawbridge_contract::types::apps::{
    App, AppPath, AppSecrets, AppWithSecret, ListAppsQuery, RotateSecret,
};
use drawbridge_contract::types::tokens::{ListTokensQuery, Token, TokenPath, TokenSecrets, TokenWithSecret};
use drawbridge_contract::types::{Nothing, SecretText};
use drawbridge_domain::credential::Grace;
use drawbridge_domain::id::{AppId, Id, TokenId, UserId};
use drawbridge_domain::time::Timestamp;

use super::credential::{Credential, Kind};
use crate::client::paged::{Page, Part};
use crate::client::{Answered, ApiError, call};

/// Something just made, with its secret; without it where the answer was a repeated one.
#[derive(Clone, PartialEq)]
pub(super) struct Made {
    pub(super) credential: Credential,
    pub(super) secret: Option<String>,
}

/// Secrets that were shown again: the present one, then the one before it.
#[derive(Clone, PartialEq)]
pub(super) struct Shown {
    pub(super) secret: String,
    pub(super) previous: Option<String>,
}

fn told(secret: Option<SecretText>) -> Option<String> {
    secret.map(|secret| secret.expose().to_owned())
}

pub(super) fn app_made(AppWithSecret { app, secret }: AppWithSecret) -> Made {
    Made { credential: Credential::App(app), secret: told(secret) }
}

pub(super) fn token_made(TokenWithSecret { token, secret }: TokenWithSecret) -> Made {
    Made { credential: Credential::Token(token), secret: told(secret) }
}

pub(super) fn an_app(answer: Answered<App>) -> Answered<Credential> {
    Answered { value: Credential::App(answer.value), etag: answer.etag }
}

pub(super) fn a_token(answer: Answered<Token>) -> Answered<Credential> {
    Answered { value: Credential::Token(answer.value), etag: answer.etag }
}

/// A page of the list.
pub(super) async fn list(kind: Kind, search: String, part: Part) -> Result<Page<Credential>, ApiError> {
    let search = (!search.is_empty()).then_some(search);
    let (cursor, page_size) = part;
    let (items, next) = match kind {
        Kind::App => {
            let query = ListAppsQuery { search, ends_before: None, cursor, page_size };
            let list = call::<api::ListApps>(&Nothing {}, &query, &Nothing {}).await?.value;
            (list.items.into_iter().map(Credential::App).collect(), list.next_cursor)
        }
        Kind::Token => {
            let query = ListTokensQuery { search, user: None, ends_before: None, cursor, page_size };
            let list = call::<api::ListTokens>(&Nothing {}, &query, &Nothing {}).await?.value;
            (list.items.into_iter().map(Credential::Token).collect(), list.next_cursor)
        }
    };
    Ok(Page { items, next, counts: None })
}

/// What somebody has that is not over and ends before a moment, the first end first.
pub(super) async fn ending(me: UserId, before: Timestamp) -> Result<Vec<Credential>, ApiError> {
    let (ends_before, none) = (Some(before), Nothing {});
    let tokens = ListTokensQuery { user: Some(me.clone()), ends_before, ..ListTokensQuery::default() };
    let tokens = call::<api::ListTokens>(&none, &tokens, &none).await?.value.items;
    let apps = ListAppsQuery { ends_before, ..ListAppsQuery::default() };
    let apps = call::<api::ListApps>(&none, &apps, &none).await?.value.items;
    let apps = apps.into_iter().filter(|app| app.created_by.id == me).map(Credential::App);
    let mut ending: Vec<Credential> = tokens.into_iter().map(Credential::Token).chain(apps).collect();
    ending.sort_by_key(Credential::expires_at);
    Ok(ending)
}

/// The one with this id; nothing where it is no id.
pub(super) async fn read(id: String) -> Option<Result<Answered<Credential>, ApiError>> {
    if let Ok(app) = AppId::parse(&id) {
        return Some(on_app::<api::ReadApp>(app).await.map(an_app));
    }
    let token = TokenId::parse(&id).ok()?;
    Some(on_token::<api::ReadToken>(token).await.map(a_token))
}

/// Gives it a new secret.
pub(super) async fn rotate(credential: Credential, grace: Grace) -> Result<Made, ApiError> {
    let body = RotateSecret { grace };
    match credential {
        Credential::App(App { id, .. }) => {
            let path = AppPath { app: id };
            call::<api::RotateAppSecret>(&path, &Nothing {}, &body).await.map(|answer| app_made(answer.value))
        }
        Credential::Token(Token { id, .. }) => {
            let path = TokenPath { token: id };
            call::<api::RotateToken>(&path, &Nothing {}, &body).await.map(|answer| token_made(answer.value))
        }
    }
}

/// Shows its secrets again.
pub(super) async fn show(credential: Credential) -> Result<Shown, ApiError> {
    match credential {
        Credential::App(App { id, .. }) => {
            let AppSecrets { client_secret, previous, .. } = on_app::<api::ReadAppSecret>(id).await?.value;
            Ok(Shown { secret: client_secret.expose().to_owned(), previous: told(previous) })
        }
        Credential::Token(Token { id, .. }) => {
            let TokenSecrets { secret, previous } = on_token::<api::ReadTokenSecret>(id).await?.value;
            Ok(Shown { secret: secret.expose().to_owned(), previous: told(previous) })
        }
    }
}

/// Deletes it.
pub(super) async fn delete(credential: Credential) -> Result<(), ApiError> {
    match credential {
        Credential::App(App { id, .. }) => on_app::<api::DeleteApp>(id).await.map(drop),
        Credential::Token(Token { id, .. }) => on_token::<api::DeleteToken>(id).await.map(drop),
    }
}

/// Ends a token; an app has no such end.
pub(super) async fn revoke(credential: Credential) -> Result<(), ApiError> {
    match credential {
        Credential::App(_) => Ok(()),
        Credential::Token(Token { id, .. }) => on_token::<api::RevokeToken>(id).await.map(drop),
    }
}

/// Switches an app on or off.
pub(super) async fn switch(id: AppId, on: bool) -> Result<(), ApiError> {
    if on {
        on_app::<api::ActivateApp>(id).await.map(drop)
    } else {
        on_app::<api::DisableApp>(id).await.map(drop)
    }
}

async fn on_app<E: Endpoint<Params = AppPath, Query = Nothing, Body = Nothing>>(
    app: AppId,
) -> Result<Answered<E::Answer>, ApiError> {
    call::<E>(&AppPath { app }, &Nothing {}, &Nothing {}).await
}

async fn on_token<E: Endpoint<Params = TokenPath, Query = Nothing, Body = Nothing>>(
    token: TokenId,
) -> Result<Answered<E::Answer>, ApiError> {
    call::<E>(&TokenPath { token }, &Nothing {}, &Nothing {}).await
}
