use std::fs;

use drawbridge_contract::link::Refusal;

use crate::agent::Place;
use crate::peer::{Ask, CODE, Peer, Said};
use crate::target::Target;

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_joins_with_a_code_once_and_carries_a_call() {
    let (mut peer, target) = (Peer::start().await, Target::start().await);
    let place = Place::new();
    place.configure(&peer, &target.setting("web", ""));
    let wrong = place.command(&["enroll", "--url", &peer.origin(), "--code", "0000-0000-0000"]).await;
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(!wrong.status.success() && said.contains("There is no such code."), "{said}");
    assert!(!place.key().exists());

    let right = place.command(&["enroll", "--url", &peer.origin(), "--code", &CODE.to_lowercase()]).await;
    assert!(right.status.success(), "{right:?}");
    assert!(String::from_utf8_lossy(&right.stdout).contains("“Berlin” of “Acme”"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(place.key()).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(place.folder.join("state")).unwrap().permissions().mode() & 0o777, 0o700);
    }
    let again = place.command(&["enroll", "--url", &peer.origin(), "--code", CODE]).await;
    assert!(String::from_utf8_lossy(&again.stderr).contains("already"), "{again:?}");

    let agent = place.run();
    let mut link = peer.link().await;
    assert_eq!(link.hello().version, env!("CARGO_PKG_VERSION"));
    let Said::Report(report) = link.next().await else { panic!("no report") };
    assert_eq!(report.targets[0].name, "web");
    let (head, body) = link.ask(Ask::get("/hello")).await.unwrap();
    assert_eq!((head.status, body.as_slice()), (200, b"hello".as_slice()));
    agent.says("request=req_00000000030000000000000000").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_configuration_a_first_one_is_written_and_taken_away_when_nothing_came_of_it() {
    let peer = Peer::start().await;
    let place = Place::new();
    let wrong = place.command(&["enroll", "--url", "https://127.0.0.1:1", "--code", CODE]).await;
    assert!(!wrong.status.success());
    assert!(!place.file().exists());
    let wrong = place.command(&["enroll", "--url", "http://drawbridge.example.org", "--code", CODE]).await;
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("https://"), "{wrong:?}");
    drop(peer);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_without_a_key_says_so_as_operators_know_it() {
    let peer = Peer::start().await;
    let place = Place::new();
    place.configure(&peer, "");
    let output = place.command(&["run"]).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("Error occurred during execution of method OnGetTokenAsync"), "{said}");
    assert!(said.contains("Value cannot be null. (Parameter 'sharedAccessSignature')"), "{said}");
    assert_eq!(peer.dials(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_whose_gateway_is_gone_says_so_stops_dialling_and_goes_on_once_enrolled() {
    let mut peer = Peer::start().await;
    let place = Place::joined(&peer, "").await;
    let key = fs::read(place.key()).unwrap();
    let keys = std::mem::take(&mut peer.known.lock().unwrap().keys);
    let agent = place.run();
    agent.says("Value cannot be null. (Parameter 'sharedAccessSignature')").await;
    for words in [
        "Error occurred during the execution of method SetTokenStatusAsync",
        "Failed to set token status - Unauthorized: Unauthorized",
        "Error occurred during execution of method OnGetTokenAsync",
        "drawbridge-gateway enroll",
    ] {
        agent.says(words).await;
    }
    assert_eq!(peer.dials(), 1, "it does not hammer");
    // The operator enrols the machine anew: the file changes.
    peer.known.lock().unwrap().keys = keys;
    fs::write(place.key(), [key.as_slice(), b"\n"].concat()).unwrap();
    drop(peer.link().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_for_another_server_is_worth_nothing() {
    let peer = Peer::start().await;
    let place = Place::joined(&peer, "").await;
    peer.known.lock().unwrap().origin = Some("https://drawbridge.example.org".to_owned());
    let agent = place.run();
    agent.says("Unauthorized").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_told_with_what_to_do() {
    let peer = Peer::start().await;
    let place = Place::joined(&peer, "").await;
    peer.known.lock().unwrap().refuse = Some(Refusal::TooOld);
    place.run().says("update this agent").await;
    peer.known.lock().unwrap().refuse = Some(Refusal::Disabled);
    place.run().says("an administrator has disabled this gateway").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_leaves_on_its_own() {
    let peer = Peer::start().await;
    let place = Place::joined(&peer, "").await;
    let output = place.command(&["disconnect"]).await;
    assert!(output.status.success(), "{output:?}");
    assert!(peer.known.lock().unwrap().left && !place.key().exists());
    assert!(place.command(&["disconnect"]).await.status.success(), "twice does no harm");
}

#[tokio::test(flavor = "multi_thread")]
async fn by_force_the_key_is_erased_even_when_nobody_hears_of_it() {
    let peer = Peer::start().await;
    let place = Place::joined(&peer, "").await;
    peer.known.lock().unwrap().keys.clear();
    let refused = place.command(&["disconnect"]).await;
    assert!(!refused.status.success() && place.key().exists(), "{refused:?}");
    assert!(place.command(&["disconnect", "--force"]).await.status.success());
    assert!(!place.key().exists());
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;

    let peer = Peer::start().await;
    let place = Place::joined(&peer, "").await;
    fs::set_permissions(place.key(), fs::Permissions::from_mode(0o644)).unwrap();
    let output = place.command(&["run"]).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("chmod 600"), "{said}");
}
