//! A new master key takes over, and the old one can go.

use std::rc::Rc;

use drawbridge_domain::connection::Status;

use super::{ada, made, test};
use crate::features::upkeep;
use crate::testing::{Browser, Harness};
use crate::vault::Place;

const K1: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const K2: &str = "k2:HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn moved(browser: &Browser, harness: &Rc<Harness>) -> Browser {
    Browser {
        harness: Rc::clone(harness),
        cookie: browser.cookie.clone(),
        headers: std::cell::RefCell::default(),
        token: std::cell::RefCell::default(),
    }
}

#[test]
fn secrets_are_sealed_again_and_the_old_key_is_not_needed_any_more() {
    let first = Harness::new();
    let browser = first.set_up();
    let connection = made(&first, &browser, "Contacts");

    let both = Harness::with_keys(Rc::clone(&first.db), &format!("{K2},{K1}"));
    let browser = moved(&browser, &both);
    both.outward.next_json(200, ada());
    assert_eq!(test(&browser, &connection).ok().summary.state.status, Status::Active);
    pollster::block_on(upkeep::run(&both.services));
    let sealed = both.db.query("SELECT sealed FROM connection_secrets");
    assert!(sealed.iter().all(|row| row["sealed"].as_str().unwrap().starts_with("v1.k2.")), "{sealed:?}");

    let second = Harness::with_keys(Rc::clone(&first.db), K2);
    let browser = moved(&browser, &second);
    second.outward.next_json(200, ada());
    assert_eq!(test(&browser, &connection).ok().summary.state.status, Status::Active);
    assert_eq!(second.outward.asked.borrow()[0].headers["x-api-key"], "sandbox-key-ada");
}

/// The client's secret at a tenant's OpenID provider is one of them.
#[test]
fn the_secret_of_single_sign_on_is_sealed_again_too() {
    let first = Harness::new();
    let browser = first.set_up();
    let place = Place { tenant: &browser.tenant().to_string(), record: "sso", field: "clientSecret" };
    let sealed = first.services.vault.seal(&*first.services.random, place, b"the-secret").unwrap();
    first.db.query(&format!(
        "INSERT INTO sso (tenant_id, issuer, client_id, sealed_secret, scopes, label, default_role, auto_join, provider,
           provider_at) VALUES ('{}', 'i', 'c', '{sealed}', 's', 'l', 'designer', 0, '{{}}', 0)",
        browser.tenant()
    ));
    let both = Harness::with_keys(Rc::clone(&first.db), &format!("{K2},{K1}"));
    pollster::block_on(upkeep::run(&both.services));
    let sealed =
        both.db.query("SELECT sealed_secret FROM sso")[0]["sealed_secret"].as_str().unwrap().to_owned();
    let second = Harness::with_keys(Rc::clone(&first.db), K2);
    assert_eq!(second.services.vault.open(place, &sealed).unwrap().text(), Some("the-secret"));
}

/// Whoever adds a column for a seal has the daily run look after it: what it forgets cannot be opened any more once the
/// old key is gone.
#[test]
fn no_column_with_seals_is_forgotten() {
    let harness = Harness::new();
    harness.set_up();
    harness.db.batches.borrow_mut().clear();
    pollster::block_on(upkeep::run(&harness.services));
    let columns = harness.db.query(
        "SELECT m.name AS of, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p
         WHERE m.type = 'table' AND p.name LIKE 'sealed%' AND m.name <> 'master_key_checks'",
    );
    assert!(columns.len() >= 8, "{columns:?}");
    let batches = harness.db.batches.borrow();
    for column in &columns {
        let (table, name) = (column["of"].as_str().unwrap(), column["name"].as_str().unwrap());
        let looked_at =
            |sql: &str| sql.contains(&format!("FROM {table}")) && sql.contains(&format!("substr({name},"));
        assert!(batches.iter().flatten().any(|one| looked_at(one.sql)), "{table}.{name} is not sealed again");
    }
}
