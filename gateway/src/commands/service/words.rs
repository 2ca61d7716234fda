//! What Windows is told of the service, apart from how it is told, so that it can be tested anywhere.

use std::path::Path;

/// The service's name.
pub(super) const NAME: &str = "drawbridge-gateway";
/// Who it runs as: an account with few rights on this machine and none in the network.
const ACCOUNT: &str = r"NT AUTHORITY\LocalService";

/// What `sc.exe` is asked, one after the other.
pub(super) fn installing(program: &Path, file: &Path) -> Result<Vec<Vec<String>>, String> {
    let (program, file) = (plain(program)?, plain(file)?);
    let command = format!("\"{program}\" --config \"{file}\" service run");
    let asked = [
        &[
            "create",
            NAME,
            "binPath=",
            &command,
            "start=",
            "auto",
            "obj=",
            ACCOUNT,
            "DisplayName=",
            "Drawbridge gateway",
        ] as &[&str],
        &["description", NAME, "Carries calls from Drawbridge to what gateway.toml lets them reach."],
        // Started again when it falls, soon at first.
        &["failure", NAME, "reset=", "3600", "actions=", "restart/2000/restart/2000/restart/15000"],
        &["start", NAME],
    ];
    Ok(asked.iter().map(|words| words.iter().map(|word| (*word).to_owned()).collect()).collect())
}

/// Who may look into the folder with the key: the system, administrators, and the service itself.
pub(super) fn private(folder: &Path) -> Result<Vec<String>, String> {
    let folder = plain(folder)?;
    let mut words = vec![folder, "/inheritance:r".to_owned(), "/grant:r".to_owned()];
    words.extend(["*S-1-5-18", "*S-1-5-32-544", "*S-1-5-19"].map(|who| format!("{who}:(OI)(CI)F")));
    Ok(words)
}

fn plain(path: &Path) -> Result<String, String> {
    let text = path.display().to_string();
    let fit = !text.is_empty() && text.chars().all(|letter| !letter.is_control() && !"\"%".contains(letter));
    if fit { Ok(text) } else { Err(format!("{text} cannot stand in a command of Windows")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_is_told_program_and_file() {
        let (program, file) =
            (Path::new(r"C:\Program Files\D\drawbridge-gateway.exe"), Path::new(r"C:\D\gateway.toml"));
        let asked = installing(program, file).unwrap();
        let command =
            r#""C:\Program Files\D\drawbridge-gateway.exe" --config "C:\D\gateway.toml" service run"#;
        assert_eq!(asked[0][3], command);
        assert!(asked.iter().all(|words| words[1] == NAME));
        for bad in ["C:\\a\"b", "C:\\%TEMP%", "C:\\a\nb", ""] {
            assert!(installing(Path::new(bad), file).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_key_is_for_the_system_administrators_and_the_service() {
        let words = private(Path::new(r"C:\D\state")).unwrap();
        assert_eq!(words[1], "/inheritance:r", "nothing comes from the folder above");
        assert_eq!(words.iter().filter(|word| word.ends_with(":(OI)(CI)F")).count(), 3);
    }
}
