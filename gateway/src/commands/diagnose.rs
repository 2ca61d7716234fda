//! `diagnose`: everything that helps to help, without secrets.

use std::path::Path;

use super::{FINE, doctor, say};
use crate::agent::Loaded;
use crate::config::{LogFormat, load};
use crate::identity;
use crate::machine;

/// Prints it. The configuration is told as it was understood, not as it stands: somebody may have put a secret into a
/// comment.
pub(crate) async fn diagnose(file: &Path) -> Result<u8, String> {
    say(&format!("drawbridge-gateway {} on {} ({})", machine::VERSION, machine::name(), machine::platform()));
    match load(file) {
        Ok(config) => {
            say(&format!("server    {}", config.server.origin()));
            let proxy = config.proxy.as_ref().map_or("none", |_| "configured");
            let variable = |name: &str| if std::env::var_os(name).is_some() { "set" } else { "not set" };
            say(&format!(
                "proxy     {proxy}; HTTPS_PROXY {}, NO_PROXY {}",
                variable("HTTPS_PROXY"),
                variable("NO_PROXY")
            ));
            say(&format!(
                "ca_file   {}",
                config.ca_file.map_or("none".to_owned(), |file| file.display().to_string())
            ));
            say(&format!("log       {}", if config.log == LogFormat::Json { "json" } else { "text" }));
            say(&format!(
                "listen    {}",
                config.listen.map_or("off".to_owned(), |address| address.to_string())
            ));
            say(&format!("state     {}", config.state.display()));
            if let Ok(identity) = identity::load(&config.state) {
                say(&format!("id        {}, {}", identity.gateway, identity.replica));
                let next = if identity.next.is_some() { ", a rotation is under way" } else { "" };
                say(&format!("key       there{next}"));
            }
        }
        Err(why) => say(&format!("config    {why}")),
    }
    if let Ok(loaded) = Loaded::read(file) {
        for (name, target) in loaded.targets.all() {
            say(&format!("target    {name}  {}  {}", target.kind().code(), target.place()));
        }
    }
    say("");
    for line in doctor::examine(file).await.0 {
        say(&line);
    }
    Ok(FINE)
}
