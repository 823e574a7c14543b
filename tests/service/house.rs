//! A whole service for a test: a real server, a real client, a reader and a ledger that do what the text says.
//!
//! A line of a text is a report: `#port military.strike RUS>UKR Odesa claimed 0.8 : Drones hit the port`. The word after
//! `#` is the event; items that name the same one report the same event. What the engine would find in real news is
//! tested elsewhere; here it matters that what was found travels.

// Two test programs use it, neither all of it.
#![allow(dead_code)]

use jiff::Timestamp;
use sitrep::app;
use sitrep::config::Config;
use sitrep::intake::Merge;
use sitrep::lexicon::ontology::Ontology;
use sitrep::merge::LedgerChange;
use sitrep::model::{
    Actor, Change, Engine, Event, Explanation, Location, NewsItem, PlacePrecision, Point, Reading,
    Report, Span, Status, Update, Warning,
};
use sitrep::service::Reader;
use sitrep::wire::{Vocabulary, v1};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::DuplexStream;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::{Channel, Endpoint, Uri};
use v1::analysis_service_client::AnalysisServiceClient;
use v1::feed_service_client::FeedServiceClient;
use v1::intake_service_client::IntakeServiceClient;

/// A running service, reached through pipes in memory.
pub struct House {
    directory: Arc<tempfile::TempDir>,
    connect: mpsc::Sender<std::io::Result<DuplexStream>>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Result<(), app::Error>>,
    pub channel: Channel,
}

impl House {
    /// With defaults and an empty store.
    pub async fn new() -> House {
        House::with(|_| {}).await
    }

    /// With a changed configuration.
    pub async fn with(change: impl FnOnce(&mut Config)) -> House {
        let directory = Arc::new(tempfile::tempdir().unwrap());
        House::over(directory, change).await
    }

    /// Over a directory that may hold a store already.
    pub async fn over(
        directory: Arc<tempfile::TempDir>,
        change: impl FnOnce(&mut Config),
    ) -> House {
        let mut config = config(directory.path());
        change(&mut config);
        let (connect, incoming) = mpsc::channel(16);
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(app::serve(
            config,
            reader(),
            Box::<ByName>::default(),
            ReceiverStream::new(incoming),
            async { stopped.await.unwrap_or(()) },
        ));
        let channel = connected(connect.clone()).await;
        House {
            directory,
            connect,
            stop,
            server,
            channel,
        }
    }

    /// Another connection.
    pub async fn another_channel(&self) -> Channel {
        connected(self.connect.clone()).await
    }

    /// Ends the service and waits for it.
    pub async fn stop(self) -> Arc<tempfile::TempDir> {
        let House {
            directory,
            stop,
            server,
            ..
        } = self;
        stop.send(()).unwrap();
        server.await.unwrap().unwrap();
        directory
    }

    /// Where the store is.
    pub fn data(&self) -> std::path::PathBuf {
        self.directory.path().to_owned()
    }

    /// Drops the service without its end, and waits until it has gone.
    pub async fn kill(self) -> Arc<tempfile::TempDir> {
        let House {
            directory, server, ..
        } = self;
        server.abort();
        let _ = server.await;
        // Its threads end on their own, once nobody holds the other end of their channels.
        let settings = sitrep::store::Settings::default();
        for _ in 0..200 {
            match sitrep::store::Store::open(directory.path(), &settings, Timestamp::UNIX_EPOCH) {
                Err(sitrep::store::Error::Locked { .. }) => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                other => {
                    other.unwrap();
                    return directory;
                }
            }
        }
        panic!("the store is still locked after four seconds");
    }

    /// Says that the service shall end, without waiting.
    pub fn begin_stop(self) -> JoinHandle<Result<(), app::Error>> {
        self.stop.send(()).unwrap();
        self.server
    }

    /// The same service again, over the same store.
    pub async fn restart(self) -> House {
        let directory = self.stop().await;
        House::over(directory, |_| {}).await
    }

    pub fn intake(&self) -> IntakeServiceClient<Channel> {
        IntakeServiceClient::new(self.channel.clone())
    }

    pub fn feed(&self) -> FeedServiceClient<Channel> {
        FeedServiceClient::new(self.channel.clone())
    }

    pub fn analysis(&self) -> AnalysisServiceClient<Channel> {
        AnalysisServiceClient::new(self.channel.clone())
    }

    /// Submits an item that must be taken in.
    pub async fn submit(&self, id: &str, text: &str) -> v1::SubmitNewsItemResponse {
        let request = v1::SubmitNewsItemRequest {
            item: Some(item(id, text)),
        };
        self.intake()
            .submit_news_item(request)
            .await
            .unwrap()
            .into_inner()
    }

    pub async fn subscribe(&self, request: v1::SubscribeRequest) -> Subscriber {
        let stream = self.feed().subscribe(request).await.unwrap().into_inner();
        Subscriber { stream }
    }
}

/// A subscription, as a test looks at it.
pub struct Subscriber {
    stream: tonic::Streaming<v1::SubscribeResponse>,
}

