//! Reads that a page shows, and work that a button starts.
//!
//! They do what `LocalResource` and `Action` do for a page, with the machinery compiled once instead of once for
//! each type: a read costs a twentieth of the bytes.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos::task::spawn_local;

use super::{Answered, ApiError};
use crate::ui::{memo, watch};

/// What a read has brought so far: the newest answer, and why there is no newer one.
#[derive(Clone, Debug, PartialEq)]
pub struct Known<T> {
    /// The newest answer; it stays while a newer one is on its way.
    pub newest: Option<Answered<T>>,
    /// Why the last try failed.
    pub error: Option<ApiError>,
}

/// A read that a page shows: made anew when what it depends on changes, and when it is asked to.
pub struct Loading<T: 'static> {
    known: RwSignal<Known<T>>,
    again: RwSignal<u32>,
}

impl<T> Clone for Loading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Loading<T> {}

impl<T: Send + Sync + 'static> Loading<T> {
    /// Reads now, and again whenever a signal changes that `read` reads before it waits.
    pub fn new<F>(read: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<Answered<T>, ApiError>> + 'static,
    {
        let known = RwSignal::new(Known { newest: None, error: None });
        let again = RwSignal::new(0);
        let latest = StoredValue::new(0_u32);
        watch(move || {
            again.track();
            let answer = read();
            let turn = latest.try_update_value(|latest| {
                *latest += 1;
                *latest
            });
            start(Box::pin(async move {
                let answer = answer.await;
                // Another read began meanwhile, or the page is gone.
                if turn.is_some() && latest.try_get_value() == turn {
                    known.try_update(|known| match answer {
                        Ok(answer) => *known = Known { newest: Some(answer), error: None },
                        Err(error) => known.error = Some(error),
                    });
                }
            }));
        });
        Self { known, again }
    }

    /// What it has brought so far.
    pub fn known(self) -> RwSignal<Known<T>> {
        self.known
    }

    /// Reads again.
    pub fn refetch(self) {
        self.again.try_update(|again| *again += 1);
    }
}

/// A read whose outcome, whatever its type, a page follows; made anew as [`Loading`] is.
pub struct Reading<T: 'static> {
    came: RwSignal<Option<T>>,
    again: RwSignal<u32>,
}

impl<T> Clone for Reading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Reading<T> {}

impl<T: Clone + Send + Sync + 'static> Reading<T> {
    /// Reads now, and again whenever a signal changes that `read` reads before it waits.
    pub fn new<F: Future<Output = T> + 'static>(read: impl Fn() -> F + 'static) -> Self {
        let came = RwSignal::new(None);
        let again = RwSignal::new(0);
        let latest = StoredValue::new(0_u32);
        watch(move || {
            again.track();
            let coming = read();
            let turn = latest.try_update_value(|latest| {
                *latest += 1;
                *latest
            });
            start_inside(Box::pin(async move {
                let now = coming.await;
                // Another read began meanwhile, or the page is gone.
                if turn.is_some() && latest.try_get_value() == turn {
                    came.try_set(Some(now));
                }
            }));
        });
        Self { came, again }
    }

    /// What came last; it stays while something newer is on its way.
    pub fn get(self) -> Option<T> {
        self.came.get()
    }

    /// Reads again.
    pub fn refetch(self) {
        self.again.try_update(|again| *again += 1);
    }
}

/// What is known of the thing that something is opened for.
pub type Found<T> = Memo<Option<Result<T, ApiError>>>;

/// Reads what something is opened for, by its key, whenever that is another one; what came for another key is never
/// taken for it. The callback reads again.
pub fn opened<K, T, F>(wanted: Memo<Option<K>>, read: impl Fn(K) -> F + 'static) -> (Found<T>, Callback<()>)
where
    K: Clone + PartialEq + Send + Sync + 'static,
    T: Clone + PartialEq + Send + Sync + 'static,
    F: Future<Output = Result<T, ApiError>> + 'static,
{
    let read = Reading::new(move || {
        let coming = wanted.get().map(|key| (key.clone(), read(key)));
        async move {
            let (key, coming) = coming?;
            Some((key, coming.await))
        }
    });
    let found = memo(move || {
        let wanted = wanted.get()?;
        read.get().flatten().filter(|(key, _)| *key == wanted).map(|(_, answer)| answer)
    });
    (found, Callback::new(move |()| read.refetch()))
}

/// Work that a button starts; one at a time.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    busy: RwSignal<bool>,
}

impl Default for Task {
    fn default() -> Self {
        Self::new()
    }
}

impl Task {
    /// Nothing is being done.
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false) }
    }

    /// Whether something is being done, for a button.
    pub fn busy(self) -> Signal<bool> {
        self.busy.into()
    }

    /// Does something, unless something is being done already.
    pub fn run(self, work: impl Future<Output = ()> + 'static) {
        self.run_boxed(Box::pin(work));
    }

    fn run_boxed(self, work: Pin<Box<dyn Future<Output = ()>>>) {
        if !self.busy.get_untracked() {
            self.busy.set(true);
            start(Box::pin(async move {
                work.await;
                self.busy.try_set(false);
            }));
        }
    }
}

/// Starts something that belongs to what is being drawn: its requests end with that.
fn start_inside(work: Pin<Box<dyn Future<Output = ()>>>) {
    start(Box::pin(ScopedFuture::new_untracked(work)));
}

/// Starts something that nobody waits for.
pub fn start(work: Pin<Box<dyn Future<Output = ()>>>) {
    spawn_local(work);
}
