//! What the list's URL says: filters, order, and what is open beside it.

use drawbridge_contract::endpoint::encode;
use drawbridge_contract::types::connections::{ConnectionSort, ConnectionView, ListConnectionsQuery};
use drawbridge_domain::connection::Status;
use drawbridge_domain::id::{ConnectionId, Id, UserId};

/// What is open over the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Beside {
    /// Nothing.
    #[default]
    Nothing,
    /// Add connection, step 1: choose a connector.
    Choose,
    /// Add connection, step 2: make a connection with this connector.
    Make(String),
    /// Signing in at the provider for a connection that exists.
    SignIn(ConnectionId),
    /// Signing in at the provider so that a change takes effect.
    Apply(ConnectionId),
    /// Asking before a connection whose making was not finished is discarded.
    Discard(ConnectionId),
    /// Trying this operation, on a connection's own page.
    Try(String),
    /// Changing name, settings and credentials.
    Edit(ConnectionId),
    /// Who was given what, and who can use it.
    Permissions(ConnectionId),
    /// A link by which somebody else signs in.
    Link(ConnectionId),
    /// Asking before a connection is deleted.
    Delete(ConnectionId),
}

impl Beside {
    /// What is open for a connection that exists: its word in the URL, and the connection.
    pub(super) fn said(&self) -> Option<(&'static str, &ConnectionId)> {
        Some(match self {
            Self::Nothing | Self::Choose | Self::Make(_) | Self::Try(_) => return None,
            Self::SignIn(id) => ("signIn", id),
            Self::Apply(id) => ("apply", id),
            Self::Discard(id) => ("discard", id),
            Self::Edit(id) => ("edit", id),
            Self::Permissions(id) => ("permissions", id),
            Self::Link(id) => ("link", id),
            Self::Delete(id) => ("delete", id),
        })
    }
}

/// Opens something for a connection that exists.
type Open = fn(ConnectionId) -> Beside;

/// The words in the URL for what is open for a connection.
const KINDS: [(&str, Open); 8] = [
    ("signIn", Beside::SignIn),
    ("failed", Beside::SignIn),
    ("apply", Beside::Apply),
    ("discard", Beside::Discard),
    ("edit", Beside::Edit),
    ("permissions", Beside::Permissions),
    ("link", Beside::Link),
    ("delete", Beside::Delete),
];

/// What a sign-in in the console's own window came back with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Return {
    /// The connection works now.
    Connected(ConnectionId),
    /// It does not; the connection knows why.
    Failed(ConnectionId),
    /// The callback was refused before its connection was known; by the refusal's code.
    Refused(String),
}

/// What the list's URL says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Address {
    /// Only names that hold this text.
    pub(super) search: String,
    /// Only this connector; empty for all.
    pub(super) connector: String,
    /// Only this status.
    pub(super) status: Option<Status>,
    /// Only those that the reader made.
    pub(super) mine: bool,
    /// The order.
    pub(super) sort: ConnectionSort,
    /// The deleted ones instead of those that are there.
    pub(super) deleted: bool,
    /// What is open over the list.
    pub(super) beside: Beside,
}

/// The word for an order, in the URL as in the API.
pub(super) fn sort_code(sort: ConnectionSort) -> &'static str {
    match sort {
        ConnectionSort::Name => "name",
        ConnectionSort::NameDescending => "-name",
        ConnectionSort::Created => "created",
        ConnectionSort::CreatedDescending => "-created",
        ConnectionSort::LastVerified => "lastVerified",
        ConnectionSort::LastVerifiedDescending => "-lastVerified",
    }
}

/// The order that a word stands for; the usual one for any other word.
pub(super) fn sort_from(code: &str) -> ConnectionSort {
    use ConnectionSort as S;
    [S::NameDescending, S::Created, S::CreatedDescending, S::LastVerified, S::LastVerifiedDescending]
        .into_iter()
        .find(|sort| sort_code(*sort) == code)
        .unwrap_or_default()
}

