//! Two tenants with people of every role, and an object of each kind for every endpoint of the table.

use std::cell::Cell;
use std::rc::Rc;

use drawbridge_contract::endpoint::{Access, Info};
use drawbridge_contract::plain::Plain;
use drawbridge_domain::id::{
    AppId, GroupId, Id, SessionId, TenantId, TokenId, UserId, WebhookDeliveryId, WebhookId,
};
use drawbridge_domain::role::Role;
use http::Method;
use serde_json::{Value as Json, json};

use crate::encoding::hashed;
use crate::features::authority::keyed_hash;
use crate::new_id;
use crate::testing::{Browser, Harness, PASSWORD, TestAnswer, set_up_body};
use crate::vault::Place;

/// The endpoints that call the provider with a connection.
const USES: [&str; 3] = ["TestConnection", "RunOperation", "PassThrough"];

pub(super) struct Person {
    pub(super) role: Role,
    pub(super) tenant: TenantId,
    account: String,
}

/// Whose object a call is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// The caller's own, or one of the tenant's that all with the role share.
    Own,
    /// Somebody else's in the same tenant, of which the caller was given nothing.
    Colleagues,
    /// Another tenant's.
    Foreign,
    /// Nobody's.
    Unknown,
}

impl Whose {
    pub(super) const ALL: [Self; 4] = [Self::Own, Self::Colleagues, Self::Foreign, Self::Unknown];
}

pub(super) struct World {
    pub(super) harness: Rc<Harness>,
    /// One of each role, least first.
    pub(super) people: Vec<Person>,
    /// A Designer who makes what is somebody else's.
    pub(super) colleague: Person,
    /// The Global administrator of another tenant.
    pub(super) stranger: Person,
    serial: Cell<u32>,
}

/// Whether `{token}` is a personal access token: an invitation's secret is called so, too.
fn is_personal(info: &Info) -> bool {
    info.path.starts_with("/api/v1/tokens/")
}

impl World {
    pub(super) fn method_of(route: &Plain) -> Method {
        Method::from_bytes(route.method.as_str().as_bytes()).unwrap()
    }

    pub(super) fn new() -> Self {
        let harness = Harness::new();
        let tenant = harness.set_up().tenant();
        // The key of the hashes is there from the first app or token on.
        pollster::block_on(keyed_hash(&harness.services, "")).unwrap();
        let (other, _) = harness.other_tenant();
        let person = |tenant: &TenantId, role: Role, email: &str| {
            let account = harness.db.query(&format!("SELECT id FROM accounts WHERE email = '{email}'"));
            Person { role, tenant: tenant.clone(), account: account[0]["id"].as_str().unwrap().to_owned() }
        };
        let people = Role::ALL.map(|role| {
            let email = format!("{}@example.com", role.code().to_lowercase());
            harness.insert_user(&tenant, role, &email);
            person(&tenant, role, &email)
        });
        harness.insert_user(&tenant, Role::Designer, "colleague@example.com");
        Self {
            people: people.into_iter().collect(),
            colleague: person(&tenant, Role::Designer, "colleague@example.com"),
            stranger: person(&other, Role::GlobalAdministrator, "eve@example.org"),
            harness,
            serial: Cell::new(0),
        }
    }

    pub(super) fn administrator(&self) -> &Person {
        self.people.last().unwrap()
    }

    /// A browser with a session of its own.
    pub(super) fn browser(&self, person: &Person) -> Browser {
        let browser = self.harness.browser();
        let (_, secret) = self.session(person);
        *browser.cookie.borrow_mut() = Some(format!("__Host-session={secret}"));
        browser
    }

