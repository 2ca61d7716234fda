//! The proof of an email domain: a TXT record that only who runs the domain can make. It is looked up by DNS over
//! HTTPS, since a Worker has no other way to the DNS.

use drawbridge_contract::endpoints::ProveSsoDomain;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::sso::SsoDomain;
use drawbridge_domain::sso::{ProofState, proof_state};
use drawbridge_domain::time::{SECOND, Timestamp};
use http::header::ACCEPT;
use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Value, json};

use super::outward::{self, Trouble};
use super::{may_change, read, store, system};
use crate::features::audit::{self, Record};
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;
use crate::services::Services;

/// The resolver that is asked (in development the sandbox provider answers in its place).
const RESOLVER: &str = "https://cloudflare-dns.com";
/// How soon the same domain is looked up again, in milliseconds.
const PAUSE: i64 = 5 * SECOND;
/// The number of TXT in the DNS.
const TXT: u64 = 16;

/// Looks the record up.
pub(super) async fn handle(call: Call<ProveSsoDomain, Scope>) -> Result<Reply<SsoDomain>, Failure> {
    let (services, scope, domain) = (&call.services, &call.scope, &call.params.domain);
    may_change(scope)?;
    let unknown = || Failure::not_found("domain");
    let (row, prover) = store::find_domain(services, scope, domain).await?;
    let row = row.ok_or_else(unknown)?;
    let now = services.now();
    match services.db.batch(store::claim_look_up(scope, domain, now.plus(-PAUSE), now)).await {
        Err(DbError::Guard) => return Err(Failure::too_many(PAUSE)),
        result => result?,
    };
    let token = row.token.clone();
    let wanted = read::domain(row);
    let found = look_up(services, &wanted.record_name).await.map_err(|_| {
        let words = "The DNS could not be asked. Nothing was changed; try again in some minutes.";
        Failure::new(ProblemCode::ProviderUnavailable, words)
    })?;
    if !found.contains(&wanted.record_value) {
        let words = if found.is_empty() {
            format!(
                "The DNS shows no TXT record at {}. New records can take up to an hour to be seen.",
                wanted.record_name
            )
        } else {
            format!(
                "The DNS shows another text at {} than the one given here. Changed records can take up to an hour to \
                 be seen.",
                wanted.record_name
            )
        };
        return Err(Failure::new(ProblemCode::Conflict, words));
    }
    take_over(services, scope, prover).await?;
    let record = Record::done("sso.domain_proved", "sso", domain, domain);
    match audit::commit(services, scope, store::prove_domain(scope, domain, &token, now), &[record]).await {
        Err(DbError::Unique) => {
            let words =
                "Another tenant of this deployment has proved this domain. It has to remove it there first.";
            Err(Failure::new(ProblemCode::Conflict, words))
        }
        Err(DbError::Guard) => Err(unknown()),
        result => {
            result?;
            let proved_at: Option<Timestamp> = Some(now);
            Ok(Reply::new(SsoDomain { proved_at, missing: false, ..wanted }))
        }
    }
}

/// Ends the proof of another tenant, where the DNS has not shown it for so long that the domain may have changed
/// hands. Both logs tell of it.
async fn take_over(
    services: &Services,
    scope: &Scope,
    prover: Option<store::ProvedRow>,
) -> Result<(), Failure> {
    let Some(other) = prover else { return Ok(()) };
    let (shown, asked) =
        (Timestamp::from_millis(other.proved_at), Timestamp::from_millis(other.looked_up_at));
    if other.tenant_id == *scope.tenant() || proof_state(shown, asked) != ProofState::Lost {
        return Ok(());
    }
    let record = Record::done("sso.domain_lost", "sso", &other.domain, &other.domain)
        .with_changes(json!({ "lastShown": { "before": shown } }));
    match audit::commit(services, system(&other.tenant_id), store::end_proof(&other), &[record]).await {
        // It was looked up at this moment.
        Err(DbError::Guard) => Ok(()),
        result => result.map(|_| ()).map_err(Failure::from),
    }
}

/// The texts of the TXT records of a name.
pub(super) async fn look_up(services: &Services, name: &str) -> Result<Vec<String>, Trouble> {
    let resolver = services.settings.sandbox_origin.as_deref().unwrap_or(RESOLVER);
    let url = format!("{resolver}/dns-query?name={name}&type=TXT");
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/dns-json"));
    let (status, answer) = outward::send(services, Method::GET, &url, headers, None).await?;
    let answer = answer.filter(|_| status == 200).ok_or(Trouble::Unreachable)?;
    // 0: found, 3: there is no such name. Anything else says nothing.
    if !matches!(answer.get("Status").and_then(Value::as_u64), Some(0 | 3)) {
        return Err(Trouble::Unreachable);
    }
    let records = answer.get("Answer").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_txt = |record: &&Value| record.get("type").and_then(Value::as_u64) == Some(TXT);
    let text = |record: &Value| record.get("data").and_then(Value::as_str).map(joined);
    Ok(records.iter().take(100).filter(is_txt).filter_map(text).collect())
}

/// The text of a record, which comes in quoted pieces.
fn joined(data: &str) -> String {
    if data.starts_with('"') { data.split('"').skip(1).step_by(2).collect() } else { data.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn pieces_of_a_record_are_one_text() {
        assert_eq!(joined("\"abc\""), "abc");
        assert_eq!(joined("\"abc\" \"def\""), "abcdef");
        assert_eq!(joined("abc"), "abc");
    }
}
