//! Updates, both ways.

use super::event::{event, event_back};
use super::{Unreadable, time, v1};
use crate::model::{Change, Event, Update};
use prost::Message;

/// An update as a message.
pub fn update(update: &Update) -> v1::Update {
    v1::Update {
        change: change(update.change).into(),
        event: Some(event(&update.event)),
        changed_fields: update.changed_fields.clone(),
        merged_into: update.merged_into.clone(),
        reason: update.reason.clone(),
        caused_by_item_id: update.caused_by_item_id.clone(),
        committed_at: Some(time::timestamp(update.committed_at)),
    }
}

/// A message as an update, if it says what changed and when.
pub fn update_back(message: v1::Update) -> Option<Update> {
    Some(Update {
        change: change_back(message.change())?,
        event: message.event.map_or_else(Event::default, event_back),
        changed_fields: message.changed_fields,
        merged_into: message.merged_into,
        reason: message.reason,
        caused_by_item_id: message.caused_by_item_id,
        committed_at: time::timestamp_back(message.committed_at.as_ref()?)?,
    })
}

/// An update as stored bytes.
pub fn encode_update(value: &Update) -> Vec<u8> {
    update(value).encode_to_vec()
}

/// Stored bytes as the message that they are.
pub fn decode_update(bytes: &[u8]) -> Result<v1::Update, Unreadable> {
    v1::Update::decode(bytes).map_err(|e| Unreadable::new("Update", e))
}

/// What changed, as the protocol names it.
pub fn change(change: Change) -> v1::Change {
    match change {
        Change::Created => v1::Change::Created,
        Change::Corroborated => v1::Change::Corroborated,
        Change::Revised => v1::Change::Revised,
        Change::Merged => v1::Change::Merged,
        Change::Retracted => v1::Change::Retracted,
    }
}

/// What changed; none when it was not said.
pub fn change_back(message: v1::Change) -> Option<Change> {
    match message {
        v1::Change::Unspecified => None,
        v1::Change::Created => Some(Change::Created),
        v1::Change::Corroborated => Some(Change::Corroborated),
        v1::Change::Revised => Some(Change::Revised),
        v1::Change::Merged => Some(Change::Merged),
        v1::Change::Retracted => Some(Change::Retracted),
    }
}

/// What changed, by its number in the protocol.
pub fn change_number_back(number: i32) -> Option<Change> {
    change_back(v1::Change::try_from(number).ok()?)
}
