//! A whole service for a test: a real server, a real client, and in between what [`scripted`] says.

// Two test programs use it, neither all of it.
#![allow(dead_code)]

#[path = "scripted.rs"]
mod scripted;

pub use scripted::{ByName, item, reader};

use jiff::Timestamp;
use sitrep::app;
use sitrep::config::Config;
use sitrep::wire::v1;
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