/// One message in short, with its cursor.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// `CREATED port 1` for an update, `caught up` or `behind` for a progress.
    pub what: String,
    pub cursor: String,
    pub update: Option<v1::Update>,
}

impl Subscriber {
    pub async fn next(&mut self) -> Option<Result<Told, tonic::Status>> {
        let next = tokio::time::timeout(Duration::from_secs(20), self.stream.message());
        match next.await.expect("a message within 20 seconds") {
            Ok(None) => None,
            Err(status) => Some(Err(status)),
            Ok(Some(message)) => Some(Ok(told(message))),
        }
    }

    /// The next message, which must come.
    pub async fn told(&mut self) -> Told {
        self.next().await.expect("the stream goes on").unwrap()
    }

    /// What the next messages say.
    pub async fn say(&mut self, count: usize) -> Vec<String> {
        let mut found = Vec::new();
        for _ in 0..count {
            found.push(self.told().await.what);
        }
        found
    }

    /// All updates up to the end of the stream, which must be OK.
    pub async fn all(mut self) -> Vec<Told> {
        let mut found = Vec::new();
        while let Some(next) = self.next().await {
            let told = next.unwrap();
            if told.update.is_some() {
                found.push(told);
            }
        }
        found
    }

    /// The status that ends the stream.
    pub async fn end(mut self) -> tonic::Status {
        loop {
            match self.next().await {
                None => return tonic::Status::ok(""),
                Some(Err(status)) => return status,
                Some(Ok(_)) => {}
            }
        }
    }
}

fn told(message: v1::SubscribeResponse) -> Told {
    use v1::subscribe_response::Message;
    let (what, update) = match message.message.expect("every message brings something") {
        Message::Progress(v1::Progress { caught_up: true }) => ("caught up".to_owned(), None),
        Message::Progress(v1::Progress { caught_up: false }) => ("behind".to_owned(), None),
        Message::Update(update) => {
            let event = update.event.clone().expect("an update carries its event");
            let change = update.change().as_str_name().trim_start_matches("CHANGE_");
            (
                format!("{change} {} {}", event.id, event.revision),
                Some(update),
            )
        }
    };
    Told {
        what,
        cursor: message.cursor,
        update,
    }
}

/// What updates say.
pub fn whats(told: &[Told]) -> Vec<&str> {
    told.iter().map(|t| t.what.as_str()).collect()
}

/// Defaults for tests.
pub fn config(directory: &Path) -> Config {
    let mut config = Config::default();
    config.store.data = directory.to_owned();
    config.intake.workers = 2;
    config
}

async fn connected(connect: mpsc::Sender<std::io::Result<DuplexStream>>) -> Channel {
    let connector = tower::service_fn(move |_: Uri| {
        let connect = connect.clone();
        async move {
            let (ours, theirs) = tokio::io::duplex(64 << 10);
            let gone = |_| std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
            connect.send(Ok(theirs)).await.map_err(gone)?;
            Ok::<_, std::io::Error>(hyper_util::rt::TokioIo::new(ours))
        }
    });
    Endpoint::from_static("http://pipe")
        .connect_with_connector(connector)
        .await
        .unwrap()
}

/// An item of the test wire.
pub fn item(id: &str, text: &str) -> v1::NewsItem {
    v1::NewsItem {
        item_id: id.into(),
        source: "wire.example".into(),
        body: Some(v1::news_item::Body::Text(text.into())),
        published_at: Some(pbjson_types::Timestamp {
            seconds: 1_772_000_000,
            nanos: 0,
        }),
        ..Default::default()
    }
}

/// Reads texts of the test wire.
pub fn reader() -> Reader {
    let text = std::fs::read_to_string("lexicon/ontology.toml").unwrap();
    let ontology = Ontology::load(&text, "ontology.toml").unwrap();
    let types: Vec<_> = ontology.types().iter().map(|t| t.name.clone()).collect();
    let countries = ["RUS", "UKR", "POL", "USA"].map(str::to_owned);
    Reader {
        read: Arc::new(read),
        explain: Arc::new(|item| (read(item), Explanation::default())),
        stamp: Engine {
            version: "test".into(),
            ..Engine::default()
        },
        ontology: Arc::new(ontology),
        vocabulary: Arc::new(Vocabulary::new(types, countries)),
    }
}

fn read(item: &NewsItem) -> Reading {
    let text = item.body.as_str();
    assert!(!text.contains("panic"), "as the text says");
    if text.contains("slow") {
        std::thread::sleep(Duration::from_millis(200));
    }
    let warnings = match item.published_at {
        Some(_) => vec![],
        None => vec![Warning {
            reason: "PUBLISHED_AT_MISSING".into(),
            message: "none".into(),
        }],
    };
    let reports = text.lines().filter_map(|line| report(item, line)).collect();
    Reading {
        reports,
        warnings,
        language: "en".into(),
    }
}

