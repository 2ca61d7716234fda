//! A tenant at its limits: 1000 connections, 10 000 users, 500 groups and apps, 10 000 tokens, 100 gateways, a long
//! audit log, beside a small one.
//!
//! What a page costs is counted in statements and in steps of the database's machine, which are the same in every run.

use std::fmt::Write as _;
use std::rc::Rc;

use http::Method;

use crate::testing::{Browser, Harness};

/// How much a tenant has.
struct Size {
    connections: u32,
    users: u32,
    groups: u32,
    records: u32,
}

const SMALL: Size = Size { connections: 100, users: 100, groups: 10, records: 200 };
const LARGE: Size = Size { connections: 990, users: 9_900, groups: 500, records: 20_000 };

/// Fills the browser's tenant. Of the connections, most belong to an administrator; every tenth is given to some group
/// and one to all groups. One user is in all groups.
fn fill(harness: &Harness, browser: &Browser, size: &Size) {
    let me = browser.who_am_i();
    let (tenant, user) = (&me.tenant.id, &me.user.id);
    let Size { connections, users, groups, records } = size;
    let numbers = |most: &u32| {
        format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {most})")
    };
    let id = |prefix: &str| format!("'{prefix}_' || printf('%026d', i)");
    // Those that no two tenants have.
    let unique = |prefix: &str| format!("'{prefix}_' || printf('%026d', i + {users})");
    let mut sql = String::new();
    let mut add = |text: String| write!(sql, "{text};").unwrap();
    add(format!(
        "{} INSERT INTO users (tenant_id, id, email, first_name, last_name, name_key, role, state, created_at)
         SELECT '{tenant}', {}, 'person' || i || '@example.net', 'Person', 'No ' || i, 'person no ' || i,
           iif(i % 7 = 0, 'participant', 'designer'),
           iif(i % 11 = 0, 'invited', iif(i % 13 = 0, 'suspended', 'active')), i FROM n",
        numbers(users),
        id("usr")
    ));
    add(format!(
        "{} INSERT INTO groups (tenant_id, id, name, name_key, created_at)
         SELECT '{tenant}', {}, 'Team ' || i, 'team ' || i, i FROM n",
        numbers(groups),
        id("grp")
    ));
    // Each user in one group, the first in all of them.
    add(format!(
        "INSERT INTO group_members (tenant_id, group_id, user_id)
         SELECT '{tenant}', 'grp_' || printf('%026d', created_at % {groups} + 1), id FROM users
         WHERE tenant_id = '{tenant}' AND email LIKE 'person%'"
    ));
    add(format!(
        "INSERT OR IGNORE INTO group_members (tenant_id, group_id, user_id)
         SELECT '{tenant}', id, 'usr_' || printf('%026d', 1) FROM groups WHERE tenant_id = '{tenant}'"
    ));
    add(format!(
        "{} INSERT INTO connections (tenant_id, id, name, name_key, connector, auth, settings, status, reason,
           status_since, last_verified_at, created_by, created_at, deleted_at, destroy_at)
         SELECT '{tenant}', {}, 'Connection ' || i, 'connection ' || i, 'sandbox-crm', 'api-key', '{{}}',
           iif(i % 20 = 0, 'invalid', 'active'), 'proved', i, i, '{user}', i, iif(i % 9 = 0, 1, NULL),
           iif(i % 9 = 0, {}, NULL) FROM n",
        numbers(connections),
        id("con"),
        i64::MAX >> 12
    ));
    add(format!(
        "INSERT INTO connection_grants (tenant_id, connection_id, principal_type, principal_id, level)
         SELECT '{tenant}', id, 'user', '{user}', 'owner' FROM connections WHERE tenant_id = '{tenant}'"
    ));
    add(format!(
        "INSERT INTO connection_grants (tenant_id, connection_id, principal_type, principal_id, level)
         SELECT '{tenant}', id, 'group', 'grp_' || printf('%026d', created_at % {groups} + 1), 'user'
         FROM connections WHERE tenant_id = '{tenant}' AND created_at % 10 = 0"
    ));
    add(format!(
        "INSERT OR IGNORE INTO connection_grants (tenant_id, connection_id, principal_type, principal_id, level)
         SELECT '{tenant}', 'con_' || printf('%026d', 1), 'group', id, 'user' FROM groups
         WHERE tenant_id = '{tenant}' LIMIT 499"
    ));
    // Everybody is in the first group, which was given connection 11; connection 12 was given to Everyone.
    add(format!(
        "INSERT OR IGNORE INTO group_members (tenant_id, group_id, user_id)
         SELECT '{tenant}', 'grp_' || printf('%026d', 1), id FROM users WHERE tenant_id = '{tenant}'"
    ));
    for (connection, kind, to) in [(11, "group", "grp_00000000000000000000000001"), (12, "everyone", "")] {
        add(format!(
            "INSERT INTO connection_grants (tenant_id, connection_id, principal_type, principal_id, level)
             VALUES ('{tenant}', 'con_' || printf('%026d', {connection}), '{kind}', '{to}', 'user')"
        ));
    }
    add(format!(
        "{} INSERT INTO oauth_clients (tenant_id, id, connector, name, client_id, sealed_secret, created_by, created_at)
         SELECT '{tenant}', {}, 'box', 'Client ' || i, 'x', '', '{user}', i FROM n",
        numbers(groups),
        id("oac")
    ));
    add(format!(
        "{} INSERT INTO audit (tenant_id, seq, at, actor_type, actor_id, actor_name, action, object_type, object_id,
           object_name, outcome, address, country, user_agent, request_id, changes, previous_hash, hash)
         SELECT '{tenant}', i + 100, 1780000000000 + i * 60000, 'user', iif(i % 100 = 0, 'usr_rare', '{user}'), 'A',
           iif(i % 50 = 0, 'group.created', 'connection.changed'), 'connection', 'con_' || (i % 97), 'x',
           iif(i % 150 = 0, 'refused', 'done'), '', '', '', '', '{{}}', 'p', 'h' FROM n",
        numbers(records)
    ));
    add(format!(
        "{} INSERT INTO apps (tenant_id, id, name, description, search_key, scopes, addresses, token_algorithm,
           secret_hash, secret_hint, created_by, created_at)
         SELECT '{tenant}', {}, 'App ' || i, '', 'app ' || i, 'full', '[]', 'EdDSA', 'h', 'dbr_app_', '{user}', i FROM n",
        numbers(groups),
        unique("app")
    ));
    // Half of them are the administrator's; the others belong to one user each.
    add(format!(
        "{} INSERT INTO tokens (tenant_id, id, user_id, name, name_key, scopes, addresses, made_at, expires_at,
           secret_hash, secret_hint, created_at)
         SELECT '{tenant}', {}, iif(i % 2 = 0, '{user}', 'usr_' || printf('%026d', i)), 'Token ' || i, 'token ' || i,
           'full', '[]', 1, {}, '{tenant}' || i, 'dbr_pat_', i FROM n",
        numbers(users),
        unique("pat"),
        i64::MAX >> 12
    ));
    // The first with all agents that it may have, events, and half of the connections.
    let first = format!("'gw_' || printf('%026d', 1 + {users})");
    add(format!(
        "{} INSERT INTO gateways (tenant_id, id, name, name_key, created_by, created_at)
         SELECT '{tenant}', {}, 'Gateway ' || i, 'gateway ' || i, '{user}', i FROM n",
        numbers(&100),
        unique("gw")
    ));
    add(format!(
        "{} INSERT INTO gateway_replicas (tenant_id, gateway_id, id, public_key, machine, platform, agent_version, created_at)
         SELECT '{tenant}', {first}, {}, 'k', 'GW' || i, 'linux/x86_64', '2.3.0', i FROM n",
        numbers(&16),
        unique("gwr")
    ));
    add(format!(
        "{} INSERT INTO gateway_events (tenant_id, gateway_id, id, at, kind, machine)
         SELECT '{tenant}', {first}, {}, i, 'linked', 'GW01' FROM n",
        numbers(&100),
        id("gev")
    ));
    add(format!(
        "UPDATE connections SET settings = json_object('gateway', {first}) WHERE tenant_id = '{tenant}' AND created_at % 2 = 0"
    ));
    harness.db.script(&sql);
}

