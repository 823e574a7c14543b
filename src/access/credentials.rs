//! The file of credentials: hashes of tokens, and names of certificates, each with what it may do.
//!
//! ```toml
//! [[token]]
//! name = "desk"
//! hash = "blake3:…"
//! scopes = ["intake", "feed"]
//! expires = "2027-01-01T00:00:00Z"    # may be left out
//!
//! [[certificate]]
//! name = "desk.example"               # a DNS name or URI in it; "*" for every one that the authority vouches for
//! scopes = ["feed"]
//! ```
//! A token is 32 random bytes, so that a plain fast hash keeps it: there is nothing to guess. For the same reason it is
//! looked up by its hash: how long that takes says nothing about a token that nobody holds.

use super::watched::{Error, Watched, content};
use super::{Identity, Principal, Scope, Scopes};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::Path;
use tokio_util::sync::CancellationToken;

/// What every token begins with: scanners for leaked secrets find it, and other kinds of token are told from it.
const PREFIX: &str = "sitrep_";
const HASH: &str = "blake3:";
const TOKEN_BYTES: usize = 32;
/// Stands for any certificate.
const ANY: &str = "*";

/// Whether a token is of our kind.
pub fn is_ours(token: &str) -> bool {
    token.starts_with(PREFIX)
}

/// A token that was just made.
pub struct NewToken {
    /// Shown once, kept nowhere.
    pub token: String,
    /// What is kept.
    pub hash: String,
}

/// Makes a token. Fails only where the system has no randomness.
pub fn new_token() -> Result<NewToken, String> {
    let mut bytes = [0; TOKEN_BYTES];
    rustls::crypto::aws_lc_rs::default_provider()
        .secure_random
        .fill(&mut bytes)
        .map_err(|_| "the system has no randomness to give".to_owned())?;
    let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes));
    let hash = format!("{HASH}{}", blake3::hash(token.as_bytes()).to_hex());
    Ok(NewToken { token, hash })
}

/// An entry for the file, as TOML.
pub fn entry(name: &str, hash: &str, scopes: &[Scope], expires: Option<Timestamp>) -> String {
    let file = File {
        token: vec![Token {
            name: name.to_owned(),
            hash: hash.to_owned(),
            scopes: scopes.to_vec(),
            expires,
        }],
        certificate: Vec::new(),
    };
    toml::to_string(&file).unwrap_or_default()
}

/// Checks that a file is still a good one with an entry more.
pub fn check_addition(path: &Path, entry: &str) -> Result<(), Error> {
    let before = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(source) => {
            return Err(Error::File {
                path: path.to_owned(),
                source,
            });
        }
    };
    let whole = format!("{before}\n{entry}");
    Credentials::parse(&whole).map_err(|message| content(path, message))?;
    Ok(())
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    token: Vec<Token>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    certificate: Vec<Certificate>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Token {
    name: String,
    hash: String,
    scopes: Vec<Scope>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<Timestamp>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Certificate {
    name: String,
    scopes: Vec<Scope>,
}

/// Everybody whom the file knows.
pub struct Credentials {
    tokens: HashMap<blake3::Hash, Principal>,
    certificates: HashMap<String, Principal>,
}

/// The file, read again when it changes. Streams of credentials that are no longer in it end.
pub fn watched(path: &Path) -> Result<Watched<Credentials>, Error> {
    let of = path.to_owned();
    Watched::open(
        vec![path.to_owned()],
        move |files, before: Option<&Credentials>| {
            let text = std::str::from_utf8(&files[0]).map_err(|e| content(&of, e.to_string()))?;
            let mut read = Credentials::parse(text).map_err(|message| content(&of, message))?;
            if let Some(before) = before {
                read.succeed(before);
            }
            Ok(read)
        },
    )
}

/// A message in which no token stands, should somebody have written one where its hash or a name belongs.
fn without_tokens(message: &str) -> String {
    let mut pieces = message.split(PREFIX);
    let mut safe = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let is_of_token = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        safe.push_str(PREFIX);
        safe.push('…');
        safe.push_str(piece.trim_start_matches(is_of_token));
    }
    safe
}

impl Credentials {
    fn parse(text: &str) -> Result<Credentials, String> {
        Credentials::read(text).map_err(|message| without_tokens(&message))
    }

    fn read(text: &str) -> Result<Credentials, String> {
        let file: File = toml::from_str(text).map_err(|e| {
            // Without the line itself.
            let line = e
                .span()
                .map_or(0, |s| text[..s.start].matches('\n').count() + 1);
            format!("line {line}: {}", e.message())
        })?;
        let mut found = Credentials {
            tokens: HashMap::new(),
            certificates: HashMap::new(),
        };
        let mut names = std::collections::HashSet::new();
        for Token {
            name,
            hash,
            scopes,
            expires,
        } in file.token
        {
            check(&name, &scopes)?;
            if !names.insert(name.clone()) {
                return Err(format!(
                    "expected each name once, found token {name:?} twice"
                ));
            }
            let digest = hash
                .strip_prefix(HASH)
                .and_then(|hex| blake3::Hash::from_hex(hex).ok())
                .ok_or_else(|| {
                    format!("token {name:?}: expected a hash as `sitrep token` makes them, {HASH}…")
                })?;
            let principal = principal("token", &name, &scopes, expires);
            if found.tokens.insert(digest, principal).is_some() {
                return Err(format!(
                    "token {name:?}: expected each hash once, found it twice"
                ));
            }
        }
        for Certificate { name, scopes } in file.certificate {
            check(&name, &scopes)?;
            let principal = principal("certificate", &name, &scopes, None);
            if found.certificates.insert(name.clone(), principal).is_some() {
                return Err(format!(
                    "expected each name once, found certificate {name:?} twice"
                ));
            }
        }
        Ok(found)
    }

