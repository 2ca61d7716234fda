//! A person at the sandbox provider's pages: signs in, allows or denies, and is sent back.

use url::Url;
use url::form_urlencoded::Serializer;

use ureq::Agent;

use crate::browser::agent;

/// The browser of a person, as the provider sees it.
#[derive(Debug)]
pub struct Visitor {
    agent: Agent,
    /// Name, value, path.
    cookies: Vec<(String, String, String)>,
    person: String,
    allows: bool,
    scopes: Vec<String>,
}

struct Page {
    url: Url,
    status: u16,
    html: String,
}

enum Step {
    Page(Page),
    Left(Url),
}

impl Visitor {
    /// Somebody who signs in as this person and allows everything.
    pub fn new(person: &str) -> Self {
        let scopes = ["contacts:read", "contacts:write"].map(str::to_owned).to_vec();
        Self { agent: agent(), cookies: Vec::new(), person: person.to_owned(), allows: true, scopes }
    }

    /// Somebody who refuses on the consent page.
    #[must_use]
    pub fn who_denies(mut self) -> Self {
        self.allows = false;
        self
    }

    /// Somebody who leaves only these of the optional scopes ticked.
    #[must_use]
    pub fn who_allows_only(mut self, scopes: &[&str]) -> Self {
        self.scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        self
    }

    /// Goes through all pages; answers the address that the provider sends the browser to at the end.
    pub fn goes_to(&mut self, address: &str) -> String {
        let start = Url::parse(address).expect("an address");
        let mut step = self.follow("GET", start, &[]);
        for _ in 0..5 {
            let page = match step {
                Step::Left(url) => return url.into(),
                Step::Page(page) => page,
            };
            assert_eq!(page.status, 200, "{}", page.html);
            let mut fields = Vec::new();
            if page.html.contains("name=\"decision\"") {
                fields.push(("decision", if self.allows { "allow" } else { "deny" }.to_owned()));
                fields.extend(self.scopes.iter().map(|scope| ("scope", scope.clone())));
            } else {
                fields.push(("person", self.person.clone()));
            }
            step = self.follow("POST", page.url, &fields);
        }
        panic!("going in circles at {address}");
    }

    fn follow(&mut self, method: &str, start: Url, fields: &[(&str, String)]) -> Step {
        let (mut url, mut method) = (start.clone(), method);
        for _ in 0..10 {
            let request = ureq::http::Request::builder().method(method).uri(url.as_str());
            let cookies: Vec<_> =
                self.cookies.iter().filter(|(_, _, path)| url.path().starts_with(path)).collect();
            let cookies: Vec<_> = cookies.iter().map(|(name, value, _)| format!("{name}={value}")).collect();
            let request = request.header("cookie", cookies.join("; "));
            let sent = if method == "POST" {
                let form = Serializer::new(String::new()).extend_pairs(fields).finish();
                let request = request.header("content-type", "application/x-www-form-urlencoded");
                self.agent.run(request.body(form).expect("a request"))
            } else {
                self.agent.run(request.body(()).expect("a request"))
            };
            let mut answer = sent.unwrap_or_else(|error| panic!("{method} {url}: {error}"));
            for line in answer.headers().get_all("set-cookie") {
                self.keep(line.to_str().expect("a cookie is text"));
            }
            let location =
                answer.headers().get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
            let status = answer.status().as_u16();
            let Some(location) = location.filter(|_| (300..400).contains(&status)) else {
                let html = answer.body_mut().read_to_string().expect("a page");
                return Step::Page(Page { url, status, html });
            };
            url = url.join(&location).expect("an address");
            if url.origin() != start.origin() {
                return Step::Left(url);
            }
            method = "GET";
        }
        panic!("too many redirects from {start}");
    }

    fn keep(&mut self, line: &str) {
        let mut parts = line.split(';').map(str::trim);
        let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).expect("a cookie has a name");
        let path =
            parts.find_map(|part| part.strip_prefix("path=").or(part.strip_prefix("Path="))).unwrap_or("/");
        self.cookies.retain(|(known, _, of)| known != name || of != path);
        if !value.is_empty() && !line.contains("Thu, 01 Jan 1970") {
            self.cookies.push((name.to_owned(), value.to_owned(), path.to_owned()));
        }
    }
}

/// A parameter of an address.
pub fn parameter(address: &str, name: &str) -> Option<String> {
    let url = Url::parse(address).expect("an address");
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// An address with a parameter set to another value, or left out.
pub fn with_parameter(address: &str, name: &str, value: Option<&str>) -> String {
    let mut url = Url::parse(address).expect("an address");
    let mut pairs: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(known, _)| known != name)
        .map(|(n, v)| (n.into_owned(), v.into_owned()))
        .collect();
    pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    url.query_pairs_mut().clear().extend_pairs(pairs);
    url.into()
}
