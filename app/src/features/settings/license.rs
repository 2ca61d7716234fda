//! Settings → License and subscription: what the tenant uses of each limit.

use drawbridge_contract::endpoints::ReadUsage;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::tenants::{LimitUse, Usage};
use leptos::prelude::*;

use super::words;
use crate::client::{Answered, Loading, call};
use crate::shell::{Topic, follow, loaded, title};
use crate::ui::{Meter, Notice, PageHeader, Tone, live};

/// The page.
#[component]
pub fn LicensePage() -> impl IntoView {
    title(words::LICENSE);
    let usage = Loading::new(|| call::<ReadUsage>(&Nothing {}, &Nothing {}, &Nothing {}));
    for topic in [Topic::Connections, Topic::Users] {
        follow(topic, move || usage.refetch());
    }
    view! {
        <PageHeader title=words::LICENSE text=Some(words::LICENSE_TEXT.to_owned()) />
        <div class="page-narrow stack">
            {loaded(usage, 6, limits)}
            <section class="section" aria-labelledby="edition">
                <h2 class="section-title" id="edition">
                    {words::EDITION}
                </h2>
                <div class="box stack-small">
                    <p>
                        <strong>{words::OPEN_EDITION}</strong>
                    </p>
                    <p class="muted">{words::OPEN_EDITION_TEXT}</p>
                </div>
            </section>
        </div>
    }
    .into_any()
}

fn limits(usage: Signal<Answered<Usage>>) -> AnyView {
    let of = move || usage.with(|usage| usage.value.limits.clone());
    let near = move || {
        let warnings = of().into_iter().filter_map(|limit| {
            let tone = if limit.used >= limit.most { Tone::Bad } else { Tone::Warn };
            let text = words::near(limit.limited, limit.used, limit.most)?;
            Some(view! { <Notice title=text tone=tone /> }.into_any())
        });
        warnings.collect::<Vec<_>>()
    };
    view! {
        <section class="section" aria-labelledby="limits">
            <h2 class="section-title" id="limits">
                {words::LIMITS}
            </h2>
            {live(near)}
            <div class="box stack">{live(move || of().into_iter().map(meter).collect::<Vec<_>>())}</div>
        </section>
    }
    .into_any()
}

fn meter(limit: LimitUse) -> AnyView {
    view! {
        <Meter
            label=limit.limited.name()
            used=u64::from(limit.used)
            limit=Some(u64::from(limit.most))
        />
    }
    .into_any()
}
