//! Lists of events, a page at a time.

use super::facets::{Facets, Voice};
use super::snapshot::decoded_event;
use super::{Error, Snapshot, record, tables};
use crate::model::Event;

/// Events looked at for one page; a narrow filter then gives a short page with a token, never a slow answer.
const MAX_LOOKED_AT: usize = 10_000;

/// Order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Newest report first.
    LastReported,
    /// Latest happening first, by its last moment; unknown times last.
    EventTime,
}

/// Which events, and from where. Times are microseconds since 1970.
#[derive(Debug, Clone)]
pub struct Query {
    pub order: Order,
    /// The end of the happening is not before this.
    pub occurred_after: Option<i64>,
    /// The start of the happening is before this.
    pub occurred_before: Option<i64>,
    /// The last report is not before this.
    pub reported_after: Option<i64>,
    /// The first report is before this.
    pub reported_before: Option<i64>,
    pub show_retracted: bool,
    pub page_size: usize,
    /// Place in the order after which the page begins.
    pub after: Option<(i64, String)>,
}

/// One page.
#[derive(Debug, Default)]
pub struct Page {
    /// Each with its latest report.
    pub events: Vec<Event>,
    /// Place after which the next page begins; none on the last.
    pub next: Option<(i64, String)>,
}

impl Snapshot {
    /// A page of events that `wants` says yes to.
    pub fn list(
        &self,
        query: &Query,
        wants: impl Fn(&Facets, &[Voice]) -> bool,
    ) -> Result<Page, Error> {
        let (table, least) = match query.order {
            Order::LastReported => (tables::BY_REPORTED, query.reported_after),
            Order::EventTime => (tables::BY_TIME, query.occurred_after),
        };
        let order = self.read.open_table(table)?;
        let events = self.read.open_table(tables::EVENTS)?;
        let least = (least.unwrap_or(i64::MIN), "");
        let places = match &query.after {
            Some((time, id)) if (*time, id.as_str()) <= least => return Ok(Page::default()),
            Some((time, id)) => order.range(least..(*time, id.as_str()))?,
            None => order.range(least..)?,
        };
        let mut page = Page::default();
        for (looked_at, place) in places.rev().enumerate() {
            let (place, _) = place?;
            let (time, id) = place.value();
            if page.events.len() == query.page_size || looked_at == MAX_LOOKED_AT {
                return Ok(page);
            }
            page.next = Some((time, id.to_owned()));
            let sealed = events
                .get(id)?
                .ok_or_else(|| Error::corrupt("events", id, "a record", "none"))?;
            let record: record::Event = record::open("events", id.as_bytes(), sealed.value())?;
            if !query.is_in_bounds(&record) {
                continue;
            }
            let facets = self
                .event_facets(id)?
                .ok_or_else(|| Error::corrupt("facets", id, "a record", "none"))?;
            if !wants(&facets.facets, &facets.voices()) {
                continue;
            }
            let mut event = decoded_event(id, &record)?;
            if let Some(latest) = facets.reports.last() {
                event.reports.push(self.report(id, &latest.item_id)?);
            }
            page.events.push(event);
        }
        page.next = None;
        Ok(page)
    }
}

impl Query {
    fn is_in_bounds(&self, event: &record::Event) -> bool {
        (self.show_retracted || !event.hidden)
            && self
                .occurred_after
                .is_none_or(|t| event.end_us.is_some_and(|end| end >= t))
            && self
                .occurred_before
                .is_none_or(|t| event.start_us.is_some_and(|start| start < t))
            && self
                .reported_after
                .is_none_or(|t| event.last_reported_us >= t)
            && self
                .reported_before
                .is_none_or(|t| event.first_reported_us < t)
    }
}
