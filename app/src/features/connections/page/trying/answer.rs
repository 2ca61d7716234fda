//! What came of a run: what happened, how, and the body.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::uses::OperationAnswer;
use leptos::prelude::*;
use serde_json::Value;

use super::{Came, tree};
use crate::client::ApiError;
use crate::features::connections::words;
use crate::ui::{Button, Fact, Facts, Notice, Tab, Tabs, Tone, live, number};

/// Shows it; nothing before the first run.
pub(super) fn shown(came: RwSignal<Came>, run: Callback<Option<String>>) -> AnyView {
    let way = RwSignal::new(TREE.to_owned());
    let content = live(move || {
        came.get().map(|came| match came {
            Ok(answer) => answered(&answer, way, run),
            Err(error) => refused(&error),
        })
    });
    view! { <div id=ID aria-live="polite">{content}</div> }.into_any()
}

const ID: &str = "try-answer";

/// Brings it into sight; the keyboard stays where it is.
pub(super) fn show() {
    request_animation_frame(|| {
        if let Some(place) = document().get_element_by_id(ID).filter(|place| place.has_child_nodes()) {
            place.scroll_into_view();
        }
    });
}

const TREE: &str = "tree";

/// What stands at the fields is not said again.
fn refused(error: &ApiError) -> AnyView {
    let at_fields = error.code() == Some(ProblemCode::InvalidFields);
    (!at_fields)
        .then(|| {
            view! { <Notice tone=Tone::Bad title=words::NO_ANSWER text=Some(words::error(error)) /> }
        })
        .into_any()
}

fn answered(answer: &OperationAnswer, way: RwSignal<String>, run: Callback<Option<String>>) -> AnyView {
    let (title, tone) = if answer.done { (words::DID_IT, Tone::Ok) } else { (words::DID_NOT, Tone::Warn) };
    let next = answer.next_cursor.clone().map(|cursor| {
        let press = move || run.run(Some(cursor.clone()));
        view! { <Button label=words::NEXT_PAGE small=true on_press=press /> }
    });
    let tries = Some(answer.tries).filter(|tries| *tries > 1).map(|tries| {
        let tries = number(u64::from(tries));
        view! { <Fact label=words::TRIES>{tries}</Fact> }
    });
    let left = answer.calls_left.map(|left| view! { <Fact label=words::CALLS_LEFT>{number(left)}</Fact> });
    let id = answer
        .provider_request_id
        .clone()
        .map(|id| view! { <Fact label=words::REQUEST_ID><span class="mono">{id}</span></Fact> });
    let (status, took) = (answer.status.to_string(), words::milliseconds(answer));
    let what = words::what_happened(answer);
    view! {
        <section class="stack" aria-label=words::ANSWER>
            <Notice tone=tone title=title text=what />
            <div class="box">
                <Facts>
                    <Fact label=words::ANSWER_STATUS>
                        <span class="mono">{status}</span>
                    </Fact>
                    <Fact label=words::TOOK>{took}</Fact>
                    {tries}
                    {left}
                    {id}
                </Facts>
            </div>
            {body(answer, way)}
            {next}
        </section>
    }
    .into_any()
}

fn body(answer: &OperationAnswer, way: RwSignal<String>) -> AnyView {
    match (&answer.body, &answer.text) {
        (Some(value), _) => json(value.clone(), way),
        (None, Some(text)) => plain(text.clone()),
        (None, None) => view! { <p class="muted">{words::NO_BODY}</p> }.into_any(),
    }
}

fn json(value: Value, way: RwSignal<String>) -> AnyView {
    let tabs = vec![Tab::new(TREE, words::AS_TREE), Tab::new("text", words::AS_TEXT)];
    let value = StoredValue::new(value);
    view! {
        <Tabs label=words::BODY tabs=tabs current=way on_choose=move |id| way.set(id)>
            {live(move || {
                let as_tree = way.with(|way| way == TREE);
                Some(value.with_value(|value| if as_tree { tree::drawn(value) } else { plain(tree::printed(value)) }))
            })}
        </Tabs>
    }
    .into_any()
}

fn plain(text: String) -> AnyView {
    view! {
        <pre class="answer-text" tabindex="0" aria-label=words::BODY>
            {text}
        </pre>
    }
    .into_any()
}
