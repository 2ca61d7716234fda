//! `npm start`: from a checkout to a running product.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::build_app::CONSOLE;
use crate::launch::{self, Ports, Server};
use crate::layout::Layout;
use crate::process::{self, Stopped};
use crate::products::{self, Product};
use crate::{build_worker, say, secrets, setup};

/// Everything that runs after a start.
pub(crate) struct Running {
    pub(crate) worker: Server,
    pub(crate) sandbox: Option<Server>,
}

/// Which builds to serve, and whether the log is shown rather than written to files.
pub(crate) struct Served<'a> {
    pub(crate) console: &'a str,
    pub(crate) worker: &'a str,
    pub(crate) show_log: bool,
}

/// Sets up, builds, starts, says where, and stays until it is stopped.
pub(crate) fn start(layout: &Layout) -> Result<()> {
    let ports = Ports::from_environment()?;
    setup::ensure(layout)?;
    products::ensure(layout, &[Product::Console, Product::Sandbox, Product::Gateway])?;
    let served = Served { console: CONSOLE.out, worker: build_worker::SANDBOX.out, show_log: false };
    let mut running = run(layout, &ports, &served)?;
    while !process::stopping() {
        running.check()?;
        std::thread::sleep(Duration::from_millis(100));
    }
    drop(running);
    say::line("\nStopped.");
    Ok(())
}

/// Starts the sandbox provider and the Worker, and says the address and the set-up code.
pub(crate) fn run(layout: &Layout, ports: &Ports, served: &Served<'_>) -> Result<Running> {
    let secrets = secrets::ensure(layout)?;
    let log = |name: &str| (!served.show_log).then(|| layout.local("log").join(name));
    let step = say::step("Starting…");
    let sandbox = launch::sandbox(layout, ports, log("sandbox.log").as_deref())
        .with_context(|| hint(layout, "sandbox.log"))?;

    let origin = format!("http://localhost:{}", ports.console);
    let mut command = launch::serve(layout, ports.console, served.console, served.worker)?;
    command.arg("--schedules");
    command.arg("--env-file").arg(&secrets.file).args(["--var", &format!("PUBLIC_ORIGIN={origin}")]);
    if let Some((_, sandbox_origin)) = &sandbox {
        command.args(["--var", &format!("SANDBOX_ORIGIN={sandbox_origin}")]);
    }
    let mut worker = Server::start(&mut command, "the Worker's runtime", log("worker.log").as_deref())?;
    let said = worker.ready().with_context(|| hint(layout, "worker.log"))?;
    for migration in said.get("migrated").and_then(Value::as_array).into_iter().flatten() {
        say::line(&format!("  applied migration {}", migration.as_str().unwrap_or_default()));
    }
    let setup_open = check_ready(&said)?;
    step.done();

    let sandbox = sandbox.map(|(server, sandbox_origin)| {
        say::line(&format!("\nSandbox provider: {sandbox_origin}"));
        server
    });
    if !served.show_log {
        say::line("Logs:             .local/log/");
    }
    say::line(&format!("Drawbridge:       {origin}"));
    if setup_open {
        say::line(&format!("Set-up code:      {}", secrets.setup_code));
    }
    Ok(Running { worker, sandbox })
}

impl Running {
    /// An error as soon as one of them has ended by itself.
    pub(crate) fn check(&mut self) -> Result<()> {
        for server in [Some(&mut self.worker), self.sandbox.as_mut()].into_iter().flatten() {
            if let Some(status) = server.group.ended()
                && !process::stopping()
            {
                bail!("{} ended by itself ({status}); see .local/log/", server.group.name());
            }
        }
        Ok(())
    }
}

/// Whether set-up is still open; an error in the Worker's own words when it says that it cannot work.
fn check_ready(said: &Value) -> Result<bool> {
    let ready = said.get("ready").unwrap_or(&Value::Null);
    let body = ready.get("body").unwrap_or(&Value::Null);
    let word = |name: &str| body.get(name).and_then(Value::as_str);
    if ready.get("status").and_then(Value::as_u64) != Some(200) {
        bail!(
            "Drawbridge cannot work: {}",
            word("detail").or(word("title")).or(body.as_str()).unwrap_or("it does not say why")
        );
    }
    Ok(body.get("setupOpen").and_then(Value::as_bool).unwrap_or(false))
}

/// The end of a log, to be shown with an error.
fn hint(layout: &Layout, name: &str) -> String {
    let file = layout.local("log").join(name);
    let end = tail(&file).unwrap_or_default();
    if end.is_empty() {
        "it said nothing".to_owned()
    } else {
        format!("its last words ({}):\n{end}", file.display())
    }
}

fn tail(file: &Path) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let lines: Vec<_> = text.lines().collect();
    Some(lines.get(lines.len().saturating_sub(15)..)?.join("\n"))
}

/// Whether an error only says that the user stopped the command.
pub(crate) fn was_stopped(error: &anyhow::Error) -> bool {
    process::stopping() || error.is::<Stopped>()
}
