//! Joins reports to events: the ledger.

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
