//! Whether a definition holds together: what the types alone cannot say.

use std::collections::{BTreeMap, BTreeSet};

use super::format::is_key_header;
use super::template::{is_name, parse};
use super::{
    AnswerRule, AuthWay, Call, Definition, DefinitionFault, Field, FieldKind, Format, Method, Parameter,
    Pointer, Problem, SANDBOX_ORIGIN, Template, Values, host,
};

impl Definition {
    /// Finds everything that is wrong with the definition.
    pub fn check(&self) -> Result<(), Vec<DefinitionFault>> {
        let mut check = Check { definition: self, ways: Vec::new(), faults: Vec::new() };
        check.head();
        check.fields("settings", &self.settings);
        check.hosts();
        check.ways(&Names::new(self.sandbox).with_fields(&self.settings));
        check.gateway();
        if self.gateway.is_none() {
            check.everywhere("baseUrl", &self.base_url, &[]);
        }
        if !self.validation.is_empty() || self.gateway.is_none() {
            check.call("validation", &self.validation);
        }
        if let Some(identity) = &self.identity {
            if let Some(call) = &identity.call {
                check.call("identity.call", call);
            }
            let others = [&identity.name, &identity.email, &identity.organization];
            check.pointers("identity", others.into_iter().flatten().chain([&identity.id]));
        }
        check.rules("answerRules", &self.answer_rules);
        check.pointers("errorMessage", &self.error_message);
        check.operations();
        if check.faults.is_empty() { Ok(()) } else { Err(check.faults) }
    }
}

/// The names that templates may use at one place, with a value of the right form for each.
#[derive(Clone)]
pub(super) struct Names {
    pub(super) samples: Values,
    pub(super) secrets: BTreeSet<String>,
    /// Values to be tried instead of the sample.
    pub(super) variants: BTreeMap<String, Vec<String>>,
}

impl Names {
    fn new(sandbox: bool) -> Self {
        let mut samples = Values::new();
        if sandbox {
            samples.insert(SANDBOX_ORIGIN.to_owned(), "http://127.0.0.1:9000".to_owned());
        }
        Self { samples, secrets: BTreeSet::new(), variants: BTreeMap::new() }
    }

    fn with_fields(mut self, fields: &[Field]) -> Self {
        for field in fields {
            self.add(&field.id, &field.format);
            if field.secret {
                self.secrets.insert(field.id.clone());
            }
            if let Some(first) = field.options.first() {
                self.samples.insert(field.id.clone(), first.value.clone());
                let values = field.options.iter().map(|option| option.value.clone()).collect();
                self.variants.insert(field.id.clone(), values);
            }
        }
        self
    }

    pub(super) fn with_way(&self, way: &AuthWay) -> Self {
        let mut names = self.clone().with_fields(&way.fields);
        for value in way.token_values() {
            names.add(&value.id, &value.format);
        }
        names
    }

    pub(super) fn add(&mut self, id: &str, format: &Format) {
        let own = id.to_ascii_lowercase();
        let under =
            |domains: &Vec<String>| domains.first().map_or_else(|| own.clone(), |d| format!("{own}.{d}"));
        let sample = match format {
            Format::Hostname => format!("{own}.example.com"),
            Format::HostUnder(domains) => under(domains),
            Format::HttpsUnder(domains) => format!("https://{}", under(domains)),
            Format::HttpsOrigin | Format::HttpsBase | Format::HttpsUrl => {
                format!("https://{own}.example.com")
            }
            Format::UrlPath => format!("/{own}"),
            _ => own,
        };
        self.samples.insert(id.to_owned(), sample);
    }

    /// The samples, and once more for each other choice of a select field.
    fn sets(&self) -> Vec<Values> {
        let mut sets = vec![self.samples.clone()];
        for (name, values) in &self.variants {
            for value in values.iter().skip(1) {
                let mut set = self.samples.clone();
                set.insert(name.clone(), value.clone());
                sets.push(set);
            }
        }
        sets
    }
}

/// A definition being checked, and the faults found so far.
pub(super) struct Check<'a> {
    pub(super) definition: &'a Definition,
    /// Each way to authenticate with the names that calls may use after it.
    pub(super) ways: Vec<(&'a AuthWay, Names)>,
    pub(super) faults: Vec<DefinitionFault>,
}

