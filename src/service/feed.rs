//! `FeedService`: events out.

use super::status::Fault;
use super::{events, page};
use crate::feed::{self, Cursor, Delivery, Start};
use crate::model;
use crate::store::{self, Snapshot, Store};
use crate::telemetry::Metrics;
use crate::telemetry::metrics::Follower;
use crate::wire::v1::feed_service_server::FeedService;
use crate::wire::v1::subscribe_request::Start as Asked;
use crate::wire::v1::subscribe_response::Message;
use crate::wire::{self, Invalid, ListScope, Vocabulary, v1};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::{Request, Response, Status};

const HEARTBEAT: Duration = Duration::from_secs(10);
const HEARTBEATS: std::ops::RangeInclusive<Duration> =
    Duration::from_secs(1)..=Duration::from_secs(60);

/// The service.
pub struct Outlet {
    store: Store,
    vocabulary: Arc<Vocabulary>,
    engine: model::Engine,
    subscriptions: Arc<Semaphore>,
    max_subscriptions: usize,
    stall: Duration,
    metrics: Arc<Metrics>,
}

impl Outlet {
    /// Over this log, with so many subscriptions at a time, each ended when it accepts nothing for `stall`.
    pub fn new(
        store: Store,
        vocabulary: Arc<Vocabulary>,
        engine: model::Engine,
        max_subscriptions: usize,
        stall: Duration,
        metrics: Arc<Metrics>,
    ) -> Self {
        let subscriptions = Arc::new(Semaphore::new(max_subscriptions));
        Outlet {
            store,
            vocabulary,
            engine,
            subscriptions,
            max_subscriptions,
            stall,
            metrics,
        }
    }

    /// Reads a snapshot beside the tasks that serve connections.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Snapshot) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let store = self.store.clone();
        let read = move || work(&store.snapshot()?);
        // The database library panics on pages that were changed from outside.
        let outcome = tokio::task::spawn_blocking(read).await;
        outcome.unwrap_or_else(|_| Err(store::Error::Damaged.into()))
    }

    fn request(&self, message: v1::SubscribeRequest) -> Result<feed::Request, Fault> {
        let filter = wire::filter(message.filter, ListScope::Updates, &self.vocabulary)?;
        Ok(feed::Request {
            filter,
            start: self.start(message.start)?,
            max_updates: message.max_updates,
            end_when_caught_up: message.end_when_caught_up,
            heartbeat: heartbeat(message.heartbeat_interval)?,
            stall: self.stall,
        })
    }

    fn start(&self, asked: Option<Asked>) -> Result<Start, Fault> {
        Ok(match asked {
            None | Some(Asked::Earliest(false)) => Start::Live,
            Some(Asked::Earliest(true)) => Start::Earliest,
            Some(Asked::StartTime(time)) => {
                Start::At(wire::timestamp_in_range("start_time", &time)?)
            }
            Some(Asked::Cursor(text)) => {
                let cursor = Cursor::decode(&text).ok_or_else(|| {
                    let found = if text.is_empty() {
                        "none"
                    } else {
                        "something else"
                    };
                    Invalid::one(
                        "cursor",
                        format!("expected a cursor of this service, found {found}"),
                    )
                })?;
                if !cursor.is_of(self.store.log_id()) {
                    return Err(Fault::cursor_of_another_log(self.store.log_id()));
                }
                Start::After(cursor.position)
            }
        })
    }
}

#[tonic::async_trait]
impl FeedService for Outlet {
    type SubscribeStream = BoxStream<'static, Result<v1::SubscribeResponse, Status>>;

    async fn subscribe(
        &self,
        request: Request<v1::SubscribeRequest>,
    ) -> Result<Response<Self::SubscribeStream>, Status> {
        let request = self.request(request.into_inner())?;
        let full = || Fault::subscriptions_full(self.max_subscriptions);
        let permit = self
            .subscriptions
            .clone()
            .try_acquire_owned()
            .map_err(|_| full())?;
        let log_id: Arc<str> = self.store.log_id().into();
        let refused = |end| Fault::end_of_subscription(end, &log_id);
        let deliveries = feed::subscribe(self.store.clone(), request)
            .await
            .map_err(refused)?;
        let open = Open {
            log_id,
            // The first message, which comes at once, says where it really is.
            follower: self.metrics.followers.begin(u64::MAX),
            metrics: self.metrics.clone(),
            _permit: permit,
        };
        // The stream owns all that the subscription holds: when the client goes, everything goes with it.
        let responses = deliveries.map(move |delivery| open.response(delivery));
        Ok(Response::new(responses.boxed()))
    }

