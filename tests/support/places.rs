//! Where things are, and folders that go away by themselves.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

/// The checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests stand in a checkout").to_owned()
}

/// The Node.js that set-up brings.
pub fn node() -> Command {
    let own = root().join("node_modules/.bin/node");
    let mut command = Command::new(
        std::env::var_os("NODE")
            .map_or_else(|| if own.exists() { own } else { "node".into() }, PathBuf::from),
    );
    command.current_dir(root()).env("WRANGLER_SEND_METRICS", "false").env("NO_COLOR", "1");
    command
}

/// The Python with the clients of others, which `npm test -- runtime` brings.
pub fn python() -> PathBuf {
    let own = root().join(".tools/python/clients/bin/python");
    std::env::var_os("PYTHON").map_or(own, PathBuf::from)
}

/// A folder for one test, removed when nobody needs it any more.
#[derive(Debug)]
pub struct Folder(PathBuf);

/// Where the folders of all runs are; those of programs that have ended are removed first.
static BASE: LazyLock<PathBuf> = LazyLock::new(|| {
    let program = std::env::current_exe().expect("a program has a path");
    // …/target/debug/deps/workerd-0123
    let target = program.ancestors().nth(3).expect("test programs stand in target/debug/deps");
    let base = target.join("tmp/runtime-tests");
    fs::create_dir_all(&base).expect("a folder for the tests can be made");
    for entry in fs::read_dir(&base).expect("it can be read").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process = name.split('-').next().unwrap_or_default();
        if !Path::new("/proc").join(process).exists() {
            drop(fs::remove_dir_all(entry.path()));
        }
    }
    base
});

impl Folder {
    /// A new, empty folder.
    pub fn new() -> Arc<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = BASE.join(name);
        fs::create_dir_all(&path).expect("a folder for a test can be made");
        Arc::new(Self(path))
    }

    /// A copy of this folder and all in it.
    pub fn copy(&self) -> Arc<Self> {
        let copy = Self::new();
        copy_into(&self.0, &copy.0);
        copy
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            drop(fs::remove_dir_all(&self.0));
        }
    }
}

fn copy_into(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder can be read") {
        let entry = entry.expect("a folder can be read");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a file has a type").is_dir() {
            fs::create_dir_all(&target).expect("a folder can be made");
            copy_into(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}
