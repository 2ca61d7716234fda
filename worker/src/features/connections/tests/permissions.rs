//! Who was given what: saved whole, with guards; the effective list; whom to share with.

use drawbridge_contract::endpoints as api;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::Connection;
use drawbridge_contract::types::permissions::{
    FindPrincipalsQuery, ListAccessQuery, NewGrant, NewPermissions, Permissions,
};
use drawbridge_domain::access::Level;
use drawbridge_domain::grants::{Ground, PrincipalKind};
use drawbridge_domain::id::{Id, UserId};
use drawbridge_domain::role::Role;

use super::{made, path, read, test};
use crate::testing::{Browser, Harness, Typed};

fn user(id: &UserId, level: Level) -> NewGrant {
    NewGrant { kind: PrincipalKind::User, id: id.to_string(), level }
}

fn group(id: &str, level: Level) -> NewGrant {
    NewGrant { kind: PrincipalKind::Group, id: id.to_owned(), level }
}

fn everyone(level: Level) -> NewGrant {
    NewGrant { kind: PrincipalKind::Everyone, id: String::new(), level }
}

fn grants(browser: &Browser, connection: &Connection) -> Typed<Permissions> {
    browser.call::<api::ReadConnectionPermissions>(&path(connection), &Nothing {}, &Nothing {})
}

/// Saves over what is there now.
fn save(browser: &Browser, connection: &Connection, grants_to_be: Vec<NewGrant>) -> Typed<Permissions> {
    let etag = grants(browser, connection).raw.header("etag").unwrap_or("\"v1\"").to_owned();
    save_over(browser, connection, grants_to_be, &etag)
}

fn save_over(
    browser: &Browser,
    connection: &Connection,
    grants: Vec<NewGrant>,
    etag: &str,
) -> Typed<Permissions> {
    let body = NewPermissions { grants };
    let saved = browser.with("if-match", etag).call::<api::SaveConnectionPermissions>(
        &path(connection),
        &Nothing {},
        &body,
    );
    browser.plain();
    saved
}

fn make_group(harness: &Harness, browser: &Browser, id: &str, members: &[&UserId]) {
    let tenant = browser.tenant();
    harness.db.query(&format!(
        "INSERT INTO groups (tenant_id, id, name, created_at) VALUES ('{tenant}', '{id}', 'Team {id}', 1)"
    ));
    for member in members {
        harness.db.query(&format!("INSERT INTO group_members VALUES ('{tenant}', '{id}', '{member}')"));
    }
}

#[test]
fn a_group_gives_use_and_nothing_more() {
    let harness = Harness::new();
    let admin = harness.set_up();
    let me = admin.who_am_i().user.id;
    let (designer, browser) = harness.add_user(&admin.tenant(), Role::Designer, "grace@example.com");
    let connection = made(&harness, &admin, "CRM");
    make_group(&harness, &admin, "grp_a", &[&designer]);
    read(&browser, &connection).raw.problem(ProblemCode::NotFound);
    let saved = save(&admin, &connection, vec![user(&me, Level::Owner), group("grp_a", Level::User)]).ok();
    let told: Vec<_> =
        saved.grants.iter().map(|one| (one.to.name.as_str(), one.to.detail.as_str())).collect();
    assert_eq!(told, [("Team grp_a", "1 member"), ("Ada Lovelace", "ada@example.com")]);
    let seen = read(&browser, &connection).ok();
    assert_eq!((seen.summary.level, seen.details), (Level::User, None));
    harness.outward.next_json(200, super::ada());
    test(&browser, &connection).ok();
    grants(&browser, &connection).raw.problem(ProblemCode::NeedsOwner);
    save(&browser, &connection, vec![user(&designer, Level::Owner)]).raw.problem(ProblemCode::NeedsOwner);
    // The group goes, and with it what it gave.
    harness.db.query("DELETE FROM groups");
    read(&browser, &connection).raw.problem(ProblemCode::NotFound);
    assert_eq!(grants(&admin, &connection).ok().grants.len(), 1);
}

#[test]
fn the_second_of_two_who_save_at_once_is_told() {
    let harness = Harness::new();
    let admin = harness.set_up();
    let me = admin.who_am_i().user.id;
    let connection = made(&harness, &admin, "CRM");
    let first = vec![user(&me, Level::Owner), everyone(Level::User)];
    assert_eq!(save_over(&admin, &connection, first.clone(), "\"v1\"").raw.header("etag"), Some("\"v2\""));
    save_over(&admin, &connection, vec![user(&me, Level::Owner)], "\"v1\"")
        .raw
        .problem(ProblemCode::PreconditionFailed);
    assert_eq!(grants(&admin, &connection).ok().grants.len(), 2, "the first one's");
    // What is there already is saved without a record and without a new version.
    let records =
        || harness.db.query("SELECT * FROM audit WHERE action = 'connection.permissions_changed'").len();
    assert_eq!(save_over(&admin, &connection, first, "\"v2\"").raw.header("etag"), Some("\"v2\""));
    assert_eq!(records(), 1);
}

