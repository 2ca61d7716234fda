//! Who asks for what there is not: an address that does so too often waits, so that it does not keep the database busy.
//! A secret of ours cannot be guessed, however often it is tried; and what is in memory is answered to everybody.

use std::collections::HashMap;
use std::net::IpAddr;

use drawbridge_domain::time::{MINUTE, Timestamp};

/// Failures of an address in a minute, in each shard.
const MOST: u32 = 20;
/// Addresses that are remembered.
const ADDRESSES: usize = 5_000;

#[derive(Default)]
pub(super) struct Failures {
    counts: HashMap<String, (u32, Timestamp)>,
}

impl Failures {
    /// How long an address must wait, in milliseconds.
    pub(super) fn wait(&mut self, address: &str, now: Timestamp) -> Option<i64> {
        let (count, since) = self.counts.get(&network(address))?;
        let left = MINUTE - now.since(*since);
        (*count >= MOST && left > 0).then_some(left)
    }

    pub(super) fn count(&mut self, address: &str, now: Timestamp) {
        if self.counts.len() >= ADDRESSES {
            self.counts.retain(|_, (_, since)| now.since(*since) < MINUTE);
            if self.counts.len() >= ADDRESSES {
                self.counts.clear();
            }
        }
        let entry = self.counts.entry(network(address)).or_insert((0, now));
        if now.since(entry.1) >= MINUTE {
            *entry = (0, now);
        }
        entry.0 += 1;
    }
}

/// What stands for an address: of IPv6, the network that one customer has.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_fails_too_often_waits_until_the_minute_is_over() {
        let mut failures = Failures::default();
        let at = Timestamp::from_millis;
        for _ in 0..MOST {
            assert_eq!(failures.wait("2001:db8::1", at(0)), None);
            failures.count("2001:db8::1", at(0));
        }
        assert_eq!(failures.wait("2001:db8::2", at(1000)), Some(MINUTE - 1000), "the same customer");
        assert_eq!(failures.wait("2001:db8:0:1::2", at(1000)), None);
        assert_eq!(failures.wait("2001:db8::1", at(MINUTE)), None);
        failures.count("2001:db8::1", at(MINUTE));
        assert_eq!(failures.wait("2001:db8::1", at(MINUTE)), None);
    }
}
