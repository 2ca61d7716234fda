//! Roles: cumulative, one per user and tenant.

use std::fmt;

/// What a user may do in a tenant; each role includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub enum Role {
    /// Signs in, sees and completes own tasks.
    Participant,
    /// Makes and uses connections they are allowed, makes workflows, sees connectors.
    Designer,
    /// Custom connectors, OAuth clients, apps and tokens.
    Developer,
    /// Every page of Settings, every connection as owner, users and groups.
    AutomationAdministrator,
    /// Everything, tenant settings and deletion.
    GlobalAdministrator,
}

crate::coded!(Role);

impl Role {
    /// All roles, least first.
    pub const ALL: [Self; 5] = [
        Self::Participant,
        Self::Designer,
        Self::Developer,
        Self::AutomationAdministrator,
        Self::GlobalAdministrator,
    ];

    /// The role's name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Participant => "Participant",
            Self::Designer => "Designer",
            Self::Developer => "Developer",
            Self::AutomationAdministrator => "Automation administrator",
            Self::GlobalAdministrator => "Global administrator",
        }
    }

    /// The word that stands for the role in JSON and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Participant => "participant",
            Self::Designer => "designer",
            Self::Developer => "developer",
            Self::AutomationAdministrator => "automationAdministrator",
            Self::GlobalAdministrator => "globalAdministrator",
        }
    }

    /// The role that a code stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Whether this role includes what `needed` may.
    pub fn includes(self, needed: Self) -> bool {
        self >= needed
    }

    /// Whether this is one of the two administrator roles.
    pub fn is_administrator(self) -> bool {
        self.includes(Self::AutomationAdministrator)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A page of the console, for the question who may open it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Automate → Connections.
    Connections,
    /// Settings → Audit log.
    AuditLog,
    /// Automate → Connectors.
    Connectors,
    /// Settings → License and subscription.
    License,
    /// Settings → User management.
    People,
    /// Settings → Tenant.
    Tenant,
    /// Settings → Webhooks.
    Webhooks,
    /// Settings → Single sign-on.
    SingleSignOn,
    /// Settings → Apps and tokens.
    AppsAndTokens,
    /// Settings → Gateways.
    Gateways,
}

impl Page {
    /// The least role that may open the page.
    pub const fn needs(self) -> Role {
        match self {
            Self::Connections | Self::Connectors => Role::Designer,
            Self::AppsAndTokens => Role::Developer,
            Self::AuditLog
            | Self::License
            | Self::People
            | Self::Tenant
            | Self::Webhooks
            | Self::SingleSignOn
            | Self::Gateways => Role::AutomationAdministrator,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_cumulative_and_codes_are_their_json() {
        for (place, role) in Role::ALL.into_iter().enumerate() {
            assert_eq!(Role::from_code(role.code()), Some(role));
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{}\"", role.code()));
            for lower in &Role::ALL[..=place] {
                assert!(role.includes(*lower));
            }
        }
        assert!(!Role::Developer.is_administrator());
        assert!(!Role::Participant.includes(Page::Connections.needs()));
    }
}
