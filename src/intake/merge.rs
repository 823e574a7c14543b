//! What intake asks of a ledger.

use crate::merge::{self, LedgerChange};
use crate::model::{Event, NewsItem, Report};
use jiff::Timestamp;

/// Joins reports to the events that are known; see [`crate::merge`].
pub trait Merge: Send {
    /// True if a stored event belongs in memory at the start, when `now` is the latest time in the log.
    fn wants(&self, event: &Event, now: Timestamp) -> bool;
    /// True if the event is in memory.
    fn holds(&self, event_id: &str) -> bool;
    /// Takes a stored event, with all its reports, into memory.
    fn restore(&mut self, event: Event);
    /// Takes in the reports of a new item, or of a higher version of a known one.
    fn apply(&mut self, item: &NewsItem, reports: Vec<Report>, at: Timestamp) -> Vec<LedgerChange>;
    /// Takes away every report of an item.
    fn retract(&mut self, item_id: &str, reason: &str, at: Timestamp) -> Vec<LedgerChange>;
    /// Calls an event in memory false; none if it is not there, or retracted already.
    fn retract_event(
        &mut self,
        event_id: &str,
        reason: &str,
        at: Timestamp,
    ) -> Option<LedgerChange>;
}

impl Merge for merge::Ledger {
    fn wants(&self, event: &Event, now: Timestamp) -> bool {
        self.wants(event, now)
    }

    fn holds(&self, event_id: &str) -> bool {
        self.holds(event_id)
    }

    fn restore(&mut self, event: Event) {
        self.restore(event);
    }

    fn apply(&mut self, item: &NewsItem, reports: Vec<Report>, at: Timestamp) -> Vec<LedgerChange> {
        self.apply(item, reports, at)
    }

    fn retract(&mut self, item_id: &str, reason: &str, at: Timestamp) -> Vec<LedgerChange> {
        self.retract_item(item_id, reason, at)
    }

    fn retract_event(
        &mut self,
        event_id: &str,
        reason: &str,
        at: Timestamp,
    ) -> Option<LedgerChange> {
        self.retract_event(event_id, reason, at).ok()
    }
}
