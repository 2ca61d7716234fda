//! The whole backend in process: the real router over SQLite and fakes, and browsers that call it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use drawbridge_contract::endpoint::{Endpoint, address};
use drawbridge_contract::endpoints as api;
use drawbridge_contract::problem::{Problem, ProblemCode};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::SecretText;
use drawbridge_contract::types::sessions::{SetUp, SignIn, WhoAmI};
use drawbridge_domain::id::{AccountId, Id, TenantId, UserId};
use drawbridge_domain::role::Role;
use drawbridge_domain::user::INVITATION_LIFE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response};
use serde_json::Value as Json;
use url::Url;

use super::fakes::{AtOnce, in_pieces};
use super::{
    FakeOutward, PureSignatures, SeededRandom, Sqlite, TestAuthorities, TestClock, TestFeeds, TestGateways,
    TestKeepers, TestLog,
};
use crate::encoding::hashed;
use crate::features;
use crate::features::people::store::{NewUser, add_account, add_user};
use crate::http::{Body, Incoming, Outgoing, Router, handle};
use crate::new_id;
use crate::ports::{Socket, Statement};
use crate::services::{Services, Settings};
use crate::values;
use crate::vault::{MasterKeys, Vault};

pub(crate) const ORIGIN: &str = "https://drawbridge.example";
pub(crate) const SETUP_CODE: &str = "ABCDE-FGHJK-MNPQR-STVWX";
pub(crate) const PASSWORD: &str = "seven purple lanterns";

/// The backend with its world.
pub(crate) struct Harness {
    pub(crate) router: Rc<Router>,
    pub(crate) services: Services,
    pub(crate) db: Rc<Sqlite>,
    pub(crate) clock: Rc<TestClock>,
    pub(crate) outward: Rc<FakeOutward>,
    pub(crate) keepers: Rc<TestKeepers>,
    pub(crate) authorities: Rc<TestAuthorities>,
    pub(crate) feeds: Rc<TestFeeds>,
    pub(crate) gateways: Rc<TestGateways>,
    pub(crate) log: Rc<TestLog>,
    parting: Rc<Parting>,
}

/// Objects know the services, which know the objects: whoever is the last to need them parts them, so that databases
/// in memory end with their tests.
struct Parting(Rc<TestKeepers>, Rc<TestAuthorities>);

impl Drop for Parting {
    fn drop(&mut self) {
        self.0.part();
        self.1.part();
    }
}

