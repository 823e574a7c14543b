//! Compares what was read with gold, event by event.

use super::gold::{Event, Item, Words};
use crate::lexicon::Ontology;
use crate::merge::event_of;
use crate::model::{Actor, Engine, Part, Report};
use serde_json::{Value, json};

/// Evidence longer than this overlaps with everything and counts for nothing.
const LONGEST: u32 = 600;

/// Confidence from which an event is called sure.
const SURE: f64 = 0.8;

/// How alike two types must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// The same type.
    Typed,
    /// One above the other, or of one family.
    Near,
    /// The same category.
    Found,
}

/// Counts over all items.
#[derive(Debug, Clone, Default)]
struct Counts {
    gold: usize,
    read: usize,
    /// Matched with an event that counts, and with one that is only recalled.
    hits: usize,
    excused: usize,
}

/// For each field: right, and how many gold has.
type Fields = std::collections::BTreeMap<&'static str, (usize, usize)>;

/// Figures over items and what was read in them.
pub fn figures(items: &[Item], read: &[Vec<Report>], ontology: &Ontology) -> Value {
    let mut out = serde_json::Map::new();
    let mut fields = Fields::new();
    for (name, level) in [
        ("typed", Level::Typed),
        ("near", Level::Near),
        ("found", Level::Found),
    ] {
        let mut counts = Counts::default();
        for (item, reports) in items.iter().zip(read) {
            let pairs = matched(item, reports, ontology, level);
            let recalled = pairs.iter().filter(|(g, _)| item.events[*g].background);
            let recalled = recalled.count();
            counts.hits += pairs.len() - recalled;
            counts.excused += recalled;
            counts.read += reports.len();
            counts.gold += item.events.iter().filter(|e| !e.background).count();
            if level == Level::Near {
                for (g, r) in pairs {
                    compare(&item.events[g], &reports[r], &mut fields);
                }
            }
        }
        out.insert(name.to_owned(), counts.figures());
    }
    let fields = fields.into_iter().map(|(name, (right, all))| {
        let share = json!({"right": right, "of": all, "share": share(right, all)});
        (name.to_owned(), share)
    });
    out.insert("fields".to_owned(), fields.collect());
    out.insert("sure".to_owned(), sure(items, read, ontology));
    let empty = items.iter().zip(read).filter(|(i, _)| i.events.is_empty());
    let (mut without, mut alarms) = (0, 0);
    for (_, reports) in empty {
        without += 1;
        alarms += reports.len();
    }
    out.insert(
        "items_without_events".to_owned(),
        json!({"items": without, "false_alarms": alarms, "each": share(alarms, without)}),
    );
    Value::Object(out)
}

/// Of the events that are sure, each of one report, how many are right (typed match, recalled ones included), and how many
/// of all are sure.
fn sure(items: &[Item], read: &[Vec<Report>], ontology: &Ontology) -> Value {
    let engine = Engine::default();
    let is_sure = |report: &Report| event_of(report, ontology, &engine).confidence >= SURE;
    let (mut all, mut sure, mut right) = (0, 0, 0);
    for (item, reports) in items.iter().zip(read) {
        let matched = matched(item, reports, ontology, Level::Typed);
        all += reports.len();
        for (i, _) in reports.iter().enumerate().filter(|(_, r)| is_sure(r)) {
            sure += 1;
            right += usize::from(matched.iter().any(|(_, r)| *r == i));
        }
    }
    json!({
        "from": SURE, "events": sure, "right": right,
        "precision": share(right, sure), "of_all": share(sure, all),
    })
}

impl Counts {
    fn figures(&self) -> Value {
        let precision = share(self.hits + self.excused, self.read);
        let recall = share(self.hits, self.gold);
        let f1 = if precision + recall > 0.0 {
            2.0 * precision * recall / (precision + recall)
        } else {
            0.0
        };
        json!({
            "f1": round(f1), "precision": precision, "recall": recall,
            "gold": self.gold, "read": self.read, "hits": self.hits + self.excused,
        })
    }
}

fn share(part: usize, whole: usize) -> f64 {
    round(part as f64 / whole.max(1) as f64)
}

fn round(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0
}

