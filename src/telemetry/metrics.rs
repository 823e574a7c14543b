//! Every metric, in one place. Names and meanings are also the table in `docs/operations.md`.
//!
//! Labels are bounded: by the protocol (methods, codes, reasons), by the lexicon (types of event), or by lists here. Nothing
//! that a caller chooses becomes a label, and there is none for a caller or a subscriber.

mod feed;
mod stage;

pub use feed::{Follower, Followers};
pub use stage::Stopwatch;

use crate::engine::Stage;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry, Unit};
use std::fmt::Debug;
use std::hash::Hash;

/// What `Content-Type` the text has.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Histograms of times, one for each set of labels.
type Times<L> = Family<L, Histogram, fn() -> Histogram>;

/// Every metric.
pub struct Metrics {
    book: Book,
    build: Family<Build, Gauge>,
    pub items: Family<Outcome, Counter>,
    pub text_bytes: Counter,
    pub queue: Gauge,
    pub intake_open: Gauge,
    stages: Times<StageName>,
    pub events: Family<EventChange, Counter>,
    pub commit_seconds: Histogram,
    pub commit_items: Histogram,
    pub store_bytes: Gauge,
    pub feed_position: Gauge,
    pub feed_oldest: Gauge,
    pub feed_updates: Counter,
    subscribers: Gauge,
    slowest_lag: Gauge,
    pub followers: Followers,
    pub calls: Family<Call, Counter>,
    pub call_seconds: Times<MethodName>,
    pub open_calls: Family<MethodName, Gauge>,
    pub received_bytes: Counter,
    pub sent_bytes: Counter,
    pub rejections: Family<ReasonName, Counter>,
    pub connections: Gauge,
    pub handshakes: Family<Outcome, Counter>,
    pub certificate_until: Gauge,
    pub reloads: Family<Reloaded, Counter>,
}

/// `outcome`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Outcome {
    pub outcome: &'static str,
}

/// `stage`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StageName {
    stage: &'static str,
}

/// `type` and `change`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct EventChange {
    /// A type of the lexicon.
    pub r#type: String,
    pub change: &'static str,
}

/// `method` and `code`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Call {
    pub method: &'static str,
    pub code: &'static str,
}

/// `method`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct MethodName {
    pub method: &'static str,
}

/// `reason`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ReasonName {
    pub reason: &'static str,
}

/// `what` and `outcome`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Reloaded {
    pub what: &'static str,
    pub outcome: &'static str,
}

/// What the program is; `sitrep_build_info`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: String,
    lexicon: String,
    model: String,
}

/// 0.1 ms to 30 s.
fn seconds() -> Histogram {
    Histogram::new([
        0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0,
    ])
}

impl Default for Metrics {
    fn default() -> Self {
        Metrics::new()
    }
}

impl Metrics {
    pub fn new() -> Metrics {
        let mut book = Book::default();
        let b = &mut book;
        Metrics {
            build: b.put("build_info", "The program and what it reads with; 1"),
            items: b.put(
                "intake_items",
                "News items and withdrawals answered, by outcome",
            ),
            text_bytes: b.put("intake_text_bytes", "Bytes of titles and texts taken in"),
            queue: b.put("intake_queue_items", "Items taken in and not yet answered"),
            intake_open: b.put("intake_open", "1 while items are taken in, else 0"),
            stages: b.times("extraction_stage", "Time to read an item, by stage"),
            events: b.put(
                "events",
                "Updates committed, by type of event and kind of change",
            ),
            commit_seconds: b.time("commit", "Time to merge and commit a group of items"),
            commit_items: b.histogram(
                "commit_items",
                "Items and withdrawals that shared a commit",
                Histogram::new([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0]),
            ),
            store_bytes: b.put("store_bytes", "Bytes of records that are retained"),
            feed_position: b.put("feed_position", "Position of the newest update"),
            feed_oldest: b.put(
                "feed_oldest_position",
                "Position before the oldest update retained",
            ),
            feed_updates: b.put("feed_updates_delivered", "Updates handed to subscribers"),
            subscribers: b.put("feed_subscribers", "Subscriptions open"),
            slowest_lag: b.put(
                "feed_slowest_lag_updates",
                "Updates that the slowest subscriber is behind",
            ),
            followers: Followers::default(),
            calls: b.put("grpc_calls", "Calls ended, by method and code"),
            call_seconds: b.times("grpc_call", "Time that calls of one answer took, by method"),
            open_calls: b.put("grpc_open_calls", "Calls and streams open, by method"),
            received_bytes: b.put(
                "grpc_received_bytes",
                "Bytes of request messages, compressed where they are",
            ),
            sent_bytes: b.put(
                "grpc_sent_bytes",
                "Bytes of response messages, compressed where they are",
            ),
            rejections: b.put("rejections", "Calls and items refused, by reason"),
            connections: b.put("connections", "Connections open"),
            handshakes: b.put("tls_handshakes", "TLS handshakes, by outcome"),
            certificate_until: b.put(
                "tls_certificate_expiry_timestamp_seconds",
                "When the server's certificate ends; 0 without TLS",
            ),
            reloads: b.put(
                "reloads",
                "Certificates, credentials and keys read again, by outcome",
            ),
            book,
        }
    }