impl Harness {
    pub(crate) fn new() -> Rc<Self> {
        Self::with_keys(Rc::new(Sqlite::new()), "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
    }

    pub(crate) fn with_keys(db: Rc<Sqlite>, keys: &str) -> Rc<Self> {
        let clock = Rc::new(TestClock::default());
        let outward = Rc::new(FakeOutward::default());
        let log = Rc::new(TestLog::default());
        let keepers = Rc::new(TestKeepers::default());
        let feeds = Rc::new(TestFeeds::default());
        let gateways = Rc::new(TestGateways::default());
        let authorities = Rc::new(TestAuthorities::default());
        let services = features::authority::watched(Services {
            db: Rc::clone(&db) as _,
            clock: Rc::clone(&clock) as _,
            random: Rc::new(SeededRandom::default()),
            outward: Rc::clone(&outward) as _,
            signatures: Rc::new(PureSignatures::default()),
            keepers: Rc::clone(&keepers) as _,
            authorities: Rc::clone(&authorities) as _,
            feeds: Rc::clone(&feeds) as _,
            gateways: Rc::clone(&gateways) as _,
            background: Rc::new(AtOnce),
            log: Rc::clone(&log) as _,
            vault: Rc::new(Vault::new(MasterKeys::parse(keys).unwrap())),
            settings: Rc::new(Settings {
                public_origin: Some(ORIGIN.to_owned()),
                client_address: String::new(),
                setup_code: SETUP_CODE.to_owned(),
                api_rate_per_minute: 600,
                sandbox_origin: Some("http://localhost:9555".to_owned()),
            }),
            issuing: Rc::default(),
            ready: Rc::new(Cell::new(false)),
            hash_key: Rc::default(),
            heard: Rc::default(),
            known_uses: Rc::default(),
            tallies: Rc::default(),
        });
        keepers.work_with(&services);
        authorities.work_with(&services);
        let parting = Rc::new(Parting(Rc::clone(&keepers), Rc::clone(&authorities)));
        Rc::new(Self {
            router: Rc::new(features::router()),
            services,
            db,
            clock,
            outward,
            keepers,
            authorities,
            feeds,
            gateways,
            log,
            parting,
        })
    }

    /// The same backend with other ports or settings.
    pub(crate) fn variant(&self, change: impl FnOnce(&mut Services)) -> Rc<Self> {
        let mut services = self.services.clone();
        change(&mut services);
        Rc::new(Self {
            router: Rc::clone(&self.router),
            services,
            db: Rc::clone(&self.db),
            clock: Rc::clone(&self.clock),
            outward: Rc::clone(&self.outward),
            keepers: Rc::clone(&self.keepers),
            authorities: Rc::clone(&self.authorities),
            feeds: Rc::clone(&self.feeds),
            gateways: Rc::clone(&self.gateways),
            log: Rc::clone(&self.log),
            parting: Rc::clone(&self.parting),
        })
    }

    /// A browser that nobody has signed in with.
    pub(crate) fn browser(self: &Rc<Self>) -> Browser {
        Browser {
            harness: Rc::clone(self),
            cookie: RefCell::default(),
            headers: RefCell::default(),
            token: RefCell::default(),
        }
    }

    /// The browser of a person who signs in with the harness's password.
    pub(crate) fn browser_of(self: &Rc<Self>, email: &str) -> Browser {
        let browser = self.browser();
        browser.sign_in(email);
        browser
    }

    /// Sets up the deployment; the browser of its Global administrator.
    pub(crate) fn set_up(self: &Rc<Self>) -> Browser {
        let browser = self.browser();
        browser.call::<api::SetUpDeployment>(&Nothing {}, &Nothing {}, &set_up_body()).ok();
        browser
    }

    /// Adds a user with that role to a tenant, and signs in.
    pub(crate) fn add_user(self: &Rc<Self>, tenant: &TenantId, role: Role, email: &str) -> (UserId, Browser) {
        (self.insert_user(tenant, role, email), self.browser_of(email))
    }

    /// Adds a user with that role to a tenant; the password is the harness's.
    pub(crate) fn insert_user(&self, tenant: &TenantId, role: Role, email: &str) -> UserId {
        let services = &self.services;
        let account = new_id!(services, AccountId).unwrap();
        let user = new_id!(services, UserId).unwrap();
        let hash = self.db.query("SELECT password_hash FROM accounts LIMIT 1")[0]["password_hash"].clone();
        let new_user =
            NewUser { id: &user, account: &account, email, first_name: "Test", last_name: role.name(), role };
        let batch = vec![
            add_account(&account, email, hash.as_str().unwrap(), services.now()),
            add_user(tenant, &new_user, services.now()),
        ];
        pollster::block_on(services.db.batch(batch)).unwrap();
        user
    }
}

impl Harness {
    /// Adds a user who has still to come, with an invitation; the secret of its link.
    pub(crate) fn invite(&self, tenant: &TenantId, role: Role, email: &str) -> (UserId, String) {
        let services = &self.services;
        let (user, token) = (new_id!(services, UserId).unwrap(), services.new_secret().unwrap());
        let (now, until) = (services.now(), services.now().plus(INVITATION_LIFE));
        let batch = vec![
            Statement::of(
                tenant,
                "INSERT INTO users (tenant_id, id, email, first_name, last_name, name_key, role, state, created_at)
                 VALUES (?1, ?2, ?3, 'New', 'Comer', 'new comer', ?4, 'invited', ?5)",
                values![user.as_str(), email, role.code(), now],
            ),
            Statement::of(
                tenant,
                "INSERT INTO invitations (tenant_id, user_id, token_hash, created_at, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                values![user.as_str(), hashed(&token), now, until],
            ),
        ];
        pollster::block_on(services.db.batch(batch)).unwrap();
        (user, token)
    }

