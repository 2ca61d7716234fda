//! What an endpoint's fields must look like.

use drawbridge_domain::text;
use drawbridge_domain::webhook::{URL_MAX, WebhookEvent};

use crate::http::failure::Faults;
use crate::outward::{in_ascii, is_receiver};
use crate::services::Services;

pub(super) fn name(faults: &mut Faults, name: &str) -> String {
    faults.text("name", text::plain_name(name).map(str::to_owned))
}

/// An address on the public Internet, as it is called: without the blanks that a paste brought along, and in ASCII.
pub(super) fn url(services: &Services, faults: &mut Faults, url: &str) -> String {
    let url = in_ascii(services, url.trim());
    let url = url.as_ref();
    if url.is_empty() {
        faults.add("url", "missing", "Fill this in.");
    } else if url.len() > URL_MAX {
        faults.add("url", "too_long", format!("Use at most {URL_MAX} bytes."));
    } else if !is_receiver(url, &services.settings) {
        faults.add("url", "not_public", "Use an https address on the public Internet, without a user name.");
    }
    url.to_owned()
}

/// Each event once, in the order in which they are offered.
pub(super) fn events(faults: &mut Faults, events: &[WebhookEvent]) -> Vec<WebhookEvent> {
    let chosen: Vec<_> = WebhookEvent::ALL.iter().copied().filter(|event| events.contains(event)).collect();
    if chosen.is_empty() {
        faults.add("events", "missing", "Choose at least one event.");
    } else if events.len() > WebhookEvent::ALL.len() {
        faults.add("events", "repeated", "Send each event once.");
    }
    chosen
}

/// As much of an address as the audit log is told: a path can hold a secret.
pub(super) fn host(url: &str) -> String {
    url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}
