//! Writing: keys, versions, questions, secrets.

use crate::answers::{APP, app, connections};
use crate::fake::{Answer, Fake, json, problem};

fn made(secret: &str) -> Answer {
    let secret = if secret.is_empty() { String::new() } else { format!(",\"secret\":\"{secret}\"") };
    let body = format!("{{\"app\":{}{secret}}}", app("CI"));
    Answer::Whole(201, vec![("etag", "\"1\"".to_owned())], body)
}

#[test]
fn a_secret_that_is_told_once_goes_to_standard_output_once() {
    let fake = Fake::always(made("dbr_app_told"));
    let ran =
        fake.run("apps add CI --scope read:user --scope read:app --address 10.0.0.0/8 --expires 2027-01-31");
    assert!(!ran.err.contains("told") && ran.out.matches("dbr_app_told").count() == 1, "{ran:?}");
    assert_eq!(
        fake.asked()[0].body,
        "{\"name\":\"CI\",\"description\":\"\",\"scopes\":[\"read:user\",\"read:app\"],\
         \"addresses\":[\"10.0.0.0/8\"],\"expiresAt\":\"2027-01-31T00:00:00.000Z\",\"tokenAlgorithm\":\"EdDSA\"}"
    );
    assert_eq!(fake.run("apps add CI -q").good(), format!("{APP}\ndbr_app_told\n"));
    assert!(fake.run("apps add CI --json").good().contains("\"later\":\"unknown here\""), "as it came");
}

#[test]
fn a_creating_call_is_sent_again_under_the_same_key() {
    let fake = Fake::new(|_, before| if before == 0 { Answer::Nothing } else { made("") });
    let err = fake.run("apps add CI").fails(1);
    assert!(err.contains("drawbridge apps secret"), "the secret was lost on its way: {err}");
    let keys: Vec<_> =
        fake.asked().iter().map(|asked| asked.header("idempotency-key").unwrap().to_owned()).collect();
    assert!(keys.len() == 2 && keys[0] == keys[1] && keys[0].len() == 32, "{keys:?}");
    let fake = Fake::always(made("x"));
    fake.run("apps add CI").good();
    fake.run("apps add CI").good();
    fake.run("apps add CI --idempotency-key mine").good();
    let keys: Vec<_> =
        fake.asked().iter().map(|asked| asked.header("idempotency-key").unwrap().to_owned()).collect();
    assert!(keys[0] != keys[1] && keys[2] == "mine", "{keys:?}");
}

#[test]
fn a_call_that_could_happen_twice_is_not_sent_again() {
    let fake = Fake::always(Answer::Nothing);
    fake.run(&format!("apps disable {APP}")).fails(8);
    assert_eq!(fake.asked().len(), 1);
    let fake = Fake::always(problem(503, "not_ready", "").with("retry-after", "0"));
    fake.run(&format!("apps disable {APP}")).fails(8);
    assert_eq!(fake.asked().len(), 1);
}

#[test]
fn a_change_names_the_version_that_was_read() {
    let fake = Fake::new(|asked, _| match asked.method.as_str() {
        "GET" => json(&app("CI")).with("etag", "\"7\""),
        _ => problem(412, "precondition_failed", ""),
    });
    let err = fake.run(&format!("apps edit {APP} --name New --anywhere")).fails(6);
    assert!(err.contains("run the command again"), "{err}");
    let asked = fake.asked();
    assert_eq!(asked[1].header("if-match"), Some("\"7\""));
    assert_eq!(asked[1].body, "{\"name\":\"New\",\"addresses\":[]}");
    fake.run(&format!("apps edit {APP}")).fails(2);
    assert_eq!(fake.asked().len(), 2, "a change of nothing is not sent");
}

#[test]
fn what_cannot_be_undone_is_not_done_unasked() {
    let fake = Fake::new(|asked, _| match asked.method.as_str() {
        "DELETE" => Answer::Whole(204, Vec::new(), String::new()),
        _ if asked.path.contains("/uses") => json("{\"items\":[],\"hidden\":2}"),
        _ => json(&connections(&[(1, "Alpha")], None)),
    });
    let err = fake.run("connections delete alpha").fails(2);
    assert!(err.contains("--yes") && err.contains("2 more"), "{err}");
    for line in [
        "apps delete",
        "apps rotate --grace now",
        "tokens revoke",
        "tokens delete",
        "users remove",
        "groups delete",
    ] {
        let prefix = match line.split(' ').next().unwrap() {
            "apps" => "app",
            "tokens" => "pat",
            "users" => "usr",
            _ => "grp",
        };
        let ran = fake.run(&format!("{line} {prefix}_{:026}", 1));
        assert!(ran.code != 0, "{line}: {ran:?}");
    }
    assert!(fake.asked().iter().all(|asked| asked.method == "GET"));
    let out = fake.run("connections delete alpha --yes").good();
    assert!(out.contains("restored for 30 days"), "{out}");
    assert_eq!(fake.asked().last().unwrap().route(), format!("DELETE /api/v1/connections/con_{:026}", 1));
    assert_eq!(fake.run("connections delete alpha --yes --quiet").good(), "");
}
