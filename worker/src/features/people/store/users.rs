//! The SQL of one user.

use drawbridge_contract::types::groups::GroupRef;
use drawbridge_domain::id::{AccountId, Id, TenantId, UserId};
use drawbridge_domain::limits::Limited;
use drawbridge_domain::role::Role;
use drawbridge_domain::time::Timestamp;
use drawbridge_domain::user::UserState;
use serde::Deserialize;

use super::name_key;
use crate::http::Scope;
use crate::http::authenticate::IDLE_LIFE;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// A user as the database has it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct UserRow {
    pub(crate) id: UserId,
    pub(crate) email: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) name_key: String,
    pub(crate) role: String,
    pub(crate) state: String,
    pub(crate) created_at: i64,
    pub(crate) invited_until: Option<i64>,
    pub(crate) version: i64,
    pub(crate) account_id: Option<AccountId>,
}

/// A user with what else is asked about one.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct WholeRow {
    #[serde(rename = "..")]
    pub(crate) user: UserRow,
    /// How many other active Global administrators there are.
    pub(crate) others: u32,
    /// How many of them have a password.
    pub(crate) others_with_password: u32,
    /// Whether the user has one.
    pub(crate) has_password: u32,
    /// How many sessions the user has in the tenant.
    pub(crate) sessions: u32,
}

macro_rules! user_columns {
    () => {
        "u.id, u.email, u.first_name, u.last_name, u.name_key, u.role, u.state, u.created_at, u.version, u.account_id,
         (SELECT i.expires_at FROM invitations i WHERE i.tenant_id = ?1 AND i.user_id = u.id) AS invited_until"
    };
}
pub(crate) use user_columns;

fn find_statement(services: &Services, scope: &Scope, id: &UserId) -> Statement {
    let now = services.now();
    scope.statement(
        concat!(
            "SELECT ",
            user_columns!(),
            ",
               (SELECT COUNT(*) FROM users o WHERE o.tenant_id = ?1 AND o.role = 'globalAdministrator'
                AND o.state = 'active' AND o.id <> u.id) AS others,
               (SELECT COUNT(*) FROM users o JOIN accounts a ON a.id = o.account_id AND a.password_hash <> ''
                WHERE o.tenant_id = ?1 AND o.role = 'globalAdministrator' AND o.state = 'active' AND o.id <> u.id)
                 AS others_with_password,
               EXISTS (SELECT 1 FROM accounts a WHERE a.id = u.account_id AND a.password_hash <> '') AS has_password,
               (SELECT COUNT(*) FROM sessions s WHERE s.tenant_id = ?1 AND s.account_id = u.account_id
                AND s.expires_at > ?3 AND s.last_used_at > ?4) AS sessions
             FROM users u WHERE u.tenant_id = ?1 AND u.id = ?2"
        ),
        values![id.as_str(), now, now.plus(-IDLE_LIFE)],
    )
}

/// One user; `None` when it is not there.
pub(crate) async fn find(
    services: &Services,
    scope: &Scope,
    id: &UserId,
) -> Result<Option<WholeRow>, DbError> {
    let read = find_statement(services, scope, id);
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// One user with the groups that they are a member of: one round trip.
pub(crate) async fn find_with_groups(
    services: &Services,
    scope: &Scope,
    id: &UserId,
) -> Result<Option<(WholeRow, Vec<GroupRef>)>, DbError> {
    let groups = scope.statement(
        "SELECT g.id, g.name FROM group_members m JOIN groups g ON g.tenant_id = ?1 AND g.id = m.group_id
         WHERE m.tenant_id = ?1 AND m.user_id = ?2 ORDER BY g.name_key, g.id LIMIT 200",
        values![id.as_str()],
    );
    let mut results = services.db.batch(vec![find_statement(services, scope, id), groups]).await?.into_iter();
    let user: Option<WholeRow> = results.next().unwrap_or_default().first()?;
    let groups = results.next().unwrap_or_default().all()?;
    Ok(user.map(|user| (user, groups)))
}

/// Whether a user of the tenant has this email address.
pub(crate) async fn has_email(services: &Services, scope: &Scope, email: &str) -> Result<bool, DbError> {
    let read =
        scope.statement("SELECT 1 AS found FROM users WHERE tenant_id = ?1 AND email = ?2", values![email]);
    let rows = services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default();
    Ok(!rows.0.is_empty())
}

/// A person who is invited.
pub(crate) struct InvitedUser<'a> {
    pub(crate) id: &'a UserId,
    pub(crate) email: &'a str,
    pub(crate) first_name: &'a str,
    pub(crate) last_name: &'a str,
    pub(crate) role: Role,
}

/// A new user who has still to come, where the tenant may have one more.
pub(crate) fn add_invited(scope: &Scope, user: &InvitedUser<'_>, now: Timestamp) -> Vec<Statement> {
    vec![
        scope.statement(
            "INSERT INTO must_be_under (used, most) SELECT COALESCE(SUM(number), 0), ?2 FROM user_counts WHERE tenant_id = ?1",
            values![Limited::Users.most()],
        ),
        scope.statement(
            "INSERT INTO users (tenant_id, id, email, first_name, last_name, name_key, role, state, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'invited', ?8)",
            values![
                user.id.as_str(),
                user.email,
                user.first_name,
                user.last_name,
                name_key(user.first_name, user.last_name),
                user.role.code(),
                now
            ],
        ),
    ]
}

