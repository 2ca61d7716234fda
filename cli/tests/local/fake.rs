//! A server on this machine that notes what it is asked and answers what the test says, and the program beside it.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// A token that has the right form.
pub(crate) const TOKEN: &str = "dbr_pat_000000000000000000000000000000";

/// A whole token: the form's check is of what goes before.
pub(crate) fn token() -> String {
    let (secret, _) =
        drawbridge_domain::credential::written(drawbridge_domain::credential::PERSONAL_TOKEN, &[0; 64])
            .unwrap();
    assert!(secret.starts_with(TOKEN));
    secret
}

/// A request, as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    head: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Method and path without query.
    pub(crate) fn route(&self) -> String {
        format!("{} {}", self.method, self.path.split('?').next().unwrap())
    }
}

/// What to answer.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Whole(u16, Vec<(&'static str, String)>, String),
    /// The connection ends without an answer.
    Nothing,
    /// The body ends before its time.
    Half(String),
    /// The body begins, and goes on when the program is gone.
    Endless(String),
}

pub(crate) fn json(text: &str) -> Answer {
    Answer::Whole(200, vec![("content-type", "application/json".to_owned())], text.to_owned())
}

pub(crate) fn problem(status: u16, code: &str, more: &str) -> Answer {
    let body = format!(
        "{{\"type\":\"/problems/{code}\",\"title\":\"The title\",\"status\":{status},\"detail\":\"The detail.\",\
         \"code\":\"{code}\",\"requestId\":\"req_01\"{more}}}"
    );
    Answer::Whole(status, vec![("content-type", "application/problem+json".to_owned())], body)
}

impl Answer {
    pub(crate) fn with(self, name: &'static str, value: &str) -> Self {
        match self {
            Self::Whole(status, mut head, body) => {
                head.push((name, value.to_owned()));
                Self::Whole(status, head, body)
            }
            other => other,
        }
    }
}

/// A server, and a folder for settings.
pub(crate) struct Fake {
    pub(crate) origin: String,
    pub(crate) folder: PathBuf,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Fake {
    pub(crate) fn new(answer: impl Fn(&Asked, usize) -> Answer + Send + 'static) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("drawbridge-local-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let notes = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(request) = read(&stream) else { continue };
                let before = {
                    let mut notes = notes.lock().unwrap();
                    let before = notes.iter().filter(|known| known.route() == request.route()).count();
                    notes.push(request.clone());
                    before
                };
                // The program may be gone already.
                let _ = write(&mut stream, &answer(&request, before));
            }
        });
        Self { origin, folder, asked }
    }

    /// A server that answers this, whatever it is asked.
    pub(crate) fn always(answer: Answer) -> Self {
        Self::new(move |_, _| answer.clone())
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The program, with nothing in its surroundings.
    pub(crate) fn bare(&self) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_drawbridge"));
        command.env_clear().env("HOME", &self.folder).env("XDG_CONFIG_HOME", &self.folder);
        command.current_dir(&self.folder);
        Run { command, input: String::new() }
    }

    /// The program with a token in its surroundings.
    pub(crate) fn signed_in(&self) -> Run {
        self.bare().env("DRAWBRIDGE_SERVER", &self.origin).env("DRAWBRIDGE_TOKEN", &token())
    }

    pub(crate) fn run(&self, line: &str) -> Ran {
        self.signed_in().run(line)
    }

    pub(crate) fn credentials(&self) -> PathBuf {
        self.folder.join("drawbridge/credentials.json")
    }
}

pub(crate) struct Run {
    command: Command,
    input: String,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn input(mut self, text: &str) -> Self {
        text.clone_into(&mut self.input);
        self
    }

    /// Starts it.
    pub(crate) fn start(&mut self, line: &str) -> Child {
        let words = line.split(' ').filter(|word| !word.is_empty());
        self.command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        self.command.spawn().unwrap()
    }

    pub(crate) fn run(mut self, line: &str) -> Ran {
        let mut child = self.start(line);
        // It may not read what it does not need.
        let _ = child.stdin.take().unwrap().write_all(self.input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let code = output.status.code().expect("it ends by itself");
        Ran { code, out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Ran {
    #[track_caller]
    pub(crate) fn good(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.out
    }

    #[track_caller]
    pub(crate) fn fails(self, code: i32) -> String {
        assert_eq!(self.code, code, "{self:?}");
        assert!(!self.err.is_empty());
        self.err
    }
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut asked = Asked { method, path, ..Asked::default() };
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => asked.head.push((name.to_ascii_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let length = asked.header("content-length").map_or(0, |text| text.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    asked.body = String::from_utf8(body).unwrap();
    Some(asked)
}

fn write(stream: &mut TcpStream, answer: &Answer) -> std::io::Result<()> {
    let (status, head, body, length) = match answer {
        Answer::Nothing => return Ok(()),
        Answer::Whole(status, head, body) => (*status, head.clone(), body, body.len()),
        Answer::Half(body) | Answer::Endless(body) => (200, Vec::new(), body, body.len() + 1000),
    };
    let mut text = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n");
    if status != 204 {
        let _ = write!(text, "content-length: {length}\r\n");
    }
    for (name, value) in head {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    stream.write_all(format!("{text}\r\n{body}").as_bytes())?;
    if matches!(answer, Answer::Endless(_)) {
        // Until the other end closes.
        let _ = stream.read(&mut [0]);
    }
    Ok(())
}
