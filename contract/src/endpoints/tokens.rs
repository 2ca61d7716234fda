//! Personal access tokens.

use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScope;

use super::endpoint;
use crate::endpoint::{Access, Audit, Method, Reach};
use crate::problem::ProblemCode as P;
use crate::types::apps::RotateSecret;
use crate::types::tokens::{
    ChangeToken, CreateToken, ListTokensQuery, Token, TokenPath, TokenSecrets, TokenWithSecret,
};
use crate::types::{List, Nothing};

const DEVELOPERS: Access = Access::Role(Role::Developer);

endpoint! {
    /// The caller's tokens; an administrator sees everybody's. The tokens themselves are not told.
    ListTokens {
        summary: "List personal access tokens", tag: "Tokens",
        method: Method::Get, path: "/api/v1/tokens", access: DEVELOPERS, reach: Reach::Scope(ApiScope::ReadToken),
    }
    Nothing, ListTokensQuery, Nothing => List<Token>
}
endpoint! {
    /// Makes a token for oneself. The token is told in this answer.
    MakeToken {
        summary: "Create a personal access token", tag: "Tokens",
        method: Method::Post, path: "/api/v1/tokens", access: DEVELOPERS, reach: Reach::Scope(ApiScope::ManageToken), success: 201,
        audit: Audit::Records(&["token.created"]), etag: true, idempotent: true, problems: &[P::BeyondItself, P::QuotaExceeded],
    }
    Nothing, Nothing, CreateToken => TokenWithSecret
}
endpoint! {
    /// One token's record.
    ReadToken {
        summary: "Read a personal access token", tag: "Tokens",
        method: Method::Get, path: "/api/v1/tokens/{token}", access: DEVELOPERS, reach: Reach::Scope(ApiScope::ReadToken), etag: true,
        problems: &[P::NotFound],
    }
    TokenPath, Nothing, Nothing => Token
}
endpoint! {
    /// Changes a token's name or addresses, or takes scopes away. Administrators may, too.
    ChangeTokenSettings {
        summary: "Change a personal access token", tag: "Tokens",
        method: Method::Patch, path: "/api/v1/tokens/{token}", access: DEVELOPERS, reach: Reach::Scope(ApiScope::ManageToken),
        audit: Audit::Records(&["token.changed"]), etag: true, if_match: true,
        problems: &[P::BeyondItself, P::NotFound, P::Conflict],
    }
    TokenPath, Nothing, ChangeToken => Token
}
endpoint! {
    /// Deletes the record of a token that is expired or revoked.
    DeleteToken {
        summary: "Delete a personal access token", tag: "Tokens",
        method: Method::Delete, path: "/api/v1/tokens/{token}", access: DEVELOPERS, reach: Reach::Scope(ApiScope::ManageToken), success: 204,
        audit: Audit::Records(&["token.deleted"]), problems: &[P::NotFound, P::Conflict],
    }
    TokenPath, Nothing, Nothing => Nothing
}
endpoint! {
    /// Shows a token again to its owner, where the tenant keeps secrets; 409 where it does not.
    ReadTokenSecret {
        summary: "Show a personal access token", tag: "Tokens",
        method: Method::Get, path: "/api/v1/tokens/{token}/secret", access: DEVELOPERS, reach: Reach::Scope(ApiScope::ManageToken),
        audit: Audit::Records(&["token.secret_viewed"]),
        problems: &[P::BeyondItself, P::NotFound, P::NotYours, P::SecretNotKept, P::Conflict],
    }
    TokenPath, Nothing, Nothing => TokenSecrets
}
endpoint! {
    /// Gives one's own token a new secret with the same name, scopes and length of life; the one before works for a
    /// grace time.
    RotateToken {
        summary: "Rotate a personal access token", tag: "Tokens",
        method: Method::Post, path: "/api/v1/tokens/{token}/rotate", access: DEVELOPERS, reach: Reach::Scope(ApiScope::ManageToken),
        audit: Audit::Records(&["token.secret_rotated"]), etag: true, idempotent: true,
        problems: &[P::BeyondItself, P::NotFound, P::NotYours, P::Conflict],
    }
    TokenPath, Nothing, RotateSecret => TokenWithSecret
}
endpoint! {
    /// Revokes a token, at once and for good.
    RevokeToken {
        summary: "Revoke a personal access token", tag: "Tokens",
        method: Method::Post, path: "/api/v1/tokens/{token}/revoke", access: DEVELOPERS, reach: Reach::Scope(ApiScope::ManageToken),
        audit: Audit::Records(&["token.revoked"]), etag: true, problems: &[P::NotFound, P::Conflict],
    }
    TokenPath, Nothing, Nothing => Token
}
