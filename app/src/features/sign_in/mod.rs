//! Before somebody is signed in: the sign-in page and the first set-up.

pub mod session;
pub mod set_up;
mod words;

pub use session::SignInPage;
pub use set_up::SetUpPage;
