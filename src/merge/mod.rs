//! Joins reports to events: the ledger.

mod actor;
mod config;
mod event;
#[cfg(test)]
mod fixture;
mod place;
mod quantity;
mod summary;
mod support;
mod text;
mod time;
mod wording;

pub use config::{Config, Weights};
pub use event::event_of;

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
