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

/// The rules for apps and tokens.
pub(super) const POLICIES: &str = "Apps and tokens";
/// A rule.
pub(super) const ONCE: &str = "Show secrets once";
/// What it means.
pub(super) const ONCE_HELP: &str = "The secrets of apps and tokens are told when they are made and never again; only what verifies them is kept.";
/// What switching it on does.
pub(super) const ONCE_ON: &str = "Saving destroys the secrets that are kept now. They go on working, but nobody can see them again, not even if you take this back.";
/// What switching it off does.
pub(super) const ONCE_OFF: &str =
    "Secrets made from then on can be seen again. Those made until then cannot; rotate them to get new ones.";
/// A rule.
pub(super) const LONGEST: &str = "Longest life of personal access tokens";
/// What it means.
pub(super) const LONGEST_HELP: &str = "From 1 to 366 days, counted from when a token is made or rotated.";
/// What is wrong with it.
pub(super) const NOT_SO_LONG: &str = "Type a number of days from 1 to 366.";
/// What a shorter one does.
pub(super) const SHORTER: &str =
    "Saving blocks tokens whose life is longer than that, at once. They are not deleted.";
/// What a longer one does.
pub(super) const LONGER: &str = "Tokens that are blocked because of their life, and fit then, work again.";
/// Saves them.
pub(super) const SAVE_POLICIES: &str = "Save rules";
/// Said once saved.
pub(super) const POLICIES_SAVED: &str = "Rules saved";
/// Said when somebody else saved first.
pub(super) const POLICIES_CHANGED: &str = "Somebody else changed the tenant meanwhile. What you chose stands here; save again to replace what is there now, or discard your changes to see it.";

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
