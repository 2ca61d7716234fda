//! When it does not go well.

use std::fs;

use crate::answers::{APP, CALLER, app};
use crate::fake::{Answer, Fake, json, problem};

#[test]
fn a_problem_is_told_whole() {
    let fields = ",\"fields\":[{\"path\":\"name\",\"code\":\"too_long\",\"message\":\"Up to 200.\"}]";
    let fake = Fake::always(problem(422, "invalid_fields", fields));
    let err = fake.run("apps add x").fails(7);
    for part in ["The title", "The detail.", "name: Up to 200.", "req_01"] {
        assert!(err.contains(part), "{part}: {err}");
    }
    let err: serde_json::Value = serde_json::from_str(&fake.run("apps add x --json").fails(7)).unwrap();
    assert_eq!((&err["code"], &err["fields"][0]["path"]), (&"invalid_fields".into(), &"name".into()));

    let held = ",\"requiredScope\":\"manage:app\",\"scopes\":[\"read:app\",\"read:user\"]";
    let fake = Fake::always(problem(403, "insufficient_scope", held));
    let err = fake.run("apps add x").fails(4);
    assert!(err.contains("Needed: manage:app") && err.contains("Held: read:app read:user"), "{err}");
}

#[test]
fn what_the_server_has_no_room_for_is_tried_again_within_bounds() {
    let busy = || problem(429, "too_many_requests", "").with("retry-after", "0");
    let fake = Fake::new(move |_, before| if before < 2 { busy() } else { json(CALLER) });
    let ran = fake.run("whoami");
    assert!(ran.err.contains("trying again in 0 s"), "{ran:?}");
    ran.good();
    assert_eq!(fake.asked().len(), 3);
    // Nothing was carried out, so any call may be sent again.
    let fake = Fake::new(move |_, before| if before < 1 { busy() } else { json(&app("CI")) });
    fake.run(&format!("apps disable {APP}")).good();

    let fake = Fake::always(busy());
    fake.run("whoami").fails(8);
    assert_eq!(fake.asked().len(), 5);
    let fake = Fake::always(problem(429, "too_many_requests", "").with("retry-after", "61"));
    let err = fake.run("whoami").fails(8);
    assert!(err.contains("in 61 seconds"), "{err}");
    assert_eq!(fake.asked().len(), 1, "longer than is waited");
}

#[test]
fn who_does_not_answer_or_is_somebody_else_is_told() {
    let fake = Fake::always(Answer::Whole(200, Vec::new(), "<html>Welcome</html>".to_owned()));
    assert!(fake.run("whoami").fails(1).contains("not one of Drawbridge's"));
    let fake = Fake::always(Answer::Whole(502, Vec::new(), "<html>Bad gateway</html>".to_owned()));
    assert!(fake.run("whoami").fails(1).contains("502"));
    let gone = fake.bare().env("DRAWBRIDGE_SERVER", "http://127.0.0.1:1").env("DRAWBRIDGE_TOKEN", "x");
    assert!(gone.run("whoami").fails(8).contains("Nothing listens there"));
}

#[test]
fn an_export_that_breaks_off_leaves_no_file() {
    let fake = Fake::always(Answer::Half("{\"seq\":1}\n".to_owned()));
    assert!(fake.run("audit export --output log.ndjson").fails(8).contains("broke off after 10 bytes"));
    assert_eq!(fs::read_dir(&fake.folder).unwrap().count(), 0);
    let ran = fake.run("audit export --format csv --from 2026-01-01");
    assert_eq!((ran.code, ran.out.as_str()), (8, "{\"seq\":1}\n"));
    let path = "/api/v1/audit/export?format=csv&from=2026-01-01T00%3A00%3A00.000Z";
    assert_eq!(fake.asked().last().unwrap().path, path);
    fs::write(fake.folder.join("log.csv"), "kept").unwrap();
    fake.run("audit export --output log.csv").fails(8);
    assert_eq!(
        fs::read_to_string(fake.folder.join("log.csv")).unwrap(),
        "kept",
        "it is replaced only by a whole one"
    );
    let whole = Fake::always(Answer::Whole(200, Vec::new(), "whole\n".to_owned()));
    assert!(whole.run("audit export --output log").good().contains("6 bytes"));
    assert_eq!(fs::read_to_string(whole.folder.join("log")).unwrap(), "whole\n");
    whole.run("audit export --output none/log").fails(1);
}

#[cfg(unix)]
#[test]
fn an_export_that_is_interrupted_leaves_no_file() {
    let fake = Fake::always(Answer::Endless("{\"seq\":1}\n".to_owned()));
    let mut child = fake.signed_in().start("audit export --output log");
    let half = fake.folder.join("log.part");
    while !fs::metadata(&half).is_ok_and(|about| about.len() > 0) {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::yield_now();
    }
    let interrupted = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupted.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(fs::read_dir(&fake.folder).unwrap().count(), 0);
}

#[test]
fn an_export_is_verified_without_a_server() {
    let fake = Fake::always(Answer::Nothing);
    fs::write(fake.folder.join("bad"), "{\"seq\":1}\n").unwrap();
    assert!(fake.bare().run("audit verify bad").fails(1).contains("Line 1"));
    assert!(fake.bare().run("audit verify none").fails(1).contains("cannot be read"));
    fs::write(fake.folder.join("empty"), "").unwrap();
    assert!(fake.bare().run("audit verify empty").good().contains("0 records, the chain holds"));
    assert!(fake.asked().is_empty());
}

#[test]
fn a_broken_chain_is_a_no() {
    let fake = Fake::new(|_, before| {
        json(match before {
            0 => "{\"verified\":5000,\"records\":5002,\"nextCursor\":\"c\"}",
            _ => "{\"verified\":5001,\"records\":5002,\"broken\":{\"seq\":5002,\"kind\":\"altered\"}}",
        })
    });
    let err = fake.run("audit verify").fails(1);
    assert!(err.contains("5000 of 5002") && err.contains("Record 5002"), "{err}");
    assert!(fake.asked()[1].path.ends_with("?cursor=c"));
}

#[test]
fn shells_get_their_completion_and_people_their_help() {
    let fake = Fake::always(Answer::Nothing);
    for shell in ["bash", "zsh", "fish", "powershell"] {
        assert!(fake.bare().run(&format!("completion {shell}")).good().contains("connections"), "{shell}");
    }
    fake.bare().run("completion tcsh").fails(2);
    let help = fake.bare().run("--help").good();
    assert!(help.contains("Exit codes") && help.contains("DRAWBRIDGE_TOKEN"), "{help}");
    assert!(fake.bare().run("apps rotate --help").good().contains("--grace"));
    assert!(fake.bare().run("--version").good().starts_with("drawbridge "));
}

#[test]
fn the_end_of_a_credential_is_told_beside_the_answer() {
    let fake = Fake::always(json(CALLER).with("drawbridge-token-expires", "Fri, 01 Jan 2027 00:00:00 GMT"));
    assert!(fake.run("whoami").err.contains("ends on Fri, 01 Jan 2027"));
    assert_eq!(fake.run("whoami --quiet").err, "");
}
