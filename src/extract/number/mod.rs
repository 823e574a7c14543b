//! Numbers and what they count.
//!
//! [`find`] reads every number of a sentence and says of what kind it is, so that years, ages, distances, money and
//! names with digits are not taken for counts. What a count means for an event (killed, launched) is decided elsewhere.

mod amount;
mod counted;
mod kind;
mod numeral;
mod words;

#[cfg(test)]
mod tests;

use crate::linguistics::{Document, Upos};
use crate::model::Approximation;
use std::ops::Range;

/// What a number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberKind {
    /// Things or people are counted.
    Count,
    /// Things or people, but no number: "dozens of", "several". The value is 0.
    Vague,
    /// An amount of money; the unit is the currency.
    Money,
    /// A percentage, or the upper part of a fraction ("two thirds").
    Percentage,
    /// "third", "10th".
    Ordinal,
    /// A year, a day of a month, a time of the clock.
    Date,
    /// "three hours", "24-hour".
    Duration,
    /// "a 5-year-old", "aged 34".
    Age,
    /// A length, area, weight, speed or the like; the unit is the measure.
    Measure,
    /// Part of a name or of a compound: "Su-34", "Resolution 1701", "28-point plan", "47th Brigade".
    Designation,
    /// Nothing that is counted could be found.
    Bare,
}

/// A number of a sentence, by tokens of the document.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberMention {
    /// The words of the number with their modifier ("at least 20"), without the thing counted.
    pub tokens: Range<usize>,
    /// Token of the counted noun. None where people are counted without one ("killed 12").
    pub head: Option<usize>,
    /// The lower end of a range.
    pub value: f64,
    /// The upper end of a range.
    pub max_value: Option<f64>,
    pub approximation: Approximation,
    /// Lemma of the counted noun with what makes it a kind of thing ("ballistic missile"); "person" for people without
    /// a noun; empty where it is not known.
    pub unit: String,
    pub kind: NumberKind,
}

/// Finds the numbers in the tokens `sentence` of a document, in order, without overlaps.
pub fn find(doc: &Document, sentence: Range<usize>) -> Vec<NumberMention> {
    let end = sentence.end.min(doc.len());
    let text = words::Words::new(doc, sentence.start.min(end)..end);
    let mut mentions: Vec<NumberMention> = Vec::new();
    let mut i = text.range.start;
    while i < text.range.end {
        let Some(amount) = amount::at(&text, i) else {
            i += 1;
            continue;
        };
        i = amount.tokens.end.max(i + 1);
        let kind = kind::of(&text, &amount);
        mentions.push(counted::mention(&text, amount, kind, &mentions));
    }
    mentions
}

/// A single thing without a number, as a count of one: "an Iranian drone", "another soldier". `noun` is its token.
pub fn single(doc: &Document, noun: usize) -> Option<NumberMention> {
    if noun >= doc.len() {
        return None;
    }
    let sentence = doc
        .sentences
        .get(doc.sentence_of(noun))
        .cloned()
        .unwrap_or(0..doc.len());
    let text = words::Words::new(
        doc,
        sentence.start.min(noun)..sentence.end.max(noun + 1).min(doc.len()),
    );
    if matches!(text.xpos(noun), "NNS" | "NNPS") || counted::is_plural(&text, noun) {
        return None;
    }
    for at in (noun.saturating_sub(7).max(text.range.start)..noun).rev() {
        match text.word(at) {
            "a" | "an" | "another" => {
                // "a dozen men", "an estimated 20": the article belongs to a number.
                if amount::at(&text, at).is_some() {
                    return None;
                }
                return Some(NumberMention {
                    tokens: at..at + 1,
                    head: Some(noun),
                    value: 1.0,
                    max_value: None,
                    approximation: Approximation::Exact,
                    unit: counted::unit(&text, noun, at + 1),
                    kind: NumberKind::Count,
                });
            }
            "-" | "–" => {}
            word if words::is_function(word) => return None,
            word if word.chars().all(|c| !c.is_alphanumeric()) => return None,
            _ if numeral::at(&text, at).is_some() => return None,
            _ if matches!(text.upos(at), Upos::Verb | Upos::Aux)
                && !matches!(text.xpos(at), "VBN" | "VBG") =>
            {
                return None;
            }
            _ => {}
        }
    }
    None
}
