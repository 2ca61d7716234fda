//! TLS as a client: the machine's own certificate authorities, and one more where it is configured.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256, Sha384, Sha512};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::{NetFault, Stream, Wire};

/// How TLS connections are made.
#[derive(Clone)]
pub(crate) struct Tls {
    connector: TlsConnector,
    more: Option<PathBuf>,
}

impl Tls {
    /// Trusts what the machine trusts, and the authorities in a PEM file.
    pub(crate) fn new(more: Option<&Path>) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(file) = more {
            let name = file.display();
            let found = CertificateDer::pem_file_iter(file).map_err(|fault| format!("{name}: {fault}"))?;
            let before = roots.len();
            for certificate in found {
                let certificate = certificate.map_err(|fault| format!("{name}: {fault}"))?;
                roots.add(certificate).map_err(|fault| format!("{name}: {fault}"))?;
            }
            if roots.len() == before {
                return Err(format!("{name} holds no certificate in PEM"));
            }
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|fault| fault.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), more: more.map(Path::to_owned) })
    }

    /// Speaks TLS over a stream and checks that the other side is who it should be. Beside it: the hash of the other
    /// side's certificate, to which a login can be bound (RFC 5929, `tls-server-end-point`).
    pub(crate) async fn over<S: Wire + 'static>(
        &self,
        host: &str,
        stream: S,
    ) -> Result<(Stream, Option<Vec<u8>>), NetFault> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| NetFault::Tls(format!("{host} is no name that a certificate could have")))?;
        match self.connector.connect(name, stream).await {
            Ok(stream) => {
                let (_, state) = stream.get_ref();
                let certificate = state.peer_certificates().and_then(|chain| chain.first());
                let hash = certificate.and_then(|certificate| end_point(certificate));
                Ok((Box::new(stream), hash))
            }
            Err(fault) => Err(NetFault::Tls(format!("TLS with {host} failed: {fault}"))),
        }
    }

    /// What is trusted, for a library that makes TLS by itself: certificates in DER.
    pub(crate) fn authorities(&self) -> Vec<Vec<u8>> {
        let more = self.more.as_deref().and_then(|file| CertificateDer::pem_file_iter(file).ok());
        let more = more.into_iter().flatten().filter_map(Result::ok);
        let all = rustls_native_certs::load_native_certs().certs.into_iter().chain(more);
        // A machine may have some that are none; whoever takes the list would not take it with them.
        all.filter(|one| RootCertStore::empty().add(one.clone()).is_ok()).map(|one| one.to_vec()).collect()
    }

    /// The same with what each connection is to agree on beside (ALPN).
    pub(crate) fn agreeing(&self, protocol: &[u8]) -> Self {
        let mut config = ClientConfig::clone(self.connector.config());
        config.alpn_protocols = vec![protocol.to_vec()];
        Self { connector: TlsConnector::from(Arc::new(config)), more: self.more.clone() }
    }
}

/// The hash of a certificate: with the one that its signature is made with, SHA-256 for all that are older.
fn end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    // The last of an identifier's numbers says which: 1.2.840.113549.1.1.x (RSA), 1.2.840.10045.4.3.x (ECDSA).
    const RSA: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
    const ECDSA: [u8; 7] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];
    let (0x30, whole, _) = element(certificate)? else { return None };
    let (_, _, after) = element(whole)?;
    let (0x30, algorithm, _) = element(after)? else { return None };
    let (0x06, name, _) = element(algorithm)? else { return None };
    let last = |family: &[u8]| name.strip_prefix(family).and_then(|rest| rest.first().copied());
    Some(match (last(&RSA), last(&ECDSA)) {
        (Some(12), _) | (_, Some(3)) => Sha384::digest(certificate).to_vec(),
        (Some(13), _) | (_, Some(4)) => Sha512::digest(certificate).to_vec(),
        (Some(4 | 5 | 11), _) | (_, Some(2)) => Sha256::digest(certificate).to_vec(),
        // Others name no hash, or one elsewhere: nothing is bound.
        _ => return None,
    })
}

/// The first element of DER: its tag, what is in it, and what comes after.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, first], rest) = bytes.split_first_chunk()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x83 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0, |length, digit| (length << 8) | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (inside, after) = rest.split_at_checked(length)?;
    Some((tag, inside, after))
}
