//! Words that are put together.

use drawbridge_contract::link::{FailureCode, Goodbye, Refusal};
use drawbridge_contract::types::connections::ConnectionSummary;
use drawbridge_contract::types::gateways::{Gateway, GatewayHappening, GatewaySummary};
use drawbridge_domain::gateway::commands::{System, serve};
use drawbridge_domain::gateway::event::{LOST, SILENT};
use drawbridge_domain::gateway::{GatewayEvent, TargetFinding};

use super::fixed;

/// What a panel is about.
pub(in super::super) fn about(verb: &str, name: &str) -> String {
    if name.is_empty() { verb.to_owned() } else { [verb, ": ", name].concat() }
}

/// Asks before something is done.
pub(in super::super) fn question(verb: &str, what: &str, name: &str) -> String {
    [verb, " ", what, " “", name, "”?"].concat()
}

/// Asks before keys are changed.
pub(in super::super) fn rotate_title(name: &str) -> String {
    ["Rotate the key of “", name, "”?"].concat()
}

/// What became of something.
pub(in super::super) fn named(name: &str, became: &str) -> String {
    ["“", name, "” ", became].concat()
}

/// Somebody else renamed it meanwhile.
pub(in super::super) fn renamed_meanwhile(name: &str) -> String {
    let rest = "”. Save again to replace that, or cancel to leave it.";
    ["Somebody else renamed the gateway meanwhile. It is now “", name, rest].concat()
}

/// What keys were changed.
pub(in super::super) fn rotated(rotated: u32, asked: u32) -> String {
    let machines = if rotated == 1 { " machine has" } else { " machines have" };
    let rest = if rotated == asked { "." } else { "; the others did not confirm it. Try again." };
    [&rotated.to_string(), machines, " a new key", rest].concat()
}

/// The machines under a gateway's name.
pub(in super::super) fn machines(names: &[String]) -> String {
    match names {
        [] => "No machine yet".to_owned(),
        [one] => one.clone(),
        [first, second] => [first, ", ", second].concat(),
        [first, rest @ ..] => [first, " and ", &rest.len().to_string(), " more"].concat(),
    }
}

/// How much of a degraded gateway works.
pub(in super::super) fn degraded(gateway: &GatewaySummary) -> String {
    let (linked, all) = (gateway.linked.to_string(), gateway.machines.len().to_string());
    if linked == all {
        "A target fails".to_owned()
    } else {
        [&linked, " of ", &all, " machines online"].concat()
    }
}

/// How many rows are shown.
pub(in super::super) fn shown(rows: usize, more: bool) -> String {
    let what = if rows == 1 { " gateway" } else { " gateways" };
    [rows.to_string().as_str(), what, if more { " so far" } else { "" }].concat()
}

/// Minutes and seconds.
pub(in super::super) fn minutes(seconds: i64) -> String {
    let (minutes, rest) = (seconds.max(0) / 60, seconds.max(0) % 60);
    [minutes.to_string().as_str(), if rest < 10 { ":0" } else { ":" }, &rest.to_string()].concat()
}

/// A machine has come.
pub(in super::super) fn is_online(machine: &str, version: &str) -> String {
    [machine, " is online with version ", version].concat()
}

/// How many connections go through it.
pub(in super::super) fn connections(number: u32) -> String {
    match number {
        0 => "No connection goes through it.".to_owned(),
        1 => "1 connection goes through it.".to_owned(),
        more => [&more.to_string(), " connections go through it."].concat(),
    }
}

/// What becomes of them.
pub(in super::super) fn turn_invalid(number: u32) -> String {
    match number {
        1 => "1 connection goes through it and becomes invalid:".to_owned(),
        more => [&more.to_string(), " connections go through it and become invalid:"].concat(),
    }
}

/// A connection that becomes invalid.
pub(in super::super) fn connection(one: &ConnectionSummary) -> String {
    let deleted = if one.deleted.is_some() { ", deleted" } else { "" };
    [&one.name, " (", &one.connector.name, ", owner ", &one.owner.name, deleted, ")"].concat()
}

/// How many more there are.
pub(in super::super) fn and_more(total: u32, shown: usize) -> Option<String> {
    let more = usize::try_from(total).ok()?.checked_sub(shown).filter(|more| *more > 0)?;
    Some(["and ", &more.to_string(), " more"].concat())
}