    /// Who holds a token.
    pub fn of_token(&self, token: &str) -> Option<Principal> {
        self.tokens.get(&blake3::hash(token.as_bytes())).cloned()
    }

    /// Who holds a certificate: by the first of its names that is known, else by "any".
    pub fn of_certificate(&self, certificate: &Identity) -> Option<Principal> {
        let first = certificate.names.first()?;
        let named = certificate
            .names
            .iter()
            .find_map(|name| self.certificates.get(name));
        let mut found = match named {
            Some(principal) => principal.clone(),
            None => Principal {
                name: format!("certificate:{first}").into(),
                ..self.certificates.get(ANY)?.clone()
            },
        };
        found.until = certificate.until;
        Some(found)
    }

    /// Keeps what streams hold on to where nothing changed for them, and ends the others.
    fn succeed(&mut self, before: &Credentials) {
        for (hash, old) in &before.tokens {
            carry(old, self.tokens.get_mut(hash));
        }
        for (name, old) in &before.certificates {
            carry(old, self.certificates.get_mut(name));
        }
    }
}

fn carry(old: &Principal, new: Option<&mut Principal>) {
    match new {
        Some(new) if new.scopes == old.scopes && new.until == old.until && new.name == old.name => {
            new.revoked = old.revoked.clone();
        }
        _ => old.revoked.cancel(),
    }
}

fn principal(kind: &str, name: &str, scopes: &[Scope], until: Option<Timestamp>) -> Principal {
    Principal {
        name: format!("{kind}:{name}").into(),
        scopes: scopes.iter().copied().collect::<Scopes>(),
        until,
        revoked: CancellationToken::new(),
    }
}

fn check(name: &str, scopes: &[Scope]) -> Result<(), String> {
    if name.is_empty() || name.len() > 256 || name.chars().any(char::is_control) {
        return Err(format!(
            "expected a name of 1 to 256 characters, found {name:?}"
        ));
    }
    match scopes.is_empty() {
        true => Err(format!("{name:?}: expected scopes, found none")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_by_what_is_kept_of_it_and_by_nothing_else() {
        let made = new_token().unwrap();
        let text = entry("desk", &made.hash, &[Scope::Feed], None);
        assert!(!text.contains(&made.token));
        let read = Credentials::parse(&text).unwrap();
        let found = read.of_token(&made.token).unwrap();
        assert_eq!(&*found.name, "token:desk");
        assert!(found.scopes.has(Scope::Feed) && !found.scopes.has(Scope::Intake));
        assert!(read.of_token(&made.hash).is_none());
        assert!(read.of_token(&new_token().unwrap().token).is_none());
    }

    #[test]
    fn files_that_are_not_right_are_refused_and_never_quoted() {
        let made = new_token().unwrap();
        let good = entry("desk", &made.hash, &[Scope::Feed], None);
        let twice = format!("{good}\n{good}");
        for (text, expected) in [
            (good.replace("feed", "weather"), "weather"),
            (good.replace("scopes", "scope"), "scope"),
            (good.replace("[\"feed\"]", "[]"), "expected scopes"),
            (good.replace(&made.hash, &made.token), "expected a hash"),
            (
                good.replace("\"feed\"", &format!("\"{}\"", made.token)),
                "sitrep_…",
            ),
            (twice.replace("desk", &made.token), "twice"),
            (format!("token = \"{}\"", made.token), "line 1"),
            (twice, "twice"),
        ] {
            let Err(message) = Credentials::parse(&text) else {
                panic!("{text}")
            };
            assert!(message.contains(expected), "{message}");
            assert!(!message.contains(&made.token), "{message}");
        }
    }

    #[test]
    fn what_is_taken_out_of_the_file_is_revoked_and_what_stays_is_not() {
        let (one, two) = (new_token().unwrap(), new_token().unwrap());
        let entries = [("one", &one), ("two", &two)]
            .map(|(name, made)| entry(name, &made.hash, &[Scope::Feed], None));
        let before = Credentials::parse(&entries.join("\n")).unwrap();
        let (stays, goes) = (
            before.of_token(&one.token).unwrap(),
            before.of_token(&two.token).unwrap(),
        );
        let mut after = Credentials::parse(&entries[0]).unwrap();
        after.succeed(&before);
        assert!(!stays.revoked.is_cancelled() && goes.revoked.is_cancelled());
        let widened = entry("one", &one.hash, &[Scope::Intake], None);
        let mut later = Credentials::parse(&widened).unwrap();
        later.succeed(&after);
        assert!(
            stays.revoked.is_cancelled(),
            "with other scopes it is another grant"
        );
    }
}
