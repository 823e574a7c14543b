//! What became of a news item.

use super::{Change, Warning};

/// What a sender is told of an item once it is durable, and again when it comes twice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    pub item_id: String,
    /// True when the very same item was there already.
    pub duplicate: bool,
    /// In feed order.
    pub updates: Vec<Caused>,
    pub warnings: Vec<Warning>,
}

/// An update that an item caused, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caused {
    pub event_id: String,
    pub revision: u32,
    pub change: Change,
    pub event_type: String,
}
