//! The panel in which an app or a token is made, or changed.

use drawbridge_contract::endpoints::ReadCredentialPolicy;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use leptos::prelude::*;

use super::credential::{Credential, Kind};
use super::desk::Desk;
use super::draft::{Draft, FORM};
use super::told::{self, Told};
use super::{calls, words};
use crate::client::{Answered, ApiError, Reading, Task, call};
use crate::shell::{failed, toasts};
use crate::ui::{
    Button, Choice, Form, Panel, SelectField, Skeleton, TextAreaField, TextField, Variant, live, memo, watch,
};

/// What the panel is open for.
#[derive(Debug, Clone, PartialEq)]
enum For {
    Nothing,
    New(Kind),
    Change(String),
}

impl For {
    fn kind(&self) -> Kind {
        match self {
            Self::New(kind) => *kind,
            Self::Change(id) => Kind::of(id),
            Self::Nothing => Kind::App,
        }
    }
}

/// What must be read before the form can be shown.
#[derive(Debug, Clone, PartialEq)]
enum Ready {
    New(Option<u16>),
    Change(Box<Answered<Credential>>),
}

async fn prepare(wanted: For) -> Option<Result<Ready, ApiError>> {
    match wanted {
        For::Nothing => None,
        For::New(Kind::App) => Some(Ok(Ready::New(None))),
        For::New(Kind::Token) => {
            let none = Nothing {};
            let policy = call::<ReadCredentialPolicy>(&none, &none, &none).await;
            Some(policy.map(|policy| Ready::New(Some(policy.value.max_token_days))))
        }
        For::Change(id) => calls::read(id).await.map(|read| read.map(|read| Ready::Change(Box::new(read)))),
    }
}

/// The panel; open while the address says so.
pub(super) fn panel(desk: Desk) -> AnyView {
    let toasts = toasts();
    let draft = Draft::new();
    let told = Told::new(draft.made);
    let task = Task::new();
    let wanted = memo(move || {
        let id = desk.open_id(&["edit"]);
        if desk.is_open("add") {
            For::New(Kind::App)
        } else if desk.is_open("create") {
            For::New(Kind::Token)
        } else if id.is_empty() {
            For::Nothing
        } else {
            For::Change(id)
        }
    });
    let kind = memo(move || wanted.with(For::kind));
    let is_new = memo(move || wanted.with(|wanted| matches!(wanted, For::New(_))));
    let read = Reading::new(move || {
        let wanted = wanted.get();
        async move { (wanted.clone(), prepare(wanted).await) }
    });
    // What was read belongs to what is open now, or to what was open before.
    let ready =
        memo(move || read.get().filter(|(of, _)| wanted.with(|wanted| of == wanted)).and_then(|(_, is)| is));
    watch(move || match ready.get() {
        Some(Ok(Ready::New(most))) => draft.take(None, most),
        Some(Ok(Ready::Change(saved))) => draft.take(Some(*saved), None),
        // A secret that was told is forgotten however the panel was left.
        _ => draft.made.set(None),
    });
    let close = Callback::new(move |()| {
        draft.take(None, None);
        desk.close();
    });
    let submit = Callback::new(move |()| {
        draft.failure.set(None);
        let kind = kind.get_untracked();
        if !draft.is_good(kind) {
            return;
        }
        task.run(async move {
            let name = draft.name.sent().trim().to_owned();
            match draft.send(kind).await {
                Ok(Some(made)) => {
                    desk.fresh.try_set(Some(made.credential.id().to_owned()));
                    draft.made.try_set(Some(made));
                    desk.changed();
                }
                Ok(None) => {
                    toasts.success(words::done(&name, words::SAVED));
                    desk.fresh.try_set(draft.id());
                    close.try_run(());
                    desk.changed();
                }
                Err(error) if error.code() == Some(ProblemCode::PreconditionFailed) => draft.meet().await,
                Err(error) => draft.reject(&error),
            }
        });
    });
    let footer = move || {
        live(move || {
            let made = told.is_there();
            let verb = match (is_new.get(), kind.get()) {
                (false, _) => words::SAVE,
                (true, Kind::App) => words::ADD,
                (true, Kind::Token) => words::CREATE,
            };
            if made {
                told.done(close)
            } else {
                let busy = task.busy();
                view! {
                    <Button label=words::CANCEL on_press=close />
                    <Button label=verb variant=Variant::Primary submit=true form=FORM busy=busy />
                }
                .into_any()
            }
        })
    };
    let title = move || {
        let title = match (told.is_there(), is_new.get(), kind.get()) {
            (true, _, Kind::App) => words::APP_ADDED,
            (true, _, Kind::Token) => words::TOKEN_CREATED,
            (false, true, Kind::App) => words::ADD_APP,
            (false, true, Kind::Token) => words::CREATE_TOKEN,
            (false, false, Kind::App) => words::EDIT_APP,
            (false, false, Kind::Token) => words::EDIT_TOKEN,
        };
        title.to_owned()
    };
    let retry = Callback::new(move |()| read.refetch());
    let stage = memo(move || match ready.get() {
        Some(Ok(_)) => Some(Ok(())),
        Some(Err(error)) => Some(Err(error)),
        None => None,
    });
    view! {
        <Panel
            open=Signal::derive(move || wanted.with(|wanted| *wanted != For::Nothing))
            title=Signal::derive(title)
            dirty=Signal::derive(move || draft.is_dirty() || told.is_to_lose())
            losing=told.losing()
            on_close=close
            footer=footer
        >
            {live(move || match (told.is_there(), stage.get()) {
                (true, _) => told::view(told),
                (false, Some(Ok(()))) => fields(&draft, kind.get(), is_new.get(), submit),
                (false, Some(Err(error))) => failed(&error, Some(retry)),
                (false, None) => view! { <Skeleton lines=6 /> }.into_any(),
            })}
        </Panel>
    }
    .into_any()
}

fn fields(draft: &Draft, kind: Kind, is_new: bool, submit: Callback<()>) -> AnyView {
    let draft = *draft;
    let (label, description) = match kind {
        Kind::App => {
            let field = view! {
                <TextAreaField
                    label=words::DESCRIPTION
                    value=draft.description.value
                    error=draft.description.error()
                    rows=2
                    on_leave=draft.description.on_leave()
                />
            };
            (words::APP_NAME, Some(field.into_any()))
        }
        Kind::Token => (words::NAME, None),
    };
    let ending = (is_new || kind == Kind::App).then(|| draft.ending.field(kind));
    // What matters most comes first: of a token, when it ends.
    let (before, after) = if kind == Kind::Token { (ending, None) } else { (None, ending) };
    let advanced = (kind == Kind::App).then(|| {
        let options = vec![Choice::new("EdDSA", words::EDDSA), Choice::new("RS256", words::RS256)];
        view! {
            <details>
                <summary>{words::ADVANCED}</summary>
                <SelectField
                    label=words::ALGORITHM
                    value=draft.algorithm
                    options=options
                    help=Some(words::ALGORITHM_HELP.to_owned())
                />
            </details>
        }
        .into_any()
    });
    view! {
        <Form id=FORM on_submit=submit problem=draft.failure>
            <TextField
                label=label
                value=draft.name.value
                error=draft.name.error()
                required=true
                max_length=200
                on_leave=draft.name.on_leave()
            />
            {description}
            {before}
            {draft.scopes.field(kind)}
            {after}
            {draft.addresses.field()}
            {advanced}
        </Form>
    }
    .into_any()
}
