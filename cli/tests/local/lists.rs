//! Lists: pages, forms, and what comes from elsewhere.

use crate::answers::{connection, connections};
use crate::fake::{Asked, Fake, json};

fn three() -> Fake {
    Fake::new(|asked: &Asked, _| {
        json(&if asked.path.contains("cursor=two") {
            connections(&[(3, "Gamma")], None)
        } else {
            connections(&[(1, "Alpha"), (2, "Beta")], Some("two"))
        })
    })
}

#[test]
fn pages_are_followed_as_far_as_is_wanted() {
    let fake = three();
    let out = fake.run("connections list --status active --search a").good();
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 4, "{out}");
    assert!(
        lines[0].starts_with("ID ") && lines[3].contains("Gamma") && lines[3].contains("active"),
        "{out}"
    );
    assert_eq!(
        fake.asked().iter().map(|asked| asked.path.clone()).collect::<Vec<_>>(),
        [
            "/api/v1/connections?pageSize=200&search=a&status=active",
            "/api/v1/connections?cursor=two&pageSize=200&search=a&status=active"
        ]
    );
    let fake = three();
    assert_eq!(fake.run("connections list --limit 1 -q").good(), format!("con_{:026}\n", 1));
    assert_eq!(fake.asked().len(), 1);
    assert!(fake.asked()[0].path.ends_with("?pageSize=1"));
    assert_eq!(three().run("connections list --limit 3 --quiet").good().lines().count(), 3);
    assert_eq!(three().run("connections list --limit 0").good(), "");
}

#[test]
fn json_is_the_apis_own_a_line_for_each() {
    let out = three().run("connections list --json").good();
    assert_eq!(
        out,
        format!("{}\n{}\n{}\n", connection(1, "Alpha"), connection(2, "Beta"), connection(3, "Gamma"))
    );
}

#[test]
fn a_name_moves_no_cursor() {
    let fake = Fake::always(json(&connections(&[(1, r"\u001b]0;x\u0007\u202eevil")], None)));
    let out = fake.run("connections list").good();
    assert!(!out.contains('\u{1b}') && !out.contains('\u{202e}') && out.contains("\\u{1b}]0;x"), "{out}");
    let out = fake.run("connections list --json").good();
    assert!(!out.contains('\u{1b}'), "{out}");
}

#[test]
fn an_empty_list_is_no_failure() {
    let fake = Fake::always(json(&connections(&[], None)));
    let ran = fake.run("connections list");
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", "Nothing to list.\n"));
}

#[test]
fn a_name_stands_for_one_thing_or_the_command_does_nothing() {
    let fake = Fake::always(json(&connections(&[(1, "Twin"), (2, "twin"), (3, "Twins")], None)));
    let err = fake.run("connections disable twin").fails(2);
    assert!(
        err.contains(&format!("con_{:026}, con_{:026}", 1, 2)) && !err.contains(&format!("con_{:026}", 3)),
        "{err}"
    );
    let err = fake.run("connections disable twi").fails(5);
    assert!(err.contains("no connection “twi”"), "{err}");
    assert!(fake.asked().iter().all(|asked| asked.method == "GET"));
    let before = fake.asked().len();
    fake.run("connections disable con_000000000000000000000000").fails(2);
    assert_eq!(fake.asked().len(), before, "a mistyped id is no name");
}