    /// Another tenant with people of its own; the browser of its Global administrator.
    pub(crate) fn other_tenant(self: &Rc<Self>) -> (TenantId, Browser) {
        let tenant = new_id!(self.services, TenantId).unwrap();
        let add = features::tenants::store::add(&tenant, "other-tenant", "Other", self.services.now());
        pollster::block_on(self.services.db.batch(vec![add])).unwrap();
        let (_, browser) = self.add_user(&tenant, Role::GlobalAdministrator, "eve@example.org");
        (tenant, browser)
    }
}

pub(crate) fn set_up_body() -> SetUp {
    SetUp {
        setup_code: SecretText::new(SETUP_CODE.to_owned()),
        tenant_name: "Acme".to_owned(),
        email: "ada@example.com".to_owned(),
        first_name: "Ada".to_owned(),
        last_name: "Lovelace".to_owned(),
        password: SecretText::new(PASSWORD.to_owned()),
    }
}

/// A browser: it keeps the session's cookie and sends its origin.
pub(crate) struct Browser {
    pub(crate) harness: Rc<Harness>,
    pub(crate) cookie: RefCell<Option<String>>,
    /// Headers for the next calls, beside those that a browser sends; an empty value leaves one out.
    pub(crate) headers: RefCell<Vec<(&'static str, String)>>,
    /// What it sends in the place of cookie and origin: then it is a program.
    pub(crate) token: RefCell<Option<String>>,
}

/// What came back.
pub(crate) struct TestAnswer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl TestAnswer {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or(Json::Null)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The problem, which must have that code and its status.
    #[track_caller]
    pub(crate) fn problem(&self, code: ProblemCode) -> Problem {
        let text = self.text();
        let problem: Problem =
            serde_json::from_str(&text).unwrap_or_else(|_| panic!("{} {text}", self.status));
        assert_eq!((problem.code, self.status), (code, code.status()), "{text}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        problem
    }

    /// The codes of bad fields, by their paths.
    #[track_caller]
    pub(crate) fn field_codes(&self) -> Vec<(String, String)> {
        let problem = self.problem(ProblemCode::InvalidFields);
        problem.fields.into_iter().map(|field| (field.path, field.code)).collect()
    }
}

/// A typed answer.
pub(crate) struct Typed<A> {
    pub(crate) raw: TestAnswer,
    marker: std::marker::PhantomData<A>,
}

impl<A: serde::de::DeserializeOwned> Typed<A> {
    #[track_caller]
    pub(crate) fn ok(self) -> A {
        assert!(self.raw.status < 300, "{} {}", self.raw.status, String::from_utf8_lossy(&self.raw.body));
        let body: &[u8] = if self.raw.body.is_empty() { b"{}" } else { &self.raw.body };
        serde_json::from_slice(body).unwrap()
    }
}

impl Browser {
    /// Sends a request as it is.
    pub(crate) fn send(&self, method: Method, target: &str, body: Option<Vec<u8>>) -> TestAnswer {
        let mut headers = HeaderMap::new();
        headers.insert("origin", HeaderValue::from_static(ORIGIN));
        headers.insert("user-agent", HeaderValue::from_static("Firefox/1 Linux"));
        headers.insert("cf-connecting-ip", HeaderValue::from_static("192.0.2.7"));
        if body.is_some() {
            headers.insert("content-type", HeaderValue::from_static("application/json"));
        }
        if let Some(token) = &*self.token.borrow() {
            headers.remove("origin");
            headers.insert("authorization", HeaderValue::from_str(&format!("Bearer {token}")).unwrap());
        } else if let Some(cookie) = &*self.cookie.borrow() {
            headers.insert("cookie", HeaderValue::from_str(cookie).unwrap());
        }
        for (name, value) in &*self.headers.borrow() {
            headers.remove(*name);
            if !value.is_empty() {
                headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
            }
        }
        let body = body.unwrap_or_default();
        let incoming = Incoming {
            method,
            url: Url::parse(ORIGIN).unwrap().join(target).unwrap(),
            headers,
            body: if body.is_empty() { Body::Read(body) } else { Body::Stream(in_pieces(&body)) },
            country: "NL".to_owned(),
        };
        let response: Response<Outgoing> =
            pollster::block_on(handle(&self.harness.router, &self.harness.services, incoming));
        for cookie in response.headers().get_all("set-cookie") {
            self.keep(cookie.to_str().unwrap());
        }
        let (parts, body) = response.into_parts();
        let body = match body {
            Outgoing::Whole(body) => body,
            Outgoing::Socket(Socket::Seat(seat)) => serde_json::to_vec(&seat).unwrap(),
            Outgoing::Socket(Socket::Link(dialled)) => serde_json::to_vec(&dialled).unwrap(),
            Outgoing::Stream(stream) => pollster::block_on(stream.read(usize::MAX)).unwrap().unwrap(),
        };
        TestAnswer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// Keeps a cookie, or forgets one.
    fn keep(&self, line: &str) {
        let pair = line.split(';').next().unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        let known = self.cookie.take().unwrap_or_default();
        let other = |known: &&str| !known.is_empty() && !known.starts_with(&format!("{name}="));
        let mut all: Vec<&str> = known.split("; ").filter(other).collect();
        all.extend((!value.is_empty()).then_some(pair));
        *self.cookie.borrow_mut() = (!all.is_empty()).then(|| all.join("; "));
    }

    /// Sends JSON to an address.
    pub(crate) fn send_json(&self, method: Method, target: &str, body: &Json) -> TestAnswer {
        self.send(method, target, Some(body.to_string().into_bytes()))
    }

    /// Calls an endpoint.
    pub(crate) fn call<E: Endpoint>(
        &self,
        params: &E::Params,
        query: &E::Query,
        body: &E::Body,
    ) -> Typed<E::Answer> {
        let method = Method::from_bytes(E::INFO.method.as_str().as_bytes()).unwrap();
        let body = (!E::INFO.method.is_safe()).then(|| serde_json::to_vec(body).unwrap());
        let raw = self.send(method, &address::<E>(params, query), body);
        Typed { raw, marker: std::marker::PhantomData }
    }

    /// Calls an endpoint that takes nothing.
    pub(crate) fn get<E: Endpoint<Params = Nothing, Query = Nothing, Body = Nothing>>(
        &self,
    ) -> Typed<E::Answer> {
        self.call::<E>(&Nothing {}, &Nothing {}, &Nothing {})
    }

    /// The next calls carry this header; an empty value leaves it out.
    pub(crate) fn with(&self, name: &'static str, value: &str) -> &Self {
        self.headers.borrow_mut().retain(|(known, _)| *known != name);
        self.headers.borrow_mut().push((name, value.to_owned()));
        self
    }

    /// The next calls carry only what a browser sends.
    pub(crate) fn plain(&self) -> &Self {
        self.headers.borrow_mut().clear();
        self
    }

    #[track_caller]
    pub(crate) fn sign_in(&self, email: &str) -> WhoAmI {
        let body = SignIn { email: email.to_owned(), password: SecretText::new(PASSWORD.to_owned()) };
        self.call::<api::SignInWithPassword>(&Nothing {}, &Nothing {}, &body).ok()
    }

    #[track_caller]
    pub(crate) fn who_am_i(&self) -> WhoAmI {
        self.get::<api::ReadOwnSession>().ok()
    }

    #[track_caller]
    pub(crate) fn tenant(&self) -> TenantId {
        let tenant = self.who_am_i().tenant.id;
        assert!(tenant.as_str().starts_with("ten_"));
        tenant
    }
}
