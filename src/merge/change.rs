//! What one call changed, told as one update an event.

use super::LedgerChange;
use super::event::{changed_fields, is_corroboration};
use super::open::Open;
use crate::model::{Change, Event, Report, Update};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Reports that an update carries at most.
const SHOWN: usize = 8;

/// One call in the making.
pub(super) struct Round {
    item_id: String,
    received_at: Timestamp,
    /// Events that are concerned, in the order in which they first were.
    order: Vec<String>,
    touched: BTreeMap<String, Touched>,
}

/// An event that is concerned.
#[derive(Default)]
struct Touched {
    /// As it was, without reports; none for a new one.
    before: Option<Event>,
    added: Vec<Report>,
    withdrawn: Vec<String>,
    /// Items whose older report here made room for a newer one.
    replaced: Vec<String>,
    outcome: Option<Outcome>,
}

/// What became of it, without reports.
enum Outcome {
    Composed(Event),
    Merged(Event),
    Emptied(Event, String),
}

impl Round {
    pub(super) fn new(item_id: &str, received_at: Timestamp) -> Self {
        Self {
            item_id: item_id.to_owned(),
            received_at,
            order: Vec::new(),
            touched: BTreeMap::new(),
        }
    }

    /// Notes what an event was before this call.
    pub(super) fn touch(&mut self, open: &mut Open) {
        if !self.touched.contains_key(&open.event.id) {
            let before = Some(open.bare());
            self.enter(&open.event.id).before = before;
        }
    }

    /// A new event with its first report.
    pub(super) fn found(&mut self, event_id: &str, report: Report) {
        self.enter(event_id).added.push(report);
    }

    pub(super) fn added(&mut self, event_id: &str, report: Report) {
        let touched = self.enter(event_id);
        if let Some(at) = touched
            .withdrawn
            .iter()
            .position(|item| *item == report.item_id)
        {
            touched.replaced.push(touched.withdrawn.swap_remove(at));
        }
        touched.added.push(report);
    }

    pub(super) fn withdrawn(&mut self, event_id: &str, item_id: &str) {
        self.enter(event_id).withdrawn.push(item_id.to_owned());
    }

    /// `loser` goes into another event, with all its reports.
    pub(super) fn merged(&mut self, loser: &mut Open, survivor_id: &str) {
        self.touch(loser);
        let mut event = loser.bare();
        event.revision += 1;
        event.merged_into = survivor_id.to_owned();
        let items: Vec<String> = loser.reports().iter().map(|r| r.item_id.clone()).collect();
        let touched = self.enter(&loser.event.id);
        // What this call added to it was never stored under it.
        let added = std::mem::take(&mut touched.added);
        let replaced = std::mem::take(&mut touched.replaced);
        let is_new =
            |item: &String| !replaced.contains(item) && added.iter().any(|r| r.item_id == *item);
        touched
            .withdrawn
            .extend(items.into_iter().filter(|item| !is_new(item)));
        touched.outcome = Some(Outcome::Merged(event));
    }

    /// The ids of all events concerned.
    pub(super) fn touched(&self) -> Vec<String> {
        self.order.clone()
    }

    /// An event has been computed anew; gives it its revision.
    pub(super) fn composed(&mut self, open: &mut Open) {
        open.event.revision += 1;
        let event = open.bare();
        self.enter(&open.event.id).outcome = Some(Outcome::Composed(event));
    }

    /// An event has no report left.
    pub(super) fn emptied(&mut self, open: Open, reason: &str) {
        let mut event = open.event;
        event.revision += 1;
        event.retracted = true;
        event.report_count = 0;
        event.independent_source_count = 0;
        let id = event.id.clone();
        self.enter(&id).outcome = Some(Outcome::Emptied(event, reason.to_owned()));
    }

    /// What changed: events that went first, then the others in text order.
    pub(super) fn changes(mut self) -> Vec<LedgerChange> {
        let mut gone = Vec::new();
        let mut changed = Vec::new();
        for id in std::mem::take(&mut self.order) {
            let Some(mut touched) = self.touched.remove(&id) else {
                continue;
            };
            let Some(outcome) = touched.outcome.take() else {
                continue;
            };
            let stays = matches!(outcome, Outcome::Composed(_));
            let change = self.change(touched, outcome);
            if stays {
                changed.push(change)
            } else {
                gone.push(change)
            }
        }
        gone.extend(changed);
        gone
    }

    fn change(&self, touched: Touched, outcome: Outcome) -> LedgerChange {
        let Touched {
            before,
            added,
            withdrawn,
            ..
        } = touched;
        let fields = |after: &Event| {
            before
                .as_ref()
                .map(|b| changed_fields(b, after))
                .unwrap_or_default()
        };
        let (change, mut event, mut changed, reason) = match outcome {
            Outcome::Merged(event) => {
                (Change::Merged, event.clone(), fields(&event), String::new())
            }
            Outcome::Emptied(event, reason) => {
                (Change::Retracted, event.clone(), fields(&event), reason)
            }
            Outcome::Composed(event) => {
                let changed = fields(&event);
                let change = match &before {
                    None => Change::Created,
                    Some(_)
                        if withdrawn.is_empty()
                            && !changed.is_empty()
                            && is_corroboration(&changed) =>
                    {
                        Change::Corroborated
                    }
                    Some(_) => Change::Revised,
                };
                (change, event, changed, String::new())
            }
        };
        if change == Change::Revised && changed.is_empty() {
            // A correction that says the same of this event: the report is another one all the same.
            changed.push("reports".to_owned());
        }
        event.reports = added.iter().take(SHOWN).cloned().collect();
        LedgerChange {
            update: Update {
                change,
                merged_into: event.merged_into.clone(),
                event,
                changed_fields: changed,
                reason,
                caused_by_item_id: self.item_id.clone(),
                committed_at: self.received_at,
            },
            reports: added,
            withdrawn,
        }
    }

    fn enter(&mut self, event_id: &str) -> &mut Touched {
        if !self.touched.contains_key(event_id) {
            self.order.push(event_id.to_owned());
        }
        self.touched.entry(event_id.to_owned()).or_default()
    }
}
