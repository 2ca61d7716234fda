//! The link to the server: kept up for as long as the agent runs.

mod backoff;
mod call;
mod clocks;
mod handshake;
mod rotation;
mod session;
mod shared;
mod socket;
#[cfg(test)]
mod tests;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use drawbridge_contract::link::messages::{Refused, Welcome};
use drawbridge_contract::link::{Goodbye, HANDSHAKE_MOST, Refusal};
use drawbridge_domain::gateway::farewell::{
    DISCONNECTED, NO_KEY_ERROR, NO_KEY_REMEDY, TOKEN_STATUS_ERROR, TOKEN_STATUS_REMEDY,
};
use tokio::time::{Instant, sleep, timeout};

use crate::agent::{Agent, mark};
use crate::identity::{self, Identity, Missing};
use crate::log;
use backoff::{Backoff, chance};
use handshake::{Shaken, shake};
use session::{End, Session};

/// How long to wait when somebody has to do something first, or another agent has the same key.
const SLOW: Duration = Duration::from_mins(1);
/// How often is looked whether this machine was enrolled anew.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// A link that stood for so long was a good one: the next try comes at once.
const GOOD: Duration = Duration::from_secs(3);

/// Why the agent is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// It was told to stop.
    Stopped,
    /// Its gateway was disconnected.
    Disconnected,
}

/// What comes after a try.
enum Next {
    /// A link stood and ended, or none came about: dial again.
    Again,
    /// Dial again, but not soon.
    Slowly,
    /// Wait until somebody enrols this machine anew.
    Operator,
    /// No more.
    Done(Done),
}

/// Keeps the link up until the agent is to stop or its gateway is gone.
pub(crate) async fn keep(agent: Arc<Agent>, mut identity: Identity, state: PathBuf) -> Done {
    let mut backoff = Backoff::default();
    let mut away = Instant::now();
    // After a rotation that broke off, one of two keys is right.
    let mut old_key = false;
    loop {
        if *agent.stopping().borrow() {
            return Done::Stopped;
        }
        agent.telemetry.dialled();
        let next = tokio::select! {
            next = dial(&agent, &mut identity, &state, &mut old_key) => next,
            () = agent.until_stopping() => return Done::Stopped,
        };
        let next = match next {
            Ok(welcome) => {
                let (socket, welcome) = *welcome;
                greet(&agent, &welcome);
                let begin = Instant::now();
                let end = Session::run(Arc::clone(&agent), identity.clone(), state.clone(), socket).await;
                away = Instant::now();
                if begin.elapsed() >= GOOD {
                    backoff.reset();
                }
                ended(&agent, end)
            }
            Err(next) => next,
        };
        let pause = match next {
            Next::Done(done) => return done,
            Next::Again => backoff.next(away.elapsed(), chance()),
            Next::Slowly => SLOW / 2 + (SLOW / 2).mul_f64(f64::from(chance()) / f64::from(u32::MAX)),
            Next::Operator => {
                let file = identity::place(&state);
                let known = mark(&file);
                tokio::select! {
                    () = changed(&file, known) => Duration::ZERO,
                    () = agent.until_stopping() => return Done::Stopped,
                }
            }
        };
        tokio::select! {
            () = sleep(pause) => {}
            () = agent.until_stopping() => return Done::Stopped,
        }
        match identity::load(&state) {
            Ok(read) => identity = read,
            Err(Missing::None) => {
                no_key();
                return Done::Disconnected;
            }
            Err(Missing::Unusable(why)) => log::error("the key cannot be used", &[("why", &why)]),
        }
    }
}

async fn changed(file: &std::path::Path, known: Option<crate::agent::Mark>) {
    while mark(file) == known {
        sleep(LOOK_EVERY).await;
    }
}

/// Says why an agent without a key does nothing.
pub(crate) fn no_key() {
    for line in NO_KEY_ERROR {
        log::error(line, &[]);
    }
    log::error(NO_KEY_REMEDY, &[]);
}

type Linked = Box<(socket::Socket, Welcome)>;

