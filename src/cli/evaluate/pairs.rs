//! Pairs of items: whether the ledger puts both into one event.

use crate::engine::Engine;
use crate::merge::{Ledger, Score};
use crate::model::{Body, NewsItem, Report};
use anyhow::Context;
use jiff::{Timestamp, tz::Offset};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

/// Two items and whether they tell one incident, one pair a line. What else a line says is left alone.
#[derive(Debug, Clone, Deserialize)]
pub struct Pair {
    #[serde(default)]
    pub id: String,
    pub a: String,
    pub b: String,
    pub label: Label,
    /// Day of publication, or a time in RFC 3339; none leaves the item without one.
    #[serde(default)]
    pub a_date: Option<String>,
    #[serde(default)]
    pub b_date: Option<String>,
    /// Pairs are counted by it.
    #[serde(default)]
    pub origin: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    Same,
    Different,
}

/// Reads pairs.
///
/// # Errors
/// The line, what was expected and what was found.
pub fn read(input: impl BufRead) -> anyhow::Result<Vec<Pair>> {
    let mut pairs = Vec::new();
    for (number, line) in input.lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let pair = serde_json::from_str(&line).with_context(|| format!("line {}", number + 1))?;
        pairs.push(pair);
    }
    Ok(pairs)
}

/// What the ledger made of a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub joined: bool,
    /// Reports of either item. Where one has none, nothing could be joined.
    pub reports: [usize; 2],
    /// How the second item's reports fit the events of the first, the best first.
    pub scores: Vec<(String, Score)>,
    /// The types of both items' reports.
    pub types: [Vec<String>; 2],
}

/// Gives both items to a fresh ledger, the earlier one first, and looks whether they share an event in the end.
///
/// # Errors
/// A date that is none.
pub fn judge(pair: &Pair, engine: &Engine, mut ledger: Ledger) -> anyhow::Result<Verdict> {
    let mut items = [
        item("a", &pair.a, pair.a_date.as_deref())?,
        item("b", &pair.b, pair.b_date.as_deref())?,
    ];
    let received = |item: &NewsItem| item.published_at.unwrap_or(Timestamp::UNIX_EPOCH);
    items.sort_by_key(received);
    let mut sides: [BTreeSet<String>; 2] = Default::default();
    let mut scores = Vec::new();
    let mut reports = [0, 0];
    let mut types: [Vec<String>; 2] = Default::default();
    for (i, item) in items.iter().enumerate() {
        let read = engine.read(item).reports;
        reports[i] = read.len();
        types[i] = read.iter().map(|r: &Report| r.event_type.clone()).collect();
        scores.extend(read.iter().flat_map(|report| ledger.explain(report)));
        for change in ledger.apply(item, read, received(item)) {
            let event = change.update.event;
            for side in &mut sides {
                // What was merged away goes on under the survivor's id.
                if !event.merged_into.is_empty() && side.remove(&event.id) {
                    side.insert(event.merged_into.clone());
                }
            }
            for report in &change.reports {
                let side = usize::from(report.item_id != items[0].item_id);
                sides[side].insert(event.id.clone());
            }
        }
    }
    scores.sort_by(|(_, a), (_, b)| rank(b).total_cmp(&rank(a)));
    Ok(Verdict {
        joined: !sides[0].is_disjoint(&sides[1]),
        reports,
        scores,
        types,
    })
}

/// What is ruled out comes last.
fn rank(score: &Score) -> f64 {
    score.total - if score.conflict.is_some() { 1.0 } else { 0.0 }
}

/// The two come from sources of their own: copies of one text are another matter.
fn item(id: &str, text: &str, date: Option<&str>) -> anyhow::Result<NewsItem> {
    Ok(NewsItem {
        item_id: id.to_owned(),
        version: 1,
        source: format!("{id}.example"),
        url: String::new(),
        title: String::new(),
        body: Body::Text(text.to_owned()),
        published_at: date.map(time).transpose()?,
        language: "en".to_owned(),
    })
}

/// A day is taken at noon.
fn time(date: &str) -> anyhow::Result<Timestamp> {
    if let Ok(time) = date.parse::<Timestamp>() {
        return Ok(time);
    }
    let day: jiff::civil::Date = date.parse().with_context(|| {
        format!("expected a day such as 2026-03-04 or a time in RFC 3339, found {date:?}")
    })?;
    Ok(Offset::UTC.to_timestamp(day.at(12, 0, 0, 0))?)
}

/// Counts of one origin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub same: usize,
    pub different: usize,
    /// Joined pairs labelled same, and labelled different.
    pub right: usize,
    pub wrong: usize,
    /// Pairs labelled same of which a side yielded no report.
    pub unread: usize,
}

impl Counts {
    fn count(&mut self, label: Label, verdict: &Verdict) {
        let unread = verdict.reports.contains(&0);
        match label {
            Label::Same => {
                self.same += 1;
                self.right += usize::from(verdict.joined);
                self.unread += usize::from(unread);
            }
            Label::Different => {
                self.different += 1;
                self.wrong += usize::from(verdict.joined);
            }
        }
    }

