//! Joins reports to events: the ledger.
//!
//! Peers count reports as events; here an event is what happened, and reports are its evidence. A report goes through
//! three doors. **Blocking** ([`block`]) finds the open events that share a type family, a party, country or place, and a
//! day with it. **Conflicts** ([`Conflict`]) rule events out: other times (the next night's strike), other doers (the
//! retaliation), other parties or places (another summit). A **score** ([`Score`]) weighs type, actors, place, time,
//! numbers and words, each 0 to 1, and joins from [`Config::join`] on, if at least two things are shared that tell; acts
//! of speech need the same speaker and similar words besides. Without such an event the report founds one. A report that
//! fits two events from [`Config::bridge`] on makes them one.
//!
//! An event is a pure function of its reports ([`event_of`] for a single one): per field the best-supported value stands,
//! where each independent voice counts once, and `disputes` names the others. So the ledger needs nothing but the reports
//! of open events, and is rebuilt from them at start.

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
mod rules;
mod score;
mod shelf;
mod summary;
mod support;
mod text;
mod time;
mod toll;
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
#[cfg(test)]
mod withdrawals;
