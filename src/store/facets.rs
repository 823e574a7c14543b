//! What a filter looks at, kept beside every update so that filtering never needs another record.

use crate::model::{Actor, Event, PlacePrecision, Report};
use crate::wire;

/// Bytes of evidence that one update keeps for `text_contains`; past that the newest reports win.
const MAX_EVIDENCE_BYTES: usize = 64 * 1024;

/// The fields of one revision of an event that filters test.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Facets {
    /// Number of the category in the protocol.
    #[prost(int32, tag = "1")]
    pub category: i32,
    #[prost(string, tag = "2")]
    pub event_type: String,
    #[prost(message, repeated, tag = "3")]
    pub initiators: Vec<Party>,
    #[prost(message, repeated, tag = "4")]
    pub targets: Vec<Party>,
    #[prost(message, repeated, tag = "5")]
    pub participants: Vec<Party>,
    #[prost(string, tag = "6")]
    pub location_country: String,
    /// Only for points of SITE, CITY or ADMIN1 precision: boxes and circles match no others.
    #[prost(message, optional, tag = "7")]
    pub point: Option<Place>,
    /// Number of the status in the protocol.
    #[prost(int32, tag = "8")]
    pub status: i32,
    #[prost(double, tag = "9")]
    pub confidence: f64,
    #[prost(uint32, tag = "10")]
    pub independent_sources: u32,
}

/// An actor in one role.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Party {
    #[prost(string, tag = "1")]
    pub id: String,
    #[prost(string, tag = "2")]
    pub country: String,
}

/// Degrees.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub struct Place {
    #[prost(double, tag = "1")]
    pub latitude: f64,
    #[prost(double, tag = "2")]
    pub longitude: f64,
}

/// Who reported an event in which words, folded for comparison, and in which revisions.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Voice {
    #[prost(string, tag = "1")]
    pub source: String,
    #[prost(string, tag = "2")]
    pub evidence: String,
    /// [`BEFORE`], [`AFTER`] or both.
    #[prost(uint32, tag = "3")]
    pub revisions: u32,
}

/// Bit of the revision before an update.
pub const BEFORE: u32 = 1;
/// Bit of the revision that an update made.
pub const AFTER: u32 = 2;

/// One revision of an event, as filters see it.
#[derive(Debug, Clone, Copy)]
pub struct Revision<'a> {
    pub facets: &'a Facets,
    voices: &'a [Voice],
    bit: u32,
}

impl<'a> Revision<'a> {
    /// The revision of `facets` whose voices carry `bit`.
    pub fn new(facets: &'a Facets, voices: &'a [Voice], bit: u32) -> Self {
        Revision {
            facets,
            voices,
            bit,
        }
    }

    /// Who reported it by then.
    pub fn voices(&self) -> impl Iterator<Item = &'a Voice> {
        let bit = self.bit;
        self.voices.iter().filter(move |v| v.revisions & bit != 0)
    }
}

/// What the store knows of one event beside the event itself: facets as of now, and its reports in short.
#[derive(Clone, PartialEq, prost::Message)]
pub struct EventFacets {
    #[prost(message, required, tag = "1")]
    pub facets: Facets,
    /// Oldest first.
    #[prost(message, repeated, tag = "2")]
    pub reports: Vec<ReportFacet>,
}

/// One report of an event, in short.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct ReportFacet {
    #[prost(string, tag = "1")]
    pub item_id: String,
    /// Publication time, or receive time where that is unknown; microseconds since 1970.
    #[prost(sint64, tag = "2")]
    pub reported_us: i64,
    /// Lower case.
    #[prost(string, tag = "3")]
    pub source: String,
    /// As [`fold`] writes it.
    #[prost(string, tag = "4")]
    pub evidence: String,
}

impl EventFacets {
    /// This event after a change: new facets, `changed` reports in place of older ones of the same items, `withdrawn`
    /// items gone.
    pub fn after(
        mut self,
        event: &Event,
        changed: &[Report],
        withdrawn: &[String],
        received_us: i64,
    ) -> EventFacets {
        let replaced =
            |id: &String| changed.iter().any(|r| r.item_id == *id) || withdrawn.contains(id);
        self.reports.retain(|r| !replaced(&r.item_id));
        for report in changed {
            self.reports.push(ReportFacet {
                item_id: report.item_id.clone(),
                reported_us: report
                    .published_at
                    .map_or(received_us, |t| t.as_microsecond()),
                source: report.source.to_lowercase(),
                evidence: fold(&report.evidence.text),
            });
        }
        self.reports.sort_by(|a, b| {
            a.reported_us
                .cmp(&b.reported_us)
                .then_with(|| a.item_id.cmp(&b.item_id))
        });
        self.facets = facets(event);
        self
    }

