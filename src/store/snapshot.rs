//! The database as it stood at one moment, to read.

use super::facets::{EventFacets, Facets, Voice};
use super::record::{self, State};
use super::{Error, tables};
use crate::model::{Answer, Caused, Change, Event, NewsItem, Report};
use crate::wire;
use jiff::Timestamp;
use redb::{ReadTransaction, ReadableTable};

/// One record of the log, with all that filters look at.
#[derive(Debug, Clone)]
pub struct LogEntry {
    pub position: u64,
    /// Microseconds since 1970; grows strictly with the position.
    pub committed_us: i64,
    pub change: Change,
    pub before: Option<Facets>,
    pub after: Facets,
    pub voices: Vec<Voice>,
    /// `sitrep.v1.Update`, encoded.
    pub update: bytes::Bytes,
}

/// What is in the log after a position.
#[derive(Debug)]
pub enum LogRead {
    /// In order, without gaps; empty at the end of the log.
    Entries(Vec<LogEntry>),
    /// Retention has removed what came next; `oldest` is the position before the oldest update retained.
    Expired { oldest: u64 },
}

/// An item as stored, with the answer that its sender was given.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredItem {
    pub version: u32,
    pub received_at: Timestamp,
    pub content_hash: [u8; 32],
    /// What its submission was answered; `duplicate` is false.
    pub answer: Answer,
    pub retracted: bool,
    /// What its withdrawal caused, in feed order.
    pub withdrawal: Vec<Caused>,
    /// None where texts are not kept.
    pub item: Option<NewsItem>,
}

/// The database as it stood at one moment.
pub struct Snapshot {
    pub(super) read: ReadTransaction,
    state: State,
}

impl Snapshot {
    pub(super) fn new(read: ReadTransaction) -> Result<Self, Error> {
        let meta = read.open_table(tables::META)?;
        let sealed = meta
            .get("state")?
            .ok_or_else(|| Error::corrupt("meta", "state", "a record", "none"))?;
        let state = record::open("meta", b"state", sealed.value())?;
        Ok(Snapshot { read, state })
    }

    /// Position of the newest update, 0 before the first.
    pub fn newest(&self) -> u64 {
        self.state.last_position
    }

    /// When the newest update retained was committed.
    pub fn newest_time(&self) -> Option<Timestamp> {
        let is_empty = self.newest() == self.oldest();
        (!is_empty).then(|| from_us(self.state.last_committed_us))
    }

    /// Position before the oldest update retained.
    pub fn oldest(&self) -> u64 {
        self.state.trimmed_position
    }

    /// When the oldest update retained was committed.
    pub fn oldest_time(&self) -> Result<Option<Timestamp>, Error> {
        if self.newest() == self.oldest() {
            return Ok(None);
        }
        Ok(Some(from_us(
            self.log_record(self.oldest() + 1)?.committed_us,
        )))
    }

    /// Updates after `position`: at most `most`, and no more once they have `most_bytes` together (one at least).
    pub fn log(&self, position: u64, most: usize, most_bytes: usize) -> Result<LogRead, Error> {
        if position < self.oldest() {
            return Ok(LogRead::Expired {
                oldest: self.oldest(),
            });
        }
        let table = self.read.open_table(tables::LOG)?;
        let mut entries = Vec::new();
        let mut bytes = 0;
        let mut next = position + 1;
        for entry in table.range(next..)? {
            let (found, sealed) = entry?;
            if found.value() != next {
                return Err(Error::corrupt("log", next, "a record", "none"));
            }
            let record: record::Log = record::open("log", &next.to_be_bytes(), sealed.value())?;
            bytes += record.update.len();
            entries.push(log_entry(next, record)?);
            next += 1;
            if entries.len() >= most || bytes >= most_bytes {
                return Ok(LogRead::Entries(entries));
            }
        }
        if next <= self.newest() {
            return Err(Error::corrupt("log", next, "a record", "none"));
        }
        Ok(LogRead::Entries(entries))
    }

