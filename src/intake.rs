//! Intake: the way of an item from its sender to the log.
//!
//! ```text
//! offer ─► queue (bounded by items and bytes) ─┬─► workers: read, many at a time, in any order
//!                                              └─► ledger: merge and commit, one at a time, in order of arrival
//! ```
//! Both get every item at once: the ledger's thread waits for the reading of the oldest, takes along all that are ready
//! behind it, commits them in one transaction, and only then answers their senders. It owns the ledger and the store's
//! writer, so that "is this id known?" is asked in the very transaction that stores the item.

mod committer;
mod count;
mod merge;
#[cfg(test)]
mod tests;
mod workers;

pub use merge::Merge;

use crate::model::{Answer, NewsItem, Reading};
use crate::store::{Limits, Store, Writer};
use crate::telemetry::{Telemetry, trace};
use crate::wire;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError, oneshot, watch};

/// Reads an item: the engine, as a function.
pub type Read = Arc<dyn Fn(&NewsItem) -> Reading + Send + Sync>;

/// Tells the time.
pub type Clock = fn() -> Timestamp;

/// Bounds of intake.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Items taken in and not yet answered.
    pub queue: usize,
    /// Bytes of texts among them.
    pub queue_bytes: usize,
    /// Threads that read.
    pub workers: usize,
    /// Items that share a transaction, at most.
    pub group: usize,
    pub limits: Limits,
}

/// Why an item was not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The queue is full; later there will be room.
    #[error("expected room in the queue of {bound} items, found none")]
    Full { bound: usize },
    /// The service ends; nothing more is taken in.
    #[error("the service is shutting down")]
    Draining,
    /// The store failed; nothing is taken in until a restart.
    #[error("the store cannot be written")]
    Failed,
    /// The id is taken by other content, and the version is not higher.
    #[error("expected version {expected} or higher for other content under this id, found {found}")]
    Exists {
        item_id: String,
        expected: u32,
        found: u32,
    },
    /// No such item is stored.
    #[error("expected the id of a stored item, found {item_id:?}")]
    Unknown { item_id: String },
    /// No such event is stored.
    #[error("expected the id of a stored event, found {event_id:?}")]
    UnknownEvent { event_id: String },
    /// Reading it failed, which is our fault; nothing else is touched by it.
    #[error("the item could not be read")]
    Unreadable { item_id: String },
}

/// Whether items are taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    Open,
    Draining,
    Failed,
}

/// The handle: cheap to clone, held by the service.
#[derive(Clone)]
pub struct Intake {
    shared: Arc<Shared>,
    /// What the items that come through this handle are traced under.
    parent: trace::Parent,
}

struct Shared {
    /// Both ends of the way, until intake closes; locked only to send.
    doors: Mutex<Option<Doors>>,
    items: Arc<Semaphore>,
    /// In KiB, so that its count fits.
    kibibytes: Arc<Semaphore>,
    queue: usize,
    queue_kibibytes: u32,
    condition: watch::Sender<Condition>,
    telemetry: Telemetry,
}

struct Doors {
    work: mpsc::Sender<workers::Work>,
    entries: mpsc::Sender<Entry>,
}

/// One thing to do, on its way to the ledger.
struct Entry {
    job: Job,
    reply: oneshot::Sender<Result<Answer, Error>>,
    /// Its way from here to the answer.
    span: trace::Span,
    /// Its room in the queue, given back when it is answered.
    _room: Room,
}

enum Job {
    Take {
        item: Arc<NewsItem>,
        hash: [u8; 32],
        outcome: oneshot::Receiver<workers::Outcome>,
    },
    Retract(Retraction),
}

/// What is to be withdrawn, and why.
enum Retraction {
    Item { item_id: String, reason: String },
    Event { event_id: String, reason: String },
}

struct Room {
    _item: OwnedSemaphorePermit,
    _kibibytes: OwnedSemaphorePermit,
}

