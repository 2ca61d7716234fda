//! `doctor`: what is in the way, step by step, and by whom.

use std::path::Path;
use std::time::{Duration, SystemTime};

use super::web::{Answer, Way, WebFault};
use super::{FAILED, FINE, say, targets};
use crate::agent::Loaded;
use crate::identity::{self, Missing};
use crate::net::{NetFault, dial};

/// A clock that is further off than this is told.
const CLOCK_MOST: Duration = Duration::from_mins(2);

/// Looks at everything. Fails when something is in the way.
pub(crate) async fn doctor(file: &Path) -> Result<u8, String> {
    let (found, well) = examine(file).await;
    for line in found {
        say(&line);
    }
    Ok(if well { FINE } else { FAILED })
}

/// What was found, a line each, and whether all of it is well.
pub(super) async fn examine(file: &Path) -> (Vec<String>, bool) {
    let mut found = Found { lines: Vec::new(), fine: true };
    let loaded = match Loaded::read(file) {
        Ok(loaded) => loaded,
        Err(why) => {
            found.failed("configuration", &why);
            return (found.lines, false);
        }
    };
    found.ok("configuration", &file.display().to_string());
    match identity::load(&loaded.config.state) {
        Ok(identity) => {
            found.ok("key", &format!("gateway “{}” of “{}”", identity.name, identity.tenant));
            if identity.server != loaded.config.server.origin() {
                let words = format!("enrolled at {}, the configuration says another server", identity.server);
                found.failed("server", &words);
            }
        }
        Err(Missing::None) => found.failed("key", "none: run “drawbridge-gateway enroll”"),
        Err(Missing::Unusable(why)) => found.failed("key", &why),
    }
    server(&loaded, &mut found).await;
    for (name, target) in loaded.targets.all() {
        let title = format!("target {name}");
        match targets::one(target).await {
            Ok(words) => found.ok(&title, &words),
            Err(why) => found.failed(&title, &why),
        }
    }
    (found.lines, found.fine)
}

struct Found {
    lines: Vec<String>,
    fine: bool,
}

impl Found {
    fn ok(&mut self, title: &str, words: &str) {
        self.lines.push(format!("ok      {title}: {words}"));
    }

    fn failed(&mut self, title: &str, words: &str) {
        self.fine = false;
        self.lines.push(format!("failed  {title}: {words}"));
    }
}

async fn server(loaded: &Loaded, found: &mut Found) {
    let address = &loaded.config.server;
    let first = loaded.proxy.as_ref().map_or(address, |proxy| &proxy.address);
    if let Some(proxy) = &loaded.proxy {
        found.ok("proxy", &format!("{} is used", proxy.address.with_port()));
    }
    match crate::net::dial::names(&first.host, first.port).await {
        Ok(names) => {
            let names: Vec<String> = names.iter().map(|address| address.ip().to_string()).collect();
            found.ok("DNS", &format!("{} is {}", first.host, names.join(", ")));
        }
        Err(fault) => return found.failed("DNS", &format!("{fault}. Ask whoever keeps the DNS here")),
    }
    match dial(address, loaded.proxy.as_ref(), &loaded.tls).await {
        Ok(_) => found.ok("way out", &format!("{} can be reached", address.with_port())),
        Err(NetFault::Tls(why)) => {
            let words = "if something in between opens TLS, set ca_file to its certificate authority";
            return found.failed("TLS", &format!("{why}; {words}"));
        }
        Err(NetFault::Proxy(why)) => return found.failed("proxy", &why),
        Err(fault) => {
            let words = format!("let this machine dial out to {}", first.with_port());
            return found.failed("way out", &format!("{fault}. Ask whoever keeps the firewall: {words}"));
        }
    }
    let way = Way { address, proxy: loaded.proxy.as_ref(), tls: &loaded.tls };
    match way.get("/healthz").await {
        Ok(answer) if answer.status.is_success() => {
            found.ok("tenant's server", "answers");
            clock(&answer, found);
        }
        Ok(answer) => found.failed("tenant's server", &answer.problem()),
        Err(WebFault::Net(fault)) => found.failed("tenant's server", &fault.to_string()),
        Err(WebFault::Broke(why)) => found.failed("tenant's server", &why),
    }
}

fn clock(answer: &Answer, found: &mut Found) {
    let date = answer.headers.get(http::header::DATE).and_then(|date| date.to_str().ok());
    let Some(theirs) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else { return };
    let ours = SystemTime::now();
    let off = ours.duration_since(theirs).or_else(|_| theirs.duration_since(ours)).unwrap_or_default();
    if off > CLOCK_MOST {
        found.failed("clock", &format!("this machine's clock is {} s off: set it by NTP", off.as_secs()));
    } else {
        found.ok("clock", "agrees with the server's");
    }
}
