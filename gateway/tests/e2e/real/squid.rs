use crate::agent::Place;
use crate::peer::{Ask, CODE, Peer};
use crate::target::Target;

use super::server::{Server, program};

/// A proxy as companies have it: only CONNECT, only to some ports, only with a password.
fn start(port: Option<u16>, allowed: u16, password: &str) -> Server {
    let mut server = Server::new("squid");
    server.port = port.unwrap_or(server.port);
    let folder = server.folder.display().to_string();
    let coded =
        std::process::Command::new(program("OPENSSL")).args(["passwd", "-apr1", password]).output().unwrap();
    let line = format!("gate:{}", String::from_utf8_lossy(&coded.stdout));
    server.file("users", &line);
    let text = format!(
        "http_port 127.0.0.1:{}\npid_filename {folder}/pid\ncache_log {folder}/cache.log\naccess_log {folder}/access.log\n\
         cache deny all\ncoredump_dir {folder}\nvisible_hostname proxy.test\nshutdown_lifetime 1 second\n\
         auth_param basic program {} {folder}/users\nauth_param basic children 1\n\
         acl known proxy_auth REQUIRED\nacl CONNECT method CONNECT\nacl port port {allowed}\n\
         http_access deny !CONNECT\nhttp_access deny !port\nhttp_access allow known\nhttp_access deny all\n",
        server.port,
        program("SQUID_BASIC")
    );
    let file = server.file("squid.conf", &text);
    let mut run = server.command(&program("SQUID"));
    run.arg("-N").arg("-f").arg(file);
    server.start(&mut run);
    server
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs squid"]
async fn squid_lets_the_link_through() {
    let (mut peer, target) = (Peer::start().await, Target::start().await);
    let squid = start(None, peer.port(), "s3ntinel");
    let mut place = Place::new();
    place.variables = vec![("RIGHT".to_owned(), "s3ntinel".to_owned()), ("WRONG".to_owned(), "x".to_owned())];
    let proxy = |variable: &str| {
        format!(
            "proxy = \"http://127.0.0.1:{}\"\nproxy_user = \"gate\"\nproxy_password_env = \"{variable}\"\n{}",
            squid.port,
            target.setting("web", "")
        )
    };
    place.configure(&peer, &proxy("WRONG"));
    let refused = place.command(&["enroll", "--url", &peer.origin(), "--code", CODE]).await;
    assert!(String::from_utf8_lossy(&refused.stderr).contains("407"), "{refused:?}");
    place.configure(&peer, &proxy("RIGHT"));
    let joined = place.command(&["enroll", "--url", &peer.origin(), "--code", CODE]).await;
    assert!(joined.status.success(), "{joined:?}");
    let agent = place.run();
    let mut link = peer.link().await;
    assert_eq!(link.ask(Ask::get("/hello")).await.unwrap().1, b"hello");
    let access = || std::fs::read_to_string(squid.folder.join("access.log")).unwrap();
    assert!(
        access().contains("TCP_TUNNEL/200") && !access().contains(&target.address.port().to_string()),
        "{}",
        access()
    );
    // The proxy ends and comes back: so does the link.
    let port = squid.port;
    drop(squid);
    agent.says("the link is gone").await;
    let again = start(Some(port), peer.port(), "s3ntinel");
    let mut link = peer.link().await;
    assert_eq!(link.ask(Ask::get("/hello")).await.unwrap().1, b"hello");
    assert!(!agent.log().contains("s3ntinel"));
    drop(again);
}