/// An item that was taken into the queue; its answer comes when it is durable.
pub struct Ticket(oneshot::Receiver<Result<Answer, Error>>);

impl Ticket {
    /// Waits until the item is durable, or refused.
    pub async fn answer(self) -> Result<Answer, Error> {
        // Without an answer the ledger's thread is gone, which only a failure explains.
        self.0.await.unwrap_or(Err(Error::Failed))
    }
}

/// The threads of intake; to be joined after [`Intake::close`].
pub struct Running {
    threads: Vec<JoinHandle<()>>,
}

impl Running {
    /// Waits until everything taken in is answered and the writer is closed. Blocks.
    pub fn join(self) {
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a thread of intake panicked");
            }
        }
    }
}

impl Intake {
    /// Starts the threads. They end after [`Intake::close`], once the queue is empty; an error of the store ends the
    /// taking in, and every sender is told.
    pub fn start(
        settings: Settings,
        read: Read,
        merge: Box<dyn Merge>,
        store: Store,
        writer: Writer,
        clock: Clock,
        telemetry: Telemetry,
    ) -> std::io::Result<(Intake, Running)> {
        let (work, work_in) = mpsc::channel();
        let (entries, entries_in) = mpsc::channel();
        let (condition, _) = watch::channel(Condition::Open);
        let queue_kibibytes = u32::try_from(settings.queue_bytes / 1024).unwrap_or(u32::MAX);
        let shared = Arc::new(Shared {
            doors: Mutex::new(Some(Doors { work, entries })),
            items: Arc::new(Semaphore::new(settings.queue)),
            kibibytes: Arc::new(Semaphore::new(queue_kibibytes as usize)),
            queue: settings.queue,
            queue_kibibytes,
            condition: condition.clone(),
            telemetry: telemetry.clone(),
        });
        let tracer = &telemetry.tracer;
        let mut threads = workers::start(settings.workers, work_in, &read, &store, tracer)?;
        let committer = committer::Committer {
            merge,
            read,
            writer,
            clock,
            group: settings.group,
            limits: settings.limits,
            condition,
            telemetry,
        };
        // Cancel: the channel closes and what is in it is finished. Error: all that follow are told so.
        let thread = std::thread::Builder::new()
            .name("ledger".into())
            .spawn(move || committer.run(&entries_in))?;
        threads.push(thread);
        let intake = Intake {
            shared,
            parent: trace::Parent::default(),
        };
        Ok((intake, Running { threads }))
    }

    /// The same intake, for items that are traced under a call.
    pub fn under(&self, parent: trace::Parent) -> Intake {
        Intake {
            shared: self.shared.clone(),
            parent,
        }
    }

    /// Takes an item in at once, or says that there is no room.
    pub fn offer(&self, item: NewsItem) -> Result<Ticket, Error> {
        let room = self.shared.try_room(kibibytes(&item))?;
        self.shared.take(item, room, &self.parent)
    }

    /// Takes an item in as soon as there is room.
    pub async fn enqueue(&self, item: NewsItem) -> Result<Ticket, Error> {
        let room = self.shared.wait_for_room(kibibytes(&item)).await?;
        self.shared.take(item, room, &self.parent)
    }

    /// Withdraws an item, in its turn.
    pub fn retract(&self, item_id: String, reason: String) -> Result<Ticket, Error> {
        self.withdraw(Retraction::Item { item_id, reason })
    }

    /// Retracts an event, in its turn. The answer holds the update that retracted it, and no item id.
    pub fn retract_event(&self, event_id: String, reason: String) -> Result<Ticket, Error> {
        self.withdraw(Retraction::Event { event_id, reason })
    }

    fn withdraw(&self, retraction: Retraction) -> Result<Ticket, Error> {
        let room = self.shared.try_room(1)?;
        let (reply, answer) = oneshot::channel();
        let mut span = self.shared.telemetry.tracer.part("retract", &self.parent);
        match &retraction {
            Retraction::Item { item_id, .. } => span.set("item.id", item_id.clone()),
            Retraction::Event { event_id, .. } => span.set("event.id", event_id.clone()),
        }
        let entry = Entry {
            job: Job::Retract(retraction),
            reply,
            span,
            _room: room,
        };
        self.shared.send(entry, None)?;
        Ok(Ticket(answer))
    }

