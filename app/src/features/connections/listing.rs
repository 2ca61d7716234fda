//! The rows of the list: loaded page by page, kept while newer ones are on their way.

use drawbridge_contract::endpoints::ListConnections;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::{
    ConnectionCounts, ConnectionList, ConnectionSummary, ListConnectionsQuery,
};
use drawbridge_domain::limits::MAX_PAGE_SIZE;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::desk::Desk;
use crate::client::{ApiError, Reading, call};
use crate::ui::{memo, watch};

/// What was asked for: the filters, and how many changes there had been.
type Asked = (ListConnectionsQuery, u32);

/// A first page that came, or did not.
#[derive(Debug, Clone, PartialEq)]
struct Came {
    asked: Asked,
    /// As many rows come as were shown.
    whole: bool,
    /// How often more had been loaded when they were asked for.
    loads: u32,
    answer: Result<ConnectionList, ApiError>,
}

/// Pages after the first.
#[derive(Debug, Clone, PartialEq)]
struct Further {
    asked: Asked,
    items: Vec<ConnectionSummary>,
    next: Option<String>,
}

/// The first page that is shown.
#[derive(Debug, Clone, PartialEq)]
struct First {
    asked: Asked,
    list: ConnectionList,
}

/// The rows of the list and how they stand.
#[derive(Clone, Copy)]
pub(super) struct Listing {
    /// All rows that are shown.
    pub(super) rows: Memo<Vec<ConnectionSummary>>,
    /// How many connections there are, by status; `None` until that is known.
    pub(super) counts: Memo<Option<ConnectionCounts>>,
    /// Where the next page begins.
    pub(super) next: Memo<Option<String>>,
    /// Why the newest rows could not be loaded.
    pub(super) error: Memo<Option<ApiError>>,
    /// What is shown is not what is asked for: newer rows are on their way.
    pub(super) stale: Memo<bool>,
    /// More rows are on their way.
    pub(super) loading_more: RwSignal<bool>,
    /// Why more rows could not be loaded.
    pub(super) more_error: RwSignal<Option<ApiError>>,
    /// Loads again.
    pub(super) reload: Callback<()>,
    first: Memo<Option<First>>,
    further: RwSignal<Option<Further>>,
    /// How often more was loaded.
    loads: StoredValue<u32>,
}

impl Listing {
    /// The rows that answer a query.
    pub(super) fn new(query: Memo<ListConnectionsQuery>, desk: Desk) -> Self {
        let further = RwSignal::new(None::<Further>);
        let asked = memo(move || (query.get(), desk.version()));
        // As many rows as are shown come again, so that a change does not shorten the list.
        let shown = StoredValue::new((ListConnectionsQuery::default(), 0_usize));
        // What is loaded while they are on their way is not among them.
        let loads = StoredValue::new(0_u32);
        let read = Reading::new(move || {
            let asked = asked.get();
            let (of, rows) = shown.get_value();
            let rows = u32::try_from(rows).unwrap_or(u32::MAX);
            let page_size = (of == asked.0 && rows > 50).then_some(rows.min(MAX_PAGE_SIZE));
            let whole = rows <= MAX_PAGE_SIZE;
            let sent = ListConnectionsQuery { page_size, ..asked.0.clone() };
            let answer = call::<ListConnections>(&Nothing {}, &sent, &Nothing {});
            let loads = loads.get_value();
            async move { Came { asked, whole, loads, answer: answer.await.map(|answer| answer.value) } }
        });
        let first = Memo::new(move |old: Option<&Option<First>>| match read.get() {
            Some(Came { asked, answer: Ok(list), .. }) => Some(First { asked, list }),
            _ => old.cloned().flatten(),
        });
        // What came after an older first page is in the newer one, or is gone.
        watch(move || {
            let holds = |came: &Came| came.whole && came.loads == loads.get_value();
            if read.get().is_some_and(|came| holds(&came) && came.answer.is_ok()) {
                further.set(None);
            }
        });
        let error = memo(move || read.get().and_then(|came| came.answer.err()));
        let mine = move |further: &Option<Further>, first: &First| {
            further.clone().filter(|further| further.asked.0 == first.asked.0)
        };
        let rows = memo(move || {
            let Some(first) = first.get() else { return Vec::new() };
            let more = further.with(|further| mine(further, &first));
            let of = first.asked.0;
            let mut rows = first.list.items;
            for row in more.into_iter().flat_map(|further| further.items) {
                // A row that moved to a later page meanwhile is not shown twice.
                if !rows.iter().any(|known| known.id == row.id) {
                    rows.push(row);
                }
            }
            shown.set_value((of, rows.len()));
            rows
        });
        let next = memo(move || {
            let first = first.get()?;
            match further.with(|further| mine(further, &first)) {
                Some(further) => further.next,
                None => first.list.next_cursor,
            }
        });
        Self {
            rows,
            counts: memo(move || first.with(|first| first.as_ref().map(|first| first.list.counts))),
            next,
            error,
            stale: memo(move || {
                error.with(Option::is_none)
                    && first.with(|first| {
                        first.as_ref().is_some_and(|first| asked.with(|asked| first.asked != *asked))
                    })
            }),
            loading_more: RwSignal::new(false),
            more_error: RwSignal::new(None),
            reload: Callback::new(move |()| read.refetch()),
            first,
            further,
            loads,
        }
    }

    /// Whether the first rows are still on their way.
    pub(super) fn is_loading(self) -> bool {
        self.first.with(Option::is_none) && self.error.with(Option::is_none)
    }

    /// The row of a connection.
    pub(super) fn row(self, id: &str) -> Option<ConnectionSummary> {
        use drawbridge_domain::id::Id;
        self.rows.with(|rows| rows.iter().find(|row| row.id.as_str() == id).cloned())
    }

    /// Loads the next page.
    pub(super) fn load_more(self) {
        let (Some(First { asked, .. }), Some(cursor)) =
            (self.first.get_untracked(), self.next.get_untracked())
        else {
            return;
        };
        if self.loading_more.get_untracked() {
            return;
        }
        self.loading_more.set(true);
        self.more_error.set(None);
        let sent = ListConnectionsQuery { cursor: Some(cursor), ..asked.0.clone() };
        spawn_local(async move {
            let answer = call::<ListConnections>(&Nothing {}, &sent, &Nothing {}).await;
            self.loading_more.try_set(false);
            match answer {
                Ok(answer) => {
                    self.loads.try_update_value(|loads| *loads = loads.wrapping_add(1));
                    self.further.try_update(|further| {
                        let mut items = match further.take().filter(|further| further.asked.0 == asked.0) {
                            Some(further) => further.items,
                            None => Vec::new(),
                        };
                        items.extend(answer.value.items);
                        *further = Some(Further { asked, items, next: answer.value.next_cursor });
                    });
                }
                Err(error) => {
                    self.more_error.try_set(Some(error));
                }
            }
        });
    }
}
