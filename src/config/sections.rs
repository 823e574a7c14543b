//! The sections, one a room, with their defaults.

use crate::linguistics::Profile;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;

/// `[server]`: connections and how the service ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address and port to listen on.
    pub listen: String,
    /// Connections served at a time; more wait to be accepted.
    pub max_connections: usize,
    /// Streams that a connection may have open at a time.
    pub max_streams_per_connection: u32,
    /// Seconds of silence after which a connection is asked whether it lives.
    pub keepalive_seconds: u64,
    /// Seconds that it has for its answer.
    pub keepalive_timeout_seconds: u64,
    /// Seconds that everything has to end in after the signal; what has not ended then is dropped.
    pub shutdown_seconds: u64,
    /// Whether to listen elsewhere than on loopback although nobody has to say who they are.
    pub allow_unauthenticated: bool,
    /// Whether to listen elsewhere than on loopback although news, events and tokens travel unencrypted.
    pub allow_plaintext: bool,
    /// Seconds after which the files of certificates and credentials are looked at again; SIGHUP does so at once.
    pub reload_seconds: u64,
}

/// `[store]`: the database and how much is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Store {
    /// Directory of the database; made where it is not there.
    pub data: PathBuf,
    /// Memory for pages of the database, in MiB.
    pub cache_mib: usize,
    /// Whether texts of items are kept. Ids, answers and reports are in any case.
    pub keep_texts: bool,
    /// Whether every page is checked at start, which reads the whole file.
    pub verify_on_open: bool,
    /// Days that an update is kept; an event stays while its latest update does.
    pub retention_days: u32,
    /// GiB of records that are kept; the oldest go first.
    pub retention_gib: u32,
}

/// `[intake]`: the way of an item from its sender to the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Intake {
    /// Items taken in and not yet answered; more are refused with RESOURCE_EXHAUSTED.
    pub queue: usize,
    /// MiB of texts among them.
    pub queue_mib: usize,
    /// Threads that read items; 0 for one a core.
    pub workers: usize,
    /// Items of one `StreamNewsItems` call taken in and not yet answered; the stream waits then.
    pub in_flight_per_stream: usize,
    /// Items that share a transaction, at most.
    pub group: usize,
}

/// `[feed]`: subscriptions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Feed {
    /// Subscriptions at a time; more are refused with RESOURCE_EXHAUSTED.
    pub max_subscriptions: usize,
    /// Seconds after which a subscriber that accepts nothing is ended.
    pub stall_seconds: u64,
}

/// `[engine]`: what reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Engine {
    /// Directory of another lexicon than the one in the program; empty for that one.
    pub lexicon: PathBuf,
    /// How deep to read: `fast`, `balanced` or `accurate`.
    pub profile: Profile,
}

/// `[log]`: what is told on standard error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug`, `trace`, or directives such as `sitrep=debug,info`.
    pub level: String,
}

/// Form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    Human,
    /// One JSON object a line.
    Json,
}

impl Default for Server {
    fn default() -> Self {
        Server {
            listen: "127.0.0.1:50051".into(),
            max_connections: 1024,
            max_streams_per_connection: 100,
            keepalive_seconds: 30,
            keepalive_timeout_seconds: 20,
            shutdown_seconds: 10,
            allow_unauthenticated: false,
            allow_plaintext: false,
            reload_seconds: 10,
        }
    }
}

impl Default for Store {
    fn default() -> Self {
        Store {
            data: "./sitrep-data".into(),
            cache_mib: 64,
            keep_texts: true,
            verify_on_open: true,
            retention_days: 30,
            retention_gib: 10,
        }
    }
}

impl Default for Intake {
    fn default() -> Self {
        Intake {
            queue: 256,
            queue_mib: 64,
            workers: 0,
            in_flight_per_stream: 64,
            group: 256,
        }
    }
}

impl Default for Feed {
    fn default() -> Self {
        Feed {
            max_subscriptions: 10_000,
            stall_seconds: 30,
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Log {
            format: LogFormat::Human,
            level: "info".into(),
        }
    }
}

impl Server {
    /// How long everything has to end in.
    pub fn shutdown(&self) -> Duration {
        Duration::from_secs(self.shutdown_seconds)
    }
}

impl Intake {
    /// Threads that read items, at least one.
    pub fn worker_count(&self) -> usize {
        match self.workers {
            0 => std::thread::available_parallelism().map_or(1, |n| n.get()),
            n => n,
        }
    }
}
