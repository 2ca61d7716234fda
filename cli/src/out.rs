//! What is said, and where: answers on standard output, all else on standard error.

mod table;
mod words;

use std::io::{IsTerminal, Write};

use drawbridge_contract::types::SecretText;

use crate::fault::Fault;

pub(crate) use table::{Cell, Column};
pub(crate) use words::{plain, when, word};

/// How answers are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Out {
    /// The API's own JSON, a line for each object.
    pub(crate) json: bool,
    /// Only what a script needs.
    pub(crate) quiet: bool,
    /// The terminal's width; none where there is no terminal.
    pub(crate) width: Option<usize>,
    /// Whether colours are wanted.
    pub(crate) colour: bool,
}

impl Out {
    /// As the surroundings want it.
    pub(crate) fn new(json: bool, quiet: bool) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let width =
            terminal.then(|| terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0)));
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self { json, quiet, width, colour: terminal && !set("NO_COLOR") && !dumb }
    }

    /// Writes a line.
    #[expect(clippy::unused_self, reason = "it is one of the ways to answer")]
    pub(crate) fn line(self, text: &str) -> Result<(), Fault> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{text}")?;
        Ok(out.flush()?)
    }

    /// Says what was done; not where it is quiet or a program reads.
    pub(crate) fn done(self, text: &str) -> Result<(), Fault> {
        if self.quiet || self.json { Ok(()) } else { self.line(&plain(text)) }
    }

    /// Says something beside the answer.
    pub(crate) fn note(self, text: &str) {
        if !self.quiet {
            self.warn(text);
        }
    }

    /// Says something beside the answer that must not be missed.
    #[expect(clippy::unused_self, reason = "it is one of the ways to say something")]
    pub(crate) fn warn(self, text: &str) {
        // Nobody is left to be told that nobody reads.
        let _ = writeln!(std::io::stderr().lock(), "{}", plain(text));
    }

    /// Tells a secret.
    pub(crate) fn secret(self, label: &str, secret: &SecretText) -> Result<(), Fault> {
        if self.quiet {
            self.line(secret.expose())
        } else {
            self.line(&format!("{label}: {}", secret.expose()))
        }
    }

    /// A secret that was kept, with the one before it while that works; with `--quiet` the present one alone.
    pub(crate) fn secrets(
        self,
        label: &str,
        secret: &SecretText,
        previous: Option<&SecretText>,
    ) -> Result<(), Fault> {
        self.secret(label, secret)?;
        match previous.filter(|_| !self.quiet) {
            Some(previous) => self.secret("The one before, which still works", previous),
            None => Ok(()),
        }
    }

    /// Shows one thing, a line for each of its sides; those that are empty are left out.
    pub(crate) fn fields(self, fields: &[(&str, Cell)]) -> Result<(), Fault> {
        let widest = fields.iter().map(|(name, _)| name.len()).max().unwrap_or_default() + 2;
        let mut text = String::new();
        for (name, cell) in fields.iter().filter(|(_, cell)| !cell.is_empty()) {
            let name = format!("{name}:");
            text.extend([format!("{name:widest$}"), cell.shown(self.colour), "\n".to_owned()]);
        }
        self.line(text.trim_end())
    }

    /// Shows several things.
    pub(crate) fn table<T>(self, rows: &[T], columns: &[Column<T>]) -> Result<(), Fault> {
        self.line(&table::render(rows, columns, self.width, self.colour))
    }
}