    /// Share of joined pairs that are the same; 1 where none is joined.
    pub fn precision(&self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    /// Share of pairs that are the same that were joined; 1 where there is none.
    pub fn recall(&self) -> f64 {
        share(self.right, self.same)
    }

    /// Harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        share(2 * self.right, self.right + self.wrong + self.same)
    }

    fn json(&self) -> Value {
        let round = |x: f64| (x * 1000.0).round() / 1000.0;
        json!({
            "pairs": self.same + self.different, "same": self.same, "joined": self.right + self.wrong, "right": self.right,
            "precision": round(self.precision()), "recall": round(self.recall()), "f1": round(self.f1()),
            "same_unread": self.unread,
        })
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

/// Figures of "same": by origin, and of all.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    origins: BTreeMap<String, Counts>,
    all: Counts,
}

impl Figures {
    pub fn count(&mut self, pair: &Pair, verdict: &Verdict) {
        let origin = self.origins.entry(pair.origin.clone()).or_default();
        origin.count(pair.label, verdict);
        self.all.count(pair.label, verdict);
    }

    pub fn json(&self) -> Value {
        let origins: serde_json::Map<String, Value> = self
            .origins
            .iter()
            .map(|(name, c)| (name.clone(), c.json()))
            .collect();
        json!({"origins": origins, "all": self.all.json()})
    }

    /// A line an origin and one for all.
    pub fn table(&self) -> String {
        let mut out = format!(
            "{:<24} {:>6} {:>6} {:>7} {:>6} {:>10} {:>7} {:>6} {:>12}\n",
            "origin",
            "pairs",
            "same",
            "joined",
            "right",
            "precision",
            "recall",
            "F1",
            "same unread"
        );
        let named = self.origins.iter().map(|(name, c)| (name.as_str(), c));
        for (name, c) in named.chain([("all", &self.all)]) {
            let line = format!(
                "{name:<24} {:>6} {:>6} {:>7} {:>6} {:>10.3} {:>7.3} {:>6.3} {:>12}\n",
                c.same + c.different,
                c.same,
                c.right + c.wrong,
                c.right,
                c.precision(),
                c.recall(),
                c.f1(),
                c.unread
            );
            out.push_str(&line);
        }
        out
    }
}

/// A pair that was judged wrongly, for who wants to know why.
pub fn wrong(pair: &Pair, verdict: &Verdict) -> Option<Value> {
    if (pair.label == Label::Same) == verdict.joined {
        return None;
    }
    let scores = verdict.scores.iter().take(3);
    let scores: Vec<String> = scores.map(|(_, score)| score.to_string()).collect();
    Some(json!({
        "id": pair.id,
        "origin": pair.origin,
        "expected": if verdict.joined { "different" } else { "same" },
        "found": if verdict.joined { "same" } else { "different" },
        "dates": [pair.a_date, pair.b_date],
        "a": pair.a,
        "b": pair.b,
        "types": verdict.types,
        "scores": scores,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(joined: bool, reports: [usize; 2]) -> Verdict {
        Verdict {
            joined,
            reports,
            scores: Vec::new(),
            types: Default::default(),
        }
    }

    #[test]
    fn figures_are_of_same_by_origin_and_of_all() {
        let lines = r#"{"a": "x", "b": "y", "label": "same", "origin": "one", "topic": "left alone"}
{"a": "x", "b": "y", "label": "same", "origin": "two"}

{"a": "x", "b": "y", "label": "different", "origin": "two"}"#;
        let pairs = read(lines.as_bytes()).unwrap();
        let mut figures = Figures::default();
        figures.count(&pairs[0], &verdict(true, [1, 2]));
        figures.count(&pairs[1], &verdict(false, [1, 0]));
        figures.count(&pairs[2], &verdict(true, [1, 1]));
        let json = figures.json();
        assert_eq!(json["origins"]["one"]["f1"], 1.0);
        assert_eq!(json["origins"]["two"]["precision"], 0.0);
        assert_eq!(json["origins"]["two"]["same_unread"], 1);
        assert_eq!(json["all"]["precision"], 0.5);
        assert_eq!(json["all"]["recall"], 0.5);
        assert_eq!(figures.table().lines().count(), 4);
    }

    #[test]
    fn a_label_or_a_date_that_is_none_is_refused_with_its_place() {
        let error = read(&b"{\"a\": \"x\", \"b\": \"y\", \"label\": \"alike\"}"[..]).unwrap_err();
        assert!(format!("{error:#}").starts_with("line 1: unknown variant `alike`"));
        assert!(time("yesterday").is_err());
        assert_eq!(
            time("2026-03-04").unwrap(),
            time("2026-03-04T12:00:00Z").unwrap()
        );
    }
}
