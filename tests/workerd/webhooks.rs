//! Messages to webhooks on the real runtime: out of the batch of their cause, to a receiver over HTTP that verifies
//! them with the library of Standard Webhooks.

use std::sync::Barrier;
use std::time::Duration;

use drawbridge_contract::endpoints::{
    DeleteConnection, DeleteWebhook, InviteToTenant, ListWebhookDeliveries, MakeWebhook, ReadWebhook,
    Redeliver, RotateWebhookSecret, RunOperation, TestWebhook,
};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::people::InviteUser;
use drawbridge_contract::types::uses::{OperationCall, OperationPath};
use drawbridge_contract::types::webhooks::{
    CreateWebhook, Webhook, WebhookDelivery, WebhookDeliveryPath, WebhookPath,
};
use drawbridge_domain::id::WebhookId;
use drawbridge_domain::role::Role;
use drawbridge_domain::webhook::{DeliveryState, WebhookEvent};
use drawbridge_tests::fixtures::{Desk, Stack, User, shared};
use drawbridge_tests::provider::Visitor;
use drawbridge_tests::sandbox::Sandbox;
use drawbridge_tests::server::Server;
use drawbridge_tests::wait;
use serde_json::{Value, json};

const SOON: Duration = Duration::from_secs(20);

/// A receiver at the sandbox and a webhook that tells it of everything.
struct Receiver<'a> {
    sandbox: &'a Sandbox,
    name: &'static str,
    webhook: Webhook,
    secret: String,
}

impl<'a> Receiver<'a> {
    fn new(sandbox: &'a Sandbox, server: &Server, user: &User, name: &'static str) -> Self {
        let url = format!("{}/hooks/{name}", sandbox.origin());
        let body = CreateWebhook { name: name.to_owned(), url, events: WebhookEvent::ALL.to_vec() };
        let made = user.to::<MakeWebhook>().with(&body).good();
        let secret = made.secret.unwrap();
        server.log().keep_out(&secret);
        let receiver = Self { sandbox, name, webhook: made.webhook, secret };
        receiver.knows(&[&receiver.secret]);
        receiver
    }

    /// The receiver refuses from now on what none of these signed.
    fn knows(&self, secrets: &[&str]) {
        self.sandbox.control("PUT", &format!("hooks/{}", self.name), &json!({ "secrets": secrets }));
    }

    /// What it was sent.
    fn messages(&self) -> Vec<Value> {
        let told = self.sandbox.control("GET", &format!("hooks/{}", self.name), &Value::Null);
        told["messages"].as_array().unwrap().clone()
    }

    /// The ids of the messages in the order of their arrival.
    fn ids(&self) -> Vec<String> {
        let id = |message: &Value| message["headers"]["webhook-id"].as_str().unwrap().to_owned();
        self.messages().iter().map(id).collect()
    }

    fn fails(&self, mut switch: Value) -> Value {
        switch["target"] = json!("hook");
        switch["path"] = json!(format!("/hooks/{}", self.name));
        self.sandbox.switch(&switch)
    }

    fn at(&self) -> WebhookPath {
        WebhookPath { webhook: self.webhook.id.clone() }
    }

    fn deliveries(&self, user: &User) -> Vec<WebhookDelivery> {
        user.to::<ListWebhookDeliveries>().at(self.at()).good().items
    }

    fn test(&self, user: &User) -> WebhookDelivery {
        user.to::<TestWebhook>().at(self.at()).good()
    }
}

fn invite(user: &User, email: &str) {
    let body = InviteUser {
        email: email.to_owned(),
        first_name: "Grace".to_owned(),
        last_name: "Hopper".to_owned(),
        role: Role::Designer,
    };
    user.to::<InviteToTenant>().with(&body).good();
}

/// The run of every five minutes.
#[track_caller]
fn run(server: &Server) {
    server.run_schedule("?cron=*/5+*+*+*+*");
}

