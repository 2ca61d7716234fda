//! What the agent says while it runs: lines on standard error, as text or JSON. Never bodies, never secrets.

use std::fmt::{Display, Write as _};
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use drawbridge_domain::time::Timestamp;

static JSON: AtomicBool = AtomicBool::new(false);
/// Where lines go in place of standard error.
#[cfg(windows)]
static FILE: std::sync::Mutex<Option<LogFile>> = std::sync::Mutex::new(None);
/// A log file of this length is put aside, in place of the one before it.
#[cfg(windows)]
const FILE_MOST: u64 = 8 * 1024 * 1024;

/// A log file.
#[cfg(windows)]
struct LogFile {
    place: std::path::PathBuf,
    open: std::fs::File,
    length: u64,
}

#[cfg(windows)]
impl LogFile {
    fn open(place: &std::path::Path) -> std::io::Result<Self> {
        let open = std::fs::OpenOptions::new().create(true).append(true).open(place)?;
        let length = open.metadata()?.len();
        Ok(Self { place: place.to_owned(), open, length })
    }

    fn line(&mut self, text: &str) -> std::io::Result<()> {
        if self.length > FILE_MOST {
            std::fs::rename(&self.place, self.place.with_extension("log.1"))?;
            *self = Self::open(&self.place)?;
        }
        writeln!(self.open, "{text}")?;
        self.length = self.length.saturating_add(text.len() as u64 + 1);
        Ok(())
    }
}

/// From now on lines go into a file: a service of Windows has no standard error.
#[cfg(windows)]
pub(crate) fn into(place: &std::path::Path) {
    if let (Ok(mut file), Ok(open)) = (FILE.lock(), LogFile::open(place)) {
        *file = Some(open);
    }
}

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// What is good to know.
    Info,
    /// What may need somebody.
    Warn,
    /// What needs somebody.
    Error,
}

/// Whether lines are JSON from now on.
pub(crate) fn as_json(json: bool) {
    JSON.store(json, Ordering::Relaxed);
}

/// What is known of a line beside its words.
pub(crate) type Fields<'a> = &'a [(&'a str, &'a dyn Display)];

/// A line that is good to know.
pub(crate) fn info(words: &str, fields: Fields<'_>) {
    line(Level::Info, words, fields);
}

/// A line that may need somebody.
pub(crate) fn warn(words: &str, fields: Fields<'_>) {
    line(Level::Warn, words, fields);
}

/// A line that needs somebody.
pub(crate) fn error(words: &str, fields: Fields<'_>) {
    line(Level::Error, words, fields);
}

/// The time, in milliseconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn line(level: Level, words: &str, fields: Fields<'_>) {
    let at = Timestamp::from_millis(now());
    let text = if JSON.load(Ordering::Relaxed) {
        json(level, at, words, fields)
    } else {
        plain(level, at, words, fields)
    };
    #[cfg(windows)]
    if let Ok(mut file) = FILE.lock()
        && let Some(file) = file.as_mut()
    {
        let _ = file.line(&text);
        return;
    }
    // A log that cannot be written is no reason to stop.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

const fn name(level: Level) -> &'static str {
    match level {
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    }
}

fn plain(level: Level, at: Timestamp, words: &str, fields: Fields<'_>) -> String {
    let mut text = format!("{at} {:<5} {}", name(level).to_uppercase(), one_line(words));
    for (field, value) in fields {
        let value = one_line(&value.to_string());
        let quoted = value.is_empty() || value.contains([' ', '"', '=']);
        let _ = if quoted { write!(text, " {field}={value:?}") } else { write!(text, " {field}={value}") };
    }
    text
}

fn json(level: Level, at: Timestamp, words: &str, fields: Fields<'_>) -> String {
    let mut map = serde_json::Map::new();
    map.insert("time".to_owned(), at.to_string().into());
    map.insert("level".to_owned(), name(level).into());
    map.insert("message".to_owned(), words.into());
    for (field, value) in fields {
        map.insert((*field).to_owned(), value.to_string().into());
    }
    serde_json::Value::Object(map).to_string()
}

/// A text that another side chose must not look like a line of ours.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_whatever_is_in_it() {
        let at = Timestamp::from_millis(0);
        let fields: Fields<'_> = &[("target", &"a\nERROR b"), ("code", &7)];
        assert_eq!(
            plain(Level::Warn, at, "call failed", fields),
            "1970-01-01T00:00:00.000Z WARN  call failed target=\"a ERROR b\" code=7"
        );
        assert_eq!(
            json(Level::Info, at, "up", &[("name", &"a\n")]),
            r#"{"level":"info","message":"up","name":"a\n","time":"1970-01-01T00:00:00.000Z"}"#
        );
    }
}
