//! Time expressions of a sentence, as intervals.
//!
//! The grammar reads forms; tags only help to tell past from future where the words leave it open. Local calendar days
//! are written as UTC, both ends inclusive: a day ends at 23:59:59.

mod calendar;
mod clock;
mod counted;
mod date;
mod period;
mod read;
mod tense;
mod words;

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use tests::plain;

use crate::linguistics::Document;
use crate::model::TimePrecision;
use jiff::Timestamp;
use std::ops::Range;

/// Days before the reference after which a time is background rather than news.
const BACKGROUND_DAYS: i64 = 60;

/// A stretch of time, both ends inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    pub start: Timestamp,
    pub end: Timestamp,
    pub precision: TimePrecision,
}

/// How an expression places what it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeKind {
    /// It happened within the interval: "on Tuesday", "in March", "between 3 and 5 April".
    Within,
    /// It began then and goes on: "since 2022". The interval runs up to the reference.
    Since,
    /// It lasts until then or is due by then: "until 15 May", "by Friday".
    Until,
    /// It happened before the interval began.
    Before,
    /// It happened after the interval.
    After,
}

/// An expression of time in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeMention {
    /// Tokens of the document, without a plain "on", "in" or "at" in front.
    pub tokens: Range<usize>,
    /// None where it needs a reference that is missing, or where the words don't say.
    pub value: Option<Interval>,
    pub kind: TimeKind,
    /// It lies so long before the reference that what belongs to it is history.
    pub background: bool,
}

/// Finds the time expressions in the tokens `sentence` of a document, in order, without overlaps. `reference` is the
/// moment of writing, see [`reference`]; without it relative expressions have no value.
pub fn find(
    doc: &Document,
    sentence: Range<usize>,
    reference: Option<Timestamp>,
) -> Vec<TimeMention> {
    read::Reader::new(doc, sentence, reference).mentions()
}

/// The moment that relative times of an item count from: the date of its dateline where that is close to the
/// publication (an item is often published after midnight of the day that it speaks of), else the publication, else a
/// dateline with a year. `dateline` holds its date words.
pub fn reference(published_at: Option<Timestamp>, dateline: Option<&str>) -> Option<Timestamp> {
    let date = dateline.and_then(|d| date::written(d, published_at.map(calendar::day)));
    match (published_at, date) {
        (Some(published), Some(date)) => {
            let behind = calendar::days_between(date, calendar::day(published));
            // Noon, so that "the last 24 hours" reach into the day before whatever the time of day.
            if (1..=3).contains(&behind) {
                calendar::noon(date)
            } else {
                Some(published)
            }
        }
        (published, None) => published,
        (None, Some(date)) => calendar::noon(date),
    }
}