#[test]
fn an_event_arrives_signed_as_soon_as_its_cause_is_done() {
    let stack = shared();
    let user = stack.tenant("Told at once");
    let desk = Receiver::new(&stack.sandbox, &stack.server, &user, "at-once");
    invite(&user, "grace@example.net");
    let delivery = wait::until("the delivery", SOON, || {
        desk.deliveries(&user).pop().filter(|one| one.state == DeliveryState::Delivered)
    });
    let messages = desk.messages();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0]["verified"], json!([true]));
    assert_eq!(messages[0]["body"], json!(delivery.body));
    assert_eq!(desk.ids().first(), Some(&delivery.message));
    assert_eq!(delivery.attempts[0].status, Some(200));
    assert!(delivery.attempts[0].answer.contains(&delivery.message), "the answer is kept: {delivery:?}");
    let told: Value = serde_json::from_str(&delivery.body).unwrap();
    assert_eq!(
        (&told["type"], &told["data"]["user"]["name"]),
        (&json!("user.invited"), &json!("Grace Hopper"))
    );

    // During a rotation a receiver that knows either secret is content; then one that knows the new one.
    let rotated = user.to::<RotateWebhookSecret>().at(desk.at()).good();
    let new = rotated.secret.unwrap();
    stack.server.log().keep_out(&new);
    desk.knows(&[&desk.secret, &new]);
    assert_eq!(desk.test(&user).state, DeliveryState::Delivered);
    assert_eq!(desk.messages()[1]["verified"], json!([true, true]));
    // Twice rotated, the first secret has ended.
    let newest = user.to::<RotateWebhookSecret>().at(desk.at()).good().secret.unwrap();
    stack.server.log().keep_out(&newest);
    assert_eq!(desk.test(&user).state, DeliveryState::Delivered);
    assert_eq!(desk.messages()[2]["verified"], json!([false, true]));
    desk.knows(&[&desk.secret]);
    let refused = desk.test(&user);
    assert_eq!((refused.state, refused.attempts[0].status), (DeliveryState::Failed, Some(401)));
}

#[test]
fn the_life_of_a_connection_is_told_wherever_it_turns() {
    let stack = shared();
    let desk = stack.desk("Told of a life");
    let receiver = Receiver::new(&stack.sandbox, &stack.server, &desk.user, "life");
    let connection = desk.connected("Told of", "ada");
    let told = |number: usize| {
        let messages = wait::until("the message", SOON, || {
            Some(receiver.messages()).filter(|messages| messages.len() >= number)
        });
        assert_eq!(messages.len(), number, "{messages:?}");
        assert_eq!(messages[number - 1]["verified"], json!([true]));
        let body: Value = serde_json::from_str(messages[number - 1]["body"].as_str().unwrap()).unwrap();
        assert_eq!(body["data"]["connection"]["id"], json!(connection.summary.id));
        (body["type"].clone(), body["data"]["reason"].clone())
    };
    // The connection's keeper finds out, when a use needs a new token.
    desk.switch(json!({ "kind": "revoked_grant" }));
    let path =
        OperationPath { connection: connection.summary.id.clone(), operation: "list-contacts".to_owned() };
    desk.user.to::<RunOperation>().at(path).with(&OperationCall::default()).send();
    assert_eq!(told(1), (json!("connection.invalid"), json!("grant_revoked")));
    // Somebody who signs in at the provider, in a navigation of the browser.
    desk.sign_in(&connection, &mut Visitor::new("ada")).with_status(200);
    assert_eq!(told(2).0, json!("connection.recovered"));
    desk.user.to::<DeleteConnection>().at(Desk::at(&connection)).good();
    assert_eq!(told(3).0, json!("connection.deleted"));
}