/// One try, up to the welcome.
async fn dial(
    agent: &Agent,
    identity: &mut Identity,
    state: &std::path::Path,
    old_key: &mut bool,
) -> Result<Linked, Next> {
    let loaded = agent.now();
    let lost = |why: String| {
        agent.telemetry.link(Err(why.clone()));
        log::warn("no link to the server", &[("why", &why)]);
        Next::Again
    };
    let server = loaded.config.server.origin();
    if server != identity.server {
        let why = format!("this machine is enrolled at {}, the configuration says {server}", identity.server);
        agent.telemetry.link(Err(why.clone()));
        log::error("enrol this machine again, or set the server right", &[("why", &why)]);
        return Err(Next::Slowly);
    }
    let mut socket = socket::open(&loaded, &identity.gateway).await.map_err(lost)?;
    let use_next = identity.next.is_some() && !*old_key;
    let key = identity.next.as_ref().filter(|_| use_next).unwrap_or(&identity.key).clone();
    let most = Duration::from_millis(u64::from(HANDSHAKE_MOST));
    let shaken = timeout(most, shake(&mut socket, identity, &key)).await;
    match shaken.unwrap_or_else(|_| Err("the server did not answer in time".to_owned())).map_err(lost)? {
        Shaken::Welcome(welcome) => {
            *old_key = false;
            if let Err(why) = rotation::settle(identity, state, use_next) {
                log::error("the key cannot be kept", &[("why", &why)]);
            }
            Ok(Box::new((socket, welcome)))
        }
        Shaken::Refused(refused) => {
            if refused.code == Refusal::Unauthorized && use_next {
                *old_key = true;
                return Err(Next::Again);
            }
            *old_key = false;
            Err(refusal(agent, &refused))
        }
    }
}

fn greet(agent: &Agent, welcome: &Welcome) {
    agent.telemetry.link(Ok(()));
    log::info("the link stands", &[("gateway", &welcome.name), ("tenant", &welcome.tenant)]);
    if let Some(update) = &welcome.update {
        let own = crate::machine::VERSION;
        log::warn("a newer version of the agent is there", &[("own", &own), ("newest", update)]);
    }
}

/// The server said no.
fn refusal(agent: &Agent, refused: &Refused) -> Next {
    let words = refused.code.words();
    agent.telemetry.link(Err(words.to_owned()));
    match refused.code {
        Refusal::Unauthorized => {
            for line in TOKEN_STATUS_ERROR {
                log::error(line, &[]);
            }
            log::error(TOKEN_STATUS_REMEDY, &[]);
            no_key();
            Next::Operator
        }
        Refusal::TooOld | Refusal::NoCommonProtocol => {
            let least = refused.least.clone().unwrap_or_default();
            log::error(
                "update this agent: the server does not take it",
                &[("why", &words), ("least", &least)],
            );
            Next::Slowly
        }
        Refusal::Disabled => {
            log::warn("the server takes no calls for this gateway", &[("why", &words)]);
            Next::Slowly
        }
        Refusal::NotUnderstood | Refusal::Busy => {
            log::warn("no link to the server", &[("why", &words)]);
            Next::Again
        }
    }
}

/// A link has ended.
fn ended(agent: &Agent, end: End) -> Next {
    let (why, next) = match end {
        End::Stopped => return Next::Done(Done::Stopped),
        End::Lost(why) => (why, Next::Again),
        End::Goodbye(reason) => {
            let next = match reason {
                Goodbye::Disconnected => {
                    log::error(DISCONNECTED, &[]);
                    return Next::Done(Done::Disconnected);
                }
                Goodbye::Disabled | Goodbye::TooOld | Goodbye::Replaced => Next::Slowly,
                Goodbye::KeyRotated | Goodbye::ShuttingDown | Goodbye::ProtocolError => Next::Again,
            };
            (reason.words().to_owned(), next)
        }
    };
    agent.telemetry.link(Err(why.clone()));
    log::warn("the link is gone", &[("why", &why)]);
    next
}
