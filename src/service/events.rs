//! Events as they stand: lists of them, and one with its reports and its history.

use super::page::{self, Place};
use super::status::Fault;
use crate::feed::Filter;
use crate::store::{self, Order, Query, Snapshot};
use crate::wire::{self, Invalid, ListScope, Vocabulary, v1};

const DEFAULT_PAGE: u32 = 50;
const MAX_PAGE: u32 = 500;
/// Updates of a history, and the bytes that they may have together: an answer must fit in a client's message.
const MAX_HISTORY: usize = 1000;
const MAX_HISTORY_BYTES: usize = 2 << 20;
/// A merged event may have been merged into one that was merged in turn.
const MAX_MERGES: usize = 64;

/// A list that was asked for, checked.
pub struct List {
    filter: Filter,
    query: Query,
    request: u32,
}

impl List {
    /// Checks a request.
    pub fn read(
        mut message: v1::ListEventsRequest,
        vocabulary: &Vocabulary,
    ) -> Result<List, Invalid> {
        let page_size = page::size(
            std::mem::take(&mut message.page_size),
            DEFAULT_PAGE,
            MAX_PAGE,
        )?;
        let token = std::mem::take(&mut message.page_token);
        let request = page::checksum(&message);
        let order = match v1::EventOrder::try_from(message.order_by) {
            Ok(v1::EventOrder::Unspecified | v1::EventOrder::LastReported) => Order::LastReported,
            Ok(v1::EventOrder::EventTime) => Order::EventTime,
            Err(_) => {
                let description = format!("expected a named order, found {}", message.order_by);
                return Err(Invalid::one("order_by", description));
            }
        };
        let bound = |field: &str, time: Option<pbjson_types::Timestamp>| {
            let time = time
                .map(|t| wire::timestamp_in_range(field, &t))
                .transpose()?;
            Ok::<_, Invalid>(time.map(|t| t.as_microsecond()))
        };
        let query = Query {
            order,
            occurred_after: bound("occurred_after", message.occurred_after)?,
            occurred_before: bound("occurred_before", message.occurred_before)?,
            reported_after: bound("reported_after", message.reported_after)?,
            reported_before: bound("reported_before", message.reported_before)?,
            show_retracted: message.show_retracted,
            page_size,
            after: Place::read(&token, request)?.map(|place| (place.time, place.id)),
        };
        let filter = wire::filter(message.filter, ListScope::Events, vocabulary)?;
        Ok(List {
            filter,
            query,
            request,
        })
    }

    /// Its page.
    pub fn answer(&self, snapshot: &Snapshot) -> Result<v1::ListEventsResponse, Fault> {
        let wants = |facets: &store::Facets, voices: &[store::Voice]| {
            self.filter.matches_event(facets, voices)
        };
        let page = snapshot.list(&self.query, wants)?;
        let next = page.next.map(|(time, id)| Place {
            time,
            id,
            skip: 0,
            request: self.request,
        });
        Ok(v1::ListEventsResponse {
            events: page.events.iter().map(wire::event).collect(),
            next_page_token: next.map(|place| place.token()).unwrap_or_default(),
        })
    }
}

/// One event with a page of its reports; of a merged event, the survivor.
pub fn get(
    snapshot: &Snapshot,
    asked: &v1::GetEventRequest,
    page_size: usize,
) -> Result<v1::GetEventResponse, Fault> {
    let request = page::checksum(&v1::GetEventRequest {
        page_size: 0,
        page_token: String::new(),
        ..asked.clone()
    });
    let place = Place::read(&asked.page_token, request)?;
    let skip = place.map_or(0, |p| usize::try_from(p.skip).unwrap_or(usize::MAX));
    let unknown = || Fault::event_unknown(&asked.id);
    let mut event = snapshot.event(&asked.id)?.ok_or_else(unknown)?;
    for _ in 0..MAX_MERGES {
        if event.merged_into.is_empty() {
            break;
        }
        // Retention may have removed the survivor: then the merged event is all that is known.
        match snapshot.event(&event.merged_into)? {
            Some(survivor) => event = survivor,
            None => break,
        }
    }
    let (reports, total) = snapshot.reports(&event.id, skip, page_size)?;
    let shown = skip.saturating_add(reports.len());
    event.reports = reports;
    let history = match asked.history && skip == 0 {
        true => snapshot.history(&event.id, MAX_HISTORY, MAX_HISTORY_BYTES)?,
        false => Vec::new(),
    };
    let history = history
        .iter()
        .map(|update| wire::decode_update(update).map_err(|_| store::Error::Damaged))
        .collect::<Result<Vec<_>, _>>()?;
    let next = (shown < total).then(|| Place {
        time: 0,
        id: String::new(),
        skip: shown as u64,
        request,
    });
    Ok(v1::GetEventResponse {
        event: Some(wire::event(&event)),
        history,
        next_page_token: next.map(|place| place.token()).unwrap_or_default(),
    })
}