    fn session(&self, person: &Person) -> (SessionId, String) {
        let services = &self.harness.services;
        let (id, secret) = (new_id!(services, SessionId).unwrap(), services.new_secret().unwrap());
        let now = services.now().millis();
        self.harness.db.query(&format!(
            "INSERT INTO sessions (id, secret_hash, account_id, tenant_id, created_at, last_used_at, expires_at, user_agent,
               address, country) VALUES ('{id}', '{}', '{}', '{}', {now}, {now}, {}, '', '', '')",
            hashed(&secret),
            person.account,
            person.tenant,
            now + 1_000_000_000
        ));
        (id, secret)
    }

    /// Who somebody is in their tenant.
    pub(super) fn user_id(&self, person: &Person) -> String {
        let rows = self.harness.db.query(&format!(
            "SELECT id FROM users WHERE tenant_id = '{}' AND account_id = '{}'",
            person.tenant, person.account
        ));
        rows[0]["id"].as_str().unwrap().to_owned()
    }

    fn next(&self) -> u32 {
        self.serial.set(self.serial.get() + 1);
        self.serial.get()
    }

    /// The address of a call about such an object; `None` where the endpoint has none.
    pub(super) fn target(&self, info: &Info, whose: Whose, caller: &Person) -> Option<String> {
        let mut segments = Vec::new();
        let mut has_object = false;
        if info.path.contains("/sso") || info.name == "FindSignIn" {
            self.single_sign_on(info, caller);
        }
        for segment in info.path.split('/') {
            match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                Some(parameter) => {
                    has_object = true;
                    segments.push(self.object(parameter, info, whose, caller)?);
                }
                None => segments.push(segment.to_owned()),
            }
        }
        (has_object || whose == Whose::Own).then(|| segments.join("/"))
    }

    fn object(&self, parameter: &str, info: &Info, whose: Whose, caller: &Person) -> Option<String> {
        let unknown = |prefix: &str| format!("{prefix}_0000000001{}", "z".repeat(16));
        let owner = match whose {
            Whose::Own => caller,
            Whose::Colleagues => &self.colleague,
            Whose::Foreign => &self.stranger,
            Whose::Unknown => {
                let prefix = match parameter {
                    "connector" => return Some("nothing".to_owned()),
                    "operation" => return Some("list-contacts".to_owned()),
                    "*path" => return Some("contacts".to_owned()),
                    "tenant" => "ten",
                    "session" => "ses",
                    "client" => "oac",
                    "connection" => "con",
                    "user" => "usr",
                    "group" => "grp",
                    "webhook" => "whk",
                    "delivery" => "whd",
                    "app" => "app",
                    "token" if is_personal(info) => "pat",
                    "gateway" => "gw",
                    "replica" => "gwr",
                    "domain" => return Some("unknown.example.com".to_owned()),
                    // Whoever has no link finds nothing, whoever they are.
                    // A link's secret belongs to nobody; who has it may use it.
                    "token" | "secret" | "slug" => return None,
                    other => panic!("say what an unknown {{{other}}} is"),
                };
                return Some(unknown(prefix));
            }
        };
        // What all of a tenant share is made by who may make it.
        let shared = if whose == Whose::Foreign { &self.stranger } else { self.administrator() };
        match parameter {
            "connector" => (whose == Whose::Own).then(|| "box".to_owned()),
            "operation" => Some("list-contacts".to_owned()),
            "*path" => Some("contacts".to_owned()),
            "tenant" => (whose != Whose::Colleagues).then(|| owner.tenant.as_str().to_owned()),
            "session" => Some(self.session(owner).0.as_str().to_owned()),
            "client" => (whose != Whose::Colleagues).then(|| self.made(shared, "RegisterOAuthClient")),
            "group" => (whose != Whose::Colleagues).then(|| self.group(&shared.tenant)),
            "webhook" => (whose != Whose::Colleagues).then(|| self.webhook(&shared.tenant)),
            "delivery" => (whose != Whose::Colleagues).then(|| self.delivery(&shared.tenant)),
            "user" => (whose != Whose::Colleagues).then(|| self.user(&shared.tenant, info)),
            "gateway" => (whose != Whose::Colleagues).then(|| self.gateway(&shared.tenant, info)),
            "replica" => (whose != Whose::Colleagues).then(|| self.replica(&shared.tenant)),
            "app" => (whose != Whose::Colleagues).then(|| self.app(&shared.tenant, info)),
            "token" if is_personal(info) => Some(self.token(owner, info)),
            "token" => (whose == Whose::Own).then(|| self.invited(&shared.tenant).1),
            "connection" => {
                let maker = if owner.role.includes(Role::Designer) { owner } else { &self.colleague };
                Some(self.connection(maker, info.name))
            }
            "secret" => (whose == Whose::Own).then(|| self.link_secret()),
            "domain" => (whose != Whose::Colleagues).then(|| self.domain(&shared.tenant)),
            "slug" => (whose == Whose::Own).then(|| {
                let sql = format!("SELECT slug FROM tenants WHERE id = '{}'", caller.tenant);
                self.harness.db.query(&sql)[0]["slug"].as_str().unwrap().to_owned()
            }),
            other => panic!("say what a {{{other}}} is"),
        }
    }

    /// Single sign-on in the state that the endpoint is for, with the caller connected.
    fn single_sign_on(&self, info: &Info, caller: &Person) {
        let (tenant, now) = (&caller.tenant, self.harness.services.now().millis());
        let enabled = i32::from(info.name != "EnableSso");
        let provider = r#"{"authorization_endpoint":"https://id.example.com/a","token_endpoint":"https://id.example.com/t","jwks_uri":"https://id.example.com/k"}"#;
        for sql in [
            "DELETE FROM sso".to_owned(),
            "DELETE FROM sso_flows".to_owned(),
            "DELETE FROM sso_domains".to_owned(),
            "DELETE FROM sso_identities".to_owned(),
            format!(
                "INSERT INTO sso (tenant_id, issuer, client_id, sealed_secret, scopes, label, default_role, auto_join,
                   enabled, tested_at, provider, provider_at)
                 VALUES ('{tenant}', 'https://id.example.com', 'us', '', 'openid', 'Acme ID', 'designer', 1, {enabled},
                   1, '{provider}', {now})"
            ),
            format!(
                "INSERT INTO sso_identities SELECT tenant_id, 'https://id.example.com', id, id, email, 0 FROM users
                 WHERE tenant_id = '{tenant}' AND account_id = '{}'",
                caller.account
            ),
        ] {
            self.harness.db.query(&sql);
        }
    }

    /// A domain that the tenant named; its proof is the text "tok".
    fn domain(&self, tenant: &TenantId) -> String {
        let domain = format!("d{}.example.com", self.next());
        self.harness.db.query(&format!(
            "INSERT INTO sso_domains (tenant_id, domain, token) VALUES ('{tenant}', '{domain}', 'tok')"
        ));
        domain
    }

    /// Somebody whom the call about them finds as it needs them.
    fn user(&self, tenant: &TenantId, info: &Info) -> String {
        if info.name == "ResendInvitation" {
            return self.invited(tenant).0.as_str().to_owned();
        }
        let email = format!("user{}@example.com", self.next());
        let user = self.harness.insert_user(tenant, Role::Designer, &email);
        let query = |sql: String| self.harness.db.query(&sql);
        match info.name {
            "ReactivateUser" => query(format!("UPDATE users SET state = 'suspended' WHERE id = '{user}'")),
            "RemoveMember" => query(format!(
                "INSERT INTO group_members SELECT tenant_id, id, '{user}' FROM groups WHERE tenant_id = '{tenant}'"
            )),
            _ => Vec::new(),
        };
        user.as_str().to_owned()
    }

    pub(super) fn invited(&self, tenant: &TenantId) -> (UserId, String) {
        self.harness.invite(tenant, Role::Designer, &format!("invited{}@example.com", self.next()))
    }

    fn sealed(&self, tenant: &TenantId, record: &str) -> String {
        let services = &self.harness.services;
        let place = Place { tenant: tenant.as_str(), record, field: "secret" };
        services.vault.seal(&*services.random, place, b"dbr_secret").unwrap()
    }

    /// The only app of the tenant, in the state that the endpoint is for.
    pub(super) fn app(&self, tenant: &TenantId, info: &Info) -> String {
        let id = new_id!(self.harness.services, AppId).unwrap();
        let sealed = self.sealed(tenant, id.as_str());
        let disabled = i32::from(info.name == "ActivateApp");
        self.harness.db.query(&format!("DELETE FROM apps WHERE tenant_id = '{tenant}'"));
        self.harness.db.query(&format!(
            "INSERT INTO apps (tenant_id, id, name, description, scopes, addresses, disabled, token_algorithm, secret_hash,
               secret_hint, sealed_secret, created_by, created_at)
             VALUES ('{tenant}', '{id}', 'App', '', 'full', '[]', {disabled}, 'EdDSA', '{id}', 'dbr_app_…', '{sealed}',
               'usr_0000000001zzzzzzzzzzzzzzzz', 0)"
        ));
        id.as_str().to_owned()
    }

    /// The only token of a user, in the state that the endpoint is for.
    pub(super) fn token(&self, owner: &Person, info: &Info) -> String {
        let id = new_id!(self.harness.services, TokenId).unwrap();
        let (tenant, user) = (&owner.tenant, self.user_id(owner));
        let sealed = self.sealed(tenant, id.as_str());
        let now = self.harness.services.now().millis();
        let revoked = if info.name == "DeleteToken" { now.to_string() } else { "NULL".to_owned() };
        self.harness.db.query(&format!("DELETE FROM tokens WHERE user_id = '{user}'"));
        self.harness.db.query(&format!(
            "INSERT INTO tokens (tenant_id, id, user_id, name, scopes, addresses, made_at, expires_at, revoked_at,
               secret_hash, secret_hint, sealed_secret, created_at)
             VALUES ('{tenant}', '{id}', '{user}', 'Token', 'full', '[]', {now}, {}, {revoked}, '{id}', 'dbr_pat_…',
               '{sealed}', {now})",
            now + drawbridge_domain::time::DAY
        ));
        id.as_str().to_owned()
    }

    /// The only endpoint of the tenant; it is told of nothing that happens here.
    fn webhook(&self, tenant: &TenantId) -> String {
        let services = &self.harness.services;
        let id = new_id!(services, WebhookId).unwrap();
        let place = Place { tenant: tenant.as_str(), record: id.as_str(), field: "signing_secret" };
        let sealed = services.vault.seal(&*services.random, place, b"whsec_c2VjcmV0").unwrap();
        self.harness.db.query(&format!("DELETE FROM webhooks WHERE tenant_id = '{tenant}'"));
        self.harness.db.query(&format!(
            "INSERT INTO webhooks (tenant_id, id, name, url, events, enabled, disabled_because, sealed_secret, created_by,
               created_at)
             VALUES ('{tenant}', '{id}', 'Hook', 'https://hooks.example.net', '[]', 1, '', '{sealed}',
               'usr_0000000001zzzzzzzzzzzzzzzz', 0)"
        ));
        id.as_str().to_owned()
    }

    /// A delivery to the tenant's endpoint that was given up.
    fn delivery(&self, tenant: &TenantId) -> String {
        let id = new_id!(self.harness.services, WebhookDeliveryId).unwrap();
        self.harness.db.query(&format!(
            "INSERT INTO webhook_deliveries (tenant_id, webhook_id, id, message_id, event, body, state, created_at)
             SELECT tenant_id, id, '{id}', '{id}', 'user.invited', '{{}}', 'failed', 0
             FROM webhooks WHERE tenant_id = '{tenant}'"
        ));
        id.as_str().to_owned()
    }

    pub(super) fn group(&self, tenant: &TenantId) -> String {
        let id = new_id!(self.harness.services, GroupId).unwrap();
        self.harness.db.query(&format!(
            "INSERT INTO groups (tenant_id, id, name, name_key, created_at)
             VALUES ('{tenant}', '{id}', 'Group', '{id}', 0)"
        ));
        id.as_str().to_owned()
    }

    /// The body of an acceptance by who is signed in: of an invitation to another tenant.
    fn acceptance(&self, browser: &Browser) -> Json {
        let answer = browser.send(Method::GET, "/api/v1/session", None).json();
        let Some(email) = answer["user"]["email"].as_str() else { return json!({ "token": "none" }) };
        let tenant = &self.stranger.tenant;
        self.harness
            .db
            .query(&format!("DELETE FROM users WHERE tenant_id = '{tenant}' AND email = '{email}'"));
        json!({ "token": self.harness.invite(tenant, Role::Participant, email).1 })
    }

    /// A connection in the state that the endpoint is for.
    pub(super) fn connection(&self, maker: &Person, endpoint: &str) -> String {
        // Long runs stay under the tenant's limit.
        let count = &self.harness.db.query("SELECT COUNT(*) AS number FROM connections")[0]["number"];
        if count.as_i64() > Some(900) {
            self.harness.db.query("DELETE FROM connections");
        }
        if [
            "MakeConnection",
            "ReadConnection",
            "AuthorizeConnection",
            "DeleteConnection",
            "ListConnectionEvents",
        ]
        .contains(&endpoint)
        {
            return self.made(maker, "MakeConnection");
        }
        self.harness.outward.next_json(200, json!({ "id": "u1", "name": "Ada" }));
        let id = self.made(maker, "ProvedConnection");
        let change = match endpoint {
            "EnableConnection" => "status = 'disabled', reason = 'switched_off'".to_owned(),
            "RestoreConnection" => {
                format!("deleted_at = 1, deleted_by = created_by, destroy_at = {}", i64::MAX >> 12)
            }
            "MakeReconnectLink" => "auth = 'oauth'".to_owned(),
            _ => return id,
        };
        self.harness.db.query(&format!("UPDATE connections SET {change} WHERE id = '{id}'"));
        id
    }

    /// The secret of a link that is good.
    fn link_secret(&self) -> String {
        let id = self.connection(&self.colleague, "MakeReconnectLink");
        let target = format!("/api/v1/connections/{id}/reconnect-link");
        let answer = self.browser(&self.colleague).send_json(Method::POST, &target, &json!({}));
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        answer.json()["url"].as_str().unwrap().split_once('#').unwrap().1.to_owned()
    }

    pub(super) fn made(&self, by: &Person, what: &str) -> String {
        let target =
            if what == "RegisterOAuthClient" { "/api/v1/oauth-clients" } else { "/api/v1/connections" };
        let answer = self.browser(by).send_json(Method::POST, target, &self.body(what));
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    /// A body that the endpoint takes.
    pub(super) fn body(&self, endpoint: &str) -> Json {
        match endpoint {
            "SetUpDeployment" => serde_json::to_value(set_up_body()).unwrap(),
            "SignInWithPassword" => json!({ "email": "colleague@example.com", "password": PASSWORD }),
            "ChangeOwnPassword" => json!({ "currentPassword": PASSWORD, "newPassword": PASSWORD }),
            "ChangeTenantSettings"
            | "MakeTenant"
            | "MakeGateway"
            | "ChangeGatewaySettings"
            | "ChangeOAuthClientSettings"
            | "ChangeConnectionSettings" => {
                json!({ "name": format!("Name {}", self.next()) })
            }
            "RegisterOAuthClient" => {
                json!({ "connector": "box", "name": "Box", "clientId": "id", "clientSecret": "client-secret" })
            }
            "MakeConnection" => json!({ "connector": "sandbox-crm", "name": "CRM", "auth": "oauth" }),
            "ProvedConnection" => json!({
                "connector": "sandbox-crm", "name": "CRM", "auth": "api-key", "credentials": { "apiKey": "the-key" },
            }),
            "InviteToTenant" => json!({
                "email": format!("new{}@example.com", self.next()), "firstName": "Grace", "lastName": "Hopper",
                "role": "designer",
            }),
            "ChangeUserSettings" => json!({ "lastName": format!("Name {}", self.next()) }),
            "MakeGroup" | "ChangeGroupSettings" => json!({ "name": format!("Group {}", self.next()) }),
            "AcceptTheInvitation" => {
                json!({ "token": self.invited(&self.administrator().tenant).1, "password": PASSWORD })
            }
            "MakeWebhook" => json!({
                "name": "Hook", "url": "https://hooks.example.net", "events": ["connection.recovered"],
            }),
            "ChangeWebhookSettings" => json!({ "name": format!("Hook {}", self.next()) }),
            "MakeApp" | "ChangeAppSettings" => json!({ "name": format!("App {}", self.next()) }),
            "MakeToken" | "ChangeTokenSettings" => json!({ "name": format!("Token {}", self.next()) }),
            "RotateAppSecret" | "RotateToken" => json!({ "grace": "hour" }),
            "ChangeSsoSettings" => json!({ "label": format!("Label {}", self.next()) }),
            "NameSsoDomain" => json!({ "domain": format!("n{}.example.com", self.next()) }),
            "RunOperation" => json!({ "parameters": { "q": "a", "limit": 5 }, "pageSize": 10 }),
            "AuthorizeConnection" => json!({ "window": "popUp" }),
            "SaveConnectionPermissions" => json!({ "grants": [{ "kind": "everyone", "level": "owner" }] }),
            of_machines => self.said_by_machines(of_machines),
        }
    }

    /// Makes the call with a body that fits and the present version.
    pub(super) fn call(
        &self,
        browser: &Browser,
        info: &Info,
        target: &str,
        expect_success: bool,
    ) -> TestAnswer {
        if info.if_match {
            let read = self.browser(self.administrator()).send(Method::GET, target, None);
            browser.with("if-match", read.header("etag").unwrap_or("\"v1\""));
        }
        let target = &self.opening(browser, info, target);
        let proves =
            ["EnableConnection", "RestoreConnection"].contains(&info.name) || USES.contains(&info.name);
        if expect_success && proves {
            self.harness.outward.next_json(200, json!({ "id": "u1", "name": "Ada" }));
        }
        if expect_success && info.name == "ProveSsoDomain" {
            let record = json!({ "type": 16, "data": "\"drawbridge-verification=tok\"" });
            self.harness.outward.next_json(200, json!({ "Status": 0, "Answer": [record] }));
        }
        let method = match info.method {
            drawbridge_contract::endpoint::Method::Any => Method::POST,
            method => Method::from_bytes(method.as_str().as_bytes()).unwrap(),
        };
        let body = (!info.method.is_safe()).then(|| match info.name {
            "AcceptWithSession" => self.acceptance(browser),
            name => self.body(name),
        });
        let body = body.map(|body| body.to_string().into_bytes());
        let answer = browser.send(method, target, body);
        browser.plain();
        answer
    }

    /// Whether the role may call the endpoint at all.
    pub(super) fn may(info: &Info, role: Role) -> bool {
        match info.access {
            Access::Public | Access::SignedIn => true,
            Access::Role(needed) => role.includes(needed),
        }
    }
}