impl Address {
    /// Reads the URL's query; what makes no sense in it is as if it were not there.
    pub(super) fn read(query: &dyn Fn(&str) -> Option<String>) -> Self {
        let text = |name| query(name).unwrap_or_default();
        let id = |name| query(name).and_then(|id| ConnectionId::parse(&id).ok());
        let trying = || query("try").map(Beside::Try);
        let open = || KINDS.into_iter().find_map(|(name, beside)| id(name).map(beside));
        let beside = match query("add") {
            Some(connector) if connector.is_empty() || connector == "1" => Beside::Choose,
            Some(connector) => Beside::Make(connector),
            None => open().or_else(trying).unwrap_or_default(),
        };
        Self {
            search: text("search").trim().to_owned(),
            connector: text("connector"),
            status: Status::from_code(&text("status")),
            mine: text("owner") == "me",
            sort: sort_from(&text("sort")),
            deleted: text("view") == "deleted",
            beside,
        }
    }

    /// The same list with something else beside it.
    #[must_use]
    pub(super) fn with(&self, beside: Beside) -> Self {
        Self { beside, ..self.clone() }
    }

    /// Whether any filter is set.
    pub(super) fn is_filtered(&self) -> bool {
        self.mine || self.status.is_some() || !self.search.is_empty() || !self.connector.is_empty()
    }

    /// The same order without filters.
    #[must_use]
    pub(super) fn unfiltered(&self) -> Self {
        Self { sort: self.sort, deleted: self.deleted, ..Self::default() }
    }

    /// The address on the page at `path`; parameters that say nothing are left out.
    pub(super) fn write(&self, path: &str) -> String {
        let mut address = path.to_owned();
        let mut say = |name: &str, value: &str| {
            address.push(if address.contains('?') { '&' } else { '?' });
            address.push_str(name);
            address.push('=');
            encode(value, &mut address);
        };
        for (name, value) in [
            ("search", self.search.as_str()),
            ("connector", self.connector.as_str()),
            ("status", self.status.map(Status::code).unwrap_or_default()),
            ("owner", if self.mine { "me" } else { "" }),
            ("view", if self.deleted { "deleted" } else { "" }),
            ("sort", if self.sort == ConnectionSort::default() { "" } else { sort_code(self.sort) }),
        ] {
            if !value.is_empty() {
                say(name, value);
            }
        }
        match &self.beside {
            Beside::Nothing => (),
            Beside::Choose => say("add", "1"),
            Beside::Make(connector) => say("add", connector),
            Beside::Try(operation) => say("try", operation),
            other => {
                if let Some((name, connection)) = other.said() {
                    say(name, connection.as_str());
                }
            }
        }
        address
    }

    /// What to ask the server for.
    pub(super) fn query(&self, me: &UserId) -> ListConnectionsQuery {
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        ListConnectionsQuery {
            search: some(&self.search),
            connector: some(&self.connector),
            status: self.status,
            owner: self.mine.then(|| me.clone()),
            sort: (self.sort != ConnectionSort::default()).then_some(self.sort),
            view: self.deleted.then_some(ConnectionView::Deleted),
            cursor: None,
            page_size: None,
        }
    }
}

