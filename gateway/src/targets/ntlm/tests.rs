use super::messages::{Challenge, Pairs, negotiate};
use super::*;

fn bytes(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// The server's message of MS-NLMP 4.2.4.3.
fn challenge() -> Vec<u8> {
    bytes(
        "4e544c4d53535000 02000000 0c000c0038000000 33828ae2 0123456789abcdef 0000000000000000
         2400240044000000 060070170000000f 530065007200760065007200
         02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000",
    )
}

#[test]
fn keys_are_those_of_the_standard() {
    // MS-NLMP 4.2.4.1.1.
    let key = owf("User", "Domain", "Password").unwrap();
    assert_eq!(key.as_slice(), bytes("0c868a403bfd7a93a3001ef22ef02e3f"));
    // 4.2.4.2.2: the response to the challenge above with a client's nonce of 0xaa and no time.
    let read = Challenge::read(&challenge()).unwrap();
    let mut claim = bytes("0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000");
    claim.extend(Pairs::read(&read.target_info).unwrap().bytes());
    claim.extend([0; 4]);
    assert_eq!(
        hmac(&key, &[&read.nonce, &claim]).unwrap().to_vec(),
        bytes("68cd0ab851e51c96aabc927bebef6a1c")
    );
    // 4.2.4.2.1.
    assert_eq!(
        hmac(&key, &[&read.nonce, &[0xaa; 8]]).unwrap().to_vec(),
        bytes("86c35097ac9cec102554764a57cccc19")
    );
}

#[test]
fn a_binding_is_the_hash_of_the_certificates_hash() {
    // RFC 5929 over what MS-NLMP calls ClientChannelBindingsUnhashed; computed with Python's hashlib.
    assert_eq!(binding(&[7; 32]).to_vec(), bytes("b1a3c6580100729194d4b9487c9edceb"));
}

#[test]
fn names_are_taken_apart() {
    assert_eq!(split("CORP\\ada"), ("ada", "CORP"));
    assert_eq!(split("ada@corp.local"), ("ada@corp.local", ""));
    assert_eq!(split("ada"), ("ada", ""));
}

#[test]
fn other_messages_are_none() {
    let right = challenge();
    let proof = |challenge| Proof {
        negotiate: &[],
        challenge,
        nonce: [1; 8],
        time: 5,
        service: "HTTP/a",
        certificate: None,
        machine: "M",
    };
    assert!(authenticate("u", "p", &proof(&right)).is_some());
    for length in 0..right.len() {
        let cut = right.get(..length).unwrap();
        assert!(authenticate("u", "p", &proof(cut)).is_none(), "{length}");
    }
    let mut other = right.clone();
    other[8] = 1;
    assert!(authenticate("u", "p", &proof(&other)).is_none());
    let mut endless = right.clone();
    endless[40] = 0xff;
    endless[41] = 0xff;
    assert!(authenticate("u", "p", &proof(&endless)).is_none());
    assert_eq!(negotiate().len(), 40);
}
