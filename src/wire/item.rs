//! News items: bounds, derived ids, and both ways between model and message.

use super::check::{is_invisible, quoted};
use super::{Invalid, Unreadable, time, v1};
use crate::model::{Body, NewsItem, Part, Span};
use prost::Message;

/// Longest plain text, in bytes of UTF-8.
pub const MAX_TEXT_BYTES: usize = 256 * 1024;
/// Longest HTML, in bytes of UTF-8.
pub const MAX_HTML_BYTES: usize = 2 * 1024 * 1024;
/// Longest item id, in characters.
pub const MAX_ITEM_ID_CHARS: usize = 256;
/// Longest reason of a retraction, in characters.
pub const MAX_REASON_CHARS: usize = 512;
const MAX_SOURCE_CHARS: usize = 256;
const MAX_URL_CHARS: usize = 2048;
const MAX_TITLE_CHARS: usize = 1024;
const MAX_LANGUAGE_BYTES: usize = 35;

/// An item that was submitted, checked, with an id of its own. Paths in the violations begin at the item (`text`).
pub fn item(message: v1::NewsItem) -> Result<NewsItem, Invalid> {
    let mut invalid = Invalid::default();
    if !message.item_id.is_empty()
        && let Err(found) = check_item_id("item_id", &message.item_id)
    {
        invalid.violations.extend(found.violations);
    }
    line(&mut invalid, "source", &message.source, MAX_SOURCE_CHARS);
    line(&mut invalid, "url", &message.url, MAX_URL_CHARS);
    longest(&mut invalid, "title", &message.title, MAX_TITLE_CHARS);
    check_language(&mut invalid, &message.language);
    let published_at = match &message.published_at {
        None => None,
        Some(t) => match time::timestamp_in_range("published_at", t) {
            Ok(t) => Some(t),
            Err(found) => {
                invalid.violations.extend(found.violations);
                None
            }
        },
    };
    let Some(body) = check_body(&mut invalid, message.body) else {
        return Err(invalid);
    };
    let mut item = NewsItem {
        item_id: message.item_id,
        version: message.version.max(1),
        source: message.source,
        url: message.url,
        title: message.title,
        body,
        published_at,
        language: message.language,
    };
    if item.item_id.is_empty() {
        item.item_id = blake3_hex(&content_hash(&item)[..16]);
    }
    invalid.unless(item)
}

/// Checks an item id that must be there: 1 to 256 characters, none of them a control or invisible one.
pub fn check_item_id(field: &str, id: &str) -> Result<(), Invalid> {
    let mut invalid = Invalid::default();
    if id.is_empty() {
        invalid.add(field, "expected 1 to 256 printable characters, found none");
    }
    line(&mut invalid, field, id, MAX_ITEM_ID_CHARS);
    invalid.unless(())
}

/// Checks the reason of a retraction: at most 512 characters, none of them a control or invisible one.
pub fn check_reason(field: &str, reason: &str) -> Result<(), Invalid> {
    let mut invalid = Invalid::default();
    line(&mut invalid, field, reason, MAX_REASON_CHARS);
    invalid.unless(())
}

/// Checks the reason of an event's retraction, which must be there.
pub fn check_given_reason(field: &str, reason: &str) -> Result<(), Invalid> {
    let mut invalid = Invalid::default();
    if reason.trim().is_empty() {
        invalid.add(field, "expected 1 to 512 printable characters, found none");
    }
    line(&mut invalid, field, reason, MAX_REASON_CHARS);
    invalid.unless(())
}

