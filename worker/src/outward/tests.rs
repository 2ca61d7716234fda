//! Every notation of an inward address is refused; what is public passes.

use std::net::{Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::is_public;

#[test]
fn inward_addresses_are_refused_in_every_notation() {
    for url in [
        "http://example.com",
        "ftp://api.example.net",
        "https://localhost",
        "https://localhost.",
        "https://LocalHost:8443",
        "https://a.localhost",
        "https://intranet",
        "https://127.0.0.1",
        "https://127.0.0.1.",
        "https://127.1",
        "https://127.0.1",
        "https://2130706433",
        "https://0x7f000001",
        "https://0x7f.1",
        "https://017700000001",
        "https://0177.0.0.1",
        "https://0",
        "https://10.0.0.1",
        "https://192.168.1.1",
        "https://172.16.0.1",
        "https://169.254.169.254",
        "https://0xa9fea9fe",
        "https://168.63.129.16",
        "https://100.100.100.200",
        "https://100.64.0.1",
        "https://0.0.0.0",
        "https://255.255.255.255",
        "https://224.0.0.1",
        "https://192.88.99.1",
        "https://[::1]",
        "https://[::]",
        "https://[fe80::1]",
        "https://[fe80::1%25eth0]",
        "https://[fd00:ec2::254]",
        "https://[ff02::1]",
        "https://[::ffff:127.0.0.1]",
        "https://[::127.0.0.1]",
        "https://[64:ff9b::7f00:1]",
        "https://[64:ff9b:1::7f00:1]",
        "https://[2002:7f00:1::]",
        "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
        "https://[2001:db8::1]",
        "https://[3fff::1]",
        "https://metadata.google.internal",
        "https://metadata.google.internal.",
        "https://printer.local",
        "https://kubernetes.default.svc",
        "https://127.0.0.1.nip.io",
        "https://app.localtest.me",
        "https://user@93.184.216.34",
        "https://user:word@api.example.net",
        "https://api.example.net:22",
        "https://api.example.net:25",
        "https://api.example.net:80",
        "https://１２７.0.0.1",
        "https://127。0。0。1",
        "https://ⓛocalhost",
        "https://bücher.example.org",
        "https://api.example.net\\@127.0.0.1",
        "https://127.0.0.1\t.example.net",
        "https://api..example.net",
        "https://",
        "nonsense",
    ] {
        assert!(!is_public(url), "{url}");
    }
    for url in [
        "https://api.example.net/x",
        "https://api.example.net.:443/x?y",
        "https://api.example.net:8443",
        "https://93.184.216.34",
        "https://[2606:4700::1111]",
        "https://xn--bcher-kva.example.org",
        "https://snip.io",
    ] {
        assert!(is_public(url), "{url}");
    }
}

#[test]
fn the_tables_for_other_scripts_are_not_in_the_worker() {
    let words = "cargo update -p idna_adapter --precise 1.0.0 (docs/adr/0010-other-scripts.md)";
    assert!(url::Url::parse("https://bücher.example.org").is_err(), "{words}");
    assert!(url::Url::parse("https://xn--bcher-kva.example.org").is_ok());
}

/// An address in one of the ranges that never are public.
fn inward() -> impl Strategy<Value = Ipv4Addr> {
    let range = |base: [u8; 4], bits: u32| {
        let base = u32::from(Ipv4Addr::from(base));
        any::<u32>().prop_map(move |host| Ipv4Addr::from(base | (host & (u32::MAX >> bits))))
    };
    prop_oneof![
        range([0, 0, 0, 0], 8),
        range([10, 0, 0, 0], 8),
        range([100, 64, 0, 0], 10),
        range([127, 0, 0, 0], 8),
        range([169, 254, 0, 0], 16),
        range([172, 16, 0, 0], 12),
        range([192, 168, 0, 0], 16),
        range([198, 18, 0, 0], 15),
        range([224, 0, 0, 0], 3),
    ]
}

/// The same address as a browser or a C library would read it too.
fn spelled(address: Ipv4Addr, way: u8) -> String {
    let whole = u32::from(address);
    let [a, b, c, d] = address.octets();
    match way % 9 {
        0 => address.to_string(),
        1 => format!("{whole}"),
        2 => format!("{whole:#x}"),
        3 => format!("0{whole:o}"),
        4 => format!("{a:#x}.{b:#X}.{c:#x}.{d:#x}").replace("0X", "0x"),
        5 => format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        6 => format!("{a}.{}", whole & 0x00ff_ffff),
        7 => format!("{a}.{b}.{}", whole & 0xffff),
        _ => format!("{address}."),
    }
}

proptest! {
    #[test]
    fn no_spelling_of_an_inward_v4_passes(address in inward(), way in any::<u8>(), port in any::<bool>()) {
        let port = if port { ":8443" } else { "" };
        let url = format!("https://{}{port}/x", spelled(address, way));
        prop_assert!(!is_public(&url), "{}", url);
    }

    #[test]
    fn no_v6_that_carries_an_inward_v4_passes(address in inward(), way in 0u8..5) {
        let [a, b, c, d] = address.octets();
        let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        let carried = match way {
            0 => Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, high, low),
            1 => Ipv6Addr::new(0, 0, 0, 0, 0, 0, high, low),
            2 => Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
            3 => Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
            _ => Ipv6Addr::new(0x2001, 0, high, low, 0, 0, !high, !low),
        };
        let url = format!("https://[{carried}]/");
        prop_assert!(!is_public(&url), "{}", url);
    }

    #[test]
    fn no_local_v6_passes(first in prop_oneof![0u16..0x2000, 0x4000u16..=0xffff], rest in any::<[u16; 7]>()) {
        let [b, c, d, e, f, g, h] = rest;
        let url = format!("https://[{}]/", Ipv6Addr::new(first, b, c, d, e, f, g, h));
        prop_assert!(!is_public(&url), "{}", url);
    }

    #[test]
    fn nothing_makes_it_panic(text in "\\PC*") {
        is_public(&text);
        is_public(&format!("https://{text}"));
    }
}
