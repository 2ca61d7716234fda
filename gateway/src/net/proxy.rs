//! The company's HTTP proxy: CONNECT (RFC 9110 §9.3.6).

use base64ct::{Base64, Encoding};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use zeroize::Zeroizing;

use super::{Address, NetFault, Stream};

/// The longest head of a proxy's answer, in bytes.
const HEAD_MOST: usize = 8 * 1024;

/// A proxy and the login that it wants.
#[derive(Clone)]
pub(crate) struct Proxy {
    /// Where it is.
    pub(crate) address: Address,
    /// The value of `Proxy-Authorization`.
    login: Option<Zeroizing<String>>,
}

impl Proxy {
    /// A proxy without a login, or with one.
    pub(crate) fn new(address: Address, login: Option<(&str, &str)>) -> Self {
        let login = login.map(|(user, password)| basic(user, password));
        Self { address, login }
    }

    /// The proxy that the environment names, by `HTTPS_PROXY`, unless `NO_PROXY` takes the host out.
    pub(crate) fn from_environment(host: &str) -> Option<Self> {
        let get = |names: [&str; 2]| names.into_iter().find_map(|name| std::env::var(name).ok());
        let url = get(["HTTPS_PROXY", "https_proxy"]).filter(|url| !url.is_empty())?;
        if get(["NO_PROXY", "no_proxy"]).is_some_and(|list| excepted(&list, host)) {
            return None;
        }
        Self::from_url(&url)
    }

    fn from_url(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
        let Some((login, host)) = rest.rsplit_once('@') else {
            return Some(Self::new(Address::parse(&format!("{scheme}://{rest}")).ok()?, None));
        };
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        let (user, password) = (decoded(user)?, decoded(password)?);
        Some(Self::new(Address::parse(&format!("{scheme}://{host}")).ok()?, Some((&user, &password))))
    }

    /// Asks the proxy to join this stream with a host.
    pub(crate) async fn pass(&self, stream: &mut Stream, to: &Address) -> Result<(), NetFault> {
        let target = to.with_port();
        let mut question = Zeroizing::new(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"));
        if let Some(login) = &self.login {
            question.push_str("Proxy-Authorization: ");
            question.push_str(login);
            question.push_str("\r\n");
        }
        question.push_str("\r\n");
        let name = self.address.with_port();
        let broke = |fault: std::io::Error| NetFault::Proxy(format!("the proxy {name} broke off: {fault}"));
        stream.write_all(question.as_bytes()).await.map_err(broke)?;
        stream.flush().await.map_err(broke)?;
        let mut head = Vec::new();
        // Byte by byte: what follows the head belongs to the host behind the proxy.
        while !head.ends_with(b"\r\n\r\n") {
            if head.len() >= HEAD_MOST {
                return Err(NetFault::Proxy(format!("the proxy {name} answered nonsense")));
            }
            head.push(stream.read_u8().await.map_err(broke)?);
        }
        match status(&head) {
            Some(200..=299) => Ok(()),
            Some(407) => Err(NetFault::Proxy(format!(
                "the proxy {name} wants a login that it accepts (407): set proxy_user and proxy_password_file"
            ))),
            Some(status) => Err(NetFault::Proxy(format!(
                "the proxy {name} does not let connections to {target} through ({status}): allow it there"
            ))),
            None => Err(NetFault::Proxy(format!("{name} does not answer as an HTTP proxy"))),
        }
    }
}

/// The value of a header for a login with user name and password (RFC 7617).
pub(crate) fn basic(user: &str, password: &str) -> Zeroizing<String> {
    let both = Zeroizing::new(format!("{user}:{password}"));
    let coded = Zeroizing::new(Base64::encode_string(both.as_bytes()));
    Zeroizing::new(format!("Basic {}", *coded))
}

fn status(head: &[u8]) -> Option<u16> {
    let line = str::from_utf8(head).ok()?.lines().next()?;
    let (version, rest) = line.split_once(' ')?;
    if !version.starts_with("HTTP/1.") {
        return None;
    }
    rest.get(..3)?.parse().ok()
}

/// Whether a list as in `NO_PROXY` names a host: itself, or a domain that it is in.
fn excepted(list: &str, host: &str) -> bool {
    list.split(',').map(|part| part.trim().trim_start_matches('.').to_ascii_lowercase()).any(|part| {
        part == "*" || (!part.is_empty() && (host == part || host.ends_with(&format!(".{part}"))))
    })
}

fn decoded(text: &str) -> Option<Zeroizing<String>> {
    let bytes = crate::targets::path::decoded(text.as_bytes());
    String::from_utf8(bytes).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_excepted_by_name_and_domain() {
        assert!(excepted("a.test, .corp.local", "x.corp.local"));
        assert!(excepted("corp.local", "corp.local") && excepted("*", "any"));
        assert!(!excepted("corp.local", "evilcorp.local") && !excepted("", "a") && !excepted(",", "a"));
    }

    #[test]
    fn the_environment_may_hold_a_login() {
        let proxy = Proxy::from_url("http://ada:p%40ss@proxy.corp:3128").unwrap();
        assert_eq!(proxy.address.with_port(), "proxy.corp:3128");
        assert_eq!(proxy.login.as_deref().map(String::as_str), Some("Basic YWRhOnBAc3M="));
        assert!(Proxy::from_url("proxy.corp:3128").is_some_and(|proxy| proxy.login.is_none()));
        assert!(Proxy::from_url("socks5://proxy.corp").is_none());
    }

    #[test]
    fn answers_of_proxies_are_read() {
        assert_eq!(status(b"HTTP/1.1 200 Connection established\r\n\r\n"), Some(200));
        assert_eq!(status(b"HTTP/1.0 407 \r\n\r\n"), Some(407));
        assert_eq!(status(b"SSH-2.0-x\r\n\r\n"), None);
        assert_eq!(status(b"HTTP/1.1 2\r\n\r\n"), None);
    }
}
