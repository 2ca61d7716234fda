//! The list of gateways: filtered, in one of two orders, from a key on.

use drawbridge_contract::types::gateways::GatewaySort;
use drawbridge_domain::gateway::GatewayStatus;

use super::read::{GatewayRow, gateway_columns};
use crate::features::people::store::keyset::{edge, keyset};
use crate::http::Scope;
use crate::ports::{DbError, Value};
use crate::services::Services;
use crate::values;

macro_rules! list {
    ($key:literal, $compare:literal, $direction:literal, $status:literal) => {
        keyset!(
            select gateway_columns!(), from "gateways" as "g",
            where concat!("(?2 IS NULL OR instr(g.name_key, ?2) > 0) AND ", $status),
            by $key $direction, after $compare "(?4, ?5)", limit "?6"
        )
    };
}

/// The same order with one status, which has an index of its own, and with all.
macro_rules! either {
    ($status:expr, $key:literal, $compare:literal, $direction:literal) => {
        if $status {
            list!($key, $compare, $direction, "g.status = ?3")
        } else {
            list!($key, $compare, $direction, "?3 IS NULL")
        }
    };
}

/// One page.
pub(crate) async fn list(
    services: &Services,
    scope: &Scope,
    search: Option<String>,
    status: Option<GatewayStatus>,
    sort: GatewaySort,
    after: Option<(Value, String)>,
    limit: u32,
) -> Result<Vec<GatewayRow>, DbError> {
    use GatewaySort as By;
    let one = status.is_some();
    let sql = match sort {
        By::Name => either!(one, "name_key", ">", "ASC"),
        By::NameDescending => either!(one, "name_key", "<", "DESC"),
        By::Created => either!(one, "created_at", ">", "ASC"),
        By::CreatedDescending => either!(one, "created_at", "<", "DESC"),
    };
    let by_text = matches!(sort, By::Name | By::NameDescending);
    let descending = matches!(sort, By::NameDescending | By::CreatedDescending);
    let (key, id) = after.unwrap_or_else(|| edge(by_text, descending));
    let page = scope.statement(sql, values![search, status.map(GatewayStatus::code), key, id, limit]);
    services.db.batch(vec![page]).await?.into_iter().next().unwrap_or_default().all()
}