/// What its machines do when it is disconnected.
pub(in super::super) fn what_machines_do(gateway: &Gateway) -> String {
    let all = gateway.replicas.len();
    let online = gateway.replicas.iter().filter(|replica| replica.linked_since.is_some()).count();
    if all == 0 {
        return "No machine has joined it.".to_owned();
    }
    if online == 0 {
        return "Its machines are offline: they stop when they dial the next time, because their keys are not known \
                any more."
            .to_owned();
    }
    if online == all {
        return "Its machines are told: each erases its key, stops, and says how to join again. The audit log says \
                which confirmed it within 4 seconds."
            .to_owned();
    }
    [
        &online.to_string(),
        " of ",
        &all.to_string(),
        " machines are told: each erases its key and stops. The audit log says which confirmed it within 4 seconds. \
         The others stop when they dial the next time, because their keys are not known any more.",
    ]
    .concat()
}

/// A round trip.
pub(in super::super) fn round_trip(milliseconds: Option<u32>) -> String {
    milliseconds.map_or_else(|| fixed::DASH.to_owned(), |number| [&number.to_string(), " ms"].concat())
}

/// How many calls failed.
pub(in super::super) fn failed(number: u64) -> String {
    ["(", &number.to_string(), " failed at the gateway)"].concat()
}

/// What was carried, each way.
pub(in super::super) fn bytes(to: u64, from: u64) -> String {
    [&size(to), " to targets, ", &size(from), " from them"].concat()
}

/// A number of bytes in few digits.
pub(in super::super) fn size(bytes: u64) -> String {
    let (unit, tenth) = match bytes {
        0..=999 => return [&bytes.to_string(), " bytes"].concat(),
        1_000..=999_999 => (" kB", bytes / 100),
        1_000_000..=999_999_999 => (" MB", bytes / 100_000),
        _ => (" GB", bytes / 100_000_000),
    };
    [&(tenth / 10).to_string(), ".", &(tenth % 10).to_string(), unit].concat()
}

/// A system with its processor.
pub(in super::super) fn system(system: &str, architecture: &str) -> String {
    let processor = match architecture {
        "x86_64" => "x86-64",
        "aarch64" => "ARM 64",
        other => other,
    };
    [system, ", ", processor].concat()
}

/// The newest version.
pub(in super::super) fn newest(version: &str) -> String {
    ["The newest version is ", version].concat()
}

/// How the agent is made a service.
pub(in super::super) fn service_lines() -> String {
    [serve(System::Linux), serve(System::Windows)].join("\n")
}

/// How a target was found, with the reason.
pub(in super::super) fn finding(finding: TargetFinding, target: &str, reason: Option<FailureCode>) -> String {
    match reason.filter(|_| finding == TargetFinding::Failing) {
        Some(reason) => reason.about(target),
        None => finding.words(target),
    }
}

/// Why something happened, in words.
pub(in super::super) fn why(one: &GatewayHappening) -> String {
    let Some(code) = one.reason.as_deref() else { return fixed::DASH.to_owned() };
    let words = match one.kind {
        GatewayEvent::TargetFails => FailureCode::from_code(code).map(FailureCode::words),
        GatewayEvent::Refused => Refusal::from_code(code).map(Refusal::words),
        _ => match code {
            LOST => Some("the link broke"),
            SILENT => Some("nothing was heard any more"),
            other => Goodbye::from_code(other).map(Goodbye::words),
        },
    };
    words.unwrap_or(code).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(1_234), "1.2 kB");
        assert_eq!(size(8_450_000), "8.4 MB");
        assert_eq!(size(12_000_000_000), "12.0 GB");
        assert_eq!(
            (minutes(600), minutes(61), minutes(-3)),
            ("10:00".to_owned(), "1:01".to_owned(), "0:00".to_owned())
        );
    }

    #[test]
    fn machines_are_named_as_far_as_there_is_room() {
        let names = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(machines(&[]), "No machine yet");
        assert_eq!(machines(&names[..2]), "a, b");
        assert_eq!(machines(&names), "a and 2 more");
    }

    #[test]
    fn the_health_of_a_target_is_told_apart_from_the_gateways() {
        let words = |reason| finding(TargetFinding::Failing, "SQL01", reason);
        assert_eq!(words(Some(FailureCode::TargetLogin)), "The gateway is fine, SQL01 refuses the login.");
        assert_eq!(words(None), "The gateway is fine, SQL01 cannot be reached.");
    }

    #[test]
    fn the_rest_is_counted() {
        assert_eq!(and_more(12, 10).as_deref(), Some("and 2 more"));
        assert_eq!(and_more(10, 10), None);
        assert_eq!(rotated(1, 2), "1 machine has a new key; the others did not confirm it. Try again.");
        assert_eq!(rotated(2, 2), "2 machines have a new key.");
    }
}
