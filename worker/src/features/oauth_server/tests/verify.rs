//! Access tokens of all kinds, most of them bad.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::id::SigningKeyId;
use drawbridge_domain::time::{HOUR, SECOND};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::super::{Invalid, verify as verified};
use super::*;
use crate::encoding::base64url;
use crate::features::authority::Claims;
use crate::testing::{PureSignatures, Signer};

fn check(harness: &Harness, token: &str) -> Result<Claims, Invalid> {
    pollster::block_on(verified(&harness.services, ORIGIN, token))
}

#[track_caller]
fn bad(harness: &Harness, token: &str) {
    let found = check(harness, token);
    assert!(matches!(found, Err(Invalid::Bad)), "{found:?} {}", &token[..token.len().min(200)]);
    // Spaces around a header's value are none of it (RFC 9110 §5.5).
    if token == token.trim_end() {
        at_the_door(harness, token);
    }
}

/// A call with such a token is refused, as RFC 6750 §3.1 says and whatever is wrong with it.
#[track_caller]
fn at_the_door(harness: &Harness, token: &str) {
    let header = format!("Bearer {token}");
    let answer = send(harness, Method::GET, "/api/v1/session", &[("authorization", &header)], "");
    let is_one = !token.is_empty() && !token.contains(' ');
    let (code, error) = if is_one {
        (ProblemCode::Unauthenticated, "invalid_token")
    } else {
        (ProblemCode::BadRequest, "invalid_request")
    };
    answer.problem(code);
    let wanted = format!("Bearer realm=\"drawbridge\", error=\"{error}\"");
    assert_eq!(answer.header("www-authenticate"), Some(&*wanted));
    assert!(token.len() < 9 || !answer.text().contains(token), "the token is not repeated");
}

/// The parts of a good token, and the key that signed it.
fn good(world: &World) -> (String, Json, Json, Signer) {
    let token = world.token();
    let (header, claims) = taken_apart(&token);
    let key = Signer::Ed(1);
    assert_eq!(key.token(&header, &claims).len(), token.len());
    assert!(check(&world.harness, &key.token(&header, &claims)).is_ok(), "the same key");
    (token, header, claims, key)
}

fn with(json: &Json, name: &str, value: Json) -> Json {
    let mut changed = json.clone();
    changed[name] = value;
    changed
}

#[test]
fn a_good_token_says_whose_it_is() {
    let world = World::new();
    let token = token_of(&world.harness, &world.app, "&scope=read:user");
    let claims = check(&world.harness, &token).unwrap();
    assert_eq!((claims.app, claims.tenant), (world.app.id.clone(), world.tenant.clone()));
    assert_eq!(claims.scopes.to_string(), "read:user");
    assert_eq!(claims.expires_at, world.harness.services.now().plus(HOUR));
}

#[test]
fn the_algorithm_is_the_keys_own_and_never_none() {
    let world = World::new();
    let (token, header, claims, key) = good(&world);
    let message = token.rsplit_once('.').unwrap().0;
    bad(&world.harness, message);
    bad(&world.harness, &format!("{message}."));
    for none in ["none", "None", "NONE", "", "RS256", "ES256", "HS256", "Ed25519", "eddsa"] {
        let header = with(&header, "alg", json!(none));
        bad(&world.harness, &key.token(&header, &claims));
        let unsigned = key.token(&header, &claims);
        bad(&world.harness, &format!("{}.", unsigned.rsplit_once('.').unwrap().0));
    }
    // Signed by HMAC with the public key, which everybody knows, as its secret.
    let public = world.harness.db.query("SELECT public_jwk FROM signing_keys")[0]["public_jwk"].clone();
    let point = key.key()["x"].as_str().unwrap().to_owned();
    for secret in [public.as_str().unwrap().as_bytes(), &from_base64url(&point).unwrap(), point.as_bytes()] {
        let unsigned = key.token(&with(&header, "alg", json!("HS256")), &claims);
        let message = unsigned.rsplit_once('.').unwrap().0;
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
        mac.update(message.as_bytes());
        bad(&world.harness, &format!("{message}.{}", base64url(&mac.finalize().into_bytes())));
    }
}

