//! The ledger: all open events, and what an item does to them.

use super::assign::{self, Choice, Former, Fresh};
use super::change::Round;
use super::open::{Open, closes_at};
use super::rules::Rules;
use super::score::{Score, Shape};
use super::shelf::Shelf;
use super::{Config, LedgerChange, event};
use crate::lexicon::ontology::Ontology;
use crate::lexicon::sources::{Imprint, Sources};
use crate::model::{Change, Engine, Event, NewsItem, Report, Update};
use jiff::Timestamp;
use std::sync::Arc;

/// Joins reports to events. It has no clock, no files and no chance: the same calls give the same changes, and a ledger
/// restored from the stored open events gives the same as one that never stopped.
///
/// Memory holds open events only. An event closes some days after its latest report came in ([`Config::open_days`];
/// "now" is the greatest receive time seen); then the store alone has it. Before a correction or a retraction of an item,
/// or the retraction of an event, the caller looks up the ids of the events that report it and restores those that
/// [`Ledger::holds`] denies, closed ones too: they are kept for the next call.
#[derive(Debug)]
pub struct Ledger {
    rules: Rules,
    sources: Arc<Sources>,
    engine: Engine,
    /// The greatest receive time seen.
    now: Timestamp,
    /// Open events, and retracted ones that keep their reports from raising them again.
    shelf: Shelf,
}

/// Why an event can't be retracted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("event {event_id:?} is not held: restore it first")]
    NotHeld { event_id: String },
    #[error("event {event_id:?} is retracted already")]
    AlreadyRetracted { event_id: String },
}

impl Ledger {
    /// A ledger without events. `engine` is stamped on every event that changes.
    pub fn new(
        config: Config,
        ontology: Arc<Ontology>,
        sources: Arc<Sources>,
        engine: Engine,
    ) -> Self {
        Self {
            rules: Rules::new(config, ontology),
            sources,
            engine,
            now: Timestamp::MIN,
            shelf: Shelf::default(),
        }
    }

    /// Takes in a stored event with all its reports: each open one at the start (see [`is_open`]), and a closed one before
    /// a call that concerns it. Merged events, and retracted ones without reports, are passed over, as is one that is held
    /// already.
    pub fn restore(&mut self, event: Event) {
        if !event.merged_into.is_empty() || event.reports.is_empty() || self.holds(&event.id) {
            return;
        }
        let id = event.id.clone();
        self.insert(Open::new(event, &self.rules));
        // A store that kept more than memory may hold: those that would close first stay there.
        while self.shelf.len() > self.rules.config.max_open_events {
            match self.shelf.first_to_close() {
                Some((_, first)) if *first != *id => self.shelf.take(&first),
                _ => break,
            };
        }
    }

    /// True if a stored event belongs in memory at the start, when `now` is the greatest receive time in the log.
    pub fn wants(&self, event: &Event, now: Timestamp) -> bool {
        is_open(event, &self.rules.config, now)
    }

    /// True if the event is in memory.
    pub fn holds(&self, event_id: &str) -> bool {
        self.shelf.holds(event_id)
    }

    /// Number of events in memory.
    pub fn len(&self) -> usize {
        self.shelf.len()
    }

    /// True without events.
    pub fn is_empty(&self) -> bool {
        self.shelf.len() == 0
    }

    /// A new item, or a new version of one, with the reports read from it. A new version's reports take the place of the
    /// older version's; a version older than the one known changes nothing. All changes to one event are one update.
    pub fn apply(
        &mut self,
        item: &NewsItem,
        reports: Vec<Report>,
        received_at: Timestamp,
    ) -> Vec<LedgerChange> {
        self.now = self.now.max(received_at);
        if self.knows_newer(item) {
            return Vec::new();
        }
        let mut round = Round::new(&item.item_id, received_at);
        let former = self.withdraw(&item.item_id, &mut round);
        let fresh = self.prepare(item, reports, received_at);
        let choices = assign::choose(self, &fresh, &former);
        for (fresh, choice) in fresh.into_iter().zip(choices) {
            match choice {
                Choice::Swallow => {}
                Choice::Found => self.found(fresh, &mut round),
                Choice::Join { event_id, also } => {
                    self.join(&event_id, fresh, &mut round);
                    self.bridge(event_id, &also, &mut round);
                }
            }
        }
        self.finish(round, "the corrected item no longer reports it")
    }

