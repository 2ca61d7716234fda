//! What a problem code means: where `Problem.type` leads.

use drawbridge_contract::problem::ProblemCode;
use leptos::prelude::*;

use super::{title, words};
use crate::client::words::remedy;
use crate::paths;
use crate::ui::{Fact, Facts, LinkButton, PageHeader};

/// What a code means and what to do about it.
pub(crate) fn problem_page(code: ProblemCode) -> AnyView {
    title(code.title());
    view! {
        <div class="stack">
            <PageHeader title=code.title() text=Some(words::PROBLEM_TEXT.to_owned()) />
            <Facts>
                <Fact label=words::PROBLEM_REMEDY>{remedy(code)}</Fact>
                <Fact label=words::PROBLEM_CODE>
                    <code>{code.code()}</code>
                </Fact>
                <Fact label=words::PROBLEM_STATUS>{code.status()}</Fact>
            </Facts>
            <p>
                <LinkButton href=paths::ROOT label=words::TO_START />
            </p>
        </div>
    }
    .into_any()
}
