//! The router, made from the contract's table: an endpoint without a handler, or a handler without an endpoint,
//! does not start.

use std::future::Future;
use std::rc::Rc;

use drawbridge_contract::endpoint::Method::Any;
use drawbridge_contract::endpoint::{Access, Audit, Endpoint, Info};
use drawbridge_contract::link::SUBPROTOCOL;
use drawbridge_contract::plain::Plain;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::id::{ConnectionId, Id};
use http::Method;
use serde_json::{Map, Value};

use super::call::{Call, Reply, no_scope};
use super::checks::{
    Presented, asks_for_socket, check_body, decoded, if_match, own_page, presented, query, read_within_limit,
    same_origin,
};
use super::{Facts, Failure, Incoming, Scope, authenticate, idempotency, log};
use crate::features::authority;
use crate::ports::{Pending, Socket, Stream};
use crate::services::Services;
use crate::vault::{MasterKeyState, check_master_keys};

/// An answer before the headers that all have.
#[derive(Debug)]
pub struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
    /// What comes piece by piece after the body.
    pub(super) stream: Option<Stream>,
    /// The WebSocket that is opened instead.
    pub(super) socket: Option<Socket>,
}

impl Answer {
    /// An answer with a body of a media type.
    pub fn new(status: u16, media_type: &'static str, body: Vec<u8>) -> Self {
        Self {
            status,
            headers: vec![("content-type", media_type.to_owned())],
            body,
            stream: None,
            socket: None,
        }
    }