    /// The publisher withdrew an item: its reports vanish. Events with none left are retracted for `reason`.
    pub fn retract_item(
        &mut self,
        item_id: &str,
        reason: &str,
        received_at: Timestamp,
    ) -> Vec<LedgerChange> {
        self.now = self.now.max(received_at);
        let mut round = Round::new(item_id, received_at);
        self.withdraw(item_id, &mut round);
        self.finish(round, reason)
    }

    /// An operator calls an event false. It keeps its reports, and while its window lasts neither they nor copies of them
    /// nor their owners' further reports of it raise it again; an independent report does, as a new event.
    pub fn retract_event(
        &mut self,
        event_id: &str,
        reason: &str,
        received_at: Timestamp,
    ) -> Result<LedgerChange, Error> {
        self.now = self.now.max(received_at);
        let Some(open) = self.shelf.get_mut(event_id) else {
            return Err(Error::NotHeld {
                event_id: event_id.to_owned(),
            });
        };
        if open.event.retracted {
            return Err(Error::AlreadyRetracted {
                event_id: event_id.to_owned(),
            });
        }
        open.event.retracted = true;
        open.event.revision += 1;
        let event = open.bare();
        self.close();
        Ok(LedgerChange {
            update: Update {
                change: Change::Retracted,
                event,
                changed_fields: vec!["retracted".to_owned()],
                merged_into: String::new(),
                reason: reason.to_owned(),
                caused_by_item_id: String::new(),
                committed_at: received_at,
            },
            reports: Vec::new(),
            withdrawn: Vec::new(),
        })
    }

    /// The open events that a report is compared with, each with its likest report's score or what rules it out; the best
    /// first.
    pub fn explain(&self, report: &Report) -> Vec<(String, Score)> {
        let shape = Shape::read(report, &self.rules.ontology);
        let likest = |open: &Open| open.likest(report, &shape, &self.rules);
        let mut scores: Vec<(String, Score)> = self
            .candidates(report, &shape)
            .filter_map(|open| likest(open).map(|score| (open.event.id.clone(), score)))
            .collect();
        scores.sort_by(|(id_a, a), (id_b, b)| {
            let fits = |s: &Score| (s.conflict.is_none(), !s.weak);
            fits(b)
                .cmp(&fits(a))
                .then(b.total.total_cmp(&a.total))
                .then_with(|| id_a.cmp(id_b))
        });
        scores
    }

    /// Open events that share a family, a party or place, and a day with a report, in no order that means anything.
    pub(super) fn candidates(&self, report: &Report, shape: &Shape) -> impl Iterator<Item = &Open> {
        let keys = super::block::wide_keys(report, shape, &self.rules.ontology);
        let now = self.now.as_second();
        self.shelf
            .about(&keys)
            .filter(move |open| open.closes >= now)
    }

    /// What an item reported of events that an operator retracted.
    pub(super) fn retracted_of(&self, item_id: &str) -> impl Iterator<Item = (&Report, &Shape)> {
        let events = self.shelf.of_item(item_id).into_iter();
        let retracted = events.filter(|open| open.event.retracted);
        retracted.filter_map(move |open| open.report_of(item_id))
    }

    pub(super) fn rules(&self) -> &Rules {
        &self.rules
    }

    fn knows_newer(&self, item: &NewsItem) -> bool {
        let events = self.shelf.of_item(&item.item_id);
        events
            .into_iter()
            .flat_map(|open| open.reports())
            .any(|r| r.item_id == item.item_id && r.item_version > item.version)
    }

    /// Fills what the ledger knows of an item into its reports.
    fn prepare(&self, item: &NewsItem, reports: Vec<Report>, received_at: Timestamp) -> Vec<Fresh> {
        let imprint = Imprint {
            source: &item.source,
            url: &item.url,
            text: item.body.as_str(),
        };
        let origin = self.sources.origin(imprint);
        reports
            .into_iter()
            .map(|mut report| {
                report.item_id.clone_from(&item.item_id);
                report.item_version = item.version;
                report.received_at = Some(received_at);
                report.origin.clone_from(&origin);
                let shape = Shape::read(&report, &self.rules.ontology);
                Fresh { report, shape }
            })
            .collect()
    }

