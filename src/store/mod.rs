//! The embedded database: items, events, and the log of updates, each change of them in one transaction.
//!
//! There is one [`Writer`], owned by whoever merges; everybody else reads through a [`Snapshot`], which stays as it is
//! while the log goes on. [`Store::tail`] says how far the log is, and wakes who waits for more. `docs/store.md`
//! describes the tables.

mod error;
mod facets;
mod list;
mod open;
mod record;
mod retention;
mod snapshot;
mod tables;
#[cfg(test)]
mod tests;
mod writer;

pub use error::Error;
pub use facets::{AFTER, BEFORE, Facets, Party, Place, Revision, Voice, fold};
pub use list::{Order, Page, Query};
pub use open::{FILE_NAME, Settings, Store, Tail};
pub use retention::{Limits, Trimmed};
pub use snapshot::{LogEntry, LogRead, Snapshot, StoredItem};
pub use writer::{Group, Writer};
