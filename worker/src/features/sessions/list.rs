//! The caller's own sessions.

use drawbridge_contract::endpoints::ListSessions;
use drawbridge_contract::types::List;
use drawbridge_contract::types::sessions::Session;
use drawbridge_domain::time::Timestamp;

use super::store;
use crate::http::{Call, Failure, Reply, Scope};

/// Lists them, last used first.
pub(super) async fn handle(call: Call<ListSessions, Scope>) -> Result<Reply<List<Session>>, Failure> {
    let own = call.scope.session()?;
    let rows = store::sessions(&call.services, own).await?;
    let items = rows
        .into_iter()
        .map(|row| Session {
            current: row.id == own.session_id,
            id: row.id,
            device: device(&row.user_agent),
            address: row.address.filter(|address| !address.is_empty()),
            country: row.country.filter(|country| !country.is_empty()),
            created_at: Timestamp::from_millis(row.created_at),
            last_used_at: Timestamp::from_millis(row.last_used_at),
        })
        .collect();
    Ok(Reply::new(List { items, next_cursor: None }))
}

/// Browser and system in a few words, from what the browser says of itself. The order matters: most browsers
/// name others too.
fn device(user_agent: &str) -> String {
    let pick = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = pick(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = pick(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "Unknown device".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn devices_are_named_in_a_few_words() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        assert_eq!(device(chrome), "Chrome on Linux");
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1";
        assert_eq!(device(safari), "Safari on iPhone");
        assert_eq!(device("curl/8.5"), "curl");
        assert_eq!(device(""), "Unknown device");
    }
}
