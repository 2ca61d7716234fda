//! Permissions: owners and users of a connection, given to Everyone, groups and users.

use drawbridge_contract::endpoints::{ReadConnectionPermissions, SaveConnectionPermissions};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::ConnectionPath;
use drawbridge_contract::types::permissions::{Grant, NewGrant, NewPermissions, Permissions};
use drawbridge_domain::access::Level;
use leptos::prelude::*;

use super::{Wanted, access, found, name, side, wanted};
use crate::client::{Answered, ApiError, Options, Task, call, call_with, opened};
use crate::features::connections::address::Beside;
use crate::features::connections::desk::Desk;
use crate::features::connections::words;
use crate::shell::{self, Topic, toasts};
use crate::ui::{Button, Notice, Panel, Skeleton, Tone, Variant, live, memo, watch};

/// What is being given, and what is saved.
#[derive(Clone, Copy)]
pub(super) struct Giving {
    pub(super) wanted: Wanted,
    /// What is to be.
    pub(super) grants: RwSignal<Vec<Grant>>,
    /// What is saved, with its version, as far as this panel knows.
    base: RwSignal<Option<Answered<Permissions>>>,
    /// What somebody else saved meanwhile.
    theirs: RwSignal<Option<Answered<Permissions>>>,
    problem: RwSignal<Option<String>>,
    /// Counts what was saved here; the list of who can use it follows.
    pub(super) saved: RwSignal<u32>,
}

impl Giving {
    fn is_changed(self) -> bool {
        let mut now: Vec<Grant> = self.grants.get();
        let Some(base) = self.base.get() else { return false };
        let mut saved = base.value.grants;
        let key = |grant: &Grant| (grant.to.kind, grant.to.id.clone(), grant.level);
        now.sort_by_key(key);
        saved.sort_by_key(key);
        now.iter().map(key).ne(saved.iter().map(key))
    }

    fn take(self, saved: Answered<Permissions>) {
        self.grants.try_set(saved.value.grants.clone());
        self.base.try_set(Some(saved));
        self.theirs.try_set(None);
        self.problem.try_set(None);
    }

    /// Takes what is saved, unless something is being given that somebody else did not see.
    fn meet(self, saved: Answered<Permissions>) {
        let other = self.base.with(|base| base.as_ref().is_some_and(|base| base.etag != saved.etag));
        if self.is_changed() {
            if other {
                self.theirs.set(Some(saved));
            }
        } else {
            self.take(saved);
        }
    }

    fn forget(self) {
        self.grants.try_set(Vec::new());
        self.base.try_set(None);
        self.theirs.try_set(None);
        self.problem.try_set(None);
    }
}

fn read(path: &ConnectionPath) -> impl Future<Output = Result<Answered<Permissions>, ApiError>> + use<> {
    call::<ReadConnectionPermissions>(path, &Nothing {}, &Nothing {})
}

