//! What one news item says of one event.

use super::{Actor, Category, Span, Status, Warning};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// All that one item yielded before merging.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Reading {
    /// In text order.
    pub reports: Vec<Report>,
    pub warnings: Vec<Warning>,
    /// BCP 47 tag of the language that the item was taken to be in.
    pub language: String,
}

/// What one item says of one event, with the words it was read from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Report {
    pub item_id: String,
    pub item_version: u32,
    pub source: String,
    pub url: String,
    pub published_at: Option<Timestamp>,
    /// The sentence or clause, at most 600 code points.
    pub evidence: Span,
    pub trigger: Span,
    /// Who says so; none in the reporter's own voice.
    pub attribution: Option<Actor>,
    pub category: Category,
    /// Type of the ontology, `military.strike.drone`.
    pub event_type: String,
    pub initiators: Vec<Actor>,
    pub targets: Vec<Actor>,
    /// All sides of a symmetric act.
    pub participants: Vec<Actor>,
    pub location: Option<Location>,
    pub time: Option<Time>,
    pub status: Status,
    pub status_cue: Option<Span>,
    pub quantities: Vec<Quantity>,
    /// 0 to 1.
    pub confidence: f64,
    /// When the service received the item; filled by the ledger, none before (as in an analysis).
    pub received_at: Option<Timestamp>,
    /// Owner or agency that the report counts as when independent sources are counted; filled by the ledger, empty
    /// before.
    pub origin: String,
}

/// A point on the earth, WGS 84, degrees.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Point {
    pub latitude: f64,
    pub longitude: f64,
}

/// Where it happened: one best reading.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Location {
    pub name: String,
    /// ISO 3166 alpha-3, empty for seas and regions of several countries.
    pub country: String,
    /// First-level administrative region, empty where not known.
    pub admin1: String,
    /// 0 where there is none.
    pub geonames_id: u32,
    pub point: Option<Point>,
    pub precision: PlacePrecision,
    pub span: Span,
}

/// How exactly a point is meant.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PlacePrecision {
    Site,
    City,
    Admin1,
    Country,
    Region,
    #[default]
    Unknown,
}

/// When it happened. Local calendar days are written as UTC; both ends are inclusive.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Time {
    pub start: Timestamp,
    pub end: Timestamp,
    pub precision: TimePrecision,
    pub text: String,
    pub span: Span,
}

/// How exactly a time is known.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TimePrecision {
    Hour,
    PartOfDay,
    #[default]
    Day,
    Week,
    Month,
    Year,
    /// Not stated: presumed to be the day of the report.
    Reported,
}

/// A number that the text states about an event.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Quantity {
    /// The lower end of a range.
    pub value: f64,
    /// The upper end of a range.
    pub max_value: Option<f64>,
    pub approximation: Approximation,
    /// Lemma of the thing counted: `drone`, `ballistic missile`, `person`.
    pub unit: String,
    pub role: QuantityRole,
    /// Whose, where said: an actor id or the words of the text.
    pub of: String,
    pub span: Span,
}

/// What a number counts in its event.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QuantityRole {
    Launched,
    Intercepted,
    Hit,
    Killed,
    Wounded,
    Captured,
    Displaced,
    Deployed,
    Amount,
    #[default]
    Other,
}

/// How a number is meant.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Approximation {
    #[default]
    Exact,
    AtLeast,
    About,
    AtMost,
}
