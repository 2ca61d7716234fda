//! A new master key takes over, and the old one can go.

use std::rc::Rc;

use drawbridge_domain::connection::Status;

use super::{ada, made, test};
use crate::features::upkeep;
use crate::testing::{Browser, Harness};

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
