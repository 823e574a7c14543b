//! News items out of files and pipes: what an entry is, and how it becomes a `NewsItem`.

use crate::wire::v1;
use std::fmt;
use std::io::{self, BufRead};
use std::path::Path;

/// Bytes that one line or file may have. An item's HTML may have 2 MiB of UTF-8, and JSON may escape each byte with six.
pub const ENTRY_LIMIT: usize = 13 * 1024 * 1024;

/// How an input holds its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One NewsItem in ProtoJSON a line; blank lines are skipped.
    Jsonl,
    /// The whole input is the plain text of one item.
    Text,
    /// The whole input is the HTML of one item.
    Html,
}

impl Format {
    /// The format that a file's extension stands for: JSON Lines, HTML, and plain text for all others.
    pub fn of(path: &Path) -> Format {
        let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("jsonl" | "ndjson" | "json") => Format::Jsonl,
            Some("html" | "htm" | "xhtml") => Format::Html,
            _ => Format::Text,
        }
    }
}

/// Where an entry came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Path of the file, `-` for standard input.
    pub input: String,
    /// From 1; 0 where the whole input is one entry.
    pub line: u64,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.input),
            line => write!(f, "{}:{line}", self.input),
        }
    }
}

/// What stands for one item in an input, not yet looked at.
#[derive(Debug, Clone)]
pub struct Raw {
    pub origin: Origin,
    pub format: Format,
    /// None where the entry was over [`ENTRY_LIMIT`] and was read over.
    pub bytes: Option<Vec<u8>>,
}

/// Why an entry is no item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The id that it gives itself, where that much could be read.
    pub item_id: String,
    /// UPPER_SNAKE_CASE.
    pub reason: &'static str,
    /// What was expected and what was found.
    pub message: String,
}

/// Source and publication time for items that cannot say it themselves (plain text and HTML).
#[derive(Debug, Clone, Default, clap::Args)]
pub struct About {
    /// Source of plain text and HTML items, such as a domain.
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// Publication time of plain text and HTML items, such as 2026-03-03T06:42:00Z or 2026-03-03.
    #[arg(long, value_name = "TIME", value_parser = super::time::parse)]
    pub published_at: Option<jiff::Timestamp>,
}

impl Raw {
    /// The item in this entry. It is well-formed, not yet valid: that is for whoever takes it in.
    pub fn parse(&self, about: &About) -> Result<v1::NewsItem, Fault> {
        let Some(bytes) = &self.bytes else {
            return Err(Fault {
                item_id: String::new(),
                reason: "ENTRY_TOO_LONG",
                message: format!(
                    "expected at most {} MiB in one entry, found more",
                    ENTRY_LIMIT >> 20
                ),
            });
        };
        let text = std::str::from_utf8(bytes).map_err(|error| Fault {
            item_id: String::new(),
            reason: "NOT_UTF8",
            message: format!(
                "expected UTF-8, found byte 0x{:02x} at position {}",
                bytes[error.valid_up_to()],
                error.valid_up_to()
            ),
        })?;
        let body = match self.format {
            Format::Jsonl => return parse_json(text),
            Format::Text => v1::news_item::Body::Text(text.to_string()),
            Format::Html => v1::news_item::Body::Html(text.to_string()),
        };
        Ok(v1::NewsItem {
            source: about.source.clone().unwrap_or_default(),
            published_at: about.published_at.map(super::time::to_proto),
            body: Some(body),
            ..Default::default()
        })
    }
}

