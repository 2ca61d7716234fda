//! Answers that the fake server gives.

use std::fmt::Write as _;

/// Who calls, for a token.
pub(crate) const CALLER: &str = r#"{"tenant":{"id":"ten_0000000001zzzzzzzzzzzzzzzz","name":"First","slug":"first"},
"role":"globalAdministrator","tenants":[],"user":{"id":"usr_0000000001zzzzzzzzzzzzzzzz","email":"ada@example.org",
"firstName":"Ada","lastName":"Admin"},"credential":{"kind":"token","id":"pat_0000000001zzzzzzzzzzzzzzzz","name":"CI",
"scopes":["read:connection"],"expiresAt":"2027-01-01T00:00:00.000Z"}}"#;

pub(crate) const APP: &str = "app_0000000001zzzzzzzzzzzzzzzz";

/// An app.
pub(crate) fn app(name: &str) -> String {
    format!(
        r#"{{"id":"{APP}","name":"{name}","description":"","status":"active","scopes":["read:user"],"addresses":[],"tokenAlgorithm":"EdDSA","secrets":[],"createdBy":{{"id":"usr_0000000001zzzzzzzzzzzzzzzz","name":"Ada"}},"createdAt":"2026-01-02T03:04:05.678Z","later":"unknown here"}}"#
    )
}

/// A connection of the list.
pub(crate) fn connection(number: usize, name: &str) -> String {
    format!(
        r#"{{"id":"con_{number:026}","name":"{name}","connector":{{"id":"box","name":"Box","icon":"box"}},"state":{{"status":"active","reason":"proved","since":"2026-01-02T03:04:05.678Z"}},"owner":{{"id":"usr_0000000001zzzzzzzzzzzzzzzz","name":"Ada"}},"createdAt":"2026-01-02T03:04:05.678Z","level":"owner","interactive":true}}"#
    )
}

/// A page of connections.
pub(crate) fn connections(names: &[(usize, &str)], next: Option<&str>) -> String {
    let items: Vec<String> = names.iter().map(|(number, name)| connection(*number, name)).collect();
    let mut text = format!("{{\"items\":[{}]", items.join(","));
    if let Some(next) = next {
        let _ = write!(text, ",\"nextCursor\":\"{next}\"");
    }
    text.push_str(",\"counts\":{\"pending\":0,\"active\":3,\"degraded\":0,\"invalid\":0,\"disabled\":0}}");
    text
}
