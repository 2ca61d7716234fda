//! Rows that come page by page and stay while newer ones are on their way.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use drawbridge_domain::limits::MAX_PAGE_SIZE;
use leptos::prelude::*;

use super::{ApiError, Reading, start};
use crate::ui::{memo, watch};

/// Something with a key.
pub trait Row: Clone + PartialEq + Send + Sync + 'static {
    /// What is counted beside the rows; nothing: `()`.
    type Counts: std::fmt::Debug + Copy + PartialEq + Send + Sync + 'static;

    /// The row's key.
    fn key(&self) -> &str;
}

/// One page.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T: Row> {
    /// Its rows.
    pub items: Vec<T>,
    /// Where the next one begins.
    pub next: Option<String>,
    /// What was counted.
    pub counts: Option<T::Counts>,
}

/// A page on its way.
pub type Coming<T> = Pin<Box<dyn Future<Output = Result<Page<T>, ApiError>>>>;

/// What was asked for, and how many changes had been made here by then.
type Asked<Q> = (Q, u32);

/// What is asked of the server beside that: where the page begins, and how many rows it has.
pub type Part = (Option<String>, Option<u32>);

/// The rows of a page of which nobody said how many there are to be.
const USUAL: u32 = 50;

/// The pages that came so far, with what they answer.
type Known<Q, T> = Option<(Asked<Q>, Page<T>)>;

type Fetch<Q, T> = Arc<dyn Fn(&Q, Part) -> Coming<T> + Send + Sync>;

#[derive(Debug, Clone, PartialEq)]
struct Came<Q, T: Row> {
    asked: Asked<Q>,
    /// As many rows come as were shown.
    whole: bool,
    /// How often more had been loaded when they were asked for.
    loads: u32,
    answer: Result<Page<T>, ApiError>,
}

/// The rows that are shown, of one kind of thing.
#[derive(Clone)]
pub struct Paged<T: Row> {
    /// All rows that are shown.
    pub rows: Memo<Vec<T>>,
    /// The counts that came with them.
    pub counts: Memo<Option<T::Counts>>,
    /// Why the newest could not be loaded.
    pub error: Memo<Option<ApiError>>,
    /// The first are on their way.
    pub loading: Memo<bool>,
    /// Newer ones are on their way.
    pub stale: Memo<bool>,
    /// There are more.
    pub more: Memo<bool>,
    /// More are on their way.
    pub loading_more: RwSignal<bool>,
    /// Loads more.
    pub load_more: Callback<()>,
    /// Loads again.
    pub reload: Callback<()>,
}

impl<T: Row> Copy for Paged<T> {}

