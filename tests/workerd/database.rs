//! What D1 must do as SQLite does in the native tests: the guards, the batch, the values. First D1 alone, with the
//! product's own tables, then through the product.

use std::sync::{Arc, Mutex};

use drawbridge_contract::endpoints::{
    ChangeTenantSettings, ListConnections, MakeConnection, MakeTenant, ReadTenant,
};
use drawbridge_contract::problem::{Problem, ProblemCode};
use drawbridge_contract::types::tenants::{ChangeTenant, CreateTenant};
use drawbridge_tests::fixtures::{shared, template};
use drawbridge_tests::log::Log;
use drawbridge_tests::places::{self, Folder};
use drawbridge_tests::process::Program;
use serde_json::{Value, json};

/// D1 on a copy of the template.
struct D1 {
    program: Mutex<Program>,
    log: Arc<Log>,
    _state: Arc<Folder>,
}

impl D1 {
    fn start() -> Self {
        let (state, log) = (template().copy(), Arc::new(Log::default()));
        let mut command = places::node();
        command.arg("tests/support/d1.mjs").arg(state.path());
        Self { program: Mutex::new(Program::start(&mut command, &log)), log, _state: state }
    }

    fn batch(&self, statements: &Value) -> Value {
        let mut program = self.program.lock().unwrap();
        program.tell(&statements.to_string());
        program.said().unwrap_or_else(|| panic!("it ended by itself: {:?}", self.log.lines()))
    }

    /// One statement's rows.
    fn rows(&self, sql: &str, values: &Value) -> Value {
        let answer = self.batch(&json!([{ "sql": sql, "values": values }]));
        assert_eq!(answer["error"], Value::Null, "{sql}");
        answer["results"][0].clone()
    }
}

const NEW: &str = "INSERT INTO tenants (id, slug, name, created_at) VALUES (?1, ?1, ?2, ?3)";

#[test]
fn guards_end_the_whole_batch_with_their_own_words() {
    let d1 = D1::start();
    let new = |id: &str| json!({ "sql": NEW, "values": [id, "Name", 1] });
    let cases = [
        (
            "UPDATE tenants SET name = 'x' WHERE id = 'none'",
            "INSERT INTO must_change (changed) VALUES (changes())",
            "guard: nothing changed",
        ),
        (
            "UPDATE tenants SET name = 'x' WHERE id = 'none'",
            "INSERT INTO must_chain (changed) VALUES (changes())",
            "guard: audit chain moved",
        ),
        (
            "SELECT 1",
            "INSERT INTO must_be_under (used, most) SELECT COUNT(*), 1 FROM tenants",
            "guard: limit reached",
        ),
        (
            "SELECT 1",
            "INSERT INTO tenants (id, slug, name, created_at) SELECT id, 's', 'n', 1 FROM tenants LIMIT 1",
            "UNIQUE constraint failed: tenants.id",
        ),
        (
            "SELECT 1",
            "INSERT INTO users (tenant_id, id, email, first_name, last_name, role, state, created_at) VALUES ('none', 'u', '', '', '', '', '', 1)",
            "FOREIGN KEY constraint failed",
        ),
        (
            "UPDATE users SET role = 'designer'",
            "INSERT INTO must_keep_one (kept) SELECT COUNT(*) FROM users WHERE role = 'globalAdministrator'",
            "guard: none left",
        ),
        ("SELECT 1", "UPDATE audit SET at = 0", "audit records are not changed"),
        ("SELECT 1", "DELETE FROM audit", "audit records are not deleted"),
    ];
    for (before, guard, words) in cases {
        let answer = d1.batch(&json!([new("first"), { "sql": before, "values": [] }, { "sql": guard, "values": [] }, new("second")]));
        let error = answer["error"].as_str().unwrap_or_else(|| panic!("{guard} let it pass: {answer}"));
        assert!(error.contains(words), "{guard}: {error}");
        let left = d1.rows("SELECT id FROM tenants WHERE id IN ('first', 'second')", &json!([]));
        assert_eq!(left, json!([]), "{guard}: nothing of the batch is kept");
    }
    // What the guards let pass: exactly one row, and a use under the limit.
    let answer = d1.batch(&json!([
        new("third"),
        { "sql": "UPDATE tenants SET name = 'x' WHERE id = 'third'", "values": [] },
        { "sql": "INSERT INTO must_change (changed) VALUES (changes())", "values": [] },
        { "sql": "INSERT INTO must_be_under (used, most) SELECT COUNT(*), 1000 FROM tenants", "values": [] },
        { "sql": "INSERT INTO must_keep_one (kept) SELECT COUNT(*) FROM tenants", "values": [] },
    ]));
    assert_eq!(answer["error"], Value::Null, "{answer}");
    assert_eq!(d1.rows("SELECT name FROM tenants WHERE id = 'third'", &json!([])), json!([{ "name": "x" }]));
    // Two rows are not one.
    let answer = d1.batch(&json!([
        { "sql": "UPDATE tenants SET name = 'y'", "values": [] },
        { "sql": "INSERT INTO must_change (changed) VALUES (changes())", "values": [] },
    ]));
    assert!(answer["error"].as_str().unwrap().contains("guard: nothing changed"), "{answer}");
}

