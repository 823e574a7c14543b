//! The generated protocol, and the way between it and the model.
//!
//! What comes in is checked here, once, at the edge: a [`crate::model::NewsItem`] or a [`crate::feed::Filter`] that
//! exists is within its bounds. What goes out is the model as messages. The store keeps those same messages, so this
//! room also reads them back.

mod actor;
mod analysis;
mod cause;
mod check;
mod event;
mod filter;
mod item;
mod report;
#[cfg(test)]
mod tests;
mod time;
mod update;
mod vocabulary;

pub use analysis::analysis;
pub use cause::{answer, caused, caused_back, warning, warning_back, warnings};
pub use check::{Invalid, Violation};
pub use event::{
    category_number, decode_event, encode_event, engine, event, event_type, status_number,
};
pub use filter::{ListScope, filter};
pub use item::{
    MAX_HTML_BYTES, MAX_ITEM_ID_CHARS, MAX_REASON_CHARS, MAX_TEXT_BYTES, check_given_reason,
    check_item_id, check_reason, content_hash, decode_item, encode_item, item, item_back,
};
pub use report::{decode_report, encode_report, report};
pub use time::{timestamp, timestamp_back, timestamp_in_range};
pub use update::{
    change, change_back, change_number_back, decode_update, encode_update, update, update_back,
};
pub use vocabulary::Vocabulary;

/// Generated messages and services of `sitrep.v1`.
#[allow(clippy::all, clippy::pedantic, missing_docs)]
pub mod v1 {
    tonic::include_proto!("sitrep.v1");
    include!(concat!(env!("OUT_DIR"), "/sitrep.v1.serde.rs"));
}

/// The descriptor set of `sitrep.v1` with comments, for reflection.
pub const DESCRIPTOR_SET: &[u8] =
    include_bytes!(concat!(env!("OUT_DIR"), "/sitrep_descriptor.bin"));

/// Stored bytes that are not the message they should be.
#[derive(Debug, Clone, thiserror::Error)]
#[error("expected an encoded {expected}, found {found}")]
pub struct Unreadable {
    pub expected: &'static str,
    pub found: String,
}

impl Unreadable {
    fn new(expected: &'static str, found: impl std::fmt::Display) -> Self {
        Unreadable {
            expected,
            found: found.to_string(),
        }
    }
}