#[test]
fn slow_huge_and_redirecting_receivers_do_no_harm() {
    let stack = shared();
    let user = stack.tenant("Bad receivers");
    let desk = Receiver::new(&stack.sandbox, &stack.server, &user, "bad");
    let elsewhere = Receiver::new(&stack.sandbox, &stack.server, &user, "elsewhere");
    for switch in [json!({ "kind": "huge_body" }), json!({ "kind": "drip" })] {
        let switch = desk.fails(switch);
        let delivery = desk.test(&user);
        stack.sandbox.switch_off(&switch);
        assert_eq!(delivery.state, DeliveryState::Delivered, "it said 200: {delivery:?}");
        let kept = delivery.attempts[0].answer.chars().count();
        assert!((1..=300).contains(&kept), "{kept}");
        assert!(delivery.attempts[0].milliseconds < 10_000, "its words are not waited for: {delivery:?}");
    }
    let switch = desk.fails(json!({ "kind": "close" }));
    let broken = desk.test(&user);
    stack.sandbox.switch_off(&switch);
    assert_eq!(broken.state, DeliveryState::Failed);
    assert_eq!(broken.attempts[0].fault.as_deref(), Some("The endpoint could not be reached."));
    let switch = desk.fails(json!({ "kind": "redirect", "status": 307, "location": "/hooks/elsewhere" }));
    let sent_on = desk.test(&user);
    stack.sandbox.switch_off(&switch);
    assert_eq!((sent_on.state, sent_on.attempts[0].status), (DeliveryState::Failed, Some(307)));
    assert!(elsewhere.messages().is_empty(), "no redirect is followed");
}

#[test]
fn only_public_addresses_and_the_sandbox_are_told() {
    let stack = shared();
    let user = stack.tenant("Told inward");
    let port = stack.sandbox.origin().rsplit(':').next().unwrap().to_owned();
    for url in [
        format!("http://127.0.0.1:{port}/hooks/x"),
        format!("https://localhost:{port}/hooks/x"),
        format!("http://me@localhost:{port}/hooks/x"),
        format!("http://localhost:{port}@127.0.0.1/hooks/x"),
        format!("http://localhost.:{port}/hooks/x"),
        stack.server.origin().to_owned(),
        "http://hooks.example.net/x".to_owned(),
        "https://169.254.169.254/x".to_owned(),
        "https://2130706433/x".to_owned(),
        "https://[::1]/x".to_owned(),
        "https://１２７.0.0.1/x".to_owned(),
        "https://127。0。0。1/x".to_owned(),
        "https://ⓛocalhost/x".to_owned(),
        "https://hooks\u{ad}.localhost/x".to_owned(),
    ] {
        let body = CreateWebhook { name: "Inward".to_owned(), url, events: vec![WebhookEvent::UserInvited] };
        let problem = user.to::<MakeWebhook>().with(&body).refused(ProblemCode::InvalidFields);
        assert_eq!(
            (problem.fields[0].path.as_str(), problem.fields[0].code.as_str()),
            ("url", "not_public"),
            "{body:?}"
        );
    }
}

#[test]
fn an_address_in_letters_of_another_script_is_kept_as_it_is_called() {
    let user = shared().tenant("Told in letters");
    for (url, called) in [
        ("https://Bücher.example.net/ü?ü", "https://xn--bcher-kva.example.net/%C3%BC?%C3%BC"),
        ("https://例え。example.net/x", "https://xn--r8jz45g.example.net/x"),
        ("https://xn--bcher-kva.example.net/A", "https://xn--bcher-kva.example.net/A"),
    ] {
        let (name, events) = ("Letters".to_owned(), vec![WebhookEvent::UserInvited]);
        let body = CreateWebhook { name, url: url.to_owned(), events };
        assert_eq!(user.to::<MakeWebhook>().with(&body).good().webhook.url, called);
    }
}