/// What a sign-in in this window came back with, where the URL says so.
pub(super) fn returned(query: &dyn Fn(&str) -> Option<String>) -> Option<Return> {
    let id = |name| query(name).and_then(|id| ConnectionId::parse(&id).ok());
    id("connected")
        .map(Return::Connected)
        .or_else(|| id("failed").map(Return::Failed))
        .or_else(|| query("refused").map(Return::Refused))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "con_0000000001zzzzzzzzzzzzzzzz";

    fn read(query: &[(&str, &str)]) -> Address {
        Address::read(&lookup(query))
    }

    fn lookup(query: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        move |name| query.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn nothing_said_is_the_plain_list() {
        assert_eq!(read(&[]), Address::default());
        assert_eq!(Address::default().write("/p"), "/p");
        assert!(!Address::default().is_filtered());
    }

    #[test]
    fn what_is_written_is_read_again() {
        let id = ConnectionId::parse(ID).unwrap();
        for beside in [
            Beside::Nothing,
            Beside::Choose,
            Beside::Make("sandbox-crm".into()),
            Beside::SignIn(id.clone()),
            Beside::Discard(id.clone()),
            Beside::Try("list-contacts".into()),
            Beside::Apply(id.clone()),
            Beside::Edit(id.clone()),
            Beside::Permissions(id.clone()),
            Beside::Link(id.clone()),
            Beside::Delete(id.clone()),
        ] {
            let address = Address {
                search: "a&b".into(),
                connector: "box".into(),
                status: Some(Status::Invalid),
                mine: true,
                sort: ConnectionSort::LastVerifiedDescending,
                deleted: true,
                beside: beside.clone(),
            };
            let open = match &beside {
                Beside::Nothing => String::new(),
                Beside::Choose => "&add=1".to_owned(),
                Beside::Make(_) => "&add=sandbox-crm".to_owned(),
                Beside::Try(_) => "&try=list-contacts".to_owned(),
                other => format!("&{}={ID}", other.said().unwrap().0),
            };
            assert_eq!(
                address.write("/p"),
                format!(
                    "/p?search=a%26b&connector=box&status=invalid&owner=me&view=deleted&sort=-lastVerified{open}"
                )
            );
            let mut said = vec![
                ("search", "a&b"),
                ("connector", "box"),
                ("status", "invalid"),
                ("owner", "me"),
                ("view", "deleted"),
                ("sort", "-lastVerified"),
            ];
            match &address.beside {
                Beside::Nothing => (),
                Beside::Choose => said.push(("add", "1")),
                Beside::Make(connector) => said.push(("add", connector)),
                Beside::Try(operation) => said.push(("try", operation)),
                other => said.push((other.said().unwrap().0, ID)),
            }
            assert_eq!(read(&said), address);
            assert!(address.is_filtered());
            assert!(!address.unfiltered().is_filtered());
            assert_eq!(address.unfiltered().sort, address.sort);
        }
    }

    #[test]
    fn nonsense_is_as_if_it_were_not_there() {
        let address = read(&[
            ("status", "broken"),
            ("owner", "you"),
            ("sort", "colour"),
            ("signIn", "con_1"),
            ("search", "   "),
        ]);
        assert_eq!(address, Address::default());
        assert_eq!(returned(&lookup(&[("connected", "x"), ("failed", "usr_1")])), None);
    }

    #[test]
    fn a_return_from_the_provider_is_told_apart() {
        let id = ConnectionId::parse(ID).unwrap();
        assert_eq!(returned(&lookup(&[("connected", ID)])), Some(Return::Connected(id.clone())));
        assert_eq!(returned(&lookup(&[("failed", ID)])), Some(Return::Failed(id.clone())));
        assert_eq!(returned(&lookup(&[("refused", "flow_used")])), Some(Return::Refused("flow_used".into())));
        assert_eq!(read(&[("add", "")]).beside, Beside::Choose);
        assert_eq!(read(&[("failed", ID)]).beside, Beside::SignIn(id));
    }

    #[test]
    fn every_order_has_its_word() {
        for code in ["name", "-name", "created", "-created", "lastVerified", "-lastVerified"] {
            assert_eq!(sort_code(sort_from(code)), code);
        }
    }

    #[test]
    fn only_what_is_set_is_asked_for() {
        let me = UserId::new(1, [1; 10]);
        assert_eq!(Address::default().query(&me), ListConnectionsQuery::default());
        let mine = Address { mine: true, ..Address::default() };
        assert_eq!(mine.query(&me).owner, Some(me));
    }
}