/// The panel.
pub(super) fn panel(desk: Desk) -> AnyView {
    let wanted = wanted(desk, |beside| if let Beside::Permissions(id) = beside { Some(id) } else { None });
    let (known, _) = found(wanted);
    let giving = Giving {
        wanted,
        grants: RwSignal::new(Vec::new()),
        base: RwSignal::new(None),
        theirs: RwSignal::new(None),
        problem: RwSignal::new(None),
        saved: RwSignal::new(0),
    };
    let (came, again) = opened(wanted, |connection| read(&ConnectionPath { connection }));
    shell::follow(Topic::Connections, move || {
        if giving.base.with_untracked(Option::is_some) {
            again.run(());
            giving.saved.update(|saved| *saved += 1);
        }
    });
    watch(move || match came.get() {
        Some(Ok(saved)) => untrack(|| giving.meet(saved)),
        // What is there stays while it cannot be read anew.
        Some(Err(_)) if giving.base.with_untracked(Option::is_some) => {}
        _ => giving.forget(),
    });
    let task = Task::new();
    let toasts = toasts();
    let save = Callback::new(move |()| {
        let (Some(connection), Some(base)) = (wanted.get_untracked(), giving.base.get_untracked()) else {
            return;
        };
        let one = |grant: Grant| NewGrant { kind: grant.to.kind, id: grant.to.id, level: grant.level };
        let body = NewPermissions { grants: giving.grants.get_untracked().into_iter().map(one).collect() };
        giving.problem.set(None);
        task.run(async move {
            let path = ConnectionPath { connection };
            let options = Options { if_match: base.etag, ..Options::default() };
            match call_with::<SaveConnectionPermissions>(&path, &Nothing {}, &body, options).await {
                Ok(saved) => {
                    toasts.success(words::PERMISSIONS_SAVED);
                    giving.take(saved);
                    giving.saved.try_update(|saved| *saved += 1);
                    desk.changed();
                }
                Err(error) if error.code() == Some(ProblemCode::PreconditionFailed) => {
                    match read(&path).await {
                        Ok(theirs) => {
                            giving.theirs.try_set(Some(theirs));
                        }
                        Err(error) => {
                            giving.problem.try_set(Some(words::error(&error)));
                        }
                    }
                }
                Err(error) => {
                    let said = match &error {
                        ApiError::Problem(problem) => {
                            problem.fields.first().map(|field| field.message.clone())
                        }
                        _ => None,
                    };
                    giving.problem.try_set(Some(said.unwrap_or_else(|| words::error(&error))));
                }
            }
        });
    });
    let refusal = move || (!giving.is_changed()).then(|| words::NOTHING_CHANGED.to_owned());
    let close = move || {
        giving.forget();
        desk.close();
    };
    let footer = move || {
        view! {
            <Button label=words::CLOSE on_press=close />
            <Button
                label=words::SAVE_PERMISSIONS
                variant=Variant::Primary
                busy=task.busy()
                disabled_reason=Signal::derive(refusal)
                on_press=save
            />
        }
        .into_any()
    };
    let failed = memo(move || came.get().and_then(Result::err).filter(|_| giving.base.with(Option::is_none)));
    let waiting = memo(move || giving.base.with(Option::is_none));
    view! {
        <Panel
            open=Signal::derive(move || wanted.with(Option::is_some))
            title=words::PERMISSIONS
            subtitle=name(known)
            dirty=Signal::derive(move || giving.is_changed())
            wide=true
            on_close=close
            footer=footer
        >
            {live(move || match failed.get() {
                Some(error) => shell::failed(&error, Some(again)),
                None if waiting.get() => view! { <Skeleton lines=6 /> }.into_any(),
                None => body(giving, save),
            })}
        </Panel>
    }
    .into_any()
}

fn body(giving: Giving, save: Callback<()>) -> AnyView {
    view! {
        <div class="stack">
            {live(move || giving.problem.get().map(|text| view! { <Notice title=text tone=Tone::Bad /> }))}
            {conflict(giving, save)}
            {side::section(giving, Level::Owner, words::OWNERS, words::OWNERS_TEXT)}
            {side::section(giving, Level::User, words::USERS, words::USERS_TEXT)}
            {access::section(giving)}
        </div>
    }
    .into_any()
}

/// Somebody else saved first: both versions, and a choice.
fn conflict(giving: Giving, save: Callback<()>) -> AnyView {
    let take = move || {
        if let Some(theirs) = giving.theirs.get_untracked() {
            giving.take(theirs);
        }
    };
    let keep = move || {
        giving.base.set(giving.theirs.get_untracked());
        giving.theirs.set(None);
        save.run(());
    };
    let action = move || {
        view! {
            <Button label=words::TAKE_THEIRS small=true on_press=take />
            <Button label=words::SAVE_MINE small=true on_press=keep />
        }
    };
    live(move || {
        giving.theirs.get().map(|theirs| {
            let text = words::both_versions(&theirs.value.grants, &giving.grants.get());
            let title = words::PERMISSIONS_MEANWHILE;
            view! { <Notice title=title text=Some(text) tone=Tone::Warn action=action /> }
        })
    })
}
