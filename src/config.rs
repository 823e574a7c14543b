//! Configuration: a TOML file, then the environment, then flags; each later one wins. One section a room.
//!
//! Every key has a default, so that an empty file is a whole configuration. Unknown keys are refused with their line.
//! The variable of a key is `SITREP_`, its section, `_`, its name, in upper case: `SITREP_STORE_RETENTION_DAYS=7`.

mod access;
mod sections;

pub use access::{Admin, Auth, Jwt, Quota, Tls, Trace};
pub use sections::{Engine, Feed, Intake, Log, LogFormat, Server, Store};

use crate::linguistics::Profile;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The whole configuration.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub server: Server,
    pub tls: Tls,
    pub auth: Auth,
    pub jwt: Jwt,
    pub quota: Quota,
    pub admin: Admin,
    pub store: Store,
    pub intake: Intake,
    pub feed: Feed,
    pub engine: Engine,
    /// `[merge]`: how reports are joined to events, see [`crate::merge::Config`].
    pub merge: crate::merge::Config,
    pub log: Log,
    pub trace: Trace,
}

/// Flags of `serve`, each left out unless given.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Flags {
    /// Configuration file (TOML)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address and port to listen on [default: 127.0.0.1:50051]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// Listen elsewhere than on loopback although nobody has to say who they are
    #[arg(long)]
    pub allow_unauthenticated: bool,
    /// Listen elsewhere than on loopback although news, events and tokens travel unencrypted
    #[arg(long)]
    pub allow_plaintext: bool,
    /// Directory of the database [default: ./sitrep-data]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Directory of another lexicon than the one in the program
    #[arg(long, value_name = "DIR")]
    pub lexicon: Option<PathBuf>,
    /// How deep to read: fast, balanced or accurate [default: balanced]
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<Profile>,
    /// Form of the log on standard error [default: human]
    #[arg(long, value_name = "FORM")]
    pub log_format: Option<LogFormat>,
    /// What to log: error, warn, info, debug, trace or directives [default: info]
    #[arg(long, value_name = "LEVEL")]
    pub log_level: Option<String>,
}

/// A configuration that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file can't be read.
    #[error("{path}: {source}")]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
    /// The file is not a configuration; the message names line and key.
    #[error("{path}: {message}")]
    Content { path: PathBuf, message: String },
    /// A variable is not a value of its key.
    #[error("{variable}: {message}")]
    Variable { variable: String, message: String },
    /// A value is out of its bounds.
    #[error("{key}: expected {expected}, found {found}")]
    Bounds {
        key: &'static str,
        expected: &'static str,
        found: String,
    },
}

