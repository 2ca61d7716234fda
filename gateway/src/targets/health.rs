//! How the targets are: looked at now and then, and told to the server apart from the link's own state.

use std::sync::Arc;
use std::time::Duration;

use drawbridge_contract::link::{FailureCode, TargetState};
use futures_util::future::join_all;
use tokio::time::timeout;

use super::Targets;
use crate::agent::Agent;
use crate::log;

/// How often targets are looked at.
const EVERY: Duration = Duration::from_secs(30);
/// How long a look may take.
const MOST: Duration = Duration::from_secs(10);

/// Looks at all targets for ever; at once after the configuration changed.
pub(crate) async fn watch(agent: Arc<Agent>) {
    let mut loaded = agent.loaded();
    loop {
        let targets = Arc::clone(&loaded.borrow_and_update().targets);
        look(&agent, &targets).await;
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            changed = loaded.changed() => if changed.is_err() { return },
        }
    }
}

async fn look(agent: &Agent, targets: &Targets) {
    let all = targets.all().map(|(name, target)| async move {
        let found = timeout(MOST, target.probe()).await;
        let reason = match found {
            Ok(Ok(())) => None,
            Ok(Err(fault)) => Some((fault.code, fault.detail)),
            Err(_) => Some((FailureCode::TargetUnreachable, "no answer in time".to_owned())),
        };
        (name, target.kind(), reason)
    });
    let found = join_all(all).await;
    let mut changed = false;
    for (name, kind, reason) in &found {
        // That it can be reached does not say that it takes the login again: only a call does.
        if reason.is_none() && agent.telemetry.refuses_login(name) {
            continue;
        }
        let state = if reason.is_some() { TargetState::Failing } else { TargetState::Reachable };
        let code = reason.as_ref().map(|(code, _)| *code);
        if !agent.telemetry.target(name, *kind, state, code) {
            continue;
        }
        changed = true;
        match reason {
            None => log::info("target can be reached", &[("target", name)]),
            Some((code, detail)) => {
                log::warn("target fails", &[("target", name), ("code", &code.code()), ("why", detail)]);
            }
        }
    }
    let names: Vec<&str> = found.iter().map(|(name, ..)| *name).collect();
    changed |= agent.telemetry.keep_targets(&names);
    if changed {
        agent.telemetry.report_due();
    }
}
