//! The words of Settings.

use drawbridge_domain::limits::Limited;

/// The page of limits.
pub(super) const LICENSE: &str = "License and subscription";
/// What the page shows.
pub(super) const LICENSE_TEXT: &str = "What this tenant uses of each limit.";
/// The section about the edition.
pub(super) const EDITION: &str = "Edition";
/// The edition's name.
pub(super) const OPEN_EDITION: &str = "Drawbridge, open edition";
/// What the edition costs and includes.
pub(super) const OPEN_EDITION_TEXT: &str = "Everything is included; there is nothing to buy and nothing to renew. It runs under the Apache License 2.0.";
/// The section of limits.
pub(super) const LIMITS: &str = "Limits";
/// The page of the tenant.
pub(super) const TENANT: &str = "Tenant";
/// The tenant's name.
pub(super) const NAME: &str = "Tenant name";
/// What the name is for.
pub(super) const NAME_HELP: &str = "Shown in the top bar and to everybody in the tenant.";
/// The tenant's name in addresses.
pub(super) const SLUG: &str = "Name in addresses";
/// When the tenant was made.
pub(super) const CREATED: &str = "Created";
/// The tenant's id.
pub(super) const ID: &str = "Tenant ID";
/// Saves.
pub(super) const SAVE: &str = "Save";
/// Takes back what was typed.
pub(super) const REVERT: &str = "Discard changes";
/// Said once saved.
pub(super) const SAVED: &str = "Tenant saved";
/// Why Save is disabled.
pub(super) const NOTHING_TO_SAVE: &str = "Nothing was changed.";
/// Said above a form that may only be read.
pub(super) const READ_ONLY: &str = "You can read these settings";
/// Who may change them.
pub(super) const READ_ONLY_TEXT: &str = "Only a Global administrator can change them.";
/// Said when somebody else saved first.
pub(super) const CHANGED_MEANWHILE: &str = "Somebody else changed the tenant meanwhile";
/// Overwrites what somebody else saved.
pub(super) const SAVE_MINE: &str = "Save mine";
/// Shows what somebody else saved.
pub(super) const TAKE_THEIRS: &str = "Use theirs";

/// What somebody else saved, and what to do.
pub(super) fn changed_meanwhile(theirs: &str, mine: &str) -> String {
    ["The name is now “", theirs, "”. You typed “", mine, "”."].concat()
}

/// What is said of a limit that is nearly reached, or is.
pub(super) fn near(limited: Limited, used: u32, most: u32) -> Option<String> {
    let what = limited.name();
    if used >= most {
        Some(
            [what, ": the limit is reached. Delete some that are no longer needed before making more."]
                .concat(),
        )
    } else if u64::from(used) * 5 >= u64::from(most) * 4 {
        Some([what, ": more than four fifths of the limit are used."].concat())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_speaks_up_from_four_fifths_on() {
        assert_eq!(near(Limited::Connections, 799, 1000), None);
        assert!(near(Limited::Connections, 800, 1000).unwrap().contains("four fifths"));
        assert!(near(Limited::Users, 10_000, 10_000).unwrap().contains("reached"));
        assert!(near(Limited::Users, u32::MAX, 10_000).unwrap().contains("reached"));
    }
}
