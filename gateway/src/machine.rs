//! This machine and this program.

/// The agent's version.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Operating system and processor.
pub(crate) fn platform() -> String {
    format!("{}/{}", std::env::consts::OS, std::env::consts::ARCH)
}

/// The machine's name, as it calls itself.
pub(crate) fn name() -> String {
    let kept = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = kept
        .or_else(|| std::fs::read_to_string("/etc/hostname").ok())
        .or_else(|| std::env::var("COMPUTERNAME").ok())
        .or_else(|| std::env::var("HOSTNAME").ok())
        .unwrap_or_default();
    let plain = name.trim().chars().filter(|letter| !drawbridge_domain::text::is_invisible(*letter));
    let name: String = plain.take(drawbridge_domain::gateway::MACHINE_MAX).collect();
    if name.is_empty() { "unnamed".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use drawbridge_domain::gateway::version::{CURRENT, Version};

    #[test]
    fn this_is_the_newest_version() {
        assert_eq!(Version::parse(super::VERSION), Some(CURRENT), "domain/src/gateway/version.rs");
    }

    #[test]
    fn a_machine_has_a_name() {
        assert!(!super::name().is_empty());
    }
}
