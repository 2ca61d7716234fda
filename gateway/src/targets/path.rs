//! Which paths a call may ask for: nothing outside the target's base URL, and only what its allow-list says.
//!
//! A server may read a path otherwise than we do: decode it twice, take a backslash for a slash, cut off what follows a
//! semicolon, know other ways to encode a letter (`%u002e`, which Windows takes, or more bytes than are needed). So a path
//! is refused when any of these readings leaves where it should stay.

/// How often a path may have been encoded that somebody still takes apart.
const DEPTH: usize = 4;
/// The longest path with its query, in bytes.
const MOST: usize = 16 * 1024;

/// A path of the allow-list: exactly it, or all that begin with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    text: String,
    open: bool,
}

impl Pattern {
    /// `/v1/items` is this path; `/v1/*` is all that begin with `/v1/`.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let (text, open) = text.strip_suffix('*').map_or((text, false), |text| (text, true));
        if !text.starts_with('/') {
            return Err("a path begins with “/”");
        }
        if open && !text.ends_with('/') {
            return Err("“*” stands after a “/”, at the end");
        }
        if text.contains(['*', '?', '#', '%', '\\']) || !plain(text) || escapes(text.as_bytes()) {
            return Err("a path here is plain: no “*” but at the end, no “?”, “#”, “%”, “\\”, nor “..”");
        }
        Ok(Self { text: text.to_owned(), open })
    }

    fn allows(&self, path: &[u8]) -> bool {
        if self.open { path.starts_with(self.text.as_bytes()) } else { path == self.text.as_bytes() }
    }
}

/// Why a path is not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathFault {
    /// It is no path, or leaves its base.
    Bad,
    /// The allow-list does not have it.
    NotAllowed,
}

/// Whether a call may ask for a path and query, both as they stand on the wire.
pub(crate) fn check(asked: &str, patterns: Option<&[Pattern]>) -> Result<(), PathFault> {
    let path = asked.split('?').next().unwrap_or_default();
    if !asked.starts_with('/') || asked.len() > MOST || !plain(asked) || asked.contains('#') {
        return Err(PathFault::Bad);
    }
    let mut reading = path.as_bytes().to_vec();
    for _ in 0..DEPTH {
        if escapes(&reading) {
            return Err(PathFault::Bad);
        }
        reading = decoded(&reading);
    }
    // Nobody means a path that could be decoded still further.
    if escapes(&reading) || decoded(&reading) != reading {
        return Err(PathFault::Bad);
    }
    let Some(patterns) = patterns else { return Ok(()) };
    let once = decoded(path.as_bytes());
    // Two slashes are one to some servers, and one path two to the list.
    if once.windows(2).any(|pair| pair == b"//") {
        return Err(PathFault::NotAllowed);
    }
    let allowed = |path: &[u8]| patterns.iter().any(|pattern| pattern.allows(path));
    if allowed(path.as_bytes()) && allowed(&once) { Ok(()) } else { Err(PathFault::NotAllowed) }
}

/// Only what may stand in a request line: printable ASCII without a space.
fn plain(text: &str) -> bool {
    text.bytes().all(|byte| (0x21..=0x7e).contains(&byte))
}

/// Whether a reading of a path leaves its base: a segment that is `.` or `..`, with or without parameters or spaces after
/// it, something that ends a text, or letters in an encoding of which nobody here knows what comes of it.
fn escapes(path: &[u8]) -> bool {
    path.iter().any(u8::is_ascii_control)
        || is_oddly_encoded(path)
        || path.split(|byte| matches!(byte, b'/' | b'\\')).any(|segment| {
            let name = segment.split(|byte| *byte == b';').next().unwrap_or_default();
            matches!(name.trim_ascii_end(), b"." | b"..")
        })
}

