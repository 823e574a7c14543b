//! Which events are worth comparing with a report: those that share a type family, an actor, country or place, and a day.

use super::actor::parties;
use super::score::Shape;
use super::time;
use crate::lexicon::ontology::Ontology;
use crate::lexicon::sources::fold;
use crate::model::Report;
use std::collections::{BTreeSet, HashMap};

/// Family and actor, country or place, hashed; and a day since 1970.
pub(super) type Key = (u64, i64);

/// An event in memory, for as long as it is there.
pub(super) type Handle = u64;

/// Events by key.
#[derive(Debug, Default)]
pub(super) struct Index {
    events: HashMap<Key, Vec<Handle>>,
}

impl Index {
    pub(super) fn insert(&mut self, key: Key, event: Handle) {
        self.events.entry(key).or_default().push(event);
    }

    pub(super) fn remove(&mut self, key: Key, event: Handle) {
        if let Some(list) = self.events.get_mut(&key) {
            if let Some(at) = list.iter().position(|e| *e == event) {
                list.swap_remove(at);
            }
            if list.is_empty() {
                self.events.remove(&key);
            }
        }
    }

    /// The events under any of the keys, each once, in no order that means anything.
    pub(super) fn find(&self, keys: &BTreeSet<Key>) -> Vec<Handle> {
        let mut found: Vec<Handle> = keys
            .iter()
            .filter_map(|k| self.events.get(k))
            .flatten()
            .copied()
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The keys under which a report is kept.
pub(super) fn keys(report: &Report, shape: &Shape, ontology: &Ontology) -> BTreeSet<Key> {
    keys_within(report, shape, ontology, 0)
}

/// The keys under which its like are looked for: a day earlier and later as well.
pub(super) fn wide_keys(report: &Report, shape: &Shape, ontology: &Ontology) -> BTreeSet<Key> {
    keys_within(report, shape, ontology, 1)
}

fn keys_within(report: &Report, shape: &Shape, ontology: &Ontology, margin: u32) -> BTreeSet<Key> {
    let event_type = shape.event_type(ontology);
    let families: Vec<&str> = match event_type {
        Some(t) => t.families.iter().map(String::as_str).collect(),
        None => vec![report.event_type.as_str()],
    };
    let mut marks: BTreeSet<String> = BTreeSet::new();
    for actor in parties(report) {
        if !actor.country.is_empty() {
            marks.insert(format!("country {}", actor.country));
        }
        // `org.nato.secretary-general` is found under `org.nato` as well.
        let whole: Vec<&str> = actor.id.splitn(3, '.').take(2).collect();
        match whole.as_slice() {
            [] | [""] => {
                let name = fold(&actor.name);
                if !name.is_empty() {
                    marks.insert(format!("name {name}"));
                }
            }
            _ => {
                marks.insert(format!("id {}", whole.join(".")));
            }
        }
    }
    if let Some(place) = &report.location {
        if !place.country.is_empty() {
            marks.insert(format!("country {}", place.country));
        }
        let name = fold(&place.name);
        if !name.is_empty() {
            marks.insert(format!("place {name}"));
        }
    }
    if marks.is_empty() {
        marks.insert("nobody nowhere".to_owned());
    }
    let margin = event_type.map_or(0, |t| t.lasting).max(margin);
    let mut keys = BTreeSet::new();
    for day in time::days(&shape.interval, margin) {
        for family in &families {
            for mark in &marks {
                keys.insert((hash(family, mark), day));
            }
        }
    }
    keys
}

/// FNV-1a, 64 bits.
fn hash(family: &str, mark: &str) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325_u64;
    for byte in family.bytes().chain([0xff]).chain(mark.bytes()) {
        h = (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    h
}
