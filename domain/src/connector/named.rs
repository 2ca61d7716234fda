//! Names of tables, views and procedures as people write them: with or without a schema before a dot.

use serde_json::{Map, Value};

/// The most characters of each part.
const LONGEST: usize = 128;

/// Schema and name of a text such as `dbo.Customers` or `"odd.name"`; `None` when it is none. A part that has a dot in it
/// stands between double quotes, each quote of its own written twice.
pub(super) fn parse(text: &str) -> Option<(Option<String>, String)> {
    let (first, rest) = part(text.trim())?;
    match rest.strip_prefix('.') {
        Some(rest) => match part(rest)? {
            (second, "") => Some((Some(first), second)),
            _ => None,
        },
        None => rest.is_empty().then_some((None, first)),
    }
}

/// The part that a text begins with, and what stands after it.
fn part(text: &str) -> Option<(String, &str)> {
    let (found, rest) = if let Some(quoted) = text.strip_prefix('"') {
        let mut found = String::new();
        let mut rest = quoted;
        loop {
            let (before, after) = rest.split_once('"')?;
            found.push_str(before);
            let Some(more) = after.strip_prefix('"') else { break (found, after) };
            found.push('"');
            rest = more;
        }
    } else {
        let end = text.find('.').unwrap_or(text.len());
        let (found, rest) = text.split_at_checked(end)?;
        (found.to_owned(), rest)
    };
    let good = !found.is_empty() && found.chars().count() <= LONGEST && !found.chars().any(char::is_control);
    good.then_some((found, rest))
}

/// The same as the text that [`parse`] reads.
pub(super) fn written(schema: Option<&str>, name: &str) -> String {
    let quoted = |text: &str| {
        if text.contains(['.', '"']) || text.trim() != text {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    match schema.filter(|schema| !schema.is_empty()) {
        Some(schema) => format!("{}.{}", quoted(schema), quoted(name)),
        None => quoted(name),
    }
}

/// The same as a database is asked.
pub(super) fn asked(text: &str) -> Option<Value> {
    let (schema, name) = parse(text)?;
    let mut object = Map::new();
    if let Some(schema) = schema {
        object.insert("schema".to_owned(), Value::String(schema));
    }
    object.insert("name".to_owned(), Value::String(name));
    Some(Value::Object(object))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for (schema, name) in [
            (None, "customers"),
            (Some("dbo"), "Customers"),
            (Some("a.b"), "c.d"),
            (None, "say \"hi\""),
            (Some("sales"), "Größe 😀"),
            (None, " blank "),
        ] {
            let text = written(schema, name);
            assert_eq!(parse(&text), Some((schema.map(str::to_owned), name.to_owned())), "{text}");
        }
        assert_eq!(written(Some(""), "t"), "t");
        assert_eq!(written(Some("dbo"), "Customers"), "dbo.Customers");
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for bad in [
            "",
            ".",
            "a.",
            ".a",
            "a.b.c",
            "\"a",
            "\"a\"b",
            "\"\"",
            "a\u{0}b",
            "\"a\".\"b\".c",
            &"x".repeat(129),
        ] {
            assert_eq!(parse(bad), None, "{bad:?}");
        }
        // What looks like SQL is a name like any other: it is quoted by whoever asks, and looked up.
        assert_eq!(parse("x; DROP TABLE y"), Some((None, "x; DROP TABLE y".to_owned())));
    }
}
