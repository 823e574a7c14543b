//! The open events in memory, and the ways to find them: by id, by item, by what they are about, by when they close.

use super::block::{Handle, Index, Key};
use super::open::Open;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Open events. Each stands under a handle, which is short to keep in many lists and means nothing outside: whatever
/// leaves here is in an order of its own, or is sorted by whoever asked.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    events: HashMap<Handle, Open>,
    ids: HashMap<Arc<str>, Handle>,
    items: HashMap<String, Vec<Handle>>,
    index: Index,
    /// Soonest first.
    closing: BTreeSet<(i64, Arc<str>)>,
    next: Handle,
}

impl Shelf {
    pub(super) fn len(&self) -> usize {
        self.events.len()
    }

    pub(super) fn holds(&self, event_id: &str) -> bool {
        self.ids.contains_key(event_id)
    }

    pub(super) fn get(&self, event_id: &str) -> Option<&Open> {
        self.ids.get(event_id).map(|handle| &self.events[handle])
    }

    /// The event, for a change that leaves its reports as they are.
    pub(super) fn get_mut(&mut self, event_id: &str) -> Option<&mut Open> {
        let handle = self.ids.get(event_id)?;
        self.events.get_mut(handle)
    }

    /// The events that an item reports, by id.
    pub(super) fn of_item(&self, item_id: &str) -> Vec<&Open> {
        let handles = self.items.get(item_id).into_iter().flatten();
        let mut events: Vec<&Open> = handles.map(|handle| &self.events[handle]).collect();
        events.sort_by(|a, b| a.id.cmp(&b.id));
        events
    }

    /// The events under any of the keys, each once.
    pub(super) fn about(&self, keys: &BTreeSet<Key>) -> impl Iterator<Item = &Open> + use<'_> {
        self.index
            .find(keys)
            .into_iter()
            .map(|handle| &self.events[&handle])
    }

    /// The event that closes first, and when.
    pub(super) fn first_to_close(&self) -> Option<(i64, Arc<str>)> {
        self.closing.first().cloned()
    }

    /// Puts an event in whose id is not there.
    pub(super) fn insert(&mut self, open: Open) {
        let handle = self.next;
        self.next += 1;
        for key in &open.keys {
            self.index.insert(*key, handle);
        }
        for report in open.reports() {
            self.items
                .entry(report.item_id.clone())
                .or_default()
                .push(handle);
        }
        self.closing.insert((open.closes, open.id.clone()));
        self.ids.insert(open.id.clone(), handle);
        self.events.insert(handle, open);
    }

    /// Takes an event out, none if it is not there.
    pub(super) fn take(&mut self, event_id: &str) -> Option<Open> {
        let handle = self.ids.remove(event_id)?;
        let open = self.events.remove(&handle)?;
        for key in &open.keys {
            self.index.remove(*key, handle);
        }
        for report in open.reports() {
            if let Some(events) = self.items.get_mut(&report.item_id) {
                events.retain(|other| *other != handle);
                if events.is_empty() {
                    self.items.remove(&report.item_id);
                }
            }
        }
        self.closing.remove(&(open.closes, open.id.clone()));
        Some(open)
    }
}
