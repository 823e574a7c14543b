//! What the words beside a name say of it.

use crate::lexicon::places::{Code, Cues, Descriptor, Gazetteer, fold};
use crate::linguistics::Document;
use std::ops::Range;

/// A sentence, with questions about the words around a position in it.
pub struct Neighbours<'a> {
    pub doc: &'a Document,
    pub sentence: Range<usize>,
    pub gazetteer: &'a Gazetteer,
    /// Folded forms of the sentence's tokens.
    folded: Vec<String>,
    /// True where nearly every word is capitalised: case tells nothing then.
    pub headline: bool,
}

/// How a preposition speaks for a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Locative {
    None,
    /// "to", "from", "struck": people come there too.
    Loose,
    /// "in", "near", "the town of".
    Strict,
}

impl<'a> Neighbours<'a> {
    /// Prepares a sentence.
    pub fn new(doc: &'a Document, sentence: Range<usize>, gazetteer: &'a Gazetteer) -> Self {
        let folded = sentence.clone().map(|i| fold(doc.form(i))).collect();
        let long = sentence
            .clone()
            .map(|i| doc.form(i))
            .filter(|form| form.chars().count() >= 4);
        let (mut capital, mut all) = (0, 0);
        for form in long.filter(|form| form.chars().all(char::is_alphabetic)) {
            all += 1;
            capital += usize::from(form.starts_with(char::is_uppercase));
        }
        Neighbours {
            doc,
            sentence,
            gazetteer,
            folded,
            headline: all >= 4 && capital * 10 >= all * 7,
        }
    }

