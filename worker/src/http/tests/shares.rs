//! What is shared with whom: every endpoint about a connection × every role × every way of having to do with it.
//!
//! What is expected stands here in full, one table a kind of endpoint. It is not worked out by the rules that are
//! tested, and a new endpoint fails until its kind is said.

use drawbridge_contract::endpoint::{Access, Info};
use drawbridge_contract::endpoints::TABLE;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::role::Role;
use http::Method;
use serde_json::json;

use super::world::{Person, World};

/// How somebody has to do with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// They made it and own it.
    Own,
    /// It was given to them, for use.
    User(Through),
    /// It was given to them, to own.
    Owner(Through),
    /// Somebody else's, of which they were given nothing.
    Unshared,
    /// Another tenant's.
    Foreign,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Through {
    Themselves,
    Group,
    Everyone,
    /// For use through Everyone, and as said through a group.
    Both,
}

impl Relation {
    const ALL: [Self; 11] = [
        Self::Own,
        Self::User(Through::Themselves),
        Self::User(Through::Group),
        Self::User(Through::Everyone),
        Self::User(Through::Both),
        Self::Owner(Through::Themselves),
        Self::Owner(Through::Group),
        Self::Owner(Through::Everyone),
        Self::Owner(Through::Both),
        Self::Unshared,
        Self::Foreign,
    ];
}

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    /// It is done.
    Done,
    /// 403: the role may not, whatever the connection.
    Role,
    /// 403: only owners may.
    Owners,
    /// 404, as of a connection that is not there.
    Hidden,
}
use Is::{Done, Hidden, Owners, Role as Needs};

/// For each role: own, given for use, given to own, unshared, another tenant's.
type Expected = [(Role, [Is; 5]); 5];

/// Whoever may use a connection may do this.
const FOR_USERS: Expected = [
    (Role::Participant, [Needs, Needs, Needs, Needs, Needs]),
    (Role::Designer, [Done, Done, Done, Hidden, Hidden]),
    (Role::Developer, [Done, Done, Done, Hidden, Hidden]),
    (Role::AutomationAdministrator, [Done, Done, Done, Done, Hidden]),
    (Role::GlobalAdministrator, [Done, Done, Done, Done, Hidden]),
];
/// Only owners may do this.
const FOR_OWNERS: Expected = [
    (Role::Participant, [Needs, Needs, Needs, Needs, Needs]),
    (Role::Designer, [Done, Owners, Done, Hidden, Hidden]),
    (Role::Developer, [Done, Owners, Done, Hidden, Hidden]),
    (Role::AutomationAdministrator, [Done, Done, Done, Done, Hidden]),
    (Role::GlobalAdministrator, [Done, Done, Done, Done, Hidden]),
];

/// Every endpoint with a connection in its path.
const ENDPOINTS: [(&str, Expected); 17] = [
    ("ReadConnection", FOR_USERS),
    ("DeleteConnection", FOR_OWNERS),
    ("AuthorizeConnection", FOR_OWNERS),
    ("TestConnection", FOR_USERS),
    ("ListConnectionEvents", FOR_USERS),
    ("ChangeConnectionSettings", FOR_OWNERS),
    ("DisableConnection", FOR_OWNERS),
    ("EnableConnection", FOR_OWNERS),
    ("RestoreConnection", FOR_OWNERS),
    ("ListConnectionUses", FOR_USERS),
    ("ReadConnectionPermissions", FOR_OWNERS),
    ("SaveConnectionPermissions", FOR_OWNERS),
    ("ListConnectionAccess", FOR_OWNERS),
    ("FindPrincipals", FOR_OWNERS),
    ("MakeReconnectLink", FOR_OWNERS),
    ("RunOperation", FOR_USERS),
    ("PassThrough", FOR_USERS),
];

fn expected(table: &Expected, role: Role, relation: Relation) -> Is {
    let (_, row) = table.iter().find(|(known, _)| *known == role).unwrap();
    match relation {
        Relation::Own => row[0],
        Relation::User(_) => row[1],
        Relation::Owner(_) => row[2],
        Relation::Unshared => row[3],
        Relation::Foreign => row[4],
    }
}

