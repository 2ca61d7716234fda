//! The list of a thousand connections: every order, page by page.

use std::collections::BTreeSet;

use drawbridge_contract::endpoints::{ListConnections, MakeConnection, ReadUsage};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connections::{ConnectionSort, ConnectionSummary, ListConnectionsQuery};
use drawbridge_domain::connection::Status;
use drawbridge_domain::id::Id;
use drawbridge_domain::time::Timestamp;
use drawbridge_tests::fixtures::{User, by_key, shared};

fn pages(user: &User, query: &ListConnectionsQuery, size: u32) -> Vec<ConnectionSummary> {
    let mut all = Vec::new();
    let mut cursor = None;
    loop {
        let query = ListConnectionsQuery { cursor, page_size: Some(size), ..query.clone() };
        let page = user.to::<ListConnections>().query(query).good();
        assert!(
            page.items.len() <= size as usize
                && (page.next_cursor.is_none() || page.items.len() == size as usize)
        );
        all.extend(page.items);
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => return all,
        }
    }
}

#[test]
fn every_order_shows_each_connection_once() {
    use ConnectionSort as By;
    let stack = shared();
    let user = stack.in_tenant("Thousand");
    let keys = |all: &[ConnectionSummary], by: By| -> Vec<(String, i64, String)> {
        let key = |one: &ConnectionSummary| match by {
            By::Name | By::NameDescending => (one.name.to_lowercase(), 0),
            By::Created | By::CreatedDescending => (String::new(), one.created_at.millis()),
            By::LastVerified | By::LastVerifiedDescending => {
                (String::new(), one.last_verified_at.map_or(0, Timestamp::millis))
            }
        };
        all.iter().map(|one| (key(one).0, key(one).1, one.id.as_str().to_owned())).collect()
    };
    for (up, down, size) in [
        (By::Name, By::NameDescending, 200),
        (By::Created, By::CreatedDescending, 37),
        (By::LastVerified, By::LastVerifiedDescending, 199),
    ] {
        let all = pages(&user, &ListConnectionsQuery { sort: Some(up), ..Default::default() }, size);
        assert_eq!(all.iter().map(|one| &one.id).collect::<BTreeSet<_>>().len(), 1000, "{up:?}");
        let found = keys(&all, up);
        // Texts are in the order of their UTF-8 bytes, in SQLite as in Rust.
        assert!(found.is_sorted(), "{up:?}");
        let mut back =
            keys(&pages(&user, &ListConnectionsQuery { sort: Some(down), ..Default::default() }, size), down);
        back.reverse();
        assert_eq!(found, back, "{down:?}");
    }
}

#[test]
fn filters_and_counts_agree() {
    let stack = shared();
    let user = stack.in_tenant("Thousand");
    let list = user.to::<ListConnections>().good();
    assert_eq!(list.items.len(), 50, "a page unless another size is asked for");
    let counts = list.counts;
    assert_eq!((counts.active, counts.degraded, counts.invalid, counts.pending), (900, 50, 50, 0));
    let invalid = ListConnectionsQuery { status: Some(Status::Invalid), ..Default::default() };
    assert_eq!(pages(&user, &invalid, 20).len(), 50);
    for (search, found) in
        [("東京", 100), ("ÄRZTE", 100), ("😀", 100), ("москва 3", 12), ("  zebra 1 ", 12), ("%", 0), ("_", 0)]
    {
        let query = ListConnectionsQuery { search: Some(search.to_owned()), ..Default::default() };
        let all = pages(&user, &query, 200);
        assert_eq!(all.len(), found, "{search}");
        assert!(all.iter().all(|one| one.name.to_lowercase().contains(&search.trim().to_lowercase())));
    }
    for (query, found) in [
        (ListConnectionsQuery { connector: Some("sandbox-crm".to_owned()), ..Default::default() }, 1000),
        (ListConnectionsQuery { connector: Some("box".to_owned()), ..Default::default() }, 0),
        (ListConnectionsQuery { owner: Some(user.who.user.id.clone()), ..Default::default() }, 1000),
    ] {
        assert_eq!(pages(&user, &query, 200).len(), found);
    }
}

#[test]
fn a_cursor_of_another_order_is_refused() {
    let stack = shared();
    let user = stack.in_tenant("Thousand");
    let cursor = user.to::<ListConnections>().good().next_cursor;
    let by_age = ListConnectionsQuery { sort: Some(ConnectionSort::Created), cursor, ..Default::default() };
    let problem = user.to::<ListConnections>().query(by_age).refused(ProblemCode::InvalidFields);
    assert_eq!(problem.fields[0].path, "cursor");
    let forged = ListConnectionsQuery { cursor: Some("AAAA".to_owned()), ..Default::default() };
    user.to::<ListConnections>().query(forged).refused(ProblemCode::InvalidFields);
}

#[test]
fn the_thousand_and_first_is_over_the_limit() {
    let stack = shared();
    let user = stack.in_tenant("Thousand");
    let problem = user
        .to::<MakeConnection>()
        .with(&by_key("One more", "sandbox-key-ada"))
        .refused(ProblemCode::QuotaExceeded);
    assert!(problem.detail.contains("1000 of 1000"), "{problem:?}");
    let usage = user.to::<ReadUsage>().good();
    assert!(usage.limits.iter().any(|limit| (limit.used, limit.most) == (1000, 1000)), "{usage:?}");
}
