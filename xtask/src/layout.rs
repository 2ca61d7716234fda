//! Where things are in the checkout.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folders of one checkout.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) root: PathBuf,
}

impl Layout {
    /// The checkout that this tool was compiled from.
    pub(crate) fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask stands in a checkout")?;
        Ok(Self { root: root.to_owned() })
    }

    /// A path inside the checkout.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Whether something stands at a path inside the checkout.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.at(path).exists()
    }

    /// Results of builds: nothing but results, it can be deleted at any time.
    pub(crate) fn build(&self, name: &str) -> PathBuf {
        self.root.join("build").join(name)
    }

    /// What belongs to this machine's instance: database, secrets, log.
    pub(crate) fn local(&self, name: &str) -> PathBuf {
        self.root.join(".local").join(name)
    }

    /// A tool that set-up compiled.
    pub(crate) fn tool(&self, name: &str) -> PathBuf {
        self.root.join(".tools/bin").join(name)
    }

    /// A program that came with an npm package.
    pub(crate) fn npm_bin(&self, name: &str) -> PathBuf {
        self.root.join("node_modules/.bin").join(name)
    }

    /// The Node.js that set-up brings: the one of the machine may be too old for wrangler.
    pub(crate) fn node(&self) -> PathBuf {
        let own = self.npm_bin("node");
        if own.exists() { own } else { PathBuf::from("node") }
    }

    /// `PATH` with the npm packages' programs first, so that their `#!/usr/bin/env node` finds the right one.
    pub(crate) fn path_variable(&self) -> Result<OsString> {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let all = [self.root.join("node_modules/.bin"), self.root.join(".tools/bin")]
            .into_iter()
            .chain(env::split_paths(&inherited));
        env::join_paths(all).context("PATH holds a folder whose name cannot stand in it")
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target(&self) -> PathBuf {
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.root.join("target"), PathBuf::from)
    }
}
