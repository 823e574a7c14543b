//! Who follows the feed, and how far each is.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// All that are open. Looked through only when metrics are read.
#[derive(Clone, Default)]
pub struct Followers {
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    next: u64,
    positions: HashMap<u64, Arc<AtomicU64>>,
}

/// One subscription; it counts while this is held.
pub struct Follower {
    id: u64,
    position: Arc<AtomicU64>,
    of: Followers,
}

impl Followers {
    /// A subscription that starts after a position. It may be told later, with the first message.
    pub fn begin(&self, position: u64) -> Follower {
        let position = Arc::new(AtomicU64::new(position));
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let id = open.next;
        open.next += 1;
        open.positions.insert(id, position.clone());
        Follower {
            id,
            position,
            of: self.clone(),
        }
    }

    /// How many there are, and the lowest position among them.
    pub fn state(&self) -> (usize, Option<u64>) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let positions = open.positions.values().map(|p| p.load(Ordering::Relaxed));
        (open.positions.len(), positions.min())
    }
}

impl Follower {
    /// It was handed everything up to here.
    pub fn at(&self, position: u64) {
        self.position.store(position, Ordering::Relaxed);
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let mut open = self.of.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.positions.remove(&self.id);
    }
}
