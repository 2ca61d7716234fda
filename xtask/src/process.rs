//! Child processes: each in a group of its own, all of them stopped when this tool is.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::say;
use anyhow::{Context, Result, anyhow, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use std::os::unix::process::CommandExt;

static STOPPING: AtomicBool = AtomicBool::new(false);
static PARENT: LazyLock<Option<Pid>> = LazyLock::new(rustix::process::getppid);
static GROUPS: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// How long a process may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(6);

/// Ctrl+C, SIGTERM or SIGHUP came.
#[derive(Debug)]
pub(crate) struct Stopped;

impl std::fmt::Display for Stopped {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("stopped")
    }
}

impl std::error::Error for Stopped {}

/// From now on Ctrl+C and SIGTERM stop every child; whoever waits for one gets [`Stopped`].
pub(crate) fn stop_children_on_signal() -> Result<()> {
    LazyLock::force(&PARENT);
    ctrlc::set_handler(|| {
        if STOPPING.swap(true, Ordering::SeqCst) {
            return;
        }
        for group in groups().iter() {
            let _ = kill_process_group(*group, Signal::TERM);
        }
        let deadline = Instant::now() + GRACE + Duration::from_secs(2);
        while Instant::now() < deadline {
            sleep(Duration::from_millis(50));
        }
        for group in groups().iter() {
            let _ = kill_process_group(*group, Signal::KILL);
        }
        std::process::exit(130);
    })
    .context("cannot listen for Ctrl+C")
}

/// Whether Ctrl+C or SIGTERM came, or whoever started this tool is gone.
pub(crate) fn stopping() -> bool {
    if rustix::process::getppid() != *PARENT {
        STOPPING.store(true, Ordering::SeqCst);
    }
    STOPPING.load(Ordering::SeqCst)
}

fn groups() -> std::sync::MutexGuard<'static, Vec<Pid>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A child process and everything it started itself.
pub(crate) struct Group {
    pub(crate) child: Child,
    id: Pid,
    name: String,
}

impl Group {
    /// Starts a command in a group of its own, with no standard input.
    pub(crate) fn spawn(command: &mut Command, name: &str) -> Result<Self> {
        Self::spawn_as_is(command.stdin(Stdio::null()), name)
    }

    /// Starts a command in a group of its own, with the standard input that it was given.
    pub(crate) fn spawn_as_is(command: &mut Command, name: &str) -> Result<Self> {
        if stopping() {
            return Err(Stopped.into());
        }
        let child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {name} ({})", command.get_program().display()))?;
        let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw).context("a process without id")?;
        groups().push(id);
        Ok(Self { child, id, name: name.to_owned() })
    }

    /// What it is, in words.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus> {
        let status = self.child.wait().with_context(|| format!("cannot wait for {}", self.name));
        self.forget();
        if stopping() { Err(Stopped.into()) } else { status }
    }

    /// Its status if it has ended.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Sends the leader, not the whole group, a signal.
    pub(crate) fn signal(&self, signal: Signal) -> Result<()> {
        rustix::process::kill_process(self.id, signal).with_context(|| format!("cannot signal {}", self.name))
    }

    fn forget(&self) {
        groups().retain(|group| *group != self.id);
    }
}

impl Drop for Group {
    /// Asks the group to end, then ends it.
    fn drop(&mut self) {
        if self.ended().is_none() {
            let _ = kill_process_group(self.id, Signal::TERM);
            let deadline = Instant::now() + GRACE;
            while self.ended().is_none() && Instant::now() < deadline {
                sleep(Duration::from_millis(20));
            }
        }
        // Whatever it started and left behind.
        let _ = kill_process_group(self.id, Signal::KILL);
        drop(self.child.wait());
        self.forget();
    }
}

/// Runs a command to its end with its output shown; anything but success is an error.
pub(crate) fn run(command: &mut Command, name: &str) -> Result<()> {
    if say::hushed() {
        return quiet(command, name).map(drop);
    }
    let status = Group::spawn(command, name)?.wait()?;
    if status.success() { Ok(()) } else { bail!("{name} failed ({status})") }
}

/// What a command printed, and how it ended.
pub(crate) struct Printed {
    pub(crate) status: ExitStatus,
    pub(crate) text: String,
}

/// Runs a command to its end, keeps what it prints on standard output; standard error is shown if `show`,
/// otherwise kept too.
pub(crate) fn capture(command: &mut Command, name: &str, show: bool) -> Result<Printed> {
    command.stdout(Stdio::piped());
    if !show {
        command.stderr(Stdio::piped());
    }
    let mut group = Group::spawn(command, name)?;
    let errors = group.child.stderr.take().map(|mut stream| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            drop(stream.read_to_end(&mut bytes));
            bytes
        })
    });
    let mut bytes = Vec::new();
    if let Some(stream) = group.child.stdout.as_mut() {
        stream.read_to_end(&mut bytes).with_context(|| format!("cannot read what {name} says"))?;
    }
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    if let Some(thread) = errors {
        let rest = thread.join().map_err(|_| anyhow!("reading from {name} failed"))?;
        text.push_str(&String::from_utf8_lossy(&rest));
    }
    Ok(Printed { status: group.wait()?, text })
}

/// Runs a command quietly; if it fails, what it said is in the error.
pub(crate) fn quiet(command: &mut Command, name: &str) -> Result<String> {
    let printed = capture(command, name, false)?;
    if printed.status.success() {
        Ok(printed.text)
    } else {
        bail!("{name} failed ({}):\n{}", printed.status, printed.text.trim_end())
    }
}
