//! A machine on the premises: the agent's real program, and an HTTP service that only it reaches.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use drawbridge_contract::endpoints::{ListGatewayEvents, MakeConnection, MakeGateway, ReadGateway};
use drawbridge_contract::types::connections::{Connection, CreateConnection};
use drawbridge_contract::types::gateways::{CreateGateway, Gateway, GatewayPath, ListGatewayEventsQuery};
use drawbridge_domain::gateway::GatewayStatus;
use drawbridge_domain::id::GatewayId;

use crate::fixtures::User;
use crate::places::{self, Folder};
use crate::wait::until;

/// Names the program that is tested, in the place of the one that the build offers for this machine.
const PROGRAM: &str = "DRAWBRIDGE_GATEWAY_PROGRAM";
/// How long an agent may take for what it does by itself.
pub const PATIENCE: Duration = Duration::from_secs(30);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn program() -> PathBuf {
    let built =
        places::root().join(format!("build/gateway/linux-{}/drawbridge-gateway", std::env::consts::ARCH));
    let program = std::env::var_os(PROGRAM).map_or(built, PathBuf::from);
    assert!(program.exists(), "{} is missing: `npm test -- workerd` builds it first", program.display());
    program
}

/// A folder with the agent's configuration and key.
#[derive(Debug)]
pub struct Machine {
    folder: Arc<Folder>,
    child: Option<Child>,
    said: Arc<Mutex<String>>,
}

impl Machine {
    /// A machine whose agent reaches the service as `web`, and the server under this address.
    pub fn new(server: &str, target: &Target) -> Self {
        let folder = Folder::new();
        let text = format!(
            "server = \"{server}\"\nstate = \"{}\"\nlisten = \"off\"\n[[target]]\nname = \"web\"\nkind = \"http\"\nurl = \"{}\"\n",
            folder.path().join("state").display(),
            target.origin()
        );
        fs::write(folder.path().join("gateway.toml"), text).expect("a file can be written");
        Self { folder, child: None, said: Arc::default() }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.arg("--config").arg(self.folder.path().join("gateway.toml")).args(args).env_clear();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end: its exit code, and what it said.
    pub fn run(&self, args: &[&str]) -> (i32, String) {
        let output = self.command(args).output().expect("the program runs");
        let said = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&said).into_owned())
    }

    /// Joins with a code.
    #[track_caller]
    pub fn enrol(&self, server: &str, code: &str) {
        let (exit, said) = self.run(&["enroll", "--url", server, "--code", code]);
        assert_eq!(exit, 0, "{said}");
    }

    /// Starts the agent.
    pub fn start(&mut self) {
        let mut child = self.command(&["run"]).stdout(Stdio::null()).spawn().expect("the program starts");
        let (said, stderr) = (Arc::clone(&self.said), child.stderr.take().expect("it is piped"));
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let mut said = lock(&said);
                said.push_str(&line);
                said.push('\n');
            }
        });
        self.child = Some(child);
    }

    /// Ends it as when the power fails.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }

    /// Waits until it ends by itself; its exit code.
    pub fn ends(&mut self) -> i32 {
        let mut child = self.child.take().expect("it runs");
        let status = until("the agent's end", PATIENCE, || child.try_wait().expect("it can be asked"));
        status.code().unwrap_or(-1)
    }

    /// All that it has said so far.
    pub fn said(&self) -> String {
        lock(&self.said).clone()
    }

    /// Waits until it says so.
    #[track_caller]
    pub fn says(&self, what: &str) {
        until(&format!("“{what}” of the agent"), PATIENCE, || self.said().contains(what).then_some(()));
    }

    /// Where its key is.
    pub fn key(&self) -> PathBuf {
        self.folder.path().join("state/key.json")
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Makes a gateway; its id and the code.
#[track_caller]
pub fn made(user: &User, name: &str) -> (GatewayId, String) {
    let made = user.to::<MakeGateway>().with(&CreateGateway { name: name.to_owned() }).good();
    let code = made.code.expect("it is told once").expose().to_owned();
    (made.gateway.summary.id, code)
}

/// How a gateway is.
#[track_caller]
pub fn read(user: &User, gateway: &GatewayId) -> Gateway {
    user.to::<ReadGateway>().at(GatewayPath { gateway: gateway.clone() }).good()
}

/// Waits until a gateway has this status.
#[track_caller]
pub fn becomes(user: &User, gateway: &GatewayId, status: GatewayStatus) -> Gateway {
    until(&format!("the gateway to be {status:?}"), PATIENCE, || {
        Some(read(user, gateway)).filter(|gateway| gateway.summary.status == status)
    })
}

/// What happened to a gateway: kinds and reasons, the oldest first.
#[track_caller]
pub fn events(user: &User, gateway: &GatewayId) -> Vec<String> {
    let path = GatewayPath { gateway: gateway.clone() };
    let all = user.to::<ListGatewayEvents>().at(path).query(ListGatewayEventsQuery::default()).good();
    let line = |kind: &str, reason: Option<String>| format!("{kind} {}", reason.unwrap_or_default());
    let lines = all.items.into_iter().rev().map(|event| line(event.kind.code(), event.reason));
    lines.map(|line| line.trim().to_owned()).collect()
}

/// A connection to the service, through a gateway.
#[track_caller]
pub fn connected(user: &User, name: &str, gateway: &GatewayId) -> Connection {
    let settings = [
        ("gateway", gateway.to_string()),
        ("target", "web".to_owned()),
        ("validationPath", "/hello".to_owned()),
    ];
    let body = CreateConnection {
        connector: "http-onprem".to_owned(),
        name: name.to_owned(),
        auth: "kept".to_owned(),
        settings: settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        credentials: BTreeMap::new(),
        oauth_client: None,
        sealed: Vec::new(),
    };
    user.to::<MakeConnection>().with(&body).good()
}

/// Where calls through a connection go.
pub fn through(connection: &Connection, path: &str) -> String {
    format!("/api/v1/connections/{}/proxy{path}", connection.summary.id)
}

/// How often each path was asked for, and who waits at the gate.
#[derive(Debug, Default)]
struct Asked {
    paths: BTreeMap<String, usize>,
    open: bool,
}

/// An HTTP service on this machine: `/hello` says so, `/echo` gives back what it is sent, `/size/N` gives so many bytes,
/// `/crumbs/N` gives [`crumbs`] one by one, `/gate/…` waits until the gate is opened, and `/held/…` until whoever asked
/// goes away.
#[derive(Debug)]
pub struct Target {
    origin: String,
    asked: Arc<(Mutex<Asked>, Condvar)>,
}

impl Target {
    /// Starts it.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let origin = format!("http://{}", listener.local_addr().expect("it has an address"));
        let asked: Arc<(Mutex<Asked>, Condvar)> = Arc::default();
        let kept = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let asked = Arc::clone(&kept);
                std::thread::spawn(move || drop(serve(&stream, &asked)));
            }
        });
        Self { origin, asked }
    }

    /// Its address.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How often this path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        lock(&self.asked.0).paths.get(path).copied().unwrap_or_default()
    }

    /// How many of those who asked for this path were waited for and have gone without an answer.
    pub fn went(&self, path: &str) -> usize {
        self.asked(&gone(path))
    }

    /// How many requests wait or waited at the gate.
    pub fn at_the_gate(&self) -> usize {
        let asked = lock(&self.asked.0);
        asked.paths.iter().filter(|(path, _)| path.starts_with("/gate/")).map(|(_, count)| count).sum()
    }

    /// Lets those at the gate through, and all that come, or keeps them waiting.
    pub fn open_gate(&self, open: bool) {
        lock(&self.asked.0).open = open;
        self.asked.1.notify_all();
    }
}