impl Config {
    /// File (where flags name one), environment, flags.
    pub fn load(
        flags: &Flags,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Config, Error> {
        let mut config = match &flags.config {
            Some(path) => Config::read(path)?,
            None => Config::default(),
        };
        for (variable, value) in environment {
            config = config.with_variable(&variable, &value)?;
        }
        config.apply(flags);
        config.check()?;
        Ok(config)
    }

    fn read(path: &Path) -> Result<Config, Error> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::File {
            path: path.to_owned(),
            source,
        })?;
        toml::from_str(&text).map_err(|e| Error::Content {
            path: path.to_owned(),
            message: e.to_string().trim_end().to_owned(),
        })
    }

    /// Sets the key that a variable names. Variables of no section of ours are somebody else's.
    fn with_variable(self, variable: &str, value: &str) -> Result<Config, Error> {
        let Some((section, key)) = variable
            .strip_prefix("SITREP_")
            .map(str::to_lowercase)
            .and_then(|name| {
                name.split_once('_')
                    .map(|(s, k)| (s.to_owned(), k.to_owned()))
            })
        else {
            return Ok(self);
        };
        let refused = |message: String| Error::Variable {
            variable: variable.into(),
            message,
        };
        let mut table = toml::Table::try_from(&self).map_err(|e| refused(e.to_string()))?;
        let Some(keys) = table.get_mut(&section).and_then(|s| s.as_table_mut()) else {
            return Ok(self);
        };
        let Some(present) = keys.get_mut(&key) else {
            let known: Vec<_> = keys.keys().map(String::as_str).collect();
            return Err(refused(format!(
                "expected a key of [{section}] ({}), found {key}",
                known.join(", ")
            )));
        };
        *present = match present {
            toml::Value::String(_) => toml::Value::String(value.into()),
            _ => value.parse().map_err(|_| {
                refused(format!(
                    "expected a {}, found {value:?}",
                    present.type_str()
                ))
            })?,
        };
        table
            .try_into()
            .map_err(|e| refused(e.to_string().trim_end().to_owned()))
    }

    fn apply(&mut self, flags: &Flags) {
        let Flags {
            config: _,
            listen,
            allow_unauthenticated,
            allow_plaintext,
            data,
            lexicon,
            profile,
            log_format,
            log_level,
        } = flags.clone();
        set(&mut self.server.listen, listen);
        self.server.allow_unauthenticated |= allow_unauthenticated;
        self.server.allow_plaintext |= allow_plaintext;
        set(&mut self.store.data, data);
        set(&mut self.engine.lexicon, lexicon);
        set(&mut self.engine.profile, profile);
        set(&mut self.log.format, log_format);
        set(&mut self.log.level, log_level);
    }

    fn check(&self) -> Result<(), Error> {
        let bounds = |key, expected, is_met: bool, found: &dyn std::fmt::Display| match is_met {
            true => Ok(()),
            false => Err(Error::Bounds {
                key,
                expected,
                found: found.to_string(),
            }),
        };
        let (server, store, intake, feed) = (&self.server, &self.store, &self.intake, &self.feed);
        let n = server.max_connections;
        bounds(
            "server.max_connections",
            "1 to 100,000",
            (1..=100_000).contains(&n),
            &n,
        )?;
        let n = server.max_streams_per_connection;
        bounds(
            "server.max_streams_per_connection",
            "1 to 10,000",
            (1..=10_000).contains(&n),
            &n,
        )?;
        let n = server.keepalive_seconds;
        bounds(
            "server.keepalive_seconds",
            "1 to 3,600",
            (1..=3_600).contains(&n),
            &n,
        )?;
        let n = server.keepalive_timeout_seconds;
        bounds(
            "server.keepalive_timeout_seconds",
            "1 to 3,600",
            (1..=3_600).contains(&n),
            &n,
        )?;
        let n = server.shutdown_seconds;
        bounds(
            "server.shutdown_seconds",
            "1 to 600",
            (1..=600).contains(&n),
            &n,
        )?;
        let n = server.reload_seconds;
        bounds(
            "server.reload_seconds",
            "1 to 3,600",
            (1..=3_600).contains(&n),
            &n,
        )?;
        let n = self.tls.handshake_seconds;
        bounds(
            "tls.handshake_seconds",
            "1 to 300",
            (1..=300).contains(&n),
            &n,
        )?;
        let n = self.jwt.leeway_seconds;
        bounds("jwt.leeway_seconds", "0 to 300", n <= 300, &n)?;
        let n = self.jwt.refresh_seconds;
        bounds(
            "jwt.refresh_seconds",
            "10 to 86,400",
            (10..=86_400).contains(&n),
            &n,
        )?;
        let n = self.trace.sample;
        bounds("trace.sample", "0 to 1", (0.0..=1.0).contains(&n), &n)?;
        for (key, expected) in self
            .tls
            .contradiction()
            .into_iter()
            .chain(self.jwt.contradiction())
        {
            bounds(key, expected, false, &"something else")?;
        }
        let n = store.cache_mib;
        bounds(
            "store.cache_mib",
            "1 to 1,048,576",
            (1..=1 << 20).contains(&n),
            &n,
        )?;
        let n = store.retention_days;
        bounds(
            "store.retention_days",
            "1 to 36,500",
            (1..=36_500).contains(&n),
            &n,
        )?;
        let n = store.retention_gib;
        bounds(
            "store.retention_gib",
            "1 to 1,048,576",
            (1..=1 << 20).contains(&n),
            &n,
        )?;
        let n = intake.queue;
        bounds(
            "intake.queue",
            "1 to 100,000",
            (1..=100_000).contains(&n),
            &n,
        )?;
        let n = intake.queue_mib;
        bounds(
            "intake.queue_mib",
            "4 to 65,536",
            (4..=65_536).contains(&n),
            &n,
        )?;
        let n = intake.workers;
        bounds("intake.workers", "0 to 1,024", n <= 1024, &n)?;
        let n = intake.in_flight_per_stream;
        bounds(
            "intake.in_flight_per_stream",
            "1 to 10,000",
            (1..=10_000).contains(&n),
            &n,
        )?;
        let n = intake.group;
        bounds("intake.group", "1 to 10,000", (1..=10_000).contains(&n), &n)?;
        let n = feed.max_subscriptions;
        bounds(
            "feed.max_subscriptions",
            "1 to 1,000,000",
            (1..=1_000_000).contains(&n),
            &n,
        )?;
        let n = feed.stall_seconds;
        bounds(
            "feed.stall_seconds",
            "1 to 3,600",
            (1..=3_600).contains(&n),
            &n,
        )
    }
}

