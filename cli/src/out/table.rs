//! Tables that fit the terminal; whole where there is none.

use drawbridge_domain::time::Timestamp;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::words::{plain, when};

/// Between two columns.
const GAP: usize = 2;
/// What a column keeps when there is little room.
const LEAST: usize = 8;

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tint {
    /// As any text.
    Plain,
    /// Well.
    Good,
    /// To be looked at.
    Doubtful,
    /// Not well.
    Bad,
}

impl Tint {
    /// How a status is tinted.
    pub(crate) fn of_status(status: &str) -> Self {
        match status {
            "active" | "done" | "online" => Self::Good,
            "pending" | "awaitingSetup" | "degraded" | "invited" | "disabled" | "suspended" => Self::Doubtful,
            "invalid" | "offline" | "expired" | "revoked" | "blocked" | "refused" | "deleted" => Self::Bad,
            _ => Self::Plain,
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Good => "\u{1b}[32m",
            Self::Doubtful => "\u{1b}[33m",
            Self::Bad => "\u{1b}[31m",
        }
    }
}

/// One place of a table.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    text: String,
    tint: Tint,
}

impl Cell {
    /// The word of a status, in its tint.
    pub(crate) fn status(word: &str) -> Self {
        Self { text: word.to_owned(), tint: Tint::of_status(word) }
    }

    /// A moment, where there is one.
    pub(crate) fn when(moment: Option<Timestamp>) -> Self {
        moment.map(when).unwrap_or_default().into()
    }

    /// Whether nothing stands here.
    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// As it is written.
    pub(crate) fn shown(&self, colour: bool) -> String {
        self.within(usize::MAX, colour)
    }

    fn within(&self, room: usize, colour: bool) -> String {
        let text = cut(&one_line(&self.text), room);
        match self.tint {
            Tint::Plain => text,
            _ if !colour => text,
            tint => format!("{}{text}\u{1b}[0m", tint.code()),
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self { text: text.into(), tint: Tint::Plain }
    }
}

/// A column of a table of these things.
pub(crate) struct Column<T> {
    /// What stands above it.
    pub(crate) title: &'static str,
    /// Whether it stays whole when there is little room.
    pub(crate) whole: bool,
    /// What stands in it.
    pub(crate) cell: fn(&T) -> Cell,
}

impl<T> Column<T> {
    /// A column that is never cut.
    pub(crate) const fn whole(title: &'static str, cell: fn(&T) -> Cell) -> Self {
        Self { title, whole: true, cell }
    }

    /// A column that gives way.
    pub(crate) const fn new(title: &'static str, cell: fn(&T) -> Cell) -> Self {
        Self { title, whole: false, cell }
    }
}

/// The table as text, without the last line's end.
pub(super) fn render<T>(rows: &[T], columns: &[Column<T>], width: Option<usize>, colour: bool) -> String {
    let cells: Vec<Vec<Cell>> =
        rows.iter().map(|row| columns.iter().map(|column| (column.cell)(row)).collect()).collect();
    let mut widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(place, column)| {
            let widest =
                cells.iter().filter_map(|row| row.get(place)).map(|cell| one_line(&cell.text).width());
            widest.max().unwrap_or_default().max(column.title.width())
        })
        .collect();
    if let Some(width) = width {
        fit(&mut widths, columns, width);
    }
    let titles: Vec<Cell> = columns.iter().map(|column| column.title.into()).collect();
    let lines = std::iter::once(&titles).chain(&cells).map(|row| line(row, &widths, colour));
    lines.collect::<Vec<_>>().join("\n")
}

/// Takes from the widest column that gives way, until all fit or none can give more.
fn fit<T>(widths: &mut [usize], columns: &[Column<T>], room: usize) {
    let gaps = GAP * columns.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > room {
        let giving =
            widths.iter_mut().zip(columns).filter(|(width, column)| !column.whole && **width > LEAST);
        match giving.map(|(width, _)| width).max_by_key(|width| **width) {
            Some(width) => *width -= 1,
            None => return,
        }
    }
}

fn line(row: &[Cell], widths: &[usize], colour: bool) -> String {
    let mut text = String::new();
    for (place, (cell, width)) in row.iter().zip(widths).enumerate() {
        text.push_str(&cell.within(*width, colour));
        if place + 1 < row.len() {
            let used = cut(&one_line(&cell.text), *width).width();
            text.push_str(&" ".repeat(width.saturating_sub(used) + GAP));
        }
    }
    text.trim_end().to_owned()
}

fn one_line(text: &str) -> String {
    plain(&text.replace(['\n', '\r', '\t'], " "))
}

/// The text, or its beginning and `…` where there is no room for all of it.
fn cut(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let (mut shown, mut used) = (String::new(), 1);
    for letter in text.chars() {
        used += letter.width().unwrap_or_default();
        if used > room {
            break;
        }
        shown.push(letter);
    }
    shown.push('…');
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column<(&str, &str)>] =
        &[Column::whole("ID", |row| row.0.into()), Column::new("NAME", |row| row.1.into())];

    #[test]
    fn columns_stand_under_each_other_whatever_the_script() {
        let rows = [("a", "x"), ("東京", "Ωmega\nteam")];
        assert_eq!(render(&rows, COLUMNS, None, false), "ID    NAME\na     x\n東京  Ωmega team");
    }

    #[test]
    fn what_gives_way_is_cut_and_ids_are_not() {
        let rows = [("con_0123456789", "A very long name of a connection")];
        let shown = render(&rows, COLUMNS, Some(30), false);
        assert!(shown.lines().all(|line| line.width() <= 30), "{shown}");
        assert!(shown.contains("con_0123456789") && shown.contains('…'), "{shown}");
        assert!(render(&rows, COLUMNS, Some(5), false).contains("con_0123456789  A very …"));
        assert_eq!(cut("東京都", 4), "東…");
    }

    #[test]
    fn colours_only_where_they_are_wanted() {
        assert_eq!(Cell::status("invalid").shown(false), "invalid");
        assert_eq!(Cell::status("invalid").shown(true), "\u{1b}[31minvalid\u{1b}[0m");
        assert_eq!(Cell::status("none of these").shown(true), "none of these");
    }
}
