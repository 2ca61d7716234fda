//! Credentials that are none, are not any more or are somebody else's, and ways to send them that are none; on the real
//! runtime, with the very words of RFC 6749 and RFC 6750.

use std::io::{Read, Write};
use std::net::TcpStream;

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use drawbridge_contract::endpoints::{MakeApp, MakeToken, RevokeToken};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::apps::{CreateApp, TokenAlgorithm};
use drawbridge_contract::types::tokens::{CreateToken, TokenPath};
use drawbridge_domain::id::Id;
use drawbridge_tests::answer::Answered;
use drawbridge_tests::fixtures::{Stack, User, shared};
use serde_json::{Value, json};

const FORM: &str = "application/x-www-form-urlencoded";
const SESSION: &str = "/api/v1/session";

struct Caller<'a> {
    stack: &'a Stack,
    admin: User,
    id: String,
    secret: String,
}

impl<'a> Caller<'a> {
    fn new(stack: &'a Stack, tenant: &str) -> Self {
        Self::by(stack, tenant, TokenAlgorithm::EdDsa)
    }

    fn by(stack: &'a Stack, tenant: &str, token_algorithm: TokenAlgorithm) -> Self {
        let admin = stack.tenant(tenant);
        let body = CreateApp {
            name: "Robot".to_owned(),
            description: String::new(),
            scopes: None,
            addresses: Vec::new(),
            expires_at: None,
            token_algorithm,
        };
        let made = admin.to::<MakeApp>().with(&body).good();
        let secret = made.secret.unwrap().expose().to_owned();
        Self { stack, admin, id: made.app.id.as_str().to_owned(), secret }
    }

    /// A form with this header; an empty one is left out.
    fn form(&self, path: &str, authorization: &str, body: &str) -> Answered {
        let stranger = self.admin.stranger();
        let sent = stranger.raw("POST", path).header("origin", "").header("authorization", authorization);
        sent.bytes(FORM, body.as_bytes().to_vec()).send()
    }

    fn basic(&self) -> String {
        basic(&format!("{}:{}", self.id, self.secret))
    }

    fn token(&self) -> String {
        let granted =
            self.form("/oauth/token", &self.basic(), "grant_type=client_credentials").with_status(200);
        granted.json()["access_token"].as_str().unwrap().to_owned()
    }

    fn personal(&self) -> (String, TokenPath) {
        let body =
            CreateToken { name: "CI".to_owned(), expires_at: None, scopes: None, addresses: Vec::new() };
        let made = self.admin.to::<MakeToken>().with(&body).good();
        (made.secret.unwrap().expose().to_owned(), TokenPath { token: made.token.id })
    }

    fn call(&self, token: &str) -> Answered {
        let stranger = self.admin.stranger();
        stranger.raw("GET", SESSION).header("authorization", &format!("Bearer {token}")).send()
    }

    /// Exactly these lines in the head of a call; the status and the whole answer.
    fn head(&self, lines: &[String]) -> (u16, String) {
        let host = self.stack.server.origin().trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).unwrap();
        let lines: Vec<String> = lines.iter().map(|line| format!("{line}\r\n")).collect();
        let lines = lines.concat();
        let head = format!("GET {SESSION} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{lines}\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
    }
}

fn basic(pair: &str) -> String {
    format!("Basic {}", Base64::encode_string(pair.as_bytes()))
}

fn part(value: &Value) -> String {
    Base64UrlUnpadded::encode_string(value.to_string().as_bytes())
}

fn read(part: &str) -> Value {
    serde_json::from_slice(&Base64UrlUnpadded::decode_vec(part).unwrap()).unwrap()
}

fn with(value: &Value, name: &str, new: Value) -> Value {
    let mut changed = value.clone();
    changed[name] = new;
    changed
}

