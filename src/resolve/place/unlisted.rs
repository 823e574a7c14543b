//! Facilities that the gazetteer lacks, placed by the town that the text names beside them.

use super::neighbours::Neighbours;
use super::{Candidate, PlaceMention, Sign, spaced};
use crate::lexicon::places::{Descriptor, Kind, fold};

/// Adds facilities that the gazetteer lacks, with the town that they are said to be near.
pub fn add(near: &Neighbours<'_>, mentions: Vec<PlaceMention>) -> Vec<PlaceMention> {
    let mut all: Vec<PlaceMention> = Vec::with_capacity(mentions.len());
    for mention in mentions {
        let floor = all.last().map_or(near.sentence.start, |m| m.tokens.end);
        if let Some(facility) = facility_near(near, &mention, floor) {
            all.push(facility);
        }
        all.push(mention);
    }
    all
}

/// "the Kanatove airfield near Kropyvnytskyi", seen from the town.
fn facility_near(near: &Neighbours<'_>, town: &PlaceMention, floor: usize) -> Option<PlaceMention> {
    let towns: Vec<Candidate> = town
        .candidates
        .iter()
        .copied()
        .filter(|c| near.gazetteer.place(c.id).kind == Kind::City)
        .collect();
    let mut end = town.tokens.start;
    while end > floor
        && matches!(
            near.folded(end - 1),
            "the" | "of" | "city" | "town" | "village"
        )
    {
        end -= 1;
    }
    if towns.len() < town.candidates.len()
        || town.unlisted
        || end <= floor
        || !matches!(near.folded(end - 1), "near" | "in" | "outside" | "at")
    {
        return None;
    }
    let (descriptor, noun) = near.descriptor_to(end - 1)?;
    let mut start = noun;
    let names = |i: usize| near.is_capital(i) && near.form(i).chars().any(char::is_lowercase);
    while start > floor && names(start - 1) && start - 1 > near.sentence.start && noun - start < 3 {
        start -= 1;
    }
    if descriptor != Descriptor::Facility || start == noun {
        return None;
    }
    Some(PlaceMention {
        tokens: start..end - 1,
        name: start..end - 1,
        text: spaced(near.doc.words(start..end - 1)),
        folded: fold(near.doc.words(start..end - 1)),
        candidates: towns,
        descriptor: Some(descriptor),
        part: false,
        unlisted: true,
        sign: Sign::Described,
        within: town.within.clone(),
        holds: Vec::new(),
    })
}
