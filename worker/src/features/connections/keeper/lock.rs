//! One at a time: those who come later wait their turn, in order.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

#[derive(Default)]
struct Inner {
    held: Cell<bool>,
    waiting: RefCell<VecDeque<Waker>>,
}

/// A lock on one thread.
#[derive(Default)]
pub(super) struct Lock(Rc<Inner>);

/// The turn of one; the next begins when it is dropped.
pub(super) struct Turn(Rc<Inner>);

struct Waiting(Rc<Inner>);

impl Lock {
    /// Waits for a turn.
    pub(super) fn take(&self) -> impl Future<Output = Turn> + use<> {
        Waiting(Rc::clone(&self.0))
    }
}

impl Future for Waiting {
    type Output = Turn;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Turn> {
        if self.0.held.replace(true) {
            self.0.waiting.borrow_mut().push_back(context.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(Turn(Rc::clone(&self.0)))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.held.set(false);
        // All are woken: one that gave up meanwhile would not pass its turn on.
        let waiting = self.0.waiting.take();
        waiting.into_iter().for_each(Waker::wake);
    }
}
