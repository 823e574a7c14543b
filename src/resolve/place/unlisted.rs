//! Places that the gazetteer lacks, by the place that the text says they lie in or near: "the Kanatove airfield near
//! Kropyvnytskyi", "the village of Hbit in Idlib province", "in Doshe, Baghlan".

use super::neighbours::{Locative, Neighbours, is_calendar};
use super::{PlaceMention, Sign, spaced, within};
use crate::lexicon::places::{Descriptor, Kind};
use std::ops::Range;

/// Words of the longest name of this kind.
const LONGEST: usize = 4;

/// Adds such places among the mentions of a sentence, in text order.
pub fn add(near: &Neighbours<'_>, mentions: Vec<PlaceMention>) -> Vec<PlaceMention> {
    let mut found = Vec::new();
    // The mention that the position stands before.
    let mut next: usize = 0;
    let mut i = near.sentence.start;
    while i < near.sentence.end {
        let outers = Outers {
            before: next.checked_sub(1).map(|n| &mentions[n]),
            after: mentions.get(next),
        };
        if let Some(after) = outers.after.filter(|m| m.tokens.start <= i) {
            i = after.tokens.end;
            next += 1;
            continue;
        }
        let gap = outers.before.map_or(near.sentence.start, |m| m.tokens.end)
            ..outers.after.map_or(near.sentence.end, |m| m.tokens.start);
        match run(near, i, gap.end) {
            Some(name) => {
                i = name.end;
                found.extend(place(near, name, gap, outers));
            }
            None => i += 1,
        }
    }
    found.extend(mentions);
    found.sort_by_key(|m| m.tokens.start);
    found
}

/// The mentions on both sides of a gap between mentions.
#[derive(Clone, Copy)]
struct Outers<'a> {
    before: Option<&'a PlaceMention>,
    after: Option<&'a PlaceMention>,
}

/// The capitalised words from token `i` on, where they may be a place's name.
fn run(near: &Neighbours<'_>, i: usize, ceiling: usize) -> Option<Range<usize>> {
    let proper = |t: usize| near.is_capital(t) && near.form(t).chars().any(char::is_lowercase);
    let mut end = i;
    let mut words = 0;
    while end < ceiling && proper(end) {
        end += 1;
        words += 1;
        if end + 1 < ceiling && near.is_joining_hyphen(end) {
            end += if proper(end + 1) || near.form(end + 1).len() <= 3 {
                1
            } else {
                0
            };
            while end + 1 < ceiling
                && !proper(end)
                && near.is_joining_hyphen(end + 1)
                && near.form(end).len() <= 3
            {
                end += 2;
            }
        }
    }
    let cues = near.gazetteer.cues();
    let stranger = |t: usize| {
        let word = near.folded(t);
        is_calendar(word)
            || cues.titles.contains(word)
            || cues.given_names.contains(word)
            || cues.institutions.contains(word)
            || cues.bodies.contains(word)
            || cues.glue.contains(word)
            || near.gazetteer.country_of_adjective(word).is_some()
    };
    // "the Catalonian city": an adjective that nobody listed.
    let form = near.form(i);
    let adjective = words == 1
        && ["ian", "ean", "ese", "ish"]
            .iter()
            .any(|ending| form.ends_with(ending));
    let fits =
        !adjective && words > 0 && words <= LONGEST && i > near.sentence.start && proper(end - 1);
    (fits && !(i..end).any(stranger)).then_some(i..end)
}

/// The place that a name between two mentions is, by the nouns beside it and the mention that it hangs on.
fn place(
    near: &Neighbours<'_>,
    name: Range<usize>,
    gap: Range<usize>,
    outers: Outers<'_>,
) -> Option<PlaceMention> {
    if near.person_before(name.start) || near.is_joined(&name) {
        return None;
    }
    let mut tokens = name.clone();
    // "Hbit village", "Nadali District", "village of Hbit".
    let right = near
        .descriptor_from(name.end)
        .filter(|(_, end)| *end <= gap.end && (near.folded(*end) != "of" || *end + 1 >= gap.end));
    let inner = near
        .descriptor_to(name.end)
        .filter(|(_, start)| *start > name.start);
    let left = (name.start > gap.start && near.folded(name.start - 1) == "of")
        .then(|| near.descriptor_to(name.start - 1))
        .flatten()
        .filter(|(_, start)| *start >= gap.start);
    let mut from = name.start;
    let descriptor = match (right, inner, left) {
        (Some((descriptor, end)), _, _) => {
            tokens.end = end;
            Some(descriptor)
        }
        (_, Some((descriptor, _)), _) => Some(descriptor),
        (_, _, Some((descriptor, start))) => {
            from = start;
            Some(descriptor)
        }
        _ => None,
    };
    let after = outers
        .after
        .filter(|m| hangs_on(near, tokens.end, m, descriptor));
    let before = || {
        outers
            .before
            .filter(|m| descriptor.is_some() && within::is_glue(near, m.tokens.end..from))
    };
    let outer = after.or_else(before);
    if descriptor.is_none()
        && (outer.is_none() || near.locative_before(name.start) != Locative::Strict)
    {
        return None;
    }
    let mut mention = PlaceMention {
        text: spaced(near.doc.words(tokens.clone())),
        tokens,
        name,
        folded: String::new(),
        candidates: Vec::new(),
        descriptor,
        part: false,
        unlisted: true,
        sign: Sign::Described,
        within: Vec::new(),
        holds: Vec::new(),
    };
    if let Some(outer) = outer {
        // It follows the reading of the place that it hangs on.
        mention.folded = outer.folded.clone();
        mention.candidates = outer.candidates.clone();
        mention.within = outer.within.clone();
    } else {
        // "the Somali town of Buloburde"
        let code = near
            .adjective_before(from)
            .filter(|_| matches!(descriptor, Some(Descriptor::Settlement | Descriptor::Area)))?;
        let country = near.gazetteer.country(code.as_str())?;
        mention.folded = crate::lexicon::places::fold(near.gazetteer.place(country).name);
        mention.candidates = vec![super::Candidate {
            id: country,
            main: true,
        }];
    }
    Some(mention)
}

/// Whether a name that ends at a token hangs on the mention after it.
fn hangs_on(
    near: &Neighbours<'_>,
    end: usize,
    outer: &PlaceMention,
    descriptor: Option<Descriptor>,
) -> bool {
    let between = end..outer.tokens.start;
    let prepositions = ["in", "near", "outside", "at", "of", "within"];
    let tied = between
        .clone()
        .any(|t| prepositions.contains(&near.folded(t)));
    match descriptor {
        Some(_) => {
            tied && within::is_glue(near, between.clone())
                || between.len() == 1 && near.form(end) == ","
        }
        // "in Doshe, Baghlan, Afghanistan": closed by a comma or the end, lest the mention be the subject of what follows.
        None => {
            let next = near.form(outer.tokens.end);
            let closed = outer.tokens.end >= near.sentence.end
                || matches!(next, "," | "." | ";" | ")" | "on");
            let large = outer.candidates.iter().any(|c| {
                matches!(
                    near.gazetteer.place(c.id).kind,
                    Kind::Admin1 | Kind::Country | Kind::Region
                )
            });
            between.len() == 1 && near.form(end) == "," && closed && large
        }
    }
}
