//! Who goes away: callers before the answer, and gateways.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use drawbridge_contract::endpoints::MakeWebhook;
use drawbridge_contract::types::webhooks::CreateWebhook;
use drawbridge_domain::gateway::{GatewayStatus, OFFLINE_TOLD_AFTER};
use drawbridge_domain::webhook::WebhookEvent;
use drawbridge_tests::fixtures::{ADMIN, Stack, User};
use drawbridge_tests::gateway::{becomes, through};
use drawbridge_tests::wait::until;
use rustix::net::sockopt::set_socket_linger;
use serde_json::Value;

use super::Site;

/// How soon a target must be left alone once nobody waits for its answer.
const MOMENT: Duration = Duration::from_secs(3);

/// A request whose answer is not waited for.
fn begun(user: &User, method: &str, path: &str) -> TcpStream {
    let host = user.origin().trim_start_matches("http://");
    let cookie = user.cookie().unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {}\r\nCookie: __Host-session={cookie}\r\n\
         Content-Type: text/plain\r\nContent-Length: {}\r\n\r\n{}",
        user.origin(),
        if method == "GET" { 0 } else { 4 },
        if method == "GET" { "" } else { "once" },
    )
    .unwrap();
    stream
}

#[test]
fn what_nobody_waits_for_any_more_ends_at_the_target() {
    let stack = Stack::start();
    let ada = stack.person(ADMIN).switched_to("First");
    let site = Site::new(&ada, stack.server.origin());
    for (method, path) in [("GET", "/held/1"), ("POST", "/held/2")] {
        let caller = begun(&ada, method, &through(&site.connection, path));
        until("the call to reach its target", MOMENT, || (site.target.asked(path) == 1).then_some(()));
        assert_eq!(site.target.went(path), 0);
        // As one goes whose connection breaks: of one that is closed in good order this runtime hears when it writes.
        set_socket_linger(&caller, Some(Duration::ZERO)).expect("an option of sockets");
        drop(caller);
        until("the call to end at its target", MOMENT, || (site.target.went(path) == 1).then_some(()));
        assert_eq!(site.target.asked(path), 1, "and it is not made again");
    }
    site.get(&ada, "/hello").with_status(200);
}

#[test]
fn a_webhook_hears_once_that_a_gateway_is_offline_and_that_it_is_back() {
    let stack = Stack::start();
    let ada = stack.person(ADMIN).switched_to("First");
    let events = vec![WebhookEvent::GatewayOffline, WebhookEvent::GatewayOnline];
    let url = format!("{}/hooks/gateways", stack.sandbox.origin());
    let made = ada.to::<MakeWebhook>().with(&CreateWebhook { name: "Desk".to_owned(), url, events }).good();
    stack.server.log().keep_out(&made.secret.expect("it is told once"));
    let told = || -> Vec<Value> {
        let told = stack.sandbox.control("GET", "hooks/gateways", &Value::Null);
        let bodies =
            told["messages"].as_array().unwrap().iter().map(|message| message["body"].as_str().unwrap());
        bodies.map(|body| serde_json::from_str(body).unwrap()).collect()
    };
    let kinds = || told().iter().map(|told| told["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let mut site = Site::new(&ada, stack.server.origin());
    // One that is back at once is no event.
    site.machine.kill();
    becomes(&ada, &site.gateway, GatewayStatus::Offline);
    site.machine.start();
    becomes(&ada, &site.gateway, GatewayStatus::Online);
    site.machine.kill();
    let began = Instant::now();
    until("the webhook to be told", Duration::from_mins(2), || (!told().is_empty()).then_some(()));
    let least = Duration::from_millis(u64::try_from(OFFLINE_TOLD_AFTER).unwrap());
    assert!(began.elapsed() >= least, "{:?}", began.elapsed());
    site.machine.start();
    until("the webhook to be told more", Duration::from_mins(1), || (told().len() > 1).then_some(()));
    assert_eq!(kinds(), ["gateway.offline", "gateway.online"]);
    let told = told();
    assert_eq!(told[0]["data"]["gateway"]["id"], site.gateway.to_string());
    assert_eq!(told[1]["data"]["status"], "online");
}
