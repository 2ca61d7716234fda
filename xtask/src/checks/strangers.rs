//! Programs that are not ours and know nothing of us, with which tests call: curl, and Python's in the versions and with
//! the hashes of `tests/python/`, each set in an environment of its own under `.tools/python/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::browser;
use crate::layout::Layout;
use crate::{process, say};

/// Has a command find the clients that the runtime tests call with.
pub(super) fn clients(layout: &Layout, command: &mut Command) -> Result<()> {
    if browser::program("curl").is_none() {
        if !browser::can_install() {
            bail!("Tests with clients of others need curl: sudo apt-get install curl");
        }
        browser::install(&["curl"])?;
    }
    command.env("PYTHON", python_set(layout, "clients")?.join("python"));
    Ok(())
}

/// Has a command find the systems that the agent is tried with: `PostgreSQL`, `MariaDB` and squid as Debian has them, and a
/// server in Python that verifies NTLM.
pub(super) fn systems(layout: &Layout, command: &mut Command) -> Result<()> {
    let mut missing: Vec<&str> =
        SYSTEMS.iter().filter(|(.., places)| place(places).is_none()).map(|(package, ..)| *package).collect();
    missing.dedup();
    if !missing.is_empty() {
        let packages = missing.join(" ");
        if !browser::can_install() {
            bail!("Tests with real systems need more: sudo apt-get install {packages}");
        }
        browser::install(&missing)?;
    }
    for (package, variable, places) in SYSTEMS {
        let found = place(places).with_context(|| format!("{package} has no {}", places.join(" or ")))?;
        command.env(variable, found);
    }
    command.env("NTLM_PYTHON", python_set(layout, "ntlm")?.join("python"));
    Ok(())
}

/// Package, the variable that says where it is, and where it may be: a `*` stands for the newest.
const SYSTEMS: [(&str, &str, &[&str]); 7] = [
    ("postgresql", "POSTGRES_BIN", &["/usr/lib/postgresql/*/bin"]),
    ("mariadb-server", "MARIADB_SERVER", &["/usr/sbin/mariadbd"]),
    ("mariadb-server", "MARIADB_INSTALL", &["/usr/bin/mariadb-install-db"]),
    ("mariadb-server", "MARIADB_CLIENT", &["/usr/bin/mariadb"]),
    ("squid", "SQUID", &["/usr/sbin/squid"]),
    ("squid", "SQUID_BASIC", &["/usr/lib/squid/basic_ncsa_auth"]),
    ("openssl", "OPENSSL", &["/usr/bin/openssl"]),
];

fn place(places: &[&str]) -> Option<PathBuf> {
    places.iter().find_map(|place| {
        let Some((before, after)) = place.split_once('*') else {
            return Some(PathBuf::from(place)).filter(|place| place.exists());
        };
        let versions = fs::read_dir(before).ok()?.flatten();
        let there = versions.map(|version| version.path().join(after.trim_start_matches('/')));
        let number = |place: &Path| {
            let name = place.parent()?.file_name()?.to_str()?;
            name.parse::<u32>().ok()
        };
        there.filter(|place| place.exists()).max_by_key(|place| number(place))
    })
}

/// Has a command find what calls the API as its document says.
pub(super) fn schemathesis(layout: &Layout, command: &mut Command) -> Result<()> {
    let bin = python_set(layout, "schemathesis")?;
    command.env("SCHEMATHESIS", bin.join("schemathesis"));
    Ok(())
}

/// The folder of the programs of one of the tests' sets.
fn python_set(layout: &Layout, set: &str) -> Result<PathBuf> {
    programs(layout, &layout.at(&format!("tests/python/{set}.txt")), set)
}

/// The folder of the programs of a list, under a name; brought unless they are there.
pub(crate) fn programs(layout: &Layout, list: &Path, set: &str) -> Result<PathBuf> {
    let wanted = fs::read_to_string(list).with_context(|| format!("cannot read {}", list.display()))?;
    let folder = layout.at(&format!(".tools/python/{set}"));
    let (bin, stamp) = (folder.join("bin"), folder.join("stands-for"));
    if fs::read_to_string(&stamp).is_ok_and(|known| known == wanted) && bin.join("python").exists() {
        return Ok(bin);
    }
    let python = python()?;
    let step = say::step(&format!("Bringing the Python programs of {} (once)…", list.display()));
    drop(fs::remove_dir_all(&folder));
    process::quiet(Command::new(python).args(["-m", "venv"]).arg(&folder), "python3 -m venv")?;
    let mut pip = Command::new(bin.join("python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"]);
    pip.args(["--require-hashes", "--only-binary", ":all:", "--requirement"]).arg(list);
    process::quiet(&mut pip, "pip install")?;
    fs::write(&stamp, wanted)?;
    step.done();
    Ok(bin)
}

/// A Python that can make environments; installs Debian's when this is root on Debian.
fn python() -> Result<PathBuf> {
    let look = || {
        let python = browser::program("python3")?;
        let modules = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
        let mut able = Command::new(&python);
        let able = process::capture(able.args(["-c", modules]), "python3", false);
        able.is_ok_and(|printed| printed.status.success()).then_some(python)
    };
    if let Some(python) = look() {
        return Ok(python);
    }
    if browser::can_install() {
        browser::install(&["python3", "python3-venv"])?;
    }
    look().context(
        "Tests with clients of others need Python 3.11 or later with its venv module: sudo apt-get install python3-venv",
    )
}
