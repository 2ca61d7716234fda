//! Creating calls that are sent twice.

use drawbridge_contract::endpoints::{
    ListConnections, ListTenants, MakeConnection, MakeTenant, RegisterOAuthClient,
};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::SecretText;
use drawbridge_contract::types::connections::Connection;
use drawbridge_contract::types::oauth_clients::CreateOAuthClient;
use drawbridge_contract::types::tenants::CreateTenant;
use drawbridge_tests::answer::Answered;
use drawbridge_tests::fixtures::{by_key, shared};

fn at_once(send: impl Fn() -> Answered + Sync) -> Vec<Answered> {
    let barrier = std::sync::Barrier::new(6);
    std::thread::scope(|scope| {
        let run = || {
            barrier.wait();
            send()
        };
        let threads: Vec<_> = (0..6).map(|_| scope.spawn(run)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn identical_creates_at_the_same_moment_make_one_connection() {
    let stack = shared();
    let user = stack.tenant("Twice");
    let body = by_key("Only one", "sandbox-key-ada");
    let send = || user.to::<MakeConnection>().with(&body).key("the-same-key").send();
    let mut answers = at_once(send);
    answers.push(send());
    let made: Connection = answers[0].read();
    for answer in &answers {
        let answer = answer.clone().with_status(201);
        assert_eq!(answer.read::<Connection>(), made, "everybody is answered alike");
        assert_eq!(answer.header("etag"), answers[0].header("etag"));
    }
    let first = answers.iter().filter(|answer| answer.header("idempotent-replayed").is_none()).count();
    assert_eq!(first, 1, "one made it, the others were told");
    assert_eq!(user.to::<ListConnections>().good().items.len(), 1);
}

#[test]
fn a_key_belongs_to_one_content_one_call_and_one_person() {
    let stack = shared();
    let user = stack.tenant("Keys");
    let make = |name: &str| user.to::<MakeConnection>().with(&by_key(name, "sandbox-key-ada")).key("a-key");
    let first = make("First").good();
    let problem = make("Second").refused(ProblemCode::IdempotencyMismatch);
    assert!(problem.detail.contains("another Idempotency-Key"), "{problem:?}");
    user.to::<MakeTenant>()
        .with(&CreateTenant { name: "First".to_owned() })
        .key("a-key")
        .refused(ProblemCode::IdempotencyMismatch);
    let elsewhere = stack.tenant("Keys elsewhere");
    let theirs =
        elsewhere.to::<MakeConnection>().with(&by_key("First", "sandbox-key-ada")).key("a-key").good();
    assert_ne!(theirs.summary.id, first.summary.id, "another tenant's keys are others");
    for bad in ["with blank", "ü", &"k".repeat(256)] {
        let answer =
            user.to::<MakeConnection>().with(&by_key("Third", "sandbox-key-ada")).key(bad).raw().try_send();
        answer.unwrap().problem(ProblemCode::BadRequest);
    }
    assert_eq!(user.to::<ListConnections>().good().items.len(), 1);
}

#[test]
fn tenants_and_clients_are_made_once_too() {
    let stack = shared();
    let user = stack.tenant("Once");
    let tenant = CreateTenant { name: "Made once only".to_owned() };
    for answer in at_once(|| user.to::<MakeTenant>().with(&tenant).key("tenant").send()) {
        answer.with_status(201);
    }
    let tenants = user.to::<ListTenants>().good().items;
    assert_eq!(tenants.iter().filter(|made| made.name == tenant.name).count(), 1);
    let client = CreateOAuthClient {
        connector: "sandbox-crm".to_owned(),
        name: "Once".to_owned(),
        client_id: "once".to_owned(),
        client_secret: SecretText::new("a-secret-sent-twice".to_owned()),
    };
    stack.server.log().keep_out("a-secret-sent-twice");
    let ids: std::collections::BTreeSet<String> =
        at_once(|| user.to::<RegisterOAuthClient>().with(&client).key("client").send())
            .into_iter()
            .map(|answer| answer.with_status(201).json()["id"].to_string())
            .collect();
    assert_eq!(ids.len(), 1);
}

#[test]
fn a_refusal_is_not_remembered() {
    let stack = shared();
    let user = stack.tenant("Again");
    let wrong = by_key("Again", "sandbox-key-nobody");
    user.to::<MakeConnection>().with(&wrong).key("retry").refused(ProblemCode::CredentialsRefused);
    user.to::<MakeConnection>().with(&by_key("Again", "sandbox-key-ada")).key("retry").good();
}
