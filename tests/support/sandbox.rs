//! The sandbox provider as a process, and its control plane.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use ureq::Agent;

use crate::browser::agent;
use crate::log::Log;
use crate::places::{self, Folder};
use crate::process::Program;

/// A sandbox provider that runs.
#[derive(Debug)]
pub struct Sandbox {
    program: Mutex<Program>,
    state: Arc<Folder>,
    origin: String,
    agent: Agent,
}

impl Sandbox {
    /// Starts one on a free port.
    pub fn start() -> Self {
        let state = Folder::new();
        let mut command = places::node();
        command.arg("tests/support/sandbox.mjs").arg(state.path().join("state.json"));
        let log = Arc::new(Log::default());
        let mut program = Program::start(&mut command, &log);
        let Some(said) = program.said() else {
            panic!("the sandbox provider ended by itself:\n{}", log.lines().join("\n"));
        };
        let origin = said["listening"].as_str().expect("it says its address").to_owned();
        Self { program: Mutex::new(program), state, origin, agent: agent() }
    }

    /// Its address.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Lets its clients send people back to the callback of this server.
    pub fn serve(&self, server: &str) {
        for client in ["drawbridge-dev", "drawbridge-dev-post"] {
            self.control(
                "POST",
                "clients",
                &json!({ "clientId": client, "redirectUris": [callback(server)] }),
            );
        }
    }

    /// A client of one's own, so that switches and the log tell tests apart; answers its secret.
    pub fn client(&self, id: &str, server: &str) -> String {
        let secret = format!("secret-of-{id}-0123456789");
        self.control(
            "POST",
            "clients",
            &json!({
                "clientId": id, "clientSecret": secret, "redirectUris": [callback(server)],
                "authMethod": "client_secret_basic",
                "grantTypes": ["authorization_code", "refresh_token", "client_credentials"],
            }),
        );
        secret
    }

    /// Turns a switch on; answers what it says of it.
    pub fn switch(&self, switch: &Value) -> Value {
        self.control("POST", "switches", switch)
    }

    /// Turns a switch off.
    pub fn switch_off(&self, switch: &Value) {
        let id = switch["id"].as_str().expect("a switch that stays on has an id");
        self.control("DELETE", &format!("switches/{id}"), &Value::Null);
    }

    /// What this client asked, in the order of time.
    pub fn requests(&self, client: &str) -> Vec<Value> {
        let log = self.control("GET", &format!("log?clientId={client}"), &Value::Null);
        log["requests"].as_array().expect("the log is a list").clone()
    }

    /// How many requests for tokens by this grant the client made, and how many of them were answered with 200.
    pub fn token_calls(&self, client: &str, grant: &str) -> (usize, usize) {
        let requests = self.requests(client);
        let calls: Vec<_> = requests.iter().filter(|request| request["grant"] == grant).collect();
        (calls.len(), calls.iter().filter(|request| request["status"] == 200).count())
    }

    /// How many calls of the contacts API there were in all.
    pub fn api_calls(&self) -> usize {
        let log = self.control("GET", "log", &Value::Null);
        log["requests"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|request| request["target"] == "api")
            .count()
    }

    /// Calls the control plane.
    pub fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let address = format!("{}/sandbox/{path}", self.origin);
        let request = ureq::http::Request::builder().method(method).uri(&address);
        let sent = if body.is_null() {
            self.agent.run(request.body(()).expect("a request"))
        } else {
            let request = request.header("content-type", "application/json");
            self.agent.run(request.body(body.to_string()).expect("a request"))
        };
        let mut answer = sent.unwrap_or_else(|error| panic!("{method} {address}: {error}"));
        let text = answer.body_mut().read_to_string().expect("a text");
        assert!(answer.status().is_success(), "{method} {address} {body}: {} {text}", answer.status());
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// All that it keeps at this moment: codes, tokens, grants.
    pub fn kept(&self) -> Value {
        let mut program = self.program.lock().expect("nobody failed with it");
        program.tell("flush");
        program.said().expect("it still runs");
        let text = std::fs::read_to_string(self.state.path().join("state.json")).expect("it kept its state");
        serde_json::from_str(&text).expect("the state is JSON")
    }

    /// All codes and tokens that it keeps at this moment.
    pub fn tokens(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        tokens(&self.kept(), &mut found);
        found
    }
}

/// All texts that look like codes or tokens.
fn tokens(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
            if text.len() == 43 && text.bytes().all(plain) {
                found.insert(text.clone());
            }
        }
        Value::Array(items) => items.iter().for_each(|item| tokens(item, found)),
        Value::Object(fields) => fields.values().for_each(|value| tokens(value, found)),
        _ => {}
    }
}

fn callback(server: &str) -> String {
    format!("{server}/oauth/callback")
}
