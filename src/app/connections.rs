//! The accept loop and its connections, each bounded, and all of them ended by a deadline.
//!
//! The loop is our own because tonic's has no bound on connections, none on the bytes that hyper holds back for a slow
//! stream, and waits without end for open streams when it is told to stop.

use crate::access::{self, Identity, ServerTls, Watched};
use crate::config::Server;
use crate::service::Guarded;
use crate::telemetry::Metrics;
use crate::telemetry::metrics::Outcome;
use futures_util::{Stream, StreamExt};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Mutex, Semaphore, oneshot};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Bytes that a stream may hold back for a slow client.
const SEND_BUFFER_BYTES: usize = 64 << 10;
/// Window of a stream: how far a client may be ahead with an item.
const STREAM_WINDOW_BYTES: u32 = 256 << 10;
/// Window of a connection.
const CONNECTION_WINDOW_BYTES: u32 = 1 << 20;
const MAX_HEADER_BYTES: u32 = 16 << 10;
/// Pause after an error that may pass, such as too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What handshakes need.
#[derive(Clone)]
pub(super) struct Tls {
    /// Each handshake takes what is current; what came before keeps what it has.
    pub current: Arc<Watched<ServerTls>>,
    /// How long one may take.
    pub within: Duration,
}

/// All connections.
pub(super) struct Connections {
    /// Ends the accept loop.
    accepting: CancellationToken,
    /// Asks every connection to finish its calls and take no new ones.
    finishing: CancellationToken,
    /// Drops every connection.
    dropping: CancellationToken,
    tasks: TaskTracker,
    failed: Mutex<oneshot::Receiver<io::Error>>,
}

impl Connections {
    /// Starts the accept loop. It ends when told to, or when no more can come; an error that is not of one connection is
    /// told by [`Connections::failed`].
    pub fn accept<IO>(
        incoming: impl Stream<Item = io::Result<IO>> + Send + 'static,
        routes: Guarded,
        server: &Server,
        tls: Option<Tls>,
        metrics: Arc<Metrics>,
    ) -> Self
    where
        IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (fail, failed) = oneshot::channel();
        let connections = Connections {
            accepting: CancellationToken::new(),
            finishing: CancellationToken::new(),
            dropping: CancellationToken::new(),
            tasks: TaskTracker::new(),
            failed: Mutex::new(failed),
        };
        let serving = Serving {
            routes,
            builder: builder(server),
            tls,
            metrics,
            finishing: connections.finishing.clone(),
            dropping: connections.dropping.clone(),
        };
        let acceptor = Acceptor {
            serving,
            permits: Arc::new(Semaphore::new(server.max_connections)),
            tasks: connections.tasks.clone(),
        };
        let accepting = connections.accepting.clone();
        // Cancel: stops accepting, connections go on. Error: told through the channel, and the service ends.
        connections.tasks.spawn(async move {
            let outcome = accepting.run_until_cancelled(acceptor.run(incoming)).await;
            if let Some(Err(error)) = outcome {
                let _ = fail.send(error);
            }
        });
        connections
    }

    /// Resolves when connections can't be accepted any more.
    pub async fn failed(&self) -> io::Error {
        match (&mut *self.failed.lock().await).await {
            Ok(error) => error,
            // The loop ended because no more connections can come: those that are there are served on.
            Err(_) => std::future::pending().await,
        }
    }

    /// Accepts no more connections.
    pub fn stop_accepting(&self) {
        self.accepting.cancel();
    }

    /// Lets every connection finish its calls; at the deadline what is left is dropped.
    pub async fn finish(&self, deadline: Instant) {
        self.accepting.cancel();
        self.finishing.cancel();
        self.tasks.close();
        if timeout_at(deadline, self.tasks.wait()).await.is_err() {
            tracing::warn!(
                connections = self.tasks.len(),
                "connections did not finish in time"
            );
            self.dropping.cancel();
            self.tasks.wait().await;
        }
    }
}

