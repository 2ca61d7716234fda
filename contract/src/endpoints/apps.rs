//! Apps.

use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScope;

use super::endpoint;
use crate::endpoint::{Access, Audit, Method, Reach};
use crate::problem::ProblemCode as P;
use crate::types::apps::{
    App, AppPath, AppSecrets, AppWithSecret, ChangeApp, CreateApp, ListAppsQuery, RotateSecret,
};
use crate::types::{List, Nothing};

const DEVELOPERS: Access = Access::Role(Role::Developer);

endpoint! {
    /// The tenant's apps, without their secrets.
    ListApps {
        summary: "List apps", tag: "Apps",
        method: Method::Get, path: "/api/v1/apps", access: DEVELOPERS, reach: Reach::Scope(ApiScope::ReadApp),
    }
    Nothing, ListAppsQuery, Nothing => List<App>
}
endpoint! {
    /// Makes an app. Its secret is told in this answer.
    MakeApp {
        summary: "Make an app", tag: "Apps",
        method: Method::Post, path: "/api/v1/apps", access: DEVELOPERS, reach: Reach::Scope(ApiScope::ManageApp), success: 201,
        audit: Audit::Records(&["app.created"]), etag: true, idempotent: true, problems: &[P::BeyondItself, P::QuotaExceeded],
    }
    Nothing, Nothing, CreateApp => AppWithSecret
}
endpoint! {
    /// One app, without its secret.
    ReadApp {
        summary: "Read an app", tag: "Apps",
        method: Method::Get, path: "/api/v1/apps/{app}", access: DEVELOPERS, reach: Reach::Scope(ApiScope::ReadApp), etag: true, problems: &[P::NotFound],
    }
    AppPath, Nothing, Nothing => App
}
endpoint! {
    /// Changes an app's name, description, scopes, addresses or end.
    ChangeAppSettings {
        summary: "Change an app", tag: "Apps",
        method: Method::Patch, path: "/api/v1/apps/{app}", access: DEVELOPERS, reach: Reach::Scope(ApiScope::ManageApp),
        audit: Audit::Records(&["app.changed"]), etag: true, if_match: true, problems: &[P::BeyondItself, P::NotFound],
    }
    AppPath, Nothing, ChangeApp => App
}
endpoint! {
    /// Deletes an app for good. Its tokens work no more.
    DeleteApp {
        summary: "Delete an app", tag: "Apps",
        method: Method::Delete, path: "/api/v1/apps/{app}", access: DEVELOPERS, reach: Reach::Scope(ApiScope::ManageApp), success: 204,
        audit: Audit::Records(&["app.deleted"]), problems: &[P::NotFound],
    }
    AppPath, Nothing, Nothing => Nothing
}
endpoint! {
    /// Shows an app's secret again, where the tenant keeps secrets; 409 where it does not.
    ReadAppSecret {
        summary: "Show an app's secret", tag: "Apps",
        method: Method::Get, path: "/api/v1/apps/{app}/secret", access: DEVELOPERS, reach: Reach::Scope(ApiScope::ManageApp),
        audit: Audit::Records(&["app.secret_viewed"]), problems: &[P::BeyondItself, P::NotFound, P::SecretNotKept],
    }
    AppPath, Nothing, Nothing => AppSecrets
}
endpoint! {
    /// Gives an app a new secret, which works at once; the one before works for a grace time.
    RotateAppSecret {
        summary: "Rotate an app's secret", tag: "Apps",
        method: Method::Post, path: "/api/v1/apps/{app}/rotate", access: DEVELOPERS, reach: Reach::Scope(ApiScope::ManageApp),
        audit: Audit::Records(&["app.secret_rotated"]), etag: true, idempotent: true, problems: &[P::BeyondItself, P::NotFound],
    }
    AppPath, Nothing, RotateSecret => AppWithSecret
}
endpoint! {
    /// Disables an app: it gets no tokens, and those that it has work no more.
    DisableApp {
        summary: "Disable an app", tag: "Apps",
        method: Method::Post, path: "/api/v1/apps/{app}/disable", access: DEVELOPERS, reach: Reach::Scope(ApiScope::ManageApp),
        audit: Audit::Records(&["app.disabled"]), etag: true, problems: &[P::NotFound],
    }
    AppPath, Nothing, Nothing => App
}
endpoint! {
    /// Undoes the disabling of an app.
    ActivateApp {
        summary: "Activate an app", tag: "Apps",
        method: Method::Post, path: "/api/v1/apps/{app}/activate", access: DEVELOPERS, reach: Reach::Scope(ApiScope::ManageApp),
        audit: Audit::Records(&["app.activated"]), etag: true, problems: &[P::BeyondItself, P::NotFound],
    }
    AppPath, Nothing, Nothing => App
}