fn report(item: &NewsItem, line: &str) -> Option<Report> {
    let (facts, evidence) = line.strip_prefix('#')?.split_once(" : ")?;
    let facts: Vec<_> = facts.split(' ').collect();
    let [event, event_type, sides, place, status, confidence] = facts.as_slice() else {
        panic!("expected six facts, found {facts:?}");
    };
    let actor = |country: &str| Actor {
        id: country.into(),
        country: country.into(),
        ..Actor::default()
    };
    let (initiator, target) = sides.split_once('>').unwrap();
    let (latitude, longitude) = match *place {
        "Odesa" => (46.48, 30.73),
        "Warsaw" => (52.23, 21.01),
        other => panic!("unknown place {other}"),
    };
    let span = |text: &str| Span {
        text: text.into(),
        start: 0,
        end: 1,
        ..Span::default()
    };
    Some(Report {
        item_id: item.item_id.clone(),
        item_version: item.version,
        source: item.source.clone(),
        published_at: item.published_at,
        evidence: span(evidence),
        trigger: span(event),
        event_type: (*event_type).into(),
        category: match event_type.starts_with("military") {
            true => sitrep::model::Category::Military,
            false => sitrep::model::Category::Diplomatic,
        },
        initiators: vec![actor(initiator)],
        targets: vec![actor(target)],
        location: Some(Location {
            name: (*place).into(),
            country: if *place == "Odesa" { "UKR" } else { "POL" }.into(),
            point: Some(Point {
                latitude,
                longitude,
            }),
            precision: PlacePrecision::City,
            ..Location::default()
        }),
        status: match *status {
            "occurred" => Status::Occurred,
            "claimed" => Status::Claimed,
            "denied" => Status::Denied,
            other => panic!("unknown status {other}"),
        },
        confidence: confidence.parse().unwrap(),
        ..Report::default()
    })
}

/// A ledger in which the word after `#` is the event; the latest report is right.
#[derive(Default)]
pub struct ByName(BTreeMap<String, Event>);

impl ByName {
    fn changed(&mut self, item: &str, reports: Vec<Report>, reason: &str) -> Vec<LedgerChange> {
        let mut changes = Vec::new();
        let mut reports: BTreeMap<String, Report> = reports
            .into_iter()
            .map(|r| (r.trigger.text.clone(), r))
            .collect();
        let held: Vec<String> = self
            .0
            .iter()
            .filter(|(_, e)| e.reports.iter().any(|r| r.item_id == item))
            .map(|(id, _)| id.clone())
            .collect();
        for id in held {
            if !reports.contains_key(&id) {
                let event = self.0.get_mut(&id).unwrap();
                event.reports.retain(|r| r.item_id != item);
                event.retracted = event.reports.is_empty();
                let change = if event.retracted {
                    Change::Retracted
                } else {
                    Change::Revised
                };
                changes.push(told_of(
                    event,
                    change,
                    item,
                    reason,
                    vec![],
                    vec![item.into()],
                ));
            }
        }
        for (id, report) in std::mem::take(&mut reports) {
            let is_new = !self.0.contains_key(&id);
            let event = self.0.entry(id.clone()).or_default();
            let is_same = event.status == report.status && event.confidence == report.confidence;
            event.id = id;
            event.category = report.category;
            event.event_type = report.event_type.clone();
            event.initiators = report.initiators.clone();
            event.targets = report.targets.clone();
            event.location = report.location.clone();
            event.status = report.status;
            event.confidence = report.confidence;
            event.retracted = false;
            event.last_reported = report.published_at.unwrap_or_default();
            event.first_reported = event.last_reported;
            event.reports.retain(|r| r.item_id != item);
            event.reports.push(report.clone());
            let change = match (is_new, is_same) {
                (true, _) => Change::Created,
                (false, true) => Change::Corroborated,
                (false, false) => Change::Revised,
            };
            changes.push(told_of(event, change, item, "", vec![report], vec![]));
        }
        changes
    }
}

fn told_of(
    event: &mut Event,
    change: Change,
    item: &str,
    reason: &str,
    reports: Vec<Report>,
    withdrawn: Vec<String>,
) -> LedgerChange {
    event.revision += 1;
    event.report_count = event.reports.len() as u32;
    event.independent_source_count = event.report_count;
    let update = Update {
        change,
        event: Event {
            reports: reports.clone(),
            ..event.clone()
        },
        changed_fields: vec![],
        merged_into: String::new(),
        reason: if change == Change::Retracted {
            reason.into()
        } else {
            String::new()
        },
        caused_by_item_id: item.into(),
        committed_at: Timestamp::UNIX_EPOCH,
    };
    LedgerChange {
        update,
        reports,
        withdrawn,
    }
}

impl Merge for ByName {
    fn wants(&self, _: &Event, _: Timestamp) -> bool {
        true
    }

    fn holds(&self, event_id: &str) -> bool {
        self.0.contains_key(event_id)
    }

    fn restore(&mut self, event: Event) {
        self.0.insert(event.id.clone(), event);
    }

    fn apply(&mut self, item: &NewsItem, reports: Vec<Report>, _: Timestamp) -> Vec<LedgerChange> {
        self.changed(&item.item_id, reports, "corrected")
    }

    fn retract(&mut self, item_id: &str, reason: &str, _: Timestamp) -> Vec<LedgerChange> {
        self.changed(item_id, vec![], reason)
    }
}
