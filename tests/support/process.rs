//! Programs of ours that say on one line of JSON that they are ready, and end when this program does.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;

use serde_json::Value;

use crate::log::Log;

/// A program that runs.
#[derive(Debug)]
pub struct Program {
    child: Child,
    /// It ends when this is closed.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    reader: Option<JoinHandle<()>>,
}

impl Program {
    /// Starts it; what it writes to standard error goes into the log.
    pub fn start(command: &mut Command, log: &Arc<Log>) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let errors = BufReader::new(child.stderr.take().expect("it is piped"));
        let log = Arc::clone(log);
        let reader = std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                log.add(line);
            }
        });
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        Self { child, input, output, reader: Some(reader) }
    }

    /// The next line of its output, as JSON; `None` when it has ended.
    pub fn said(&mut self) -> Option<Value> {
        let mut line = String::new();
        self.output.read_line(&mut line).ok().filter(|length| *length > 0)?;
        Some(serde_json::from_str(&line).unwrap_or_else(|error| panic!("no JSON ({error}): {line}")))
    }

    /// Writes a line to its input.
    pub fn tell(&mut self, line: &str) {
        let input = self.input.as_mut().expect("it still runs");
        writeln!(input, "{line}").expect("it still listens");
    }

    /// Ends it with SIGKILL.
    pub fn kill(&mut self) {
        drop(self.child.kill());
        self.wait();
    }

    /// Ends it by closing its input, and waits.
    pub fn stop(&mut self) {
        drop(self.input.take());
        self.wait();
    }

    fn wait(&mut self) {
        drop(self.child.wait());
        if let Some(reader) = self.reader.take() {
            drop(reader.join());
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}
