//! The records of the feed.

use super::Event;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What changed, with the event as of that revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Update {
    pub change: Change,
    /// `reports` holds those new or changed in this revision, at most 8.
    pub event: Event,
    /// In field order.
    pub changed_fields: Vec<String>,
    /// Id of the survivor, for `Merged`.
    pub merged_into: String,
    /// Why, for `Retracted`.
    pub reason: String,
    pub caused_by_item_id: String,
    pub committed_at: Timestamp,
}

/// What happened to an event in an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Change {
    Created,
    Corroborated,
    Revised,
    Merged,
    Retracted,
}

impl Change {
    /// In lower case.
    pub fn name(self) -> &'static str {
        match self {
            Change::Created => "created",
            Change::Corroborated => "corroborated",
            Change::Revised => "revised",
            Change::Merged => "merged",
            Change::Retracted => "retracted",
        }
    }
}
