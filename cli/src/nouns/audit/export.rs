//! Writing the audit log to a file or to standard output, piece by piece.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use drawbridge_contract::endpoints::ExportAudit;
use drawbridge_contract::types::audit::ExportAuditQuery;

use super::{Export, Filters};
use crate::fault::Fault;
use crate::session::Session;

/// What shells tell of a program that was interrupted: 128 and the signal's number.
const INTERRUPTED: i32 = 130;

pub(super) fn run(export: Export, session: &Session) -> Result<(), Fault> {
    let Export { format, output, filters } = export;
    let Filters { actor, action, object, outcome, from, until } = filters;
    let query = ExportAuditQuery { format, actor, action, object, outcome, from, until };
    let mut from = session.client.open::<ExportAudit>(&query)?;
    let Some(file) = output else {
        let mut out = io::stdout().lock();
        pass(&mut from, &mut out)?;
        return Ok(out.flush()?);
    };
    let bytes = write(&mut from, &file)?;
    session.out.done(&format!("{} has the log: {bytes} bytes.", file.display()))
}

/// Writes beside the file and puts it in its place when it is whole.
fn write(from: &mut impl Read, file: &Path) -> Result<u64, Fault> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let fault = |error: &io::Error| Fault::Local(format!("{} cannot be written: {error}.", file.display()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    // It tells who did what, from which address.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut to = options.open(&beside).map_err(|error| fault(&error))?;
    remove_when_interrupted(beside.clone());
    let passed = pass(from, &mut to);
    let done = passed.and_then(|bytes| {
        to.sync_all().and_then(|()| fs::rename(&beside, file)).map_err(|error| fault(&error))?;
        Ok(bytes)
    });
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done
}

/// Leaves no half of a file behind when somebody ends the program.
fn remove_when_interrupted(file: PathBuf) {
    // Where that cannot be had, the half stays; its name says what it is.
    let _ = ctrlc::set_handler(move || {
        let _ = fs::remove_file(&file);
        std::process::exit(INTERRUPTED);
    });
}

/// Passes everything on; says which side failed.
fn pass(from: &mut impl Read, to: &mut impl Write) -> Result<u64, Fault> {
    let mut piece = vec![0; 64 * 1024];
    let mut bytes = 0;
    loop {
        let read = match from.read(&mut piece) {
            Ok(0) => return Ok(bytes),
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => {
                return Err(Fault::Unreachable(format!(
                    "The export broke off after {bytes} bytes: {error}."
                )));
            }
        };
        to.write_all(piece.get(..read).unwrap_or_default())?;
        bytes += u64::try_from(read).unwrap_or_default();
    }
}
