//! Webhooks: of what a tenant can be told, how often it is tried, and when an endpoint is given up.

use crate::time::{DAY, HOUR, MINUTE, Timestamp};

crate::closed_list! {
    feature "schema",
    /// An event that an endpoint can choose: a message's `type`, and when it happens. A new one is a line here and its
    /// cause in the Worker's outbox.
    WebhookEvent {
        /// A connection does not work any more.
        ConnectionInvalid = "connection.invalid", "A connection turns invalid";
        /// A connection that did not work works again.
        ConnectionRecovered = "connection.recovered", "An invalid connection works again";
        /// A connection was deleted; it can be restored for 30 days.
        ConnectionDeleted = "connection.deleted", "A connection is deleted";
        /// Somebody was invited.
        UserInvited = "user.invited", "A user is invited";
        /// An app or a personal access token ends soon; told 30, 7 and 1 days before.
        CredentialExpiring = "credential.expiring", "An app or a token ends in 30, 7 or 1 days";
        /// No machine of a gateway is there, for longer than one takes that dials anew.
        GatewayOffline = "gateway.offline", "A gateway is offline";
        /// A gateway that was told to be offline is back.
        GatewayOnline = "gateway.online", "A gateway is back online";
    }
}

/// The `type` of a message that was asked for to try an endpoint.
pub const TEST_EVENT: &str = "webhook.test";

/// The most messages that wait for one endpoint; what comes on top is logged and not sent.
pub const QUEUE_MAX: u32 = 1000;
/// The longest address of an endpoint, in bytes.
pub const URL_MAX: usize = 2000;
/// How long the secret before the present one signs too, in milliseconds.
pub const ROTATION_GRACE: i64 = DAY;
/// How long deliveries are kept, in milliseconds.
pub const LOG_LIFE: i64 = 30 * DAY;
/// The most deliveries of an endpoint that are kept; those that wait are besides.
pub const LOG_MOST: u32 = 5000;
/// How long nothing must have arrived before an endpoint is switched off, in milliseconds.
pub const FAILING_LIFE: i64 = 3 * DAY;

/// The time between one attempt and the next: eight attempts within a day and a quarter of an hour.
const PAUSES: [i64; 7] = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 8 * HOUR, 12 * HOUR];

/// How long after that many failed attempts the next is due, in milliseconds; `None`: it is given up.
pub fn pause_after(attempts: u32) -> Option<i64> {
    let place = usize::try_from(attempts).ok()?.checked_sub(1)?;
    PAUSES.get(place).copied()
}

/// Why an endpoint gets nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub enum WebhookOff {
    /// Somebody switched it off.
    SwitchedOff,
    /// A message was given up, and nothing arrived for days.
    Failing,
    /// It answered 410: it is gone.
    Gone,
}

crate::coded!(WebhookOff);

impl WebhookOff {
    /// The word that stands for it in JSON and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SwitchedOff => "switchedOff",
            Self::Failing => "failing",
            Self::Gone => "gone",
        }
    }

    /// The reason that a word stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::SwitchedOff, Self::Failing, Self::Gone].into_iter().find(|known| known.code() == code)
    }
}

/// Whether a failed attempt is the end of its endpoint. `next` is the pause before the next attempt, where there is one.
pub fn off_after(
    status: Option<u16>,
    next: Option<i64>,
    failing_since: Timestamp,
    now: Timestamp,
) -> Option<WebhookOff> {
    if status == Some(410) {
        Some(WebhookOff::Gone)
    } else if next.is_none() && now.since(failing_since) >= FAILING_LIFE {
        Some(WebhookOff::Failing)
    } else {
        None
    }
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub enum DeliveryState {
    /// It is still tried.
    Pending,
    /// The endpoint took it.
    Delivered,
    /// It was given up.
    Failed,
    /// It was not sent, because too many were waiting.
    Dropped,
}

crate::coded!(DeliveryState);

impl DeliveryState {
    /// The word that stands for it in JSON and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }

    /// The state that a word stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Pending, Self::Delivered, Self::Failed, Self::Dropped]
            .into_iter()
            .find(|known| known.code() == code)
    }
}

/// Why a message is not delivered again, and what to do.
pub const REDELIVER_DISABLED: &str = "The webhook is disabled. Enable it first.";

/// Whether messages may be delivered again to a webhook. One that still waits is sent at once.
pub const fn may_redeliver(enabled: bool) -> Result<(), &'static str> {
    if enabled { Ok(()) } else { Err(REDELIVER_DISABLED) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        for event in WebhookEvent::ALL {
            assert_eq!(WebhookEvent::from_code(event.code()), Some(*event));
        }
        for off in [WebhookOff::SwitchedOff, WebhookOff::Failing, WebhookOff::Gone] {
            assert_eq!(WebhookOff::from_code(off.code()), Some(off));
        }
        assert_eq!(WebhookEvent::from_code(TEST_EVENT), None, "nobody chooses the test");
        assert_eq!(DeliveryState::from_code("dropped"), Some(DeliveryState::Dropped));
        assert_eq!(DeliveryState::from_code(""), None);
    }

    #[test]
    fn attempts_last_a_day_and_pauses_grow() {
        let pauses: Vec<i64> = (1..).map_while(pause_after).collect();
        assert!(pauses.windows(2).all(|pair| pair[0] < pair[1]));
        let all: i64 = pauses.iter().sum();
        assert!((DAY..DAY + HOUR).contains(&all), "{all}");
        assert_eq!((pause_after(0), pause_after(8), pause_after(u32::MAX)), (None, None, None));
    }

    #[test]
    fn an_endpoint_is_given_up_when_it_says_so_or_after_days() {
        let start = Timestamp::from_millis(0);
        let late = start.plus(FAILING_LIFE);
        assert_eq!(off_after(Some(410), Some(MINUTE), start, start), Some(WebhookOff::Gone));
        assert_eq!(off_after(Some(500), None, start, late), Some(WebhookOff::Failing));
        assert_eq!(off_after(None, None, start, late.plus(-1)), None);
        assert_eq!(off_after(None, Some(MINUTE), start, late), None, "while a message is tried");
    }
}