    /// Says what the program is. Once, at the start.
    pub fn built(&self, engine: &crate::model::Engine) {
        let build = Build {
            version: engine.version.clone(),
            lexicon: engine.lexicon_digest.clone(),
            model: engine.model_digest.clone(),
        };
        self.build.get_or_create(&build).set(1);
    }

    /// Every name as it is scraped, with what it means.
    pub fn names(&self) -> &[(String, &'static str)] {
        &self.book.names
    }

    /// Counts a refusal.
    pub fn refused(&self, reason: &'static str) {
        self.rejections.get_or_create(&ReasonName { reason }).inc();
    }

    /// Times the stages of one item.
    pub fn stopwatch(&self) -> Stopwatch<'_> {
        Stopwatch::start(self)
    }

    fn stage(&self, stage: Stage, seconds: f64) {
        let stage = stage.name();
        self.stages
            .get_or_create(&StageName { stage })
            .observe(seconds);
    }

    /// How many follow the feed, and by how many updates the slowest is behind the end of the log.
    pub fn feed(&self, newest: u64) -> (usize, u64) {
        let (count, slowest) = self.followers.state();
        (count, slowest.map_or(0, |s| newest.saturating_sub(s)))
    }

    /// All of it, for a scrape.
    pub fn text(&self, newest: u64) -> String {
        let (count, lag) = self.feed(newest);
        self.feed_position.set(as_gauge(newest));
        self.subscribers.set(as_gauge(count as u64));
        self.slowest_lag.set(as_gauge(lag));
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = text::encode(&mut text, &self.book.registry);
        text
    }
}

/// As far as a gauge goes.
pub fn as_gauge(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// The registry, and the names in it as they are scraped.
struct Book {
    registry: Registry,
    names: Vec<(String, &'static str)>,
}

impl Default for Book {
    fn default() -> Self {
        Book {
            registry: Registry::with_prefix("sitrep"),
            names: Vec::new(),
        }
    }
}

impl Book {
    fn put<M>(&mut self, name: &'static str, help: &'static str) -> M
    where
        M: Metric + Clone + Default,
    {
        let metric = M::default();
        let suffix = match metric.metric_type() {
            MetricType::Counter => "_total",
            _ => "",
        };
        self.names.push((format!("sitrep_{name}{suffix}"), help));
        self.registry.register(name, help, metric.clone());
        metric
    }

    fn histogram(
        &mut self,
        name: &'static str,
        help: &'static str,
        metric: Histogram,
    ) -> Histogram {
        self.names.push((format!("sitrep_{name}"), help));
        self.registry.register(name, help, metric.clone());
        metric
    }

    fn time(&mut self, name: &'static str, help: &'static str) -> Histogram {
        let metric = seconds();
        self.put_seconds(name, help, metric.clone());
        metric
    }

    fn times<L>(&mut self, name: &'static str, help: &'static str) -> Times<L>
    where
        L: EncodeLabelSet + Clone + Hash + Eq + Send + Sync + Debug + 'static,
    {
        let metric = Family::new_with_constructor(seconds as fn() -> Histogram);
        self.put_seconds(name, help, metric.clone());
        metric
    }

    fn put_seconds(&mut self, name: &'static str, help: &'static str, metric: impl Metric) {
        self.names.push((format!("sitrep_{name}_seconds"), help));
        self.registry
            .register_with_unit(name, help, Unit::Seconds, metric);
    }
}
