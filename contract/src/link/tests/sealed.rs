use drawbridge_domain::id::{GatewayId, ReplicaId};

use crate::link::proof::{hex, unhex};
use crate::link::sealed::{
    Credentials, CredentialsWanted, Purpose, SECRET_MOST, SealedFor, Unsealable, open, public, seal,
};

/// The receiver of RFC 9180, appendix A.2.1, and its ephemeral key's material.
const PRIVATE: &str = "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb";
const PUBLIC: &str = "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a";
const EPHEMERAL: &str = "909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b";
const ENCAPSULATED: &str = "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a";

/// What Python's `cryptography` has sealed for [`purpose`].
const OF_PYTHON: &str = "muzF8s_hJJ6m-scs40S-ah2-MeHFUHOgFH2Wnn20b0D063QeVb8rK3D7zfoHD6dfiIZOjpTsqPmB8nLQvQ3YLqMl9LlFi1CQHPGgwXGeKRsfWuurZtU5RHc";

fn credentials() -> Credentials {
    Credentials { username: Some("ada".to_owned()), password: Some("pÄss🔑".to_owned()), token: None }
}

/// Runs with the purpose that boxes here are for.
fn purpose<T>(act: impl FnOnce(&Purpose<'_>) -> T) -> T {
    let (gateway, replica) = (GatewayId::new(1, [0; 10]), ReplicaId::new(2, [0; 10]));
    act(&Purpose {
        server: "https://drawbridge.example.org",
        gateway: &gateway,
        replica: &replica,
        target: "SQL01",
    })
}

fn key(text: &str) -> [u8; 32] {
    unhex(text).unwrap()
}

fn made(purpose: &Purpose<'_>) -> String {
    let ephemeral = key(EPHEMERAL);
    seal(&key(PUBLIC), purpose, &credentials(), |bytes| bytes.copy_from_slice(&ephemeral)).unwrap()
}

#[test]
fn keys_are_those_of_the_standard() {
    assert_eq!(public(&key(PRIVATE)).map(|key| hex(&key)).as_deref(), Some(PUBLIC));
    let sealed = purpose(made);
    let bytes = <base64ct::Base64UrlUnpadded as base64ct::Encoding>::decode_vec(&sealed).unwrap();
    assert_eq!(hex(&bytes[..32]), ENCAPSULATED);
}

#[test]
fn what_is_sealed_opens_and_so_does_what_another_program_sealed() {
    for sealed in [purpose(made), OF_PYTHON.to_owned()] {
        let plain = purpose(|purpose| open(&key(PRIVATE), purpose, &sealed)).unwrap();
        assert!(serde_json::from_slice::<Credentials>(&plain).unwrap() == credentials());
    }
}

#[test]
fn a_box_opens_for_nothing_else() {
    let sealed = purpose(made);
    let (gateway, replica) = (GatewayId::new(9, [0; 10]), ReplicaId::new(9, [0; 10]));
    purpose(|right| {
        for other in [
            Purpose { server: "https://evil.example.org", ..right.clone() },
            Purpose { gateway: &gateway, ..right.clone() },
            Purpose { replica: &replica, ..right.clone() },
            Purpose { target: "SQL02", ..right.clone() },
        ] {
            assert_eq!(open(&key(PRIVATE), &other, &sealed), None);
        }
        assert_eq!(open(&key(EPHEMERAL), right, &sealed), None, "another key");
        for at in 0..sealed.len() {
            let mut bad = sealed.clone().into_bytes();
            bad[at] = if bad[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(open(&key(PRIVATE), right, str::from_utf8(&bad).unwrap()), None, "changed at {at}");
        }
        for bad in ["", "A", "AAAA", &sealed[..40], &sealed[..sealed.len() - 2], &"A".repeat(10_000)] {
            assert_eq!(open(&key(PRIVATE), right, bad), None, "{bad}");
        }
    });
}

#[test]
fn only_what_can_be_used_is_sealed() {
    let text = |text: &str| Some(text.to_owned());
    let none = Credentials::default();
    let token = Credentials { token: text("t"), ..none.clone() };
    assert_eq!(credentials().kind(), Some(CredentialsWanted::Password));
    assert_eq!(token.kind(), Some(CredentialsWanted::Token));
    let password = |name: &str, password: &str| Credentials {
        username: text(name),
        password: text(password),
        token: None,
    };
    let long = "x".repeat(SECRET_MOST + 1);
    for bad in [
        none.clone(),
        Credentials { username: text("a"), ..none.clone() },
        Credentials { token: text("t"), ..credentials() },
        password("", "a"),
        password("a", ""),
        password("a\nb", "c"),
        password("a", &long),
    ] {
        assert_eq!(bad.kind(), None);
        let sealed = purpose(|purpose| seal(&key(PUBLIC), purpose, &bad, |bytes| bytes.fill(7)));
        assert_eq!(sealed, Err(Unsealable));
    }
    // A point of small order: whoever gave it would know what comes out.
    let sealed = purpose(|purpose| seal(&[0; 32], purpose, &token, |bytes| bytes.fill(7)));
    assert_eq!(sealed, Err(Unsealable));
}

#[test]
fn boxes_are_not_printed() {
    let one = SealedFor { replica: ReplicaId::new(2, [0; 10]), sealed: "s3cret".to_owned() };
    assert!(!format!("{one:?}").contains("s3cret"));
}
