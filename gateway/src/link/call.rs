//! One call, from its head to its last frame.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use drawbridge_contract::link::frame::CallId;
use drawbridge_contract::link::messages::{Answer, Call, CallKind};
use drawbridge_contract::link::{CHUNK, FailureCode, TargetState};
use http_body_util::BodyExt as _;
use hyper::body::Body as _;
use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::timeout;

use super::shared::Link;
use crate::agent::Agent;
use crate::log;
use crate::targets::question::{Piece, QuestionBody};
use crate::targets::{Fault, HttpTarget, Target};

/// No call lasts longer than this, whatever its deadline.
const LONGEST: Duration = Duration::from_mins(15);

/// An answer whose body is known to be no larger goes in one frame.
const SMALL: usize = CHUNK;

/// Why a call did not come to its end here.
enum Broken {
    /// It failed: the server hears why.
    Fault(Fault),
    /// Nobody waits for it.
    Over,
}

impl From<Fault> for Broken {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Counts a call as open for as long as it lives, however it ends.
struct Open(Arc<Agent>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.telemetry.call_over();
    }
}

/// What a call needs.
pub(super) struct Serving {
    /// The agent.
    pub(super) agent: Arc<Agent>,
    /// The link that it came over.
    pub(super) link: Arc<Link>,
    /// Its number.
    pub(super) id: CallId,
    /// Rung when there is credit.
    pub(super) credit: Arc<Notify>,
}

impl Serving {
    /// Serves the call and says its last frame.
    pub(super) async fn serve(self, head: String, pieces: UnboundedReceiver<Piece>) {
        self.agent.telemetry.call();
        let _open = Open(Arc::clone(&self.agent));
        let begin = Instant::now();
        let Ok(call) = serde_json::from_str::<Call>(&head) else {
            return self.fail(None, begin, &Fault::before(FailureCode::NotUnderstood, "")).await;
        };
        let reached = Arc::new(AtomicBool::new(false));
        let most = Duration::from_millis(u64::from(call.deadline)).min(LONGEST);
        match timeout(most, self.perform(&call, pieces, &reached)).await {
            Ok(Ok(status)) => {
                self.link.whole(self.id).await;
                log::info(
                    "call",
                    &[
                        ("request", &call.request),
                        ("connection", &call.connection),
                        ("target", &call.target),
                        ("status", &status),
                        ("ms", &begin.elapsed().as_millis()),
                    ],
                );
            }
            Ok(Err(Broken::Fault(fault))) => self.fail(Some(&call), begin, &fault).await,
            Ok(Err(Broken::Over)) => self.link.end(self.id),
            Err(_) => {
                let reached = reached.load(Ordering::Relaxed);
                let fault = Fault { code: FailureCode::Deadline, reached, detail: String::new() };
                self.fail(Some(&call), begin, &fault).await;
            }
        }
    }

    async fn fail(&self, call: Option<&Call>, begin: Instant, fault: &Fault) {
        self.agent.telemetry.failed(fault.code);
        self.link.fail(self.id, fault).await;
        let none = String::new();
        log::warn(
            "call failed",
            &[
                ("request", &call.map_or(&none as &dyn std::fmt::Display, |call| &call.request)),
                ("connection", &call.map_or(&none as &dyn std::fmt::Display, |call| &call.connection)),
                ("target", &call.map_or(&none, |call| &call.target)),
                ("code", &fault.code.code()),
                ("reached", &fault.reached),
                ("why", &fault.detail),
                ("ms", &begin.elapsed().as_millis()),
            ],
        );
    }

    async fn perform(
        &self,
        call: &Call,
        pieces: UnboundedReceiver<Piece>,
        reached: &Arc<AtomicBool>,
    ) -> Result<u16, Broken> {
        let loaded = self.agent.now();
        let target = loaded
            .targets
            .get(&call.target)
            .ok_or_else(|| Fault::before(FailureCode::TargetNotAllowed, ""))?;
        match (target, call.kind, &call.http) {
            (Target::Http(target), CallKind::Http, Some(http)) => {
                let body = (http.length != Some(0)).then(|| {
                    let (link, id, agent) = (Arc::clone(&self.link), self.id, Arc::clone(&self.agent));
                    let passed_on = move |bytes| {
                        agent.telemetry.sent(bytes);
                        link.passed_on(id, bytes);
                    };
                    QuestionBody::new(pieces, http.length, Box::new(passed_on))
                });
                let begun = target.ask(http, body, reached).await?;
                self.found(call, target, begun.head.status);
                self.pass(target, begun).await
            }
            (_, CallKind::Http, None) => Err(Fault::before(FailureCode::NotUnderstood, "").into()),
            _ => Err(Fault::before(FailureCode::KindNotSupported, "").into()),
        }
    }

    /// Passes an answer on, piece by piece.
    async fn pass(&self, target: &HttpTarget, mut begun: crate::targets::http::Begun) -> Result<u16, Broken> {
        let status = begun.head.status;
        let answer = Answer { http: Some(begun.head.clone()), sql: None };
        let over = |fault: Option<Fault>| fault.map_or(Broken::Over, Broken::Fault);
        let small = |length: &u64| usize::try_from(*length).is_ok_and(|length| length <= SMALL);
        if begun.body.size_hint().exact().as_ref().is_some_and(small) {
            let mut body = Vec::new();
            while let Some(frame) = begun.body.frame().await {
                let frame = frame.map_err(|fault| crate::targets::http::broke(&fault))?;
                if let Ok(bytes) = frame.into_data() {
                    body.extend_from_slice(&bytes);
                }
            }
            self.agent.telemetry.received(body.len());
            target.done(begun);
            self.link.answer_whole(self.id, &answer, &body).await.map_err(over)?;
            return Ok(status);
        }
        self.link.answer(self.id, &answer).await.map_err(over)?;
        while let Some(frame) = begun.body.frame().await {
            let frame = frame.map_err(|fault| crate::targets::http::broke(&fault))?;
            if let Ok(bytes) = frame.into_data() {
                self.agent.telemetry.received(bytes.len());
                self.link.data(self.id, bytes, &self.credit).await.map_err(|_| Broken::Over)?;
            }
        }
        target.done(begun);
        Ok(status)
    }

    /// A target that refuses the login of this machine is failing, until it takes it again.
    fn found(&self, call: &Call, target: &HttpTarget, status: u16) {
        if !target.signs_in() {
            return;
        }
        let telemetry = &self.agent.telemetry;
        let kind = drawbridge_domain::gateway::target::TargetKind::Http;
        let changed = if status == 401 {
            telemetry.target(&call.target, kind, TargetState::Failing, Some(FailureCode::TargetLogin))
        } else {
            telemetry.refuses_login(&call.target)
                && telemetry.target(&call.target, kind, TargetState::Reachable, None)
        };
        if changed {
            telemetry.report_due();
        }
    }
}
