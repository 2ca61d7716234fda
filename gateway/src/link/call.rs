//! One call, from its head to its last frame.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use drawbridge_contract::link::frame::CallId;
use drawbridge_contract::link::messages::{Answer, Call, CallKind};
use drawbridge_contract::link::sql::{QUESTION_MOST, SqlAnswer, SqlError, SqlQuestion};
use drawbridge_contract::link::{FailureCode, TargetState};
use drawbridge_domain::gateway::target::TargetKind;
use http_body_util::BodyExt as _;
use hyper::body::Body as _;
use tokio::sync::Notify;
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::time::timeout;

use super::shared::Link;
use crate::agent::Agent;
use crate::identity::Unsealing;
use crate::log;
use crate::targets::known::Known;
use crate::targets::question::{Piece, QuestionBody};
use crate::targets::sql::{Out, Refused};
use crate::targets::{Fault, HttpTarget, SqlTarget, Target};

/// No call lasts longer than this, whatever its deadline.
const LONGEST: Duration = Duration::from_mins(15);

/// An answer whose body is known to be no larger goes in one frame.
const SMALL: usize = 64 * 1024;

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
    /// What opens the credentials that it brings.
    pub(super) unsealing: Arc<Unsealing>,
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
        let fits = match target {
            Target::Http(_) => call.kind == CallKind::Http,
            Target::Sql(_) => call.kind == CallKind::Sql,
        };
        if !fits {
            return Err(Fault::before(FailureCode::KindNotSupported, "").into());
        }
        let brought = Known::brought(call, target.wants(), &self.unsealing)?;
        let signs_in = target.signs_in();
        match (target, call.kind, &call.http) {
            (Target::Sql(database), CallKind::Sql, None) => {
                let asked = self.question(pieces).await?;
                let done = self.answer(call, database, &asked, brought, reached).await;
                let login = match &done {
                    Ok(_) => Some(true),
                    Err(Broken::Fault(fault)) if fault.code == FailureCode::TargetLogin => Some(false),
                    Err(_) => None,
                };
                if let Some(takes) = login.filter(|_| signs_in) {
                    self.found(call, target.kind(), takes);
                }
                done
            }
            (Target::Http(target), CallKind::Http, Some(http)) => {
                let body = (http.length != Some(0)).then(|| {
                    let (link, id, agent) = (Arc::clone(&self.link), self.id, Arc::clone(&self.agent));
                    let passed_on = move |bytes| {
                        agent.telemetry.sent(bytes);
                        link.passed_on(id, bytes);
                    };
                    QuestionBody::new(pieces, http.length, Box::new(passed_on))
                });
                let begun = match target.ask(http, body, brought, reached).await {
                    Ok(begun) => begun,
                    Err(fault) => {
                        if signs_in && fault.code == FailureCode::TargetLogin {
                            self.found(call, TargetKind::Http, false);
                        }
                        return Err(fault.into());
                    }
                };
                if signs_in {
                    self.found(call, TargetKind::Http, begun.head.status != 401);
                }
                self.pass(target, begun).await
            }
            _ => Err(Fault::before(FailureCode::NotUnderstood, "").into()),
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

    /// Reads a question whole.
    async fn question(&self, mut pieces: UnboundedReceiver<Piece>) -> Result<SqlQuestion, Broken> {
        let mut text = Vec::new();
        loop {
            match pieces.recv().await {
                Some(Piece::Data(bytes)) => {
                    if text.len() + bytes.len() > QUESTION_MOST {
                        return Err(
                            Fault::before(FailureCode::NotUnderstood, "the question is too large").into()
                        );
                    }
                    text.extend_from_slice(&bytes);
                    self.agent.telemetry.sent(bytes.len());
                    self.link.passed_on(self.id, bytes.len());
                }
                Some(Piece::End) => break,
                None => return Err(Broken::Over),
            }
        }
        let unread = |fault: serde_json::Error| {
            // Not what stands there, for that may be a value.
            let words =
                format!("the question cannot be read: {:?} in line {}", fault.classify(), fault.line());
            Fault::before(FailureCode::NotUnderstood, words)
        };
        Ok(serde_json::from_slice(&text).map_err(unread)?)
    }

    /// Asks a database and passes its answer on as it comes. The head waits for the first piece, so that what the
    /// database has against the question stands there.
    async fn answer(
        &self,
        call: &Call,
        database: &SqlTarget,
        question: &SqlQuestion,
        brought: Option<Known>,
        reached: &AtomicBool,
    ) -> Result<u16, Broken> {
        let (sender, mut pieces) = mpsc::channel(2);
        let until =
            tokio::time::Instant::now() + Duration::from_millis(u64::from(call.deadline)).min(LONGEST);
        let asking = database.ask(question, brought, until, reached, Out::new(sender));
        let passing = async {
            let mut begun = false;
            while let Some(bytes) = pieces.recv().await {
                if !begun {
                    begun = true;
                    self.begin_sql(None).await?;
                }
                let bytes: Bytes = bytes;
                self.agent.telemetry.received(bytes.len());
                self.link.data(self.id, bytes, &self.credit).await.map_err(|_| Broken::Over)?;
            }
            Ok::<_, Broken>(begun)
        };
        let (asked, passed) = tokio::join!(asking, passing);
        let begun = passed?;
        match asked {
            Ok(()) => Ok(200),
            Err(Refused::Error(error)) if begun => {
                let words = format!("{}: {}", error.fault.words(), error.words);
                Err(Fault::after(FailureCode::TargetBroke, words).into())
            }
            Err(Refused::Error(error)) => {
                self.begin_sql(Some(error)).await?;
                Ok(400)
            }
            Err(Refused::Fault(fault)) => Err(fault.into()),
            Err(Refused::Gone) => Err(Broken::Over),
        }
    }

    async fn begin_sql(&self, error: Option<SqlError>) -> Result<(), Broken> {
        let answer = Answer { http: None, sql: Some(SqlAnswer { error }) };
        self.link.answer(self.id, &answer).await.map_err(|fault| fault.map_or(Broken::Over, Broken::Fault))
    }

    /// A target that refuses the login of this machine is failing, until it takes it again.
    fn found(&self, call: &Call, kind: TargetKind, takes_login: bool) {
        let telemetry = &self.agent.telemetry;
        let changed = if takes_login {
            telemetry.refuses_login(&call.target)
                && telemetry.target(&call.target, kind, TargetState::Reachable, None)
        } else {
            telemetry.target(&call.target, kind, TargetState::Failing, Some(FailureCode::TargetLogin))
        };
        if changed {
            telemetry.report_due();
        }
    }
}
