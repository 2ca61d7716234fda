//! `run`: carries calls until it is told to stop.

use std::path::Path;
use std::sync::Arc;

use tokio::signal;

use super::{FINE, NEEDS_OPERATOR};
use crate::agent::{Agent, Loaded, mark};
use crate::config::LogFormat;
use crate::identity::{self, Missing};
use crate::link::{self, Done};
use crate::{local, log, machine, targets};

/// Runs, until a signal says stop, or `told` comes to its end.
pub(crate) async fn run(file: &Path, told: impl Future<Output = ()> + Send + 'static) -> Result<u8, String> {
    // Before it is read: what is changed right afterwards is a change, too.
    let known = mark(file);
    let loaded = Loaded::read(file)?;
    log::as_json(loaded.config.log == LogFormat::Json);
    let (state, listen) = (loaded.config.state.clone(), loaded.config.listen);
    let identity = match identity::load(&state) {
        Ok(identity) => identity,
        Err(Missing::None) => {
            link::no_key();
            return Ok(NEEDS_OPERATOR);
        }
        Err(Missing::Unusable(why)) => return Err(why),
    };
    log::info(
        "the agent starts",
        &[
            ("version", &machine::VERSION),
            ("gateway", &identity.name),
            ("server", &identity.server),
            ("targets", &loaded.config.targets.len()),
        ],
    );
    let agent = Arc::new(Agent::new(file.to_owned(), loaded));
    if let Some(address) = listen {
        tokio::spawn(local::serve(Arc::clone(&agent), address));
    }
    tokio::spawn(targets::health::watch(Arc::clone(&agent)));
    let following = Arc::clone(&agent);
    tokio::spawn(async move { following.follow_file(known).await });
    tokio::spawn(obey(Arc::clone(&agent)));
    let stopping = Arc::clone(&agent);
    tokio::spawn(async move {
        told.await;
        stopping.stop();
    });
    let done = link::keep(agent, identity, state).await;
    log::info("the agent stops", &[]);
    Ok(match done {
        Done::Stopped => FINE,
        Done::Disconnected => NEEDS_OPERATOR,
    })
}

/// Signals: stop, or read the configuration again.
#[cfg(unix)]
async fn obey(agent: Arc<Agent>) {
    use signal::unix::{SignalKind, signal};

    let (Ok(mut term), Ok(mut int), Ok(mut hup)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()), signal(SignalKind::hangup()))
    else {
        log::error("signals cannot be received", &[]);
        return;
    };
    loop {
        tokio::select! {
            _ = term.recv() => agent.stop(),
            _ = int.recv() => agent.stop(),
            _ = hup.recv() => agent.reload(),
        }
    }
}

/// Ctrl+C: stop.
#[cfg(not(unix))]
async fn obey(agent: Arc<Agent>) {
    if signal::ctrl_c().await.is_ok() {
        agent.stop();
    }
}
