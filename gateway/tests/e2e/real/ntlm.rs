use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use drawbridge_contract::link::FailureCode;
use drawbridge_contract::link::messages::{Call, CallKind, Failure, HttpRequest};

use super::server::{Server, program};
use super::{call, sealed};
use crate::agent::Place;
use crate::peer::{Link, Peer};

/// The acceptor.
struct Acceptor {
    child: Child,
    port: u16,
}

impl Acceptor {
    fn start(folder: &Server, more: &[&str]) -> Self {
        let users = folder.file("users", "CORP:ada:pÄss🔑\n");
        let script = format!("{}/../tests/python/ntlm.py", env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(program("NTLM_PYTHON"));
        command
            .arg(script)
            .args(more)
            .env("NTLM_USER_FILE", users)
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, port: line.trim().parse().unwrap() }
    }
}

impl Drop for Acceptor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Status, connection and body of an answer.
async fn ask(
    link: &mut Link,
    call: &Call,
    method: &str,
    path: &str,
    body: &[u8],
) -> Result<(u16, String, String), Failure> {
    let length = u64::try_from(body.len()).unwrap();
    // What the caller says of a login does not go out.
    let headers = vec![("authorization".to_owned(), "Basic eDp5".to_owned())];
    let http =
        HttpRequest { method: method.to_owned(), path: path.to_owned(), headers, length: Some(length) };
    let (head, answered) = link.call(&Call { http: Some(http), ..call.clone() }, body).await?;
    let head = head.http.unwrap();
    let connection = head.headers.iter().find(|(name, _)| name == "x-connection").unwrap().1.clone();
    Ok((head.status, connection, String::from_utf8(answered).unwrap()))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Python with pyspnego"]
async fn ntlm_signs_connections_in() {
    let folder = Server::new("ntlm");
    let (certificate, key) = folder.certificate(&["-newkey", "rsa:2048", "-sha256"]);
    let (plain, bound) = (
        Acceptor::start(&folder, &[]),
        Acceptor::start(&folder, &[certificate.to_str().unwrap(), key.to_str().unwrap()]),
    );
    let mut peer = Peer::start().await;
    let mut place = Place::new();
    place.variables =
        vec![("PASSWORD".to_owned(), "pÄss🔑".to_owned()), ("OTHER".to_owned(), "other".to_owned())];
    let one = |name: &str, url: &str, more: &str| {
        format!("[[target]]\nname = \"{name}\"\nkind = \"http\"\nurl = \"{url}\"\nauth = \"ntlm\"\n{more}\n")
    };
    let http = format!("http://127.0.0.1:{}", plain.port);
    let https = format!("https://localhost:{}", bound.port);
    let ca = format!("ca_file = \"{}\"\n", certificate.display());
    let targets = [
        one("here", &http, "user = 'CORP\\ada'\npassword_env = \"PASSWORD\""),
        one("wrong", &http, "user = 'CORP\\ada'\npassword_env = \"OTHER\""),
        one("bound", &https, &format!("user = 'CORP\\ada'\npassword_env = \"PASSWORD\"\n{ca}")),
        one("brought", &http, "login = \"connection\""),
    ];
    place.configure(&peer, &targets.concat());
    let joined = place.command(&["enroll", "--url", &peer.origin(), "--code", crate::peer::CODE]).await;
    assert!(joined.status.success(), "{joined:?}");
    let agent = place.run();
    let mut link = peer.link().await;
    let here = call("here", CallKind::Http, None);

    let (status, first, body) = ask(&mut link, &here, "GET", "/a", b"").await.unwrap();
    assert_eq!((status, body.as_str()), (200, "GET CORP\\ada 0"));
    let (status, second, body) = ask(&mut link, &here, "POST", "/b", b"hello").await.unwrap();
    assert_eq!((status, body.as_str()), (200, "POST CORP\\ada 5"));
    assert_eq!(first, second, "the connection stays signed in");
    // A new connection, and a body that goes out once only.
    let (status, third, _) = ask(&mut link, &here, "GET", "/forget", b"").await.unwrap();
    assert_eq!((status, third == second), (401, false), "asked again over a new one, which forgets as well");
    let big = vec![7; 100_000];
    assert_eq!(ask(&mut link, &here, "PUT", "/c", &big).await.unwrap().2, "PUT CORP\\ada 100000");

    let (status, ..) = ask(&mut link, &call("wrong", CallKind::Http, None), "GET", "/a", b"").await.unwrap();
    assert_eq!(status, 401, "as the target says it");
    let (status, _, body) =
        ask(&mut link, &call("bound", CallKind::Http, None), "GET", "/a", b"").await.unwrap();
    assert_eq!((status, body.as_str()), (200, "GET CORP\\ada 0"), "bound to the certificate");

    let box_of = |link: &Link, name: &str, password: &str| sealed(link, &peer, "brought", name, password);
    let right = call("brought", CallKind::Http, Some(box_of(&link, "CORP\\ada", "pÄss🔑")));
    assert_eq!(ask(&mut link, &right, "GET", "/a", b"").await.unwrap().2, "GET CORP\\ada 0");
    let other = call("brought", CallKind::Http, Some(box_of(&link, "CORP\\ada", "guess")));
    assert_eq!(
        ask(&mut link, &other, "GET", "/a", b"").await.unwrap().0,
        401,
        "not over another's connection"
    );
    let failure = ask(&mut link, &call("brought", CallKind::Http, None), "GET", "/a", b"").await.unwrap_err();
    assert_eq!((failure.code, failure.reached), (FailureCode::CredentialsNeeded, false));
    let open = ask(&mut link, &here, "DELETE", "/open", b"x").await.unwrap();
    assert_eq!(open.0, 200);
    let log = agent.log();
    assert!(!log.contains("pÄss🔑") && !fs::read_to_string(place.file()).unwrap().contains("pÄss"), "{log}");
}
