//! What goes in: news items, and spans of their words.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A text received, with its source and publication time. Bounds are checked at the edge, before a value of this type exists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewsItem {
    /// Unique in the service; never empty (derived from source, URL and content where the sender gave none).
    pub item_id: String,
    /// From 1; a higher one is a correction.
    pub version: u32,
    pub source: String,
    pub url: String,
    pub title: String,
    pub body: Body,
    pub published_at: Option<Timestamp>,
    /// BCP 47 tag; empty where it is to be detected.
    pub language: String,
}

/// The text of an item, in one of two forms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Body {
    Text(String),
    Html(String),
}

impl Body {
    /// The submitted string, whichever form it has.
    pub fn as_str(&self) -> &str {
        match self {
            Body::Text(s) | Body::Html(s) => s,
        }
    }
}

/// The part of an item that offsets count in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum Part {
    #[default]
    Text,
    Title,
}

/// Words of an item, by position in Unicode code points of the part as it was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Span {
    /// The words as read: white space collapsed, markup and entities resolved.
    pub text: String,
    pub start: u32,
    /// Exclusive.
    pub end: u32,
    pub part: Part,
}

/// Something worth knowing about how an item was read; never a reason for refusing it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// UPPER_SNAKE_CASE.
    pub reason: String,
    pub message: String,
}
