//! The gateway that something over the page is about: read when it opens, and again when others change it.

use drawbridge_contract::endpoints::ReadGateway;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::gateways::{Gateway, GatewayPath};
use drawbridge_domain::id::{GatewayId, Id};
use leptos::prelude::*;

use super::desk::Desk;
use crate::client::{Answered, Found, call, opened};
use crate::shell::{Session, Topic, follow, use_session};
use crate::ui::memo;

/// What opens without a gateway.
const OF_NONE: [&str; 3] = ["", "add", "download"];

/// The gateway, as far as it is known.
#[derive(Clone, Copy)]
pub(super) struct Over {
    pub(super) desk: Desk,
    pub(super) session: Session,
    /// What came of reading it.
    pub(super) found: Found<Answered<Gateway>>,
    /// Reads it again.
    pub(super) again: Callback<()>,
}

impl Over {
    /// The one that the address names while something about it is open.
    pub(super) fn new(desk: Desk) -> Self {
        let wanted = memo(move || {
            let open = desk.open();
            if OF_NONE.contains(&open.as_str()) { None } else { GatewayId::parse(&desk.gateway()).ok() }
        });
        Self::of(desk, wanted)
    }

    /// The one with this id.
    pub(super) fn of(desk: Desk, wanted: Memo<Option<GatewayId>>) -> Self {
        let (found, again) =
            opened(wanted, |gateway| call::<ReadGateway>(&GatewayPath { gateway }, &Nothing {}, &Nothing {}));
        follow(Topic::Gateways, move || again.run(()));
        Self { desk, session: use_session(), found, again }
    }

    /// The gateway, once it is there.
    pub(super) fn gateway(self) -> Option<Gateway> {
        self.found.with(|found| match found {
            Some(Ok(answer)) => Some(answer.value.clone()),
            _ => None,
        })
    }

    /// Its name, once it is there.
    pub(super) fn name(self) -> String {
        self.found.with(|found| match found {
            Some(Ok(answer)) => answer.value.summary.name.clone(),
            _ => String::new(),
        })
    }
}