    fn cues(&self) -> &'a Cues {
        self.gazetteer.cues()
    }

    /// Token `i` folded, empty outside the sentence.
    pub fn folded(&self, i: usize) -> &str {
        i.checked_sub(self.sentence.start)
            .and_then(|i| self.folded.get(i))
            .map_or("", String::as_str)
    }

    /// The form of token `i`, empty outside the sentence.
    pub fn form(&self, i: usize) -> &'a str {
        if self.sentence.contains(&i) {
            self.doc.form(i)
        } else {
            ""
        }
    }

    /// Whether a token begins with a capital.
    pub fn is_capital(&self, i: usize) -> bool {
        self.form(i).starts_with(char::is_uppercase)
    }

    /// Whether token `i` is a hyphen that touches both its neighbours.
    pub fn is_joining_hyphen(&self, i: usize) -> bool {
        matches!(self.form(i), "-" | "‑" | "–")
            && i > self.sentence.start
            && i + 1 < self.sentence.end
            && self.doc.tokens.end[i - 1] == self.doc.tokens.start[i]
            && self.doc.tokens.end[i] == self.doc.tokens.start[i + 1]
    }

    /// Words of a token range folded and joined, for looking up cues of several words; empty where the range holds or
    /// ends with anything but words and hyphens.
    fn joined(&self, range: Range<usize>) -> String {
        let ends = [range.start, range.end.saturating_sub(1)];
        let inner = |i: usize| {
            !self.folded(i).is_empty() || !ends.contains(&i) && self.is_joining_hyphen(i)
        };
        if range.is_empty() || !range.clone().all(inner) {
            return String::new();
        }
        let words: Vec<&str> = range
            .map(|i| self.folded(i))
            .filter(|w| !w.is_empty())
            .collect();
        words.join(" ")
    }

    /// The longest descriptor that begins at token `i`, with its end.
    pub fn descriptor_from(&self, i: usize) -> Option<(Descriptor, usize)> {
        (1..=3).rev().find_map(|length| {
            let end = i + length;
            let kind = self.cues().descriptors.get(&self.joined(i..end))?;
            Some((*kind, end))
        })
    }

    /// The longest descriptor that ends before token `end`, with its start.
    pub fn descriptor_to(&self, end: usize) -> Option<(Descriptor, usize)> {
        (1..=3).rev().find_map(|length| {
            let start = end
                .checked_sub(length)
                .filter(|s| *s >= self.sentence.start)?;
            let kind = self.cues().descriptors.get(&self.joined(start..end))?;
            Some((*kind, start))
        })
    }

    /// The start of a run of direction words before token `end`: "north", "north-eastern".
    pub fn directions_to(&self, end: usize) -> usize {
        let mut start = end;
        while start > self.sentence.start && self.cues().directions.contains(self.folded(start - 1))
        {
            start -= 1;
            if start > self.sentence.start + 1 && self.is_joining_hyphen(start - 1) {
                start -= 1;
            }
        }
        start
    }

    /// Whether token `i` is an article, or an adjective that may stand between a preposition and a place.
    fn is_filler(&self, i: usize) -> bool {
        let word = self.folded(i);
        let fits = self.cues().glue.contains(word)
            && !self.cues().locative.contains(word)
            && !self.cues().loose.contains(word)
            && !matches!(word, "of" | "and" | "a" | "an" | "s");
        fits || self.cues().directions.contains(word)
            || self.gazetteer.country_of_adjective(word).is_some()
    }

    /// How the words before token `start` speak for a place there.
    pub fn locative_before(&self, start: usize) -> Locative {
        let mut end = start;
        for _ in 0..4 {
            for length in (1..=3).rev() {
                let Some(from) = end
                    .checked_sub(length)
                    .filter(|f| *f >= self.sentence.start)
                else {
                    continue;
                };
                let words = self.joined(from..end);
                if self.cues().locative.contains(&words) {
                    return Locative::Strict;
                }
                if self.cues().loose.contains(&words) {
                    return Locative::Loose;
                }
            }
            if end == self.sentence.start
                || !self.is_filler(end - 1) && !self.is_joining_hyphen(end - 1)
            {
                break;
            }
            end -= 1;
        }
        Locative::None
    }

    /// The country of an adjective before a place: "the western Ukrainian city of Lviv", "Russia's" is no adjective.
    pub fn adjective_before(&self, start: usize) -> Option<Code> {
        let mut end = start;
        for _ in 0..6 {
            if end == self.sentence.start {
                return None;
            }
            let i = end - 1;
            // In "Russian-held Melitopol" the adjective is the occupier's.
            if let Some(code) = self.gazetteer.country_of_adjective(self.folded(i)) {
                return (!self.is_joining_hyphen(end)).then_some(code);
            }
            if let Some((_, from)) = self.descriptor_to(end) {
                end = from;
            } else if self.folded(i) == "of" || self.is_joining_hyphen(i) || self.is_filler(i) {
                end = i;
            } else {
                return None;
            }
        }
        None
    }

    /// Whether a title, rank or given name stands before token `start`: what follows is a person.
    pub fn person_before(&self, start: usize) -> bool {
        let Some(i) = start.checked_sub(1).filter(|i| *i >= self.sentence.start) else {
            return false;
        };
        let i = if self.form(i) == "." && i > self.sentence.start {
            i - 1
        } else {
            i
        };
        let word = self.folded(i);
        let cues = self.cues();
        let initial = word.chars().count() == 1
            && self.is_capital(i)
            && i > self.sentence.start
            && self.is_capital(i - 1);
        let particle = matches!(
            word,
            "bin" | "ibn" | "abu" | "bint" | "van" | "von" | "de" | "di" | "ben"
        );
        cues.titles.contains(word)
            || self.is_capital(i) && cues.given_names.contains(word)
            || initial
            || particle
    }

    /// Whether the word before is capitalised and not one that goes with places: part of a longer name.
    pub fn name_before(&self, start: usize) -> bool {
        let Some(i) = start.checked_sub(1).filter(|i| *i > self.sentence.start) else {
            return false;
        };
        let word = self.folded(i);
        let form = self.form(i);
        // "IDF", "UN" before a place leave it alone.
        let acronym =
            form.chars().count() > 1 && form.chars().all(|c| c.is_uppercase() || c == '.');
        let known = acronym
            || self.cues().directions.contains(word)
            || self.cues().descriptors.contains_key(word)
            || self.cues().locative.contains(word)
            || self.cues().loose.contains(word)
            || self.cues().glue.contains(word)
            || self.gazetteer.country_of_adjective(word).is_some();
        self.is_capital(i) && !known && !self.headline
    }

    /// Whether the word after is capitalised and makes a longer name: "Jackson Hinkle", not "Kharkiv Mayor".
    pub fn name_after(&self, end: usize) -> bool {
        let word = self.folded(end);
        let known = self.cues().titles.contains(word)
            || self.cues().directions.contains(word)
            || self.cues().descriptors.contains_key(word)
            || is_calendar(word);
        self.is_capital(end) && !known && !self.headline
    }

    /// Whether the name goes on as an organisation's: "Moscow State University".
    pub fn institution_after(&self, end: usize) -> bool {
        let capitals = (end..end + 4).take_while(|i| self.is_capital(*i));
        let mut longest = end;
        for i in capitals {
            longest = i + 1;
        }
        (end..longest).any(|i| self.cues().institutions.contains(self.folded(i)))
            || self
                .cues()
                .institutions
                .contains(&self.joined(end..end + 2))
            || (self.folded(end) == "agreement" || self.folded(end) == "accords")
    }

    /// Whether an organisation's word and "of" stand before: "the University of Cambridge".
    pub fn institution_before(&self, start: usize) -> bool {
        start >= self.sentence.start + 2
            && self.folded(start - 1) == "of"
            && self.is_capital(start - 2)
            && self.cues().institutions.contains(self.folded(start - 2))
    }

    /// Whether a verb of speech follows: "Jackson said".
    pub fn speech_after(&self, end: usize) -> bool {
        self.cues().speech.contains(self.folded(end))
    }

    /// Whether the name is joined to other words: "Moscow-backed", "pro-Beijing", "al-Sharaa".
    pub fn is_joined(&self, name: &Range<usize>) -> bool {
        let after = self.is_joining_hyphen(name.end)
            && self.form(name.end + 1).starts_with(char::is_lowercase);
        let before =
            name.start > self.sentence.start + 1 && self.is_joining_hyphen(name.start - 1) && {
                let i = name.start - 2;
                self.form(i).starts_with(char::is_lowercase)
                    || matches!(self.folded(i), "al" | "el" | "as" | "an" | "ad")
            };
        after || before
    }

    /// Whether the name stands at the head of a dispatch: "KYIV, March 3 (Agency) -", "CAIRO –".
    pub fn is_dateline(&self, name: &Range<usize>) -> bool {
        if name.start != self.sentence.start {
            return false;
        }
        let after = self.form(name.end);
        let loud = self
            .doc
            .words(name.clone())
            .chars()
            .all(|c| !c.is_lowercase());
        let dash = matches!(after, "–" | "—" | "--" | "-") && !self.is_joining_hyphen(name.end);
        dash || after == "(" && loud
            || after == "," && (loud || is_calendar(self.folded(name.end + 1)))
    }
}

/// Names of months and weekdays, short ones too.
pub fn is_calendar(word: &str) -> bool {
    const NAMES: [&str; 19] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    word.len() >= 3
        && NAMES
            .iter()
            .any(|name| *name == word || word.len() <= 4 && name.starts_with(word))
}
