//! The sections that say who gets in, and how much of the service each may have.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// `[tls]`: encryption, and certificates of clients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// The server's certificate and those between it and its authority (PEM); empty for no encryption.
    pub certificate: PathBuf,
    /// The key of the certificate (PEM).
    pub key: PathBuf,
    /// The authorities that vouch for clients (PEM); empty where clients show no certificates.
    pub client_ca: PathBuf,
    /// Whether a client without a certificate is refused at the handshake; else it needs a token.
    pub client_required: bool,
    /// Seconds that a handshake may take.
    pub handshake_seconds: u64,
}

/// `[auth]`: who may do what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Auth {
    /// The file with hashes of tokens and names of certificates; empty for none.
    pub credentials: PathBuf,
    /// Whether `grpc.health.v1` answers callers without credentials.
    pub open_health: bool,
}

/// `[jwt]`: tokens that somebody else issues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Jwt {
    /// The issuer's public keys: a file, or a URL (https, or http on this machine); empty for none.
    pub jwks: String,
    /// What `iss` must be.
    pub issuer: String,
    /// What `aud` must be, or hold.
    pub audience: String,
    /// What stands before a scope in the token, such as `sitrep.` where the issuer writes `sitrep.feed`.
    pub scope_prefix: String,
    /// Seconds that the issuer's clock may be off.
    pub leeway_seconds: u64,
    /// Seconds after which keys behind a URL are fetched again.
    pub refresh_seconds: u64,
}

/// `[quota]`: the most that one caller may have; 0 for no bound.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quota {
    /// Calls a second; a caller that was silent may make as many at once.
    pub calls_per_second: u32,
    /// Items a second, over all its calls and streams; likewise.
    pub items_per_second: u32,
    /// Streams open at a time, `Subscribe` and `StreamNewsItems` together.
    pub streams: u32,
}

/// `[admin]`: the port for metrics and health.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Admin {
    /// Address and port to listen on, such as `127.0.0.1:9090`; empty for none.
    pub listen: String,
    /// Whether it may listen elsewhere than on loopback. It speaks plain HTTP.
    pub allow_remote: bool,
}

/// `[trace]`: OpenTelemetry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Trace {
    /// Where an OTLP collector takes gRPC, such as `http://127.0.0.1:4317`; empty for none.
    pub endpoint: String,
    /// Share of the traces that are kept, where the caller has not decided; 0 to 1.
    pub sample: f64,
}

impl Default for Tls {
    fn default() -> Self {
        Tls {
            certificate: PathBuf::new(),
            key: PathBuf::new(),
            client_ca: PathBuf::new(),
            client_required: false,
            handshake_seconds: 10,
        }
    }
}

impl Default for Jwt {
    fn default() -> Self {
        Jwt {
            jwks: String::new(),
            issuer: String::new(),
            audience: String::new(),
            scope_prefix: String::new(),
            leeway_seconds: 30,
            refresh_seconds: 300,
        }
    }
}

impl Default for Trace {
    fn default() -> Self {
        Trace {
            endpoint: String::new(),
            sample: 1.0,
        }
    }
}

impl Tls {
    /// Whether connections are encrypted.
    pub fn is_on(&self) -> bool {
        !self.certificate.as_os_str().is_empty()
    }
}

impl Tls {
    /// What a section says that can't hold together, by key.
    pub(super) fn contradiction(&self) -> Option<(&'static str, &'static str)> {
        let has_key = !self.key.as_os_str().is_empty();
        let has_ca = !self.client_ca.as_os_str().is_empty();
        if self.is_on() != has_key {
            return Some(("tls.key", "a key with the certificate, and none without"));
        }
        if has_ca && !self.is_on() {
            return Some(("tls.client_ca", "a certificate of the server with it"));
        }
        if self.client_required && !has_ca {
            return Some((
                "tls.client_required",
                "authorities in tls.client_ca with it",
            ));
        }
        None
    }
}

impl Jwt {
    /// Whether tokens of an issuer are taken.
    pub fn is_on(&self) -> bool {
        !self.jwks.is_empty()
    }

    pub(super) fn contradiction(&self) -> Option<(&'static str, &'static str)> {
        if self.is_on() && self.issuer.is_empty() {
            return Some(("jwt.issuer", "the issuer whose tokens are taken"));
        }
        if self.is_on() && self.audience.is_empty() {
            return Some(("jwt.audience", "the audience that tokens must be for"));
        }
        None
    }
}

impl Auth {
    /// Whether callers with credentials of a file are known.
    pub fn has_file(&self) -> bool {
        !self.credentials.as_os_str().is_empty()
    }
}