/// Two tenants with an administrator each; and in the large one somebody who is in all groups.
struct Scene {
    harness: Rc<Harness>,
    small: Browser,
    large: Browser,
    member: Browser,
}

fn scene() -> Scene {
    let harness = Harness::new();
    let small = harness.set_up();
    let (_, large) = harness.other_tenant();
    fill(&harness, &small, &SMALL);
    fill(&harness, &large, &LARGE);
    let tenant = large.tenant();
    let member = harness.add_user(&tenant, drawbridge_domain::role::Role::Designer, "member@example.org");
    harness.db.query(&format!(
        "INSERT INTO group_members (tenant_id, group_id, user_id)
         SELECT '{tenant}', id, '{}' FROM groups WHERE tenant_id = '{tenant}'",
        member.0
    ));
    harness.db.query("ANALYZE");
    harness.db.query("DROP TABLE IF EXISTS sqlite_stat1");
    Scene { harness, small, large, member: member.1 }
}

/// What costs the same whatever the tenant holds: a page of 50 by an index.
const PAGE: i64 = 6_000;
/// What walks along the connections or the groups of a tenant, which are 1000 and 500 at most.
const CONNECTIONS: i64 = 60_000;
/// What looks for something rare by a text or a role along all 10 000 users.
const USERS: i64 = 250_000;

