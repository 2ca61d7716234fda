//! Connections to a target that stay open between calls.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::known::Known;

/// The most connections that wait for a call.
const MOST: usize = 16;

/// A connection that can wait.
pub(super) trait Waits {
    /// How long one waits. Shorter than what servers usually allow, so that few are closed under a call.
    const MOST: Duration;

    /// Whether it still stands, as far as is known.
    fn stands(&self) -> bool;
}

/// The connections that wait, those used last at the end, each with the login that it is signed in with.
pub(super) struct Pool<C> {
    waiting: Mutex<VecDeque<(Option<Known>, C, Instant)>>,
}

impl<C> Default for Pool<C> {
    fn default() -> Self {
        Self { waiting: Mutex::new(VecDeque::new()) }
    }
}

impl<C: Waits> Pool<C> {
    /// One that waits, still stands and is signed in with this login.
    pub(super) fn take(&self, known: Option<&Known>) -> Option<C> {
        let mut waiting = self.waiting.lock().ok()?;
        tidy(&mut waiting);
        let at = waiting.iter().rposition(|(login, ..)| login.as_ref() == known)?;
        waiting.remove(at).map(|(_, connection, _)| connection)
    }

    /// Puts one back, if it can still be used.
    pub(super) fn put(&self, known: Option<Known>, connection: C) {
        if let Ok(mut waiting) = self.waiting.lock() {
            tidy(&mut waiting);
            if waiting.len() >= MOST {
                waiting.pop_front();
            }
            if connection.stands() {
                waiting.push_back((known, connection, Instant::now()));
            }
        }
    }

    /// Forgets those that have waited too long.
    pub(super) fn sweep(&self) {
        if let Ok(mut waiting) = self.waiting.lock() {
            tidy(&mut waiting);
        }
    }
}

fn tidy<C: Waits>(waiting: &mut VecDeque<(Option<Known>, C, Instant)>) {
    waiting.retain(|(_, connection, since)| since.elapsed() < C::MOST && connection.stands());
}
