//! Servers of others in a folder of their own, which end with the test.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longer than the first start of a database takes on a machine with much else to do.
const PATIENCE: Duration = Duration::from_secs(90);

/// A server.
pub(super) struct Server {
    pub(super) folder: PathBuf,
    pub(super) port: u16,
    child: Option<Child>,
}

/// Where a program is: the check says so.
pub(super) fn program(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} is not set: run npm test -- \"agent with real systems\""))
}

/// Whether this is root, whom servers refuse to run as.
fn root() -> bool {
    let printed = Command::new("id").arg("-u").output().unwrap();
    String::from_utf8_lossy(&printed.stdout).trim() == "0"
}

impl Server {
    /// A folder that the server may write to, and a port that is free.
    pub(super) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("gateway-real-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { folder, port, child: None }
    }

    /// A file in its folder.
    pub(super) fn file(&self, name: &str, text: &str) -> PathBuf {
        let file = self.folder.join(name);
        fs::write(&file, text).unwrap();
        file
    }

    /// A program that runs as somebody without rights.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = if root() {
            let own = Command::new("chown").args(["-R", "nobody:nogroup"]).arg(&self.folder).status();
            assert!(own.unwrap().success());
            let mut command = Command::new("setpriv");
            command.args(["--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "--", program]);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    /// Runs a program to its end.
    pub(super) fn run(command: &mut Command) {
        let printed = command.stderr(Stdio::piped()).stdout(Stdio::piped()).output().unwrap();
        assert!(printed.status.success(), "{printed:?}");
    }

    /// Starts it and waits until it listens.
    pub(super) fn start(&mut self, command: &mut Command) {
        let log = fs::File::create(self.folder.join("server.log")).unwrap();
        self.child = Some(command.stderr(log.try_clone().unwrap()).stdout(log).spawn().unwrap());
        let begin = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.child.as_mut().unwrap().try_wait().unwrap();
            assert!(ended.is_none() && begin.elapsed() < PATIENCE, "does not start\n{}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// What it has said.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("server.log")).unwrap_or_default()
    }

    /// A certificate for `localhost` that is its own authority, and its key.
    pub(super) fn certificate(&self, signature: &[&str]) -> (PathBuf, PathBuf) {
        let (certificate, key) = (self.folder.join("server.pem"), self.folder.join("server.key"));
        let mut command = Command::new(program("OPENSSL"));
        command.args(["req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=localhost"]).args(signature);
        command.args([
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ]);
        command.arg("-keyout").arg(&key).arg("-out").arg(&certificate);
        Self::run(&mut command);
        private(&key);
        (certificate, key)
    }
}

fn private(file: &Path) {
    use std::os::unix::fs::PermissionsExt as _;

    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // What runs under setpriv is the server itself: it took its place.
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}
