//! The agent's program in a folder of its own.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::PATIENCE;
use crate::peer::{CODE, Peer};

/// Names another program than the one that cargo built for the tests: the one that is released.
const PROGRAM: &str = "DRAWBRIDGE_GATEWAY_PROGRAM";

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A folder with a configuration and a key, removed at the end.
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    /// Variables of the environment.
    pub(crate) variables: Vec<(String, String)>,
    /// What the program is started by, if not by itself.
    pub(crate) within: Vec<String>,
}

impl Place {
    pub(crate) fn new() -> Self {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("gateway-e2e-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self { folder, variables: Vec::new(), within: Vec::new() }
    }

    /// A place whose agent has joined, with these targets.
    pub(crate) async fn joined(peer: &Peer, targets: &str) -> Self {
        Self::joined_by(&peer.origin(), targets).await
    }

    /// The same, where the server is reached by another address than its own.
    pub(crate) async fn joined_by(server: &str, more: &str) -> Self {
        let place = Self::new();
        place.configure_by(server, more);
        let output = place.command(&["enroll", "--url", server, "--code", CODE]).await;
        assert!(output.status.success(), "{output:?}");
        place
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.join("gateway.toml")
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.folder.join("state/key.json")
    }

    pub(crate) fn configure(&self, peer: &Peer, more: &str) {
        self.configure_by(&peer.origin(), more);
    }

    /// The same, where the server is reached by another address than its own.
    pub(crate) fn configure_by(&self, server: &str, more: &str) {
        let state = self.folder.join("state");
        let text =
            format!("server = \"{server}\"\nstate = \"{}\"\nlisten = \"off\"\n{more}", state.display());
        fs::write(self.file(), text).unwrap();
    }

    fn program(&self) -> Command {
        let built = env!("CARGO_BIN_EXE_drawbridge-gateway").into();
        let mut words = self.within.iter().map(OsString::from).collect::<Vec<_>>();
        words.push(std::env::var_os(PROGRAM).unwrap_or(built));
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).arg("--config").arg(self.file()).env_clear().stdin(Stdio::null());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    pub(crate) async fn command(&self, args: &[&str]) -> Output {
        let mut command = self.program();
        command.args(args);
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }

    /// Starts the agent.
    pub(crate) fn run(&self) -> Agent {
        let mut child = self.program().arg("run").stderr(Stdio::piped()).spawn().unwrap();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (kept, stderr) = (Arc::clone(&lines), child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                kept.lock().unwrap().push(line);
            }
        });
        Agent { child, lines }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The agent while it runs; killed at the end.
pub(crate) struct Agent {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Agent {
    /// All that it has said.
    pub(crate) fn log(&self) -> String {
        self.lines.lock().unwrap().join("\n")
    }

    /// Waits until it has said something.
    pub(crate) async fn says(&self, words: &str) {
        self.until(words, |log| log.contains(words)).await;
    }

    /// Waits until its log is as it should be.
    pub(crate) async fn until(&self, what: &str, right: impl Fn(&str) -> bool) {
        let begin = Instant::now();
        while !right(&self.log()) {
            assert!(begin.elapsed() < PATIENCE, "not said: {what}\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }

    /// Waits for its end.
    pub(crate) async fn ends(&mut self) -> ExitStatus {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begin.elapsed() < PATIENCE, "still runs\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// The number of its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// The most memory that it ever held, in KiB.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status =
            fs::read_to_string(Path::new("/proc").join(self.child.id().to_string()).join("status")).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