/// The lists, what they can be asked for, and the most steps that it may take. Connection 1 was given to 499 groups,
/// 11 to a group of everybody, 12 to Everyone.
const PAGES: [(&str, i64); 59] = [
    ("/tenants/v1/users?limit=50", PAGE),
    ("/tenants/v1/users", 4 * PAGE),
    ("/tenants/v1/users?filter=nobody", USERS),
    ("/tenants/v1/users?role[]=Global%20administrator&role[]=Developer", USERS),
    ("/tenants/v1/users?email[]=person77@example.net&email=person78@example.net", PAGE),
    ("/tenants/v1/users?id[]=usr_00000000000000000000000001&role[]=Designer", PAGE),
    ("/workflows/v1/connections", CONNECTIONS),
    ("/workflows/v1/connectors", PAGE),
    ("connections", CONNECTIONS),
    ("connections?sort=-name", CONNECTIONS),
    ("connections?sort=created", CONNECTIONS),
    ("connections?sort=-created", CONNECTIONS),
    ("connections?sort=lastVerified", CONNECTIONS),
    ("connections?sort=-lastVerified", CONNECTIONS),
    ("connections?search=nothing", CONNECTIONS),
    ("connections?status=invalid", CONNECTIONS),
    ("connections?connector=box", CONNECTIONS),
    ("connections?view=deleted", CONNECTIONS),
    ("users", PAGE),
    ("users?sort=-name", PAGE),
    ("users?sort=created", PAGE),
    ("users?sort=-created", PAGE),
    ("users?search=nobody", USERS),
    ("users?state=invited", 2 * PAGE),
    ("users?role=globalAdministrator", USERS),
    ("groups", PAGE),
    ("groups?search=nothing", 2 * PAGE),
    ("groups/grp_00000000000000000000000001/members", PAGE),
    ("groups/grp_00000000000000000000000003/members", PAGE),
    ("groups/grp_00000000000000000000000003/members?search=nobody", PAGE),
    ("groups/grp_00000000000000000000000003/holdings", PAGE),
    ("users/usr_00000000000000000000000001/holdings", PAGE),
    ("oauth-clients", PAGE),
    ("connectors", PAGE),
    ("apps", PAGE),
    ("apps?search=nothing", 3 * PAGE),
    ("tokens", PAGE),
    ("tokens?search=nobody", USERS),
    ("tokens?user=usr_00000000000000000000000001", PAGE),
    ("gateways", 2 * PAGE),
    ("gateways?sort=-created&status=offline", 2 * PAGE),
    ("gateways/gw_00000000000000000000009901", 2 * PAGE),
    ("gateways/gw_00000000000000000000009901/connections", 2 * PAGE),
    ("gateways/gw_00000000000000000000009901/events", 2 * PAGE),
    ("tenant/usage", 3 * PAGE),
    ("audit", PAGE),
    ("audit?actor=usr_rare", PAGE),
    ("audit?action=group.created", PAGE),
    ("audit?outcome=refused", PAGE),
    ("audit?cursor=5", PAGE),
    ("audit?until=2026-05-28T20:30:00Z", PAGE),
    ("audit?until=2026-05-28T23:30:00Z&cursor=20", PAGE),
    ("audit?from=2026-05-28T20:26:40Z&until=2026-05-28T20:26:41Z", PAGE),
    ("connections/con_00000000000000000000000001/access", CONNECTIONS),
    ("connections/con_00000000000000000000000001/permissions", CONNECTIONS),
    ("connections/con_00000000000000000000000010/access", 3 * PAGE),
    ("connections/con_00000000000000000000000011/access?search=nobody", USERS),
    ("connections/con_00000000000000000000000012/access", 3 * PAGE),
    ("connections/con_00000000000000000000000001/principals?search=person", 3 * PAGE),
];
/// The same for a Designer who is in all groups.
const MEMBERS_PAGES: [(&str, i64); 5] = [
    ("/workflows/v1/connections", 3 * CONNECTIONS),
    ("connections", 2 * CONNECTIONS),
    ("connections?search=nothing", 2 * CONNECTIONS),
    ("connections?view=deleted", 2 * CONNECTIONS),
    ("connections/con_00000000000000000000000001", 3 * PAGE),
];