#[track_caller]
fn refused(answer: &Answered) {
    answer.problem(ProblemCode::Unauthenticated);
    let wanted = "Bearer realm=\"drawbridge\", error=\"invalid_token\"";
    assert_eq!(answer.header("www-authenticate"), Some(wanted), "{answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[test]
fn a_bad_token_is_refused_and_not_told_why() {
    let stack = shared();
    let (caller, other) = (Caller::new(&stack, "Bad tokens"), Caller::new(&stack, "Bad tokens elsewhere"));
    let token = caller.token();
    let parts: Vec<&str> = token.split('.').collect();
    let (header, claims, signature) = (read(parts[0]), read(parts[1]), parts[2]);
    let forged = |header: &Value, claims: &Value| format!("{}.{}.{signature}", part(header), part(claims));
    caller.call(&token).with_status(200);
    let (personal, path) = caller.personal();
    caller.call(&personal).with_status(200);
    caller.admin.to::<RevokeToken>().at(path).good();
    let last = if personal.ends_with('a') { 'b' } else { 'a' };
    let later = claims["exp"].as_i64().unwrap() + 1;
    let unsigned = with(&header, "alg", json!("none"));
    let bad = [
        "x".to_owned(),
        "dbr_pat_".to_owned(),
        personal.clone(),
        format!("{}{last}", &personal[..personal.len() - 1]),
        caller.secret.clone(),
        "a.b.c".to_owned(),
        format!("{}.{}.", part(&unsigned), parts[1]),
        forged(&unsigned, &claims),
        forged(&with(&header, "alg", json!("HS256")), &claims),
        forged(&with(&header, "kid", json!("sgk_0000000001zzzzzzzzzzzzzzzz")), &claims),
        forged(&with(&header, "typ", json!("JWT")), &claims),
        forged(&header, &with(&claims, "scope", json!("manage:user"))),
        forged(&header, &with(&claims, "tenant", json!(other.admin.who.tenant.id))),
        forged(&header, &with(&claims, "aud", json!("https://elsewhere.example"))),
        forged(&header, &with(&claims, "exp", json!(later))),
        forged(&header, &with(&claims, "nbf", json!(later))),
        format!("{}.{}.{}", parts[0], parts[1], &signature[..signature.len() - 1]),
        format!("{token}A"),
    ];
    for one in &bad {
        refused(&caller.call(one));
        let told =
            caller.form("/oauth/introspect", &caller.basic(), &format!("token={one}")).with_status(200);
        assert_eq!(told.json(), json!({ "active": false }), "{one}");
    }
    // A signature of another length, by either algorithm.
    let rsa = Caller::by(&stack, "Bad tokens by RSA", TokenAlgorithm::Rs256);
    let token_by_rsa = rsa.token();
    caller.call(&token_by_rsa).with_status(200);
    for good in [&token, &token_by_rsa] {
        let (message, signature) = good.rsplit_once('.').unwrap();
        let bytes = Base64UrlUnpadded::decode_vec(signature).unwrap();
        for other in
            [&[][..], &bytes[..1], &bytes[1..], &bytes[..bytes.len() - 1], &[&bytes[..], &[0]].concat()]
        {
            refused(&caller.call(&format!("{message}.{}", Base64UrlUnpadded::encode_string(other))));
        }
    }
    // Good, and yet nothing that another tenant's app may know of.
    let told = other.form("/oauth/introspect", &other.basic(), &format!("token={token}")).with_status(200);
    assert_eq!(told.json(), json!({ "active": false }));
    caller.call(&token).with_status(200);
}

#[test]
fn a_token_is_sent_in_one_header_and_nowhere_else() {
    let stack = shared();
    let caller = Caller::new(&stack, "Ways to send");
    let token = caller.token();
    let invalid = "bearer realm=\"drawbridge\", error=\"invalid_request\"";
    let line = |value: &str| format!("Authorization: {value}");
    let good = line(&format!("Bearer {token}"));
    assert_eq!(caller.head(std::slice::from_ref(&good)).0, 200);
    for lines in [
        vec![good.clone(), good.clone()],
        vec![good.clone(), line("Bearer x")],
        vec![line("Bearer")],
        vec![line(&format!("Bearer {token} {token}"))],
    ] {
        let (status, answer) = caller.head(&lines);
        assert_eq!(status, 400, "{answer}");
        assert!(answer.to_lowercase().contains(invalid), "{answer}");
    }
    let stranger = caller.admin.stranger();
    for path in [format!("{SESSION}?access_token={token}"), format!("{SESSION}?x=y&access_token=")] {
        let answer = stranger.raw("GET", &path).header("authorization", &format!("Bearer {token}")).send();
        answer.problem(ProblemCode::BadRequest);
    }
    // Longer than anything that is ours: whoever stands at the door may refuse it, and nobody may fall.
    for long in ["a".repeat(100_000), format!("{token}{}", "A".repeat(100_000))] {
        let (status, answer) = caller.head(&[line(&format!("Bearer {long}"))]);
        assert!([401, 400, 413, 431].contains(&status), "{}", &answer[..answer.len().min(500)]);
    }
    assert_eq!(caller.head(&[good]).0, 200);
}

#[test]
fn a_client_that_is_not_proved_is_told_so_in_the_words_of_oauth() {
    let stack = shared();
    let caller = Caller::new(&stack, "Bad clients");
    let (id, secret) = (&caller.id, &caller.secret);
    let grant = "grant_type=client_credentials";
    let known = format!("{grant}&client_id={id}&client_secret={secret}");
    let long = "x".repeat(60_000);
    let two = "invalid_request";
    let none = "invalid_client";
    let mut cases = vec![
        (caller.basic(), known.clone(), 400, two),
        (caller.basic(), format!("{grant}&client_secret={secret}"), 400, two),
        (caller.basic(), format!("{grant}&client_assertion=x"), 400, two),
        (caller.basic(), format!("{known}&client_id={id}"), 400, two),
        (caller.basic(), format!("{grant}&client_id=app_0000000001zzzzzzzzzzzzzzzz"), 400, two),
        (String::new(), format!("{grant}&client_id={id}&client_secret="), 401, none),
        (String::new(), format!("{grant}&client_id={id}"), 401, none),
        (String::new(), grant.to_owned(), 401, none),
        (String::new(), format!("{grant}&client_id={id}&client_secret={long}"), 401, none),
        (format!("Basic {id}:{secret}"), grant.to_owned(), 401, none),
        (caller.basic().replace("Basic", "Bearer"), grant.to_owned(), 401, none),
        (caller.basic().replace("Basic ", "Basic ="), grant.to_owned(), 401, none),
    ];
    for pair in [
        format!("{id}:"),
        format!(":{secret}"),
        format!("{id}{secret}"),
        format!("{id}:{secret}+"),
        format!("{id}:{secret}%"),
        format!("{id}:{secret}%2"),
        format!("{id}:{secret}%ff"),
        format!("{id}:{}", secret.replace('_', "%255F")),
    ] {
        cases.push((basic(&pair), grant.to_owned(), 401, none));
    }
    for path in ["/oauth/token", "/authentication/v1/token", "/oauth/introspect", "/oauth/revoke"] {
        for (header, body, status, error) in &cases {
            let answer = caller.form(path, header, body);
            let told = answer.clone().with_status(*status).json();
            assert_eq!(told["error"], *error, "{path} {answer:?}");
            assert!(told["error_description"].as_str().unwrap().is_ascii());
            let asks = "Basic realm=\"Drawbridge\", charset=\"UTF-8\"";
            assert_eq!(answer.header("www-authenticate"), (*status == 401).then_some(asks), "{answer:?}");
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer:?}");
        }
    }
    // A percent sign and its digits are one way to write a character.
    let every: Vec<String> = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
    caller.form("/oauth/token", &basic(&format!("{id}:{}", every.concat())), grant).with_status(200);
    // In the address nothing of it is taken.
    for query in [
        format!("client_id={id}&client_secret={secret}"),
        format!("client_secret={secret}"),
        "token=x".to_owned(),
    ] {
        let told =
            caller.form(&format!("/oauth/token?{query}"), &caller.basic(), grant).with_status(400).json();
        assert_eq!(told["error"], two);
    }
}
