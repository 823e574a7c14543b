//! Builds the rooms, starts the tasks, and ends everything in order.
//!
//! Tasks: the accept loop, one task a connection (and, inside it, one a call, as hyper makes them), one that watches
//! intake's condition, the admin port, and the rounds that look at certificates and credentials. Threads: the readers and the committer of [`crate::intake`], and tokio's for reads of the store.
//! The end follows the data:
//!
//! 1. health says NOT_SERVING, no connection is accepted, intake refuses;
//! 2. the queue empties: what was taken in is read, committed and answered, and the writer closes;
//! 3. subscriptions deliver up to the final position and end with UNAVAILABLE;
//! 4. connections finish their calls; what has not finished by the deadline is dropped.

mod admin;
mod connections;
mod reload;

use crate::access::{self, Access, Quotas, ServerTls};
use crate::config::{self, Config};
use crate::engine::{self, Engine};
use crate::intake::{self, Condition, Intake, Merge};
use crate::lexicon::{self, Files, sources::Sources};
use crate::merge;
use crate::service::{self, Guard, Reader};
use crate::store::{self, Limits, Store};
use crate::telemetry::{Metrics, Telemetry, Tracer};
use crate::wire::Vocabulary;
use connections::{Connections, Tls};
use futures_util::{Stream, StreamExt};
use jiff::Timestamp;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Notify, oneshot};
use tokio::time::{Instant, timeout_at};
use tokio_stream::wrappers::TcpListenerStream;
use tokio_util::task::AbortOnDropHandle;

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
    #[error(transparent)]
    Access(#[from] access::Error),
    #[error(transparent)]
    Exposed(#[from] access::Exposed),
    #[error("the address of the service: {0}")]
    Address(io::Error),
    #[error("admin.listen: expected an address to listen on, found {address:?}: {source}")]
    Admin { address: String, source: io::Error },
    #[error(
        "admin.listen: expected an address on loopback, found {0}: the port speaks plain HTTP; set admin.allow_remote to allow it"
    )]
    AdminExposed(std::net::SocketAddr),
    #[error("{0}")]
    Trace(String),
}

/// What stands beside the service; by default what the configuration says.
#[derive(Default)]
pub struct Beside {
    /// Where the admin port listens, in place of the address in the configuration.
    pub admin: Option<TcpListener>,
    /// Certificates and credentials are read again at once when this is notified.
    pub reload: Arc<Notify>,
    /// Where the work is counted.
    pub metrics: Arc<Metrics>,
}