/// Statements and steps of one call.
fn cost(harness: &Harness, browser: &Browser, page: &str) -> (usize, i64) {
    let before = harness.db.batches.borrow().len();
    let target = if page.starts_with('/') { page.to_owned() } else { format!("/api/v1/{page}") };
    let answer = browser.send(Method::GET, &target, None);
    assert_eq!(answer.status, 200, "{page}: {}", answer.text());
    let batches = harness.db.batches.borrow();
    let statements: Vec<_> = batches[before..].iter().flatten().collect();
    (statements.len(), statements.iter().map(|statement| harness.db.steps(statement)).sum())
}

#[test]
fn a_page_costs_little_at_the_limits_of_a_tenant() {
    let scene = scene();
    let check = |browser: &Browser, page: &str, most: i64| {
        let (statements, steps) = cost(&scene.harness, browser, page);
        // What is asked in a dialog is no page of a list.
        let dialog = page.contains("/holdings") || page.contains("/principals");
        assert!(statements <= if dialog { 4 } else { 3 }, "{page}: {statements} statements");
        assert!(steps <= most, "{page}: {steps} steps, at most {most}");
        steps
    };
    for (page, most) in PAGES {
        let large = check(&scene.large, page, most);
        if most == PAGE {
            let (_, small) = cost(&scene.harness, &scene.small, page);
            assert!(
                large < 4 * small + 2_000,
                "{page}: {small} steps in a small tenant, {large} in a large one"
            );
        }
    }
    for (page, most) in MEMBERS_PAGES {
        check(&scene.member, page, most);
    }
}

