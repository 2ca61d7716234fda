//! Rust source taken apart just far enough: code without comments and texts, and the texts.

/// One file's code, line for line as long as before, and its string literals with their lines.
pub(crate) struct Scanned {
    pub(crate) code: String,
    pub(crate) texts: Vec<(usize, String)>,
}

/// Blanks comments and literals out of the code and collects the string literals.
pub(crate) fn scan(source: &str) -> Scanned {
    let mut scanner = Scanner { rest: source, line: 1, code: String::new(), texts: Vec::new() };
    while scanner.next() {}
    Scanned { code: scanner.code, texts: scanner.texts }
}

struct Scanner<'a> {
    rest: &'a str,
    line: usize,
    code: String,
    texts: Vec<(usize, String)>,
}

impl<'a> Scanner<'a> {
    /// Takes the next piece; false at the end.
    fn next(&mut self) -> bool {
        let rest = self.rest;
        if rest.starts_with("//") {
            let length = rest.find('\n').unwrap_or(rest.len());
            self.blank(length);
        } else if rest.starts_with("/*") {
            self.blank(comment_length(rest));
        } else if let Some((opening, closing)) = string_marks(rest, self.code.chars().next_back()) {
            self.string(opening, &closing);
        } else if rest.starts_with('\'') {
            self.quote();
        } else if let Some(letter) = rest.chars().next() {
            self.keep(letter);
        } else {
            return false;
        }
        true
    }

    fn keep(&mut self, letter: char) {
        self.line += usize::from(letter == '\n');
        self.code.push(letter);
        self.rest = self.rest.get(letter.len_utf8()..).unwrap_or_default();
    }

    /// Replaces the next bytes by nothing but their line ends.
    fn blank(&mut self, length: usize) -> &'a str {
        let (piece, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        let lines = piece.matches('\n').count();
        self.line += lines;
        self.code.push_str(&"\n".repeat(lines));
        self.rest = rest;
        piece
    }

    fn string(&mut self, opening: usize, closing: &str) {
        let line = self.line;
        let inside = self.rest.get(opening..).unwrap_or_default();
        let escapes = closing == "\"";
        let mut length = 0;
        let mut letters = inside.char_indices();
        while let Some((at, letter)) = letters.next() {
            length = at;
            if escapes && letter == '\\' {
                letters.next();
            } else if inside.get(at..).is_some_and(|end| end.starts_with(closing)) {
                break;
            }
        }
        self.texts.push((line, inside.get(..length).unwrap_or_default().to_owned()));
        self.blank(opening + length + closing.len());
        self.code.push_str("\"\"");
    }

    /// A character literal is blanked, the mark of a lifetime is kept.
    fn quote(&mut self) {
        let mut letters = self.rest.char_indices().skip(1);
        match letters.next() {
            Some((_, '\\')) => {
                let end = self.rest.char_indices().skip(3).find(|(_, letter)| *letter == '\'');
                self.blank(end.map_or(1, |(at, _)| at + 1));
            }
            Some(_) => match letters.next() {
                Some((at, '\'')) => drop(self.blank(at + 1)),
                _ => self.keep('\''),
            },
            None => self.keep('\''),
        }
    }
}

/// The length of a block comment, nested ones inside.
fn comment_length(text: &str) -> usize {
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// If a string literal begins here: how long its opening is, and what closes it.
fn string_marks(text: &str, before: Option<char>) -> Option<(usize, String)> {
    if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_') {
        return text.starts_with('"').then(|| (1, "\"".to_owned()));
    }
    let unprefixed = text.trim_start_matches(['b', 'c']);
    let prefix = text.len() - unprefixed.len();
    if prefix > 1 {
        return None;
    }
    if unprefixed.starts_with('"') {
        return Some((prefix + 1, "\"".to_owned()));
    }
    let hashes = unprefixed.strip_prefix('r')?;
    let count = hashes.len() - hashes.trim_start_matches('#').len();
    let opened = hashes.get(count..)?.starts_with('"');
    opened.then(|| (prefix + 1 + count + 1, format!("\"{}", "#".repeat(count))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_texts_leave_the_code() {
        let scanned = scan(
            "let a = \"x // \\\" y\"; // worker::no\n/* a /* b */ worker:: */ call(b'\\'', 'x', r#\"q\"\"#);\n",
        );
        assert_eq!(scanned.code, "let a = \"\"; \n call(b, , \"\");\n");
        let texts: Vec<_> = scanned.texts.iter().map(|(line, text)| (*line, text.as_str())).collect();
        assert_eq!(texts, [(1, "x // \\\" y"), (2, "q\"")]);
    }

    #[test]
    fn lifetimes_are_not_characters() {
        assert_eq!(scan("fn f<'a>(x: &'a str) -> &'a str {}").code, "fn f<'a>(x: &'a str) -> &'a str {}");
    }

    #[test]
    fn a_text_over_several_lines_keeps_the_line_numbers() {
        let scanned = scan("a(\"one\ntwo\");\nb(\"three\")");
        assert_eq!(scanned.texts, [(1, "one\ntwo".to_owned()), (3, "three".to_owned())]);
        assert_eq!(scanned.code.lines().count(), 3);
    }
}
