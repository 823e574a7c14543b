//! A sentence as lower-case words, and the closed classes that the grammar needs.

use crate::linguistics::{Deprel, Document, Upos};
use std::ops::Range;

/// A sentence of a document; words are asked for by token of the document and are empty outside of the sentence.
pub(super) struct Words<'a> {
    pub doc: &'a Document,
    pub range: Range<usize>,
    lower: Vec<String>,
}

impl<'a> Words<'a> {
    pub fn new(doc: &'a Document, range: Range<usize>) -> Words<'a> {
        let lower = range.clone().map(|i| doc.form(i).to_lowercase()).collect();
        Words { doc, range, lower }
    }

    pub fn word(&self, i: usize) -> &str {
        i.checked_sub(self.range.start)
            .and_then(|n| self.lower.get(n))
            .map_or("", String::as_str)
    }

    /// The word before `i`.
    pub fn before(&self, i: usize) -> &str {
        i.checked_sub(1).map_or("", |b| self.word(b))
    }

    pub fn form(&self, i: usize) -> &str {
        if self.range.contains(&i) {
            self.doc.form(i)
        } else {
            ""
        }
    }

    pub fn xpos(&self, i: usize) -> &str {
        self.doc
            .tokens
            .xpos
            .get(i)
            .copied()
            .filter(|_| self.range.contains(&i))
            .unwrap_or("")
    }

    pub fn upos(&self, i: usize) -> Upos {
        self.doc
            .tokens
            .upos
            .get(i)
            .copied()
            .filter(|_| self.range.contains(&i))
            .unwrap_or_default()
    }

    pub fn deprel(&self, i: usize) -> Deprel {
        self.doc.tokens.deprel.get(i).copied().unwrap_or_default()
    }

    /// Head of token `i` within the sentence.
    pub fn head(&self, i: usize) -> Option<usize> {
        if !self.range.contains(&i) || i >= self.doc.tokens.head.len() {
            return None;
        }
        self.doc.head(i).filter(|h| self.range.contains(h))
    }

    pub fn is_capitalised(&self, i: usize) -> bool {
        self.form(i).starts_with(char::is_uppercase)
    }

    /// Whether no white space stands before token `i`.
    pub fn is_glued(&self, i: usize) -> bool {
        i > self.range.start
            && i < self.range.end
            && self.doc.tokens.start[i] == self.doc.tokens.end[i - 1]
    }

    pub fn reads(&self, i: usize, words: &[&str]) -> bool {
        words
            .iter()
            .enumerate()
            .all(|(n, w)| self.word(i + n) == *w)
    }
}

/// Words that end a noun phrase: prepositions, conjunctions, pronouns, auxiliaries, determiners.
#[rustfmt::skip]
pub(super) fn is_function(word: &str) -> bool {
    matches!(
        word,
        "" | "the" | "a" | "an" | "this" | "that" | "these" | "those" | "its" | "their" | "his" | "her" | "our" | "my" | "your"
            | "and" | "or" | "but" | "nor" | "of" | "in" | "on" | "at" | "to" | "by" | "for" | "from" | "with" | "into" | "onto"
            | "over" | "under" | "near" | "after" | "before" | "during" | "since" | "until" | "as" | "than" | "between" | "among"
            | "against" | "across" | "through" | "towards" | "toward" | "along" | "around" | "about" | "inside" | "outside"
            | "within" | "without" | "while" | "when" | "where" | "which" | "who" | "whom" | "whose" | "if" | "because" | "per"
            | "is" | "are" | "was" | "were" | "be" | "been" | "being" | "am" | "has" | "have" | "had" | "do" | "does" | "did"
            | "will" | "would" | "can" | "could" | "may" | "might" | "must" | "shall" | "should" | "not" | "n't" | "'s" | "’s"
            | "he" | "she" | "it" | "they" | "we" | "you" | "i" | "him" | "them" | "us" | "me" | "there" | "here" | "so" | "too"
            | "also" | "then" | "now" | "yet" | "still" | "later" | "ago" | "each" | "off" | "out" | "up" | "down" | "amid"
            | "said" | "says" | "including" | "via" | "upon" | "both" | "either" | "all" | "some" | "any" | "no"
    )
}

pub(super) fn is_month(word: &str) -> bool {
    matches!(
        word.trim_end_matches('.'),
        "january"
            | "february"
            | "march"
            | "april"
            | "may"
            | "june"
            | "july"
            | "august"
            | "september"
            | "october"
            | "november"
            | "december"
            | "jan"
            | "feb"
            | "mar"
            | "apr"
            | "jun"
            | "jul"
            | "aug"
            | "sep"
            | "sept"
            | "oct"
            | "nov"
            | "dec"
    )
}

/// Units of time, singular or plural.
pub(super) fn is_time_unit(word: &str) -> bool {
    matches!(
        word,
        "second"
            | "seconds"
            | "minute"
            | "minutes"
            | "hour"
            | "hours"
            | "day"
            | "days"
            | "night"
            | "nights"
            | "week"
            | "weeks"
            | "month"
            | "months"
            | "year"
            | "years"
            | "decade"
            | "decades"
            | "century"
            | "centuries"
            | "fortnight"
            | "hrs"
    )
}

/// The measure that a word names: lengths, areas, weights, speeds, volumes.
#[rustfmt::skip]
pub(super) fn measure(word: &str) -> Option<&'static str> {
    Some(match word.trim_end_matches('.') {
        "km" | "kms" | "kilometre" | "kilometres" | "kilometer" | "kilometers" | "k" => "kilometre",
        "mile" | "miles" | "mi" => "mile",
        "m" | "metre" | "metres" | "meter" | "meters" => "metre",
        "cm" | "centimetre" | "centimetres" | "centimeter" | "centimeters" => "centimetre",
        "mm" | "millimetre" | "millimetres" | "millimeter" | "millimeters" => "millimetre",
        "foot" | "feet" | "ft" => "foot",
        "inch" | "inches" => "inch",
        "yard" | "yards" => "yard",
        "nm" => "nautical mile",
        "hectare" | "hectares" | "ha" => "hectare",
        "acre" | "acres" => "acre",
        "ton" | "tons" | "tonne" | "tonnes" => "tonne",
        "kg" | "kgs" | "kilo" | "kilos" | "kilogram" | "kilograms" | "kilogramme" | "kilogrammes" => "kilogram",
        "lb" | "lbs" => "pound",
        "litre" | "litres" | "liter" | "liters" => "litre",
        "barrel" | "barrels" => "barrel",
        "degree" | "degrees" | "°" | "°c" | "c" => "degree",
        "mph" | "kph" | "kmh" | "knots" | "mach" => "speed",
        "kt" | "kilotons" | "kilotonnes" => "kiloton",
        "mw" | "megawatt" | "megawatts" | "gw" | "gigawatt" | "gigawatts" | "kv" => "watt",
        "magnitude" | "points" | "point" => "point",
        _ => return None,
    })
}

