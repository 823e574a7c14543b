//! One subscription: a reader of the log with a position and a filter.
//!
//! It has no task and no queue of its own. The response stream asks it for the next delivery whenever the subscriber
//! can take one; it reads a batch of the log, or waits until there is more. History and live are the same loop, so that
//! a slow reader is merely further behind.

use super::Filter;
use crate::store::{self, LogRead, Store, Tail};
use futures_util::Stream;
use futures_util::stream;
use jiff::Timestamp;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// Records read at a time.
const BATCH: usize = 256;
/// Bytes of updates after which a batch ends; with one record more, the most that a subscription holds.
const BATCH_BYTES: usize = 256 * 1024;

/// What a subscriber asked for.
#[derive(Debug, Clone)]
pub struct Request {
    pub filter: Filter,
    pub start: Start,
    /// 0 for no end.
    pub max_updates: u32,
    pub end_when_caught_up: bool,
    /// A Progress after so long without an update.
    pub heartbeat: Duration,
    /// A subscriber that accepts nothing for so long is ended.
    pub stall: Duration,
}

/// Where to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// After this position.
    After(u64),
    /// At the first update committed at or after this time.
    At(Timestamp),
    /// At the oldest update retained.
    Earliest,
    /// With the next update.
    Live,
}

/// One message of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// `sitrep.v1.Update`, encoded.
    Update { position: u64, update: bytes::Bytes },
    /// How far the reader is.
    Progress { position: u64, caught_up: bool },
}

/// Why a subscription could not start, or ended before its subscriber wanted it to.
#[derive(Debug)]
pub enum End {
    /// Retention has removed what comes next; `oldest` is the position before the oldest update retained.
    Expired { oldest: u64 },
    /// The position asked for is past the end of this log, which ends at `newest`.
    BeyondEnd { asked: u64, newest: u64 },
    /// The subscriber accepted nothing for too long; it can continue after `position`.
    Stalled { position: u64 },
    /// The service ends; all that is durable was sent, up to `position`.
    Draining { position: u64 },
    /// The log could not be read.
    Failed(store::Error),
}

impl From<store::Error> for End {
    fn from(error: store::Error) -> Self {
        End::Failed(error)
    }
}

/// Begins a subscription. Ends with `None` when the subscriber has all that it asked for.
pub async fn subscribe(
    store: Store,
    request: Request,
) -> Result<impl Stream<Item = Result<Delivery, End>> + Send + use<>, End> {
    let tail = store.tail();
    let reader = store.clone();
    let start = request.start;
    let position = blocking(move || resolve(&reader, start)).await?;
    let not_before = match start {
        Start::At(time) => time.as_microsecond(),
        _ => i64::MIN,
    };
    let subscription = Subscription {
        store,
        request,
        tail,
        not_before,
        scanned: position,
        delivered: position,
        pending: VecDeque::new(),
        updates: 0,
        has_begun: false,
        told_caught_up: false,
        is_over: false,
        silent_since: Instant::now(),
        handed_at: None,
    };
    Ok(stream::unfold(
        subscription,
        |mut subscription| async move {
            let next = subscription.next().await?;
            Some((next, subscription))
        },
    ))
}

/// The position to start after.
fn resolve(store: &Store, start: Start) -> Result<u64, End> {
    let snapshot = store.snapshot()?;
    let (oldest, newest) = (snapshot.oldest(), snapshot.newest());
    match start {
        Start::After(position) if position < oldest => Err(End::Expired { oldest }),
        Start::After(asked) if asked > newest => Err(End::BeyondEnd { asked, newest }),
        Start::After(position) => Ok(position),
        Start::At(time) => snapshot
            .position_before(time)?
            .ok_or(End::Expired { oldest }),
        Start::Earliest => Ok(oldest),
        Start::Live => Ok(newest),
    }
}

struct Subscription {
    store: Store,
    request: Request,
    tail: watch::Receiver<Tail>,
    /// Updates committed before this time are passed over: only those of a start time that lies in the future.
    not_before: i64,
    /// Everything up to here was read and what matched of it is delivered or pending.
    scanned: u64,
    /// Position of the last message that was handed out.
    delivered: u64,
    /// Updates read that match; bounded by one batch.
    pending: VecDeque<(u64, bytes::Bytes)>,
    updates: u32,
    has_begun: bool,
    told_caught_up: bool,
    is_over: bool,
    /// Since when nothing was handed out.
    silent_since: Instant,
    /// When the last message was handed out, until the next is asked for.
    handed_at: Option<Instant>,
}