#[test]
fn an_owner_stays_and_the_maker_need_not_be_it() {
    let harness = Harness::new();
    let admin = harness.set_up();
    let tenant = admin.tenant();
    let (maker, browser) = harness.add_user(&tenant, Role::Designer, "maker@example.com");
    let (other, other_browser) = harness.add_user(&tenant, Role::Designer, "other@example.com");
    let (lowly, _) = harness.add_user(&tenant, Role::Participant, "lowly@example.com");
    let connection = made(&harness, &browser, "CRM");
    for nobody in [vec![], vec![user(&other, Level::User)], vec![user(&lowly, Level::Owner)]] {
        let codes = save(&browser, &connection, nobody).raw.field_codes();
        assert_eq!(codes, [("grants".to_owned(), "no_owner_left".to_owned())]);
    }
    harness.db.query(&format!("UPDATE users SET state = 'suspended' WHERE id = '{other}'"));
    save(&browser, &connection, vec![user(&other, Level::Owner)]).raw.problem(ProblemCode::InvalidFields);
    harness.db.query(&format!("UPDATE users SET state = 'active' WHERE id = '{other}'"));
    save(&browser, &connection, vec![user(&maker, Level::Owner), user(&other, Level::Owner)]).ok();
    save(&other_browser, &connection, vec![user(&other, Level::Owner)]).ok();
    read(&browser, &connection).raw.problem(ProblemCode::NotFound);
    // An administrator may leave it to the administrators, and that is marked.
    save(&admin, &connection, vec![]).ok();
    read(&other_browser, &connection).raw.problem(ProblemCode::NotFound);
    read(&admin, &connection).ok();
    let rows = harness.db.query("SELECT changes FROM audit WHERE action = 'connection.permissions_changed'");
    let marked: Vec<_> =
        rows.iter().map(|row| row["changes"].as_str().unwrap().contains("\"actingAs\"")).collect();
    assert_eq!(marked, [false, false, true]);
}

#[test]
fn bad_grants_are_named() {
    let harness = Harness::new();
    let admin = harness.set_up();
    let me = admin.who_am_i().user.id;
    let (_, stranger) = harness.other_tenant();
    let foreign = stranger.who_am_i().user.id;
    let connection = made(&harness, &admin, "CRM");
    let bad = vec![
        user(&me, Level::Owner),
        user(&foreign, Level::User),
        group("grp_none", Level::User),
        NewGrant { kind: PrincipalKind::Everyone, id: "x".to_owned(), level: Level::User },
    ];
    let paths: Vec<_> = save(&admin, &connection, bad).raw.field_codes();
    let expect = ["grants.1.id", "grants.2.id", "grants.3.id"];
    assert_eq!(paths.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), expect);
    let twice = vec![user(&me, Level::Owner), user(&me, Level::User)];
    assert_eq!(save(&admin, &connection, twice).raw.field_codes()[0].1, "repeated");
    stranger
        .call::<api::ReadConnectionPermissions>(&path(&connection), &Nothing {}, &Nothing {})
        .raw
        .problem(ProblemCode::NotFound);
}

#[test]
fn the_effective_list_gives_every_reason() {
    let harness = Harness::new();
    let admin = harness.set_up();
    let tenant = admin.tenant();
    let me = admin.who_am_i().user.id;
    let (bea, _) = harness.add_user(&tenant, Role::Designer, "bea@example.com");
    let (cy, _) = harness.add_user(&tenant, Role::Designer, "cy@example.com");
    harness.add_user(&tenant, Role::Participant, "di@example.com");
    let (gone, _) = harness.add_user(&tenant, Role::Designer, "gone@example.com");
    harness.db.query(&format!("UPDATE users SET state = 'suspended' WHERE id = '{gone}'"));
    let connection = made(&harness, &admin, "CRM");
    make_group(&harness, &admin, "grp_a", &[&bea]);
    let list = |query: &ListAccessQuery| {
        admin.call::<api::ListConnectionAccess>(&path(&connection), query, &Nothing {}).ok()
    };
    let emails =
        |query: &ListAccessQuery| list(query).items.into_iter().map(|one| one.email).collect::<Vec<_>>();
    assert_eq!(emails(&ListAccessQuery::default()), ["ada@example.com"]);
    let given = vec![
        user(&me, Level::Owner),
        group("grp_a", Level::Owner),
        user(&bea, Level::User),
        everyone(Level::User),
    ];
    save(&admin, &connection, given).ok();
    let all = list(&ListAccessQuery::default()).items;
    let grounds = |place: usize| all[place].reasons.iter().map(|one| one.ground).collect::<Vec<_>>();
    assert_eq!(all.len(), 3, "no participant and nobody who is suspended");
    assert_eq!(grounds(0), [Ground::Role, Ground::Everyone, Ground::Direct]);
    assert_eq!(grounds(1), [Ground::Everyone, Ground::Group, Ground::Direct]);
    assert_eq!(all[1].reasons[1].group.as_deref(), Some("Team grp_a"));
    assert_eq!((all[1].level, all[2].level), (Level::Owner, Level::User));
    assert_eq!(all[2].user.id, cy);
    let search = ListAccessQuery { search: Some("CY@".to_owned()), ..Default::default() };
    assert_eq!(emails(&search), ["cy@example.com"]);
    let mut query = ListAccessQuery { page_size: Some(2), ..Default::default() };
    let first = list(&query);
    query.cursor = first.next_cursor;
    let second = list(&query);
    assert_eq!((first.items.len(), second.items.len(), second.next_cursor), (2, 1, None));
}

#[test]
fn people_and_groups_are_found_by_name_and_email_in_the_own_tenant() {
    let harness = Harness::new();
    let admin = harness.set_up();
    let (grace, _) = harness.add_user(&admin.tenant(), Role::Designer, "grace@example.com");
    make_group(&harness, &admin, "grp_grace", &[&grace]);
    harness.other_tenant();
    let connection = made(&harness, &admin, "CRM");
    let find = |text: &str| {
        let query = FindPrincipalsQuery { search: Some(text.to_owned()) };
        let found = admin.call::<api::FindPrincipals>(&path(&connection), &query, &Nothing {}).ok();
        found.items.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(find("Grace"), ["grp_grace", grace.as_str()]);
    assert_eq!(find("example.org"), [] as [&str; 0], "the other tenant's");
    assert_eq!(find("%"), [] as [&str; 0], "no wildcard");
    assert_eq!(find("lovelace").len(), 1);
}