impl<T: Row> Paged<T> {
    /// The rows that answer what is asked; asked anew when that changes, or the number of changes made here.
    pub fn new<Q: Clone + PartialEq + Send + Sync + 'static>(
        asked: Memo<Asked<Q>>,
        fetch: impl Fn(&Q, Part) -> Coming<T> + Send + Sync + 'static,
    ) -> Self {
        let fetch: StoredValue<Fetch<Q, T>> = StoredValue::new(Arc::new(fetch));
        // As many rows as are shown come again, so that a change does not shorten the list.
        let shown = StoredValue::new(None::<(Q, u32)>);
        // What is loaded while they are on their way is not among them.
        let loads = StoredValue::new(0_u32);
        let read = Reading::new(move || {
            let asked = asked.get();
            let rows = shown.with_value(|shown| match shown {
                Some((of, rows)) if *of == asked.0 => *rows,
                _ => 0,
            });
            let whole = rows <= MAX_PAGE_SIZE;
            let size = (rows > USUAL).then_some(rows.min(MAX_PAGE_SIZE));
            let coming = fetch.with_value(|fetch| fetch(&asked.0, (None, size)));
            let loads = loads.get_value();
            async move { Came { answer: coming.await, asked, whole, loads } }
        });
        let first = Memo::new(move |old: Option<&Known<Q, T>>| match read.get() {
            Some(Came { asked, answer: Ok(page), .. }) => Some((asked, page)),
            _ => old.cloned().flatten(),
        });
        let error = memo(move || read.get().and_then(|came| came.answer.err()));
        // Pages after the first, with what they belong to. A change made here does not make them others: the first page is
        // read again then, with all that were shown.
        let further = RwSignal::new(None::<(Q, Page<T>)>);
        let more_error = RwSignal::new(None::<ApiError>);
        // What came after an older first page is in the newer one, or is gone.
        watch(move || {
            let holds = |came: &Came<Q, T>| came.whole && came.loads == loads.get_value();
            if read.get().is_some_and(|came| holds(&came) && came.answer.is_ok()) {
                further.set(None);
            }
        });
        let rest = move || {
            let of = first.with(|first| first.as_ref().map(|(asked, _)| asked.0.clone()))?;
            further.get().filter(|(query, _)| *query == of).map(|(_, page)| page)
        };
        let rows = memo(move || {
            let mut rows =
                first.with(|first| first.as_ref().map(|(_, page)| page.items.clone())).unwrap_or_default();
            for row in rest().into_iter().flat_map(|page| page.items) {
                // A row that moved to a later page meanwhile is not shown twice.
                if !rows.iter().any(|known| known.key() == row.key()) {
                    rows.push(row);
                }
            }
            let of = first.with(|first| first.as_ref().map(|(asked, _)| asked.0.clone()));
            shown.set_value(of.map(|of| (of, u32::try_from(rows.len()).unwrap_or(u32::MAX))));
            rows
        });
        let next = memo(move || match rest() {
            Some(page) => page.next,
            None => first.with(|first| first.as_ref().and_then(|(_, page)| page.next.clone())),
        });
        let loading_more = RwSignal::new(false);
        let load_more = Callback::new(move |()| {
            let Some(((query, _), _)) = first.get_untracked() else { return };
            let Some(cursor) = next.get_untracked().filter(|_| !loading_more.get_untracked()) else { return };
            loading_more.set(true);
            more_error.set(None);
            let coming = fetch.with_value(|fetch| fetch(&query, (Some(cursor), None)));
            start(Box::pin(async move {
                let answer = coming.await;
                loading_more.try_set(false);
                match answer {
                    Ok(page) => {
                        loads.try_update_value(|loads| *loads = loads.wrapping_add(1));
                        further.try_update(|further| {
                            let known = further.take().filter(|(of, _)| *of == query);
                            let mut items = known.map(|(_, page)| page.items).unwrap_or_default();
                            items.extend(page.items);
                            *further = Some((query, Page { items, ..page }));
                        });
                    }
                    Err(error) => {
                        more_error.try_set(Some(error));
                    }
                }
            }));
        });
        Self {
            rows,
            counts: memo(move || first.with(|first| first.as_ref().and_then(|(_, page)| page.counts))),
            error: memo(move || error.get().or_else(|| more_error.get())),
            loading: memo(move || first.with(Option::is_none) && error.with(Option::is_none)),
            stale: memo(move || {
                error.with(Option::is_none)
                    && first
                        .with(|first| first.as_ref().is_some_and(|(of, _)| asked.with(|asked| of != asked)))
            }),
            more: memo(move || next.with(Option::is_some)),
            loading_more,
            load_more,
            reload: Callback::new(move |()| {
                more_error.set(None);
                read.refetch();
            }),
        }
    }

    /// The row with a key.
    pub fn row(self, key: &str) -> Option<T> {
        self.rows.with(|rows| rows.iter().find(|row| row.key() == key).cloned())
    }

    /// The keys of all rows.
    pub fn keys(self) -> Signal<Vec<String>> {
        Signal::derive(move || self.rows.with(|rows| rows.iter().map(|row| row.key().to_owned()).collect()))
    }
}
