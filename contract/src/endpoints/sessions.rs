//! Set-up, sign-in, sessions.

use super::endpoint;
use crate::endpoint::{Access, Audit, Endpoint, Info, Method, Reach};
use crate::problem::ProblemCode as P;
use crate::types::sessions::{
    Caller, ChangePassword, Session, SessionPath, SetUp, SetupState, SignIn, WhoAmI,
};
use crate::types::{List, Nothing};

endpoint! {
    /// Whether the first set-up is still to be done; 404 once it is.
    ReadSetup {
        summary: "Ask whether set-up is open", tag: "Set-up",
        method: Method::Get, path: "/api/v1/setup", access: Access::Public, reach: Reach::Any, problems: &[P::NotFound],
    }
    Nothing, Nothing, Nothing => SetupState
}
endpoint! {
    /// The first set-up: makes the first tenant with its Global administrator and signs in.
    SetUpDeployment {
        summary: "Set up the deployment and sign in", tag: "Set-up",
        method: Method::Post, path: "/api/v1/setup", access: Access::Public, reach: Reach::Any, success: 201,
        audit: Audit::Records(&["tenant.created"]),
        problems: &[P::NotFound, P::SetupCodeWrong, P::TooManyRequests],
    }
    Nothing, Nothing, SetUp => WhoAmI
}
endpoint! {
    /// Signs in with email and password.
    SignInWithPassword {
        summary: "Sign in", tag: "Sessions",
        method: Method::Post, path: "/api/v1/session", access: Access::Public, reach: Reach::Any, success: 201,
        audit: Audit::Records(&["session.created", "session.refused"]),
        problems: &[P::SignInFailed, P::TooManyRequests],
    }
    Nothing, Nothing, SignIn => WhoAmI
}
endpoint! {
    /// Who calls, and where: a session, a token or an app.
    ReadSession {
        summary: "Ask who is calling", tag: "Sessions",
        method: Method::Get, path: "/api/v1/session", access: Access::SignedIn, reach: Reach::Any,
    }
    Nothing, Nothing, Nothing => Caller
}

/// [`ReadSession`] as a browser reads it, which always has a session.
#[derive(Debug, Clone, Copy)]
pub struct ReadOwnSession;

impl Endpoint for ReadOwnSession {
    const INFO: Info = ReadSession::INFO;
    type Params = Nothing;
    type Query = Nothing;
    type Body = Nothing;
    type Answer = WhoAmI;
}

endpoint! {
    /// Ends the session that asks.
    SignOut {
        summary: "Sign out", tag: "Sessions",
        method: Method::Delete, path: "/api/v1/session", access: Access::SignedIn, success: 204,
        audit: Audit::Records(&["session.ended"]),
    }
    Nothing, Nothing, Nothing => Nothing
}
endpoint! {
    /// The caller's own sessions.
    ListSessions {
        summary: "List own sessions", tag: "Sessions",
        method: Method::Get, path: "/api/v1/sessions", access: Access::SignedIn,
    }
    Nothing, Nothing, Nothing => List<Session>
}
endpoint! {
    /// Ends one of the caller's own sessions.
    EndSession {
        summary: "End one of one's own sessions", tag: "Sessions",
        method: Method::Delete, path: "/api/v1/sessions/{session}", access: Access::SignedIn, success: 204,
        audit: Audit::Records(&["session.ended"]), problems: &[P::NotFound],
    }
    SessionPath, Nothing, Nothing => Nothing
}
endpoint! {
    /// Changes the caller's password and ends the other sessions.
    ChangeOwnPassword {
        summary: "Change one's own password", tag: "Sessions",
        method: Method::Put, path: "/api/v1/session/password", access: Access::SignedIn, success: 204,
        audit: Audit::Records(&["password.changed"]), problems: &[P::TooManyRequests],
    }
    Nothing, Nothing, ChangePassword => Nothing
}
