//! The service of Windows.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::thread::JoinHandle;
use std::{env, fs};

use tokio::sync::watch;
use windows_services::{Command as Control, Service};

use super::super::{FINE, NEEDS_OPERATOR, complain, run, say};
use super::words::{NAME, installing, private};
use crate::agent::Loaded;
use crate::log;

/// The log stands beside the configuration: a service has no console.
const LOG: &str = "gateway.log";

/// Installs and starts the service.
pub(crate) fn install(file: &Path) -> Result<u8, String> {
    let loaded = Loaded::read(file)?;
    let program =
        env::current_exe().map_err(|fault| format!("this program does not find itself: {fault}"))?;
    let file = std::path::absolute(file).map_err(|fault| format!("{}: {fault}", file.display()))?;
    fs::create_dir_all(&loaded.config.state).map_err(|fault| fault.to_string())?;
    make_private(&loaded.config.state)?;
    for words in installing(&program, &file)? {
        ask("sc.exe", &words)?;
    }
    say(&format!("The agent runs, and at every start of this machine. Its log: {}", beside(&file).display()));
    Ok(FINE)
}

/// Stops and removes the service. The key stays.
pub(crate) fn uninstall() -> Result<u8, String> {
    // One that does not run cannot be stopped, and need not be.
    drop(ask("sc.exe", &["stop".to_owned(), NAME.to_owned()]));
    ask("sc.exe", &["delete".to_owned(), NAME.to_owned()])?;
    say("The service is removed. The key stays; “drawbridge-gateway disconnect” leaves the tenant.");
    Ok(FINE)
}

/// Nobody else looks into the folder with the key.
pub(crate) fn make_private(folder: &Path) -> Result<(), String> {
    ask("icacls.exe", &private(folder)?)
}

fn ask(program: &str, words: &[String]) -> Result<(), String> {
    let done = Command::new(program).args(words).output().map_err(|fault| format!("{program}: {fault}"))?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stdout);
    Err(format!("{program} {} failed: {}", words.first().map_or("", String::as_str), said.trim()))
}

fn beside(file: &Path) -> std::path::PathBuf {
    file.with_file_name(LOG)
}

/// Runs as the service manager says. It returns when the service has stopped.
pub(crate) fn serve(file: &Path) -> ExitCode {
    log::into(&beside(file));
    let (stop, told) = watch::channel(false);
    let running: Mutex<Option<JoinHandle<()>>> = Mutex::new(None);
    let outcome = Service::new().can_stop().run(|_, control| match control {
        Control::Start => {
            let (file, told) = (file.to_owned(), told.clone());
            if let Ok(mut running) = running.lock() {
                *running = Some(std::thread::spawn(move || carry(&file, told)));
            }
        }
        Control::Stop => {
            stop.send_replace(true);
            let thread = running.lock().ok().and_then(|mut running| running.take());
            drop(thread.map(JoinHandle::join));
        }
        _ => {}
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            complain(why);
            ExitCode::FAILURE
        }
    }
}

/// Carries calls until told to stop. What fails ends the process, which the service manager starts again; an agent
/// that needs an operator stays, for to start it again is of no use.
fn carry(file: &Path, mut told: watch::Receiver<bool>) {
    let until = async move { drop(told.wait_for(|stop| *stop).await) };
    let outcome = crate::runtime().map_err(|fault| fault.to_string());
    match outcome.and_then(|runtime| runtime.block_on(run::run(file, until))) {
        Ok(FINE | NEEDS_OPERATOR) => {}
        Ok(code) => std::process::exit(i32::from(code)),
        Err(why) => {
            log::error("the agent cannot run", &[("why", &why)]);
            std::process::exit(1);
        }
    }
}
