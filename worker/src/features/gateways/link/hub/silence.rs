//! Who does not prove itself in time is shut out; who is silent for too long is taken for dead.

use drawbridge_contract::link::{CLOSE_SILENT, HANDSHAKE_MOST, SILENCE_MOST};
use drawbridge_domain::gateway::event::SILENT;
use drawbridge_domain::time::Timestamp;

use super::Hub;
use super::link::Link;
use crate::services::Services;

impl Hub {
    /// The alarm rings: closes what is overdue, puts right what is noted wrongly, and sees to the next alarm.
    pub async fn wake(&self, services: &Services) {
        let now = services.now();
        let overdue: Vec<(u32, bool)> = {
            let links = self.links.borrow();
            let due = links.iter().filter(|(number, link)| self.until(**number, link) <= now);
            due.map(|(number, link)| (*number, link.seat.proved.is_some())).collect()
        };
        for (link, stands) in overdue {
            if stands {
                self.with_mut(link, |link| link.reason = Some(SILENT));
                self.wires.note(link, "");
                self.wires.close(link, CLOSE_SILENT);
                self.end(services, link).await;
            } else {
                self.shut_out(link, CLOSE_SILENT);
            }
        }
        self.put_right(services).await;
        self.tell_away(services).await;
        self.set_alarm(now);
    }

    /// When a link is overdue unless something is heard of it.
    fn until(&self, number: u32, link: &Link) -> Timestamp {
        if link.seat.proved.is_none() {
            return link.seat.since.plus(i64::from(HANDSHAKE_MOST));
        }
        let heard = self.wires.heartbeat(number).map_or(link.heard, |heartbeat| heartbeat.max(link.heard));
        heard.plus(i64::from(SILENCE_MOST))
    }

    /// Sees to it that the hub wakes when the first link is overdue.
    pub(super) fn set_alarm(&self, now: Timestamp) {
        let first = {
            let links = self.links.borrow();
            links.iter().map(|(number, link)| self.until(*number, link)).min()
        };
        if let Some(first) = first {
            self.wires.wake(first.max(now.plus(1)));
        }
    }
}