impl Subscription {
    async fn next(&mut self) -> Option<Result<Delivery, End>> {
        if self.is_over {
            return None;
        }
        // The transport asks for the next message as soon as the subscriber has room for it, so the time between
        // handing one out and being asked again is the time in which it accepted nothing.
        if self
            .handed_at
            .take()
            .is_some_and(|at| at.elapsed() > self.request.stall)
        {
            self.is_over = true;
            return Some(Err(End::Stalled {
                position: self.delivered,
            }));
        }
        let next = self.find_next().await;
        match &next {
            Some(Ok(Delivery::Update { position, .. } | Delivery::Progress { position, .. })) => {
                self.delivered = *position;
                self.silent_since = Instant::now();
                self.handed_at = Some(self.silent_since);
            }
            Some(Err(_)) | None => self.is_over = true,
        }
        next
    }

    async fn find_next(&mut self) -> Option<Result<Delivery, End>> {
        if !self.has_begun {
            self.has_begun = true;
            let caught_up = self.scanned >= self.tail.borrow().position;
            return Some(Ok(self.progress(caught_up)));
        }
        loop {
            if self.request.max_updates > 0 && self.updates == self.request.max_updates {
                return None;
            }
            if let Some((position, update)) = self.pending.pop_front() {
                self.updates += 1;
                return Some(Ok(Delivery::Update { position, update }));
            }
            // The tail is looked at before the log is: what comes in between wakes the wait below.
            let tail = *self.tail.borrow_and_update();
            if self.scanned < tail.position {
                if let Err(end) = self.read().await {
                    return Some(Err(end));
                }
                let is_silent = self.silent_since.elapsed() >= self.request.heartbeat;
                if self.pending.is_empty() && is_silent && self.scanned < tail.position {
                    return Some(Ok(self.progress(false)));
                }
                continue;
            }
            if !self.told_caught_up {
                return Some(Ok(self.progress(true)));
            }
            if self.request.end_when_caught_up {
                return None;
            }
            if tail.closed {
                return Some(Err(End::Draining {
                    position: self.scanned,
                }));
            }
            let heartbeat = self.silent_since + self.request.heartbeat;
            tokio::select! {
                biased;
                changed = self.tail.changed() => {
                    // The writer says that it closes before it goes; if it went without a word, it is closed too.
                    if changed.is_err() {
                        return Some(Err(End::Draining { position: self.scanned }));
                    }
                }
                () = sleep_until(heartbeat) => return Some(Ok(self.progress(true))),
            }
            // Busy with updates that don't match: silence is by the clock all the same.
            if Instant::now() >= heartbeat {
                let caught_up = self.scanned >= self.tail.borrow().position;
                return Some(Ok(self.progress(caught_up)));
            }
        }
    }

    fn progress(&mut self, caught_up: bool) -> Delivery {
        self.told_caught_up |= caught_up;
        Delivery::Progress {
            position: self.scanned,
            caught_up,
        }
    }

    /// Reads a batch and keeps what matches.
    async fn read(&mut self) -> Result<(), End> {
        let (store, position) = (self.store.clone(), self.scanned);
        let read =
            blocking(move || Ok(store.snapshot()?.log(position, BATCH, BATCH_BYTES)?)).await?;
        let entries = match read {
            LogRead::Expired { oldest } => return Err(End::Expired { oldest }),
            LogRead::Entries(entries) => entries,
        };
        for entry in entries {
            self.scanned = entry.position;
            let matches = entry.committed_us >= self.not_before
                && self.request.filter.matches_update(
                    entry.change,
                    entry.before.as_ref(),
                    &entry.after,
                    &entry.voices,
                );
            if matches {
                self.pending.push_back((entry.position, entry.update));
            }
        }
        Ok(())
    }
}

/// Reads of the database may wait for the disk: they run beside the tasks that serve connections.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, End> + Send + 'static,
) -> Result<T, End> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        // The database library panics on pages that were changed from outside.
        Err(_) => Err(End::Failed(store::Error::Damaged)),
    }
}
