use std::sync::atomic::Ordering;

use drawbridge_contract::link::frame::Frame;
use drawbridge_contract::link::{Cancelled, FailureCode, Fate, WINDOW};

use crate::agent::{Agent, Place};
use crate::peer::{Ask, Link, Peer, Said};
use crate::soon;
use crate::target::{Fickle, Target};

async fn linked(more: &str) -> (Peer, Target, Place, Agent, Link) {
    let (mut peer, target) = (Peer::start().await, Target::start().await);
    let place = Place::joined(&peer, &format!("{}{more}", target.setting("web", ""))).await;
    let agent = place.run();
    let link = peer.link().await;
    (peer, target, place, agent, link)
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_stream_both_ways_without_being_held() {
    let (_peer, _target, _place, agent, mut link) = linked("").await;
    let before = agent.peak_memory();
    let body: Vec<u8> = (0..48 * 1024 * 1024_u32).map(|at| (at % 251) as u8).collect();
    let (head, came) = link.ask(Ask::with("POST", "/echo", body.clone())).await.unwrap();
    assert_eq!(head.status, 200);
    assert!(came == body, "the body came back changed");
    let grown = agent.peak_memory() - before;
    assert!(grown < 16 * 1024, "the agent grew by {grown} KiB");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_calls_at_a_time_do_not_mix() {
    let (_peer, target, _place, _agent, mut link) = linked("").await;
    let asks: Vec<Ask> = (0..60_usize)
        .map(|at| Ask::with("PUT", "/echo", vec![u8::try_from(at).unwrap(); at * 5000 + 1]))
        .collect();
    for (at, outcome) in link.ask_all(asks).await.into_iter().enumerate() {
        let (_, body) = outcome.unwrap();
        assert!(body.len() == at * 5000 + 1 && body.iter().all(|byte| usize::from(*byte) == at));
    }
    let connections = target.connections.load(Ordering::SeqCst);
    for _ in 0..20 {
        link.ask(Ask::get("/hello")).await.unwrap();
    }
    assert_eq!(target.connections.load(Ordering::SeqCst), connections, "connections are used again");
    assert!(link.wholes >= 20, "small answers come in one frame");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_unknown_length_goes_through() {
    let (_peer, _target, _place, _agent, mut link) = linked("").await;
    let mut ask = Ask::with("POST", "/echo", b"chunk by chunk".to_vec());
    ask.http.length = None;
    assert_eq!(link.ask(ask).await.unwrap().1, b"chunk by chunk");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_stalls_its_own_call_only() {
    let (_peer, _target, _place, _agent, mut link) = linked("").await;
    let slow = link.open(&Ask::get("/big")).await;
    link.send_call(Frame::End(slow)).await;
    let mut held = 0;
    while held < WINDOW as usize {
        match link.word().await {
            Said::Answer(id, _) => assert_eq!(id, slow),
            Said::Data(id, bytes) if id == slow => held += bytes.len(),
            other => panic!("{other:?}"),
        }
    }
    // Its window is full and nobody gives credit. Others go on.
    for _ in 0..3 {
        assert_eq!(link.ask(Ask::get("/hello")).await.unwrap().1, b"hello");
    }
    let credit = link.calls.passed_on(slow, held).unwrap();
    link.send_call(Frame::Credit(slow, credit)).await;
    assert!(matches!(link.word().await, Said::Data(id, _) if id == slow));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_configured_is_reached() {
    let sql = "[[target]]\nname = \"SQL01\"\nkind = \"postgres\"\nhost = \"127.0.0.1\"\nport = 1\ndatabase = \"d\"\n";
    let (peer, target, place, agent, mut link) = linked(sql).await;
    let more = target.setting("narrow", "paths = [\"/v1/*\"]");
    place.configure(&peer, &format!("{}{sql}{more}", target.setting("web", "")));
    agent.says("configuration read again").await;
    let before = target.came();
    let cases = [
        (Ask::get("/hello").of("other"), FailureCode::TargetNotAllowed),
        (Ask::get("/hello").of("WEB"), FailureCode::TargetNotAllowed),
        (Ask::get("/hello").of("web\u{0}"), FailureCode::TargetNotAllowed),
        (Ask::get("/hello").of("SQL01"), FailureCode::KindNotSupported),
        (Ask::get("/hello").of("narrow"), FailureCode::PathNotAllowed),
        (Ask::get("/v1/../hello").of("narrow"), FailureCode::PathNotAllowed),
        (Ask::get("/v1/%2e%2e/hello").of("narrow"), FailureCode::PathNotAllowed),
        (Ask::get("http://127.0.0.1/hello"), FailureCode::PathNotAllowed),
        (Ask::get("//127.0.0.1/../x"), FailureCode::PathNotAllowed),
        (Ask::get("/a b"), FailureCode::PathNotAllowed),
        (Ask::with("CONNECT", "/hello", Vec::new()), FailureCode::NotUnderstood),
        (Ask::with("GE T", "/hello", Vec::new()), FailureCode::NotUnderstood),
        (Ask::get("/hello").header("x\r\ny", "1"), FailureCode::NotUnderstood),
        (Ask::get("/hello").header("x", "1\r\nHost: evil"), FailureCode::NotUnderstood),
    ];
    for (ask, code) in cases {
        let what = format!("{} {} {}", ask.target, ask.http.method, ask.http.path);
        let failure = link.ask(ask).await.unwrap_err();
        assert_eq!((failure.code, failure.reached), (code, false), "{what}");
    }
    assert_eq!(target.came(), before, "none of them reached the target");
    assert_eq!(link.ask(Ask::get("/v1/hello").of("narrow")).await.unwrap().1, b"hello");
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_are_told_and_not_followed() {
    let (_peer, target, _place, _agent, mut link) = linked("").await;
    let (head, _) = link.ask(Ask::get("/elsewhere")).await.unwrap();
    assert_eq!(head.status, 302);
    assert!(head.headers.contains(&("location".to_owned(), "http://127.0.0.1:1/secret".to_owned())));
    assert_eq!(target.came(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_of_the_connection_are_the_agents_own() {
    let (_peer, target, _place, _agent, mut link) = linked("").await;
    let ask = Ask::get("/headers")
        .header("accept", "application/json")
        .header("host", "evil")
        .header("transfer-encoding", "chunked")
        .header("content-length", "99")
        .header("connection", "close, X-Hop")
        .header("x-hop", "hopped")
        .header("proxy-authorization", "Basic x")
        .header("X-Original-URL", "/admin")
        .header("x-rewrite-url", "/admin");
    let said = String::from_utf8(link.ask(ask).await.unwrap().1).unwrap();
    assert!(said.contains("accept: application/json\n"), "{said}");
    let host = format!("host: {}\n", target.address);
    assert!(said.contains(&host), "{said}");
    // The port may have any digits.
    let said = said.replace(&host, "");
    for word in ["evil", "chunked", "99", "close", "proxy", "hopped", "admin"] {
        assert!(!said.contains(word), "{word} in {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_stay_on_the_machine_and_out_of_the_log() {
    let (mut peer, target) = (Peer::start().await, Target::start().await);
    let more = "auth = \"basic\"\nuser = \"svc\"\npassword_env = \"PASSWORD\"";
    let wrong = "auth = \"basic\"\nuser = \"svc\"\npassword_env = \"WRONG\"";
    let none = "auth = \"bearer\"\ntoken_file = \"/nowhere/token\"";
    let settings =
        [target.setting("login", more), target.setting("wrong", wrong), target.setting("none", none)];
    let mut place = Place::joined(&peer, &settings.concat()).await;
    place.variables =
        vec![("PASSWORD".to_owned(), "s3ntinel".to_owned()), ("WRONG".to_owned(), "wr0ng".to_owned())];
    let agent = place.run();
    let mut link = peer.link().await;
    let ask = Ask::get("/login").of("login").header("authorization", "Basic theirs");
    assert_eq!(link.ask(ask).await.unwrap().0.status, 200, "the machine's login counts, not the caller's");
    let failure = link.ask(Ask::get("/login").of("none")).await.unwrap_err();
    assert_eq!((failure.code, failure.reached), (FailureCode::CredentialsMissing, false));
    assert_eq!(link.ask(Ask::get("/login").of("wrong")).await.unwrap().0.status, 401);
    // The gateway is fine, this target refuses the login.
    let refused = |link: &Link| {
        let target = link.reported.as_ref().map(|report| report.targets[1].clone());
        target.is_some_and(|target| target.name == "wrong" && target.reason == Some(FailureCode::TargetLogin))
    };
    while !refused(&link) {
        link.next().await;
    }
    let shown = [place.command(&["diagnose"]).await.stdout, place.command(&["targets", "list"]).await.stdout]
        .concat();
    let said = format!("{}{}", agent.log(), String::from_utf8_lossy(&shown));
    let key = std::fs::read_to_string(place.key()).unwrap();
    let key: serde_json::Value = serde_json::from_str(&key).unwrap();
    for secret in ["s3ntinel", "wr0ng", "c3ZjOnMzbnRpbmVs", "theirs", key["key"].as_str().unwrap()] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_is_away_is_told_and_was_not_reached() {
    let away = "[[target]]\nname = \"away\"\nkind = \"http\"\nurl = \"http://127.0.0.1:1\"\n\
        [[target]]\nname = \"nowhere\"\nkind = \"http\"\nurl = \"http://nowhere.invalid\"\n";
    let (_peer, target, _place, _agent, mut link) = linked(away).await;
    let failure = link.ask(Ask::get("/").of("away")).await.unwrap_err();
    assert_eq!((failure.code, failure.reached), (FailureCode::TargetUnreachable, false));
    let failure = link.ask(Ask::get("/").of("nowhere")).await.unwrap_err();
    assert_eq!((failure.code, failure.reached), (FailureCode::TargetNameUnknown, false));
    assert_eq!(target.came(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_ends_a_call_and_lets_go_of_the_target() {
    let (_peer, target, _place, _agent, mut link) = linked("").await;
    let mut ask = Ask::get("/gate");
    ask.deadline = 200;
    let failure = link.ask(ask).await.unwrap_err();
    assert_eq!((failure.code, failure.reached), (FailureCode::Deadline, true));
    let_go(&target).await;
    assert_eq!(link.ask(Ask::get("/hello")).await.unwrap().1, b"hello", "the link stands");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_call_lets_go_of_the_target() {
    let (_peer, target, _place, agent, mut link) = linked("").await;
    let id = link.open(&Ask::get("/gate")).await;
    soon("the request", async {
        while target.waiting.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    })
    .await;
    assert_eq!(link.send_call(Frame::Cancel(id, Cancelled::CallerGone)).await, Fate::Last);
    let_go(&target).await;
    agent.says("call cancelled").await;
    assert_eq!(link.ask(Ask::get("/hello")).await.unwrap().1, b"hello");
}

async fn let_go(target: &Target) {
    soon("the end of the request", async {
        while target.waiting.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_may_come_before_the_body_is_whole() {
    let (_peer, _target, _place, _agent, mut link) = linked("").await;
    let (head, _) = link.ask(Ask::with("POST", "/early", vec![0; 8 * 1024 * 1024])).await.unwrap();
    assert_eq!(head.status, 413);
    assert_eq!(link.ask(Ask::get("/hello")).await.unwrap().1, b"hello");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_whose_last_question_may_not_have_been_read_takes_no_other() {
    let (_peer, target, _place, _agent, mut link) = linked("").await;
    for _ in 0..20 {
        let (head, _) = link.ask(Ask::with("POST", "/early", vec![0; 5000])).await.unwrap();
        assert_eq!(head.status, 413);
        let connections = target.connections.load(Ordering::SeqCst);
        assert_eq!(link.ask(Ask::with("PUT", "/echo", b"again".to_vec())).await.unwrap().1, b"again");
        assert_eq!(target.connections.load(Ordering::SeqCst), connections + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_under_its_second_question_costs_only_what_may_have_arrived() {
    let (mut peer, target) = (Peer::start().await, Fickle::start().await);
    let place = Place::joined(&peer, &target.setting("fickle")).await;
    let _agent = place.run();
    let mut link = peer.link().await;
    for _ in 0..20 {
        // The first keeps the connection, the second finds it broken and is asked once more over another, which stays.
        for _ in 0..2 {
            assert_eq!(link.ask(Ask::get("/").of("fickle")).await.unwrap().1, b"once");
        }
        let came = target.came.load(Ordering::SeqCst);
        let failure = link.ask(Ask::with("PUT", "/", vec![1; 3000]).of("fickle")).await.unwrap_err();
        assert_eq!((failure.code, failure.reached), (FailureCode::TargetBroke, true));
        assert_eq!(target.came.load(Ordering::SeqCst), came + 1, "what may have been done is not done twice");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_not_as_long_as_it_said_fails() {
    let (_peer, _target, _place, _agent, mut link) = linked("").await;
    for length in [3, 300] {
        let mut ask = Ask::with("POST", "/echo", vec![1; 30]);
        ask.http.length = Some(length);
        if length == 3 {
            // What comes on top goes nowhere.
            assert!(link.ask(ask).await.map_or(true, |(_, body)| body.len() <= 3));
        } else {
            let failure = link.ask(ask).await.unwrap_err();
            assert!(failure.reached, "{failure:?}");
        }
    }
    assert_eq!(link.ask(Ask::get("/hello")).await.unwrap().1, b"hello");
}