impl Drop for Connections {
    fn drop(&mut self) {
        self.accepting.cancel();
        self.dropping.cancel();
    }
}

fn builder(server: &Server) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new()).http2_only();
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(server.max_streams_per_connection)
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_send_buf_size(SEND_BUFFER_BYTES)
        .max_header_list_size(MAX_HEADER_BYTES)
        .keep_alive_interval(Duration::from_secs(server.keepalive_seconds))
        .keep_alive_timeout(Duration::from_secs(server.keepalive_timeout_seconds));
    builder
}

/// What the accept loop holds.
struct Acceptor {
    serving: Serving,
    /// One a connection.
    permits: Arc<Semaphore>,
    tasks: TaskTracker,
}

impl Acceptor {
    async fn run<IO>(self, incoming: impl Stream<Item = io::Result<IO>> + Send) -> io::Result<()>
    where
        IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let mut incoming = pin!(incoming);
        loop {
            // Room first: a connection that is not accepted waits in the kernel, where it costs nothing.
            let Ok(permit) = self.permits.clone().acquire_owned().await else {
                return Ok(());
            };
            let io = match incoming.next().await {
                None => return Ok(()),
                Some(Ok(io)) => io,
                Some(Err(error)) if is_fatal(&error) => return Err(error),
                Some(Err(error)) => {
                    tracing::warn!(%error, "accepting a connection failed");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            };
            let serving = self.serving.clone();
            // Cancel: finishes its calls first, is dropped later. Error: of this client alone.
            self.tasks.spawn(async move {
                let _permit = permit;
                serving.client(io).await;
            });
        }
    }
}

/// What a connection is served with.
#[derive(Clone)]
struct Serving {
    routes: Guarded,
    builder: Builder<TokioExecutor>,
    tls: Option<Tls>,
    metrics: Arc<Metrics>,
    finishing: CancellationToken,
    dropping: CancellationToken,
}

impl Serving {
    /// Serves a client: first the handshake, where there is encryption.
    async fn client<IO>(self, io: IO)
    where
        IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        self.metrics.connections.inc();
        let _open = Open(&self.metrics);
        let Some(tls) = &self.tls else {
            return self.connection(io, Identity::default()).await;
        };
        let acceptor = TlsAcceptor::from(tls.current.current().config.clone());
        let handshake = timeout(tls.within, acceptor.accept(io));
        let shaken = tokio::select! {
            shaken = handshake => shaken,
            // Nothing was asked yet that would have to be finished.
            () = self.finishing.cancelled() => return,
            () = self.dropping.cancelled() => return,
        };
        let (outcome, stream) = match shaken {
            Ok(Ok(stream)) => ("ok", Some(stream)),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a handshake failed");
                ("failed", None)
            }
            Err(_) => ("timeout", None),
        };
        self.metrics
            .handshakes
            .get_or_create(&Outcome { outcome })
            .inc();
        if let Some(stream) = stream {
            let certificate = access::peer(stream.get_ref().1);
            self.connection(stream, certificate).await;
        }
    }

    async fn connection<IO>(&self, io: IO, certificate: Identity)
    where
        IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let service = TowerToHyperService::new(self.routes.for_client(certificate));
        let connection = self
            .builder
            .serve_connection(TokioIo::new(io), service)
            .into_owned();
        let mut connection = pin!(connection);
        let mut is_finishing = false;
        loop {
            tokio::select! {
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, "a connection ended in an error");
                    }
                    return;
                }
                () = self.finishing.cancelled(), if !is_finishing => {
                    is_finishing = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = self.dropping.cancelled() => return,
            }
        }
    }
}

/// Counts a connection until it is dropped.
struct Open<'m>(&'m Metrics);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.connections.dec();
    }
}

/// True for errors of the listener itself; others are of one connection, or pass.
fn is_fatal(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidInput, NotConnected, Unsupported};
    matches!(error.kind(), InvalidInput | NotConnected | Unsupported)
}
