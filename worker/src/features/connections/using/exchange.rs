//! A call with all that belongs to it: tries, new tokens after a 401, the proof where that does not help, counting.

use drawbridge_domain::connection::{Proof, Reason};
use drawbridge_domain::connector::Verdict;

use super::journey::{self, Arrived, Came, Outgoing, Trouble};
use super::limits::{TRIES, is_passing, wait};
use super::ready::Ready;
use super::through;
use crate::features::connections::keeper::{self, Refreshed, Why};
use crate::features::connections::settle::{self, Finding};
use crate::features::connections::{prove, refresh};
use crate::http::Failure;
use crate::json;

/// What came back, and how.
pub(super) struct Exchanged {
    pub(super) came: Came,
    pub(super) tries: u32,
    pub(super) milliseconds: u32,
}

/// Makes the call that `build` makes of the connection, and counts it as one use.
pub(super) async fn exchange<F>(ready: &mut Ready<'_>, build: F) -> Result<Exchanged, Failure>
where
    F: FnMut(&Ready<'_>) -> Result<Outgoing, Failure>,
{
    let result = attempt(ready, build).await;
    let failed = result.as_ref().map_or(true, |exchanged| exchanged.came.status >= 400);
    keeper::count(ready.services, ready.scope.tenant(), &ready.row.summary.id, failed);
    result
}

async fn attempt<F>(ready: &mut Ready<'_>, mut build: F) -> Result<Exchanged, Failure>
where
    F: FnMut(&Ready<'_>) -> Result<Outgoing, Failure>,
{
    let started = ready.services.now();
    let mut call = build(ready)?;
    let mut tries = 0;
    let mut came = match with_tries(ready, &mut call, &mut tries).await {
        Ok(came) => came,
        Err(trouble) => return Err(told(ready, trouble).await?),
    };
    if is_refused(ready, &came) {
        // First with new tokens; then, where they are so new that nobody asked for others, once the proof says that
        // it is the token all the same.
        let mut again = renewed(ready, Why::Refused).await?;
        if !again && examine(ready).await? {
            again = renewed(ready, Why::Disproved).await?;
        }
        if again && call.body.is_kept() {
            call = build(ready)?;
            came = match with_tries(ready, &mut call, &mut tries).await {
                Ok(came) => came,
                Err(trouble) => return Err(told(ready, trouble).await?),
            };
            if is_refused(ready, &came) && examine(ready).await? {
                // New tokens, and the service takes them for nothing: the grant is gone.
                let finding = Finding::without_tokens(Reason::GrantRevoked, None);
                let id = &ready.row.summary.id;
                settle::by_system(ready.services, ready.scope.tenant(), id, &finding).await?;
                return Err(ready.unusable(Reason::GrantRevoked, None));
            }
        }
    }
    if came.status < 400 {
        through::came_through(ready).await?;
    }
    let took = ready.services.now().since(started);
    Ok(Exchanged { came, tries, milliseconds: u32::try_from(took).unwrap_or_default() })
}

/// Whether there are other tokens now than those that were refused.
async fn renewed(ready: &mut Ready<'_>, why: Why) -> Result<bool, Failure> {
    if !refresh::is_possible(&ready.way, &ready.bundle) {
        return Ok(false);
    }
    match ready.renew(why).await? {
        Refreshed::Fresh => Ok(true),
        Refreshed::Recent | Refreshed::Impossible => Ok(false),
        Refreshed::Failed { reason, words, .. } => Err(ready.unusable(reason, words.as_deref())),
    }
}

/// Tries again what may be tried again.
async fn with_tries(ready: &Ready<'_>, call: &mut Outgoing, tries: &mut u32) -> Result<Came, Trouble> {
    let services = ready.services;
    for tried in 0..TRIES {
        *tries += 1;
        let result = journey::go(ready, call).await;
        let last = tried + 1 >= TRIES || !call.repeatable || !call.body.is_kept();
        let after = match &result {
            Ok(came) if !last && is_passing(came.status) => {
                came.headers.get("retry-after").and_then(|value| value.to_str().ok()).map(str::to_owned)
            }
            Err(Trouble::Way(_)) if !last => None,
            _ => return result,
        };
        let [chance] = services.random_bytes::<1>().unwrap_or_default();
        match wait(after.as_deref(), tried, chance) {
            Some(millis) => services.clock.wait(millis).await,
            None => return result,
        }
    }
    Err(Trouble::Circles)
}

/// Whether the provider says that the credentials are not accepted.
fn is_refused(ready: &Ready<'_>, came: &Came) -> bool {
    let body = match &came.body {
        Arrived::Whole(bytes) if came.status < 300 => json::parse(bytes).ok(),
        Arrived::Whole(_) | Arrived::Stream(_) => None,
    };
    let rules = ready.definition.answer_rules.iter();
    let told =
        rules.filter(|rule| body.is_some() && rule.fits(came.status, body.as_ref())).map(|rule| rule.means);
    let verdict = { told }.next().unwrap_or_else(|| Verdict::of_status(came.status));
    verdict == Verdict::Disproved
}

/// The proof, after a 401 that new tokens did not mend: either the 401 is about this call alone, or the connection
/// is invalid from now on. Answers whether it may be the token, and another one can be had.
async fn examine(ready: &Ready<'_>) -> Result<bool, Failure> {
    let values = ready.row.values(ready.services, &ready.definition, &ready.way)?;
    let on = Some(ready.on());
    let found = prove::prove(ready.services, &ready.definition, &ready.way, &values, &ready.bundle, on).await;
    let Proof::Disproved(reason) = found.proof else { return Ok(false) };
    if found.token_refused && refresh::is_possible(&ready.way, &ready.bundle) {
        return Ok(true);
    }
    let words = found.words.clone();
    let finding = Finding::of(found);
    settle::by_system(ready.services, ready.scope.tenant(), &ready.row.summary.id, &finding).await?;
    Err(ready.unusable(reason, words.as_deref()))
}

/// The words for a call that brought nothing.
async fn told(ready: &Ready<'_>, trouble: Trouble) -> Result<Failure, Failure> {
    let name = &ready.definition.name;
    Ok(match trouble {
        Trouble::Gateway(failure) => through::told(ready, failure).await?,
        Trouble::Way(reason) => ready.unusable(reason, None),
        Trouble::Unfit => ready.unusable(Reason::CredentialsRefused, None),
        Trouble::TooLarge => unavailable(format!(
            "{name} answered with more than an operation takes. Ask for less, or pass the call through the proxy."
        )),
        Trouble::Circles => unavailable(format!("{name} sends the call on and on. Nothing was read.")),
        Trouble::Elsewhere(host) if host.is_empty() => {
            unavailable(format!("{name} sends the call on to an address that is none. Nothing was read."))
        }
        Trouble::Elsewhere(host) => unavailable(format!(
            "The call leads to {host}, which is none of the hosts of {name}. It was not made, so that nothing of \
             this connection goes there."
        )),
    })
}

fn unavailable(detail: String) -> Failure {
    Failure::new(drawbridge_contract::problem::ProblemCode::ProviderUnavailable, detail)
}