    /// An answer whose body comes piece by piece.
    pub fn stream(status: u16, stream: Option<Stream>) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), stream, socket: None }
    }

    /// Sends the browser on with GET (RFC 9110 §15.4.4).
    pub fn redirect(location: &str) -> Self {
        Self {
            status: 303,
            headers: vec![("location", location.to_owned())],
            body: Vec::new(),
            stream: None,
            socket: None,
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// A request that has found its route and passed its authorization.
pub(super) struct Prepared {
    pub(super) services: Services,
    pub(super) scope: Option<Scope>,
    pub(super) facts: Facts,
    pub(super) path: Map<String, Value>,
    pub(super) query: Map<String, Value>,
    pub(super) body: Vec<u8>,
    pub(super) if_match: i64,
    pub(super) idempotency: Option<idempotency::Key>,
}

type Answering = Pending<'static, Result<Answer, Failure>>;
/// Reads what was sent, and begins.
type Run = Rc<dyn Fn(Prepared) -> Result<Answering, Failure>>;
/// A request whose body the handler reads itself, after all that was checked of it.
pub struct Streamed {
    /// The ports and settings.
    pub services: Services,
    /// Tenant and caller.
    pub scope: Scope,
    /// The path's parameters.
    pub params: Map<String, Value>,
    /// The request, with its body not read.
    pub incoming: Incoming,
}

type StreamRun = Rc<dyn Fn(Streamed) -> Answering>;
/// Says whether an endpoint is there at all.
pub type Gate = fn(Services) -> Pending<'static, Result<(), Failure>>;
type PlainRun = Rc<dyn Fn(Services, Facts, Incoming) -> Answering>;

enum Handler {
    Endpoint(&'static Info, bool, Run),
    Streamed(&'static Info, StreamRun),
    Plain(PlainRun),
}

struct Route {
    pattern: &'static str,
    method: Method,
    handler: Handler,
    gate: Option<Gate>,
}

impl Route {
    fn takes(&self, method: &Method) -> bool {
        self.method == *method || matches!(self.handler, Handler::Streamed(..))
    }
}

/// All routes.
#[derive(Default)]
pub struct Router {
    tree: matchit::Router<usize>,
    routes: Vec<Vec<Route>>,
    faults: Vec<String>,
}

impl Router {
    /// Registers the handler of an endpoint that anybody may call.
    #[must_use]
    pub fn open<E: Endpoint, F, T>(self, handler: F) -> Self
    where
        F: Fn(Call<E, ()>) -> T + 'static,
        T: Future<Output = Result<Reply<E::Answer>, Failure>> + 'static,
    {
        self.endpoint::<E, (), _, _>(handler, |access| access == Access::Public, |_| Some(()))
    }

    /// Registers the handler of an endpoint for those who are signed in.
    #[must_use]
    pub fn scoped<E: Endpoint, F, T>(self, handler: F) -> Self
    where
        F: Fn(Call<E, Scope>) -> T + 'static,
        T: Future<Output = Result<Reply<E::Answer>, Failure>> + 'static,
    {
        self.endpoint::<E, Scope, _, _>(handler, |access| access != Access::Public, |scope| scope)
    }

    fn endpoint<E: Endpoint, S: 'static, F, T>(
        self,
        handler: F,
        fits: fn(Access) -> bool,
        take: fn(Option<Scope>) -> Option<S>,
    ) -> Self
    where
        F: Fn(Call<E, S>) -> T + 'static,
        T: Future<Output = Result<Reply<E::Answer>, Failure>> + 'static,
    {
        let info: &'static Info = const { &E::INFO };
        let has_body = std::any::TypeId::of::<E::Body>()
            != std::any::TypeId::of::<drawbridge_contract::types::Nothing>();
        let run = move |prepared: Prepared| -> Result<Answering, Failure> {
            let reply = handler(Call::read(prepared, take)?);
            Ok(Box::pin(async move { reply.await?.into_answer(info) }))
        };
        self.add_endpoint(info, has_body, fits, Rc::new(run))
    }

    /// What does not depend on the endpoint's types, so that it is compiled once.
    fn add_endpoint(
        mut self,
        info: &'static Info,
        has_body: bool,
        fits: fn(Access) -> bool,
        run: Run,
    ) -> Self {
        if !fits(info.access) {
            self.faults.push(format!("{} is registered against its access", info.name));
        }
        self.add(info.path, info.method.as_str(), Handler::Endpoint(info, has_body, run));
        self
    }

    /// Registers the handler of an endpoint that passes bodies through, whatever the method.
    #[must_use]
    pub fn streamed<E: Endpoint, F, T>(mut self, handler: F) -> Self
    where
        F: Fn(Streamed) -> T + 'static,
        T: Future<Output = Result<Answer, Failure>> + 'static,
    {
        let info: &'static Info = const { &E::INFO };
        if info.method != Any || info.access == Access::Public {
            self.faults.push(format!("{} cannot be passed through", info.name));
        }
        let run: StreamRun = Rc::new(move |streamed| Box::pin(handler(streamed)));
        self.add(info.path, Any.as_str(), Handler::Streamed(info, run));
        self
    }

    /// Registers a route of the contract's list of plain routes.
    #[must_use]
    pub fn plain<F, T>(mut self, plain: &Plain, handler: F) -> Self
    where
        F: Fn(Services, Facts, Incoming) -> T + 'static,
        T: Future<Output = Result<Answer, Failure>> + 'static,
    {
        let run: PlainRun =
            Rc::new(move |services, facts, incoming| Box::pin(handler(services, facts, incoming)));
        self.add(plain.path, plain.method.as_str(), Handler::Plain(run));
        self
    }

    /// The endpoints at this address are there only while the gate is open: it is asked before the request is read.
    #[must_use]
    pub fn only_while(mut self, pattern: &str, gate: Gate) -> Self {
        let mut found = self.routes.iter_mut().flatten().filter(|route| route.pattern == pattern).peekable();
        if found.peek().is_none() {
            self.faults.push(format!("{pattern} has a gate and no endpoint"));
        } else {
            found.for_each(|route| route.gate = Some(gate));
        }
        self
    }

    fn add(&mut self, pattern: &'static str, method: &str, handler: Handler) {
        let method = Method::from_bytes(method.as_bytes()).unwrap_or_default();
        let route = Route { pattern, method, handler, gate: None };
        let place =
            self.routes.iter_mut().find(|routes| routes.first().is_some_and(|r| r.pattern == route.pattern));
        if let Some(routes) = place {
            routes.push(route);
        } else {
            if let Err(error) = self.tree.insert(route.pattern, self.routes.len()) {
                self.faults.push(format!("{}: {error}", route.pattern));
            }
            self.routes.push(vec![route]);
        }
    }

    /// What is wrong with the registrations; a test wants none.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// The names of the endpoints that have a handler.
    pub fn endpoints(&self) -> Vec<&'static str> {
        let name = |route: &Route| match &route.handler {
            Handler::Endpoint(info, ..) | Handler::Streamed(info, _) => Some(info.name),
            Handler::Plain(_) => None,
        };
        self.routes.iter().flatten().filter_map(name).collect()
    }

    pub(super) async fn dispatch(
        &self,
        services: &Services,
        mut incoming: Incoming,
        facts: &Facts,
        entry: &mut log::Entry,
        beside: &mut Beside,
    ) -> Result<Answer, Failure> {
        let path = incoming.url.path().to_owned();
        let Ok(found) = self.tree.at(&path) else {
            return Err(Failure::new(ProblemCode::NotFound, "There is nothing at this address."));
        };
        let Some(routes) = self.routes.get(*found.value) else {
            return Err(Failure::internal("a route without its handlers"));
        };
        let Some(route) = routes.iter().find(|route| route.takes(&incoming.method)) else {
            let allowed: Vec<&str> = routes.iter().map(|route| route.method.as_str()).collect();
            let detail = format!("Use {} here.", allowed.join(" or "));
            let failure = Failure::new(ProblemCode::MethodNotAllowed, detail);
            entry.failure(&failure);
            return Ok(failure.into_answer(facts).with("allow", &allowed.join(", ")));
        };
        entry.route(route.pattern);
        let (info, has_body, run) = match &route.handler {
            Handler::Plain(run) => return run(services.clone(), facts.clone(), incoming).await,
            Handler::Streamed(info, run) => {
                ready(services).await?;
                let by = presented(&incoming)?;
                if !matches!(by, Presented::Bearer(_)) {
                    own_page(&incoming, facts)?;
                }
                let scope =
                    scope(services, (info, &found.params), &incoming, &by, facts, entry, beside).await?;
                let scope = scope.ok_or_else(no_scope)?;
                let params = params(&found.params)?;
                return run(Streamed { services: services.clone(), scope, params, incoming }).await;
            }
            Handler::Endpoint(info, has_body, run) => (*info, *has_body, run),
        };
        ready(services).await?;
        let by = presented(&incoming)?;
        // A browser lets every page open a WebSocket anywhere, and sends the cookie along.
        let asks_where_from = !info.by_machines && !matches!(by, Presented::Bearer(_));
        if (!info.method.is_safe() || info.is_socket()) && asks_where_from {
            same_origin(&incoming, facts)?;
        } else if info.shows_secret() {
            own_page(&incoming, facts)?;
        }
        if let Some(gate) = route.gate {
            gate(services.clone()).await?;
        }
        let scope = scope(services, (info, &found.params), &incoming, &by, facts, entry, beside).await?;
        if info.is_socket() {
            asks_for_socket(&incoming, info.by_machines.then_some(SUBPROTOCOL))?;
        }
        let path = params(&found.params)?;
        let query = query(&incoming)?;
        let if_match = if info.if_match { if_match(&incoming)? } else { 0 };
        let body = read_within_limit(&mut incoming).await?;
        let body = if has_body { check_body(&incoming, body)? } else { Vec::new() };
        let key = match &scope {
            Some(scope) if info.idempotent => idempotency::Key::read(&incoming, scope, info, &body)?,
            _ => None,
        };
        if let (Some(key), Some(scope)) = (&key, &scope)
            && let Some(answer) = key.replay(services, scope, info).await?
        {
            return Ok(answer);
        }
        let prepared = Prepared {
            services: services.clone(),
            scope: scope.clone(),
            facts: facts.clone(),
            path,
            query,
            // What has no fields is read from an object without fields.
            body: if has_body { body } else { b"{}".to_vec() },
            if_match,
            idempotency: key.clone(),
        };
        let result = run(prepared)?.await;
        // Two requests with the same key at once: the one that came second finds the first one's answer.
        if let (Err(failure), Some(key), Some(scope)) = (&result, &key, &scope)
            && failure.code.status() == ProblemCode::Conflict.status()
            && let Some(answer) = key.replay(services, scope, info).await?
        {
            return Ok(answer);
        }
        result
    }
}

/// Headers that go with whatever is answered.
pub(super) type Beside = Vec<(&'static str, String)>;

/// Who calls, where the endpoint asks for somebody; refused where scopes or role do not reach. Where an `Authorization`
/// header is, nothing else counts.
async fn scope(
    services: &Services,
    (info, params): (&Info, &matchit::Params<'_, '_>),
    incoming: &Incoming,
    by: &Presented,
    facts: &Facts,
    entry: &mut log::Entry,
    beside: &mut Beside,
) -> Result<Option<Scope>, Failure> {
    let needed = match info.access {
        Access::Public => return Ok(None),
        Access::SignedIn => None,
        Access::Role(needed) => Some(needed),
    };
    let scope = match by {
        Presented::Bearer(token) => {
            let (scope, quota) = authenticate::bearer(services, token, facts, used(info, params)).await?;
            beside.extend(quota.iter().flat_map(|quota| quota.headers()));
            beside.extend(authority::end_notice(&scope, services.now()));
            scope
        }
        Presented::Other => return Err(authenticate::signed_out()),
        Presented::Nothing if info.is_socket() => authenticate::unused(services, incoming, facts).await?,
        Presented::Nothing => authenticate::session(services, incoming, facts).await?,
    };
    entry.scope(&scope);
    authenticate::reach(&scope, info.reach)?;
    if let Some(needed) = needed {
        authenticate::role(&scope, needed)?;
    }
    Ok(Some(scope))
}

/// The connection that a call is a use of: such calls are counted on it.
fn used(info: &Info, params: &matchit::Params<'_, '_>) -> Option<ConnectionId> {
    match info.audit {
        Audit::Counted { .. } => ConnectionId::parse(params.get("connection")?).ok(),
        Audit::None | Audit::Records(_) => None,
    }
}

/// The path's parameters, decoded.
fn params(found: &matchit::Params<'_, '_>) -> Result<Map<String, Value>, Failure> {
    let mut path = Map::new();
    for (name, value) in found.iter() {
        path.insert(name.to_owned(), decoded(value)?.into());
    }
    Ok(path)
}

/// Nothing is answered, and above all nothing written, with a wrong master key.
pub(crate) async fn ready(services: &Services) -> Result<(), Failure> {
    if services.ready.get() {
        return Ok(());
    }
    match check_master_keys(&*services.db, &*services.random, &services.vault).await {
        Ok(MasterKeyState::Right) => {
            services.ready.set(true);
            Ok(())
        }
        Ok(MasterKeyState::Wrong(words)) => Err(Failure::new(ProblemCode::WrongMasterKey, words)),
        Err(error) => Err(Failure::new(
            ProblemCode::NotReady,
            "The database does not answer as it should. The operator of this deployment finds the cause in the log.",
        )
        .because(error.to_string())),
    }
}