#[test]
fn another_key_signs_nothing_here() {
    let world = World::new();
    let (_, header, claims, key) = good(&world);
    bad(&world.harness, &Signer::Ed(9).token(&header, &claims));
    for kid in ["", "sgk_0000000001zzzzzzzzzzzzzzzz", "../../etc/passwd", "' OR 1=1"] {
        bad(&world.harness, &key.token(&with(&header, "kid", json!(kid)), &claims));
    }
    // A key that the token itself brings along or names is nobody's.
    let stranger = Signer::Ed(9);
    for (name, value) in [
        ("jwk", stranger.key()),
        ("jku", json!("https://evil.example")),
        ("x5u", json!("https://evil.example")),
    ] {
        bad(&world.harness, &stranger.token(&with(&header, name, value), &claims));
    }
    let other = add_app(&world.harness, &world.tenant, "full", "RS256");
    let (rsa, _) = taken_apart(&token_of(&world.harness, &other, ""));
    bad(&world.harness, &key.token(&with(&header, "kid", rsa["kid"].clone()), &claims));
    bad(&world.harness, &Signer::Rsa.token(&header, &claims));
}

#[test]
fn a_token_that_was_altered_is_none() {
    let world = World::new();
    let (token, _, claims, _) = good(&world);
    let parts: Vec<&str> = token.split('.').collect();
    let others = [
        ("client_id", json!("app_0000000001zzzzzzzzzzzzzzzz")),
        ("tenant", json!("ten_0000000001zzzzzzzzzzzzzzzz")),
        ("scope", json!("read:audit")),
        ("exp", json!(9_999_999_999_i64)),
    ];
    for (name, value) in others {
        let body = base64url(with(&claims, name, value).to_string().as_bytes());
        bad(&world.harness, &format!("{}.{body}.{}", parts[0], parts[2]));
    }
    for at in [0, parts[0].len() + 5, token.len() - 10] {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        bad(&world.harness, &String::from_utf8(bytes).unwrap());
    }
}

#[test]
fn what_is_no_access_token_is_refused_however_well_it_is_signed() {
    let world = World::new();
    let (token, header, claims, key) = good(&world);
    for typ in ["JWT", "at+jwtx", "application/jwt", "", "logout+jwt"] {
        bad(&world.harness, &key.token(&with(&header, "typ", json!(typ)), &claims));
    }
    let mut untyped = header.clone();
    untyped.as_object_mut().unwrap().remove("typ");
    bad(&world.harness, &key.token(&untyped, &claims));
    bad(&world.harness, &key.token(&with(&header, "crit", json!(["exp"])), &claims));
    for typ in ["AT+JWT", "application/at+jwt"] {
        assert!(check(&world.harness, &key.token(&with(&header, "typ", json!(typ)), &claims)).is_ok());
    }
    for missing in ["iss", "exp", "aud", "sub", "client_id", "iat", "jti", "scope", "tenant"] {
        let mut less = claims.clone();
        less.as_object_mut().unwrap().remove(missing);
        bad(&world.harness, &key.token(&header, &less));
    }
    for text in
        ["", ".", "..", "...", "a.b.c", &token.replace('.', ""), &format!("{token}.x"), &format!("{token} ")]
    {
        bad(&world.harness, text);
    }
    bad(&world.harness, &format!("{token}{}", "A".repeat(100_000)));
    bad(&world.harness, &key.token(&header, &with(&claims, "more", json!("x".repeat(100_000)))));
    // A member that is there twice: nobody may choose which one counts.
    let twice = claims.to_string().replacen('{', "{\"exp\":9999999999,", 1);
    let message = format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(twice.as_bytes()));
    bad(&world.harness, &format!("{message}.{}", base64url(&key.signature(message.as_bytes()))));
}

#[test]
fn a_token_for_somebody_else_is_refused() {
    let world = World::new();
    let (token, header, claims, key) = good(&world);
    let elsewhere = json!("https://other.example");
    for (name, value) in [
        ("iss", elsewhere.clone()),
        ("iss", json!(format!("{ORIGIN}/"))),
        ("aud", elsewhere),
        ("aud", json!([])),
        ("sub", json!("usr_0000000001zzzzzzzzzzzzzzzz")),
        ("sub", json!("app_0000000001zzzzzzzzzzzzzzzz")),
    ] {
        bad(&world.harness, &key.token(&header, &with(&claims, name, value)));
    }
    // Remembered as good here, it is so under no other address.
    let found = pollster::block_on(verified(&world.harness.services, "https://other.example", &token));
    assert!(matches!(found, Err(Invalid::Bad)));
}

