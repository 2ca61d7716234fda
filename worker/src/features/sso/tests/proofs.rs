//! ID tokens, keys and user info.

use drawbridge_domain::time::{HOUR, MINUTE};
use serde_json::{Value as Json, json};

use super::{
    ISSUER, bring, claims, come_back, description, is_in, open_to_all, proved, ready, refused, slug, start,
};
use crate::encoding::base64url;
use crate::ports::OutwardError;
use crate::testing::Signer;

#[test]
fn only_a_token_that_is_signed_for_us_and_now_is_believed() {
    let (harness, ada) = ready();
    proved(&harness, &ada.tenant(), "example.com");
    open_to_all(&harness);
    let slug = slug(&ada);
    let browser = harness.browser();
    let now = harness.services.now().millis() / 1000;
    let with = |name: &str, value: Json| {
        let sent = start(&browser, &format!("tenant={slug}"));
        let mut claims = claims(&harness, &sent, "g1", "grace@example.com");
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value;
        }
        bring(&browser, &sent, &Signer::Ec(1).sign(&claims))
    };
    for (name, value) in [
        ("iss", json!("https://id.example.com/")),
        ("iss", json!("https://evil.example.com")),
        ("iss", Json::Null),
        ("aud", json!("another")),
        ("aud", json!(["another", "third"])),
        ("aud", json!([])),
        ("aud", Json::Null),
        ("aud", json!(["drawbridge", "another"])),
        ("azp", json!("another")),
        ("exp", json!(now - 61)),
        ("exp", json!("tomorrow")),
        ("exp", Json::Null),
        ("iat", json!(now + 120)),
        ("iat", json!(now - 3600)),
        ("iat", Json::Null),
        ("nbf", json!(now + 120)),
        ("nonce", json!("another")),
        ("nonce", Json::Null),
        ("sub", json!("")),
        ("sub", json!("x".repeat(256))),
        ("sub", json!(7)),
    ] {
        let words = format!("{name} {value}");
        assert_eq!(with(name, value).header("x-refusal"), Some("bad_token"), "{words}");
    }
    // Clocks that are a little apart, and several audiences with the party named, are fine.
    is_in(&with("iat", json!(now + 30)), "/");
    is_in(&with("aud", json!(["drawbridge"])), "/");
    let sent = start(&browser, &format!("tenant={slug}"));
    let mut several = claims(&harness, &sent, "g1", "grace@example.com");
    (several["aud"], several["azp"]) = (json!(["drawbridge", "x"]), json!("drawbridge"));
    is_in(&bring(&browser, &sent, &Signer::Rsa.sign(&several)), "/");
}

#[test]
fn other_signatures_are_none() {
    let (harness, ada) = ready();
    proved(&harness, &ada.tenant(), "example.com");
    open_to_all(&harness);
    let slug = slug(&ada);
    let browser = harness.browser();
    let fresh = || {
        let sent = start(&browser, &format!("tenant={slug}"));
        let claims = claims(&harness, &sent, "g1", "grace@example.com");
        (sent, claims)
    };
    let forge = |header: Json, signer: Signer| {
        let (sent, claims) = fresh();
        bring(&browser, &sent, &signer.token(&header, &claims))
    };
    for (header, signer) in [
        (json!({ "alg": "none" }), Signer::Ec(1)),
        (json!({ "alg": "None", "kid": "ec1" }), Signer::Ec(1)),
        (json!({ "alg": "HS256", "kid": "rsa" }), Signer::Rsa),
        (json!({ "alg": "RS384", "kid": "rsa" }), Signer::Rsa),
        (json!({ "kid": "ec1" }), Signer::Ec(1)),
        (json!({ "alg": "ES256", "kid": "ec1", "crit": ["b64"], "b64": false }), Signer::Ec(1)),
        // Another's signature under the provider's name, and a key of the wrong kind.
        (json!({ "alg": "ES256", "kid": "ec1" }), Signer::Ec(2)),
        (json!({ "alg": "RS256", "kid": "ec1" }), Signer::Ec(1)),
        (json!({ "alg": "ES256", "kid": "rsa" }), Signer::Ec(1)),
        // A key that the token brings itself is not looked at.
        (json!({ "alg": "ES256", "kid": "ec1", "jwk": Signer::Ec(2).key() }), Signer::Ec(2)),
    ] {
        assert_eq!(forge(header.clone(), signer).header("x-refusal"), Some("bad_token"), "{header}");
    }
    let (sent, claims) = fresh();
    let good = Signer::Ec(1).sign(&claims);
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (header, _) = message.split_once('.').unwrap();
    let other = base64url(claims.to_string().replace("g1", "ada").as_bytes());
    for token in [
        format!("{message}."),
        message.to_owned(),
        format!("{header}.{other}.{signature}"),
        format!("{good}.{signature}"),
        format!("{good}x"),
        "a.b.c".to_owned(),
        String::from("."),
        "x".repeat(40_000),
    ] {
        let sent = start(&browser, &format!("tenant={slug}"));
        assert_eq!(bring(&browser, &sent, &token).header("x-refusal"), Some("bad_token"), "{token:.60}");
    }
    is_in(&bring(&browser, &sent, &good), "/");
    // Without a name the key is found all the same.
    is_in(&forge(json!({ "alg": "RS256" }), Signer::Rsa), "/");
}

