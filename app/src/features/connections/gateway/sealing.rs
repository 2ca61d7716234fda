//! Sealing: a box for each of the gateway's machines, made of what is typed and of nothing else.

use std::cell::RefCell;
use std::rc::Rc;

use drawbridge_contract::link::sealed::{Credentials, Purpose, SealedFor, seal as seal_one};
use drawbridge_contract::types::gateways::{GatewayTargets, SealingKey};
use drawbridge_domain::connector::Login;
use drawbridge_domain::id::GatewayId;
use leptos::prelude::*;

use super::{Parts, Seal};
use crate::client::ApiError;
use crate::features::connections::words;

/// What boxes were made of. The same boxes are sent again for the same: then a request whose answer was lost is told
/// from a new one.
#[derive(PartialEq)]
struct Made {
    gateway: GatewayId,
    target: String,
    keys: Vec<SealingKey>,
    credentials: Credentials,
}

/// The last boxes, with what they were made of.
type Kept = Option<(Made, Vec<SealedFor>)>;

/// Seals what is typed when it is called.
pub(super) fn seal(parts: Parts, targets: Memo<Option<Result<GatewayTargets, ApiError>>>) -> Seal {
    let last: Rc<RefCell<Kept>> = Rc::default();
    Rc::new(move || {
        let last = Rc::clone(&last);
        let made = untrack(move || {
            let Some(Ok(known)) = targets.try_get().flatten() else {
                return Err(words::NOT_READ_YET.to_owned());
            };
            let typed = |value: RwSignal<String>| Some(value.get_untracked()).filter(|text| !text.is_empty());
            let credentials = match parts.login.get_untracked() {
                Some(Login::Password) => Credentials {
                    username: typed(parts.username).map(|name| name.trim().to_owned()),
                    password: typed(parts.password),
                    token: None,
                },
                Some(Login::Token) => Credentials {
                    username: None,
                    password: None,
                    token: typed(parts.token).map(|token| token.trim().to_owned()),
                },
                Some(Login::Kept) | None => return Ok(None),
            };
            let (gateway, keys) = (known.gateway.id, known.sealing);
            Ok(Some(Made { gateway, target: parts.target.get_untracked(), keys, credentials }))
        });
        Box::pin(async move {
            let Some(made) = made? else { return Ok(Vec::new()) };
            if let Some((from, boxes)) = &*last.borrow()
                && *from == made
            {
                return Ok(boxes.clone());
            }
            let boxes = boxes(&made)?;
            last.replace(Some((made, boxes.clone())));
            Ok(boxes)
        })
    })
}

fn boxes(made: &Made) -> Result<Vec<SealedFor>, String> {
    if made.keys.is_empty() {
        return Err(words::NO_KEYS.to_owned());
    }
    let server = window().location().origin().map_err(|_| words::NOT_SEALED.to_owned())?;
    let crypto = window().crypto().map_err(|_| words::NOT_SEALED.to_owned())?;
    let one = |of: &SealingKey| {
        let mut failed = false;
        let random = |bytes: &mut [u8]| {
            failed |= crypto.get_random_values_with_u8_array(bytes).is_err();
        };
        let purpose =
            Purpose { server: &server, gateway: &made.gateway, replica: &of.replica, target: &made.target };
        let sealed = key(&of.key).and_then(|key| seal_one(&key, &purpose, &made.credentials, random).ok());
        match sealed {
            Some(sealed) if !failed => Ok(SealedFor { replica: of.replica.clone(), sealed }),
            _ => Err(words::NOT_SEALED.to_owned()),
        }
    };
    made.keys.iter().map(one).collect()
}

/// A public key from its 64 hexadecimal digits.
fn key(digits: &str) -> Option<[u8; 32]> {
    if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let mut key = [0; 32];
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(key)
}
