//! What a record is on disk: a version, a checksum, and a protobuf message.
//!
//! ```text
//! byte 0      version of the record's layout, 1
//! bytes 1-4   CRC32C, little endian, of table name, 0, key, version and message
//! bytes 5-    the message
//! ```
//! The checksum covers table and key too, so that a record can't be read in another one's place. Messages grow by the
//! rules of protobuf: fields are added, never renumbered.

use super::Error;
use super::facets::{Facets, Voice};
use prost::Message;

/// Layout of the records; a change of it is a change of the store's format.
const LAYOUT: u8 = 1;
const HEADER: usize = 5;

/// Which database this is. Key `store` of table `meta`; written once.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Meta {
    /// Format of the whole store.
    #[prost(uint32, tag = "1")]
    pub format: u32,
    /// UUID v7 of the log.
    #[prost(string, tag = "2")]
    pub log_id: String,
    #[prost(sint64, tag = "3")]
    pub created_us: i64,
}

/// How far the log is. Key `state` of table `meta`; written with every group.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct State {
    /// Position of the newest update ever committed, 0 before the first.
    #[prost(uint64, tag = "1")]
    pub last_position: u64,
    /// When it was committed.
    #[prost(sint64, tag = "2")]
    pub last_committed_us: i64,
    /// Position of the newest update that retention removed, 0 when none was.
    #[prost(uint64, tag = "3")]
    pub trimmed_position: u64,
    /// When that one was committed.
    #[prost(sint64, tag = "4")]
    pub trimmed_committed_us: i64,
    /// Bytes of all sealed records of updates, items, events, facets and reports.
    #[prost(uint64, tag = "5")]
    pub bytes: u64,
}

/// One update. Table `log`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Log {
    #[prost(sint64, tag = "1")]
    pub committed_us: i64,
    /// Number of the change in the protocol.
    #[prost(int32, tag = "2")]
    pub change: i32,
    /// The event's id, for retention.
    #[prost(string, tag = "3")]
    pub event_id: String,
    #[prost(uint32, tag = "4")]
    pub revision: u32,
    /// `sitrep.v1.Update`, as it is sent.
    #[prost(bytes = "bytes", tag = "5")]
    pub update: bytes::Bytes,
    /// Facets before the change; none for a new event.
    #[prost(message, optional, tag = "6")]
    pub before: Option<Facets>,
    #[prost(message, required, tag = "7")]
    pub after: Facets,
    /// Who reported it in which words, before and after.
    #[prost(message, repeated, tag = "8")]
    pub voices: Vec<Voice>,
}

/// One item. Table `items`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Item {
    #[prost(uint32, tag = "1")]
    pub version: u32,
    #[prost(sint64, tag = "2")]
    pub received_us: i64,
    /// BLAKE3 of the content.
    #[prost(bytes = "vec", tag = "3")]
    pub content_hash: Vec<u8>,
    /// What it caused when it was taken in.
    #[prost(message, repeated, tag = "4")]
    pub caused: Vec<Caused>,
    #[prost(message, repeated, tag = "5")]
    pub warnings: Vec<Warning>,
    #[prost(bool, tag = "6")]
    pub retracted: bool,
    /// What its withdrawal caused.
    #[prost(message, repeated, tag = "7")]
    pub withdrawal: Vec<Caused>,
    /// `sitrep.v1.NewsItem`, left out where texts are not kept.
    #[prost(bytes = "vec", optional, tag = "8")]
    pub item: Option<Vec<u8>>,
    /// Its place in `items_by_time`.
    #[prost(sint64, tag = "9")]
    pub due_us: i64,
}

/// An update that an item caused.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Caused {
    #[prost(string, tag = "1")]
    pub event_id: String,
    #[prost(uint32, tag = "2")]
    pub revision: u32,
    /// Number of the change in the protocol.
    #[prost(int32, tag = "3")]
    pub change: i32,
    #[prost(string, tag = "4")]
    pub event_type: String,
}

/// A warning about how an item was read.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Warning {
    #[prost(string, tag = "1")]
    pub reason: String,
    #[prost(string, tag = "2")]
    pub message: String,
}

