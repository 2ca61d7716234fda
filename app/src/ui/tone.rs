//! What a badge, notice, toast or meter wants to say, beside its words.

use super::icon::Icon;

/// The sense of a message; never shown by colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Neither good nor bad.
    #[default]
    Neutral,
    /// Worth knowing.
    Info,
    /// Good: it works, it was done.
    Ok,
    /// Needs attention soon.
    Warn,
    /// Broken, refused or about to destroy.
    Bad,
}

impl Tone {
    /// The class that carries the tone's colours.
    pub fn class(self) -> &'static str {
        match self {
            Self::Neutral => "tone-neutral",
            Self::Info => "tone-info",
            Self::Ok => "tone-ok",
            Self::Warn => "tone-warn",
            Self::Bad => "tone-bad",
        }
    }

    /// The icon that says the same as the colour.
    pub fn icon(self) -> Icon {
        match self {
            Self::Neutral => Icon::Dot,
            Self::Info => Icon::Info,
            Self::Ok => Icon::Check,
            Self::Warn => Icon::Warning,
            Self::Bad => Icon::Error,
        }
    }
}
