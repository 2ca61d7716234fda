//! Who is signed in, and where.

use drawbridge_contract::endpoints::{ReadOwnSession, ReadSetup};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::sessions::WhoAmI;
use drawbridge_domain::role::{Page, Role};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::live::on;
use super::words;
use crate::client::{self, ApiError, call};
use crate::ui::memo;

/// What the console knows about its user.
#[derive(Debug, Clone, PartialEq)]
pub enum SessionState {
    /// It has not asked yet.
    Unknown,
    /// It could not find out.
    Failed(ApiError),
    /// The deployment waits for its first set-up.
    SetUpOpen,
    /// Nobody is signed in; `ended` when somebody was until a moment ago.
    SignedOut {
        /// A session ended by itself.
        ended: bool,
    },
    /// Somebody is.
    SignedIn(Box<WhoAmI>),
}

/// The session, from context: `use_session()`.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    state: RwSignal<SessionState>,
    /// The session ended over a form: the page stays until somebody has signed in again.
    lapsed: RwSignal<bool>,
    /// The reader's role and the tenant's name in addresses: pages are drawn by them, and not anew when no more than
    /// a name changes.
    place: Memo<(Role, String)>,
}

/// The session of the console.
pub fn use_session() -> Session {
    use_context().unwrap_or_else(provide_session)
}

/// Provides the session; once, in the root.
pub(crate) fn provide_session() -> Session {
    let state = RwSignal::new(SessionState::Unknown);
    let place = memo(move || {
        state.with(|state| match state {
            SessionState::SignedIn(who) => (who.role, who.tenant.slug.clone()),
            _ => (Role::Participant, String::new()),
        })
    });
    let session = Session { state, place, lapsed: RwSignal::new(false) };
    provide_context(session);
    client::on_signed_out(move || session.lapse());
    session
}

impl Session {
    /// What is known at present.
    pub fn state(self) -> SessionState {
        self.state.get()
    }

    /// Who is signed in. Always somebody inside a tenant's pages.
    pub fn who(self) -> Option<WhoAmI> {
        self.state.with(|state| match state {
            SessionState::SignedIn(who) => Some((**who).clone()),
            _ => None,
        })
    }

    /// The user's role in the current tenant; the least one where nobody is signed in.
    pub fn role(self) -> Role {
        self.place.with(|(role, _)| *role)
    }

    /// The current tenant's name in addresses.
    pub fn slug(self) -> String {
        self.place.with(|(_, slug)| slug.clone())
    }

    /// The current tenant's name.
    pub fn tenant_name(self) -> String {
        self.read(|who| who.tenant.name.clone()).unwrap_or_default()
    }

    /// Whether the user may open a page.
    pub fn may_open(self, page: Page) -> bool {
        self.role().includes(page.needs())
    }

    /// Why something that needs a role cannot be done, for a disabled button; `None` when it can.
    pub fn refusal(self, needed: Role) -> Option<String> {
        (!self.role().includes(needed)).then(|| words::needs_role(needed))
    }

    fn read<T>(self, read: impl FnOnce(&WhoAmI) -> T) -> Option<T> {
        self.state.with(|state| match state {
            SessionState::SignedIn(who) => Some(read(who)),
            _ => None,
        })
    }

    /// Takes in what the server says about the session.
    pub fn enter(self, who: WhoAmI) {
        self.set(SessionState::SignedIn(Box::new(who)));
    }

    /// Takes in a new name of the current tenant.
    pub fn rename_tenant(self, name: &str) {
        self.state.try_update(|state| {
            if let SessionState::SignedIn(who) = state {
                let own = who.tenant.id.clone();
                let all = who.tenants.iter_mut().filter(|tenant| tenant.id == own);
                for tenant in all.chain([&mut who.tenant]) {
                    name.clone_into(&mut tenant.name);
                }
            }
        });
    }

    /// The user signed out.
    pub fn leave(self) {
        self.set(SessionState::SignedOut { ended: false });
    }

    /// The session ended by itself. Where something is being filled in, the page stays, so that it is not lost.
    fn lapse(self) {
        if self.state.with_untracked(|state| matches!(state, SessionState::SignedIn(_))) {
            match document().query_selector("dialog[data-dirty], main form") {
                Ok(Some(_)) => self.lapsed.set(true),
                _ => self.set(SessionState::SignedOut { ended: true }),
            }
        }
    }

    /// Whether somebody must sign in again before the page goes on.
    pub(crate) fn has_lapsed(self) -> Signal<bool> {
        self.lapsed.into()
    }

    fn set(self, state: SessionState) {
        self.lapsed.try_set(false);
        // The console may be gone by the time an answer comes.
        if self.state.try_with_untracked(|old| *old != state) == Some(true) {
            self.state.set(state);
        }
    }

    /// Asks the server; on the first time it also finds out whether set-up is open.
    pub fn refresh(self) {
        spawn_local(async move {
            let known = self.state.try_with_untracked(|state| matches!(state, SessionState::SignedIn(_)));
            match call::<ReadOwnSession>(&Nothing {}, &Nothing {}, &Nothing {}).await {
                Ok(answer) => self.enter(answer.value),
                // Signed in until now: the client has said so, or the page keeps what it shows.
                Err(_) if known != Some(false) => (),
                Err(error) if error.code() == Some(ProblemCode::Unauthenticated) => self.find_set_up().await,
                Err(error) => self.set(SessionState::Failed(error)),
            }
        });
    }

    /// Asks again each time that the reader comes back to this window, and when the server says that it is time:
    /// meanwhile another window may have entered another tenant, or somebody may have changed the role.
    pub(crate) fn stay_current(self) {
        for event in ["focus", "live:session"] {
            on(
                event,
                Box::new(move || {
                    if self.state.with_untracked(|state| matches!(state, SessionState::SignedIn(_))) {
                        self.refresh();
                    }
                }),
            );
        }
    }

    async fn find_set_up(self) {
        match call::<ReadSetup>(&Nothing {}, &Nothing {}, &Nothing {}).await {
            Ok(answer) if answer.value.open => self.set(SessionState::SetUpOpen),
            Ok(_) => self.leave(),
            Err(error) if error.code() == Some(ProblemCode::NotFound) => self.leave(),
            Err(error) => self.set(SessionState::Failed(error)),
        }
    }
}