    /// Whether items are taken in; changes once at most from open.
    pub fn condition(&self) -> watch::Receiver<Condition> {
        self.shared.condition.subscribe()
    }

    /// Items taken in and not yet answered.
    pub fn waiting(&self) -> usize {
        self.shared.queue - self.shared.items.available_permits()
    }

    /// Takes nothing more in. What is in the queue is finished and answered.
    pub fn close(&self) {
        self.shared.condition.send_if_modified(|condition| {
            let was_open = *condition == Condition::Open;
            if was_open {
                *condition = Condition::Draining;
            }
            was_open
        });
        self.shared.lock().take();
        self.shared.items.close();
        self.shared.kibibytes.close();
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Doors>> {
        self.doors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn try_room(&self, kibibytes: u32) -> Result<Room, Error> {
        let refused = |e| match e {
            TryAcquireError::NoPermits => Error::Full { bound: self.queue },
            TryAcquireError::Closed => self.closed(),
        };
        Ok(Room {
            _item: self.items.clone().try_acquire_owned().map_err(refused)?,
            _kibibytes: self
                .kibibytes
                .clone()
                .try_acquire_many_owned(kibibytes.min(self.queue_kibibytes))
                .map_err(refused)?,
        })
    }

    async fn wait_for_room(&self, kibibytes: u32) -> Result<Room, Error> {
        let kibibytes = kibibytes.min(self.queue_kibibytes);
        let item = self.items.clone().acquire_owned().await;
        let bytes = self.kibibytes.clone().acquire_many_owned(kibibytes).await;
        match (item, bytes) {
            (Ok(item), Ok(bytes)) => Ok(Room {
                _item: item,
                _kibibytes: bytes,
            }),
            _ => Err(self.closed()),
        }
    }

    fn take(&self, item: NewsItem, room: Room, parent: &trace::Parent) -> Result<Ticket, Error> {
        let mut span = self.telemetry.tracer.part("item", parent);
        span.set("item.id", item.item_id.clone());
        let bytes = item.body.as_str().len() + item.title.len();
        self.telemetry.metrics.text_bytes.inc_by(bytes as u64);
        let (reply, answer) = oneshot::channel();
        let (read, outcome) = oneshot::channel();
        let hash = wire::content_hash(&item);
        let item = Arc::new(item);
        let work = workers::Work {
            item: item.clone(),
            hash,
            outcome: read,
            parent: span.as_parent(),
        };
        let entry = Entry {
            job: Job::Take {
                item,
                hash,
                outcome,
            },
            reply,
            span,
            _room: room,
        };
        self.send(entry, Some(work))?;
        Ok(Ticket(answer))
    }

    fn send(&self, entry: Entry, work: Option<workers::Work>) -> Result<(), Error> {
        if *self.condition.borrow() == Condition::Failed {
            return Err(Error::Failed);
        }
        let doors = self.lock();
        let doors = doors.as_ref().ok_or_else(|| self.closed())?;
        // Both under one lock, so that the order of arrival is the same for everybody.
        doors.entries.send(entry).map_err(|_| Error::Failed)?;
        if let Some(work) = work {
            doors.work.send(work).map_err(|_| Error::Failed)?;
        }
        Ok(())
    }

    fn closed(&self) -> Error {
        match *self.condition.borrow() {
            Condition::Failed => Error::Failed,
            Condition::Open | Condition::Draining => Error::Draining,
        }
    }
}

/// Room that an item takes up in the queue.
fn kibibytes(item: &NewsItem) -> u32 {
    let bytes = item.body.as_str().len() + item.title.len();
    u32::try_from(bytes / 1024)
        .unwrap_or(u32::MAX)
        .saturating_add(1)
}