/// Pairs of gold events and reports, one to one, the likest first.
fn matched(
    item: &Item,
    reports: &[Report],
    ontology: &Ontology,
    level: Level,
) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (g, event) in item.events.iter().enumerate() {
        for (r, report) in reports.iter().enumerate() {
            let alike = alike(&event.event_type, &report.event_type, ontology);
            if alike.is_some_and(|a| a as u8 <= level as u8) && touches(item, event, report) {
                let parties = usize::from(names(&event.initiators, &report.initiators))
                    + usize::from(names(&event.targets, &report.targets));
                let closeness = 2 - alike.map_or(0, |a| a as usize);
                pairs.push((
                    closeness * 4 + parties * 2 + usize::from(!event.background),
                    g,
                    r,
                ));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (_, g, r) in pairs {
        if out.iter().all(|(x, y)| *x != g && *y != r) {
            out.push((g, r));
        }
    }
    out
}

fn alike(a: &str, b: &str, ontology: &Ontology) -> Option<Level> {
    use crate::lexicon::ontology::is_a;
    if a == b {
        return Some(Level::Typed);
    }
    let family = || match (ontology.get(a), ontology.get(b)) {
        (Some(a), Some(b)) => a.families.iter().any(|f| b.families.contains(f)),
        _ => false,
    };
    if is_a(a, b) || is_a(b, a) || family() {
        return Some(Level::Near);
    }
    let category = |t: &str| t.split('.').next().map(str::to_owned);
    (category(a) == category(b)).then_some(Level::Found)
}

/// Whether the evidence holds one of the words that name the event.
fn touches(item: &Item, event: &Event, report: &Report) -> bool {
    let evidence = &report.evidence;
    if evidence.part == Part::Title || evidence.end - evidence.start > LONGEST {
        return false;
    }
    let words = std::iter::once(&event.trigger).chain(&event.also);
    words
        .flat_map(|w| w.places(&item.text))
        .any(|(start, end)| (evidence.start as usize) < end && start < evidence.end as usize)
}

/// Whether one of the named is among those found.
fn names(gold: &[Words], found: &[Actor]) -> bool {
    gold.iter()
        .any(|g| found.iter().any(|f| agrees(g.text(), f)))
}

fn agrees(words: &str, actor: &Actor) -> bool {
    let words = words.to_lowercase();
    [&actor.surface, &actor.name].iter().any(|name| {
        let name = name.to_lowercase();
        name.len() > 2 && !words.is_empty() && (words.contains(&name) || name.contains(&words))
    })
}

fn compare(event: &Event, report: &Report, fields: &mut Fields) {
    let mut note = |name, right: bool| {
        let entry = fields.entry(name).or_insert((0, 0));
        entry.0 += usize::from(right);
        entry.1 += 1;
    };
    note("type", event.event_type == report.event_type);
    let sides: Vec<Actor> = report
        .participants
        .iter()
        .chain(&report.initiators)
        .chain(&report.targets)
        .cloned()
        .collect();
    if !event.initiators.is_empty() {
        let both: Vec<Actor> = [&report.initiators[..], &report.participants].concat();
        note("initiators", names(&event.initiators, &both));
    }
    if !event.targets.is_empty() {
        note("targets", names(&event.targets, &report.targets));
    }
    if !event.participants.is_empty() {
        note("participants", names(&event.participants, &sides));
    }
    if !event.places.is_empty() {
        let found = report.location.as_ref().is_some_and(|l| {
            let name = l.name.to_lowercase();
            event.places.iter().any(|p| {
                let place = p.text().to_lowercase();
                !name.is_empty() && (place.contains(&name) || name.contains(&place))
            })
        });
        note("place", found);
    }
    let status = event.status.as_deref().unwrap_or("occurred");
    note(
        "status",
        crate::lexicon::frames::status_of(status) == Some(report.status),
    );
    let attribution = match (&event.attribution, &report.attribution) {
        (None, None) => true,
        (Some(words), Some(by)) => agrees(words.text(), by),
        _ => false,
    };
    note("attribution", attribution);
}

#[cfg(test)]
mod tests {
    use super::super::gold;
    use super::*;
    use crate::engine::Engine;

    fn figures_of(lines: &str) -> Value {
        let engine = Engine::embedded().unwrap();
        let items = gold::read(lines.as_bytes()).unwrap();
        let read: Vec<Vec<Report>> = items
            .iter()
            .map(|i| engine.read(&i.news().unwrap()).reports)
            .collect();
        figures(&items, &read, engine.ontology())
    }

    #[test]
    fn a_right_reading_scores_one_and_a_missed_event_costs_recall() {
        let right = r#"{"text": "France expelled two Russian diplomats on Monday.", "published_at": "2026-03-04", "events": [{"type": "diplomatic.downgrade", "trigger": "expelled", "initiators": ["France"]}]}"#;
        let empty = r#"{"text": "The striker scored twice in Madrid on Monday.", "events": []}"#;
        let missed = r#"{"text": "The weather in Paris was fine.", "events": [{"type": "military.strike", "trigger": "fine"}]}"#;
        let figures = figures_of(&format!("{right}\n{empty}\n"));
        assert_eq!(figures["typed"]["f1"], 1.0, "{figures}");
        assert_eq!(figures["fields"]["initiators"]["share"], 1.0, "{figures}");
        assert_eq!(figures["items_without_events"]["false_alarms"], 0);
        let figures = figures_of(&format!("{right}\n{missed}\n"));
        assert_eq!(figures["typed"]["recall"], 0.5, "{figures}");
    }

    #[test]
    fn a_trigger_that_is_not_in_the_text_is_told_with_its_line() {
        let line =
            r#"{"text": "Nothing.", "events": [{"type": "military.strike", "trigger": "bombed"}]}"#;
        let error = gold::read(line.as_bytes()).unwrap_err().to_string();
        assert!(
            error.contains("line 1") && error.contains("bombed"),
            "{error}"
        );
    }
}