/// Reads ProtoJSON, in which null stands for a field left out (the generated reader knows that for some kinds of field only).
fn parse_json(line: &str) -> Result<v1::NewsItem, Fault> {
    let error = match serde_json::from_str(line) {
        Ok(item) => return Ok(item),
        Err(error) => error,
    };
    let mut item_id = String::new();
    if let Ok(serde_json::Value::Object(mut fields)) = serde_json::from_str(line) {
        let before = fields.len();
        fields.retain(|_, value| !value.is_null());
        if let Some(id) = fields
            .get("itemId")
            .or(fields.get("item_id"))
            .and_then(|v| v.as_str())
        {
            item_id = id.to_string();
        }
        if fields.len() < before
            && let Ok(item) = serde_json::from_value(serde_json::Value::Object(fields))
        {
            return Ok(item);
        }
    }
    Err(Fault {
        item_id,
        reason: "ITEM_MALFORMED",
        message: format!("expected a NewsItem in JSON: {error}"),
    })
}

/// What [`read_line`] found.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// A line without its line break.
    Whole(Vec<u8>),
    /// A line over the limit; it was read over to its end.
    TooLong,
    /// Nothing is left.
    End,
}

/// The next line of at most `limit` bytes; never holds more than that of it in memory.
pub fn read_line(input: &mut impl BufRead, limit: usize) -> io::Result<Line> {
    let mut line = Vec::new();
    let mut too_long = false;
    let mut started = false;
    loop {
        let available = match input.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if available.is_empty() && !started {
            return Ok(Line::End);
        }
        started = true;
        let end = available.iter().position(|byte| *byte == b'\n');
        let piece = &available[..end.unwrap_or(available.len())];
        if line.len() + piece.len() > limit {
            too_long = true;
            line = Vec::new();
        } else if !too_long {
            line.extend_from_slice(piece);
        }
        let at_end = end.is_some() || available.is_empty();
        let used = piece.len() + usize::from(end.is_some());
        input.consume(used);
        if at_end {
            break;
        }
    }
    if too_long {
        return Ok(Line::TooLong);
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(Line::Whole(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jsonl(line: &[u8]) -> Result<v1::NewsItem, Fault> {
        let origin = Origin {
            input: "-".into(),
            line: 1,
        };
        Raw {
            origin,
            format: Format::Jsonl,
            bytes: Some(line.to_vec()),
        }
        .parse(&About::default())
    }

    #[test]
    fn both_spellings_of_keys_are_read() {
        let camel =
            jsonl(br#"{"itemId":"a","publishedAt":"2026-03-03T06:42:00Z","text":"x"}"#).unwrap();
        let snake =
            jsonl(br#"{"item_id":"a","published_at":"2026-03-03T06:42:00Z","text":"x"}"#).unwrap();
        assert_eq!(camel, snake);
        assert_eq!(camel.published_at.unwrap().seconds, 1_772_520_120);
    }

    #[test]
    fn an_unknown_key_is_named() {
        let fault = jsonl(br#"{"itemId":"a","txet":"x"}"#).unwrap_err();
        assert!(fault.message.contains("`txet`"), "{}", fault.message);
        assert_eq!(fault.item_id, "a");
    }

    #[test]
    fn null_is_a_field_left_out() {
        let item =
            jsonl(br#"{"itemId":"a","title":null,"url":null,"publishedAt":null,"text":"x"}"#)
                .unwrap();
        assert_eq!((item.title.as_str(), item.published_at), ("", None));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_shown_with_their_position() {
        let fault = jsonl(b"{\"text\":\"\xff\"}").unwrap_err();
        assert_eq!(
            (fault.reason, fault.message.contains("0xff at position 9")),
            ("NOT_UTF8", true)
        );
    }

    #[test]
    fn long_lines_are_read_over() {
        let mut input = io::BufReader::with_capacity(3, &b"ab\r\nabcdef\nxyz\n\nlast"[..]);
        let mut lines = Vec::new();
        loop {
            match read_line(&mut input, 5).unwrap() {
                Line::End => break,
                line => lines.push(line),
            }
        }
        let whole = |text: &str| Line::Whole(text.as_bytes().to_vec());
        assert_eq!(
            lines,
            [
                whole("ab"),
                Line::TooLong,
                whole("xyz"),
                whole(""),
                whole("last")
            ]
        );
    }
}
