//! Gateways: the code that is told once, and what is asked before one is disconnected.

use crate::fake::{Answer, Fake, json};

const GATEWAY: &str = "gw_0000000001zzzzzzzzzzzzzzzz";

/// A gateway, with a machine that is online and one that is not.
fn gateway(name: &str) -> String {
    let replica = |id: &str, machine: &str, linked: &str| {
        format!(
            r#"{{"id":"gwr_000000000{id}zzzzzzzzzzzzzzzz","machine":"{machine}","platform":"linux/x86_64","version":"2.3.0","versionState":"current",{linked}"draining":false,"joinedAt":"2026-01-02T03:04:05.678Z","targets":[]}}"#
        )
    };
    let linked = r#""linkedSince":"2026-01-02T03:04:05.678Z","#;
    format!(
        r#"{{"id":"{GATEWAY}","name":"{name}","status":"degraded","machines":["GW01","GW02"],"linked":1,"version":"2.3.0","versionState":"current","createdBy":{{"id":"usr_0000000001zzzzzzzzzzzzzzzz","name":"Ada"}},"createdAt":"2026-01-02T03:04:05.678Z","replicas":[{},{}],"targets":[{{"name":"SQL01","kind":"sqlserver","finding":"failing","reason":"target_unreachable","replicas":1}}],"connections":2}}"#,
        replica("1", "GW01", linked),
        replica("2", "GW02", "")
    )
}

fn made() -> Answer {
    Answer::Whole(201, vec![], format!("{{\"gateway\":{},\"code\":\"7K2M-9QXA-04TR\"}}", gateway("Berlin")))
}

#[test]
fn a_code_is_told_once_with_what_to_do_with_it() {
    let fake = Fake::always(made());
    let ran = fake.run("gateways add Berlin");
    assert_eq!(ran.out.matches("7K2M-9QXA-04TR").count(), 1, "{ran:?}");
    assert!(ran.err.contains("sudo drawbridge-gateway enroll --url http://"), "{ran:?}");
    assert_eq!(fake.asked()[0].body, "{\"name\":\"Berlin\"}");
    assert_eq!(fake.run("gateways add Berlin -q").good(), format!("{GATEWAY}\n7K2M-9QXA-04TR\n"));
    let lost = Fake::always(Answer::Whole(201, vec![], format!("{{\"gateway\":{}}}", gateway("Berlin"))));
    assert!(lost.run("gateways add Berlin").fails(1).contains("drawbridge gateways code"));
}

#[test]
fn a_gateway_is_shown_with_its_machines_and_targets() {
    let out = Fake::always(json(&gateway("Berlin"))).run(&format!("gateways show {GATEWAY}")).good();
    assert!(out.contains("GW01 (online, 2.3.0, linux/x86_64); GW02 (offline"), "{out}");
    assert!(out.contains("SQL01 (sqlserver, failing: the gateway cannot reach the target)"), "{out}");
}

#[test]
fn disconnecting_says_its_reach_and_asks() {
    let fake = Fake::always(json(&gateway("Berlin")));
    let err = fake.run(&format!("gateways disconnect {GATEWAY}")).fails(2);
    assert!(err.contains("2 connections go through it and become invalid. Nobody can be asked"), "{err}");
    assert!(fake.asked().iter().all(|asked| asked.method == "GET"));
    let fake = Fake::new(|asked, _| match asked.method.as_str() {
        "GET" => json(&gateway("Berlin")),
        _ => Answer::Whole(204, vec![], String::new()),
    });
    assert!(
        fake.run(&format!("gateways disconnect {GATEWAY} --yes")).good().contains("Berlin is disconnected.")
    );
}

#[test]
fn a_machine_is_called_by_its_name() {
    let fake = Fake::always(json(&gateway("Berlin")));
    fake.run(&format!("gateways drain {GATEWAY} gw02")).good();
    let asked = fake.asked();
    let last = asked.last().unwrap();
    assert!(last.path.ends_with("/replicas/gwr_0000000002zzzzzzzzzzzzzzzz/drain"), "{}", last.path);
}
