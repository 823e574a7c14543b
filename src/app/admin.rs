//! The admin port: metrics, and a page that says how the service is.
//!
//! Plain HTTP, for machines beside this one. `/livez` and `/readyz` answer everybody and say yes or no; the rest needs scope
//! `admin` once callers have to say who they are.

use crate::access::{Access, Identity, Scope};
use crate::intake::{Condition, Intake};
use crate::model;
use crate::store::Store;
use crate::telemetry::Metrics;
use crate::telemetry::metrics::{CONTENT_TYPE, as_gauge};
use axum::Router;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE as CONTENT, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use jiff::Timestamp;
use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

const MAX_CONNECTIONS: usize = 32;
const HEADER_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection is closed after so long: a scrape takes milliseconds.
const CONNECTION_TIME: Duration = Duration::from_secs(120);
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What the pages are made of.
pub(super) struct Pages {
    pub access: Arc<Access>,
    pub metrics: Arc<Metrics>,
    pub store: Store,
    pub intake: Intake,
    pub engine: model::Engine,
    pub started: Timestamp,
    /// Set when the end begins.
    pub draining: AtomicBool,
}

/// How the service is.
#[derive(Serialize)]
struct Health {
    status: &'static str,
    intake: &'static str,
    items_waiting: usize,
    log_id: String,
    newest_position: u64,
    oldest_position: Option<u64>,
    subscribers: usize,
    slowest_subscriber_behind: u64,
    certificate_until: Option<String>,
    started: String,
    version: String,
    lexicon_digest: String,
    model_digest: String,
}

/// Serves the pages until it is dropped. Cancel: open answers are cut, which a scrape bears. Error: of one connection alone.
pub(super) async fn serve(listener: TcpListener, pages: Arc<Pages>) {
    let router = Router::new()
        .route("/livez", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .route("/health", get(health))
        .route("/metrics", get(metrics))
        .with_state(pages);
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = tokio::task::JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok(permit) = permits.clone().acquire_owned().await else {
            return;
        };
        let io = match listener.accept().await {
            Ok((io, _)) => io,
            Err(error) => {
                tracing::warn!(%error, "accepting a connection of the admin port failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let service = TowerToHyperService::new(router.clone());
        connections.spawn(async move {
            let _permit = permit;
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEADER_TIMEOUT)
                .serve_connection(TokioIo::new(io), service);
            let _ = tokio::time::timeout(CONNECTION_TIME, connection).await;
        });
    }
}

impl Pages {
    async fn admit(&self, headers: &HeaderMap) -> Result<(), StatusCode> {
        let value = headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok());
        let token = value.and_then(|v| v.split_once(' ')).map(|(_, t)| t.trim());
        let now = Timestamp::now();
        let known = self
            .access
            .recognise(token, &Identity::default(), now)
            .await;
        let caller = known.map_err(|_| StatusCode::UNAUTHORIZED)?;
        match caller.scopes.has(Scope::Admin) {
            true => Ok(()),
            false => Err(StatusCode::FORBIDDEN),
        }
    }

    fn is_ready(&self) -> bool {
        *self.intake.condition().borrow() == Condition::Open
            && !self.draining.load(Ordering::Relaxed)
    }

    fn newest(&self) -> u64 {
        self.store.tail().borrow().position
    }

    /// The log's beginning, unless the store can't be read.
    async fn oldest(&self) -> Option<u64> {
        let store = self.store.clone();
        let look = move || store.snapshot().ok().map(|s| s.oldest());
        tokio::task::spawn_blocking(look).await.ok().flatten()
    }
}

fn refused(code: StatusCode) -> Response {
    match code {
        StatusCode::UNAUTHORIZED => {
            (code, [(WWW_AUTHENTICATE, "Bearer")], "expected a token\n").into_response()
        }
        code => (code, "expected a token with scope admin\n").into_response(),
    }
}

async fn ready(State(pages): State<Arc<Pages>>) -> (StatusCode, &'static str) {
    match pages.is_ready() {
        true => (StatusCode::OK, "ready\n"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n"),
    }
}

async fn health(State(pages): State<Arc<Pages>>, headers: HeaderMap) -> Response {
    if let Err(code) = pages.admit(&headers).await {
        return refused(code);
    }
    let newest = pages.newest();
    let (subscribers, behind) = pages.metrics.feed(newest);
    let until = pages.metrics.certificate_until.get();
    let is_ready = pages.is_ready();
    let condition = *pages.intake.condition().borrow();
    let intake = match condition {
        Condition::Open => "open",
        Condition::Draining => "draining",
        Condition::Failed => "failed",
    };
    let health = Health {
        status: if is_ready { "serving" } else { "not serving" },
        intake,
        items_waiting: pages.intake.waiting(),
        log_id: pages.store.log_id().to_owned(),
        newest_position: newest,
        oldest_position: pages.oldest().await,
        subscribers,
        slowest_subscriber_behind: behind,
        certificate_until: Timestamp::from_second(until)
            .ok()
            .filter(|_| until > 0)
            .map(|t| t.to_string()),
        started: pages.started.to_string(),
        version: pages.engine.version.clone(),
        lexicon_digest: pages.engine.lexicon_digest.clone(),
        model_digest: pages.engine.model_digest.clone(),
    };
    let code = if is_ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let text = serde_json::to_string_pretty(&health).unwrap_or_default() + "\n";
    let about = [(CONTENT, "application/json"), (CACHE_CONTROL, "no-store")];
    (code, about, text).into_response()
}

async fn metrics(State(pages): State<Arc<Pages>>, headers: HeaderMap) -> Response {
    if let Err(code) = pages.admit(&headers).await {
        return refused(code);
    }
    let metrics = &pages.metrics;
    metrics.queue.set(as_gauge(pages.intake.waiting() as u64));
    let is_open = *pages.intake.condition().borrow() == Condition::Open;
    metrics.intake_open.set(i64::from(is_open));
    if let Some(oldest) = pages.oldest().await {
        metrics.feed_oldest.set(as_gauge(oldest));
    }
    let text = metrics.text(pages.newest());
    ([(CONTENT, CONTENT_TYPE), (CACHE_CONTROL, "no-store")], text).into_response()
}
