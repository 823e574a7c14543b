//! What can be set about merging.

use serde::{Deserialize, Serialize};

/// Windows and thresholds of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Days that an event stays open after its latest report came in.
    pub open_days: u32,
    /// Days that a planned event stays open after its date.
    pub planned_days: u32,
    /// Open events held in memory; above it those that would close first are closed early.
    pub max_open_events: usize,
    /// Score from which a report joins an event, 0 to 1.
    pub join: f64,
    /// Score with both events from which a report joins them into one, 0 to 1.
    pub bridge: f64,
    /// Similarity of words from which two reports may be of one act of speech, 0 to 1.
    pub speech_words: f64,
    /// Share of three-word runs in common from which evidence counts as a copy, 0 to 1.
    pub copy: f64,
    /// Hours after which an earlier toll is out of date instead of in dispute.
    pub toll_hours: u32,
    pub weights: Weights,
}

/// What each part of a score counts; only the proportions matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Weights {
    pub event_type: f64,
    pub actors: f64,
    pub place: f64,
    pub time: f64,
    pub quantities: f64,
    pub words: f64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            open_days: 7,
            planned_days: 1,
            max_open_events: 200_000,
            join: 0.58,
            bridge: 0.75,
            speech_words: 0.35,
            copy: 0.6,
            toll_hours: 12,
            weights: Weights::default(),
        }
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            event_type: 0.20,
            actors: 0.25,
            place: 0.20,
            time: 0.15,
            quantities: 0.08,
            words: 0.12,
        }
    }
}
