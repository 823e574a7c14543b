//! Threads that read items, many at a time and in any order.

use super::Read;
use crate::model::{NewsItem, Reading};
use crate::store::Store;
use crate::telemetry::{Tracer, trace};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// An item to read.
pub struct Work {
    pub item: Arc<NewsItem>,
    pub hash: [u8; 32],
    pub outcome: oneshot::Sender<Outcome>,
    pub parent: trace::Parent,
}

/// What came of reading an item.
pub enum Outcome {
    Read(Reading),
    /// The very same item is stored already, so that it need not be read.
    Known,
    /// Reading it panicked.
    Panicked,
}

/// Starts so many threads. Cancel: the channel closes and each ends after the item in hand. A panic while reading
/// rejects that item.
pub fn start(
    count: usize,
    work: mpsc::Receiver<Work>,
    read: &Read,
    store: &Store,
    tracer: &Tracer,
) -> std::io::Result<Vec<JoinHandle<()>>> {
    let work = Arc::new(Mutex::new(work));
    (0..count)
        .map(|number| {
            let (work, read, store) = (work.clone(), read.clone(), store.clone());
            let tracer = tracer.clone();
            std::thread::Builder::new()
                .name(format!("reader-{number}"))
                .spawn(move || {
                    loop {
                        // Held only while waiting: whoever has it takes the next item.
                        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
                        let Ok(next) = next else { return };
                        let span = tracer.part("read", &next.parent);
                        let outcome = match is_known(&store, &next) {
                            true => Outcome::Known,
                            false => read_one(&read, &next.item),
                        };
                        drop(span);
                        // Nobody waits for it any more when the ledger has failed.
                        let _ = next.outcome.send(outcome);
                    }
                })
        })
        .collect()
}

/// Reads an item; a panic is an outcome of this item alone.
pub fn read_one(read: &Read, item: &NewsItem) -> Outcome {
    match catch_unwind(AssertUnwindSafe(|| read(item))) {
        Ok(reading) => Outcome::Read(reading),
        Err(_) => {
            tracing::error!(item_id = item.item_id, "reading an item panicked");
            Outcome::Panicked
        }
    }
}

/// A quick look before the work; whoever commits looks again. When it can't be told, the item is read.
fn is_known(store: &Store, work: &Work) -> bool {
    let look = || store.snapshot()?.item(&work.item.item_id);
    let stored = catch_unwind(AssertUnwindSafe(look));
    matches!(stored, Ok(Ok(Some(stored))) if stored.content_hash == work.hash)
}
