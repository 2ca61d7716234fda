//! What somebody pastes on the machine where an agent is to run.

/// The program.
pub const PROGRAM: &str = "drawbridge-gateway";
/// Where the program is kept on Linux and macOS.
pub const FOLDER: &str = "/usr/local/bin";

/// An operating system that there is an agent for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Linux.
    Linux,
    /// Windows.
    Windows,
    /// macOS.
    MacOs,
}

impl System {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Linux, Self::Windows, Self::MacOs];

    /// The word that stands for it in a release.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::Windows => "windows",
            Self::MacOs => "macos",
        }
    }

    /// The system that a word stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// For people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Linux => "Linux",
            Self::Windows => "Windows",
            Self::MacOs => "macOS",
        }
    }

    /// The system that the agent's platform, such as `linux/x86_64`, names.
    pub fn of_platform(platform: &str) -> Option<Self> {
        Self::from_code(platform.split('/').next().unwrap_or_default())
    }
}

/// The line that fetches a file of a release and makes it the program.
pub fn fetch(system: System, origin: &str, file: &str, url: &str) -> String {
    let from = if url.starts_with('/') { [origin, url].concat() } else { url.to_owned() };
    match system {
        System::Windows => ["curl.exe -fL -o ", PROGRAM, ".exe ", &from].concat(),
        System::Linux | System::MacOs => {
            let program = [FOLDER, "/", PROGRAM].concat();
            ["curl -fLO ", &from, " && sudo install -m 755 ", file, " ", &program].concat()
        }
    }
}

/// The line that joins with a code.
pub fn enrol(system: System, origin: &str, code: &str) -> String {
    [start(system), " enroll --url ", origin, " --code ", code].concat()
}

/// The line that has the agent run at every start of the machine.
pub fn serve(system: System) -> String {
    match system {
        // Other systems' ways of starting things are their own.
        System::MacOs => [start(system), " run"].concat(),
        System::Linux | System::Windows => [start(system), " service install"].concat(),
    }
}

/// The line that starts the new program in the old one's place; calls that are under way come to their end.
pub const fn restart(system: System) -> &'static str {
    match system {
        System::Linux => "sudo systemctl restart drawbridge-gateway",
        System::Windows => "Restart-Service drawbridge-gateway",
        System::MacOs => "sudo drawbridge-gateway run",
    }
}

const fn start(system: System) -> &'static str {
    match system {
        System::Windows => ".\\drawbridge-gateway.exe",
        System::Linux | System::MacOs => "sudo drawbridge-gateway",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_whole_commands() {
        let origin = "https://drawbridge.example.com";
        assert_eq!(
            enrol(System::Linux, origin, "7K2M-9QXA-04TR"),
            "sudo drawbridge-gateway enroll --url https://drawbridge.example.com --code 7K2M-9QXA-04TR"
        );
        assert_eq!(serve(System::Windows), ".\\drawbridge-gateway.exe service install");
        assert_eq!(
            fetch(
                System::Linux,
                origin,
                "drawbridge-gateway-linux-x86_64",
                "/gateway-releases/drawbridge-gateway-linux-x86_64"
            ),
            "curl -fLO https://drawbridge.example.com/gateway-releases/drawbridge-gateway-linux-x86_64 && sudo install \
             -m 755 drawbridge-gateway-linux-x86_64 /usr/local/bin/drawbridge-gateway"
        );
        assert_eq!(
            fetch(System::Windows, origin, "x.exe", "https://files.example.com/x.exe"),
            "curl.exe -fL -o drawbridge-gateway.exe https://files.example.com/x.exe"
        );
    }

    #[test]
    fn systems_are_read_back() {
        for system in System::ALL {
            assert_eq!(System::from_code(system.code()), Some(system));
        }
        assert_eq!(System::of_platform("linux/x86_64"), Some(System::Linux));
        assert_eq!(System::of_platform("plan9"), None);
    }
}