/// The currency that a sign or word names.
#[rustfmt::skip]
pub(super) fn currency(word: &str) -> Option<&'static str> {
    Some(match word {
        "$" | "us$" | "usd" | "dollar" | "dollars" | "a$" | "c$" => "dollar",
        "€" | "eur" | "euro" | "euros" => "euro",
        "£" | "gbp" | "pound" | "pounds" | "sterling" => "pound",
        "¥" | "yen" | "jpy" => "yen",
        "yuan" | "renminbi" | "rmb" => "yuan",
        "₽" | "rouble" | "roubles" | "ruble" | "rubles" => "rouble",
        "₴" | "hryvnia" | "hryvnias" | "hryvnya" => "hryvnia",
        "₹" | "rupee" | "rupees" | "rs" => "rupee",
        "₪" | "shekel" | "shekels" => "shekel",
        "₩" | "won" => "won",
        "lira" | "liras" | "₺" => "lira",
        "rial" | "rials" | "riyal" | "riyals" => "rial",
        "dirham" | "dirhams" => "dirham",
        "franc" | "francs" => "franc",
        "zloty" | "zlotys" => "zloty",
        "krona" | "kronor" | "krone" | "kroner" | "crowns" => "crown",
        "peso" | "pesos" => "peso",
        "cent" | "cents" => "cent",
        _ => return None,
    })
}

/// Words that say what happened to people, so that a number beside them counts people.
#[rustfmt::skip]
pub(super) fn befalls_people(word: &str) -> bool {
    matches!(
        word,
        "killed" | "kills" | "kill" | "killing" | "wounded" | "wounds" | "wounding" | "wound" | "injured" | "injures" | "injuring" | "injure"
            | "dead" | "died" | "die" | "dies" | "dying" | "missing" | "hurt" | "hurting" | "detained" | "detaining" | "arrested" | "arresting" | "captured"
            | "capturing" | "hospitalised" | "hospitalized" | "evacuated" | "evacuating" | "displaced" | "displacing" | "kidnapped" | "kidnapping"
            | "abducted" | "abducting" | "executed" | "executing" | "rescued" | "rescuing" | "maimed" | "martyred" | "beheaded" | "perished"
            | "fatalities" | "lives" | "freed" | "freeing" | "sentenced" | "expelled" | "toll" | "survived"
    )
}
