//! What a person typed into a connector's form.

use std::collections::BTreeMap;

use drawbridge_contract::types::SecretText;
use drawbridge_domain::connector::Field;

use crate::http::failure::Faults;

/// Notes what was sent for fields that are not there.
pub(super) fn refuse_unknown(
    fields: &[&Field],
    settings: &BTreeMap<String, String>,
    credentials: &BTreeMap<String, SecretText>,
    faults: &mut Faults,
) {
    let known =
        |id: &String, secret: bool| fields.iter().any(|field| field.id == *id && field.secret == secret);
    for id in settings.keys().filter(|id| !known(id, false)) {
        faults.add(&format!("settings.{}", bounded(id)), "unknown_field", "There is no such field here.");
    }
    for id in credentials.keys().filter(|id| !known(id, true)) {
        faults.add(&format!("credentials.{}", bounded(id)), "unknown_field", "There is no such field here.");
    }
}

fn bounded(id: &str) -> String {
    id.chars().filter(|c| !c.is_control()).take(100).collect()
}

/// What a connection had, with what was typed over it: an empty secret is kept, an empty setting is emptied.
pub(super) fn over(
    fields: &[&Field],
    (settings, secrets): (&mut BTreeMap<String, String>, &mut BTreeMap<String, String>),
    (typed, secret): (&BTreeMap<String, String>, &BTreeMap<String, SecretText>),
    faults: &mut Faults,
) {
    for field in fields {
        let (place, old, new) = if field.secret {
            let new = secret.get(&field.id).map(SecretText::expose).filter(|text| !text.is_empty());
            ("credentials", secrets.get(&field.id), new)
        } else {
            ("settings", settings.get(&field.id), typed.get(&field.id).map(String::as_str))
        };
        // What was there before is there still, also where the rules have become stricter meanwhile.
        let Some(new) = new else {
            if old.is_none() && field.check(field.default.as_deref().unwrap_or_default()).is_err() {
                faults.add(&format!("{place}.{}", field.id), "missing", "Fill this in.");
            }
            continue;
        };
        let value = if new.is_empty() { field.default.as_deref().unwrap_or_default() } else { new };
        if let Err(fault) = field.check(value) {
            faults.add(&format!("{place}.{}", field.id), fault.code(), fault.to_string());
            continue;
        }
        let map = if field.secret { &mut *secrets } else { &mut *settings };
        let clean = field.clean(value);
        if clean.is_empty() {
            map.remove(&field.id);
        } else {
            map.insert(field.id.clone(), clean);
        }
    }
}