/// A user's invitation; one that was there before ends.
pub(crate) fn put_invitation(
    scope: &Scope,
    user: &UserId,
    token_hash: &str,
    now: Timestamp,
    until: Timestamp,
) -> Statement {
    scope.statement(
        "INSERT INTO invitations (tenant_id, user_id, token_hash, created_at, expires_at)
         SELECT ?1, ?2, ?3, ?4, ?5 FROM users WHERE tenant_id = ?1 AND id = ?2 AND state = 'invited'
         ON CONFLICT (tenant_id, user_id) DO UPDATE SET
           token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at",
        values![user.as_str(), token_hash, now, until],
    )
}

/// Writes a user's names, role and state; the user must still be of the row's version, an active Global administrator
/// must be left, and a way in without single sign-on.
pub(crate) fn change(scope: &Scope, row: &UserRow) -> Vec<Statement> {
    vec![
        keep_a_way_in(scope, row, row.role == GLOBAL && row.state == UserState::Active.code()),
        scope.statement(
            "UPDATE users SET first_name = ?3, last_name = ?4, name_key = ?5, role = ?6, state = ?7,
               version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND version = ?8",
            values![
                row.id.as_str(),
                row.first_name.as_str(),
                row.last_name.as_str(),
                name_key(&row.first_name, &row.last_name),
                row.role.as_str(),
                row.state.as_str(),
                row.version
            ],
        ),
        Statement::must_change(),
        keep_one(scope),
    ]
}

/// An active Global administrator must be left.
fn keep_one(scope: &Scope) -> Statement {
    scope.statement(
        "INSERT INTO must_keep_one (kept) SELECT COUNT(*) FROM users
         WHERE tenant_id = ?1 AND role = 'globalAdministrator' AND state = 'active'",
        values![],
    )
}

const GLOBAL: &str = Role::GlobalAdministrator.code();

/// The last active Global administrator with a password stays one: nobody else could mend single sign-on when it
/// fails. It looks before the user changes or goes; where nobody has a password, nothing can be lost.
fn keep_a_way_in(scope: &Scope, row: &UserRow, stays: bool) -> Statement {
    scope.statement(
        "INSERT INTO must_keep_one (kept)
         WITH ways AS (
           SELECT u.id FROM users u JOIN accounts a ON a.id = u.account_id AND a.password_hash <> ''
           WHERE u.tenant_id = ?1 AND u.role = 'globalAdministrator' AND u.state = 'active')
         SELECT ?3 OR NOT EXISTS (SELECT 1 FROM ways WHERE id = ?2) OR EXISTS (SELECT 1 FROM ways WHERE id <> ?2)",
        values![row.id.as_str(), stays],
    )
}

/// Ends an account's sessions in the tenant.
pub(crate) fn end_sessions(scope: &Scope, account: &AccountId) -> Statement {
    scope
        .statement("DELETE FROM sessions WHERE tenant_id = ?1 AND account_id = ?2", values![account.as_str()])
}

/// Takes a user out of the tenant, memberships and invitation with them; the user must still be of the row's
/// version, and an active Global administrator and a way in must be left.
pub(crate) fn remove(scope: &Scope, row: &UserRow) -> Vec<Statement> {
    let id = row.id.as_str();
    let mut statements = vec![
        keep_a_way_in(scope, row, false),
        // Whoever has the permissions of such a connection open is to see that they are others now.
        scope.statement(
            "UPDATE connections SET grants_version = grants_version + 1 WHERE tenant_id = ?1 AND id IN
               (SELECT connection_id FROM connection_grants
                WHERE tenant_id = ?1 AND principal_type = 'user' AND principal_id = ?2)",
            values![id],
        ),
        scope.statement(
            "DELETE FROM connection_grants WHERE tenant_id = ?1 AND principal_type = 'user' AND principal_id = ?2",
            values![id],
        ),
        scope.statement("DELETE FROM idempotency WHERE tenant_id = ?1 AND user_id = ?2", values![id]),
    ];
    statements.extend(row.account_id.as_ref().map(|account| end_sessions(scope, account)));
    statements.extend([
        scope.statement(
            "DELETE FROM users WHERE tenant_id = ?1 AND id = ?2 AND version = ?3",
            values![id, row.version],
        ),
        Statement::must_change(),
        keep_one(scope),
    ]);
    if let Some(account) = &row.account_id {
        const WHY: &str = "an account belongs to no tenant";
        statements.extend([
            Statement::across(
                WHY,
                "DELETE FROM sessions WHERE account_id = ?1
                   AND NOT EXISTS (SELECT 1 FROM users u WHERE u.account_id = ?1)",
                values![account.as_str()],
            ),
            Statement::across(
                WHY,
                "DELETE FROM accounts WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM users u WHERE u.account_id = ?1)",
                values![account.as_str()],
            ),
        ]);
    }
    statements
}

/// Accepts an invitation: the user gets an account and is active. It must still be the same invitation, and in time.
pub(crate) fn accept(
    tenant: &TenantId,
    user: &UserId,
    account: &AccountId,
    token_hash: &str,
    now: Timestamp,
) -> Vec<Statement> {
    vec![
        Statement::of(
            tenant,
            "DELETE FROM invitations WHERE tenant_id = ?1 AND user_id = ?2 AND token_hash = ?3 AND expires_at > ?4",
            values![user.as_str(), token_hash, now],
        ),
        Statement::must_change(),
        Statement::of(
            tenant,
            "UPDATE users SET account_id = ?3, state = 'active', version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND state = 'invited' AND account_id IS NULL",
            values![user.as_str(), account.as_str()],
        ),
        Statement::must_change(),
    ]
}
