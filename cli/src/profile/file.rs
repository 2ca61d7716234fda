//! The file of sign-ins: nobody but its owner may read it, and it is replaced whole.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use super::Profiles;
use crate::fault::Fault;

/// Where the sign-ins are kept.
#[derive(Debug, Clone)]
pub(crate) struct File {
    path: PathBuf,
}

impl File {
    /// In the user's folder for settings.
    pub(crate) fn find() -> Result<Self, Fault> {
        let absolute =
            |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = || absolute("HOME").map(|home| home.join(".config"));
        let folder =
            absolute("XDG_CONFIG_HOME").or_else(|| if cfg!(windows) { absolute("APPDATA") } else { home() });
        let folder = folder.ok_or_else(|| {
            Fault::Local(
                "There is no place for settings: set HOME, or XDG_CONFIG_HOME to an absolute path."
                    .to_owned(),
            )
        })?;
        Ok(Self { path: folder.join("drawbridge").join("credentials.json") })
    }

    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What it holds; nothing where it is not there. Refused where others may read it.
    pub(crate) fn read(&self) -> Result<Profiles, Fault> {
        let mut file = match fs::File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Profiles::default()),
            Err(error) => return Err(self.fault("cannot be read", &error.to_string())),
        };
        self.is_private(&file)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(|error| self.fault("cannot be read", &error.to_string()))?;
        // What serde_json says of a fault may name what it found there.
        serde_json::from_str(&text).map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            self.fault("is damaged", &format!("{place}. Mend it, or delete it and sign in again"))
        })
    }

    /// Replaces it.
    pub(crate) fn write(&self, profiles: &Profiles) -> Result<(), Fault> {
        self.replace(profiles).map_err(|error| self.fault("cannot be written", &error.to_string()))
    }

    fn replace(&self, profiles: &Profiles) -> std::io::Result<()> {
        let folder = self.path.parent().ok_or(ErrorKind::InvalidInput)?;
        make_private_folder(folder)?;
        let beside = folder.join(format!("credentials.{}.new", std::process::id()));
        let _ = fs::remove_file(&beside);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside)?;
        let written = serde_json::to_string_pretty(profiles)
            .map_err(std::io::Error::other)
            .and_then(|text| file.write_all(text.as_bytes()))
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::rename(&beside, &self.path));
        if written.is_err() {
            let _ = fs::remove_file(&beside);
        }
        written
    }

    #[cfg(unix)]
    fn is_private(&self, file: &fs::File) -> Result<(), Fault> {
        use std::os::unix::fs::PermissionsExt;
        let about = file.metadata().map_err(|error| self.fault("cannot be read", &error.to_string()))?;
        if about.permissions().mode().trailing_zeros() >= 6 {
            return Ok(());
        }
        let path = self.path.display();
        Err(Fault::Local(format!(
            "Others on this machine may read {path}, so what is in it is not used. If nobody did: chmod 600 '{path}'. \
             Else revoke what is in it and sign in again."
        )))
    }

    #[cfg(not(unix))]
    #[expect(
        clippy::unnecessary_wraps,
        clippy::unused_self,
        reason = "elsewhere the folder belongs to the user"
    )]
    fn is_private(&self, _: &fs::File) -> Result<(), Fault> {
        Ok(())
    }

    fn fault(&self, what: &str, why: &str) -> Fault {
        Fault::Local(format!("{} {what}: {why}.", self.path.display()))
    }
}

fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use drawbridge_contract::types::SecretText;

    use super::super::{Credential, Profile};
    use super::*;
    use crate::server::Server;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("drawbridge-cli-{name}-{}", std::process::id()));
            fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }

        fn file(&self) -> File {
            File { path: self.0.join("drawbridge/credentials.json") }
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn some() -> Profiles {
        let credential = Credential::Token { token: SecretText::new("dbr_pat_x".to_owned()) };
        let profile = Profile { server: Server::parse("https://example.com").unwrap(), credential };
        Profiles { current: Some("default".to_owned()), profiles: [("default".to_owned(), profile)].into() }
    }

    #[test]
    fn only_its_owner_may_read_it() {
        let folder = Folder::new("mode");
        let file = folder.file();
        assert_eq!(file.read().unwrap(), Profiles::default());
        file.write(&some()).unwrap();
        file.write(&some()).unwrap();
        assert_eq!(file.read().unwrap(), some());
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(file.path()), mode(file.path().parent().unwrap())), (0o600, 0o700));
        assert_eq!(
            fs::read_dir(file.path().parent().unwrap()).unwrap().count(),
            1,
            "nothing is left beside it"
        );
        for open in [0o640, 0o604, 0o620] {
            fs::set_permissions(file.path(), fs::Permissions::from_mode(open)).unwrap();
            let fault = file.read().unwrap_err();
            assert!(fault.detail().contains("chmod 600"), "{fault:?}");
        }
    }

    #[test]
    fn a_damaged_file_is_told_without_what_is_in_it() {
        let folder = Folder::new("damaged");
        let file = folder.file();
        file.write(&some()).unwrap();
        fs::write(file.path(), "{\"profiles\": {\"a\": \"dbr_pat_secret\"}}").unwrap();
        let fault = file.read().unwrap_err();
        assert!(fault.detail().contains("damaged") && !fault.detail().contains("secret"), "{fault:?}");
    }
}