/// Serves on `listener` with the engine and the ledger until `shutdown`.
pub async fn run(
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Error> {
    run_beside(config, listener, Beside::default(), shutdown).await
}

/// As [`run`], with what stands beside the service given.
pub async fn run_beside(
    config: Config,
    listener: TcpListener,
    beside: Beside,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Error> {
    let address = listener.local_addr().map_err(Error::Address)?;
    check_exposure(&config, address)?;
    let (engine, merging) = (config.engine.clone(), config.merge.clone());
    let metrics = beside.metrics.clone();
    let (reader, ledger) = blocking(move || {
        let (reader, ledger) = rooms(&engine, merging, metrics)?;
        Ok::<_, Error>((reader, Box::new(ledger) as Box<dyn Merge>))
    })
    .await?;
    let incoming = TcpListenerStream::new(listener).map(|connection| {
        let connection = connection?;
        // Small messages go out at once: who waits for an update does not wait for a full packet.
        connection.set_nodelay(true)?;
        Ok(connection)
    });
    serve_beside(config, reader, ledger, incoming, beside, shutdown).await
}

/// Checks that the service may listen on an address, before anything is bound or served.
pub fn check_exposure(config: &Config, address: std::net::SocketAddr) -> Result<(), Error> {
    let is_authenticated = config.auth.has_file() || config.jwt.is_on();
    let is_encrypted = config.tls.is_on();
    let server = &config.server;
    Ok(access::check_exposure(
        address.ip(),
        server,
        is_authenticated,
        is_encrypted,
    )?)
}

/// The engine, and an empty ledger that knows the same types; with another lexicon than the one in the program where a
/// folder is given.
fn rooms(
    engine: &config::Engine,
    merging: merge::Config,
    metrics: Arc<Metrics>,
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
        read: Arc::new(move |item| {
            let mut stopwatch = metrics.stopwatch();
            engine.read_in_stages(item, &mut |stage| stopwatch.over(stage))
        }),
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
    ledger: Box<dyn Merge>,
    incoming: impl Stream<Item = io::Result<IO>> + Send + 'static,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Error>
where
    IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    serve_beside(
        config,
        reader,
        ledger,
        incoming,
        Beside::default(),
        shutdown,
    )
    .await
}

/// As [`serve`], with what stands beside the service given.
pub async fn serve_beside<IO>(
    config: Config,
    reader: Reader,
    mut ledger: Box<dyn Merge>,
    incoming: impl Stream<Item = io::Result<IO>> + Send + 'static,
    beside: Beside,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Error>
where
    IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Entrance {
        access,
        tls,
        quotas,
        admin,
        telemetry,
    } = Entrance::open(&config, beside.admin, beside.metrics).await?;
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
        telemetry.clone(),
    )
    .map_err(Error::Thread)?;
    let service_settings = service::Settings {
        in_flight_per_stream: config.intake.in_flight_per_stream,
        analyses: config.intake.queue,
        max_subscriptions: config.feed.max_subscriptions,
        stall: Duration::from_secs(config.feed.stall_seconds),
    };
    let guard = Guard::new(
        access.clone(),
        quotas.clone(),
        config.auth.open_health,
        telemetry.clone(),
    );
    let services = service::services(
        service_settings,
        &reader,
        &store,
        &intake,
        guard,
        &telemetry,
    )?;
    telemetry.metrics.built(&reader.stamp);
    let rounds = reload::Rounds {
        access: access.clone(),
        tls: tls.clone(),
        quotas,
        metrics: telemetry.metrics.clone(),
        every: Duration::from_secs(config.server.reload_seconds),
        now: beside.reload,
    };
    rounds.note_certificate();
    let pages = Arc::new(admin::Pages {
        access,
        metrics: telemetry.metrics.clone(),
        store: store.clone(),
        intake: intake.clone(),
        engine: reader.stamp.clone(),
        started: Timestamp::now(),
        draining: AtomicBool::new(false),
    });
    // Both go on until everything else has ended, and are dropped then.
    let _rounds = AbortOnDropHandle::new(tokio::spawn(rounds.run()));
    let _admin = admin.map(|listener| {
        AbortOnDropHandle::new(tokio::spawn(admin::serve(listener, pages.clone())))
    });
    services.health.serving().await;
    let tls = tls.map(|current| Tls {
        current,
        within: Duration::from_secs(config.tls.handshake_seconds),
    });
    let connections = Connections::accept(
        incoming,
        services.routes,
        &config.server,
        tls,
        telemetry.metrics.clone(),
    );
    tracing::info!(
        log_id = store.log_id(),
        position = store.tail().borrow().position,
        "serving"
    );

    let ended = until_the_end(&connections, &intake, &services.health, shutdown).await;
    tracing::info!("shutting down");
    let deadline = Instant::now() + config.server.shutdown();
    pages.draining.store(true, Ordering::Relaxed);
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
    let tracer = telemetry.tracer.clone();
    blocking(move || tracer.finish(FAREWELL)).await;
    tracing::info!("ended");
    ended
}

/// Who gets in and what is told of it, as configured.
struct Entrance {
    access: Arc<Access>,
    tls: Option<Arc<access::Watched<ServerTls>>>,
    quotas: Quotas,
    admin: Option<TcpListener>,
    telemetry: Telemetry,
}

impl Entrance {
    async fn open(
        config: &Config,
        admin: Option<TcpListener>,
        metrics: Arc<Metrics>,
    ) -> Result<Entrance, Error> {
        let (auth, jwt, tls) = (config.auth.clone(), config.jwt.clone(), config.tls.clone());
        let (access, tls) = blocking(move || {
            let tls = match tls.is_on() {
                true => Some(Arc::new(ServerTls::watched(&tls)?)),
                false => None,
            };
            Ok::<_, access::Error>((Arc::new(Access::new(&auth, &jwt)?), tls))
        })
        .await?;
        let admin = match admin {
            None if config.admin.listen.is_empty() => None,
            Some(listener) => Some(listener),
            None => Some(admin_listener(&config.admin).await?),
        };
        let tracer = Tracer::new(&config.trace).map_err(Error::Trace)?;
        Ok(Entrance {
            access,
            tls,
            quotas: Quotas::new(&config.quota),
            admin,
            telemetry: Telemetry { metrics, tracer },
        })
    }
}

async fn admin_listener(admin: &config::Admin) -> Result<TcpListener, Error> {
    let failed = |source| Error::Admin {
        address: admin.listen.clone(),
        source,
    };
    let addresses = tokio::net::lookup_host(&admin.listen)
        .await
        .map_err(failed)?;
    let addresses: Vec<_> = addresses.collect();
    let remote = addresses
        .iter()
        .find(|a| !a.ip().to_canonical().is_loopback());
    match remote {
        Some(address) if !admin.allow_remote => Err(Error::AdminExposed(*address)),
        _ => TcpListener::bind(&addresses[..]).await.map_err(failed),
    }
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
