//! The connector definitions that this build contains, read when they are first asked for.

use crate::json;
use std::cell::RefCell;
use std::rc::Rc;

use drawbridge_contract::types::connectors::ConnectorSummary;
use drawbridge_domain::connector::{Category, Definition, OperationType};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Lists files of `connectors/` with their ids, as build.rs leaves them.
macro_rules! files {
    ($($(#[$condition:meta])? $id:literal,)*) => {
        &[$($(#[$condition])? ($id, include_str!(concat!(env!("OUT_DIR"), "/connectors/", $id, ".json"))),)*]
    };
}

/// The files of `connectors/`, by id, in the order of their names for people.
const FILES: &[(&str, &str)] = files![
    "airtable",
    "asana",
    "azure-devops",
    "bamboohr",
    "bitbucket",
    "box",
    "calendly",
    "clickup",
    "confluence",
    "datadog",
    "docusign",
    "dropbox",
    "freshdesk",
    "github",
    "gitlab",
    "gmail",
    "google-calendar",
    "google-drive",
    "google-sheets",
    "http",
    "http-onprem",
    "hubspot",
    "intercom",
    "jira",
    "linear",
    "mailchimp",
    "microsoft-outlook",
    "dynamics-365",
    "microsoft-onedrive",
    "microsoft-sharepoint",
    "sql-server",
    "microsoft-teams",
    "monday",
    "mysql",
    "nintex-rpa-central",
    "notion",
    "okta",
    "pagerduty",
    "pipedrive",
    "postgres",
    "quickbooks",
    "salesforce",
    #[cfg(any(feature = "sandbox", test))]
    "sandbox-crm",
    "sendgrid",
    "servicenow",
    "sharepoint-onprem",
    "shopify",
    "slack",
    "smartsheet",
    "stripe",
    "trello",
    "twilio",
    "typeform",
    "xero",
    "zendesk",
    "zoom",
];

thread_local! {
    /// What was read so far, in the order of [`FILES`]: once per instance of the Worker.
    static READ: RefCell<Vec<Option<Rc<Definition>>>> = RefCell::new(vec![None; FILES.len()]);
    /// What lists show, likewise.
    static SUMMARIES: RefCell<Option<Rc<[ConnectorSummary]>>> = const { RefCell::new(None) };
}

/// The connector with this id.
pub fn find(id: &str) -> Option<Rc<Definition>> {
    let place = FILES.iter().position(|(known, _)| *known == id)?;
    at(place)
}

/// What lists show of all connectors, by name. The rest of the files is passed over, not read.
pub fn summaries() -> Rc<[ConnectorSummary]> {
    if let Some(known) = SUMMARIES.with_borrow(Clone::clone) {
        return known;
    }
    let heads = FILES.iter().filter_map(|(_, text)| json::read::<Head>(text).ok());
    let list: Rc<[ConnectorSummary]> = heads.map(Head::summary).collect();
    SUMMARIES.with_borrow_mut(|slot| *slot = Some(Rc::clone(&list)));
    list
}

/// What each connector can do, by the connectors' names. It is asked for seldom, and not kept.
pub fn with_operations() -> impl Iterator<Item = Abilities> {
    FILES.iter().filter_map(|(_, text)| json::read(text).ok())
}

/// A connector with the names of its operations.
#[derive(Deserialize)]
pub struct Abilities {
    /// Its id.
    pub id: String,
    /// The service's own name.
    pub name: String,
    /// What the service is for.
    pub description: String,
    /// Name of its icon.
    pub icon: String,
    /// What it can do.
    #[serde(default)]
    pub operations: Vec<Ability>,
}

/// An operation by its names.
#[derive(Deserialize)]
pub struct Ability {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Action, lookup or event.
    #[serde(rename = "type")]
    pub kind: OperationType,
}

/// As much of a definition as lists show.
#[derive(Deserialize)]
struct Head {
    id: String,
    name: String,
    description: String,
    category: Category,
    icon: String,
    #[serde(default)]
    sandbox: bool,
    auth: Vec<WayHead>,
    #[serde(default)]
    operations: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct WayHead {
    label: String,
}

impl Head {
    fn summary(self) -> ConnectorSummary {
        ConnectorSummary {
            id: self.id,
            name: self.name,
            description: self.description,
            category: self.category,
            icon: self.icon,
            sandbox: self.sandbox,
            ways: self.auth.into_iter().map(|way| way.label).collect(),
            operation_count: u32::try_from(self.operations.len()).unwrap_or(u32::MAX),
        }
    }
}

fn at(place: usize) -> Option<Rc<Definition>> {
    if let Some(known) = READ.with_borrow(|read| read.get(place).cloned().flatten()) {
        return Some(known);
    }
    let (_, text) = FILES.get(place)?;
    // A file that cannot be read does not pass the tests; a connector less is better than a Worker less.
    let definition = Rc::new(json::read_strict::<Definition>(text).ok()?);
    READ.with_borrow_mut(|read| {
        if let Some(slot) = read.get_mut(place) {
            *slot = Some(Rc::clone(&definition));
        }
    });
    Some(definition)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::features::connectors::summary;

    fn all() -> Vec<Rc<Definition>> {
        (0..FILES.len()).filter_map(at).collect()
    }

    #[test]
    fn lists_show_the_same_as_the_definitions_say() {
        let expected: Vec<ConnectorSummary> = all().iter().map(|definition| summary(definition)).collect();
        assert_eq!(*summaries(), *expected);
        assert!(Rc::ptr_eq(&summaries(), &summaries()));
        let size = serde_json::to_string(&*summaries()).unwrap().len();
        assert!(size < 20_000, "a list of {size} bytes");
    }

    #[test]
    fn every_file_is_included_and_holds_together() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../connectors");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        let included: BTreeSet<String> = FILES.iter().map(|(id, _)| (*id).to_owned()).collect();
        assert_eq!(files, included);
        assert_eq!(all().len(), FILES.len());
        for (id, _) in FILES {
            let definition = find(id).unwrap();
            assert_eq!(definition.id, *id);
            assert_eq!(definition.check(), Ok(()), "{id}");
        }
    }

    #[test]
    fn the_order_is_that_of_the_names_and_only_the_sandbox_is_one() {
        let names: Vec<String> = all().iter().map(|definition| definition.name.to_lowercase()).collect();
        assert!(names.is_sorted(), "{names:?}");
        let sandboxes: Vec<String> = all()
            .iter()
            .filter(|definition| definition.sandbox)
            .map(|definition| definition.id.clone())
            .collect();
        assert_eq!(sandboxes, ["sandbox-crm"], "any other must stand under the same cfg");
    }

    #[test]
    fn a_definition_is_read_once_and_an_unknown_one_is_none() {
        assert!(Rc::ptr_eq(&find("box").unwrap(), &find("box").unwrap()));
        for unknown in ["", "Box", "box.json", "../box", "nothing"] {
            assert!(find(unknown).is_none(), "{unknown}");
        }
    }
}
