//! What every command has: a server to ask, and a way to answer.

use std::io::{IsTerminal, Read, Write};

use drawbridge_contract::endpoint::Endpoint;
use drawbridge_contract::types::{Nothing, SecretText};
use drawbridge_domain::id::Id;

use crate::fault::Fault;
use crate::http::{Answered, Client, Listed, Paged};
use crate::out::{Cell, Column, Out};

/// See the module.
pub(crate) struct Session {
    /// The server.
    pub(crate) client: Client,
    /// How to answer.
    pub(crate) out: Out,
    /// Whether what cannot be undone is done without a question.
    pub(crate) yes: bool,
}

impl Session {
    /// Lists things: a line of JSON for each as it comes, or their ids, or a table.
    pub(crate) fn list<E>(
        &self,
        params: &E::Params,
        query: E::Query,
        limit: Option<usize>,
        columns: &[Column<<E::Answer as Listed>::Item>],
    ) -> Result<(), Fault>
    where
        E: Endpoint<Body = Nothing>,
        E::Query: Paged,
        E::Answer: Listed,
    {
        let mut rows = Vec::new();
        self.client.list::<E>(params, query, limit, |text, item| {
            if self.out.json {
                return self.out.line(text);
            }
            if self.out.quiet {
                // The first column is what one calls it by.
                return columns
                    .first()
                    .map_or(Ok(()), |column| self.out.line(&(column.cell)(&item).shown(false)));
            }
            rows.push(item);
            Ok(())
        })?;
        if self.out.json || self.out.quiet {
            return Ok(());
        }
        if rows.is_empty() {
            self.out.note("Nothing to list.");
            return Ok(());
        }
        self.out.table(&rows, columns)
    }

    /// The id of a thing of a list that is called by its id or by its name. `query` narrows the list to a name, and `pair`
    /// says of an item how it is called.
    pub(crate) fn find<E, I: Id>(
        &self,
        called: &str,
        kind: &str,
        query: impl FnOnce(String) -> E::Query,
        pair: impl Fn(<E::Answer as Listed>::Item) -> (I, String),
    ) -> Result<I, Fault>
    where
        E: Endpoint<Params = Nothing, Body = Nothing>,
        E::Query: Paged,
        E::Answer: Listed,
    {
        named(called, kind, |name| {
            let mut found = Vec::new();
            self.client.list::<E>(&Nothing {}, query(name.to_owned()), None, |_, item| {
                found.push(pair(item));
                Ok(())
            })?;
            Ok(found)
        })
    }

    /// Shows one thing.
    pub(crate) fn show<T>(
        &self,
        answered: &Answered<T>,
        fields: impl FnOnce(&T) -> Vec<(&'static str, Cell)>,
    ) -> Result<(), Fault> {
        if self.out.json { self.out.line(&answered.text) } else { self.out.fields(&fields(&answered.value)) }
    }

    /// Says what was done to a thing.
    pub(crate) fn done<T>(&self, answered: &Answered<T>, text: &str) -> Result<(), Fault> {
        if self.out.json && !answered.text.is_empty() {
            return self.out.line(&answered.text);
        }
        self.out.done(text)
    }

    /// Asks before something that cannot be undone.
    pub(crate) fn confirm(&self, question: &str) -> Result<(), Fault> {
        if self.yes {
            return Ok(());
        }
        if !std::io::stdin().is_terminal() {
            return Err(Fault::Usage(format!("{question} Nobody can be asked here: say --yes.")));
        }
        let mut err = std::io::stderr().lock();
        write!(err, "{} [y/N] ", crate::out::plain(question))?;
        err.flush()?;
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        if matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
            Ok(())
        } else {
            Err(Fault::Negative("Nothing was done.".to_owned()))
        }
    }
}

/// The id of a thing that is called by its id or by its name, whatever the case.
pub(crate) fn named<I: Id>(
    called: &str,
    kind: &str,
    candidates: impl FnOnce(&str) -> Result<Vec<(I, String)>, Fault>,
) -> Result<I, Fault> {
    if let Ok(id) = I::parse(called) {
        return Ok(id);
    }
    if called.strip_prefix(I::PREFIX).is_some_and(|rest| rest.starts_with('_') && rest.len() > 20) {
        return Err(Fault::Usage(format!("{called} is no id: a character is wrong or missing.")));
    }
    let wanted = called.to_lowercase();
    let found: Vec<I> = candidates(called)?
        .into_iter()
        .filter(|(_, name)| name.to_lowercase() == wanted)
        .map(|(id, _)| id)
        .collect();
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(Fault::NotFound(format!(
            "There is no {kind} “{called}”, or none that you may know of. Names are taken whole."
        ))),
        several => {
            let ids: Vec<&str> = several.iter().map(Id::as_str).collect();
            Err(Fault::Usage(format!(
                "Several are called “{called}”: say which by its id. {}",
                ids.join(", ")
            )))
        }
    }
}

/// The longest text that is taken from standard input.
const LONGEST: u64 = 1024 * 1024;

/// All of standard input.
pub(crate) fn input() -> Result<String, Fault> {
    let mut text = String::new();
    std::io::stdin().lock().take(LONGEST).read_to_string(&mut text)?;
    Ok(text)
}

/// A secret from standard input; asked for, and not shown, where somebody sits there.
pub(crate) fn secret_input(prompt: &str) -> Result<SecretText, Fault> {
    let text = if std::io::stdin().is_terminal() {
        rpassword::prompt_password(format!("{prompt}: "))?
    } else {
        input()?
    };
    Ok(SecretText::new(text.trim().to_owned()))
}