/// Whichever way a page is found, all pages together are what the plain way finds.
#[test]
fn large_groups_and_connections_of_everybody_are_read_page_by_page() {
    let scene = scene();
    let tenant = scene.large.tenant();
    let members = |group: u32| {
        format!(
            "SELECT u.email FROM users u JOIN group_members m ON m.tenant_id = u.tenant_id AND m.user_id = u.id
             WHERE m.tenant_id = '{tenant}' AND m.group_id = 'grp_' || printf('%026d', {group}) ORDER BY u.name_key, u.id"
        )
    };
    // The plain way, user by user.
    let access = |connection: u32| {
        format!(
            "SELECT u.email FROM users u
             WHERE u.tenant_id = '{tenant}' AND u.state = 'active' AND u.role <> 'participant'
               AND (u.role LIKE '%Administrator' OR EXISTS (SELECT 1 FROM connection_grants g
                 WHERE g.tenant_id = '{tenant}' AND g.connection_id = 'con_' || printf('%026d', {connection})
                   AND (g.principal_type = 'everyone' OR g.principal_id = u.id OR g.principal_id IN
                     (SELECT m.group_id FROM group_members m WHERE m.tenant_id = '{tenant}' AND m.user_id = u.id))))
             ORDER BY u.email"
        )
    };
    for (list, plain) in [
        ("groups/grp_00000000000000000000000001/members", members(1)),
        ("groups/grp_00000000000000000000000003/members", members(3)),
        ("connections/con_00000000000000000000000001/access", access(1)),
        ("connections/con_00000000000000000000000010/access", access(10)),
        ("connections/con_00000000000000000000000011/access", access(11)),
        ("connections/con_00000000000000000000000012/access", access(12)),
        ("connections/con_00000000000000000000000013/access", access(13)),
    ] {
        let rows = scene.harness.db.query(&plain);
        let expected: Vec<&str> = rows.iter().map(|row| row["email"].as_str().unwrap()).collect();
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let target = format!("/api/v1/{list}?pageSize=200{cursor}");
            let answer = scene.large.send(Method::GET, &target, None);
            assert_eq!(answer.status, 200, "{}", answer.text());
            let page = answer.json();
            let emails = page["items"].as_array().unwrap().iter();
            found.extend(emails.map(|item| item["email"].as_str().unwrap().to_owned()));
            let Some(next) = page["nextCursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert!(!found.is_empty() && found == expected, "{list}: {} of {}", found.len(), expected.len());
    }
}

/// What is counted as it changes is what there is.
#[test]
fn counts_that_are_kept_are_right() {
    let scene = scene();
    let db = &scene.harness.db;
    let right = || {
        let wrong = db.query(
            "SELECT 1 FROM (SELECT tenant_id, state, COUNT(*) AS number FROM users GROUP BY 1, 2) n
               LEFT JOIN user_counts c USING (tenant_id, state) WHERE c.number IS NOT n.number
             UNION ALL SELECT 1 FROM user_counts c WHERE number <> (SELECT COUNT(*) FROM users u
               WHERE u.tenant_id = c.tenant_id AND u.state = c.state)
             UNION ALL SELECT 1 FROM groups g WHERE member_count <> (SELECT COUNT(*) FROM group_members m
               WHERE m.tenant_id = g.tenant_id AND m.group_id = g.id)",
        );
        assert!(wrong.is_empty());
    };
    right();
    for change in [
        "UPDATE users SET state = 'suspended' WHERE state = 'invited'",
        "UPDATE users SET state = 'active', role = 'developer' WHERE email LIKE '%9@example.net'",
        "DELETE FROM group_members WHERE user_id LIKE '%7'",
        "DELETE FROM users WHERE email LIKE '%8@example.net'",
        "DELETE FROM groups WHERE id LIKE '%5'",
        "INSERT OR IGNORE INTO group_members (tenant_id, group_id, user_id)
         SELECT u.tenant_id, g.id, u.id FROM users u JOIN groups g ON g.tenant_id = u.tenant_id AND g.id LIKE '%3'
         WHERE u.id LIKE '%31'",
    ] {
        db.query(change);
        right();
    }
}