/// A connection to which the caller stands so.
fn connection(world: &World, endpoint: &str, caller: &Person, relation: Relation) -> String {
    if relation == Relation::Foreign {
        return world.connection(&world.stranger, endpoint);
    }
    let id = world.connection(&world.colleague, endpoint);
    let query = |sql: &str| drop(world.harness.db.query(sql));
    let (tenant, user) = (&caller.tenant, world.user_id(caller));
    let give = |kind: &str, to: &str, level: &str| {
        query(&format!(
            "INSERT INTO connection_grants VALUES ('{tenant}', '{id}', '{kind}', '{to}', '{level}')"
        ));
    };
    let (through, level) = match relation {
        Relation::Own => {
            query(&format!("UPDATE connections SET created_by = '{user}' WHERE id = '{id}'"));
            query(&format!(
                "UPDATE connection_grants SET principal_id = '{user}' WHERE connection_id = '{id}'"
            ));
            return id;
        }
        Relation::User(through) => (through, "user"),
        Relation::Owner(through) => (through, "owner"),
        Relation::Unshared | Relation::Foreign => return id,
    };
    let group = |level: &str| {
        let group = world.group(tenant);
        query(&format!("INSERT INTO group_members VALUES ('{tenant}', '{group}', '{user}')"));
        give("group", &group, level);
    };
    match through {
        Through::Themselves => give("user", &user, level),
        Through::Everyone => give("everyone", "", level),
        Through::Group => group(level),
        Through::Both => {
            give("everyone", "", "user");
            group(level);
        }
    }
    id
}

fn about(info: &Info, connection: &str) -> String {
    info.path
        .replace("{connection}", connection)
        .replace("{operation}", "list-contacts")
        .replace("{*path}", "contacts")
}

#[test]
fn every_endpoint_about_a_connection_has_its_row() {
    let table: Vec<&str> =
        TABLE.iter().filter(|info| info.path.contains("{connection}")).map(|info| info.name).collect();
    for name in &table {
        assert!(ENDPOINTS.iter().any(|(known, _)| known == name), "say who may call {name}");
    }
    assert_eq!(table.len(), ENDPOINTS.len(), "each once, and none that is gone");
}

#[test]
fn what_was_given_decides_and_nothing_else() {
    let world = World::new();
    for info in TABLE.iter().filter(|info| info.path.contains("{connection}")) {
        assert_ne!(info.access, Access::Public, "{}", info.name);
        let (_, table) = ENDPOINTS.iter().find(|(name, _)| *name == info.name).unwrap();
        for person in &world.people {
            for relation in Relation::ALL {
                let id = connection(&world, info.name, person, relation);
                let expected = expected(table, person.role, relation);
                let browser = world.browser(person);
                // Where a version must be said, an administrator's new session reads it.
                let before = world.harness.db.writes() + i64::from(info.if_match);
                let answer = world.call(&browser, info, &about(info, &id), expected == Done);
                let words = format!("{} {} {relation:?}: {}", info.name, person.role, answer.text());
                match expected {
                    Done => {
                        assert_eq!(answer.status, info.success, "{words}");
                        continue;
                    }
                    Needs => answer.problem(ProblemCode::NeedsRole),
                    Owners => answer.problem(ProblemCode::NeedsOwner),
                    Hidden => answer.problem(ProblemCode::NotFound),
                };
                assert_eq!(world.harness.db.writes(), before, "what is refused writes nothing: {words}");
            }
        }
    }
}

/// What somebody is told of a connection goes by the same relations: listed or not, with or without settings.
#[test]
fn the_list_and_the_details_show_what_was_given() {
    let world = World::new();
    for person in world.people.iter().filter(|person| person.role != Role::Participant) {
        for relation in Relation::ALL {
            let id = connection(&world, "TestConnection", person, relation);
            let browser = world.browser(person);
            let seen = expected(&FOR_USERS, person.role, relation) == Done;
            let owned = expected(&FOR_OWNERS, person.role, relation) == Done;
            let words = format!("{} {relation:?}", person.role);
            let list = browser.send(Method::GET, "/api/v1/connections?pageSize=200", None).json();
            let row = list["items"].as_array().unwrap().iter().find(|item| item["id"] == id.as_str());
            assert_eq!(row.is_some(), seen, "{words}");
            if let Some(row) = row {
                assert_eq!(row["level"], if owned { "owner" } else { "user" }, "{words}");
                let one = browser.send(Method::GET, &format!("/api/v1/connections/{id}"), None).json();
                assert_eq!(one["details"].is_object(), owned, "{words}: settings are the owners' to read");
            }
            world.harness.db.query(&format!("DELETE FROM connections WHERE id = '{id}'"));
        }
    }
}