#[test]
fn a_token_lives_to_the_second_and_not_before_its_time() {
    let world = World::new();
    let (_, header, claims, key) = good(&world);
    let now = claims["iat"].as_i64().unwrap();
    for name in ["iat", "nbf"] {
        let early = key.token(&header, &with(&claims, name, json!(now + 1)));
        bad(&world.harness, &early);
        world.harness.clock.advance(SECOND);
        assert!(check(&world.harness, &early).is_ok(), "{name}");
        world.harness.clock.advance(-SECOND);
    }
    let token = world.token();
    let fresh = key.token(&header, &with(&claims, "jti", json!("atk_0000000001zzzzzzzzzzzzzzzz")));
    assert!(check(&world.harness, &token).is_ok());
    world.harness.clock.advance(HOUR - 1);
    assert!(check(&world.harness, &token).is_ok(), "the last millisecond");
    world.harness.clock.advance(1);
    for over in [&token, &fresh] {
        let found = check(&world.harness, over);
        assert!(matches!(found, Err(Invalid::Expired)), "remembered or not: {found:?}");
        at_the_door(&world.harness, over);
    }
}

#[test]
fn a_signature_is_checked_once_and_what_is_remembered_is_bounded() {
    let world = World::new();
    let signatures = Rc::new(PureSignatures::default());
    let counting = Rc::clone(&signatures);
    let token = world.token();
    let harness = world.harness.variant(|services| {
        services.signatures = counting;
        services.issuing = Rc::default();
    });
    for _ in 0..3 {
        assert!(check(&harness, &token).is_ok());
    }
    assert_eq!(signatures.checked.get(), 1);
    let (header, claims) = taken_apart(&token);
    for number in 0..1000_u16 {
        let [high, low] = number.to_be_bytes();
        let id = drawbridge_domain::id::AccessTokenId::new(1, [0, 0, 0, 0, 0, 0, 0, 0, high, low]);
        assert!(check(&harness, &Signer::Ed(1).token(&header, &with(&claims, "jti", json!(id)))).is_ok());
    }
    assert_eq!(signatures.checked.get(), 1001);
    assert!(harness.services.issuing.remembered.len() <= 1000);
    // A bad one is not remembered at all.
    let before = harness.services.issuing.remembered.len();
    bad(&harness, &Signer::Ed(9).token(&header, &claims));
    assert_eq!(harness.services.issuing.remembered.len(), before);
}

#[test]
fn a_key_that_is_taken_away_is_accepted_nowhere_ten_seconds_later() {
    let world = World::new();
    let token = world.token();
    let other = world.harness.variant(|services| services.issuing = Rc::default());
    assert!(check(&world.harness, &token).is_ok() && check(&other, &token).is_ok());
    world.harness.db.script("DELETE FROM signing_keys");
    world.harness.clock.advance(10 * SECOND);
    bad(&world.harness, &token);
    bad(&other, &token);
    // Another key takes its place at once, in every instance.
    let (header, _) = taken_apart(&world.token());
    let (former, _) = taken_apart(&token);
    assert_ne!(header["kid"], former["kid"]);
    assert!(SigningKeyId::parse(header["kid"].as_str().unwrap()).is_ok());
}

#[test]
fn a_key_that_another_instance_has_just_made_is_found() {
    let world = World::new();
    let other = world.harness.variant(|services| services.issuing = Rc::default());
    token_of(&other, &world.app, "");
    let rsa = add_app(&world.harness, &world.tenant, "full", "RS256");
    let token = token_of(&world.harness, &rsa, "");
    bad(&other, &token);
    world.harness.clock.advance(SECOND);
    assert!(check(&other, &token).is_ok());
    // Whoever sends unknown ids makes one look-up a second.
    let (header, claims) = taken_apart(&token);
    let before = world.harness.db.batches.borrow().len();
    for number in 0..50 {
        let id = SigningKeyId::new(number, [0; 10]);
        bad(&other, &Signer::Rsa.token(&with(&header, "kid", json!(id)), &claims));
    }
    assert!(world.harness.db.batches.borrow().len() <= before + 1);
}