fn set<T>(value: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *value = given;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> (tempfile::TempDir, Flags) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("sitrep.toml");
        std::fs::write(&path, text).unwrap();
        (
            directory,
            Flags {
                config: Some(path),
                ..Flags::default()
            },
        )
    }

    fn variables(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn flags_win_over_the_environment_and_that_over_the_file() {
        let (_directory, mut flags) = file(
            "[server]\nlisten = \"file:1\"\n[store]\nretention_days = 3\nkeep_texts = false\ndata = \"f\"\n",
        );
        flags.data = Some("flag".into());
        let environment = variables(&[
            ("SITREP_SERVER_LISTEN", "env:2"),
            ("SITREP_STORE_DATA", "env"),
            ("SITREP_STORE_RETENTION_DAYS", "7"),
            ("SITREP_LOG_FORMAT", "json"),
            ("SITREP_SERVER", "somebody else's"),
            ("PATH", "/bin"),
        ]);
        let config = Config::load(&flags, environment).unwrap();
        assert_eq!(config.server.listen, "env:2");
        assert_eq!(config.store.data, PathBuf::from("flag"));
        assert_eq!(config.store.retention_days, 7);
        assert!(!config.store.keep_texts);
        assert_eq!(config.log.format, LogFormat::Json);
        assert_eq!(config.intake, Intake::default());
    }

    #[test]
    fn unknown_keys_are_refused_with_their_line() {
        let (_directory, flags) = file("[store]\ndata = \"x\"\nretention = 3\n");
        let message = Config::load(&flags, []).unwrap_err().to_string();
        assert!(
            message.contains("line 3") && message.contains("retention"),
            "{message}"
        );
    }

    #[test]
    fn variables_are_refused_by_name() {
        for (variable, value, expected) in [
            ("SITREP_STORE_RETENTION", "3", "retention_days"),
            ("SITREP_STORE_RETENTION_DAYS", "many", "integer"),
            ("SITREP_STORE_RETENTION_DAYS", "-1", "invalid"),
            ("SITREP_LOG_FORMAT", "xml", "xml"),
        ] {
            let environment = variables(&[(variable, value)]);
            let message = Config::load(&Flags::default(), environment)
                .unwrap_err()
                .to_string();
            assert!(message.contains(variable), "{message}");
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn values_out_of_bounds_are_refused_by_key() {
        let (_directory, flags) = file("[intake]\nqueue = 0\n");
        let message = Config::load(&flags, []).unwrap_err().to_string();
        assert_eq!(message, "intake.queue: expected 1 to 100,000, found 0");
    }
}
