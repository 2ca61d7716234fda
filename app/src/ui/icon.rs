//! The icon set: one path each, 16 by 16, drawn with a stroke of 1.5.

use leptos::prelude::*;

use super::live::live;

/// An icon of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Make something new.
    Plus,
    /// Search.
    Search,
    /// More actions.
    More,
    /// Done, works.
    Check,
    /// Needs attention.
    Warning,
    /// Broken.
    Error,
    /// Worth knowing.
    Info,
    /// Waiting, or a time.
    Clock,
    /// Switched off for now.
    Pause,
    /// Run something.
    Play,
    /// Copy to the clipboard.
    Copy,
    /// Show.
    Eye,
    /// Hide.
    EyeOff,
    /// Close.
    Close,
    /// Opens downwards.
    ChevronDown,
    /// Goes on.
    ChevronRight,
    /// Goes back.
    ChevronLeft,
    /// Sorted upwards.
    ArrowUp,
    /// Sorted downwards.
    ArrowDown,
    /// Sortable, not sorted.
    Sort,
    /// Filter.
    Filter,
    /// Opens elsewhere.
    External,
    /// A person.
    User,
    /// Several people.
    Users,
    /// Settings.
    Settings,
    /// A connection.
    Link,
    /// A key or token.
    Key,
    /// The light theme.
    Sun,
    /// The dark theme.
    Moon,
    /// The system's theme.
    Monitor,
    /// Opens the left panel.
    Menu,
    /// Help.
    Help,
    /// Not allowed.
    Lock,
    /// Do it again.
    Refresh,
    /// Delete.
    Trash,
    /// Edit.
    Pencil,
    /// A connector.
    Plug,
    /// A gateway.
    Server,
    /// A record of what happened.
    List,
    /// A tenant.
    Building,
    /// Limits and use.
    Gauge,
    /// Sign out.
    SignOut,
    /// No network.
    Offline,
    /// Fetch a file.
    Download,
    /// A small filled dot.
    Dot,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Plus => "M8 3v10M3 8h10",
            Self::Search => "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.6 10.6 14 14",
            Self::More => "M3.2 8h.01M8 8h.01M12.8 8h.01",
            Self::Check => "m3 8.5 3.2 3.2L13 4.6",
            Self::Warning => "M8 2.2 14.4 13.4H1.6ZM8 6.4v3.2M8 11.5h.01",
            Self::Error => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6 6l4 4M10 6l-4 4",
            Self::Info => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.5V11M8 5.1h.01",
            Self::Clock => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.4",
            Self::Play => "M5 3.2v9.6L12.6 8Z",
            Self::Pause => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6.4 6v4M9.6 6v4",
            Self::Copy => "M6 6h7.2v7.2H6ZM3.4 10H2.8V2.8H10v.6",
            Self::Eye => {
                "M1.4 8S3.8 3.6 8 3.6 14.6 8 14.6 8 12.2 12.4 8 12.4 1.4 8 1.4 8ZM8 9.9a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8Z"
            }
            Self::EyeOff => {
                "M3.6 5.2C2.1 6.5 1.4 8 1.4 8S3.8 12.4 8 12.4c1 0 1.9-.2 2.7-.6M6.7 3.7c.4-.1.8-.1 1.3-.1 4.2 0 6.6 4.4 6.6 4.4s-.5.9-1.5 2M2.2 2.2l11.6 11.6"
            }
            Self::Close => "m4 4 8 8M12 4l-8 8",
            Self::ChevronDown => "m4 6 4 4 4-4",
            Self::ChevronRight => "m6 4 4 4-4 4",
            Self::ChevronLeft => "m10 4-4 4 4 4",
            Self::ArrowUp => "M8 13V3M4 7l4-4 4 4",
            Self::ArrowDown => "M8 3v10M4 9l4 4 4-4",
            Self::Sort => "m5 6 3-3 3 3M5 10l3 3 3-3",
            Self::Filter => "M2 4h12M4.5 8h7M7 12h2",
            Self::External => "M6.5 3.2H3.2v9.6h9.6V9.5M9.4 2.8h3.8v3.8M13 3 7.6 8.4",
            Self::User => {
                "M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8ZM2.8 13.6c.5-2.3 2.5-3.6 5.2-3.6s4.7 1.3 5.2 3.6"
            }
            Self::Users => {
                "M6 7.8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM1.4 13c.4-2 2.2-3.2 4.6-3.2s4.2 1.2 4.6 3.2M10.7 3a2.5 2.5 0 0 1 0 4.7M12.3 10.2c1.3.5 2.1 1.5 2.3 2.8"
            }
            Self::Settings => {
                "M2 4.5h6.5M12.5 4.5H14M2 11.5h1.5M7.5 11.5H14M10.5 6.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM5.5 13.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z"
            }
            Self::Link => {
                "M6.8 9.2a2.8 2.8 0 0 0 4 0l2.2-2.2a2.8 2.8 0 0 0-4-4l-.9.9M9.2 6.8a2.8 2.8 0 0 0-4 0L3 9a2.8 2.8 0 0 0 4 4l.9-.9"
            }
            Self::Key => "M5.2 13.6a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM7.4 8.4 13.4 2.4M11 4.8l2 2",
            Self::Sun => {
                "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M12.6 3.4l-.7.7M4.1 11.9l-.7.7"
            }
            Self::Moon => "M13.6 9.6A6 6 0 0 1 6.4 2.4a6 6 0 1 0 7.2 7.2Z",
            Self::Monitor => "M1.8 2.8h12.4v8.4H1.8ZM5.5 13.8h5M8 11.2v2.6",
            Self::Menu => "M2 4h12M2 8h12M2 12h12",
            Self::Help => {
                "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6.3 6.4c.1-1 .8-1.6 1.7-1.6 1 0 1.7.6 1.7 1.5 0 1.2-1.7 1.4-1.7 2.7M8 11.2h.01"
            }
            Self::Lock => "M3.4 7.2h9.2v6.4H3.4ZM5.2 7.2V5a2.8 2.8 0 0 1 5.6 0v2.2",
            Self::Refresh => {
                "M13.4 7A5.5 5.5 0 0 0 3.6 4.7L2.6 6M2.6 2.8V6h3.2M2.6 9a5.5 5.5 0 0 0 9.8 2.3l1-1.3M13.4 13.2V10h-3.2"
            }
            Self::Trash => "M2.4 4.2h11.2M6 4V2.4h4V4M3.8 4.2l.6 9.4h7.2l.6-9.4M6.6 7v4M9.4 7v4",
            Self::Pencil => "M2.6 13.4v-2.8l8-8 2.8 2.8-8 8ZM8.8 4.4l2.8 2.8",
            Self::Plug => "M5.6 2v3.4M10.4 2v3.4M3.6 5.4h8.8v2.4a4.4 4.4 0 0 1-8.8 0ZM8 12.2V14.4",
            Self::Server => "M2.4 2.8h11.2v4.4H2.4ZM2.4 8.8h11.2v4.4H2.4ZM5 5h.01M5 11h.01",
            Self::List => "M5.6 4H14M5.6 8H14M5.6 12H14M2.4 4h.01M2.4 8h.01M2.4 12h.01",
            Self::Building => "M3 13.8V2.2h7v11.6M10 6.2h3v7.6M1.8 13.8h12.4M5.3 5h2.4M5.3 8h2.4M5.3 11h2.4",
            Self::Gauge => "M2.9 12.4a6 6 0 1 1 10.2 0M8 9.4l2.6-3.2",
            Self::SignOut => "M6.4 2.8H2.8v10.4h3.6M10.4 5l3 3-3 3M13.2 8H6.4",
            Self::Offline => {
                "M2 2l12 12M5 8.7a4.3 4.3 0 0 1 2-1M2.4 6.1a8 8 0 0 1 2-1.4M7 4a8 8 0 0 1 6.6 2.1M10.3 8.2l.7.5M8 12.2h.01"
            }
            Self::Download => "M8 2.4v7.8M4.6 7 8 10.4 11.4 7M2.6 13.4h10.8",
            Self::Dot => "M8 9.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z",
        }
    }
}

/// Draws an icon; decoration only, the words beside it or the control's name carry the meaning.
pub fn icon(icon: Icon) -> AnyView {
    icon_of(Signal::stored(icon))
}

/// Draws an icon that may change.
pub fn icon_of(icon: Signal<Icon>) -> AnyView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=Signal::derive(move || icon.get().path()) />
        </svg>
    }
    .into_any()
}

/// Shows the mark of a connector, from its address under `/icons/connectors/`.
#[component]
pub fn ConnectorIcon(
    /// Where the picture is, such as `/icons/connectors/box.svg`.
    #[prop(into)]
    src: Signal<String>,
) -> impl IntoView {
    live(move || picture(src.get()))
}

/// A picture of 20 px beside a name that says it all.
pub(super) fn picture(src: String) -> AnyView {
    view! { <img class="connector-icon" src=src alt="" width="20" height="20" decoding="async" /> }.into_any()
}
