//! The service of Linux: a hardened unit of systemd.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, fs};

use super::super::{FINE, NEEDS_OPERATOR, USAGE, complain, say};
use crate::agent::Loaded;

/// Where the unit is.
const UNIT: &str = "/etc/systemd/system/drawbridge-gateway.service";
/// There only where systemd is what starts things.
const SYSTEMD: &str = "/run/systemd/system";

/// Installs and starts the service.
pub(crate) fn install(file: &Path) -> Result<u8, String> {
    let loaded = Loaded::read(file)?;
    needs_systemd()?;
    let program =
        env::current_exe().map_err(|fault| format!("this program does not find itself: {fault}"))?;
    let file = fs::canonicalize(file).map_err(|fault| format!("{}: {fault}", file.display()))?;
    let text = unit(&program, &file, &loaded.config.state)?;
    fs::write(UNIT, text).map_err(|fault| format!("{UNIT}: {fault}"))?;
    systemctl(&["daemon-reload"])?;
    systemctl(&["enable", "--now", "drawbridge-gateway.service"])?;
    say("The agent runs, and at every start of this machine. Its log: journalctl -u drawbridge-gateway");
    Ok(FINE)
}

/// Stops and removes the service. The key stays.
pub(crate) fn uninstall() -> Result<u8, String> {
    needs_systemd()?;
    if !Path::new(UNIT).exists() {
        say("The service is not installed.");
        return Ok(FINE);
    }
    systemctl(&["disable", "--now", "drawbridge-gateway.service"])?;
    fs::remove_file(UNIT).map_err(|fault| format!("{UNIT}: {fault}"))?;
    systemctl(&["daemon-reload"])?;
    say("The service is removed. The key stays; “drawbridge-gateway disconnect” leaves the tenant.");
    Ok(FINE)
}

/// systemd starts `run` itself.
pub(crate) fn serve(_file: &Path) -> ExitCode {
    complain("“service run” is for the service manager of Windows; here, it is “run”");
    ExitCode::from(USAGE)
}

fn needs_systemd() -> Result<(), String> {
    if Path::new(SYSTEMD).exists() {
        return Ok(());
    }
    Err("this machine is not run by systemd; let its own way of starting things run “drawbridge-gateway run”"
        .to_owned())
}

fn systemctl(args: &[&str]) -> Result<(), String> {
    let outcome =
        Command::new("systemctl").args(args).status().map_err(|fault| format!("systemctl: {fault}"))?;
    if outcome.success() { Ok(()) } else { Err(format!("systemctl {} failed: {outcome}", args.join(" "))) }
}

/// The unit: an own place, nothing else of the machine.
fn unit(program: &Path, file: &Path, state: &Path) -> Result<String, String> {
    let plain = |path: &Path| {
        let text = path.display().to_string();
        let fit = path.is_absolute()
            && text.chars().all(|letter| !letter.is_control() && !"\"\\%$".contains(letter));
        if fit { Ok(text) } else { Err(format!("{text} cannot stand in a unit of systemd")) }
    };
    let (program, file, state) = (plain(program)?, plain(file)?, plain(state)?);
    Ok(format!(
        "[Unit]
Description=Drawbridge gateway
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=\"{program}\" --config \"{file}\" run
ExecReload=/bin/kill -HUP $MAINPID
Restart=always
RestartSec=2
# It is not enrolled: to start it again is of no use.
RestartPreventExitStatus={NEEDS_OPERATOR}
TimeoutStopSec=15
LimitNOFILE=8192
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths=\"{state}\"
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
CapabilityBoundingSet=

[Install]
WantedBy=multi-user.target
"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_names_program_file_and_state() {
        let state = Path::new("/var/lib/drawbridge-gateway");
        let text = unit(Path::new("/usr/bin/drawbridge-gateway"), Path::new("/etc/g.toml"), state).unwrap();
        assert!(text.contains("ExecStart=\"/usr/bin/drawbridge-gateway\" --config \"/etc/g.toml\" run\n"));
        assert!(text.contains("ReadWritePaths=\"/var/lib/drawbridge-gateway\"\n"));
        assert!(text.contains("RestartPreventExitStatus=3\n"));
        for bad in ["relative", "/a\"b", "/a\nb", "/a%b"] {
            assert!(unit(Path::new(bad), Path::new("/etc/g.toml"), state).is_err(), "{bad}");
        }
    }
}
