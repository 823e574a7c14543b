//! The only writer: groups of items, each group one transaction.

use super::facets::{self, EventFacets};
use super::record::{self, State};
use super::snapshot::{StoredItem, decoded_event, decoded_report, stored_item};
use super::{Error, Tail, tables};
use crate::merge::LedgerChange;
use crate::model::{Caused, Event, Report};
use crate::wire;
use jiff::Timestamp;
use redb::{Database, ReadableTable, Table};
use std::sync::Arc;
use tokio::sync::watch;

/// Writes the database. There is one; whoever owns it decides what is in a group.
pub struct Writer {
    database: Arc<Database>,
    pub(super) state: State,
    keep_texts: bool,
    /// Tells readers how far the log is, after each commit and never before.
    publish: watch::Sender<Tail>,
    /// Set by the first failure: what its owner holds in memory may be ahead of the disk from then on.
    failed: bool,
}

impl Writer {
    pub(super) fn new(
        database: Arc<Database>,
        state: State,
        keep_texts: bool,
        publish: watch::Sender<Tail>,
    ) -> Self {
        Writer {
            database,
            state,
            keep_texts,
            publish,
            failed: false,
        }
    }

    /// Runs `work` in one transaction and commits it durably: all that it wrote, or nothing. After an error nothing
    /// more is written until the store is opened again.
    pub fn commit<T>(
        &mut self,
        now: Timestamp,
        work: impl FnOnce(&mut Group<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.failed {
            return Err(Error::Failed);
        }
        // Until the commit is through, a panic counts as a failure too.
        self.failed = true;
        let transaction = self.database.begin_write()?;
        let (outcome, state) = {
            let mut group = Group::open(&transaction, self.state, now, self.keep_texts)?;
            let outcome = work(&mut group)?;
            group.save_state()?;
            (outcome, group.state)
        };
        transaction.commit()?;
        self.failed = false;
        self.state = state;
        let position = state.last_position;
        self.publish.send_if_modified(|tail| {
            let moved = tail.position != position;
            tail.position = position;
            moved
        });
        Ok(outcome)
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// Bytes of all records.
    pub fn bytes(&self) -> u64 {
        self.state.bytes
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Readers deliver what is durable, and know then that nothing will follow.
        self.publish.send_modify(|tail| tail.closed = true);
    }
}

/// One transaction: every table open, and the state of the log as this group leaves it.
pub struct Group<'t> {
    meta: Table<'t, &'static str, &'static [u8]>,
    pub(super) log: Table<'t, u64, &'static [u8]>,
    pub(super) items: Table<'t, &'static str, &'static [u8]>,
    pub(super) items_by_time: Table<'t, (i64, &'static str), ()>,
    pub(super) events: Table<'t, &'static str, &'static [u8]>,
    pub(super) facets: Table<'t, &'static str, &'static [u8]>,
    pub(super) reports: Table<'t, (&'static str, &'static str), &'static [u8]>,
    pub(super) reports_by_item: Table<'t, (&'static str, &'static str), ()>,
    pub(super) history: Table<'t, (&'static str, u32), u64>,
    pub(super) by_reported: Table<'t, (i64, &'static str), ()>,
    pub(super) by_time: Table<'t, (i64, &'static str), ()>,
    pub(super) state: State,
    now: Timestamp,
    keep_texts: bool,
}

impl<'t> Group<'t> {
    fn open(
        transaction: &'t redb::WriteTransaction,
        state: State,
        now: Timestamp,
        keep_texts: bool,
    ) -> Result<Self, Error> {
        Ok(Group {
            meta: transaction.open_table(tables::META)?,
            log: transaction.open_table(tables::LOG)?,
            items: transaction.open_table(tables::ITEMS)?,
            items_by_time: transaction.open_table(tables::ITEMS_BY_TIME)?,
            events: transaction.open_table(tables::EVENTS)?,
            facets: transaction.open_table(tables::FACETS)?,
            reports: transaction.open_table(tables::REPORTS)?,
            reports_by_item: transaction.open_table(tables::REPORTS_BY_ITEM)?,
            history: transaction.open_table(tables::HISTORY)?,
            by_reported: transaction.open_table(tables::BY_REPORTED)?,
            by_time: transaction.open_table(tables::BY_TIME)?,
            state,
            now,
            keep_texts,
        })
    }