/// Whether a letter stands there as `%uHHHH`, or in UTF-8 of more bytes than it needs. Nobody means that; some servers
/// make a dot or a slash of it.
fn is_oddly_encoded(path: &[u8]) -> bool {
    let by_number = |part: &[u8]| match part {
        [b'%', b'u' | b'U', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        _ => false,
    };
    let too_long =
        |pair: &[u8]| matches!(pair, [0xc0 | 0xc1, 0x80..=0xbf] | [0xe0, 0x80..=0x9f] | [0xf0, 0x80..=0x8f]);
    path.windows(6).any(by_number) || path.windows(2).any(too_long)
}

/// Percent-encoding taken away once; what is none stays.
pub(crate) fn decoded(text: &[u8]) -> Vec<u8> {
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let digits = after.split_first_chunk::<2>();
        match (byte, digits) {
            (b'%', Some((&[high, low], behind))) => match (value(high), value(low)) {
                (Some(high), Some(low)) => {
                    out.push((high << 4) | low);
                    rest = behind;
                }
                _ => out.push(byte),
            },
            _ => out.push(byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_paths_are_fine() {
        for good in [
            "/",
            "/_api/web/lists",
            "/a/b?x=../../y",
            "/a..b/...",
            "/100%25",
            "/a%20b",
            "/caf%C3%A9",
            "/a//b",
            "/_api/web/GetFileByServerRelativeUrl('%2Fsites%2Fa')",
            "/x;v=1/y",
            "/.well-known/x",
            "/100%25used/%e0%a4%85",
        ] {
            assert_eq!(check(good, None), Ok(()), "{good}");
        }
    }

    #[test]
    fn no_reading_of_a_path_leaves_its_base() {
        for bad in [
            "",
            "x",
            "http://evil/",
            "/..",
            "/../x",
            "/a/../../x",
            "/a/.",
            "/%2e%2e/x",
            "/a/%2E./x",
            "/..%2fx",
            "/a%2f..%2f..%2fx",
            "/..%5cx",
            "/..\\x",
            "/%252e%252e/x",
            "/%25252e%25252e/x",
            "/..;/x",
            "/..;a=b/x",
            "/%2e%2e%3b/x",
            "/a b",
            "/a\r\nHost: x",
            "/a%0d%0ax",
            "/a%00",
            "/a#b",
            "/é",
            "/a\u{7f}",
            "/%2525252525252e",
            "/%u002e%u002e/x",
            "/a/.%U002e/x",
            "/a%u002f..",
            "/a/%25u002e%25u002e/x",
            "/a/%uff0e%uff0e/x",
            "/%c0%ae%c0%ae/x",
            "/a/..%c0%af",
            "/a/..%e0%80%af",
            "/a/%f0%80%80%ae./x",
            "/a/..%20/x",
            "/a/..%20;v=1/x",
        ] {
            assert_eq!(check(bad, None), Err(PathFault::Bad), "{bad}");
        }
        assert_eq!(check(&format!("/{}", "a".repeat(MOST)), None), Err(PathFault::Bad));
    }

    #[test]
    fn the_allow_list_is_held() {
        let patterns = ["/v1/*", "/health"].map(|text| Pattern::parse(text).unwrap());
        let check = |path: &str| check(path, Some(&patterns));
        for good in ["/v1/", "/v1/items?x=/v2", "/v1/a/b", "/health", "/health?x"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "/",
            "/v1",
            "/v2/items",
            "/healthz",
            "/health/x",
            "/V1/items",
            "//v1/x",
            "/v1//x",
            "/%76%31/x",
            "/v1%2fx",
        ] {
            assert_eq!(check(bad), Err(PathFault::NotAllowed), "{bad}");
        }
        assert_eq!(check("/v1/../v2"), Err(PathFault::Bad));
        assert_eq!(check("/v1/%u002e%u002e/v2"), Err(PathFault::Bad), "Windows reads /v2");
    }

    #[test]
    fn patterns_are_plain() {
        for bad in ["", "v1", "/v*", "/v1*", "/*/x", "/a?b", "/%76", "/../*", "/a b", "*"] {
            assert!(Pattern::parse(bad).is_err(), "{bad}");
        }
        assert!(Pattern::parse("/*").is_ok());
    }
}
