//! The SQL of apps.

use drawbridge_contract::types::apps::App;
use drawbridge_domain::id::{AppId, Id, UserId};
use drawbridge_domain::limits::Limited;
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use super::algorithm_code;
use crate::features::credentials::{NewSecret, UseColumns, notices::told_at_first, use_columns};
use crate::http::Scope;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// An app without its secrets, with who made it.
#[derive(Deserialize)]
pub(super) struct AppRow {
    pub(super) id: AppId,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) scopes: String,
    pub(super) addresses: String,
    pub(super) expires_at: Option<i64>,
    pub(super) disabled: i64,
    pub(super) token_algorithm: String,
    #[serde(rename = "..")]
    pub(super) uses: UseColumns,
    pub(super) created_by: UserId,
    pub(super) created_by_name: String,
    pub(super) created_at: i64,
    pub(super) version: i64,
}

macro_rules! apps {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.name, c.description, c.scopes, c.addresses, c.expires_at, c.disabled, c.token_algorithm, ",
            use_columns!(),
            ", c.created_by, c.created_at, c.version,
               COALESCE(u.first_name || ' ' || u.last_name, 'A former user') AS created_by_name
             FROM apps c
             LEFT JOIN users u ON u.tenant_id = ?1 AND u.id = c.created_by
             WHERE c.tenant_id = ?1 ",
            $rest
        )
    };
}

/// Apps before one, the newest first.
pub(super) async fn list(
    services: &Services,
    scope: &Scope,
    search: Option<String>,
    ends_before: Option<Timestamp>,
    before: Option<&AppId>,
    most: u32,
) -> Result<Vec<AppRow>, DbError> {
    // No id is after "app~".
    let before = before.map_or("app~", |id| id.as_str());
    let read = scope.statement(
        apps!(
            "AND c.id < ?2
             AND (?3 IS NULL OR instr(c.search_key, ?3) > 0 OR c.id = ?3)
             AND (?4 IS NULL OR (c.expires_at > ?5 AND c.expires_at < ?4))
             ORDER BY c.id DESC LIMIT ?6"
        ),
        values![before, search, ends_before, services.now(), most],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

pub(super) async fn read(services: &Services, scope: &Scope, id: &AppId) -> Result<Option<AppRow>, DbError> {
    let read = scope.statement(apps!("AND c.id = ?2"), values![id.as_str()]);
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// An app's secrets, sealed.
#[derive(Deserialize)]
pub(super) struct SealedRow {
    pub(super) name: String,
    pub(super) scopes: String,
    pub(super) addresses: String,
    pub(super) sealed_secret: Option<String>,
    pub(super) sealed_previous: Option<String>,
    pub(super) previous_until: Option<i64>,
}

pub(super) async fn read_sealed(
    services: &Services,
    scope: &Scope,
    id: &AppId,
) -> Result<Option<SealedRow>, DbError> {
    let read = scope.statement(
        "SELECT name, scopes, addresses, sealed_secret, sealed_previous, previous_until FROM apps
         WHERE tenant_id = ?1 AND id = ?2",
        values![id.as_str()],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

fn search_key(name: &str, description: &str) -> String {
    format!("{name}\n{description}").to_lowercase()
}

/// A new app, where the tenant may have one more. The secret is kept only where the tenant's rules say so now.
pub(super) fn add(scope: &Scope, app: &App, addresses: &str, secret: &NewSecret) -> Vec<Statement> {
    vec![
        scope.statement(
            "INSERT INTO must_be_under (used, most) SELECT COUNT(*), ?2 FROM apps WHERE tenant_id = ?1",
            values![Limited::Apps.most()],
        ),
        scope.statement(
            "INSERT INTO apps (tenant_id, id, name, description, search_key, scopes, addresses, expires_at,
               token_algorithm, secret_hash, secret_hint, sealed_secret, told_days, created_by, created_at)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, CASE WHEN show_secrets_once = 0 THEN ?12 END, ?13,
               ?14, ?15
             FROM tenants WHERE id = ?1",
            values![
                app.id.as_str(),
                app.name.as_str(),
                app.description.as_str(),
                search_key(&app.name, &app.description),
                app.scopes.stored(),
                addresses,
                app.expires_at,
                algorithm_code(app.token_algorithm),
                secret.hash.as_str(),
                secret.hint.as_str(),
                secret.sealed.as_str(),
                told_at_first(app.expires_at, app.created_at),
                app.created_by.id.as_str(),
                app.created_at
            ],
        ),
        Statement::must_change(),
    ]
}

/// Changes an app, which must still be of the row's version. Notices begin anew where its end is another.
pub(super) fn change(scope: &Scope, row: &AppRow, now: Timestamp) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE apps SET name = ?3, description = ?4, search_key = ?5, scopes = ?6, addresses = ?7,
               told_days = CASE WHEN expires_at IS ?8 THEN told_days ELSE ?9 END, expires_at = ?8,
               token_algorithm = ?10, version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND version = ?11",
            values![
                row.id.as_str(),
                row.name.as_str(),
                row.description.as_str(),
                search_key(&row.name, &row.description),
                row.scopes.as_str(),
                row.addresses.as_str(),
                row.expires_at,
                told_at_first(row.expires_at.map(Timestamp::from_millis), now),
                row.token_algorithm.as_str(),
                row.version
            ],
        ),
        Statement::must_change(),
    ]
}

/// Replaces the secret of an app of that version; the present one becomes the one before, or ends.
pub(super) fn rotate(
    scope: &Scope,
    id: &AppId,
    version: i64,
    secret: &NewSecret,
    until: Option<Timestamp>,
) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE apps SET
               previous_hash = CASE WHEN ?6 IS NOT NULL THEN secret_hash END,
               previous_hint = CASE WHEN ?6 IS NOT NULL THEN secret_hint END,
               sealed_previous = CASE WHEN ?6 IS NOT NULL THEN sealed_secret END,
               previous_used_at = CASE WHEN ?6 IS NOT NULL THEN secret_used_at END,
               previous_until = ?6, secret_hash = ?3, secret_hint = ?4, secret_used_at = NULL,
               sealed_secret = CASE WHEN (SELECT show_secrets_once FROM tenants WHERE id = ?1) = 0 THEN ?5 END,
               version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND version = ?7",
            values![
                id.as_str(),
                secret.hash.as_str(),
                secret.hint.as_str(),
                secret.sealed.as_str(),
                until,
                version
            ],
        ),
        Statement::must_change(),
    ]
}

/// Switches an app of that version off or on.
pub(super) fn switch(scope: &Scope, id: &AppId, version: i64, disabled: bool) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE apps SET disabled = ?3, version = version + 1 WHERE tenant_id = ?1 AND id = ?2 AND version = ?4",
            values![id.as_str(), disabled, version],
        ),
        Statement::must_change(),
    ]
}

/// Deletes an app with all that hangs on it.
pub(super) fn delete(scope: &Scope, id: &AppId) -> Vec<Statement> {
    vec![
        scope.statement("DELETE FROM apps WHERE tenant_id = ?1 AND id = ?2", values![id.as_str()]),
        Statement::must_change(),
    ]
}
