//! Signing in: where the credential is, and where it goes.

use std::fs;

use drawbridge_domain::credential::{CLIENT_SECRET, written};
use drawbridge_domain::time::Timestamp;

use crate::answers::{APP, CALLER};
use crate::fake::{Answer, Asked, Fake, json, problem, token};

fn secret() -> String {
    written(CLIENT_SECRET, &[1; 64]).unwrap().0
}

#[test]
fn a_token_is_read_tried_kept_and_sent() {
    let fake = Fake::always(json(CALLER));
    let ran = fake.bare().input(&format!("{}\n", token())).run(&format!("login --server {}", fake.origin));
    assert!(!format!("{ran:?}").contains(&token()));
    assert!(ran.good().contains("Ada Admin <ada@example.org>"));
    let kept = fs::read_to_string(fake.credentials()).unwrap();
    assert!(kept.contains(&token()) && kept.contains(&fake.origin));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(fake.credentials()).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let out = fake.bare().run("whoami").good();
    assert!(
        out.contains("Global administrator") && out.contains("read:connection") && out.contains("CI"),
        "{out}"
    );
    let bearer = format!("Bearer {}", token());
    assert!(fake.asked().iter().all(|asked| asked.header("authorization") == Some(&bearer)));
    let out = fake.bare().run("profiles list").good();
    assert!(out.contains("default") && out.contains("token") && !out.contains(&token()), "{out}");
    fake.bare().run("logout").good();
    assert!(!fs::read_to_string(fake.credentials()).unwrap().contains(&token()));
    fake.bare().run("whoami").fails(3);
    fake.bare().run("logout").fails(3);
}

#[test]
fn what_is_no_token_or_no_good_is_not_kept() {
    let fake = Fake::always(problem(401, "unauthenticated", ""));
    let login = format!("login --server {}", fake.origin);
    for bad in ["", "hello", "dbr_pat_0", &secret()] {
        fake.bare().input(bad).run(&login).fails(2);
    }
    let mistyped = token().replace("dbr_pat_0", "dbr_pat_1");
    assert!(fake.bare().input(&mistyped).run(&login).fails(2).contains("a character"));
    assert!(fake.asked().is_empty(), "nothing was sent anywhere");
    fake.bare().input(&token()).run(&login).fails(3);
    assert!(!fake.credentials().exists());
    let err = fake.bare().run(&format!("{login} {}", token())).fails(2);
    assert!(err.contains("dbr_pat_…") && !err.contains(&token()), "{err}");
}

#[test]
fn a_credential_goes_to_its_own_server_over_a_safe_way_only() {
    let (fake, other) = (Fake::always(json(CALLER)), Fake::always(json(CALLER)));
    fake.bare().input(&token()).run(&format!("login --server {}", fake.origin)).good();
    let err = fake.bare().run(&format!("whoami --profile default --server {}", other.origin)).fails(2);
    assert!(err.contains("is not sent to"), "{err}");
    fake.bare().run(&format!("whoami --server {}", other.origin)).fails(3);
    assert!(
        fake.bare().env("DRAWBRIDGE_TOKEN", &token()).run("whoami").fails(2).contains("For which server")
    );
    assert!(other.asked().is_empty());
    let err = fake.bare().input(&token()).run("login --server http://example.org").fails(2);
    assert!(err.contains("not encrypted"), "{err}");

    let to = other.origin.clone();
    let moved = Fake::new(move |_, _| {
        Answer::Whole(307, vec![("location", format!("{to}/api/v1/session"))], String::new())
    });
    let err = moved.run("whoami").fails(1);
    assert!(err.contains(&other.origin) && other.asked().is_empty(), "{err}");
}

#[cfg(unix)]
#[test]
fn a_file_that_others_may_read_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let fake = Fake::always(json(CALLER));
    fake.bare().input(&token()).run(&format!("login --server {}", fake.origin)).good();
    let before = fake.asked().len();
    fs::set_permissions(fake.credentials(), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(fake.bare().run("whoami").fails(1).contains("chmod 600"));
    assert_eq!(fake.asked().len(), before);
}

/// Whether this request carries the access token of that number.
fn carries(asked: &Asked, number: usize) -> bool {
    asked.header("authorization") == Some(&format!("Bearer access-{number}"))
}

#[test]
fn an_app_asks_for_an_access_token_when_it_has_none_that_works() {
    let fake = Fake::new(|asked, before| match asked.route().as_str() {
        "POST /oauth/token" => json(&format!(
            r#"{{"access_token":"access-{before}","token_type":"Bearer","expires_in":3600,"expires_at":"{}","scope":"read:user"}}"#,
            Timestamp::from_millis(0)
        )),
        "POST /oauth/revoke" => json(""),
        // The first one ends when it was used three times.
        _ if before >= 3 && carries(asked, 0) => problem(401, "unauthenticated", ""),
        _ => json(CALLER),
    });
    let login = format!("login --server {} --app {APP} --profile ci", fake.origin);
    fake.bare().input(&secret()).run(&login).good();
    let asked = fake.asked();
    let form = format!("grant_type=client_credentials&client_id={APP}&client_secret={}", secret());
    assert_eq!((asked[0].route().as_str(), asked[0].body.as_str()), ("POST /oauth/token", form.as_str()));
    let count = || fake.asked().iter().filter(|asked| asked.path == "/oauth/token").count();
    fake.bare().run("whoami").good();
    fake.bare().run("whoami").good();
    assert_eq!(count(), 1, "the access token is kept");
    fake.bare().run("whoami").good();
    assert_eq!(count(), 2);
    assert!(carries(fake.asked().last().unwrap(), 1));
    fake.bare().run("whoami").good();
    assert_eq!(count(), 2, "the new one is kept, too");
    fake.bare().run("logout").good();
    let last = fake.asked().pop().unwrap();
    assert!(last.path == "/oauth/revoke" && last.body.starts_with("token=access-1&"), "{last:?}");
}

#[test]
fn what_the_authorization_server_refuses_is_told() {
    let body = r#"{"error":"invalid_client","error_description":"The client is not known."}"#;
    let fake = Fake::always(Answer::Whole(401, Vec::new(), body.to_owned()));
    let run = || {
        fake.bare()
            .env("DRAWBRIDGE_SERVER", &fake.origin)
            .env("DRAWBRIDGE_CLIENT_ID", APP)
            .env("DRAWBRIDGE_CLIENT_SECRET", &secret())
    };
    let ran = run().run("whoami");
    assert!(!format!("{ran:?}").contains(&secret()));
    let err = ran.fails(3);
    assert!(err.contains("The client is not known.") && err.contains("To do:"), "{err}");
    let err: serde_json::Value = serde_json::from_str(&run().run("whoami --json").fails(3)).unwrap();
    assert_eq!(err["code"], "invalid_client");
}
