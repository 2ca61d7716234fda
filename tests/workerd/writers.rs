//! Many who write in one tenant at the same moment.

use std::sync::Barrier;
use std::time::Duration;

use drawbridge_contract::endpoints::{ListAudit, MakeGroup, VerifyAudit};
use drawbridge_contract::types::audit::ListAuditQuery;
use drawbridge_contract::types::groups::CreateGroup;
use drawbridge_tests::fixtures::shared;
use drawbridge_tests::wait::until;

const WRITERS: usize = 100;

#[test]
fn a_hundred_writers_at_once_are_all_served_and_the_chain_holds() {
    let stack = shared();
    let user = stack.tenant("Hundred writers");
    let before = user.to::<VerifyAudit>().good().records;
    let barrier = Barrier::new(WRITERS);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let write = |number: usize| {
            let body = CreateGroup { name: format!("Group {number}"), description: String::new() };
            let (call, barrier) = (user.to::<MakeGroup>().with(&body), &barrier);
            barrier.wait();
            call.send().status
        };
        let threads: Vec<_> = (0..WRITERS).map(|number| scope.spawn(move || write(number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses, [201; WRITERS]);
    let whole = before + i64::try_from(WRITERS).unwrap();
    let verified = || {
        let found = user.to::<VerifyAudit>().good();
        assert_eq!((found.records, &found.broken), (whole, &None));
        assert_eq!(found.verified + found.unsealed, whole);
        (found.unsealed == 0).then_some(())
    };
    until("every record to be sealed", Duration::from_secs(30), verified);
    let query = ListAuditQuery {
        action: Some("group.created".to_owned()),
        page_size: Some(200),
        ..ListAuditQuery::default()
    };
    let records = user.to::<ListAudit>().query(query).good().items;
    assert_eq!(records.len(), WRITERS, "one record for each, in the same transaction as the group");
}
