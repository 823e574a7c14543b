//! Who gets in, and how much of the service each may have. Plain decisions over plain values: the gRPC edge asks, and
//! words the answers.
//!
//! A caller shows one credential: a token of ours, a token of an issuer (JWT), or the certificate of its connection. It
//! becomes a [`Principal`] with scopes. Once any kind of credential is configured, whoever shows none is refused, and a
//! method that no scope was named for is closed to all.

mod credentials;
mod exposure;
mod jwks;
mod jwt;
mod quota;
mod scope;
mod tls;
mod watched;

pub use credentials::{NewToken, check_addition, entry, new_token};
pub use exposure::{Exposed, check as check_exposure};
pub use quota::{Exceeded, OpenStream, Quotas, What};
pub use scope::{Scope, Scopes};
pub use tls::{Identity, ServerTls, peer};
pub use watched::{Error, Reload, Watched};

use crate::config;
use credentials::Credentials;
use jiff::Timestamp;
use jwt::Verifier;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Somebody who was recognised.
#[derive(Debug, Clone)]
pub struct Principal {
    /// Kind and name: `token:desk`, `jwt:alice`, `certificate:desk.example`; `anonymous` where nobody has to say.
    pub name: Arc<str>,
    pub scopes: Scopes,
    /// When its credential ends; a stream ends with it.
    pub until: Option<Timestamp>,
    /// Cancelled when its credential is withdrawn; a stream ends with it.
    pub revoked: CancellationToken,
}

/// Why nobody was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// No credential was shown.
    Missing,
    /// It is not one of ours, or not of our issuer, or not for us.
    Invalid,
    /// It was good once.
    Expired,
    /// The issuer's keys are not here yet, so that nothing can be said.
    KeysUnavailable,
}

/// The decision, as configured.
pub struct Access {
    credentials: Option<Arc<Watched<Credentials>>>,
    jwt: Option<Arc<Verifier>>,
    nobody: Principal,
}

impl Access {
    /// As configured; files must be readable now, and are read again later.
    pub fn new(auth: &config::Auth, jwt: &config::Jwt) -> Result<Access, Error> {
        let credentials = match auth.has_file() {
            true => Some(Arc::new(credentials::watched(&auth.credentials)?)),
            false => None,
        };
        let jwt = match jwt.is_on() {
            true => Some(Arc::new(Verifier::new(jwt)?)),
            false => None,
        };
        let nobody = Principal {
            name: "anonymous".into(),
            scopes: Scopes::ALL,
            until: None,
            revoked: CancellationToken::new(),
        };
        Ok(Access {
            credentials,
            jwt,
            nobody,
        })
    }

    /// Whether callers have to say who they are.
    pub fn is_on(&self) -> bool {
        self.credentials.is_some() || self.jwt.is_some()
    }

    /// Who a caller is that need not say so.
    pub fn nobody(&self) -> &Principal {
        &self.nobody
    }

    /// Recognises a caller. A token that is shown must be good, whatever certificate stands beside it.
    pub async fn recognise(
        &self,
        token: Option<&str>,
        certificate: &Identity,
        now: Timestamp,
    ) -> Result<Principal, Denied> {
        if !self.is_on() {
            return Ok(self.nobody.clone());
        }
        let credentials = self.credentials.as_ref().map(|c| c.current());
        let found = match token {
            None => {
                let known = credentials.and_then(|c| c.of_certificate(certificate));
                let missing = match certificate.names.is_empty() {
                    true => Denied::Missing,
                    false => Denied::Invalid,
                };
                known.ok_or(missing)
            }
            Some(token) if credentials::is_ours(token) => credentials
                .and_then(|c| c.of_token(token))
                .ok_or(Denied::Invalid),
            Some(token) => match &self.jwt {
                Some(verifier) => verifier.verify(token).await,
                None => Err(Denied::Invalid),
            },
        }?;
        match found.until {
            Some(until) if until <= now => Err(Denied::Expired),
            _ => Ok(found),
        }
    }

    /// What is read from files, by name, to be looked at again from time to time.
    pub fn files(&self) -> Vec<(&'static str, Arc<dyn Reload>)> {
        let mut files: Vec<(&'static str, Arc<dyn Reload>)> = Vec::new();
        if let Some(credentials) = &self.credentials {
            files.push(("credentials", credentials.clone()));
        }
        if let Some(file) = self.jwt.as_ref().and_then(|v| v.file()) {
            files.push(("jwks", file));
        }
        files
    }

    /// Fetches the issuer's keys again and again, where they are behind a URL; else it waits without end. `told` hears of
    /// each outcome.
    pub async fn refresh(&self, told: impl Fn(Result<(), String>)) {
        match &self.jwt {
            Some(verifier) => verifier.refresh(told).await,
            None => std::future::pending().await,
        }
    }
}
