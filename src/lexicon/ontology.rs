//! The event types: what each means, its codes in other systems, how reports of it merge and how a headline words it.

mod raw;

use super::strict;
pub use super::strict::Error;
use crate::model::{Category, Codes, QuantityRole, Status};
use raw::RawFile;
use std::collections::BTreeMap;

/// All event types, in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct Ontology {
    types: Vec<EventType>,
    index: BTreeMap<String, usize>,
    follow_up: Vec<String>,
}

/// One type of event.
#[derive(Debug, Clone, PartialEq)]
pub struct EventType {
    /// Dotted: `military.strike.drone`.
    pub name: String,
    pub definition: String,
    /// The type that this is a kind of (`military.strike`), none below a category.
    pub parent: Option<String>,
    pub category: Category,
    pub codes: Codes,
    /// All sides take part alike: participants instead of initiators and targets.
    pub symmetric: bool,
    /// Told from either side: who is the initiator tells nothing. True of all symmetric types too.
    pub either_side: bool,
    /// An act in words of one speaker.
    pub speech: bool,
    /// What it says is no more than its speaker's claim.
    pub alleges: bool,
    /// Days that a happening may go on.
    pub lasting: u32,
    /// Gives way to any other type that a report of the same event states.
    pub yields: bool,
    /// Labels for merging: types that share one may tell the same happening. Never empty.
    pub families: Vec<String>,
    pub headline: Headline,
}

/// How the summary words an event of a type. Phrases hold `{targets}`, `{place}`, `{targets|place}` or `{count}`; a part
/// in square brackets is left out when a slot in it is empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Headline {
    pub verb: Verb,
    /// What follows the verb.
    pub object: String,
    /// Verb for when a slot that `object` needs is empty.
    pub bare: Option<Verb>,
    /// Verb of a symmetric act when one side only is known.
    pub alone: Option<Verb>,
    /// The act as a noun phrase in the singular, for when nobody is known to have done it.
    pub noun: String,
    /// Set where a toll is the whole news: what follows "5 killed".
    pub toll: Option<String>,
    /// The verb itself tells the toll.
    pub inherent_toll: bool,
    /// Wordings for a known number, tried in order.
    pub counted: Vec<Counted>,
    /// The status that the verb already says.
    pub inherent: Option<Status>,
}

/// Wording for when a number of a role is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    pub role: QuantityRole,
    pub verb: Verb,
    pub alone: Option<Verb>,
    /// What follows the verb; holds `{count}`.
    pub object: String,
}

/// The forms of a verb, each with the rest of its phrase: "carry out air strike".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verb {
    pub base: String,
    /// Third person singular, as a headline has it (`launched` where news uses the past).
    pub finite: String,
    pub gerund: String,
    pub past: String,
}

impl Ontology {
    /// Reads the content of `ontology.toml`. Unknown keys, unknown parents, duplicate names and malformed codes or
    /// phrases are refused with the line of the type.
    pub fn load(text: &str, file: &str) -> Result<Self, Error> {
        let raw: RawFile = strict::read(text, file)?;
        if let Some(bad) = raw
            .follow_up
            .iter()
            .find(|w| w.trim().is_empty() || w.to_lowercase() != **w)
        {
            return Err(Error::at(
                file,
                text,
                0..0,
                format!("expected lower-case words in follow_up, found {bad:?}"),
            ));
        }
        let mut ontology = Self {
            follow_up: raw.follow_up,
            ..Self::default()
        };
        for entry in raw.types {
            let span = entry.name.span();
            let fail = |message: String| Error::at(file, text, span.clone(), message);
            let event_type = EventType::read(entry).map_err(fail)?;
            if ontology.index.contains_key(&event_type.name) {
                return Err(fail(format!("type {:?} is given twice", event_type.name)));
            }
            if let Some(parent) = &event_type.parent
                && !ontology.index.contains_key(parent)
            {
                return Err(fail(format!(
                    "type {:?} comes before its parent: expected {parent:?} above it",
                    event_type.name
                )));
            }
            ontology
                .index
                .insert(event_type.name.clone(), ontology.types.len());
            ontology.types.push(event_type);
        }
        if ontology.types.is_empty() {
            return Err(Error::at(
                file,
                text,
                0..0,
                "expected at least one [[type]], found none",
            ));
        }
        Ok(ontology)
    }

    /// The type of this full name.
    pub fn get(&self, name: &str) -> Option<&EventType> {
        self.index.get(name).map(|i| &self.types[*i])
    }

    /// Where in [`Ontology::types`] the type of this full name stands.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// All types, in the order of the file.
    pub fn types(&self) -> &[EventType] {
        &self.types
    }

    /// True if a text says that it comes back to what happened earlier: a toll that rose, a victim identified.
    pub fn is_follow_up(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.follow_up
            .iter()
            .any(|words| text.contains(words.as_str()))
    }

    /// True if `prefix` is a category, a type, or a dotted beginning of one.
    pub fn has_prefix(&self, prefix: &str) -> bool {
        self.types.iter().any(|t| is_a(&t.name, prefix))
    }
}

/// True if `name` is `ancestor` or lies below it.
pub fn is_a(name: &str, ancestor: &str) -> bool {
    name.strip_prefix(ancestor)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// CAMEO quad class of a code, a leading `~` aside: 1 verbal cooperation, 2 material cooperation, 3 verbal conflict,
/// 4 material conflict; 0 where the root is none of 01 to 20.
pub fn quad_class(cameo: &str) -> u32 {
    let root = cameo
        .trim_start_matches('~')
        .get(..2)
        .and_then(|r| r.parse::<u32>().ok());
    match root {
        Some(1..=5) => 1,
        Some(6..=9) => 2,
        Some(10..=13) => 3,
        Some(14..=20) => 4,
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
