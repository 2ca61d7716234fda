//! Calls made from the document of the API, good ones and bad ones, by a program that knows nothing else of us:
//! `schemathesis` of Python. It takes minutes, so only `npm run test:all` runs it.

use std::path::PathBuf;
use std::process::Command;

use drawbridge_contract::endpoints::MakeToken;
use drawbridge_contract::types::tokens::CreateToken;
use drawbridge_domain::time::{DAY, Timestamp};
use drawbridge_tests::fixtures::Stack;
use drawbridge_tests::places;

/// The same calls each time.
const SEED: &str = "71";
/// Calls of each kind and endpoint.
const EXAMPLES: &str = "15";
/// What must hold of each answer.
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

#[test]
#[ignore = "minutes: npm run test:all"]
fn the_api_does_what_its_document_says_and_never_falls() {
    let stack = Stack::start_without_rates();
    let admin = stack.in_tenant("Thousand");
    // So short that no rule that the calls make for the tenant ends it.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let end = Timestamp::from_millis(i64::try_from(now.as_millis()).unwrap()).plus(DAY - 1000);
    let body =
        CreateToken { name: "Any".to_owned(), expires_at: Some(end), scopes: None, addresses: Vec::new() };
    let token = admin.to::<MakeToken>().with(&body).good().secret.unwrap();
    let program = std::env::var_os("SCHEMATHESIS")
        .map_or_else(|| places::root().join(".tools/python/schemathesis/bin/schemathesis"), PathBuf::from);
    let mut command = Command::new(program);
    command.current_dir(places::root().join("target")).env("NO_PROXY", "*");
    command.args(["run", "../docs/openapi.json", "--no-color", "--url", stack.server.origin()]);
    command.args(["--seed", SEED, "--max-examples", EXAMPLES, "--checks", CHECKS, "--continue-on-failure"]);
    command.args(["--phases", "examples,coverage,fuzzing", "--workers", "1", "--no-shrink"]);
    command.args(["--generation-database", "none", "--request-timeout", "60", "--warnings", "off"]);
    // Python 3.11 falls where several threads parse at once, hence one worker; a WebSocket is none of its ways to call.
    command.args(["--exclude-path", "/api/v1/live"]);
    command.args(["--header", &format!("Authorization: Bearer {}", token.expose())]);
    let output =
        command.output().unwrap_or_else(|error| panic!("{error}: npm run test:all brings schemathesis"));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let who = stack.server.browser();
    let answer =
        who.raw("GET", "/api/v1/session").header("authorization", &format!("Bearer {}", token.expose()));
    answer.send().with_status(200);
    let fallen: Vec<_> = stack
        .server
        .log()
        .entries()
        .into_iter()
        .filter(|entry| entry["status"].as_u64() >= Some(500))
        .collect();
    assert!(fallen.iter().all(|entry| entry["code"] == "provider_unavailable"), "{fallen:?}");
}
