//! The happening in the world, as all reports together tell it.

use super::{Actor, Location, Quantity, Report, Time};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An event, merged over all reports of it, as of one revision.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Event {
    pub id: String,
    /// From 1, grows by one with every update.
    pub revision: u32,
    pub category: Category,
    pub event_type: String,
    pub codes: Codes,
    /// One line, built from the fields.
    pub summary: String,
    pub initiators: Vec<Actor>,
    pub targets: Vec<Actor>,
    pub participants: Vec<Actor>,
    pub location: Option<Location>,
    pub time: Option<Time>,
    pub status: Status,
    pub quantities: Vec<Quantity>,
    /// 0 to 1, two decimals.
    pub confidence: f64,
    pub first_reported: Timestamp,
    pub last_reported: Timestamp,
    pub report_count: u32,
    pub independent_source_count: u32,
    pub disputes: Vec<Dispute>,
    /// All reports in the ledger and the store; those of one revision (at most 8) in an update.
    pub reports: Vec<Report>,
    /// Id of the survivor, empty otherwise.
    pub merged_into: String,
    pub retracted: bool,
    pub engine: Engine,
}

/// The two halves of the ontology.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Category {
    #[default]
    Diplomatic,
    Military,
}

/// Whether it happened.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    #[default]
    Occurred,
    Ongoing,
    Planned,
    Claimed,
    Denied,
    Threatened,
    Hypothetical,
}

/// The same type in other code systems; empty where none fits.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Codes {
    pub cameo: String,
    pub cameo_alternatives: Vec<String>,
    pub plover_event: String,
    pub plover_mode: String,
    pub acled_sub_event: String,
    /// CAMEO quad class, 1 to 4; 0 without a CAMEO code.
    pub quad_class: u32,
}

/// A field on which reports disagree.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Dispute {
    pub field: String,
    /// Best supported first.
    pub sides: Vec<Side>,
}

/// One side of a dispute.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Side {
    pub value: String,
    /// Claimants where given, else sources.
    pub said_by: Vec<String>,
}

/// Which program, lexicon and weights read it; digests in hex.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Engine {
    pub version: String,
    pub lexicon_digest: String,
    pub model_digest: String,
}