    /// An item as stored, this group's writes included.
    pub fn item(&self, id: &str) -> Result<Option<StoredItem>, Error> {
        match self.items.get(id)? {
            None => Ok(None),
            Some(sealed) => stored_item(id, sealed.value()).map(Some),
        }
    }

    /// Ids of the events that hold a report of an item.
    pub fn events_of(&self, item_id: &str) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        for entry in self.reports_by_item.range((item_id, "")..)? {
            let (key, _) = entry?;
            let (item, event) = key.value();
            if item != item_id {
                break;
            }
            found.push(event.to_owned());
        }
        Ok(found)
    }

    /// An event with all its reports, this group's writes included.
    pub fn event(&self, id: &str) -> Result<Option<Event>, Error> {
        let Some(sealed) = self.events.get(id)? else {
            return Ok(None);
        };
        let record: record::Event = record::open("events", id.as_bytes(), sealed.value())?;
        let mut event = decoded_event(id, &record)?;
        for facet in self
            .event_facets(id)?
            .map(|f| f.reports)
            .unwrap_or_default()
        {
            let item = facet.item_id.as_str();
            let sealed = self.reports.get((id, item))?;
            event.reports.push(decoded_report(
                id,
                item,
                sealed.as_ref().map(|s| s.value()),
            )?);
        }
        Ok(Some(event))
    }

    /// Stores an item in place of an older version of it.
    pub fn put_item(&mut self, item: &StoredItem) -> Result<(), Error> {
        let id = item.answer.item_id.as_str();
        self.remove_item(id)?;
        let mut record = item.to_record();
        if !self.keep_texts {
            record.item = None;
        }
        self.put_item_record(id, &record)
    }

    pub(super) fn put_item_record(&mut self, id: &str, item: &record::Item) -> Result<(), Error> {
        let sealed = record::seal("items", id.as_bytes(), item);
        self.items.insert(id, sealed.as_slice())?;
        self.items_by_time.insert((item.due_us, id), ())?;
        self.state.bytes += sealed.len() as u64;
        Ok(())
    }

    /// Removes an item and its place in time; its reports are the ledger's affair.
    pub(super) fn remove_item(&mut self, id: &str) -> Result<(), Error> {
        let Some(old) = self.items.remove(id)?.map(|v| v.value().to_vec()) else {
            return Ok(());
        };
        self.shrink(old.len());
        let old: record::Item = record::open("items", id.as_bytes(), &old)?;
        self.items_by_time.remove((old.due_us, id))?;
        Ok(())
    }

    /// Appends what the ledger changed, in order, and brings the events up to date. The update's `committed_at` is
    /// set here: later than that of every update before it. Answers what was caused.
    pub fn append(
        &mut self,
        received: Timestamp,
        changes: Vec<LedgerChange>,
    ) -> Result<Vec<Caused>, Error> {
        let mut caused = Vec::with_capacity(changes.len());
        for change in changes {
            caused.push(Caused {
                event_id: change.update.event.id.clone(),
                revision: change.update.event.revision,
                change: change.update.change,
                event_type: change.update.event.event_type.clone(),
            });
            self.append_one(received, change)?;
        }
        Ok(caused)
    }

    fn append_one(&mut self, received: Timestamp, change: LedgerChange) -> Result<(), Error> {
        let LedgerChange {
            mut update,
            reports,
            withdrawn,
        } = change;
        let position = self.state.last_position + 1;
        // A clock that stands still or goes back must not make two updates of one time.
        let committed_us = self
            .now
            .as_microsecond()
            .max(self.state.last_committed_us + 1);
        update.committed_at = Timestamp::from_microsecond(committed_us).unwrap_or(self.now);
        let id = update.event.id.as_str();

        let before = self.event_facets(id)?;
        let (old_facets, old_reports) = match before {
            Some(old) => (Some(old.facets.clone()), old),
            None => (None, EventFacets::default()),
        };
        let spoken_before = old_reports.reports.clone();
        let after = old_reports.after(
            &update.event,
            &reports,
            &withdrawn,
            received.as_microsecond(),
        );
        let log = record::Log {
            committed_us,
            change: wire::change(update.change).into(),
            event_id: id.to_owned(),
            revision: update.event.revision,
            update: wire::encode_update(&update).into(),
            voices: facets::voices(&spoken_before, &after.reports),
            before: old_facets,
            after: after.facets.clone(),
        };
        let sealed = record::seal("log", &position.to_be_bytes(), &log);
        self.log.insert(position, sealed.as_slice())?;
        self.state.bytes += sealed.len() as u64;
        self.history.insert((id, update.event.revision), position)?;

        for item in &withdrawn {
            self.remove_report(id, item)?;
        }
        for report in &reports {
            self.put_report(id, report)?;
        }
        self.put_facets(id, &after)?;
        self.put_event(&update.event, position)?;
        self.state.last_position = position;
        self.state.last_committed_us = committed_us;
        Ok(())
    }

    fn event_facets(&self, id: &str) -> Result<Option<EventFacets>, Error> {
        match self.facets.get(id)? {
            None => Ok(None),
            Some(sealed) => record::open("facets", id.as_bytes(), sealed.value()).map(Some),
        }
    }

    fn put_facets(&mut self, id: &str, facets: &EventFacets) -> Result<(), Error> {
        let sealed = record::seal("facets", id.as_bytes(), facets);
        let old = self
            .facets
            .insert(id, sealed.as_slice())?
            .map_or(0, |v| v.value().len());
        self.state.bytes += sealed.len() as u64;
        self.shrink(old);
        Ok(())
    }

    fn put_report(&mut self, event_id: &str, report: &Report) -> Result<(), Error> {
        let item = report.item_id.as_str();
        let key = record::pair(event_id, item);
        let sealed = record::seal_bytes("reports", &key, &wire::encode_report(report));
        self.reports_by_item.insert((item, event_id), ())?;
        let old = self.reports.insert((event_id, item), sealed.as_slice())?;
        let old = old.map_or(0, |v| v.value().len());
        self.state.bytes += sealed.len() as u64;
        self.shrink(old);
        Ok(())
    }

    pub(super) fn remove_report(&mut self, event_id: &str, item: &str) -> Result<(), Error> {
        self.reports_by_item.remove((item, event_id))?;
        let old = self
            .reports
            .remove((event_id, item))?
            .map_or(0, |v| v.value().len());
        self.shrink(old);
        Ok(())
    }

    fn put_event(&mut self, event: &Event, position: u64) -> Result<(), Error> {
        let id = event.id.as_str();
        self.remove_event(id)?;
        let alone = Event {
            reports: Vec::new(),
            ..event.clone()
        };
        let record = record::Event {
            event: wire::encode_event(&alone),
            last_position: position,
            first_reported_us: event.first_reported.as_microsecond(),
            last_reported_us: event.last_reported.as_microsecond(),
            start_us: event.time.as_ref().map(|t| t.start.as_microsecond()),
            end_us: event.time.as_ref().map(|t| t.end.as_microsecond()),
            hidden: event.retracted || !event.merged_into.is_empty(),
        };
        let sealed = record::seal("events", id.as_bytes(), &record);
        self.events.insert(id, sealed.as_slice())?;
        self.state.bytes += sealed.len() as u64;
        self.by_reported.insert((record.last_reported_us, id), ())?;
        self.by_time
            .insert((record.end_us.unwrap_or(i64::MIN), id), ())?;
        Ok(())
    }

    /// Removes an event and its places in the lists; not its facets, reports and history.
    pub(super) fn remove_event(&mut self, id: &str) -> Result<(), Error> {
        let Some(old) = self.events.remove(id)?.map(|v| v.value().to_vec()) else {
            return Ok(());
        };
        self.shrink(old.len());
        let old: record::Event = record::open("events", id.as_bytes(), &old)?;
        self.by_reported.remove((old.last_reported_us, id))?;
        self.by_time.remove((old.end_us.unwrap_or(i64::MIN), id))?;
        Ok(())
    }

    pub(super) fn shrink(&mut self, bytes: usize) {
        self.state.bytes = self.state.bytes.saturating_sub(bytes as u64);
    }

    fn save_state(&mut self) -> Result<(), Error> {
        let sealed = record::seal("meta", b"state", &self.state);
        self.meta.insert("state", sealed.as_slice())?;
        Ok(())
    }
}
