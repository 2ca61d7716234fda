//! Addresses that a connection must not reach: refused with words, and nobody is called.

use std::io::ErrorKind;
use std::net::TcpListener;

use drawbridge_contract::endpoints::{ListConnections, MakeConnection};
use drawbridge_contract::problem::{Problem, ProblemCode};
use drawbridge_contract::types::SecretText;
use drawbridge_contract::types::connections::CreateConnection;
use drawbridge_tests::answer::Answered;
use drawbridge_tests::fixtures::{User, shared};

/// A server on this machine that wants to be called, on all addresses.
struct Bait {
    listener: TcpListener,
    port: u16,
}

impl Bait {
    fn lay() -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        Self { listener, port }
    }

    fn was_not_taken(&self, by: &str) {
        let taken = self.listener.accept();
        assert_eq!(
            taken.map(|_| ()).map_err(|error| error.kind()),
            Err(ErrorKind::WouldBlock),
            "{by} called it"
        );
    }
}

fn make(user: &User, base: &str, path: &str) -> Answered {
    let body = CreateConnection {
        connector: "http".to_owned(),
        name: "Reaches inward".to_owned(),
        auth: "bearer".to_owned(),
        settings: [("baseUrl", base), ("validationPath", path)]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into(),
        credentials: [("token".to_owned(), SecretText::new("a-token-for-nobody".to_owned()))].into(),
        oauth_client: None,
        sealed: Vec::new(),
    };
    user.to::<MakeConnection>().with(&body).send()
}

#[test]
fn inward_addresses_are_refused_in_every_spelling() {
    let stack = shared();
    let user = stack.tenant("Inward");
    let bait = Bait::lay();
    let hosts = [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "0177.0.0.1",
        "127.0.0.1.",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "app.localhost",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "100.100.100.200",
        "metadata.google.internal",
        "metadata",
        "printer.local",
        "intranet",
        "kubernetes.default.svc.cluster.local",
        "１２７.0.0.1",
        "127。0。0。1",
        "ⓛocalhost",
        "example.com@127.0.0.1",
        "user:password@127.0.0.1",
        "127.0.0.1#.example.com",
        "127.0.0.1?.example.com",
        "127.0.0.1\\.example.com",
        "127.0.0.1%2f.example.com",
        "127.0.0.1%00.example.com",
        "exa\tmple.com",
        "",
        ".",
        "-a.com",
    ];
    for host in hosts {
        for base in [
            format!("https://{host}:{}", bait.port),
            format!("https://{host}"),
            format!("http://{host}:{}", bait.port),
        ] {
            let problem = make(&user, &base, "/me").problem(ProblemCode::InvalidFields);
            assert_eq!(problem.fields[0].path, "settings.baseUrl", "{base}: {problem:?}");
            assert!(!problem.fields[0].message.is_empty());
        }
        bait.was_not_taken(host);
    }
    assert!(user.to::<ListConnections>().good().items.is_empty());
}

#[test]
fn other_schemes_and_half_addresses_are_refused() {
    let stack = shared();
    let user = stack.tenant("Schemes");
    for base in [
        "http://api.example.com",
        "ftp://api.example.com",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:,x",
        "//api.example.com",
        "api.example.com",
        "https:/api.example.com",
        "https:api.example.com",
        "https://api.example.com:0",
        "https://api.example.com:99999",
        "https://api.example.com/..",
        "https://api.example.com/%2e%2e/x",
        "https://api.example.com/?q=1",
        "https://api.example.com/#x",
        " https://api.example.com\u{0}",
    ] {
        let problem = make(&user, base, "/me").problem(ProblemCode::InvalidFields);
        assert_eq!(problem.fields[0].path, "settings.baseUrl", "{base}: {problem:?}");
    }
    for path in
        ["me", "//127.0.0.1/me", "/../me", "/%2E%2e/me", "/me#x", "@127.0.0.1/", "\\\\127.0.0.1\\me", "/m e"]
    {
        let problem = make(&user, "https://api.example.com", path).problem(ProblemCode::InvalidFields);
        assert_eq!(problem.fields[0].path, "settings.validationPath", "{path}: {problem:?}");
    }
}

#[test]
fn names_that_only_look_public_end_as_a_provider_that_cannot_be_reached() {
    let stack = shared();
    let user = stack.tenant("Names");
    let bait = Bait::lay();
    for host in ["service.test", "hidden.onion", "nothing.invalid"] {
        let answer = make(&user, &format!("https://{host}:{}", bait.port), "/me");
        let problem: Problem = answer.read();
        let fine = [ProblemCode::ProviderUnavailable, ProblemCode::InvalidFields];
        assert!(fine.contains(&problem.code), "{host}: {answer:?}");
    }
    bait.was_not_taken("a name");
    assert!(user.to::<ListConnections>().good().items.is_empty());
}

#[test]
fn the_addresses_of_an_authorization_server_are_held_to_the_same() {
    let stack = shared();
    let user = stack.tenant("Servers inward");
    let bait = Bait::lay();
    let inward = format!("https://127.0.0.1:{}/token", bait.port);
    for (auth, field) in [
        ("oauth", "authorizationUrl"),
        ("oauth", "tokenUrl"),
        ("oauth", "revocationUrl"),
        ("client-credentials", "tokenUrl"),
    ] {
        let mut settings = vec![
            ("baseUrl", "https://api.example.com"),
            ("validationPath", "/me"),
            ("clientId", "client"),
            ("tokenUrl", "https://login.example.com/token"),
        ];
        if auth == "oauth" {
            settings.push(("authorizationUrl", "https://login.example.com/authorize"));
        }
        settings.retain(|(name, _)| *name != field);
        settings.push((field, &inward));
        let body = CreateConnection {
            connector: "http".to_owned(),
            name: "Reaches inward".to_owned(),
            auth: auth.to_owned(),
            settings: settings.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
            credentials: [("clientSecret".to_owned(), SecretText::new("a-secret-for-nobody".to_owned()))]
                .into(),
            oauth_client: None,
            sealed: Vec::new(),
        };
        let problem = user.to::<MakeConnection>().with(&body).refused(ProblemCode::InvalidFields);
        assert_eq!(problem.fields[0].path, format!("settings.{field}"), "{problem:?}");
    }
    bait.was_not_taken("an authorization server");
}
