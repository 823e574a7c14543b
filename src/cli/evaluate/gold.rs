//! Annotated items: the format of gold that an analyst writes.

use crate::model::{Body, NewsItem};
use anyhow::Context;
use serde::Deserialize;
use std::io::BufRead;

/// An annotated item, one a line.
#[derive(Debug, Clone, Deserialize)]
pub struct Item {
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub title: String,
    pub text: String,
    /// Day of publication, or a time in RFC 3339.
    #[serde(default, alias = "date")]
    pub published_at: Option<String>,
    /// Empty where the item holds no event.
    #[serde(default)]
    pub events: Vec<Event>,
}

/// An annotated event. Words are substrings of the text, as strings or as objects with `text`, `start` and `end` (characters).
#[derive(Debug, Clone, Deserialize)]
pub struct Event {
    #[serde(rename = "type")]
    pub event_type: String,
    pub trigger: Words,
    /// Other words for the same event.
    #[serde(default)]
    pub also: Vec<Words>,
    #[serde(default)]
    pub initiators: Vec<Words>,
    #[serde(default)]
    pub targets: Vec<Words>,
    #[serde(default)]
    pub participants: Vec<Words>,
    #[serde(default)]
    pub places: Vec<Words>,
    #[serde(default)]
    pub attribution: Option<Words>,
    /// `occurred` when left out.
    #[serde(default)]
    pub status: Option<String>,
    /// Recalled to explain the news: it may be found or not.
    #[serde(default)]
    pub background: bool,
}

/// Words of the text.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Words {
    Plain(String),
    At {
        text: String,
        start: usize,
        end: usize,
    },
}

impl Words {
    pub fn text(&self) -> &str {
        match self {
            Words::Plain(text) | Words::At { text, .. } => text,
        }
    }

    /// Every place in `text`, in characters, where the words stand; the one that is said where one is said.
    pub fn places(&self, text: &str) -> Vec<(usize, usize)> {
        match self {
            // Offsets that don't fit their words are an error, not a miss.
            Words::At {
                text: words,
                start,
                end,
            } => {
                let length = end.saturating_sub(*start);
                let found: String = text.chars().skip(*start).take(length).collect();
                if found == *words {
                    vec![(*start, *end)]
                } else {
                    Vec::new()
                }
            }
            Words::Plain(words) if words.is_empty() => Vec::new(),
            Words::Plain(words) => {
                let count = |s: &str| s.chars().count();
                let length = count(words);
                text.match_indices(words.as_str())
                    .map(|(at, _)| count(&text[..at]))
                    .map(|at| (at, at + length))
                    .collect()
            }
        }
    }
}

impl Item {
    /// The item as it would be submitted.
    ///
    /// # Errors
    /// A time of publication that is none.
    pub fn news(&self) -> anyhow::Result<NewsItem> {
        let published_at = match &self.published_at {
            None => None,
            Some(day) => {
                let time = if day.contains('T') {
                    day.clone()
                } else {
                    format!("{day}T12:00:00Z")
                };
                let parsed = time.parse();
                Some(parsed.with_context(|| {
                    format!("expected a day such as 2026-03-04 in published_at, found {day:?}")
                })?)
            }
        };
        Ok(NewsItem {
            item_id: if self.id.is_empty() {
                "gold".to_owned()
            } else {
                self.id.clone()
            },
            version: 1,
            source: "gold".to_owned(),
            url: String::new(),
            title: self.title.clone(),
            body: Body::Text(self.text.clone()),
            published_at,
            language: "en".to_owned(),
        })
    }
}

/// Reads gold, and checks that every trigger stands in its text.
///
/// # Errors
/// The line, what was expected and what was found.
pub fn read(input: impl BufRead) -> anyhow::Result<Vec<Item>> {
    let mut items = Vec::new();
    for (number, line) in input.lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let at = || format!("line {}", number + 1);
        let item: Item = serde_json::from_str(&line).with_context(at)?;
        for event in &item.events {
            anyhow::ensure!(
                !event.trigger.places(&item.text).is_empty(),
                "line {}: expected the trigger {:?} in the text, found it nowhere",
                number + 1,
                event.trigger.text()
            );
        }
        items.push(item);
    }
    Ok(items)
}