    /// Takes an item's reports from all events but retracted ones, which keep theirs to know them again.
    fn withdraw(&mut self, item_id: &str, round: &mut Round) -> Vec<Former> {
        let events = self
            .shelf
            .of_item(item_id)
            .into_iter()
            .filter(|open| !open.event.retracted);
        let ids: Vec<Arc<str>> = events.map(|open| open.id.clone()).collect();
        let mut former = Vec::new();
        for event_id in ids {
            let Some(mut open) = self.shelf.take(&event_id) else {
                continue;
            };
            round.touch(&mut open);
            if let Some((report, shape)) = open.withdraw(item_id, &self.rules) {
                round.withdrawn(&event_id, item_id);
                former.push(Former {
                    event_id,
                    report,
                    shape,
                });
            }
            self.insert(open);
        }
        former
    }

    fn found(&mut self, fresh: Fresh, round: &mut Round) {
        let id = (0..)
            .map(|salt| event::id_of(&fresh.report, salt))
            .find(|id| !self.holds(id))
            .expect("an event is held under each of at most as many ids as there are events");
        let event = Event {
            id,
            reports: vec![fresh.report.clone()],
            ..Event::default()
        };
        round.found(&event.id, fresh.report);
        let open = Open::new(event, &self.rules);
        self.insert(open);
    }

    fn join(&mut self, event_id: &str, fresh: Fresh, round: &mut Round) {
        let mut open = self
            .shelf
            .take(event_id)
            .expect("a report is given to an event that is held");
        round.touch(&mut open);
        round.added(event_id, fresh.report.clone());
        open.add(fresh.report, fresh.shape, &self.rules);
        self.insert(open);
    }

    /// Joins further events that a report fits to the one that it went to, where nothing speaks against it.
    fn bridge(&mut self, mut event_id: Arc<str>, also: &[Arc<str>], round: &mut Round) {
        for other_id in also {
            let (Some(one), Some(other)) = (self.shelf.get(&event_id), self.shelf.get(other_id))
            else {
                continue;
            };
            if *other_id == event_id || !one.can_merge(other, &self.rules) {
                continue;
            }
            let (survivor_id, loser_id) = if one.age() <= other.age() {
                (&event_id, other_id)
            } else {
                (other_id, &event_id)
            };
            let survivor_id = survivor_id.clone();
            let (Some(mut loser), Some(mut survivor)) =
                (self.shelf.take(loser_id), self.shelf.take(&survivor_id))
            else {
                continue;
            };
            round.touch(&mut survivor);
            round.merged(&mut loser, &survivor_id);
            for (report, shape) in loser.drain() {
                round.added(&survivor_id, report.clone());
                survivor.add(report, shape, &self.rules);
            }
            self.insert(survivor);
            event_id = survivor_id;
        }
    }

    /// Computes the events of a round anew, lets go of those without reports, and tells what changed.
    fn finish(&mut self, mut round: Round, reason: &str) -> Vec<LedgerChange> {
        for event_id in round.touched() {
            let Some(mut open) = self.shelf.take(&event_id) else {
                continue;
            };
            if open.reports().is_empty() {
                round.emptied(open, reason);
                continue;
            }
            open.compose(&self.engine, &self.rules);
            round.composed(&mut open);
            self.insert(open);
        }
        self.close();
        round.changes()
    }

    /// Lets go of events whose window is over, and of the soonest to close when there are too many.
    fn close(&mut self) {
        let now = self.now.as_second();
        while let Some((at, id)) = self.shelf.first_to_close() {
            if at >= now && self.shelf.len() <= self.rules.config.max_open_events {
                break;
            }
            self.shelf.take(&id);
        }
    }

    fn insert(&mut self, open: Open) {
        self.shelf.insert(open.settle(&self.rules.config));
    }
}

/// True if a stored event belongs in the ledger when the greatest receive time in the log is `now`.
pub fn is_open(event: &Event, config: &Config, now: Timestamp) -> bool {
    event.merged_into.is_empty()
        && !event.reports.is_empty()
        && closes_at(event, config) >= now.as_second()
}
