//! The filling of URL templates, place by place.

use super::host;
use super::template::{Part, SANDBOX_ORIGIN, TemplateError, Values, parse};

/// Where in a URL the next character goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Host,
    /// Right after a base address: only a path or a query may follow.
    AfterBase,
    Path,
    Query,
}

/// One template being filled.
pub(super) struct Expansion<'v> {
    values: &'v Values,
    out: String,
    place: Place,
    host_from: usize,
    path_from: usize,
}

impl<'v> Expansion<'v> {
    pub(super) fn new(values: &'v Values) -> Self {
        Self { values, out: String::new(), place: Place::Start, host_from: 0, path_from: 0 }
    }

    pub(super) fn run(mut self, template: &str) -> Result<String, TemplateError> {
        let parts = parse(template)?;
        let mut rest = parts.as_slice();
        while let Some((part, after)) = rest.split_first() {
            match *part {
                Part::Literal(text) => self.literal(text)?,
                Part::Value(name) => self.value(name, after.first())?,
                Part::Path(name) => self.whole_path(name, after.is_empty())?,
            }
            rest = after;
        }
        self.finish()
    }

    fn literal(&mut self, text: &str) -> Result<(), TemplateError> {
        let mut text = text;
        if self.place == Place::Start {
            if let Some(after) = text.strip_prefix("https://") {
                self.out.push_str("https://");
                self.host_from = self.out.len();
                self.place = Place::Host;
                text = after;
            } else if text.starts_with('/') && !text.starts_with("//") {
                self.place = Place::Path;
            } else {
                return Err(TemplateError::Malformed);
            }
        }
        text.chars().try_for_each(|c| self.literal_char(c))
    }

    fn literal_char(&mut self, c: char) -> Result<(), TemplateError> {
        match (self.place, c) {
            (Place::Host, '/' | '?') => {
                self.end_host()?;
                self.path_from = self.out.len();
                self.place = if c == '/' { Place::Path } else { Place::Query };
            }
            (Place::Host, c) if c.is_ascii_alphanumeric() || c == '.' || c == '-' => {}
            (Place::AfterBase, '/') => self.place = Place::Path,
            (Place::AfterBase | Place::Path, '?') => self.place = Place::Query,
            (Place::Path | Place::Query, c) if c.is_ascii_graphic() && !"\"#<>\\^`|".contains(c) => {}
            _ => return Err(TemplateError::Malformed),
        }
        self.out.push(c);
        Ok(())
    }

    fn value(&mut self, name: &str, next: Option<&Part<'_>>) -> Result<(), TemplateError> {
        let value = self.values.get(name).ok_or_else(|| TemplateError::Missing { name: name.to_owned() })?;
        if value.is_empty() && self.place != Place::Query {
            return Err(TemplateError::Empty { name: name.to_owned() });
        }
        match self.place {
            Place::Start => self.base(name, value, next.is_none()),
            Place::Host => self.host_value(name, value, next),
            Place::AfterBase => Err(TemplateError::Malformed),
            Place::Path if value.chars().any(char::is_control) => {
                Err(TemplateError::Character { name: name.to_owned() })
            }
            Place::Path | Place::Query => {
                encode(value, &mut self.out);
                Ok(())
            }
        }
    }

    /// A value that is an address by itself; with a query only where nothing follows.
    fn base(&mut self, name: &str, value: &str, alone: bool) -> Result<(), TemplateError> {
        let refused = || TemplateError::NotAnAddress { name: name.to_owned() };
        let parts = host::split_url(value).ok_or_else(refused)?;
        // Only the sandbox, whose origin the server sets, speaks plain http and lives on this machine.
        let outside = parts.secure && host::is_public_hostname(parts.host);
        if !(outside || name == SANDBOX_ORIGIN) || (!alone && parts.rest.contains('?')) {
            return Err(refused());
        }
        self.out.push_str(if alone { value } else { value.trim_end_matches('/') });
        self.path_from = value.len() - parts.rest.len();
        self.place = Place::AfterBase;
        Ok(())
    }

    fn host_value(&mut self, name: &str, value: &str, next: Option<&Part<'_>>) -> Result<(), TemplateError> {
        let ends = match next {
            None => true,
            Some(Part::Literal(text)) => text.starts_with(['/', '?']),
            Some(_) => false,
        };
        let whole = ends && self.out.len() == self.host_from;
        let fits = if whole {
            host::is_public_hostname(value)
        } else {
            value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if !fits {
            return Err(TemplateError::NotAHost { name: name.to_owned() });
        }
        self.out.push_str(&value.to_ascii_lowercase());
        Ok(())
    }

    /// `{+name}`: a path with or without query, at the start or right after a base address, and the last part.
    fn whole_path(&mut self, name: &str, last: bool) -> Result<(), TemplateError> {
        let value = self.values.get(name).ok_or_else(|| TemplateError::Missing { name: name.to_owned() })?;
        if !last || !matches!(self.place, Place::Start | Place::AfterBase) {
            return Err(TemplateError::Malformed);
        }
        if !host::is_url_path(value) {
            return Err(TemplateError::NotAPath { name: name.to_owned() });
        }
        self.place = Place::Path;
        self.out.push_str(value);
        Ok(())
    }

    fn end_host(&mut self) -> Result<(), TemplateError> {
        let host = self.out.get(self.host_from..).unwrap_or_default();
        if host::is_public_hostname(host) { Ok(()) } else { Err(TemplateError::NotAUrl) }
    }

    fn finish(mut self) -> Result<String, TemplateError> {
        match self.place {
            Place::Start => return Err(TemplateError::Malformed),
            Place::Host => {
                self.end_host()?;
                self.path_from = self.out.len();
            }
            Place::AfterBase | Place::Path | Place::Query => {}
        }
        let path = self.out.get(self.path_from..).unwrap_or_default();
        if host::has_dot_segment(path) { Err(TemplateError::NotAUrl) } else { Ok(self.out) }
    }
}

/// Percent-encodes everything but the unreserved characters of RFC 3986.
pub(super) fn encode(value: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.push(HEX.get(usize::from(digit)).copied().map_or('0', char::from));
            }
        }
    }
}
