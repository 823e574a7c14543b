//! Cursors: positions in a log, opaque to clients.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// First byte of a cursor; another layout gets another.
const LAYOUT: u8 = 1;
/// Layout, log id, position, check bytes.
const LENGTH: usize = 1 + 16 + 8 + 4;

/// A position in one log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    log_id: [u8; 16],
    /// Everything up to and including this position has been seen.
    pub position: u64,
}

impl Cursor {
    /// The cursor of a position; `log_id` is the UUID of the log.
    pub fn new(log_id: &str, position: u64) -> Self {
        // The store made the id itself; a cursor of an id that is none belongs to no log.
        let log_id = uuid::Uuid::parse_str(log_id)
            .unwrap_or_default()
            .into_bytes();
        Cursor { log_id, position }
    }

    /// True when it is a position in the log with this id.
    pub fn is_of(&self, log_id: &str) -> bool {
        self.log_id == Cursor::new(log_id, 0).log_id
    }

    /// As clients see it: 39 URL-safe characters.
    pub fn encode(&self) -> String {
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.push(LAYOUT);
        bytes.extend(self.log_id);
        bytes.extend(self.position.to_be_bytes());
        bytes.extend(crc32c::crc32c(&bytes).to_be_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what a client gave back; none when it never was a cursor.
    pub fn decode(text: &str) -> Option<Self> {
        let bytes: [u8; LENGTH] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (content, check) = bytes.split_at(LENGTH - 4);
        if content[0] != LAYOUT || check != crc32c::crc32c(content).to_be_bytes() {
            return None;
        }
        Some(Cursor {
            log_id: content[1..17].try_into().ok()?,
            position: u64::from_be_bytes(content[17..25].try_into().ok()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "01948f3a-0000-7000-8000-0000000000aa";

    #[test]
    fn a_cursor_comes_back_as_it_was_and_knows_its_log() {
        let cursor = Cursor::new(LOG, 1 << 40);
        let text = cursor.encode();
        assert!(
            text.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        );
        assert_eq!(Cursor::decode(&text), Some(cursor));
        assert!(cursor.is_of(LOG));
        assert!(!cursor.is_of("01948f3a-0000-7000-8000-0000000000ab"));
    }

    #[test]
    fn anything_else_is_garbage() {
        let text = Cursor::new(LOG, 7).encode();
        assert_eq!(Cursor::decode(""), None);
        assert_eq!(Cursor::decode("not a cursor"), None);
        assert_eq!(Cursor::decode(&text[1..]), None);
        assert_eq!(Cursor::decode(&format!("{text}A")), None);
        for place in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            assert_eq!(
                Cursor::decode(std::str::from_utf8(&changed).unwrap()),
                None,
                "{place}"
            );
        }
    }
}