#[test]
fn values_come_back_as_they_went_in() {
    let d1 = D1::start();
    let numbers = [0_i64, -1, 1 << 31, 1 << 32, 1_700_000_000_123, 1 << 52, (1 << 53) - 1, -(1 << 53) + 1];
    for number in numbers {
        let id = format!("number {number}");
        d1.rows(NEW, &json!([id, "n", number]));
        let back =
            d1.rows("SELECT created_at, typeof(created_at) AS kind FROM tenants WHERE id = ?1", &json!([id]));
        assert_eq!(back, json!([{ "created_at": number, "kind": "integer" }]));
    }
    let texts = [
        "",
        "Ωmega 東京 😀 \u{202e}rtl",
        "quote ' \" \\ ; --",
        "\u{0}nul\u{0}",
        "line\nline\ttab",
        &"x".repeat(100_000),
    ];
    for text in texts {
        let back = d1.rows("SELECT ?1 AS words, ?2 AS empty, typeof(?2) AS kind", &json!([text, null]));
        assert_eq!(back, json!([{ "words": text, "empty": null, "kind": "null" }]));
    }
    let rows = d1.rows(
        "SELECT lower('ÄΩ') AS ascii_only, instr('a😀b', 'b') AS place, json_group_array(1) AS list",
        &json!([]),
    );
    assert_eq!(rows, json!([{ "ascii_only": "ÄΩ", "place": 3, "list": "[1]" }]));
    // Rows are compared value by value, which the list's order relies on.
    let rows = d1.rows("SELECT ('b', 'x') > ('a', 'y') AS a, (1, 'b') > (1, 'a') AS b, ('é' > 'z') AS c, ('\u{10ffff}' > '😀') AS d", &json!([]));
    assert_eq!(rows, json!([{ "a": 1, "b": 1, "c": 1, "d": 1 }]));
}

#[test]
fn of_changes_at_the_same_moment_one_is_made_and_the_chain_holds_them_all() {
    let stack = shared();
    let user = stack.tenant("Contended");
    for round in 0..3 {
        let (_, etag) = user.to::<ReadTenant>().done();
        let answers: Vec<_> = std::thread::scope(|scope| {
            let rename = |number: i32| {
                let body =
                    ChangeTenant { name: Some(format!("Contended {round} {number}")), credentials: None };
                user.to::<ChangeTenantSettings>().if_match(&etag).with(&body).send()
            };
            let threads: Vec<_> = (0..8).map(|number| scope.spawn(move || rename(number))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{answers:?}");
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            let code = answer.read::<Problem>().code;
            assert_eq!(code, ProblemCode::PreconditionFailed, "{answer:?}");
        }
    }
}

#[test]
fn names_of_all_scripts_survive_the_whole_way() {
    let stack = shared();
    let user = stack.tenant("Scripts");
    for name in ["Ωmega 東京", "😀👩‍👩‍👧 family", "עברית مرحبا", "e\u{301}clair", "Straße"]
    {
        let made = user.to::<MakeTenant>().with(&CreateTenant { name: name.to_owned() }).good();
        assert_eq!(made.name, name);
        let there = user.clone().switched_to(name);
        assert_eq!(there.to::<ReadTenant>().good().name, name);
        drop(user.clone().switched_to("Scripts"));
    }
}

#[test]
fn forty_writes_at_the_same_moment_in_one_tenant_are_all_made() {
    let stack = shared();
    let desk = stack.desk("Busy");
    let barrier = std::sync::Barrier::new(40);
    let answers: Vec<_> = std::thread::scope(|scope| {
        let (desk, barrier) = (&desk, &barrier);
        let make = move |number: i32| {
            barrier.wait();
            desk.user.to::<MakeConnection>().with(&desk.body(&format!("Busy {number}"))).send()
        };
        let threads: Vec<_> = (0..40).map(|number| scope.spawn(move || make(number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let failed: Vec<_> = answers.iter().filter(|answer| answer.status != 201).collect();
    assert!(failed.is_empty(), "{} of 40 failed, such as {:?}", failed.len(), failed[0]);
    assert_eq!(desk.user.to::<ListConnections>().good().counts.pending, 40);
}