#[test]
fn what_fails_or_is_cut_off_is_delivered_later_under_one_id() {
    let Stack { server, sandbox } = Stack::start();
    let user = User::sign_in(&server, drawbridge_tests::fixtures::ADMIN).in_new_tenant("Retries");
    let desk = Receiver::new(&sandbox, &server, &user, "later");
    desk.fails(json!({ "kind": "status", "status": 500, "times": 1 }));
    invite(&user, "one@example.net");
    let failed = wait::until("the first attempt", SOON, || {
        desk.deliveries(&user).pop().filter(|one| one.attempts.len() == 1)
    });
    assert_eq!((failed.state, failed.attempts[0].status), (DeliveryState::Pending, Some(500)));
    assert!(failed.next_at.is_some());
    assert!(user.to::<ReadWebhook>().at(desk.at()).good().failing_since.is_some());
    run(&server);
    assert_eq!(desk.ids().len(), 1, "not before its time");

    // The machine loses its power while the receiver has the next message and does not answer.
    let hangs = desk.fails(json!({ "kind": "timeout" }));
    invite(&user, "two@example.net");
    wait::until("the second message", SOON, || (desk.ids().len() == 2).then_some(()));
    let log = std::sync::Arc::clone(server.log());
    let server = Server::start(server.kill());
    sandbox.switch_off(&hangs);
    let user = user.afresh();
    run(&server);
    assert_eq!(desk.ids().len(), 2, "the lease stands");
    let (server, ()) = server.with_database(|database| {
        let waiting =
            "UPDATE webhook_deliveries SET next_at = 1 WHERE state = 'pending' AND next_at IS NOT NULL";
        assert_eq!(database.run(waiting, []), 2);
        database.run("UPDATE webhooks SET quiet_until = 1", []);
    });
    let user = user.afresh();

    // Several runs at the same moment deliver each message once.
    let barrier = Barrier::new(4);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                barrier.wait();
                run(&server);
            });
        }
    });
    let mut ids = desk.ids();
    assert_eq!(ids.len(), 4, "{ids:?}");
    ids.sort();
    assert!(ids[0] == ids[1] && ids[1] != ids[2] && ids[2] == ids[3], "each twice, under its id: {ids:?}");
    assert!(desk.messages().iter().all(|message| message["verified"] == json!([true])));
    let all = desk.deliveries(&user);
    assert!(all.iter().all(|one| one.state == DeliveryState::Delivered && one.next_at.is_none()), "{all:?}");
    let numbers =
        |one: &WebhookDelivery| one.attempts.iter().map(|attempt| attempt.number).collect::<Vec<_>>();
    assert_eq!(
        (numbers(&all[1]), numbers(&all[0])),
        (vec![1, 2], vec![2]),
        "the one that was cut off has no end"
    );
    assert!(user.to::<ReadWebhook>().at(desk.at()).good().failing_since.is_none());

    // By hand, under the same id.
    let path = WebhookDeliveryPath { webhook: desk.webhook.id.clone(), delivery: all[0].id.clone() };
    let again = user.to::<Redeliver>().at(path.clone()).good();
    assert_eq!((again.state, &again.message), (DeliveryState::Delivered, &all[0].message));
    assert_eq!(desk.ids().last(), Some(&all[0].message));

    // One that is deleted while it is told something is gone, and what comes of the attempt disturbs nobody.
    let hangs = desk.fails(json!({ "kind": "delay", "delayMs": 1500 }));
    std::thread::scope(|scope| {
        let telling = scope.spawn(|| user.to::<Redeliver>().at(path.clone()).send());
        wait::until("the message", SOON, || (desk.ids().len() == 6).then_some(()));
        user.to::<DeleteWebhook>().at(desk.at()).good();
        telling.join().unwrap().problem(ProblemCode::NotFound);
    });
    sandbox.switch_off(&hangs);
    user.to::<ReadWebhook>().at(desk.at()).refused(ProblemCode::NotFound);
    let options = server.stop();
    let database = drawbridge_tests::database::Database::open(options.state.path());
    for table in ["webhooks", "webhook_deliveries", "webhook_attempts"] {
        assert_eq!(database.number(&format!("SELECT COUNT(*) FROM {table}"), []), 0, "{table}");
    }
    drawbridge_tests::audit::verify(&database);
    assert!(!database.dump().contains(&desk.secret), "the secret is sealed");
    log.holds_no_secret();
}

#[test]
fn another_tenants_webhook_is_told_nothing_and_found_by_nobody() {
    let stack = shared();
    let (one, other) = (stack.tenant("Told"), stack.tenant("Not told"));
    let desk = Receiver::new(&stack.sandbox, &stack.server, &one, "theirs");
    let own = Receiver::new(&stack.sandbox, &stack.server, &other, "own");
    invite(&other, "stranger@example.net");
    wait::until("the own message", SOON, || (own.messages().len() == 1).then_some(()));
    assert!(desk.messages().is_empty());
    let theirs: WebhookId = desk.webhook.id.clone();
    other.to::<TestWebhook>().at(WebhookPath { webhook: theirs.clone() }).refused(ProblemCode::NotFound);
    other.to::<RotateWebhookSecret>().at(WebhookPath { webhook: theirs }).refused(ProblemCode::NotFound);
    assert!(desk.messages().is_empty());
}
