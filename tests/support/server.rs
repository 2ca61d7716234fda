//! The product on the real runtime, as `npm start` serves it.

use std::net::TcpListener;
use std::sync::Arc;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::browser::Browser;
use crate::database::Database;
use crate::log::Log;
use crate::places::{self, Folder};
use crate::process::Program;

/// A master key for tests.
pub const KEY: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// Another one, with an id of its own.
pub const SECOND_KEY: &str = "k2:HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// The set-up code of all servers of the tests.
pub const SETUP_CODE: &str = "R7QX-40ZM-TTKA-9W2P";

/// How a server is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where its database is.
    pub state: Arc<Folder>,
    /// Its port; 0 takes a free one.
    pub port: u16,
    /// `MASTER_KEYS`.
    pub keys: String,
    /// The sandbox provider's address.
    pub sandbox: Option<String>,
    /// Whether apps and tokens may call as often as they like.
    pub without_rates: bool,
    /// Whether the schedules run, as they do with `npm start`.
    pub schedules: bool,
    /// Its log goes on in this one.
    pub log: Arc<Log>,
}

impl Options {
    /// A server on this state, with the usual key and without a provider.
    pub fn on(state: Arc<Folder>) -> Self {
        Self {
            state,
            port: 0,
            keys: KEY.to_owned(),
            sandbox: None,
            without_rates: false,
            schedules: false,
            log: Arc::default(),
        }
    }
}

/// A server that runs.
#[derive(Debug)]
pub struct Server {
    program: Program,
    workerd: Pid,
    /// Until it is stopped or killed: then the process's number may be another's.
    runs: bool,
    options: Options,
    origin: String,
    triggers: String,
    ready: Value,
}

impl Server {
    /// Starts it and waits until it answers.
    pub fn start(mut options: Options) -> Self {
        for built in ["build/worker-sandbox/index.js", "build/console/index.html"] {
            assert!(
                places::root().join(built).exists(),
                "{built} is missing: `npm test -- workerd` builds it first"
            );
        }
        if options.port == 0 {
            // Asked for once and kept over restarts: redirect URLs and cookies belong to an address.
            options.port = free_port();
        }
        for key in options.keys.split(',') {
            options.log.keep_out(key.split_once(':').expect("a key has an id").1);
        }
        options.log.keep_out(SETUP_CODE);
        let mut command = places::node();
        command
            .args(["tools/serve.mjs", "--stop-with-stdin", "--triggers", "--port", &options.port.to_string()])
            .arg("--state")
            .arg(options.state.path())
            .args(["--var", &format!("MASTER_KEYS={}", options.keys)])
            .args(["--var", &format!("SETUP_CODE={SETUP_CODE}")]);
        if let Some(sandbox) = &options.sandbox {
            command.args(["--var", &format!("SANDBOX_ORIGIN={sandbox}")]);
        }
        if options.without_rates {
            command.args(["--var", "API_RATE_PER_MINUTE=0"]);
        }
        if options.schedules {
            command.arg("--schedules");
        }
        let mut program = Program::start(&mut command, &options.log);
        let Some(said) = program.said() else {
            panic!("the server ended by itself:\n{}", options.log.lines().join("\n"));
        };
        let workerd = said["workerd"].as_i64().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?));
        Self {
            program,
            workerd: workerd.expect("the launcher knows workerd's process"),
            runs: true,
            origin: said["listening"].as_str().expect("the launcher says its address").to_owned(),
            triggers: said["triggers"].as_str().expect("the launcher says where its triggers are").to_owned(),
            ready: said["ready"].clone(),
            options,
        }
    }

    /// Its address, as a browser has it.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// What it said of itself at the start: `status` and `body`.
    pub fn ready(&self) -> &Value {
        &self.ready
    }

    /// Where its database is.
    pub fn state(&self) -> &std::path::Path {
        self.options.state.path()
    }

    /// Its log.
    pub fn log(&self) -> &Arc<Log> {
        &self.options.log
    }

    /// A browser that knows nobody yet.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.origin, &self.options.log)
    }

    /// Runs the daily job and waits for its end.
    #[track_caller]
    pub fn run_scheduled(&self) {
        self.run_schedule("");
    }

    /// Runs the job of a schedule of wrangler.toml, as a query, and waits for its end.
    #[track_caller]
    pub fn run_schedule(&self, query: &str) {
        let triggers = Browser::new(&self.triggers, &self.options.log);
        let answer = triggers.raw("GET", &format!("/cdn-cgi/local/scheduled{query}")).send();
        assert_eq!((answer.status, answer.text().as_str()), (200, "ok"), "{answer:?}");
    }

    /// Stops it in good order; it can be started again with the same options.
    pub fn stop(mut self) -> Options {
        self.program.stop();
        self.runs = false;
        self.options.clone()
    }

    /// Kills the runtime in the middle of whatever it does, as a machine does that loses its power.
    pub fn kill(mut self) -> Options {
        kill_process(self.workerd, Signal::KILL).expect("workerd runs");
        self.runs = false;
        self.program.kill();
        self.options.clone()
    }

    /// Stops it, does something to its database, and starts it again.
    pub fn with_database<T>(self, work: impl FnOnce(&Database) -> T) -> (Self, T) {
        let options = self.stop();
        let result = work(&Database::open(options.state.path()));
        (Self::start(options), result)
    }
}

/// When a server ends, no secret that a test sent or was told stands in its log.
impl Drop for Server {
    fn drop(&mut self) {
        if self.runs {
            // The launcher would end the runtime, were it not killed itself.
            let _ = kill_process(self.workerd, Signal::KILL);
        }
        self.program.kill();
        if !std::thread::panicking() {
            self.options.log.holds_no_secret();
        }
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    listener.local_addr().expect("it has an address").port()
}
