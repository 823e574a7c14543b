//! Joins reports to events: the ledger.

mod actor;
mod assign;
mod block;
mod change;
mod config;
mod dispute;
mod event;
#[cfg(test)]
mod fixture;
mod ledger;
mod open;
mod place;
mod quantity;
mod score;
mod summary;
mod support;
mod text;
mod time;
mod wording;

pub use config::{Config, Weights};
pub use event::event_of;
pub use ledger::{Error, Ledger, is_open};
pub use open::closes_at;
pub use score::{Conflict, Score};

use crate::model::{Report, Update};

/// One change that the ledger made, with all that the store needs to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerChange {
    /// The record of the feed; `update.event.reports` holds those new or changed in this revision, at most 8.
    pub update: Update,
    /// Every report new or changed in this revision (an item has at most one report of an event).
    pub reports: Vec<Report>,
    /// Items whose report of this event is gone.
    pub withdrawn: Vec<String>,
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
