//! Build, start, check, test, bench: what the npm scripts and CI call.

mod bench;
mod build_app;
mod build_floor;
mod build_gateway;
mod build_reference;
mod build_worker;
mod checks;
mod counts;
mod dev;
mod inputs;
mod launch;
mod layout;
mod likeness;
mod npm;
mod process;
mod products;
mod say;
mod secrets;
mod setup;
mod split;
mod start;
mod test;
mod tools;
mod wasm;
mod wasm_opt;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::checks::{When, generated, migrations};
use crate::layout::Layout;
use crate::products::Product;

const HELP: &str = "\
npm start            set up what is missing, build, run on this machine
npm run dev          the same, and again on every change
npm test             every check; `npm test -- NAME…` only those whose name contains one of the words
npm run test:all     the same and the slow ones
npm run check        the quick checks
npm run bench        sizes and speed
npm run build        console, Worker and the gateway's agents for production
npm run generate     write the generated files anew
npm run audit:verify -- FILE   verify an export of the audit log
npm run keys         a new master key and set-up code, for a deployment
npm run migrations:lock   note the sums of new migrations";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (command, rest) = words.split_first().map_or(("help", [].as_slice()), |(first, rest)| (*first, rest));
    match process::stop_children_on_signal().and_then(|()| run(command, rest)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) if start::was_stopped(&error) => {
            say::line("\nStopped.");
            ExitCode::from(130)
        }
        Err(error) => {
            say::line(&format!("\n{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Runs one command; whether all went well.
fn run(command: &str, rest: &[&str]) -> Result<bool> {
    let layout = Layout::find()?;
    match (command, rest) {
        ("start", []) => start::start(&layout)?,
        ("dev", []) => dev::dev(&layout)?,
        ("setup", []) => setup::ensure(&layout)?,
        ("build", which) => build(&layout, which)?,
        ("test", ["--all", words @ ..]) => return test::test(&layout, When::Slow, words),
        ("test", words) => return test::test(&layout, When::Usual, words),
        ("check", words) => return test::test(&layout, When::Quick, words),
        ("bench", rest) => bench::bench(&layout, rest)?,
        ("keys", []) => {
            say::line(&format!("MASTER_KEYS  {}", secrets::master_key("k1")?));
            say::line(&format!("SETUP_CODE   {}", secrets::setup_code()?));
        }
        ("audit:verify", [file]) => return audit_verify(&layout, file),
        ("generate", []) => generated::write(&layout)?,
        ("migrations:lock", []) => migrations::lock(&layout)?,
        ("help" | "--help", _) => say::line(HELP),
        _ => bail!("unknown: {command} {}\n\n{HELP}", rest.join(" ")),
    }
    Ok(true)
}

/// Verifies an export of the audit log; whether it is whole.
fn audit_verify(layout: &Layout, file: &str) -> Result<bool> {
    let file = std::path::absolute(file)?;
    let mut cargo = std::process::Command::new("cargo");
    cargo.current_dir(&layout.root).args(["run", "--quiet", "-p", "drawbridge-contract"]);
    cargo.args(["--bin", "audit-verify", "--"]).arg(file);
    Ok(cargo.status()?.success())
}

/// `build` makes what is deployed; `build sandbox` and `build gallery` what tests need.
fn build(layout: &Layout, which: &[&str]) -> Result<()> {
    setup::ensure(layout)?;
    match which {
        [] => products::ensure(layout, &[Product::Console, Product::Worker, Product::Gateways]),
        ["console"] => Product::Console.ensure(layout),
        ["gallery"] => Product::Gallery.ensure(layout),
        ["worker"] => Product::Worker.ensure(layout),
        ["sandbox"] => Product::Sandbox.ensure(layout),
        ["gateway"] => Product::Gateway.ensure(layout),
        ["gateways"] => Product::Gateways.ensure(layout),
        _ => bail!(
            "build what? Nothing more for production, or one of: console, gallery, worker, sandbox, gateway, gateways"
        ),
    }
}