/// So many bytes that differ from their neighbours.
pub fn crumbs(count: u32) -> Vec<u8> {
    (0..count).map(|at| u8::try_from(at % 251).unwrap_or_default()).collect()
}

/// Under what it is counted who has gone.
fn gone(path: &str) -> String {
    format!("{path} gone")
}

fn serve(stream: &TcpStream, asked: &(Mutex<Asked>, Condvar)) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream.try_clone()?;
    loop {
        let (mut line, mut length) = (String::new(), 0);
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut chunked = false;
        loop {
            let mut header = String::new();
            reader.read_line(&mut header)?;
            let header = header.trim().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or_default();
            }
            chunked |= header == "transfer-encoding: chunked";
        }
        let body = if chunked { read_chunks(&mut reader)? } else { read_exactly(&mut reader, length)? };
        *lock(&asked.0).paths.entry(path.clone()).or_default() += 1;
        if path.starts_with("/held/") {
            if reader.fill_buf().map_or(true, <[u8]>::is_empty) {
                *lock(&asked.0).paths.entry(gone(&path)).or_default() += 1;
            }
            return Ok(());
        }
        if path.starts_with("/gate/") {
            let guard = lock(&asked.0);
            drop(asked.1.wait_while(guard, |asked| !asked.open));
        }
        if let Some(count) = path.strip_prefix("/crumbs/") {
            write!(writer, "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n")?;
            let chunk = |byte: u8| [b'1', b'\r', b'\n', byte, b'\r', b'\n'];
            let all = crumbs(count.parse().unwrap_or_default());
            writer.write_all(&all.into_iter().flat_map(chunk).collect::<Vec<_>>())?;
            writer.write_all(b"0\r\n\r\n")?;
            continue;
        }
        let (status, answer) = match path.split('/').nth(1).unwrap_or_default() {
            "hello" | "gate" => (200, path.clone().into_bytes()),
            "echo" => (200, body),
            "size" => {
                (200, vec![b'a'; path.rsplit('/').next().and_then(|n| n.parse().ok()).unwrap_or_default()])
            }
            _ => (404, b"nothing here".to_vec()),
        };
        write!(writer, "HTTP/1.1 {status} x\r\nx-target: here\r\ncontent-length: {}\r\n\r\n", answer.len())?;
        writer.write_all(&answer)?;
    }
}

fn read_exactly(reader: &mut impl Read, length: usize) -> std::io::Result<Vec<u8>> {
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(body)
}

fn read_chunks(reader: &mut impl BufRead) -> std::io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut size = String::new();
        reader.read_line(&mut size)?;
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or_default();
        body.extend(read_exactly(reader, size)?);
        reader.read_line(&mut String::new())?;
        if size == 0 {
            return Ok(body);
        }
    }
}