/// Wherever a call names a second object, another tenant's is as good as none.
#[test]
fn what_a_call_names_beside_its_object_is_of_the_same_tenant() {
    let world = World::new();
    let (here, there) = (world.administrator(), &world.stranger);
    let browser = world.browser(here);
    let (own_group, group) = (world.group(&here.tenant), world.group(&there.tenant));
    let (own_user, user) = (world.user_id(&world.colleague), world.user_id(there));
    let own = world.connection(&world.colleague, "TestConnection");
    let foreign_client = world.made(there, "RegisterOAuthClient");
    let before = world.harness.db.dump(&["sessions"]);
    for (method, path) in [
        (Method::PUT, format!("groups/{own_group}/members/{user}")),
        (Method::PUT, format!("groups/{group}/members/{own_user}")),
        (Method::DELETE, format!("groups/{group}/members/{user}")),
        (Method::POST, format!("users/{user}/invitation")),
    ] {
        browser.send(method, &format!("/api/v1/{path}"), None).problem(ProblemCode::NotFound);
    }
    let leave = |what: &str| format!("/api/v1/users/{own_user}?{what}");
    for query in [format!("toUser={user}"), format!("toGroup={group}")] {
        let answer = browser.send(Method::DELETE, &leave(&query), None);
        assert_eq!(answer.status, 422, "{query}: {}", answer.text());
    }
    let make = json!({ "connector": "box", "name": "Box", "auth": "oauth", "oauthClient": foreign_client });
    let answer = browser.send_json(Method::POST, "/api/v1/connections", &make);
    assert_eq!(answer.status, 422, "{}", answer.text());
    for (kind, id) in [("user", &user), ("group", &group)] {
        browser.with("if-match", "\"v1\"");
        let grants = json!({ "grants": [{ "kind": kind, "id": id, "level": "owner" }] });
        let answer =
            browser.send_json(Method::PUT, &format!("/api/v1/connections/{own}/permissions"), &grants);
        assert_eq!(answer.status, 422, "{}", answer.text());
        browser.plain();
    }
    assert!(world.harness.db.changed_since(&before).is_empty());
}

/// Lists, searches and the audit log hold nothing of another tenant, whatever is asked for.
#[test]
fn no_list_shows_another_tenants() {
    let world = World::new();
    let (here, there) = (world.administrator(), &world.stranger);
    let mine = world.connection(&world.colleague, "TestConnection");
    for endpoint in ["TestConnection", "RestoreConnection"] {
        world.connection(there, endpoint);
    }
    world.made(there, "RegisterOAuthClient");
    world.group(&there.tenant);
    world.invited(&there.tenant);
    world.app(&there.tenant, &TABLE[0]);
    world.token(there, &TABLE[0]);
    let ids =
        ["users", "groups", "connections", "oauth_clients", "sessions", "apps", "tokens"].map(|table| {
            world.harness.db.query(&format!("SELECT id FROM {table} WHERE tenant_id = '{}'", there.tenant))
        });
    let ids: Vec<&str> = ids.iter().flatten().map(|row| row["id"].as_str().unwrap()).collect();
    assert!(ids.len() >= 8);
    let user = world.user_id(there);
    let browser = world.browser(here);
    let mut lists = 0;
    for info in TABLE.iter().filter(|info| info.method.is_safe() && !info.path.contains('{')) {
        // What is told live is no list, and has its own tests.
        if info.access == Access::Public || info.name == "ReadSession" || info.success != 200 {
            continue;
        }
        for query in
            [String::new(), format!("?actor={user}"), format!("?search={user}"), "?view=deleted".into()]
        {
            let answer = browser.send(Method::GET, &format!("{}{query}", info.path), None);
            if answer.status == 422 && !query.is_empty() {
                continue;
            }
            assert_eq!(answer.status, info.success, "{} {query}", info.name);
            lists += 1;
            let text = answer.text();
            for id in &ids {
                assert!(!text.contains(id), "{} {query} shows {id}", info.name);
            }
            if query.starts_with("?actor") && info.name == "ListAudit" {
                assert_eq!(answer.json()["items"].as_array().map(Vec::len), Some(0));
            }
        }
    }
    let path = format!("/api/v1/connections/{mine}/principals?search=eve@");
    assert_eq!(browser.send(Method::GET, &path, None).json()["items"].as_array().map(Vec::len), Some(0));
    assert!(lists > 10, "{lists}");
}