    /// Position after which the first update committed at or after `time` comes. None when retention has removed
    /// updates that belong there.
    pub fn position_before(&self, time: Timestamp) -> Result<Option<u64>, Error> {
        let time = time.as_microsecond();
        if self.oldest() > 0 && time <= self.state.trimmed_committed_us {
            return Ok(None);
        }
        // Commit times grow with positions, so halving finds the place.
        let (mut before, mut after) = (self.oldest(), self.newest() + 1);
        while after - before > 1 {
            let middle = before + (after - before) / 2;
            if self.log_record(middle)?.committed_us < time {
                before = middle;
            } else {
                after = middle;
            }
        }
        Ok(Some(before))
    }

    /// Updates of an event as far as they are retained, encoded, oldest first: the newest `most` of them, and no more
    /// once they have `most_bytes` together.
    pub fn history(
        &self,
        event_id: &str,
        most: usize,
        most_bytes: usize,
    ) -> Result<Vec<bytes::Bytes>, Error> {
        let table = self.read.open_table(tables::HISTORY)?;
        let mut found = Vec::new();
        let mut bytes = 0;
        for entry in table.range((event_id, 0)..=(event_id, u32::MAX))?.rev() {
            let update = self.log_record(entry?.1.value())?.update;
            bytes += update.len();
            if found.len() == most || bytes > most_bytes {
                break;
            }
            found.push(update);
        }
        found.reverse();
        Ok(found)
    }

    fn log_record(&self, position: u64) -> Result<record::Log, Error> {
        let table = self.read.open_table(tables::LOG)?;
        let sealed = table
            .get(position)?
            .ok_or_else(|| Error::corrupt("log", position, "a record", "none"))?;
        record::open("log", &position.to_be_bytes(), sealed.value())
    }

    /// An item.
    pub fn item(&self, id: &str) -> Result<Option<StoredItem>, Error> {
        match self.read.open_table(tables::ITEMS)?.get(id)? {
            None => Ok(None),
            Some(sealed) => stored_item(id, sealed.value()).map(Some),
        }
    }

    pub(super) fn oldest_item_due(&self) -> Result<Option<i64>, Error> {
        let table = self.read.open_table(tables::ITEMS_BY_TIME)?;
        Ok(table.first()?.map(|(key, _)| key.value().0))
    }

    /// An event as it stands, without its reports.
    pub fn event(&self, id: &str) -> Result<Option<Event>, Error> {
        match self.read.open_table(tables::EVENTS)?.get(id)? {
            None => Ok(None),
            Some(sealed) => {
                let record: record::Event = record::open("events", id.as_bytes(), sealed.value())?;
                decoded_event(id, &record).map(Some)
            }
        }
    }

    /// Reports of an event, oldest first: `most` of them after the first `skip`, and how many there are in all.
    pub fn reports(
        &self,
        event_id: &str,
        skip: usize,
        most: usize,
    ) -> Result<(Vec<Report>, usize), Error> {
        let Some(facets) = self.event_facets(event_id)? else {
            return Ok((Vec::new(), 0));
        };
        let wanted = facets.reports.iter().skip(skip).take(most);
        let reports = wanted
            .map(|r| self.report(event_id, &r.item_id))
            .collect::<Result<Vec<_>, _>>()?;
        Ok((reports, facets.reports.len()))
    }

    pub(super) fn event_facets(&self, event_id: &str) -> Result<Option<EventFacets>, Error> {
        match self.read.open_table(tables::FACETS)?.get(event_id)? {
            None => Ok(None),
            Some(sealed) => record::open("facets", event_id.as_bytes(), sealed.value()).map(Some),
        }
    }

    pub(super) fn report(&self, event_id: &str, item_id: &str) -> Result<Report, Error> {
        let table = self.read.open_table(tables::REPORTS)?;
        let sealed = table.get((event_id, item_id))?;
        decoded_report(event_id, item_id, sealed.as_ref().map(|s| s.value()))
    }

    /// Every event with all of its reports, for the ledger, in no particular order.
    pub fn for_each_event(&self, mut visit: impl FnMut(Event)) -> Result<(), Error> {
        let table = self.read.open_table(tables::EVENTS)?;
        for entry in table.iter()? {
            let (id, sealed) = entry?;
            let id = id.value();
            let record: record::Event = record::open("events", id.as_bytes(), sealed.value())?;
            let mut event = decoded_event(id, &record)?;
            event.reports = self.reports(id, 0, usize::MAX)?.0;
            visit(event);
        }
        Ok(())
    }
}

