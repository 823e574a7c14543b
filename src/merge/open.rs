//! An event that is still open: its reports, whose voices they are, and where it is looked for.

use super::block::{self, Key};
use super::rules::Rules;
use super::score::{Score, Shape, compare};
use super::time::{DAY, told};
use super::{Config, event, support};
use crate::lexicon::ontology::Ontology;
use crate::model::{Engine, Event, Report};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Reports of an event that a new one is compared with: the first and the latest.
const COMPARED: usize = 48;
/// Reports of each of two events that are compared before the two become one.
const CROSS_COMPARED: usize = 12;
/// One in so many reports may conflict with another before they are kept apart: a reading can be wrong.
const TOLERATED: usize = 4;

/// Seconds for which a planned event is awaited at most.
const LONGEST_WAIT: i64 = 400 * DAY;

/// An event with what the ledger keeps beside it. Vectors run parallel to `event.reports`, which are in the order of
/// [`place_of`].
#[derive(Debug)]
pub(super) struct Open {
    pub(super) id: Arc<str>,
    pub(super) event: Event,
    /// See [`closes_at`]; as of the latest [`Open::settle`].
    pub(super) closes: i64,
    shapes: Vec<Shape>,
    labels: Vec<u32>,
    pub(super) keys: BTreeSet<Key>,
}

impl Open {
    /// An event with the reports that `event` has.
    pub(super) fn new(mut event: Event, rules: &Rules) -> Self {
        event.reports.sort_by(|a, b| place_of(a).cmp(&place_of(b)));
        let shapes: Vec<Shape> = event
            .reports
            .iter()
            .map(|r| Shape::read(r, &rules.ontology))
            .collect();
        let mut open = Self {
            id: Arc::from(event.id.as_str()),
            closes: closes_at(&event, &rules.config),
            event,
            shapes,
            labels: Vec::new(),
            keys: BTreeSet::new(),
        };
        open.relabel(&rules.config);
        open.rekey(&rules.ontology);
        open
    }

    pub(super) fn reports(&self) -> &[Report] {
        &self.event.reports
    }

    pub(super) fn has_item(&self, item_id: &str) -> bool {
        self.event.reports.iter().any(|r| r.item_id == item_id)
    }

    /// An item's report here.
    pub(super) fn report_of(&self, item_id: &str) -> Option<(&Report, &Shape)> {
        let at = self.event.reports.iter();
        let at = at.enumerate().find(|(_, r)| r.item_id == item_id)?.0;
        Some((&self.event.reports[at], &self.shapes[at]))
    }

    /// Adds a report of an item that has none here.
    pub(super) fn add(&mut self, report: Report, shape: Shape, rules: &Rules) {
        self.keys
            .extend(block::keys(&report, &shape, &rules.ontology));
        let at = self
            .event
            .reports
            .partition_point(|r| place_of(r) <= place_of(&report));
        let last = at == self.event.reports.len();
        self.event.reports.insert(at, report);
        self.shapes.insert(at, shape);
        if last {
            let wordings: Vec<_> = self.shapes.iter().map(|s| &s.wording).collect();
            support::add_label(
                &mut self.labels,
                &self.event.reports,
                &wordings,
                rules.config.copy,
            );
        } else {
            self.relabel(&rules.config);
        }
    }

    /// Takes an item's report away.
    pub(super) fn withdraw(&mut self, item_id: &str, rules: &Rules) -> Option<(Report, Shape)> {
        let at = self
            .event
            .reports
            .iter()
            .position(|r| r.item_id == item_id)?;
        let gone = (self.event.reports.remove(at), self.shapes.remove(at));
        self.relabel(&rules.config);
        self.rekey(&rules.ontology);
        Some(gone)
    }

    /// Takes all reports away, for another event.
    pub(super) fn drain(&mut self) -> Vec<(Report, Shape)> {
        self.labels.clear();
        std::mem::take(&mut self.event.reports)
            .into_iter()
            .zip(std::mem::take(&mut self.shapes))
            .collect()
    }

    /// Fixes when it closes, before it goes back among the others.
    pub(super) fn settle(mut self, config: &Config) -> Self {
        self.closes = closes_at(&self.event, config);
        self
    }

    /// Computes the event's fields from its reports; id, revision and reports stay.
    pub(super) fn compose(&mut self, engine: &Engine, rules: &Rules) {
        let reports = std::mem::take(&mut self.event.reports);
        let composed = event::compose(
            &reports,
            &self.labels,
            &rules.ontology,
            engine,
            rules.config.toll_hours,
        );
        self.event = Event {
            id: std::mem::take(&mut self.event.id),
            revision: self.event.revision,
            reports,
            ..composed
        };
    }

    /// The event without its reports.
    pub(super) fn bare(&mut self) -> Event {
        let reports = std::mem::take(&mut self.event.reports);
        let bare = self.event.clone();
        self.event.reports = reports;
        bare
    }

