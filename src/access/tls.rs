//! Encryption: the server's certificate, the authorities of clients, and who a client's certificate says that it is.

use super::watched::{Error, Watched, content};
use crate::config;
use jiff::Timestamp;
use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use std::path::Path;
use std::sync::Arc;
use x509_parser::extensions::GeneralName;

/// What a handshake needs.
pub struct ServerTls {
    pub config: Arc<rustls::ServerConfig>,
    /// When the server's certificate ends.
    pub until: Timestamp,
}

/// Who a client's certificate says that it is: nobody where it showed none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// DNS names and URIs.
    pub names: Vec<String>,
    /// When the certificate ends.
    pub until: Option<Timestamp>,
}

impl ServerTls {
    /// The files of the configuration, read again when they change. Connections keep what they began with; a new
    /// certificate is for those that come.
    pub fn watched(section: &config::Tls) -> Result<Watched<ServerTls>, Error> {
        let section = section.clone();
        let mut files = vec![section.certificate.clone(), section.key.clone()];
        if !section.client_ca.as_os_str().is_empty() {
            files.push(section.client_ca.clone());
        }
        Watched::open(files, move |bytes, _| {
            let authorities = bytes.get(2).map(|b| (section.client_ca.as_path(), &b[..]));
            read(&section, &bytes[0], &bytes[1], authorities)
        })
    }
}

fn read(
    section: &config::Tls,
    certificate: &[u8],
    key: &[u8],
    authorities: Option<(&Path, &[u8])>,
) -> Result<ServerTls, Error> {
    let chain = certificates(&section.certificate, certificate)?;
    let until = identity(&chain[0])
        .and_then(|i| i.until)
        .ok_or_else(|| content(&section.certificate, "expected an X.509 certificate"))?;
    // What is said of a key names the file and never its content.
    let key = PrivateKeyDer::from_pem_slice(key)
        .map_err(|_| content(&section.key, "expected a private key in PEM"))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|e| content(&section.certificate, e.to_string()))?;
    let builder = match authorities {
        None => builder.with_no_client_auth(),
        Some((path, bytes)) => {
            let mut roots = RootCertStore::empty();
            for authority in certificates(path, bytes)? {
                roots
                    .add(authority)
                    .map_err(|e| content(path, e.to_string()))?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            let verifier = match section.client_required {
                true => verifier,
                false => verifier.allow_unauthenticated(),
            };
            builder.with_client_cert_verifier(
                verifier.build().map_err(|e| content(path, e.to_string()))?,
            )
        }
    };
    let mut config = builder
        .with_single_cert(chain, key)
        .map_err(|e| content(&section.key, e.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(ServerTls {
        config: Arc::new(config),
        until,
    })
}

fn certificates(path: &Path, bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bytes).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(content(path, "expected certificates in PEM")),
    }
}

/// Who is at the other end of a connection.
pub fn peer(connection: &rustls::ServerConnection) -> Identity {
    let shown = connection.peer_certificates().and_then(|c| c.first());
    shown.and_then(identity).unwrap_or_default()
}

fn identity(certificate: &CertificateDer<'_>) -> Option<Identity> {
    let (_, certificate) = x509_parser::parse_x509_certificate(certificate).ok()?;
    let alternatives = certificate.subject_alternative_name().ok().flatten();
    let names = alternatives.map_or(&[][..], |a| &a.value.general_names);
    let named = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) | GeneralName::URI(name) => Some((*name).to_owned()),
        _ => None,
    };
    let until = certificate.validity().not_after.timestamp();
    Some(Identity {
        names: names.iter().filter_map(named).collect(),
        until: Timestamp::from_second(until).ok(),
    })
}
