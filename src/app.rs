//! Builds the rooms, starts the tasks, and ends everything in order.
//!
//! Tasks: the accept loop, one task a connection (and, inside it, one a call, as hyper makes them), one that watches
//! intake's condition. Threads: the readers and the committer of [`crate::intake`], and tokio's for reads of the store.
//! The end follows the data:
//!
//! 1. health says NOT_SERVING, no connection is accepted, intake refuses;
//! 2. the queue empties: what was taken in is read, committed and answered, and the writer closes;
//! 3. subscriptions deliver up to the final position and end with UNAVAILABLE;
//! 4. connections finish their calls; what has not finished by the deadline is dropped.

mod connections;

use crate::config::{self, Config};
use crate::engine::{self, Engine};
use crate::intake::{self, Condition, Intake, Merge};
use crate::lexicon::{self, Files, sources::Sources};
use crate::merge;
use crate::service::{self, Reader};
use crate::store::{self, Limits, Store};
use crate::wire::Vocabulary;
use connections::Connections;
use futures_util::{Stream, StreamExt};
use jiff::Timestamp;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};
use tokio_stream::wrappers::TcpListenerStream;

/// Part of the time for the end that is kept for subscribers and connections, once intake is done.
const FAREWELL: Duration = Duration::from_secs(2);

/// Why the service could not start, or ended otherwise than by its signal.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Engine(#[from] engine::Error),
    #[error(transparent)]
    Lexicon(#[from] lexicon::Error),
    #[error("expected a folder with a lexicon at {path}, found: {source}")]
    Folder { path: PathBuf, source: io::Error },
    #[error("starting a thread: {0}")]
    Thread(io::Error),
    #[error("building reflection: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
    #[error("accepting connections: {0}")]
    Accept(io::Error),
}

/// Serves on `listener` with the engine and the ledger until `shutdown`.
pub async fn run(
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Error> {
    let (engine, merging) = (config.engine.clone(), config.merge.clone());
    let (reader, ledger) = blocking(move || {
        let (reader, ledger) = rooms(&engine, merging)?;
        Ok::<_, Error>((reader, Box::new(ledger) as Box<dyn Merge>))
    })
    .await?;
    let incoming = TcpListenerStream::new(listener).map(|connection| {
        let connection = connection?;
        // Small messages go out at once: who waits for an update does not wait for a full packet.
        connection.set_nodelay(true)?;
        Ok(connection)
    });
    serve(config, reader, ledger, incoming, shutdown).await
}

/// The engine, and an empty ledger that knows the same types; with another lexicon than the one in the program where a
/// folder is given.
fn rooms(
    engine: &config::Engine,
    merging: merge::Config,
) -> Result<(Reader, merge::Ledger), Error> {
    let folder = &engine.lexicon;
    let files = match folder.as_os_str().is_empty() {
        true => Files::embedded(),
        false => Files::folder(folder).map_err(|source| Error::Folder {
            path: folder.to_owned(),
            source,
        })?,
    };
    let sources = Sources::load(files.text("sources.toml")?, "sources.toml")?;
    let engine = Arc::new(Engine::with(&files, engine.profile)?);
    let ontology = engine.ontology().clone();
    let stamp = engine.stamp().clone();
    let ledger = merge::Ledger::new(merging, ontology.clone(), Arc::new(sources), stamp.clone());
    let types = ontology.types().iter().map(|t| t.name.clone());
    let countries = engine.lexicon().actors.states.iter().map(|s| s.id.clone());
    let vocabulary = Arc::new(Vocabulary::new(types, countries));
    let explaining = engine.clone();
    let reader = Reader {
        read: Arc::new(move |item| engine.read(item)),
        explain: Arc::new(move |item| explaining.explain(item)),
        stamp,
        ontology,
        vocabulary,
    };
    Ok((reader, ledger))
}

/// Serves over any connections, with any reader and ledger, until `shutdown`. `ledger` is asked for an empty ledger,
/// which then gets the stored events.
pub async fn serve<IO>(
    config: Config,
    reader: Reader,
    mut ledger: Box<dyn Merge>,
    incoming: impl Stream<Item = io::Result<IO>> + Send + 'static,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Error>
where
    IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let settings = store::Settings {
        cache_bytes: config.store.cache_mib << 20,
        keep_texts: config.store.keep_texts,
        verify: config.store.verify_on_open,
    };
    let data = config.store.data.clone();
    let (store, writer, ledger) = blocking(move || {
        let (store, writer) = Store::open(&data, &settings, Timestamp::now())?;
        let snapshot = store.snapshot()?;
        let now = snapshot.newest_time().unwrap_or_default();
        snapshot.for_each_event(|event| {
            if ledger.wants(&event, now) {
                ledger.restore(event);
            }
        })?;
        drop(snapshot);
        Ok::<_, store::Error>((store, writer, ledger))
    })
    .await?;
    let limits = Limits {
        age: Duration::from_secs(u64::from(config.store.retention_days) * 86_400),
        bytes: u64::from(config.store.retention_gib) << 30,
    };
    let intake_settings = intake::Settings {
        queue: config.intake.queue,
        queue_bytes: config.intake.queue_mib << 20,
        workers: config.intake.worker_count(),
        group: config.intake.group,
        limits,
    };
    let read = reader.read.clone();
    let (intake, running) = Intake::start(
        intake_settings,
        read,
        ledger,
        store.clone(),
        writer,
        Timestamp::now,
    )
    .map_err(Error::Thread)?;
    let service_settings = service::Settings {
        in_flight_per_stream: config.intake.in_flight_per_stream,
        analyses: config.intake.queue,
        max_subscriptions: config.feed.max_subscriptions,
        stall: Duration::from_secs(config.feed.stall_seconds),
    };
    let services = service::services(service_settings, &reader, &store, &intake)?;
    services.health.serving().await;
    let connections = Connections::accept(incoming, services.routes, &config.server);
    tracing::info!(
        log_id = store.log_id(),
        position = store.tail().borrow().position,
        "serving"
    );

    let ended = until_the_end(&connections, &intake, &services.health, shutdown).await;
    tracing::info!("shutting down");
    let deadline = Instant::now() + config.server.shutdown();
    services.health.draining().await;
    connections.stop_accepting();
    intake.close();
    join(
        running,
        deadline - FAREWELL.min(config.server.shutdown() / 4),
    )
    .await;
    services.health.clear().await;
    connections.finish(deadline).await;
    tracing::info!("ended");
    ended
}

/// Waits for the signal, or for the end of all connections that will come. A failed store is told on the way: what is
/// stored can still be read.
async fn until_the_end(
    connections: &Connections,
    intake: &Intake,
    health: &service::Health,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Error> {
    let mut condition = intake.condition();
    let told = async {
        if condition
            .wait_for(|c| *c == Condition::Failed)
            .await
            .is_ok()
        {
            health.intake_failed().await;
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = shutdown => Ok(()),
        error = connections.failed() => Err(Error::Accept(error)),
        () = told => Ok(()),
    }
}

/// Waits for intake's threads, or until the deadline. The wait has a thread of its own, which holds nobody up.
async fn join(running: intake::Running, deadline: Instant) {
    let (done, finished) = oneshot::channel();
    let waiting = std::thread::Builder::new()
        .name("farewell".into())
        .spawn(move || {
            running.join();
            let _ = done.send(());
        });
    if waiting.is_err() || timeout_at(deadline, finished).await.is_err() {
        tracing::warn!("the queue did not empty in time; what was not answered was not taken in");
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
