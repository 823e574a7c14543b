//! Tokens that an issuer signed: RS256, ES256 or EdDSA, for us, by it, and within their time.

use super::jwks::{Found, Source};
use super::watched::{Error, Reload};
use super::{Denied, Principal, Scopes};
use crate::config;
use jiff::Timestamp;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What is signed with anything else is not looked at, so that a token can't choose how it is checked.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
const MAX_SUBJECT_BYTES: usize = 256;

/// Checks tokens of one issuer.
pub struct Verifier {
    source: Source,
    section: config::Jwt,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: i64,
    /// RFC 9068 has words in one string; others a list, or another name.
    #[serde(default)]
    scope: Words,
    #[serde(default)]
    scp: Words,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Many(Vec<String>),
}

impl Default for Words {
    fn default() -> Self {
        Words::Many(Vec::new())
    }
}

impl Words {
    fn each(&self) -> Vec<&str> {
        match self {
            Words::One(text) => text.split(' ').collect(),
            Words::Many(list) => list.iter().map(String::as_str).collect(),
        }
    }
}

impl Verifier {
    pub fn new(section: &config::Jwt) -> Result<Verifier, Error> {
        Ok(Verifier {
            source: Source::new(&section.jwks)?,
            section: section.clone(),
        })
    }

    pub fn file(&self) -> Option<Arc<dyn Reload>> {
        self.source.file()
    }

    pub async fn refresh(&self, told: impl Fn(Result<(), String>)) {
        let every = Duration::from_secs(self.section.refresh_seconds);
        self.source.refresh(every, told).await;
    }

    /// Who a token says that its bearer is.
    pub async fn verify(&self, token: &str) -> Result<Principal, Denied> {
        let header = decode_header(token).map_err(|_| Denied::Invalid)?;
        // What must be understood and is not (RFC 7515, 4.1.11) makes a token invalid; we understand nothing of the kind.
        if !ALGORITHMS.contains(&header.alg) || header.crit.is_some() {
            return Err(Denied::Invalid);
        }
        let key = match self.source.find(header.kid.as_deref(), header.alg).await {
            Found::Key(key) => key,
            Found::Unknown => return Err(Denied::Invalid),
            Found::Nothing => return Err(Denied::KeysUnavailable),
        };
        let mut expected = Validation::new(header.alg);
        expected.set_issuer(&[&self.section.issuer]);
        expected.set_audience(&[&self.section.audience]);
        expected.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        expected.validate_nbf = true;
        expected.leeway = self.section.leeway_seconds;
        let claims = match decode::<Claims>(token, &key, &expected) {
            Ok(token) => token.claims,
            Err(error) => {
                return Err(match error.kind() {
                    ErrorKind::ExpiredSignature => Denied::Expired,
                    _ => Denied::Invalid,
                });
            }
        };
        if claims.sub.is_empty() || claims.sub.len() > MAX_SUBJECT_BYTES {
            return Err(Denied::Invalid);
        }
        let words = claims.scope.each().into_iter().chain(claims.scp.each());
        let scopes = Scopes::named(words, &self.section.scope_prefix);
        let leeway = i64::try_from(self.section.leeway_seconds).unwrap_or(0);
        // A time past the calendar is as good as none.
        let until = Timestamp::from_second(claims.exp.saturating_add(leeway)).ok();
        Ok(Principal {
            name: format!("jwt:{}", claims.sub).into(),
            scopes,
            until,
            revoked: CancellationToken::new(),
        })
    }
}
