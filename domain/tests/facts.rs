//! The definitions of `connectors/` against what the providers' own descriptions say of the same calls,
//! as `tools/connector-facts.mjs` wrote it down in `connectors/facts/`.

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::PathBuf;

    use drawbridge_domain::connector::{AuthScheme, Definition, Operation, Parameter, ParameterPlace};
    use serde::Deserialize;

    /// What a description says.
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Facts {
        source: String,
        version: String,
        hosts: Vec<String>,
        oauth: Option<Oauth>,
        /// Operations of ours that the description does not have; `docs/CONNECTORS.md` says why.
        #[serde(default)]
        apart: BTreeSet<String>,
        operations: BTreeMap<String, Call>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Oauth {
        authorization_urls: Vec<String>,
        token_urls: Vec<String>,
        scopes: BTreeSet<String>,
        /// Scopes of ours that the description does not name.
        other_scopes: BTreeSet<String>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Call {
        #[serde(rename = "call")]
        line: String,
        #[serde(default)]
        query: BTreeSet<String>,
        #[serde(default)]
        header: BTreeSet<String>,
        #[serde(default)]
        body: BTreeSet<String>,
        #[serde(default)]
        required: BTreeSet<String>,
        #[serde(default)]
        success: Vec<u16>,
    }

    /// What a description leaves out or has otherwise, and where else it is said.
    const ELSEWHERE: &[(&str, &str, &str)] = &[
        (
            "azure-devops",
            "authorization URL",
            "learn.microsoft.com: Microsoft Entra in the place of Azure DevOps OAuth",
        ),
        ("azure-devops", "token URL", "the same"),
        ("azure-devops", "query:api-version", "learn.microsoft.com, Comments - Add: as in every other call"),
        ("microsoft-sharepoint", "query:search", "Microsoft Graph, Search for sites"),
        (
            "slack",
            "authorization URL",
            "docs.slack.dev, Installing with OAuth; the description has the first version",
        ),
        ("slack", "token URL", "the same"),
        ("trello", "query:idOrganizations", "developer.atlassian.com, Search Trello: no longer required"),
        ("zendesk", "query:page[after]", "developer.zendesk.com, Pagination"),
        ("zendesk", "query:page[size]", "the same"),
    ];

    fn is_elsewhere(id: &str, what: &str) -> bool {
        ELSEWHERE.iter().any(|(connector, name, why)| *connector == id && *name == what && !why.is_empty())
    }

    fn folder() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../connectors")
    }

    fn read<T: serde::de::DeserializeOwned>(path: &std::path::Path) -> T {
        let text = std::fs::read_to_string(path).unwrap();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn all() -> Vec<(Definition, Facts)> {
        let files = std::fs::read_dir(folder().join("facts")).unwrap().map(|entry| entry.unwrap().path());
        files.map(|path| (read(&folder().join(path.file_name().unwrap())), read(&path))).collect()
    }

    /// Segments with a star for what is variable; `.json` at the end counts for nothing.
    fn segments(path: &str) -> Vec<String> {
        let mut plain = String::new();
        let mut depth = false;
        for c in path.chars() {
            match c {
                '{' => {
                    depth = true;
                    plain.push('*');
                }
                '}' => depth = false,
                _ if depth => {}
                _ => plain.push(c),
            }
        }
        let plain = plain.trim_end_matches('/').trim_end_matches(".json");
        plain.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// Whether our path is one of theirs: the same, but for a value where they take any.
    fn same_path(theirs: &str, ours: &str) -> bool {
        let (theirs, ours) = (segments(theirs), segments(ours));
        theirs.len() == ours.len()
            && theirs.iter().zip(&ours).all(|(a, b)| {
                let (start, end) = a.split_once('*').unwrap_or((a, ""));
                a == b || (a.contains('*') && b.starts_with(start) && b.ends_with(end))
            })
    }

    /// The paths that an operation can have, without the host.
    fn paths(definition: &Definition, operation: &Operation) -> Vec<String> {
        let after_host = |url: &str| {
            let rest =
                url.strip_prefix("https://").map(|rest| rest.split_once('/').map_or("", |(_, path)| path));
            // `{baseUrl}` and the like stand for scheme and host.
            rest.unwrap_or_else(|| url.split_once('/').map_or("", |(_, path)| path)).to_owned()
        };
        if !operation.path.as_str().starts_with('/') {
            return vec![after_host(operation.path.as_str())];
        }
        let bases = definition.auth.iter().map(|way| way.base_url.as_ref().unwrap_or(&definition.base_url));
        bases.map(|base| format!("{}{}", after_host(base.as_str()), operation.path.as_str())).collect()
    }

    /// A host pattern with stars for what is variable.
    fn host_fits(pattern: &str, theirs: &str) -> bool {
        let ours = segments(pattern).concat();
        let under = ours.strip_prefix("*.").is_some_and(|domain| theirs.ends_with(&format!(".{domain}")));
        ours == theirs || under || theirs.strip_prefix("*.").is_some_and(|domain| ours.ends_with(domain))
    }

    fn pointer(parameter: &Parameter) -> String {
        parameter.at.as_ref().map_or_else(|| format!("/{}", parameter.id), |at| at.as_str().to_owned())
    }

    /// What is wrong with one operation.
    fn faults(operation: &Operation, call: &Call) -> Vec<String> {
        let mut faults = Vec::new();
        let mut given = BTreeSet::new();
        for parameter in &operation.parameters {
            let name = parameter.wire_name();
            let sure = parameter.required || parameter.default.is_some();
            let (known, key) = match parameter.place {
                ParameterPlace::Path => continue,
                ParameterPlace::Query => (call.query.contains(name), format!("query:{name}")),
                ParameterPlace::Header => {
                    let same = |theirs: &String| theirs.eq_ignore_ascii_case(name);
                    (call.header.iter().any(same), format!("header:{}", name.to_lowercase()))
                }
                ParameterPlace::Body => {
                    let at = pointer(parameter);
                    let open = |b: &String| b.strip_suffix("/*").is_some_and(|start| at.starts_with(start));
                    (
                        at.is_empty() || call.body.contains(&at) || call.body.iter().any(open),
                        format!("body:{at}"),
                    )
                }
            };
            if !known {
                faults.push(format!("{key} is unknown to the description"));
            }
            if sure {
                given.insert(key);
            }
        }
        for name in operation.query.keys() {
            if !call.query.contains(name) {
                faults.push(format!("query:{name} is unknown to the description"));
            }
            given.insert(format!("query:{name}"));
        }
        for name in operation.headers.keys() {
            given.insert(format!("header:{}", name.to_lowercase()));
        }
        for required in &call.required {
            let wanted =
                if required.starts_with("header:") { required.to_lowercase() } else { required.clone() };
            let inside = format!("{wanted}/");
            if !given.iter().any(|key| *key == wanted || key.starts_with(&inside) || key == "body:") {
                faults.push(format!("{required} is required and not sure to be there"));
            }
        }
        faults
    }

    #[test]
    fn every_operation_is_one_that_the_provider_describes() {
        let mut wrong = Vec::new();
        for (definition, facts) in all() {
            assert!(!facts.source.is_empty() && !facts.version.is_empty(), "{}", definition.id);
            for operation in &definition.operations {
                let at = format!("{} {}", definition.id, operation.id);
                if facts.apart.contains(&operation.id) {
                    continue;
                }
                let Some(call) = facts.operations.get(&operation.id) else {
                    wrong.push(format!("{at}: no fact; run tools/connector-facts.mjs"));
                    continue;
                };
                let (method, path) = call.line.split_once(' ').unwrap();
                let known = paths(&definition, operation).iter().any(|ours| same_path(path, ours));
                if method != operation.method.as_str() || !known {
                    wrong.push(format!("{at}: the description has {}", call.line));
                }
                assert!(call.success.iter().all(|status| (200..300).contains(status)), "{at}");
                let found = faults(operation, call).into_iter();
                let found =
                    found.filter(|fault| !is_elsewhere(&definition.id, fault.split(' ').next().unwrap()));
                wrong.extend(found.map(|fault| format!("{at}: {fault}")));
            }
            for id in facts.operations.keys().filter(|id| definition.operation(id).is_none()) {
                wrong.push(format!("{} {id}: a fact about nothing", definition.id));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn hosts_and_oauth_are_those_of_the_description() {
        let mut wrong = Vec::new();
        for (definition, facts) in all() {
            for host in &facts.hosts {
                if !definition.hosts.iter().any(|pattern| host_fits(pattern, host)) {
                    wrong.push(format!("{}: {host} is none of its hosts", definition.id));
                }
            }
            let Some(oauth) = facts.oauth else { continue };
            let same = |theirs: &[String], ours: &str| {
                let plain = |url: &str| segments(url.trim_start_matches("https://"));
                theirs.is_empty() || theirs.iter().any(|url| plain(url) == plain(ours))
            };
            for way in &definition.auth {
                let scopes = match &way.scheme {
                    AuthScheme::OauthCode(ours) => {
                        let urls = [
                            ("authorization URL", &oauth.authorization_urls, &ours.authorization_url),
                            ("token URL", &oauth.token_urls, &ours.token_url),
                        ];
                        for (name, theirs, ours) in urls {
                            if !same(theirs, ours.as_str()) && !is_elsewhere(&definition.id, name) {
                                wrong.push(format!("{}: {name}: {theirs:?}", definition.id));
                            }
                        }
                        &ours.scopes
                    }
                    AuthScheme::OauthClientCredentials(ours) => &ours.scopes,
                    _ => continue,
                };
                for scope in &scopes.known {
                    if !oauth.scopes.contains(&scope.name) && !oauth.other_scopes.contains(&scope.name) {
                        wrong.push(format!("{}: scope {}", definition.id, scope.name));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn what_is_wrong_is_found() {
        let (definition, facts) = all().into_iter().find(|(definition, _)| definition.id == "box").unwrap();
        let operation = definition.operation("create-folder").unwrap();
        let call = &facts.operations["create-folder"];
        assert!(faults(operation, call).is_empty());
        let mut other = operation.clone();
        other.parameters.retain(|parameter| parameter.id != "name");
        assert_eq!(faults(&other, call), ["body:/name is required and not sure to be there"]);
        let mut other = operation.clone();
        other.query.insert("surprise".to_owned(), "1".to_owned());
        assert_eq!(faults(&other, call), ["query:surprise is unknown to the description"]);
        assert!(same_path("/2.0/folders/{folder_id}/items", "2.0/folders/{folderId}/items"));
        assert!(same_path("/a/{x}.json", "/a/{y}.json") && same_path("/a/{x}", "/a/me"));
        assert!(!same_path("/2.0/folders", "2.0/files") && !same_path("/a/{x}", "/a"));
        assert!(
            host_fits("{subdomain}.zendesk.com", "*.zendesk.com") && host_fits("*.box.com", "api.box.com")
        );
        assert!(!host_fits("api.box.com", "upload.box.com"));
    }

    /// Connectors without facts, each for the reason that `docs/CONNECTORS.md` gives.
    const UNCHECKED: &[&str] = &[
        "dynamics-365",
        "gitlab",
        "http",
        "http-onprem",
        "linear",
        "monday",
        "mysql",
        "nintex-rpa-central",
        "postgres",
        "salesforce",
        "sandbox-crm",
        "sharepoint-onprem",
        "shopify",
        "smartsheet",
        "sql-server",
        "typeform",
    ];

    #[test]
    fn what_is_not_checked_is_named() {
        let checked: BTreeSet<String> = all().into_iter().map(|(definition, _)| definition.id).collect();
        let docs = std::fs::read_to_string(folder().join("../docs/CONNECTORS.md")).unwrap();
        for entry in std::fs::read_dir(folder()).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let id = path.file_stem().unwrap().to_str().unwrap();
            assert_ne!(checked.contains(id), UNCHECKED.contains(&id), "{id}: either facts or a reason");
            let definition: Definition = read(&path);
            assert!(docs.contains(&definition.name), "{}: no word in docs/CONNECTORS.md", definition.name);
        }
    }
}
