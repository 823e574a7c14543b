//! Places: which words name one, and which place of that name is meant.
//!
//! [`find`] goes by spelling, case and neighbours, and keeps a name only where the words around it, its size or the
//! country it lies in speak for a place: many towns are called like people and ordinary things. [`resolve`] then weighs
//! the places of that name: what the text says they lie in, the countries of the item's actors, other places of the item,
//! the kind of place that a noun beside the name asks for, and how large they are.

mod context;
mod find;
mod neighbours;
mod unlisted;
mod within;

pub use context::Context;
pub use find::find;

use crate::lexicon::places::{Descriptor, Gazetteer, Kind, PlaceId};
use crate::model::{Location, PlacePrecision, Span};
use std::ops::Range;

/// Words that name a place.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceMention {
    /// The phrase, without article: "northern Gaza", "Kharkiv region", "port of Izmail".
    pub tokens: Range<usize>,
    /// The name in it.
    pub name: Range<usize>,
    /// The phrase as written, white space collapsed.
    pub text: String,
    /// The name, folded: the same name keeps its reading within an item.
    pub folded: String,
    /// Never empty; in no order of merit.
    pub candidates: Vec<Candidate>,
    /// What a noun beside the name says of the place.
    pub descriptor: Option<Descriptor>,
    /// True for a part of the place: "northern Gaza".
    pub part: bool,
    /// True where the phrase names what the gazetteer lacks, in or near the place that the candidates are: "the Kanatove
    /// airfield near Kropyvnytskyi", "the village of Hbit in Idlib province".
    pub unlisted: bool,
    /// What speaks for a place.
    pub sign: Sign,
    /// Places that the text says it lies in; each holds at least one candidate.
    pub within: Vec<PlaceId>,
    /// Places that the text says lie in it.
    pub holds: Vec<PlaceId>,
}

/// A place that a name may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    pub id: PlaceId,
    /// Whether it is the usual name of that place, not another spelling.
    pub main: bool,
}

/// The best evidence that a name is a place's, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// The name alone: it is well known.
    Known,
    /// In a list with another place.
    Listed,
    /// After a preposition or verb of place.
    Locative,
    /// At the head of a dispatch.
    Dateline,
    /// Beside a noun that says what kind of place it is.
    Described,
    /// Beside a place that it lies in or that lies in it.
    Contained,
}

/// The place that a mention means, by the highest score.
pub fn choose(mention: &PlaceMention, context: &Context<'_>) -> PlaceId {
    let mut best = (f64::NEG_INFINITY, mention.candidates[0].id);
    for candidate in &mention.candidates {
        let score = context.score(mention, *candidate);
        // Equal scores fall to the lower id, which is stable but means nothing.
        if score > best.0 || score == best.0 && candidate.id < best.1 {
            best = (score, candidate.id);
        }
    }
    best.1
}

/// What a mention means, as a location. Of its span only the text is set: where the words stand in the source is known
/// to the caller.
pub fn resolve(mention: &PlaceMention, context: &Context<'_>) -> Location {
    location(mention, choose(mention, context), context.gazetteer())
}

fn location(mention: &PlaceMention, id: PlaceId, gazetteer: &Gazetteer) -> Location {
    let place = gazetteer.place(id);
    let mut found = Location {
        name: place.name.to_owned(),
        country: place
            .country
            .map(|c| c.as_str().to_owned())
            .unwrap_or_default(),
        admin1: place
            .admin1
            .map(|a| gazetteer.place(a).name.to_owned())
            .unwrap_or_default(),
        geonames_id: place.geonames_id,
        point: Some(place.point),
        precision: match place.kind {
            Kind::Site => PlacePrecision::Site,
            Kind::City => PlacePrecision::City,
            Kind::Admin1 => PlacePrecision::Admin1,
            Kind::Country => PlacePrecision::Country,
            Kind::Region => PlacePrecision::Region,
        },
        span: Span {
            text: mention.text.clone(),
            ..Span::default()
        },
    };
    if place.kind == Kind::Admin1 {
        found.admin1 = found.name.clone();
    }
    let facility = mention.descriptor == Some(Descriptor::Facility) && place.kind == Kind::City;
    let part = mention.part && place.kind == Kind::Country;
    if mention.unlisted || facility || part {
        // A name of its own, with the point of the place that it lies in: that one's id would be a lie. The precision says
        // how far the point can be trusted.
        found.name = mention.text.clone();
        found.geonames_id = 0;
    }
    if facility {
        found.precision = PlacePrecision::Site;
    } else if part {
        found.precision = PlacePrecision::Region;
    }
    found
}

/// Words with single spaces between them.
fn spaced(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
