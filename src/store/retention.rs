//! Retention: what is older than the limit goes, and the oldest goes first when the store is too large.

use super::record;
use super::{Error, Group, Writer};
use jiff::Timestamp;
use redb::ReadableTable;
use std::time::Duration;

/// Updates and items removed in one transaction, so that intake never waits long.
const BATCH: usize = 256;
/// Once too large, the store shrinks to this share of its limit, so that it isn't trimmed with every item.
const TARGET_PERCENT: u64 = 95;

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub age: Duration,
    /// Of all records together. The file may be larger: pages that became free are used again, not given back.
    pub bytes: u64,
}

/// What one round of retention did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Trimmed {
    pub updates: usize,
    pub items: usize,
    /// Events whose latest update is gone, and which are gone with it.
    pub events: Vec<String>,
    /// True when there is more to remove.
    pub unfinished: bool,
}

impl Writer {
    /// Removes a bounded batch of what need not be kept. Call it again while `unfinished`.
    pub fn trim(&mut self, now: Timestamp, limits: &Limits) -> Result<Trimmed, Error> {
        let age_us = i64::try_from(limits.age.as_micros()).unwrap_or(i64::MAX);
        let oldest_us = now.as_microsecond().saturating_sub(age_us);
        let is_due = {
            let snapshot =
                super::Snapshot::new(redb::ReadableDatabase::begin_read(self.database())?)?;
            let oldest_update = snapshot.oldest_time()?.map(Timestamp::as_microsecond);
            let oldest_item = snapshot.oldest_item_due()?;
            self.bytes() > limits.bytes
                || oldest_update.is_some_and(|t| t < oldest_us)
                || oldest_item.is_some_and(|t| t < oldest_us)
        };
        if !is_due {
            return Ok(Trimmed::default());
        }
        let target = limits.bytes / 100 * TARGET_PERCENT;
        // Only what was too large at the start is brought down to the target.
        let most_bytes = if self.bytes() > limits.bytes {
            target
        } else {
            limits.bytes
        };
        self.commit(now, |group| {
            group.trim(oldest_us, most_bytes, now.as_microsecond())
        })
    }
}

impl Group<'_> {
    fn trim(&mut self, oldest_us: i64, most_bytes: u64, now_us: i64) -> Result<Trimmed, Error> {
        let mut trimmed = Trimmed::default();
        for _ in 0..BATCH {
            let too_large = self.state.bytes > most_bytes;
            let update = self.oldest_update()?;
            let item = self.oldest_item()?;
            let old = |time: i64| too_large || time < oldest_us;
            // Whichever is older goes first, so that what is left is one stretch of time.
            match (update, item) {
                (Some((position, log)), item)
                    if old(log.committed_us)
                        && item
                            .as_ref()
                            .is_none_or(|(due, _)| log.committed_us <= *due) =>
                {
                    self.trim_update(position, &log, &mut trimmed)?;
                }
                // An item put off until now has been looked at in this very round.
                (_, Some((due, id))) if old(due) && due < now_us => {
                    self.trim_item(&id, now_us, &mut trimmed)?;
                }
                _ => return Ok(trimmed),
            }
        }
        trimmed.unfinished = true;
        Ok(trimmed)
    }

    fn oldest_update(&self) -> Result<Option<(u64, record::Log)>, Error> {
        let Some((position, sealed)) = self.log.first()? else {
            return Ok(None);
        };
        let position = position.value();
        let log = record::open("log", &position.to_be_bytes(), sealed.value())?;
        Ok(Some((position, log)))
    }

    fn oldest_item(&self) -> Result<Option<(i64, String)>, Error> {
        let first = self.items_by_time.first()?;
        Ok(first.map(|(key, _)| (key.value().0, key.value().1.to_owned())))
    }

    fn trim_update(
        &mut self,
        position: u64,
        log: &record::Log,
        trimmed: &mut Trimmed,
    ) -> Result<(), Error> {
        let id = log.event_id.as_str();
        let removed = self.log.remove(position)?.map_or(0, |v| v.value().len());
        self.shrink(removed);
        self.history.remove((id, log.revision))?;
        self.state.trimmed_position = position;
        self.state.trimmed_committed_us = log.committed_us;
        trimmed.updates += 1;

        let event = self.events.get(id)?.map(|v| v.value().to_vec());
        let Some(event) = event else { return Ok(()) };
        let event: record::Event = record::open("events", id.as_bytes(), &event)?;
        if event.last_position != position {
            return Ok(());
        }
        self.remove_event(id)?;
        let facets = self.facets.remove(id)?.map_or(0, |v| v.value().len());
        self.shrink(facets);
        let items: Vec<String> = self
            .reports
            .range((id, "")..)?
            .map_while(|entry| match entry {
                Ok((key, _)) if key.value().0 == id => Some(Ok(key.value().1.to_owned())),
                Ok(_) => None,
                Err(e) => Some(Err(e)),
            })
            .collect::<Result<_, _>>()?;
        for item in items {
            self.remove_report(id, &item)?;
        }
        trimmed.events.push(id.to_owned());
        Ok(())
    }

    /// An item goes unless an event that stays holds a report of it; then it is looked at again later.
    fn trim_item(&mut self, id: &str, now_us: i64, trimmed: &mut Trimmed) -> Result<(), Error> {
        let sealed = self.items.get(id)?.map(|v| v.value().to_vec());
        let sealed = sealed.ok_or_else(|| Error::corrupt("items", id, "a record", "none"))?;
        let mut item: record::Item = record::open("items", id.as_bytes(), &sealed)?;
        let is_needed = match self.reports_by_item.range((id, "")..)?.next() {
            Some(entry) => entry?.0.value().0 == id,
            None => false,
        };
        self.remove_item(id)?;
        if is_needed {
            item.due_us = now_us;
            self.put_item_record(id, &item)?;
        } else {
            trimmed.items += 1;
        }
        Ok(())
    }
}
