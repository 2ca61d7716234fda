//! The endpoint table, by the product's nouns.

mod apps;
mod audit;
mod compatible;
mod connections;
mod connectors;
mod gateway_link;
mod gateways;
mod live;
mod people;
mod sessions;
mod sso;
mod tenants;
mod tokens;
mod uses;
mod webhooks;

pub use apps::*;
pub use audit::*;
pub use compatible::*;
pub use connections::*;
pub use connectors::*;
pub use gateway_link::*;
pub use gateways::*;
pub use live::*;
pub use people::*;
mod connection_life;
mod permissions;

pub use connection_life::*;
pub use permissions::*;
pub use sessions::*;
pub use sso::*;
pub use tenants::*;
pub use tokens::*;
pub use uses::*;
pub use webhooks::*;

use crate::endpoint::{Endpoint, Info};

macro_rules! endpoint {
    ($(#[doc = $doc:literal])* $name:ident { $($field:ident: $value:expr),* $(,)? } $params:ty, $query:ty, $body:ty => $answer:ty) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl $crate::endpoint::Endpoint for $name {
            const INFO: $crate::endpoint::Info = $crate::endpoint::Info {
                name: stringify!($name),
                #[cfg(feature = "openapi")]
                description: concat!($($doc, "\n"),*),
                $($field: $value,)*
                ..$crate::endpoint::Info::BASE
            };
            type Params = $params;
            type Query = $query;
            type Body = $body;
            type Answer = $answer;
        }
    };
}
pub(crate) use endpoint;

/// Something that is done with every endpoint of the table, types and all.
pub trait Visitor {
    /// Called once per endpoint.
    #[cfg(not(feature = "openapi"))]
    fn visit<E: Endpoint>(&mut self);
    /// Called once per endpoint.
    #[cfg(feature = "openapi")]
    fn visit<
        E: Endpoint<
                Params: schemars::JsonSchema,
                Query: schemars::JsonSchema,
                Body: schemars::JsonSchema,
                Answer: schemars::JsonSchema,
            >,
    >(
        &mut self,
    );
}

macro_rules! table {
    ($($name:ident),+ $(,)?) => {
        /// All endpoints, in the order of the documents.
        pub const TABLE: &[Info] = &[$($name::INFO),+];

        /// Shows every endpoint of the table to a visitor.
        pub fn visit_all(visitor: &mut impl Visitor) {
            $(visitor.visit::<$name>();)+
        }
    };
}

table! {
    ReadSetup, SetUpDeployment,
    SignInWithPassword, ReadSession, SignOut, ListSessions, EndSession, ChangeOwnPassword,
    ReadTenant, ChangeTenantSettings, ReadCredentialPolicy, ReadUsage, ListTenants, MakeTenant, SwitchTenant,
    ListUsers, InviteToTenant, ReadUser, ChangeUserSettings, RemoveUser, ResendInvitation, SuspendUser,
    ReactivateUser, ReadUserHoldings, ReadInvitation, AcceptTheInvitation, AcceptWithSession,
    ListGroups, MakeGroup, ReadGroup, ChangeGroupSettings, DeleteGroup, ReadGroupHoldings, ListMembers, AddMember,
    RemoveMember,
    ListConnectors, ReadConnector,
    ListOAuthClients, RegisterOAuthClient, ReadOAuthClient, ChangeOAuthClientSettings, DeleteOAuthClient,
    ListConnections, MakeConnection, ReadConnection, DeleteConnection, AuthorizeConnection, TestConnection,
    ListConnectionEvents,
    ListApps, MakeApp, ReadApp, ChangeAppSettings, DeleteApp, ReadAppSecret, RotateAppSecret, DisableApp, ActivateApp,
    ListTokens, MakeToken, ReadToken, ChangeTokenSettings, DeleteToken, ReadTokenSecret, RotateToken, RevokeToken,
    ListAudit, ExportAudit, VerifyAudit,
    ChangeConnectionSettings, DisableConnection, EnableConnection, RestoreConnection, ListConnectionUses,
    ReadConnectionPermissions, SaveConnectionPermissions, ListConnectionAccess, FindPrincipals,
    MakeReconnectLink, ReadReconnectLink, StartReconnect,
    RunOperation, PassThrough,
    FollowChanges,
    ListWebhooks, MakeWebhook, ReadWebhook, ChangeWebhookSettings, DeleteWebhook, RotateWebhookSecret, TestWebhook,
    ListWebhookDeliveries, Redeliver,
    ListGateways, MakeGateway, ReadGateway, ChangeGatewaySettings, DisconnectGateway, MakeGatewayCode, DisableGateway,
    EnableGateway, RotateGatewayKey, RemoveGatewayReplica, DrainGatewayReplica, ListGatewayConnections,
    ListGatewayEvents, ListGatewayChoices, ListGatewayTargets,
    ReadSso, ChangeSsoSettings, DeleteSso, TestSso, EnableSso, DisableSso, NameSsoDomain, ProveSsoDomain,
    RemoveSsoDomain, FindSignIn, ReadOwnIdentity, ConnectOwnIdentity, DisconnectOwnIdentity,
    JoinGateway, LeaveGateway, OpenGatewayLink,
    ListTenantUsers, RemoveTenantUser, ListWorkflowConnections, ListWorkflowConnectors,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::endpoint::{Access, Audit, Method};

    /// What anybody may call; each has a rule of its own.
    const PUBLIC: [&str; 11] = [
        "ReadSetup",
        "SetUpDeployment",
        "SignInWithPassword",
        "ReadInvitation",
        "AcceptTheInvitation",
        "ReadReconnectLink",
        "StartReconnect",
        "FindSignIn",
        "JoinGateway",
        "LeaveGateway",
        "OpenGatewayLink",
    ];

    #[test]
    fn the_table_holds_to_its_own_rules() {
        let mut names = BTreeSet::new();
        let mut routes = BTreeSet::new();
        for info in TABLE {
            assert!(names.insert(info.name), "{} twice", info.name);
            assert!(
                routes.insert((info.method.as_str(), info.path)),
                "{} {} twice",
                info.method.as_str(),
                info.path
            );
            let places: &[&str] = match info.tag {
                "Compatible paths" => &["/tenants/v1/", "/workflows/v1/"],
                "Gateway link" => &["/gateway/v1/"],
                _ => &["/api/v1/"],
            };
            assert!(places.iter().any(|place| info.path.starts_with(place)), "{}", info.path);
            assert!(!info.summary.is_empty() && !info.tag.is_empty(), "{} is not described", info.name);
            // Who looks at a secret leaves a record, though nothing changes.
            if info.path.ends_with("/secret") && info.method.is_safe() {
                assert_ne!(info.audit, Audit::None, "{} shows a secret and is not audited", info.name);
            } else if info.method.is_safe() {
                assert_eq!(info.audit, Audit::None, "{} reads and is audited", info.name);
            } else {
                assert_ne!(info.audit, Audit::None, "{} writes and is not audited", info.name);
            }
            let replaces = info.name == "SaveConnectionPermissions";
            let updates = info.method == Method::Patch || replaces;
            assert_eq!(info.if_match, updates, "{}: updates take If-Match", info.name);
            let public = PUBLIC.contains(&info.name);
            assert_eq!(info.access == Access::Public, public, "{} is open to anybody", info.name);
        }
    }
}