    async fn get_feed_info(
        &self,
        _: Request<v1::GetFeedInfoRequest>,
    ) -> Result<Response<v1::GetFeedInfoResponse>, Status> {
        let log_id = self.store.log_id().to_owned();
        let engine = wire::engine(&self.engine);
        let work = move |snapshot: &Snapshot| {
            Ok(v1::GetFeedInfoResponse {
                oldest_cursor: Cursor::new(&log_id, snapshot.oldest()).encode(),
                oldest_time: snapshot.oldest_time()?.map(wire::timestamp),
                newest_cursor: Cursor::new(&log_id, snapshot.newest()).encode(),
                newest_time: snapshot.newest_time().map(wire::timestamp),
                engine: Some(engine),
                log_id,
            })
        };
        Ok(Response::new(self.read(work).await?))
    }

    async fn list_events(
        &self,
        request: Request<v1::ListEventsRequest>,
    ) -> Result<Response<v1::ListEventsResponse>, Status> {
        let list =
            events::List::read(request.into_inner(), &self.vocabulary).map_err(Fault::from)?;
        Ok(Response::new(
            self.read(move |snapshot| list.answer(snapshot)).await?,
        ))
    }

    async fn get_event(
        &self,
        request: Request<v1::GetEventRequest>,
    ) -> Result<Response<v1::GetEventResponse>, Status> {
        let request = request.into_inner();
        if request.id.is_empty() {
            return Err(Fault::from(Invalid::one("id", "expected an event id, found none")).into());
        }
        let size = page::size(request.page_size, 100, 100).map_err(Fault::from)?;
        let work = move |snapshot: &Snapshot| events::get(snapshot, &request, size);
        Ok(Response::new(self.read(work).await?))
    }
}

/// What an open subscription holds on to.
struct Open {
    log_id: Arc<str>,
    follower: Follower,
    metrics: Arc<Metrics>,
    _permit: OwnedSemaphorePermit,
}

impl Open {
    fn response(
        &self,
        delivery: Result<Delivery, feed::End>,
    ) -> Result<v1::SubscribeResponse, Status> {
        let (position, message) = match delivery {
            Err(end) => return Err(Fault::end_of_subscription(end, &self.log_id).into()),
            Ok(Delivery::Progress {
                position,
                caught_up,
            }) => (position, Message::Progress(v1::Progress { caught_up })),
            Ok(Delivery::Update { position, update }) => {
                let update = wire::decode_update(&update).map_err(|error| {
                    tracing::error!(position, %error, "an update of the log can't be read");
                    Fault::from(store::Error::Damaged)
                })?;
                self.metrics.feed_updates.inc();
                (position, Message::Update(update))
            }
        };
        self.follower.at(position);
        let cursor = Cursor::new(&self.log_id, position).encode();
        Ok(v1::SubscribeResponse {
            cursor,
            message: Some(message),
        })
    }
}

fn heartbeat(asked: Option<pbjson_types::Duration>) -> Result<Duration, Invalid> {
    let Some(asked) = asked else {
        return Ok(HEARTBEAT);
    };
    let interval = u64::try_from(asked.seconds)
        .ok()
        .zip(
            u32::try_from(asked.nanos)
                .ok()
                .filter(|n| *n < 1_000_000_000),
        )
        .map(|(seconds, nanos)| Duration::new(seconds, nanos));
    interval.filter(|i| HEARTBEATS.contains(i)).ok_or_else(|| {
        Invalid::one(
            "heartbeat_interval",
            format!(
                "expected 1 s to 60 s, found {} s and {} ns",
                asked.seconds, asked.nanos
            ),
        )
    })
}