impl Check<'_> {
    pub(super) fn fault(&mut self, at: impl Into<String>, problem: Problem) {
        let fault = DefinitionFault { at: at.into(), problem };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    pub(super) fn require(&mut self, good: bool, at: impl Into<String>, problem: Problem) {
        if !good {
            self.fault(at, problem);
        }
    }

    pub(super) fn text(&mut self, at: impl Into<String>, text: &str, most: usize) {
        let length = text.trim().chars().count();
        self.require(length > 0 && length <= most, at, Problem::Length);
    }

    fn head(&mut self) {
        let definition = self.definition;
        self.require(is_kebab(&definition.id), "id", Problem::NotKebabCase);
        self.require(is_kebab(&definition.icon), "icon", Problem::NotKebabCase);
        self.text("name", &definition.name, 60);
        self.text("description", &definition.description, 200);
        self.require(!definition.auth.is_empty(), "auth", Problem::Length);
        for link in &definition.docs {
            self.text("docs.label", &link.label, 80);
            self.https("docs.url", &link.url);
        }
        self.headers("headers", &definition.headers);
    }

    pub(super) fn https(&mut self, at: impl Into<String>, url: &str) {
        self.require(url.starts_with("https://") && host::split_url(url).is_some(), at, Problem::NotHttps);
    }

    pub(super) fn headers(&mut self, at: &str, headers: &BTreeMap<String, String>) {
        for (name, value) in headers {
            let good = is_key_header(name) && !name.eq_ignore_ascii_case("authorization");
            self.require(
                good && !value.chars().any(char::is_control),
                format!("{at}.{name}"),
                Problem::Header,
            );
        }
    }

    fn hosts(&mut self) {
        let none = self.definition.hosts.is_empty() && self.definition.gateway.is_none();
        self.require(!none, "hosts", Problem::Length);
        for pattern in &self.definition.hosts {
            let plain = pattern.strip_prefix("*.").unwrap_or(pattern);
            let good = match parse(plain) {
                Ok(parts) if parts.iter().any(|part| part.name().is_some()) => plain == pattern,
                Ok(_) => host::is_public_hostname(plain),
                Err(_) => false,
            };
            self.require(good, format!("hosts.{pattern}"), Problem::HostPattern);
        }
    }

    pub(super) fn fields(&mut self, at: &str, fields: &[Field]) {
        let mut seen = BTreeSet::new();
        for field in fields {
            let at = format!("{at}.{}", field.id);
            self.require(is_name(&field.id) && field.id != SANDBOX_ORIGIN, &at, Problem::NotAName);
            self.require(seen.insert(&field.id), &at, Problem::Twice);
            self.text(format!("{at}.label"), &field.label, 60);
            self.require(field.format.is_well_formed(), format!("{at}.format"), Problem::Format);
            let select = field.kind == FieldKind::Select;
            self.require(select != field.options.is_empty(), format!("{at}.options"), Problem::Options);
            let values = field.options.iter().map(|option| &option.value).chain(&field.default);
            for value in values {
                self.require(field.check(value).is_ok(), format!("{at}.default"), Problem::Format);
            }
            self.require(
                !(field.secret && field.default.is_some()),
                format!("{at}.default"),
                Problem::NotSecret,
            );
        }
    }

    /// A template whose names must be known; `true` where that is so.
    pub(super) fn names(&mut self, at: &str, template: &Template, names: &Names) -> bool {
        let Ok(parts) = parse(template.as_str()) else {
            self.fault(at, Problem::Template);
            return false;
        };
        let mut good = true;
        for name in parts.iter().filter_map(super::template::Part::name) {
            if name == SANDBOX_ORIGIN && !self.definition.sandbox {
                self.fault(at, Problem::SandboxOnly);
            } else if !names.samples.contains_key(name) {
                self.fault(at, Problem::Unknown { name: name.to_owned() });
            } else {
                continue;
            }
            good = false;
        }
        good
    }

    /// A template of an address or path that must lead to one of the hosts, whatever the values are.
    pub(super) fn url(&mut self, at: &str, template: &Template, way: &AuthWay, names: &Names) {
        if !self.names(at, template, names) {
            return;
        }
        if let Some(secret) = template.names().into_iter().find(|name| names.secrets.contains(*name)) {
            self.fault(at, Problem::SecretExposed { name: secret.to_owned() });
            return;
        }
        for values in names.sets() {
            match self.definition.url(way, template, &values) {
                Ok(url) if self.definition.allows_url(&url, &values) => {}
                Ok(_) => return self.fault(at, Problem::OutsideHosts),
                Err(_) => return self.fault(at, Problem::Template),
            }
        }
    }

    /// The same with every way to authenticate, and with the parameters of the path.
    pub(super) fn everywhere(&mut self, at: &str, template: &Template, parameters: &[&Parameter]) {
        for (way, mut names) in self.ways.clone() {
            for parameter in parameters {
                names.add(&parameter.id, &parameter.format);
            }
            self.url(at, template, way, &names);
        }
    }

    /// A text template over known names.
    pub(super) fn plain(&mut self, at: &str, template: &Template, names: &Names) {
        if self.names(at, template, names) {
            self.require(template.expand_text(&names.samples).is_ok(), at, Problem::Template);
        }
    }

    fn call(&mut self, at: &str, call: &Call) {
        self.require(
            matches!(call.method, Method::Get | Method::Post),
            format!("{at}.method"),
            Problem::Method,
        );
        let bodiless = call.method == Method::Get;
        self.require(!(bodiless && call.body.is_some()), format!("{at}.body"), Problem::Method);
        self.everywhere(&format!("{at}.path"), &call.path, &[]);
        self.headers(&format!("{at}.headers"), &call.headers);
        self.rules(&format!("{at}.answerRules"), &call.answer_rules);
    }

    fn rules(&mut self, at: &str, rules: &[AnswerRule]) {
        for rule in rules {
            self.require(rule.status.is_none_or(|status| (100..600).contains(&status)), at, Problem::Length);
            self.pointers(at, &rule.at);
        }
    }

    pub(super) fn pointers<'p>(&mut self, at: &str, pointers: impl IntoIterator<Item = &'p Pointer>) {
        for pointer in pointers {
            self.require(pointer.is_well_formed(), at, Problem::Pointer);
        }
    }
}

/// Small letters, digits and single hyphens, beginning with a letter.
pub(super) fn is_kebab(id: &str) -> bool {
    let part = |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    id.len() <= 60 && id.starts_with(|c: char| c.is_ascii_lowercase()) && id.split('-').all(part)
}
