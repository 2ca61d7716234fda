use drawbridge_domain::id::{GatewayId, ReplicaId};
use proptest::prelude::*;

use crate::link::proof::{Enrolling, Leaving, NewKey, Proof, hex, unhex};

#[test]
fn the_signed_texts_stand_as_they_are_known() {
    let (gateway, replica) = (GatewayId::new(1, [0; 10]), ReplicaId::new(2, [0; 10]));
    let server = "https://drawbridge.example.org";
    let link =
        Proof { server, gateway: &gateway, replica: &replica, server_nonce: &[1; 32], agent_nonce: &[2; 32] };
    assert_eq!(
        link.text(),
        format!(
            "drawbridge gateway link, version 1\nhttps://drawbridge.example.org\ngw_00000000010000000000000000\n\
             gwr_00000000020000000000000000\n{}\n{}\n",
            "01".repeat(32),
            "02".repeat(32)
        )
    );
    let key = NewKey { server, gateway: &gateway, replica: &replica, nonce: &[1; 32], key: &[2; 32] };
    let joining = Enrolling { server, code: "7K2M9QXA04TR", key: &[2; 32] };
    let leaving = Leaving { server, gateway: &gateway, replica: &replica, at: 5 };
    assert_eq!(
        joining.text(),
        format!("drawbridge gateway enrolment, version 1\n{server}\n7K2M9QXA04TR\n{}\n", "02".repeat(32))
    );
    let all = [link.text(), key.text(), joining.text(), leaving.text()];
    for (at, text) in all.iter().enumerate() {
        assert!(all.iter().skip(at + 1).all(|other| other.lines().next() != text.lines().next()));
    }
}

#[test]
fn everything_is_in_the_signature() {
    let (gateway, replica) = (GatewayId::new(1, [0; 10]), ReplicaId::new(2, [0; 10]));
    let (other_gateway, other_replica) = (GatewayId::new(9, [0; 10]), ReplicaId::new(9, [0; 10]));
    let one = Proof {
        server: "https://a",
        gateway: &gateway,
        replica: &replica,
        server_nonce: &[1; 32],
        agent_nonce: &[2; 32],
    };
    let others = [
        Proof { server: "https://b", ..one.clone() },
        Proof { gateway: &other_gateway, ..one.clone() },
        Proof { replica: &other_replica, ..one.clone() },
        Proof { server_nonce: &[3; 32], ..one.clone() },
        Proof { agent_nonce: &[3; 32], ..one.clone() },
        Proof { server_nonce: &[2; 32], agent_nonce: &[1; 32], ..one.clone() },
    ];
    for other in others {
        assert_ne!(one.text(), other.text());
    }
}

#[test]
fn a_line_end_in_a_part_makes_no_line() {
    let joining = Enrolling { server: "https://a\nX", code: "C", key: &[0; 32] };
    assert_eq!(joining.text().lines().count(), 4);
}

proptest! {
    #[test]
    fn hexadecimal_digits_are_read_back(bytes: [u8; 32]) {
        prop_assert_eq!(unhex(&hex(&bytes)), Some(bytes));
        prop_assert_eq!(unhex::<31>(&hex(&bytes)), None);
    }

    #[test]
    fn other_texts_are_none(text in "\\PC{0,8}") {
        if let Some(bytes) = unhex::<4>(&text) {
            prop_assert_eq!(hex(&bytes), text);
        }
    }
}