/// BLAKE3 of everything that makes an item this item and no other: source, URL, title, body, time, language; not its
/// id and not its version. Stored, so its layout never changes.
pub fn content_hash(item: &NewsItem) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"sitrep.item.1");
    let kind: &str = match &item.body {
        Body::Text(_) => "text",
        Body::Html(_) => "html",
    };
    let published = item
        .published_at
        .map(|t| t.as_nanosecond().to_string())
        .unwrap_or_default();
    for part in [
        &item.source,
        &item.url,
        &item.title,
        kind,
        item.body.as_str(),
        &published,
        &item.language,
    ] {
        // Lengths first, so that no text moves from one field to the next unnoticed.
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

fn blake3_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn check_body(invalid: &mut Invalid, body: Option<v1::news_item::Body>) -> Option<Body> {
    let (field, body, bound) = match body {
        None => {
            invalid.add("text", "expected text or html, found neither");
            return None;
        }
        Some(v1::news_item::Body::Text(t)) => ("text", Body::Text(t), MAX_TEXT_BYTES),
        Some(v1::news_item::Body::Html(h)) => ("html", Body::Html(h), MAX_HTML_BYTES),
    };
    let bytes = body.as_str().len();
    if bytes > bound {
        invalid.add(
            field,
            format!("expected at most {bound} bytes, found {bytes}"),
        );
    } else if body
        .as_str()
        .chars()
        .all(|c| c.is_whitespace() || is_invisible(c))
    {
        invalid.add(
            field,
            format!("expected something to read, found {bytes} bytes of nothing"),
        );
    }
    Some(body)
}

/// A short field that is shown on one line: bounded, nothing invisible in it.
fn line(invalid: &mut Invalid, field: &str, value: &str, most: usize) {
    longest(invalid, field, value, most);
    if let Some(c) = value.chars().find(|c| is_invisible(*c)) {
        invalid.add(
            field,
            format!(
                "expected printable characters, found U+{:04X}",
                u32::from(c)
            ),
        );
    }
}

fn longest(invalid: &mut Invalid, field: &str, value: &str, most: usize) {
    let found = value.chars().count();
    if found > most {
        invalid.add(
            field,
            format!("expected at most {most} characters, found {found}"),
        );
    }
}

fn check_language(invalid: &mut Invalid, tag: &str) {
    let well_formed = tag.len() <= MAX_LANGUAGE_BYTES
        && tag.split('-').all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        });
    if !tag.is_empty() && !well_formed {
        invalid.add(
            "language",
            format!(
                "expected a BCP 47 tag such as \"en\", found {}",
                quoted(tag)
            ),
        );
    }
}

/// An item as a message.
pub fn item_back(item: &NewsItem) -> v1::NewsItem {
    v1::NewsItem {
        item_id: item.item_id.clone(),
        version: item.version,
        source: item.source.clone(),
        url: item.url.clone(),
        title: item.title.clone(),
        published_at: item.published_at.map(time::timestamp),
        language: item.language.clone(),
        body: Some(match &item.body {
            Body::Text(t) => v1::news_item::Body::Text(t.clone()),
            Body::Html(h) => v1::news_item::Body::Html(h.clone()),
        }),
    }
}

/// An item as stored bytes.
pub fn encode_item(item: &NewsItem) -> Vec<u8> {
    item_back(item).encode_to_vec()
}

/// Stored bytes as an item.
pub fn decode_item(bytes: &[u8]) -> Result<NewsItem, Unreadable> {
    let message = v1::NewsItem::decode(bytes).map_err(|e| Unreadable::new("NewsItem", e))?;
    item(message).map_err(|e| Unreadable::new("NewsItem", e))
}

pub(super) fn span(span: &Span) -> v1::Span {
    v1::Span {
        text: span.text.clone(),
        start: span.start,
        end: span.end,
        part: match span.part {
            Part::Text => v1::Part::Text,
            Part::Title => v1::Part::Title,
        }
        .into(),
    }
}

pub(super) fn span_back(message: Option<v1::Span>) -> Span {
    let Some(message) = message else {
        return Span::default();
    };
    let part = match message.part() {
        v1::Part::Title => Part::Title,
        v1::Part::Text | v1::Part::Unspecified => Part::Text,
    };
    Span {
        text: message.text,
        start: message.start,
        end: message.end,
        part,
    }
}
