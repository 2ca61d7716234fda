//! What would be deployed: it builds, wrangler takes it, and nothing of the sandbox is in it.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use super::Outcome;
use crate::layout::Layout;
use crate::{build_gateway, build_worker, process};

/// Words that only the sandbox provider's connector brings, in small letters. Not the word alone: other providers
/// have sandboxes of their own.
const SANDBOX_WORDS: &[&str] = &["sandbox crm", "sandbox-crm", "sandbox_origin", "sandboxorigin", ":9555"];

/// wrangler bundles the whole deployment; it only does not send it.
pub(crate) fn dry_run(layout: &Layout) -> Result<Outcome> {
    let out = layout.build(".dry-run");
    drop(fs::remove_dir_all(&out));
    let mut wrangler = Command::new(layout.npm_bin("wrangler"));
    wrangler
        .current_dir(&layout.root)
        .env("PATH", layout.path_variable()?)
        .env("WRANGLER_SEND_METRICS", "false")
        .env("NO_COLOR", "1")
        // What is built for other systems has a check of its own.
        .env(build_gateway::WHICH, "own")
        .args(["deploy", "--dry-run", "--outdir"])
        .arg(&out);
    let printed = process::capture(&mut wrangler, "wrangler", false)?;
    if !printed.status.success() {
        return Ok(Outcome::of(&[printed.text]));
    }
    let size = printed.text.lines().find_map(|line| line.strip_prefix("Total Upload: "));
    Ok(Outcome::good(size.unwrap_or_default().to_owned()))
}

/// The production Worker holds no word of the sandbox.
pub(crate) fn no_sandbox(layout: &Layout) -> Result<Outcome> {
    let mut problems = Vec::new();
    for file in ["index.js", "index_bg.wasm"] {
        let path = layout.build(build_worker::PRODUCTION.out).join(file);
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let lower = bytes.to_ascii_lowercase();
        for word in SANDBOX_WORDS {
            for at in find(&lower, word.as_bytes()) {
                let around = bytes.get(at.saturating_sub(40)..(at + 40).min(bytes.len())).unwrap_or_default();
                let around = String::from_utf8_lossy(around).replace(char::is_control, "·");
                problems.push(format!("{file} holds “{word}” at {at}: {around}"));
            }
        }
    }
    Ok(Outcome::of(&problems))
}

/// The first places where the needle stands.
fn find(hay: &[u8], needle: &[u8]) -> Vec<usize> {
    let windows = hay.windows(needle.len()).enumerate();
    windows.filter(|(_, window)| *window == needle).map(|(at, _)| at).take(5).collect()
}
