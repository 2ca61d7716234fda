//! Changes as they happen.

use super::endpoint;
use crate::endpoint::{Access, Method, Reach};
use crate::types::Nothing;
use crate::types::live::LiveMessage;

endpoint! {
    /// A WebSocket that says which of the things that the caller may see have changed, and nothing of their content.
    /// It takes no message but `ping`. It is closed when who the caller is may have changed, and after an hour at
    /// the latest: open it again.
    FollowChanges {
        summary: "Follow changes (WebSocket)", tag: "Live",
        method: Method::Get, path: "/api/v1/live", access: Access::SignedIn, reach: Reach::Any, success: 101, media: &[],
    }
    Nothing, Nothing, Nothing => LiveMessage
}
