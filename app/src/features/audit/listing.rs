//! The records that are shown: loaded page by page.

use drawbridge_contract::endpoints::ListAudit;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::audit::{AuditRecord, ListAuditQuery};
use leptos::prelude::*;

use super::address::Address;
use crate::client::{ApiError, Task, call};
use crate::ui::{memo, watch};

/// The records and how they stand.
#[derive(Clone, Copy)]
pub(super) struct Listing {
    /// All records that are shown.
    pub(super) rows: RwSignal<Vec<AuditRecord>>,
    /// Where the next page begins.
    pub(super) next: RwSignal<Option<String>>,
    /// The first page is on its way.
    pub(super) loading: RwSignal<bool>,
    /// Why the first page, or the next one, could not be loaded.
    pub(super) error: RwSignal<Option<ApiError>>,
    /// More records are on their way.
    pub(super) more: Task,
    /// Counts what was asked for, so that a late answer to an older question is dropped.
    turn: StoredValue<u32>,
    again: RwSignal<u32>,
    query: Memo<ListAuditQuery>,
}

impl Listing {
    /// The records that fit the filters of the address.
    pub(super) fn new(address: Memo<Address>) -> Self {
        let listing = Self {
            rows: RwSignal::new(Vec::new()),
            next: RwSignal::new(None),
            loading: RwSignal::new(true),
            error: RwSignal::new(None),
            more: Task::new(),
            turn: StoredValue::new(0),
            again: RwSignal::new(0),
            query: memo(move || address.with(Address::query)),
        };
        watch(move || {
            listing.again.track();
            let query = listing.query.get();
            listing.loading.set(true);
            listing.load(query, true);
        });
        listing
    }

    fn load(self, query: ListAuditQuery, first: bool) {
        let turn = self.turn.try_update_value(|turn| {
            *turn += 1;
            *turn
        });
        let answer = call::<ListAudit>(&Nothing {}, &query, &Nothing {});
        let work = async move {
            let answer = answer.await;
            if turn.is_none() || self.turn.try_get_value() != turn {
                return;
            }
            match answer {
                Ok(answer) => {
                    let list = answer.value;
                    self.rows.update(|rows| {
                        if first {
                            rows.clear();
                        }
                        rows.extend(list.items);
                    });
                    self.next.set(list.next_cursor);
                    self.error.set(None);
                }
                Err(error) => self.error.set(Some(error)),
            }
            self.loading.set(false);
        };
        if first { crate::client::start(Box::pin(work)) } else { self.more.run(work) }
    }

    /// Loads the next page.
    pub(super) fn load_more(self) {
        if let Some(cursor) = self.next.get_untracked() {
            self.load(ListAuditQuery { cursor: Some(cursor), ..self.query.get_untracked() }, false);
        }
    }

    /// Loads from the beginning.
    pub(super) fn reload(self) {
        self.again.update(|again| *again += 1);
    }
}