/// One event as it stands. Table `events`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Event {
    /// `sitrep.v1.Event` without reports.
    #[prost(bytes = "vec", tag = "1")]
    pub event: Vec<u8>,
    /// Position of its latest update: the event stays as long as that does.
    #[prost(uint64, tag = "2")]
    pub last_position: u64,
    #[prost(sint64, tag = "3")]
    pub first_reported_us: i64,
    #[prost(sint64, tag = "4")]
    pub last_reported_us: i64,
    #[prost(sint64, optional, tag = "5")]
    pub start_us: Option<i64>,
    #[prost(sint64, optional, tag = "6")]
    pub end_us: Option<i64>,
    /// Retracted or merged: listed only on request.
    #[prost(bool, tag = "7")]
    pub hidden: bool,
}

/// A message as the bytes of a record.
pub fn seal(table: &'static str, key: &[u8], message: &impl Message) -> Vec<u8> {
    seal_bytes(table, key, &message.encode_to_vec())
}

/// An encoded message as the bytes of a record.
pub fn seal_bytes(table: &'static str, key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(HEADER + message.len());
    sealed.push(LAYOUT);
    sealed.extend(checksum(table, key, LAYOUT, message).to_le_bytes());
    sealed.extend_from_slice(message);
    sealed
}

/// The message of a record, decoded; refused when a bit of it differs from what was written.
pub fn open<M: Message + Default>(
    table: &'static str,
    key: &[u8],
    sealed: &[u8],
) -> Result<M, Error> {
    let message = open_bytes(table, key, sealed)?;
    M::decode(message).map_err(|e| Error::corrupt(table, shown(key), "a readable message", e))
}

/// The message of a record, still encoded; refused when a bit of it differs from what was written.
pub fn open_bytes<'a>(
    table: &'static str,
    key: &[u8],
    sealed: &'a [u8],
) -> Result<&'a [u8], Error> {
    if sealed.len() < HEADER {
        let found = format!("{} bytes", sealed.len());
        return Err(Error::corrupt(table, shown(key), "at least 5 bytes", found));
    }
    let (header, message) = sealed.split_at(HEADER);
    let written = u32::from_le_bytes([header[1], header[2], header[3], header[4]]);
    let found = checksum(table, key, header[0], message);
    if found != written {
        return Err(Error::corrupt(
            table,
            shown(key),
            format!("checksum {written:08x}"),
            format!("{found:08x}"),
        ));
    }
    if header[0] != LAYOUT {
        let expected = format!("layout {LAYOUT}");
        return Err(Error::corrupt(
            table,
            shown(key),
            expected,
            format!("layout {}", header[0]),
        ));
    }
    Ok(message)
}

fn checksum(table: &str, key: &[u8], layout: u8, message: &[u8]) -> u32 {
    let mut sum = crc32c::crc32c(table.as_bytes());
    sum = crc32c::crc32c_append(sum, &[0]);
    sum = crc32c::crc32c_append(sum, key);
    sum = crc32c::crc32c_append(sum, &[layout]);
    crc32c::crc32c_append(sum, message)
}

/// The key of two words, as the checksum sees it.
pub fn pair(first: &str, second: &str) -> Vec<u8> {
    [first.as_bytes(), &[0], second.as_bytes()].concat()
}

fn shown(key: &[u8]) -> String {
    match <[u8; 8]>::try_from(key) {
        Ok(number) if key.first() == Some(&0) => u64::from_be_bytes(number).to_string(),
        _ => String::from_utf8_lossy(key)
            .replace('\0', "/")
            .chars()
            .take(80)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_bit_is_refused() {
        let state = State {
            last_position: 7,
            bytes: 99,
            ..State::default()
        };
        let sealed = seal("meta", b"state", &state);
        assert_eq!(open::<State>("meta", b"state", &sealed).unwrap(), state);
        for bit in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let found = open::<State>("meta", b"state", &flipped);
            assert!(
                matches!(found, Err(Error::Corrupt { .. })),
                "bit {bit}: {found:?}"
            );
        }
    }

    #[test]
    fn a_record_is_refused_under_another_key_or_table_or_cut_short() {
        let sealed = seal("log", &7u64.to_be_bytes(), &State::default());
        assert!(open::<State>("log", &8u64.to_be_bytes(), &sealed).is_err());
        assert!(open::<State>("items", &7u64.to_be_bytes(), &sealed).is_err());
        for length in 0..sealed.len() {
            assert!(open::<State>("log", &7u64.to_be_bytes(), &sealed[..length]).is_err());
        }
    }
}