#[test]
fn keys_are_fetched_when_they_are_unknown_or_old_and_not_all_the_time() {
    let (harness, ada) = ready();
    proved(&harness, &ada.tenant(), "example.com");
    open_to_all(&harness);
    let slug = slug(&ada);
    let browser = harness.browser();
    let bring = |signer: Signer, keys: Option<Json>| {
        let sent = start(&browser, &format!("tenant={slug}"));
        let token = signer.sign(&claims(&harness, &sent, "g1", "grace@example.com"));
        harness.outward.next_json(200, json!({ "id_token": token }));
        if let Some(keys) = keys {
            harness.outward.next_json(200, json!({ "keys": keys }));
        }
        harness.outward.asked.borrow_mut().clear();
        let answer = come_back(&browser, &sent);
        harness.outward.clear();
        let asked = harness.outward.asked.borrow().len();
        (answer, asked - 1)
    };
    let weak = json!({ "kty": "RSA", "kid": "ec2", "n": base64url(&[255; 128]), "e": "AQAB" });
    let secret = json!({ "kty": "oct", "kid": "ec2", "k": "AAAA" });
    // The keys were fetched just now: an unknown name is no reason to ask again.
    let (answer, asked) = bring(Signer::Ec(2), None);
    refused(&answer, "bad_token");
    assert_eq!(asked, 0);
    harness.clock.advance(MINUTE);
    let rotated = json!([weak, secret, Signer::Ec(2).key(), { "kty": "EC" }, 5, "x"]);
    let (answer, asked) = bring(Signer::Ec(2), Some(rotated.clone()));
    is_in(&answer, "/");
    assert_eq!(asked, 1);
    let kept = harness.db.query("SELECT keys FROM sso")[0]["keys"].as_str().unwrap().to_owned();
    assert_eq!(serde_json::from_str::<Vec<Json>>(&kept).unwrap().len(), 1, "{kept}");
    // The old key is withdrawn.
    let (answer, asked) = bring(Signer::Ec(1), None);
    refused(&answer, "bad_token");
    assert_eq!(asked, 0);
    // An hour later even a known one is asked for; and while that fails nobody comes in.
    harness.clock.advance(HOUR);
    let (answer, asked) = bring(Signer::Ec(2), None);
    refused(&answer, "provider_unreachable");
    assert_eq!(asked, 1);
    // It is well again: nobody waits because somebody else asked a moment ago.
    let (answer, asked) = bring(Signer::Ec(2), Some(rotated));
    is_in(&answer, "/");
    assert_eq!(asked, 1);
    assert_eq!(bring(Signer::Ec(2), None).1, 0);
    harness.clock.advance(HOUR);
    refused(&bring(Signer::Ec(2), Some(json!("none"))).0, "provider_nonsense");
}

#[test]
fn user_info_is_asked_for_the_email_and_must_be_about_the_same_person() {
    let (harness, ada) = ready();
    proved(&harness, &ada.tenant(), "example.com");
    open_to_all(&harness);
    let slug = slug(&ada);
    let browser = harness.browser();
    let bring = |info: Result<Json, OutwardError>| {
        let sent = start(&browser, &format!("tenant={slug}"));
        let mut claims = claims(&harness, &sent, "g1", "");
        claims.as_object_mut().unwrap().remove("email");
        let token = Signer::Ec(1).sign(&claims);
        harness.outward.next_json(200, json!({ "id_token": token, "access_token": "at-1" }));
        match info {
            Ok(info) => harness.outward.next_json(200, info),
            Err(error) => harness.outward.next(move |_| Err(error.clone())),
        }
        come_back(&browser, &sent)
    };
    refused(&bring(Err(OutwardError::TimedOut)), "provider_unreachable");
    let other = json!({ "sub": "ada", "email": "grace@example.com", "email_verified": true });
    refused(&bring(Ok(other)), "provider_nonsense");
    refused(&bring(Ok(json!({ "sub": "g1" }))), "no_email");
    refused(&bring(Ok(json!({ "sub": "g1", "email": "nonsense", "email_verified": true }))), "no_email");
    refused(&bring(Ok(json!({ "sub": "g1", "email": "grace@example.com" }))), "email_not_verified");
    refused(
        &bring(Ok(json!({ "sub": "g1", "email": "grace@example.com", "email_verified": "yes" }))),
        "email_not_verified",
    );
    let good = json!({ "sub": "g1", "email": "Grace@Example.com", "email_verified": true, "name": "Grace B Hopper" });
    is_in(&bring(Ok(good)), "/");
    let me = browser.who_am_i();
    assert_eq!((me.user.first_name.as_str(), me.user.last_name.as_str()), ("Grace", "B Hopper"));
    assert_eq!(harness.outward.asked.borrow().last().unwrap().headers["authorization"], "Bearer at-1");
}

#[test]
fn what_a_provider_says_of_itself_is_asked_again_after_a_day() {
    let (harness, ada) = ready();
    let slug = slug(&ada);
    harness.clock.advance(24 * HOUR);
    let browser = harness.browser();
    // It does not answer: what is known is good enough to try.
    start(&browser, &format!("tenant={slug}"));
    let mut moved = description();
    moved["authorization_endpoint"] = json!("https://id.example.com/authorize?v=2");
    harness.outward.next_json(200, moved);
    assert_eq!(start(&browser, &format!("tenant={slug}"))["v"], "2");
    assert_eq!(start(&browser, &format!("tenant={slug}"))["v"], "2");
    harness.clock.advance(24 * HOUR);
    let mut other = description();
    other["issuer"] = json!("https://evil.example.com");
    harness.outward.next_json(200, other);
    let page = browser.send(http::Method::GET, &format!("/oauth/sign-in?tenant={slug}"), None);
    refused(&page, "provider_nonsense");
    assert!(ISSUER.starts_with("https"));
}
