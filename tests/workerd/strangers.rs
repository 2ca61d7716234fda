//! Clients that we did not write and that know nothing of us: curl, and `requests-oauthlib` of Python. (`openid-client` of
//! npm is in the tests of OAuth.)

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Arc;

use drawbridge_contract::endpoints::{DisableApp, MakeApp};
use drawbridge_contract::types::apps::{AppPath, CreateApp, TokenAlgorithm};
use drawbridge_domain::id::{AppId, Id};
use drawbridge_tests::fixtures::{ADMIN, Stack, User, shared};
use drawbridge_tests::log::Log;
use drawbridge_tests::places;
use drawbridge_tests::process::Program;
use serde_json::{Value, json};

/// An app of the tenant with a thousand connections.
struct Caller<'a> {
    stack: &'a Stack,
    admin: User,
    app: AppId,
    secret: String,
}

impl<'a> Caller<'a> {
    fn new(stack: &'a Stack, name: &str) -> Self {
        let admin = stack.in_tenant("Thousand");
        let body = CreateApp {
            name: name.to_owned(),
            description: String::new(),
            scopes: None,
            addresses: Vec::new(),
            expires_at: None,
            token_algorithm: TokenAlgorithm::EdDsa,
        };
        let made = admin.to::<MakeApp>().with(&body).good();
        let secret = made.secret.as_ref().unwrap().expose().to_owned();
        stack.server.log().keep_out(&secret);
        Self { stack, admin, app: made.app.id, secret }
    }

    fn disable(&self) {
        self.admin.to::<DisableApp>().at(AppPath { app: self.app.clone() }).good();
    }

    /// What requests-oauthlib is told.
    fn python(&self, way: &str) -> Value {
        let log = Arc::new(Log::default());
        let mut command = Command::new(places::python());
        command.arg(places::root().join("tests/python/oauth.py")).env("NO_PROXY", "*");
        let mut client = Program::start(&mut command, &log);
        let origin = self.stack.server.origin();
        let asked = json!({ "origin": origin, "id": self.app, "secret": self.secret, "way": way });
        client.tell(&asked.to_string());
        client.said().unwrap_or_else(|| panic!("the client ended by itself:\n{}", log.lines().join("\n")))
    }

    /// The status and what curl was answered, which is JSON or nothing.
    fn curl(&self, path: &str, arguments: &[&str]) -> (u16, Value) {
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--noproxy", "*", "--write-out", "\n%{http_code}"]);
        command.args(arguments).arg(format!("{}{path}", self.stack.server.origin()));
        let output = command.output().unwrap_or_else(|error| panic!("curl does not start: {error}"));
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        let (body, status) = said.rsplit_once('\n').unwrap();
        let body = if body.is_empty() { Value::Null } else { serde_json::from_str(body).unwrap() };
        (status.parse().unwrap(), body)
    }
}

#[test]
fn requests_oauthlib_gets_a_token_reads_a_thousand_connections_and_ends_it() {
    let stack = shared();
    let caller = Caller::new(&stack, "By Python");
    for way in ["basic", "post"] {
        let told = caller.python(way);
        let token = told["token"]["access_token"].as_str().unwrap_or_else(|| panic!("{told}"));
        stack.server.log().keep_out(token);
        assert_eq!(told["token"]["scope"], json!(["read:connection", "read:user"]));
        assert_eq!(
            (&told["connections"], &told["listed"], &told["pages"]),
            (&json!(1000), &json!(1000), &json!(7))
        );
        assert_eq!((&told["emails"], &told["people"]), (&json!([ADMIN]), &json!([ADMIN])));
        assert_eq!(told["same"], true, "the compatible path has the same connections");
        assert_eq!(told["lacking"], 403, "what its scopes do not name");
        assert_eq!(
            (&told["before"]["active"], &told["before"]["client_id"]),
            (&json!(true), &json!(caller.app))
        );
        assert_eq!((&told["revoked"], &told["after"]), (&json!(200), &json!({ "active": false })));
        assert_eq!(told["refused"], 401);
        assert_eq!(told["challenge"], "Bearer realm=\"drawbridge\", error=\"invalid_token\"");
    }
    caller.disable();
    assert_eq!(caller.python("basic")["failed"], "invalid_client");
}

#[test]
fn curl_gets_a_token_reads_a_thousand_connections_and_ends_it() {
    let stack = shared();
    let caller = Caller::new(&stack, "By curl");
    let known = format!("{}:{}", caller.app.as_str(), caller.secret);
    let (status, metadata) = caller.curl("/.well-known/oauth-authorization-server", &[]);
    assert_eq!((status, &metadata["issuer"]), (200, &json!(stack.server.origin())));
    let form = "grant_type=client_credentials&scope=read:connection";
    let (status, granted) = caller.curl("/oauth/token", &["--user", &known, "--data", form]);
    assert_eq!(status, 200, "{granted}");
    let token = granted["access_token"].as_str().unwrap().to_owned();
    stack.server.log().keep_out(&token);
    let bearer = format!("authorization: Bearer {token}");
    let (mut seen, mut cursor, mut pages) = (BTreeSet::new(), String::new(), 0);
    loop {
        let page =
            caller.curl(&format!("/api/v1/connections?pageSize=200{cursor}"), &["--header", &bearer]).1;
        seen.extend(page["items"].as_array().unwrap().iter().map(|one| one["id"].to_string()));
        pages += 1;
        let Some(next) = page["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!((seen.len(), pages), (1000, 5));
    let (mut theirs, mut next) = (BTreeSet::new(), Some("/workflows/v1/connections".to_owned()));
    while let Some(path) = next {
        let page = caller.curl(&path, &["--header", &bearer]).1;
        theirs.extend(page["connections"].as_array().unwrap().iter().map(|one| one["id"].to_string()));
        let link = page["nextLink"].as_str();
        next = link.map(|link| link.strip_prefix(stack.server.origin()).unwrap().to_owned());
    }
    assert_eq!(theirs, seen, "the compatible path has the same");
    let told = format!("token={token}");
    let (status, about) = caller.curl("/oauth/introspect", &["--user", &known, "--data", &told]);
    assert_eq!((status, &about["active"]), (200, &json!(true)));
    assert_eq!(caller.curl("/oauth/revoke", &["--user", &known, "--data", &told]).0, 200);
    let (status, problem) = caller.curl("/api/v1/connections", &["--header", &bearer]);
    assert_eq!((status, &problem["code"]), (401, &json!("unauthenticated")));

    // JSON, as scripts of others send it.
    let body = json!({ "grant_type": "client_credentials", "client_id": caller.app, "client_secret": caller.secret });
    let body = body.to_string();
    let sent = ["--header", "content-type: application/json", "--data", &body];
    let (status, granted) = caller.curl("/authentication/v1/token", &sent);
    assert_eq!(status, 200, "{granted}");
    let token = granted["access_token"].as_str().unwrap();
    stack.server.log().keep_out(token);
    let bearer = format!("authorization: Bearer {token}");
    assert_eq!(caller.curl("/api/v1/session", &["--header", &bearer]).0, 200);
    caller.disable();
    assert_eq!(caller.curl("/api/v1/session", &["--header", &bearer]).0, 401, "the next call");
    let (status, fault) = caller.curl("/oauth/token", &["--user", &known, "--data", form]);
    assert_eq!((status, &fault["error"]), (401, &json!("invalid_client")));
}
