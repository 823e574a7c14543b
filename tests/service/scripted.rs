//! A reader and a ledger that do what the text says.
//!
//! A line of a text is a report: `#port military.strike RUS>UKR Odesa claimed 0.8 : Drones hit the port`. The word after
//! `#` is the event; items that name the same one report the same event. What the engine would find in real news is
//! tested elsewhere; here it matters that what was found travels.

use jiff::Timestamp;
use sitrep::intake::Merge;
use sitrep::lexicon::ontology::Ontology;
use sitrep::merge::LedgerChange;
use sitrep::model::{
    Actor, Change, Engine, Event, Explanation, Location, NewsItem, PlacePrecision, Point, Reading,
    Report, Span, Status, Update, Warning,
};
use sitrep::service::Reader;
use sitrep::wire::{Vocabulary, v1};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// An item of the test wire.
pub fn item(id: &str, text: &str) -> v1::NewsItem {
    v1::NewsItem {
        item_id: id.into(),
        source: "wire.example".into(),
        body: Some(v1::news_item::Body::Text(text.into())),
        published_at: Some(pbjson_types::Timestamp {
            seconds: 1_772_000_000,
            nanos: 0,
        }),
        ..Default::default()
    }
}

/// Reads texts of the test wire.
pub fn reader() -> Reader {
    let text = std::fs::read_to_string("lexicon/ontology.toml").unwrap();
    let ontology = Ontology::load(&text, "ontology.toml").unwrap();
    let types: Vec<_> = ontology.types().iter().map(|t| t.name.clone()).collect();
    let countries = ["RUS", "UKR", "POL", "USA"].map(str::to_owned);
    Reader {
        read: Arc::new(read),
        explain: Arc::new(|item| (read(item), Explanation::default())),
        stamp: Engine {
            version: "test".into(),
            ..Engine::default()
        },
        ontology: Arc::new(ontology),
        vocabulary: Arc::new(Vocabulary::new(types, countries)),
    }
}

fn read(item: &NewsItem) -> Reading {
    let text = item.body.as_str();
    assert!(!text.contains("panic"), "as the text says");
    if text.contains("slow") {
        std::thread::sleep(Duration::from_millis(200));
    }
    let warnings = match item.published_at {
        Some(_) => vec![],
        None => vec![Warning {
            reason: "PUBLISHED_AT_MISSING".into(),
            message: "none".into(),
        }],
    };
    let reports = text.lines().filter_map(|line| report(item, line)).collect();
    Reading {
        reports,
        warnings,
        language: "en".into(),
    }
}

fn report(item: &NewsItem, line: &str) -> Option<Report> {
    let (facts, evidence) = line.strip_prefix('#')?.split_once(" : ")?;
    let facts: Vec<_> = facts.split(' ').collect();
    let [event, event_type, sides, place, status, confidence] = facts.as_slice() else {
        panic!("expected six facts, found {facts:?}");
    };
    let actor = |country: &str| Actor {
        id: country.into(),
        country: country.into(),
        ..Actor::default()
    };
    let (initiator, target) = sides.split_once('>').unwrap();
    let (latitude, longitude) = match *place {
        "Odesa" => (46.48, 30.73),
        "Warsaw" => (52.23, 21.01),
        other => panic!("unknown place {other}"),
    };
    let span = |text: &str| Span {
        text: text.into(),
        start: 0,
        end: 1,
        ..Span::default()
    };
    Some(Report {
        item_id: item.item_id.clone(),
        item_version: item.version,
        source: item.source.clone(),
        published_at: item.published_at,
        evidence: span(evidence),
        trigger: span(event),
        event_type: (*event_type).into(),
        category: match event_type.starts_with("military") {
            true => sitrep::model::Category::Military,
            false => sitrep::model::Category::Diplomatic,
        },
        initiators: vec![actor(initiator)],
        targets: vec![actor(target)],
        location: Some(Location {
            name: (*place).into(),
            country: if *place == "Odesa" { "UKR" } else { "POL" }.into(),
            point: Some(Point {
                latitude,
                longitude,
            }),
            precision: PlacePrecision::City,
            ..Location::default()
        }),
        status: match *status {
            "occurred" => Status::Occurred,
            "claimed" => Status::Claimed,
            "denied" => Status::Denied,
            other => panic!("unknown status {other}"),
        },
        confidence: confidence.parse().unwrap(),
        ..Report::default()
    })
}

