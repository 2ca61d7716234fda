//! TLS as a client: the machine's own certificate authorities, and one more where it is configured.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::{NetFault, Stream};

/// How TLS connections are made.
#[derive(Clone)]
pub(crate) struct Tls {
    connector: TlsConnector,
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
        Ok(Self { connector: TlsConnector::from(Arc::new(config)) })
    }

    /// Speaks TLS over a stream and checks that the other side is who it should be.
    pub(crate) async fn over(&self, host: &str, stream: Stream) -> Result<Stream, NetFault> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| NetFault::Tls(format!("{host} is no name that a certificate could have")))?;
        match self.connector.connect(name, stream).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(fault) => Err(NetFault::Tls(format!("TLS with {host} failed: {fault}"))),
        }
    }
}
