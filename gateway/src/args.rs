//! What was asked for on the command line.

use std::path::PathBuf;

use crate::config::{FILE_VARIABLE, PRESET_FILE};

/// How it is used; the last line names the configuration's file.
pub(crate) fn usage() -> String {
    format!("{USAGE}\nThe configuration is {PRESET_FILE}, or what --config or {FILE_VARIABLE} says.")
}

const USAGE: &str = "\
Usage: drawbridge-gateway [--config FILE] COMMAND

  enroll --url URL --code CODE   make a key on this machine and join a gateway
  run                            carry calls, until told to stop
  status                         whether this machine is enrolled, and the agent runs and has its link
  doctor                         what is in the way, step by step: DNS, proxy, TLS, the tenant, each target
  targets list                   what calls may reach
  targets test [NAME]            whether it can be reached from here
  diagnose                       everything that helps to help, without secrets
  disconnect [--force]           leave the tenant and erase the key; by force when the server cannot be reached
  service install | uninstall    run at every start of this machine (systemd, Windows)
  version                        the version
";

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Command {
    /// Join a gateway.
    Enroll {
        /// The server.
        url: String,
        /// The one-time code.
        code: String,
    },
    /// Carry calls.
    Run,
    /// How it is.
    Status,
    /// What is in the way.
    Doctor,
    /// What may be reached.
    TargetsList,
    /// Whether it can be.
    TargetsTest(Option<String>),
    /// Everything that helps.
    Diagnose,
    /// Leave.
    Disconnect {
        /// Even when the server does not hear of it.
        force: bool,
    },
    /// Begin to run as a service.
    Install,
    /// Run as a service no more.
    Uninstall,
    /// Run as the service manager of Windows says.
    Serve,
    /// The version.
    Version,
    /// How it is used.
    Help,
}

/// What was asked for, and the configuration's file. An error is for whoever typed it.
pub(crate) fn parse(args: impl IntoIterator<Item = String>) -> Result<(Command, PathBuf), String> {
    let mut words = Vec::new();
    let (mut file, mut url, mut code, mut force) = (None, None, None, false);
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        let (name, inline) = match arg.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name.to_owned(), Some(value.to_owned())),
            _ => (arg, None),
        };
        let mut value =
            || inline.clone().or_else(|| args.next()).ok_or_else(|| format!("{name} needs a value"));
        match name.as_str() {
            "--config" => file = Some(value()?),
            "--url" => url = Some(value()?),
            "--code" => code = Some(value()?),
            "--force" => force = true,
            "--help" | "-h" => words = vec!["help".to_owned()],
            "--version" | "-V" => words = vec!["version".to_owned()],
            other if other.starts_with('-') => return Err(format!("there is no option {other}")),
            _ => words.push(name),
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let command = match words.as_slice() {
        ["enroll"] => Command::Enroll {
            url: url.take().ok_or("enroll needs --url: the address of your tenant's console")?,
            code: code.take().ok_or("enroll needs --code: the page Gateways shows it")?,
        },
        ["run"] => Command::Run,
        ["status"] => Command::Status,
        ["doctor"] => Command::Doctor,
        ["targets", "list"] => Command::TargetsList,
        ["targets", "test"] => Command::TargetsTest(None),
        ["targets", "test", name] => Command::TargetsTest(Some((*name).to_owned())),
        ["diagnose"] => Command::Diagnose,
        ["disconnect"] => Command::Disconnect { force: std::mem::take(&mut force) },
        ["service", "install"] => Command::Install,
        ["service", "uninstall"] => Command::Uninstall,
        ["service", "run"] => Command::Serve,
        ["version"] => Command::Version,
        ["help"] => Command::Help,
        [] => return Err("say what to do".to_owned()),
        other => return Err(format!("there is no command “{}”", other.join(" "))),
    };
    if !matches!(command, Command::Help | Command::Version) && (url.is_some() || code.is_some() || force) {
        return Err("an option does not belong to this command".to_owned());
    }
    let file = file.or_else(|| std::env::var(FILE_VARIABLE).ok()).unwrap_or_else(|| PRESET_FILE.to_owned());
    Ok((command, PathBuf::from(file)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(str::to_owned)).map(|(command, _)| command)
    }

    #[test]
    fn commands_are_read() {
        let enroll = Command::Enroll { url: "https://a".to_owned(), code: "7K2M-9QXA-04TR".to_owned() };
        assert_eq!(read("enroll --url https://a --code 7K2M-9QXA-04TR"), Ok(enroll.clone()));
        assert_eq!(read("--code=7K2M-9QXA-04TR enroll --url=https://a"), Ok(enroll));
        assert_eq!(read("targets test SQL01"), Ok(Command::TargetsTest(Some("SQL01".to_owned()))));
        assert_eq!(read("disconnect --force"), Ok(Command::Disconnect { force: true }));
        assert_eq!(read("run -h"), Ok(Command::Help));
        let (_, file) = parse(["--config", "/x.toml", "run"].map(str::to_owned)).unwrap();
        assert_eq!(file, PathBuf::from("/x.toml"));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for bad in [
            "",
            "fly",
            "enroll",
            "enroll --url https://a",
            "enroll --code X",
            "run --force",
            "run --fast",
            "run --code X",
            "targets",
            "targets test a b",
            "service",
            "--config",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