    /// How well a report fits: the best of its scores with reports here. None when too many of them conflict with it, or
    /// none is like it.
    pub(super) fn fit(&self, report: &Report, shape: &Shape, rules: &Rules) -> Option<Score> {
        let mut best: Option<Score> = None;
        let compared = self.event.reports.len().min(COMPARED);
        let mut conflicts = 0;
        for i in some_of(self.event.reports.len(), COMPARED) {
            let ours = (&self.event.reports[i], &self.shapes[i]);
            let score = compare((report, shape), ours, rules);
            if score.conflict.is_some() {
                conflicts += 1;
                if conflicts * TOLERATED > compared {
                    return None;
                }
            } else if !score.weak && best.as_ref().is_none_or(|b| score.total > b.total) {
                best = Some(score);
            }
        }
        best
    }

    /// The score with the report here that is likest, also where that is not enough, for an explanation.
    pub(super) fn likest(&self, report: &Report, shape: &Shape, rules: &Rules) -> Option<Score> {
        let rank = |s: &Score| (s.conflict.is_none(), !s.weak);
        some_of(self.event.reports.len(), COMPARED)
            .map(|i| {
                compare(
                    (report, shape),
                    (&self.event.reports[i], &self.shapes[i]),
                    rules,
                )
            })
            .max_by(|a, b| rank(a).cmp(&rank(b)).then(a.total.total_cmp(&b.total)))
    }

    /// True if a report is a copy of one here, or of the same item or the same owner.
    pub(super) fn echoes(&self, report: &Report, shape: &Shape, config: &Config) -> bool {
        self.event.reports.iter().zip(&self.shapes).any(|(r, s)| {
            r.item_id == report.item_id
                || !r.origin.is_empty() && r.origin == report.origin
                || s.wording.is_copy(&shape.wording, config.copy)
        })
    }

    /// True if two events can be one: no item reports both, and few of their reports conflict.
    pub(super) fn can_merge(&self, other: &Self, rules: &Rules) -> bool {
        if self
            .event
            .reports
            .iter()
            .any(|r| other.has_item(&r.item_id))
        {
            return false;
        }
        let (mut compared, mut conflicts) = (0, 0);
        for i in some_of(self.event.reports.len(), CROSS_COMPARED) {
            for j in some_of(other.event.reports.len(), CROSS_COMPARED) {
                let ours = (&self.event.reports[i], &self.shapes[i]);
                let score = compare(ours, (&other.event.reports[j], &other.shapes[j]), rules);
                compared += 1;
                conflicts += usize::from(score.conflict.is_some());
            }
        }
        conflicts * TOLERATED <= compared
    }

    /// When its first report came in, in seconds since 1970, and its id: the order of age.
    pub(super) fn age(&self) -> (i64, &str) {
        let first = self.event.reports.iter().map(received).min();
        (first.unwrap_or(i64::MAX), &self.event.id)
    }

    fn relabel(&mut self, config: &Config) {
        let wordings: Vec<_> = self.shapes.iter().map(|s| &s.wording).collect();
        self.labels = support::labels(&self.event.reports, &wordings, config.copy);
    }

    fn rekey(&mut self, ontology: &Ontology) {
        let keys = |(r, s): (&Report, &Shape)| block::keys(r, s, ontology);
        self.keys = self
            .event
            .reports
            .iter()
            .zip(&self.shapes)
            .flat_map(keys)
            .collect();
    }
}

/// Seconds since 1970 until which an event takes reports in: some days after the latest came in, and for a plan until
/// after its date.
pub fn closes_at(event: &Event, config: &Config) -> i64 {
    let latest = event
        .reports
        .iter()
        .map(received)
        .max()
        .unwrap_or_else(|| event.last_reported.as_second());
    let open = latest.saturating_add(i64::from(config.open_days) * DAY);
    // A date far in the future, misread perhaps, does not hold an event for ever.
    let awaited = event::awaited_until(event, config.planned_days)
        .map(|t| t.min(open.saturating_add(LONGEST_WAIT)));
    awaited.map_or(open, |awaited| open.max(awaited))
}

fn received(report: &Report) -> i64 {
    report
        .received_at
        .unwrap_or_else(|| told(report))
        .as_second()
}

/// Where a report stands among those of its event: by receive time, then item.
fn place_of(report: &Report) -> (Option<jiff::Timestamp>, &str) {
    (report.received_at, &report.item_id)
}

/// The first and the last indices of `n`, at most `most` in all.
fn some_of(n: usize, most: usize) -> impl Iterator<Item = usize> {
    let (head, tail) = if n <= most {
        (n, n)
    } else {
        (most / 2, n - most / 2)
    };
    (0..head).chain(tail..n)
}