    /// Its voices as of now.
    pub fn voices(&self) -> Vec<Voice> {
        voices(&[], &self.reports)
    }
}

/// The voices before and after a change, each pair of source and words once, newest first, bounded.
pub fn voices(before: &[ReportFacet], after: &[ReportFacet]) -> Vec<Voice> {
    let mut seen = std::collections::HashMap::new();
    let mut found: Vec<Voice> = Vec::new();
    let mut room = MAX_EVIDENCE_BYTES;
    let both = after.iter().rev().map(|r| (r, AFTER));
    for (report, bit) in both.chain(before.iter().rev().map(|r| (r, BEFORE))) {
        let index = *seen
            .entry((&report.source, &report.evidence))
            .or_insert_with(|| {
                let fits = report.evidence.len() <= room;
                room -= if fits { report.evidence.len() } else { 0 };
                found.push(Voice {
                    source: report.source.clone(),
                    evidence: if fits {
                        report.evidence.clone()
                    } else {
                        String::new()
                    },
                    revisions: 0,
                });
                found.len() - 1
            });
        found[index].revisions |= bit;
    }
    found
}

/// The facets of an event as it stands.
pub fn facets(event: &Event) -> Facets {
    let location = event.location.as_ref();
    let is_precise = |p: PlacePrecision| {
        matches!(
            p,
            PlacePrecision::Site | PlacePrecision::City | PlacePrecision::Admin1
        )
    };
    Facets {
        category: wire::category_number(event.category),
        event_type: event.event_type.clone(),
        initiators: parties(&event.initiators),
        targets: parties(&event.targets),
        participants: parties(&event.participants),
        location_country: location.map(|l| l.country.clone()).unwrap_or_default(),
        point: location
            .filter(|l| is_precise(l.precision))
            .and_then(|l| l.point)
            .map(|p| Place {
                latitude: p.latitude,
                longitude: p.longitude,
            }),
        status: wire::status_number(event.status),
        confidence: event.confidence,
        independent_sources: event.independent_source_count,
    }
}

fn parties(actors: &[Actor]) -> Vec<Party> {
    actors
        .iter()
        .map(|a| Party {
            id: a.id.clone(),
            country: a.country.clone(),
        })
        .collect()
}

/// Words alone, in lower case, each with a space on both sides, so that a phrase is found by its words and never
/// inside a longer word.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 2);
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
    {
        folded.push(' ');
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    if !folded.is_empty() {
        folded.push(' ');
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(item: &str, evidence: &str) -> ReportFacet {
        ReportFacet {
            item_id: item.into(),
            reported_us: 0,
            source: "a".into(),
            evidence: fold(evidence),
        }
    }

    #[test]
    fn folding_keeps_words_whole() {
        let folded = fold("Ukraine’s AIR-defence units,");
        assert_eq!(folded, " ukraine s air defence units ");
        assert!(folded.contains(&fold("air defence")));
        assert!(!folded.contains(&fold("unit")));
    }

    #[test]
    fn syndicated_words_are_kept_once_and_marked_for_both_revisions() {
        let one = said("1", "Drones hit the port");
        let copy = said("2", "Drones hit the port");
        let found = voices(std::slice::from_ref(&one), &[one.clone(), copy]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].revisions, BEFORE | AFTER);
    }

    #[test]
    fn evidence_is_bounded_and_sources_are_not_lost() {
        let long = "word ".repeat(200);
        let many: Vec<_> = (0..500)
            .map(|n| said("x", &format!("{n} {long}")))
            .collect();
        let found = voices(&[], &many);
        assert_eq!(found.len(), 500);
        let kept: usize = found.iter().map(|v| v.evidence.len()).sum();
        assert!(
            kept <= MAX_EVIDENCE_BYTES && kept > MAX_EVIDENCE_BYTES / 2,
            "{kept}"
        );
        assert!(
            found[0].evidence.contains(" 499 "),
            "the newest words are kept"
        );
    }
}
