//! Starting what serves: the sandbox provider and the launcher of workerd.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::layout::Layout;
use crate::process::{self, Group};

/// How long a server may take until it is ready.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server that says on standard output, in lines of JSON, when it is ready.
pub(crate) struct Server {
    pub(crate) group: Group,
    lines: Receiver<String>,
}

impl Server {
    /// Starts it; its standard error goes to the log file, or is shown when there is none.
    pub(crate) fn start(command: &mut Command, name: &str, log: Option<&Path>) -> Result<Self> {
        // A pipe that ends when this tool does, however it ends.
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        if let Some(path) = log {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
            command.stderr(file);
        }
        let mut group = Group::spawn_as_is(command, name)?;
        let (sender, lines) = channel();
        if let Some(stream) = group.child.stdout.take() {
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    // What is not for us is dropped, but always read, so that the pipe never fills.
                    drop(sender.send(line));
                }
            });
        }
        Ok(Self { group, lines })
    }

    /// The next line of JSON that it prints.
    pub(crate) fn ready(&mut self) -> Result<Value> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.lines.recv_timeout(Duration::from_millis(100)) {
                Ok(line) => {
                    if let Ok(value @ Value::Object(_)) = serde_json::from_str(&line) {
                        return Ok(value);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let status = self.group.wait()?;
                    bail!("{} ended before it was ready ({status})", self.group.name());
                }
                Err(RecvTimeoutError::Timeout) if process::stopping() => return Err(process::Stopped.into()),
                Err(RecvTimeoutError::Timeout) if Instant::now() > deadline => {
                    bail!("{} was not ready after {} seconds", self.group.name(), PATIENCE.as_secs());
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

/// The two ports, from the environment or as usual.
pub(crate) struct Ports {
    pub(crate) console: u16,
    pub(crate) sandbox: u16,
}

impl Ports {
    /// Reads `PORT` and `SANDBOX_PORT`; says in words if one is no port or is taken.
    pub(crate) fn from_environment() -> Result<Self> {
        let ports = Self { console: read("PORT", 8787)?, sandbox: read("SANDBOX_PORT", 9555)? };
        if ports.console == ports.sandbox {
            bail!("PORT and SANDBOX_PORT are both {}: choose two", ports.console);
        }
        free(ports.console, "PORT", "Drawbridge")?;
        free(ports.sandbox, "SANDBOX_PORT", "the sandbox provider")?;
        Ok(ports)
    }
}

fn read(name: &str, usual: u16) -> Result<u16> {
    let Some(text) = std::env::var_os(name) else { return Ok(usual) };
    let number = text.to_str().and_then(|text| text.parse().ok()).filter(|number| *number > 0);
    number.with_context(|| format!("{name} is {}, not a port between 1 and 65535", text.display()))
}

fn free(port: u16, variable: &str, what: &str) -> Result<()> {
    if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
        return Ok(());
    }
    let other = port.checked_add(1).unwrap_or(8080);
    bail!(
        "Port {port}, which {what} wants, is taken by another program (perhaps an earlier start). \
         Stop that, or choose another port: {variable}={other} npm start"
    )
}

/// Starts the sandbox provider; its origin. `None` when this checkout has none.
pub(crate) fn sandbox(
    layout: &Layout,
    ports: &Ports,
    log: Option<&Path>,
) -> Result<Option<(Server, String)>> {
    if !layout.has("tests/sandbox/server.mjs") {
        return Ok(None);
    }
    let mut command = Command::new(layout.node());
    command
        .current_dir(&layout.root)
        .arg("tests/sandbox/server.mjs")
        .args(["--port", &ports.sandbox.to_string()])
        .args(["--callback", &format!("http://localhost:{}/oauth/callback", ports.console)])
        // Connections made yesterday still work today.
        .arg("--state")
        .arg(layout.local("sandbox.json"));
    let mut server = Server::start(&mut command, "the sandbox provider", log)?;
    let said = server.ready()?;
    let origin =
        said.get("listening").and_then(Value::as_str).context("the sandbox provider names no address")?;
    let origin = origin.to_owned();
    Ok(Some((server, origin)))
}

/// The command that serves a build of the console and of the Worker; the caller adds variables.
pub(crate) fn serve(layout: &Layout, port: u16, console: &str, worker: &str) -> Result<Command> {
    let mut command = Command::new(layout.node());
    command
        .current_dir(&layout.root)
        .env("PATH", layout.path_variable()?)
        .env("WRANGLER_SEND_METRICS", "false")
        .arg("tools/serve.mjs")
        .args(["--stop-with-stdin", "--port", &port.to_string()])
        .args(["--console", &format!("build/{console}")])
        .args(["--worker", &format!("build/{worker}")]);
    Ok(command)
}
