//! The public keys of an issuer: from a file, or fetched and kept.

use super::watched::{Error, Reload, Watched, content};
use jsonwebtoken::jwk::{JwkSet, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use std::path::Path;
use std::sync::{self, Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
const MAX_BYTES: usize = 256 << 10;
/// An unknown key makes us look for it, but no more often than this: anybody can make up a key id.
const MIN_PAUSE: Duration = Duration::from_secs(10);
/// Likewise for a file, which costs less.
const MIN_PAUSE_OF_FILE: Duration = Duration::from_secs(1);

/// Keys by their ids.
pub struct Keys(Vec<Key>);

struct Key {
    id: Option<String>,
    algorithm: Option<KeyAlgorithm>,
    key: DecodingKey,
}

impl Keys {
    fn parse(bytes: &[u8]) -> Result<Keys, String> {
        let set: JwkSet =
            serde_json::from_slice(bytes).map_err(|_| "expected a JSON Web Key Set".to_owned())?;
        let keys: Vec<_> = set
            .keys
            .iter()
            .filter(|jwk| {
                // Keys for encryption, and keys that both sides would have to know, verify nothing here.
                let may_sign = matches!(
                    jwk.common.public_key_use,
                    None | Some(PublicKeyUse::Signature)
                );
                let is_public = !matches!(
                    jwk.algorithm,
                    jsonwebtoken::jwk::AlgorithmParameters::OctetKey(_)
                );
                may_sign && is_public
            })
            .filter_map(|jwk| {
                Some(Key {
                    id: jwk.common.key_id.clone(),
                    algorithm: jwk.common.key_algorithm,
                    key: DecodingKey::from_jwk(jwk).ok()?,
                })
            })
            .collect();
        match keys.is_empty() {
            true => Err("expected public keys to verify with, found none".to_owned()),
            false => Ok(Keys(keys)),
        }
    }

    /// The key of a token. Without an id there must be one only, else anybody could be tried.
    fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Option<DecodingKey> {
        let found = match id {
            Some(id) => self.0.iter().find(|k| k.id.as_deref() == Some(id))?,
            None if self.0.len() == 1 => &self.0[0],
            None => return None,
        };
        let expected = match algorithm {
            Algorithm::RS256 => KeyAlgorithm::RS256,
            Algorithm::ES256 => KeyAlgorithm::ES256,
            Algorithm::EdDSA => KeyAlgorithm::EdDSA,
            _ => return None,
        };
        let fits = found.key.family() == algorithm.family()
            && found.algorithm.is_none_or(|a| a == expected);
        fits.then(|| found.key.clone())
    }
}

/// Where the keys come from.
pub enum Source {
    File {
        watched: Arc<Watched<Keys>>,
        /// When an unknown key last made us look.
        looked: sync::Mutex<Option<Instant>>,
    },
    Url(Box<Fetched>),
}

/// Keys behind a URL.
pub struct Fetched {
    url: String,
    client: reqwest::Client,
    /// None until they were fetched for the first time. An attempt that fails leaves them.
    keys: RwLock<Option<Arc<Keys>>>,
    /// When they were asked for last; held while they are, so that one asks for all.
    asked: Mutex<Option<Instant>>,
}

/// What came of looking for a key.
pub enum Found {
    Key(DecodingKey),
    Unknown,
    /// There are no keys yet.
    Nothing,
}

impl Source {
    pub fn new(place: &str) -> Result<Source, Error> {
        if place.contains("://") {
            let fetched = Fetched::new(place).map_err(|m| content(Path::new(place), m))?;
            return Ok(Source::Url(Box::new(fetched)));
        }
        let path = Path::new(place).to_owned();
        let of = path.clone();
        let watched = Watched::open(vec![path], move |files, _| {
            Keys::parse(&files[0]).map_err(|message| content(&of, message))
        })?;
        Ok(Source::File {
            watched: Arc::new(watched),
            looked: sync::Mutex::new(None),
        })
    }

    /// The key of a token; looks for new ones when it is not there.
    pub async fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Found {
        let look = |keys: Option<Arc<Keys>>| match keys {
            None => Found::Nothing,
            Some(keys) => match keys.find(id, algorithm) {
                Some(key) => Found::Key(key),
                None => Found::Unknown,
            },
        };
        match self {
            Source::File { watched, looked } => match look(Some(watched.current())) {
                Found::Unknown => {
                    if !is_due(looked) {
                        return Found::Unknown;
                    }
                    if let Some(Err(error)) = watched.reload() {
                        tracing::warn!(%error, "the keys of the issuer can't be read");
                    }
                    look(Some(watched.current()))
                }
                found => found,
            },
            Source::Url(fetched) => match look(fetched.current()) {
                Found::Key(key) => Found::Key(key),
                _ => {
                    fetched.ask_for_unknown().await;
                    look(fetched.current())
                }
            },
        }
    }

    pub fn file(&self) -> Option<Arc<dyn Reload>> {
        match self {
            Source::File { watched, .. } => Some(watched.clone()),
            Source::Url(_) => None,
        }
    }

    /// Fetches the keys again and again; waits without end for a file.
    pub async fn refresh(&self, every: Duration, told: impl Fn(Result<(), String>)) {
        let Source::Url(fetched) = self else {
            return std::future::pending().await;
        };
        loop {
            let outcome = fetched.ask(Duration::ZERO).await.unwrap_or(Ok(()));
            let has_none = fetched.current().is_none();
            told(outcome);
            // Without any keys nobody gets in: that can't wait.
            let pause = if has_none {
                MIN_PAUSE.min(every)
            } else {
                every
            };
            tokio::time::sleep(pause).await;
        }
    }
}

/// Whether a file may be looked at again, and notes that it is.
fn is_due(looked: &sync::Mutex<Option<Instant>>) -> bool {
    let mut looked = looked.lock().unwrap_or_else(PoisonError::into_inner);
    let is_due = looked.is_none_or(|at| at.elapsed() >= MIN_PAUSE_OF_FILE);
    if is_due {
        *looked = Some(Instant::now());
    }
    is_due
}

impl Fetched {
    fn new(url: &str) -> Result<Fetched, String> {
        let parsed = url::Url::parse(url).map_err(|e| format!("expected a URL: {e}"))?;
        let is_local = match parsed.host() {
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        };
        if parsed.scheme() != "https" && !(parsed.scheme() == "http" && is_local) {
            return Err(
                "expected https, or http on this machine: whoever can change the keys gets in"
                    .into(),
            );
        }
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(FETCH_TIMEOUT)
            .build()
            .map_err(|e| e.to_string())?;
        Ok(Fetched {
            url: url.to_owned(),
            client,
            keys: RwLock::new(None),
            asked: Mutex::new(None),
        })
    }

    fn current(&self) -> Option<Arc<Keys>> {
        let keys = self.keys.read();
        keys.unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn ask_for_unknown(&self) {
        if let Some(Err(error)) = self.ask(MIN_PAUSE).await {
            tracing::warn!(error, "the keys of the issuer can't be fetched");
        }
    }

    /// Fetches the keys, unless they were asked for less than `pause` ago.
    async fn ask(&self, pause: Duration) -> Option<Result<(), String>> {
        let mut asked = self.asked.lock().await;
        if asked.is_some_and(|at| at.elapsed() < pause) {
            return None;
        }
        *asked = Some(Instant::now());
        Some(self.fetch().await.map(|keys| {
            *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(keys));
        }))
    }

    async fn fetch(&self) -> Result<Keys, String> {
        let failed = |e: reqwest::Error| e.without_url().to_string();
        let mut response = self.client.get(&self.url).send().await.map_err(failed)?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(format!("expected status 200, found {}", response.status()));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if bytes.len() + chunk.len() > MAX_BYTES {
                return Err(format!("expected at most {MAX_BYTES} bytes, found more"));
            }
            bytes.extend_from_slice(&chunk);
        }
        Keys::parse(&bytes)
    }
}
