//! What all parts of a running agent share: configuration, targets, counters, and whether it is to stop.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::watch;

use crate::config::{Config, LogFormat, load};
use crate::log;
use crate::net::{Proxy, Tls};
use crate::targets::Targets;
use crate::telemetry::Telemetry;

/// How often the configuration's file is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// A configuration and what was made from it.
pub(crate) struct Loaded {
    /// As it stands in the file.
    pub(crate) config: Config,
    /// What may be reached.
    pub(crate) targets: Arc<Targets>,
    /// How TLS with the server is made.
    pub(crate) tls: Tls,
    /// The way out to the server.
    pub(crate) proxy: Option<Proxy>,
}

impl Loaded {
    /// Reads a file and makes everything from it.
    pub(crate) fn read(file: &Path) -> Result<Self, String> {
        let config = load(file)?;
        let tls = Tls::new(config.ca_file.as_deref())?;
        let targets = Arc::new(Targets::new(&config, &tls)?);
        let proxy = match &config.proxy {
            None if config.server.is_loopback() => None,
            None => Proxy::from_environment(&config.server.host),
            Some(proxy) => {
                let password = proxy.login.as_ref().map(|login| login.password.read()).transpose()?;
                let login = proxy.login.as_ref().zip(password.as_ref());
                let login = login.map(|(login, password)| (login.user.as_str(), password.as_str()));
                Some(Proxy::new(proxy.address.clone(), login))
            }
        };
        Ok(Self { config, targets, tls, proxy })
    }
}

/// A running agent.
pub(crate) struct Agent {
    file: PathBuf,
    loaded: watch::Sender<Arc<Loaded>>,
    stopping: watch::Sender<bool>,
    /// Its counters.
    pub(crate) telemetry: Telemetry,
}

impl Agent {
    /// An agent with a configuration.
    pub(crate) fn new(file: PathBuf, loaded: Loaded) -> Self {
        Self {
            file,
            loaded: watch::Sender::new(Arc::new(loaded)),
            stopping: watch::Sender::new(false),
            telemetry: Telemetry::default(),
        }
    }

    /// The configuration, and word when there is another.
    pub(crate) fn loaded(&self) -> watch::Receiver<Arc<Loaded>> {
        self.loaded.subscribe()
    }

    /// The configuration as it is now.
    pub(crate) fn now(&self) -> Arc<Loaded> {
        Arc::clone(&self.loaded.borrow())
    }

    /// It is to stop.
    pub(crate) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Whether it is to stop, and word when it is.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }

    /// Waits until it is to stop.
    pub(crate) async fn until_stopping(&self) {
        let _ = self.stopping().wait_for(|stopping| *stopping).await;
    }

    /// Reads the file again. A mistake leaves everything as it was.
    pub(crate) fn reload(&self) {
        let before = self.now();
        let loaded = match Loaded::read(&self.file) {
            Ok(loaded) => loaded,
            Err(why) => {
                log::error("the configuration has a mistake; what was right before stays", &[("why", &why)]);
                return;
            }
        };
        log::as_json(loaded.config.log == LogFormat::Json);
        let (new, old) = (&loaded.config, &before.config);
        if (&new.server, &new.state, &new.listen) != (&old.server, &old.state, &old.listen) {
            log::warn("server, state and listen count from the next start on", &[]);
        }
        log::info("configuration read again", &[("targets", &new.targets.len())]);
        self.loaded.send_replace(Arc::new(loaded));
        self.telemetry.report_due();
    }

    /// Reads the file again whenever it changes from what it was when it was `known`.
    pub(crate) async fn follow_file(&self, mut known: Option<Mark>) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let found = mark(&self.file);
            // An editor may take the file away for a moment.
            if found.is_some() && found != known {
                known = found;
                self.reload();
            }
        }
    }
}

/// What tells one state of a file from another.
pub(crate) type Mark = (SystemTime, u64);

/// The state of a file.
pub(crate) fn mark(file: &Path) -> Option<Mark> {
    let found = fs::metadata(file).ok()?;
    Some((found.modified().ok()?, found.len()))
}