pub(super) fn decoded_event(id: &str, record: &record::Event) -> Result<Event, Error> {
    wire::decode_event(&record.event)
        .map_err(|e| Error::corrupt("events", id, "a readable message", e))
}

/// The report in a record that must be there.
pub(super) fn decoded_report(
    event_id: &str,
    item_id: &str,
    sealed: Option<&[u8]>,
) -> Result<Report, Error> {
    let key = record::pair(event_id, item_id);
    let corrupt = |expected: &str, found: String| {
        Error::corrupt("reports", format!("{event_id}/{item_id}"), expected, found)
    };
    let sealed = sealed.ok_or_else(|| corrupt("a record", "none".into()))?;
    let bytes = record::open_bytes("reports", &key, sealed)?;
    wire::decode_report(bytes).map_err(|e| corrupt("a readable message", e.to_string()))
}

fn log_entry(position: u64, record: record::Log) -> Result<LogEntry, Error> {
    let change = wire::change_number_back(record.change)
        .ok_or_else(|| Error::corrupt("log", position, "a known change", record.change))?;
    Ok(LogEntry {
        position,
        change,
        committed_us: record.committed_us,
        before: record.before,
        after: record.after,
        voices: record.voices,
        update: record.update,
    })
}

pub(super) fn from_us(us: i64) -> Timestamp {
    Timestamp::from_microsecond(us).unwrap_or_default()
}

/// Reads the record of an item.
pub(super) fn stored_item(id: &str, sealed: &[u8]) -> Result<StoredItem, Error> {
    let record: record::Item = record::open("items", id.as_bytes(), sealed)?;
    let unreadable = |found: String| Error::corrupt("items", id, "a readable message", found);
    let content_hash = <[u8; 32]>::try_from(record.content_hash.as_slice())
        .map_err(|_| unreadable(format!("a hash of {} bytes", record.content_hash.len())))?;
    let caused = |list: Vec<record::Caused>| -> Result<Vec<Caused>, Error> {
        list.into_iter()
            .map(|c| {
                let change = wire::change_number_back(c.change)
                    .ok_or_else(|| unreadable(format!("change {}", c.change)))?;
                Ok(Caused {
                    change,
                    event_id: c.event_id,
                    revision: c.revision,
                    event_type: c.event_type,
                })
            })
            .collect()
    };
    let item = match &record.item {
        None => None,
        Some(bytes) => Some(wire::decode_item(bytes).map_err(|e| unreadable(e.to_string()))?),
    };
    Ok(StoredItem {
        version: record.version,
        received_at: from_us(record.received_us),
        content_hash,
        answer: Answer {
            item_id: id.to_owned(),
            duplicate: false,
            updates: caused(record.caused)?,
            warnings: record
                .warnings
                .into_iter()
                .map(|w| crate::model::Warning {
                    reason: w.reason,
                    message: w.message,
                })
                .collect(),
        },
        retracted: record.retracted,
        withdrawal: caused(record.withdrawal)?,
        item,
    })
}

impl StoredItem {
    pub(super) fn to_record(&self) -> record::Item {
        let caused = |list: &[Caused]| {
            list.iter()
                .map(|c| record::Caused {
                    event_id: c.event_id.clone(),
                    revision: c.revision,
                    change: wire::change(c.change).into(),
                    event_type: c.event_type.clone(),
                })
                .collect()
        };
        record::Item {
            version: self.version,
            received_us: self.received_at.as_microsecond(),
            content_hash: self.content_hash.to_vec(),
            caused: caused(&self.answer.updates),
            warnings: self
                .answer
                .warnings
                .iter()
                .map(|w| record::Warning {
                    reason: w.reason.clone(),
                    message: w.message.clone(),
                })
                .collect(),
            retracted: self.retracted,
            withdrawal: caused(&self.withdrawal),
            item: self.item.as_ref().map(wire::encode_item),
            due_us: self.received_at.as_microsecond(),
        }
    }
}