/// A ledger in which the word after `#` is the event; the latest report is right.
#[derive(Default)]
pub struct ByName(BTreeMap<String, Event>);

impl ByName {
    fn changed(&mut self, item: &str, reports: Vec<Report>, reason: &str) -> Vec<LedgerChange> {
        let mut changes = Vec::new();
        let mut reports: BTreeMap<String, Report> = reports
            .into_iter()
            .map(|r| (r.trigger.text.clone(), r))
            .collect();
        let held: Vec<String> = self
            .0
            .iter()
            .filter(|(_, e)| e.reports.iter().any(|r| r.item_id == item))
            .map(|(id, _)| id.clone())
            .collect();
        for id in held {
            if !reports.contains_key(&id) {
                let event = self.0.get_mut(&id).unwrap();
                event.reports.retain(|r| r.item_id != item);
                event.retracted = event.reports.is_empty();
                let change = if event.retracted {
                    Change::Retracted
                } else {
                    Change::Revised
                };
                changes.push(told_of(
                    event,
                    change,
                    item,
                    reason,
                    vec![],
                    vec![item.into()],
                ));
            }
        }
        for (id, report) in std::mem::take(&mut reports) {
            let is_new = !self.0.contains_key(&id);
            let event = self.0.entry(id.clone()).or_default();
            let is_same = event.status == report.status && event.confidence == report.confidence;
            event.id = id;
            event.category = report.category;
            event.event_type = report.event_type.clone();
            event.initiators = report.initiators.clone();
            event.targets = report.targets.clone();
            event.location = report.location.clone();
            event.status = report.status;
            event.confidence = report.confidence;
            event.retracted = false;
            event.last_reported = report.published_at.unwrap_or_default();
            event.first_reported = event.last_reported;
            event.reports.retain(|r| r.item_id != item);
            event.reports.push(report.clone());
            let change = match (is_new, is_same) {
                (true, _) => Change::Created,
                (false, true) => Change::Corroborated,
                (false, false) => Change::Revised,
            };
            changes.push(told_of(event, change, item, "", vec![report], vec![]));
        }
        changes
    }
}

fn told_of(
    event: &mut Event,
    change: Change,
    item: &str,
    reason: &str,
    reports: Vec<Report>,
    withdrawn: Vec<String>,
) -> LedgerChange {
    event.revision += 1;
    event.report_count = event.reports.len() as u32;
    event.independent_source_count = event.report_count;
    let update = Update {
        change,
        event: Event {
            reports: reports.clone(),
            ..event.clone()
        },
        changed_fields: vec![],
        merged_into: String::new(),
        reason: if change == Change::Retracted {
            reason.into()
        } else {
            String::new()
        },
        caused_by_item_id: item.into(),
        committed_at: Timestamp::UNIX_EPOCH,
    };
    LedgerChange {
        update,
        reports,
        withdrawn,
    }
}

impl Merge for ByName {
    fn wants(&self, _: &Event, _: Timestamp) -> bool {
        true
    }

    fn holds(&self, event_id: &str) -> bool {
        self.0.contains_key(event_id)
    }

    fn restore(&mut self, event: Event) {
        self.0.insert(event.id.clone(), event);
    }

    fn apply(&mut self, item: &NewsItem, reports: Vec<Report>, _: Timestamp) -> Vec<LedgerChange> {
        assert_ne!(item.item_id, "breaks-the-ledger", "as the id says");
        self.changed(&item.item_id, reports, "corrected")
    }

    fn retract(&mut self, item_id: &str, reason: &str, _: Timestamp) -> Vec<LedgerChange> {
        self.changed(item_id, vec![], reason)
    }

    fn retract_event(
        &mut self,
        event_id: &str,
        reason: &str,
        _: Timestamp,
    ) -> Option<LedgerChange> {
        let event = self.0.get_mut(event_id)?;
        event.retracted = true;
        Some(told_of(
            event,
            Change::Retracted,
            "",
            reason,
            vec![],
            vec![],
        ))
    }
}
