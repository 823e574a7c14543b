//! A number with its modifier, a range, or a word that stands for some number.

use super::numeral::{self, Numeral};
use super::words::Words;
use crate::model::Approximation;
use std::ops::Range;

/// What is said of how many.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Amount {
    /// With modifiers.
    pub tokens: Range<usize>,
    /// The first word of the number itself.
    pub number: usize,
    pub value: f64,
    pub max_value: Option<f64>,
    pub approximation: Approximation,
    /// "dozens", "several": the value is 0.
    pub vague: bool,
    /// "first", "10th".
    pub ordinal: bool,
    pub suffix: String,
    pub in_digits: bool,
}

/// The amount that begins at token `i`.
pub(super) fn at(text: &Words, i: usize) -> Option<Amount> {
    if let Some(vague) = vague(text, i) {
        return Some(vague);
    }
    if let Some(value) = ordinal(text.word(i)) {
        return Some(Amount {
            ordinal: true,
            ..amount(i, i, i + 1, value)
        });
    }
    if text.word(i) == "both" {
        // "both missiles", "both of the drones"; not "both Iran and Iraq", "both sides".
        let thing = (i + 1..i + 4)
            .take_while(|n| !text.is_capitalised(*n))
            .find(|n| super::counted::is_plural(text, *n));
        let is_count = thing.is_some_and(|n| !matches!(text.word(n), "sides" | "parties"))
            || text.word(i + 1) == "of";
        return is_count.then(|| amount(i, i, i + 1, 2.0));
    }
    let (number, mut approximation) = modifiers(text, i);
    let between = text.before(number) == "between" && number > i;
    let from = text.before(number) == "from";
    let opened = number > i && (between || from);
    let sign = number
        + usize::from(
            super::words::currency(text.word(number)).is_some()
                && !text.word(number).chars().all(char::is_alphabetic),
        );
    let first = numeral::at(text, sign)?;
    if is_pronoun(text, number, &first) {
        return None;
    }
    let mut found = Amount {
        suffix: first.suffix.clone(),
        in_digits: first.in_digits,
        ..amount(i, sign, first.end, first.value)
    };
    if let Some((second, lower)) = second_end(text, &first, between, from) {
        found.value = lower;
        found.max_value = Some(second.value);
        found.tokens.end = second.end;
        found.suffix = second.suffix;
    } else if opened {
        return None;
    }
    // "12 or more", "20-odd", "300 or so", "50+", "50-plus".
    let end = found.tokens.end;
    let hyphen = usize::from(text.word(end) == "-");
    if text.reads(end, &["or", "more"]) {
        approximation = Approximation::AtLeast;
        found.tokens.end += 2;
    } else if text.reads(end, &["or", "so"]) {
        approximation = Approximation::About;
        found.tokens.end += 2;
    } else if text.word(end + hyphen) == "odd" {
        approximation = Approximation::About;
        found.tokens.end += 1 + hyphen;
    } else if matches!(text.word(end + hyphen), "plus" | "+") {
        approximation = Approximation::AtLeast;
        found.tokens.end += 1 + hyphen;
    } else if found.suffix == "+" {
        approximation = Approximation::AtLeast;
        found.suffix.clear();
    } else if matches!(text.word(found.number + 1), "couple")
        && approximation == Approximation::Exact
    {
        approximation = Approximation::About;
    }
    found.approximation = approximation;
    Some(found)
}

fn amount(start: usize, number: usize, end: usize, value: f64) -> Amount {
    Amount {
        tokens: start..end,
        number,
        value,
        max_value: None,
        approximation: Approximation::Exact,
        vague: false,
        ordinal: false,
        suffix: String::new(),
        in_digits: false,
    }
}

/// The words in front of a number that say how it is meant: where the number begins, and how.
fn modifiers(text: &Words, i: usize) -> (usize, Approximation) {
    use Approximation::{About, AtLeast, AtMost, Exact};
    #[rustfmt::skip]
    const MODIFIERS: &[(&[&str], Approximation)] = &[
        (&["at", "least"], AtLeast), (&["no", "fewer", "than"], AtLeast), (&["no", "less", "than"], AtLeast),
        (&["not", "less", "than"], AtLeast), (&["not", "fewer", "than"], AtLeast), (&["a", "minimum", "of"], AtLeast),
        (&["more", "than"], AtLeast), (&["well", "over"], AtLeast), (&["over"], AtLeast), (&["upwards", "of"], AtLeast),
        (&["upward", "of"], AtLeast), (&["in", "excess", "of"], AtLeast), (&["above"], AtLeast), (&["exceeding"], AtLeast),
        (&["up", "to"], AtMost), (&["as", "many", "as"], AtMost), (&["as", "much", "as"], AtMost), (&["at", "most"], AtMost),
        (&["no", "more", "than"], AtMost), (&["not", "more", "than"], AtMost), (&["a", "maximum", "of"], AtMost),
        (&["fewer", "than"], AtMost), (&["less", "than"], AtMost), (&["under"], AtMost), (&["below"], AtMost),
        (&["about"], About), (&["around"], About), (&["roughly"], About), (&["approximately"], About), (&["some"], About),
        (&["nearly"], About), (&["almost"], About), (&["an", "estimated"], About), (&["estimated"], About), (&["circa"], About),
        (&["close", "to"], About), (&["~"], About), (&["just", "over"], AtLeast), (&["just", "under"], AtMost),
        (&["a", "reported"], Exact), (&["reportedly"], Exact), (&["exactly"], Exact), (&["only"], Exact), (&["just"], Exact),
        (&["between"], Exact), (&["from"], Exact), (&["anywhere"], Exact), (&["a", "total", "of"], Exact), (&["a", "record"], Exact),
        (&["another"], Exact), (&["a", "further"], Exact), (&["an", "additional"], Exact),
    ];
    let mut at = i;
    let mut approximation = Exact;
    // "at least about 20", "between an estimated 10 and 15": three are enough.
    for _ in 0..3 {
        let Some((words, how)) = MODIFIERS.iter().find(|(words, _)| text.reads(at, words)) else {
            break;
        };
        // A preposition of place or time before a number in a name: "under 18" is told apart by what follows.
        at += words.len();
        if approximation == Exact {
            approximation = *how;
        }
    }
    (at, approximation)
}

/// The upper end of a range, and the lower end as the upper end's "million" makes it.
fn second_end(text: &Words, first: &Numeral, between: bool, from: bool) -> Option<(Numeral, f64)> {
    let joint = first.end;
    let glued_dash = matches!(text.word(joint), "-" | "–" | "—")
        && text.is_glued(joint)
        && text.is_glued(joint + 1);
    let joins = match text.word(joint) {
        "-" | "–" | "—" => glued_dash,
        "and" => between,
        "to" => !from || !is_change(text, joint),
        "or" => !between,
        _ => false,
    };
    let money = usize::from(super::words::currency(text.word(joint + 1)).is_some() && joins);
    let second = joins
        .then(|| numeral::at(text, joint + 1 + money))
        .flatten()?;
    let mut lower = first.value;
    // "2-3 million" means millions at both ends.
    if second.scale > 1.0
        && first.scale == 1.0
        && first.suffix.is_empty()
        && lower <= second.value / second.scale
    {
        lower *= second.scale;
    }
    // "two or three", but "5 or 200" are two numbers; a range rises.
    let near = text.word(joint) != "or" || second.value <= lower * 3.0;
    (second.value > lower && near).then_some((second, lower))
}

/// "rose from 10 to 15" tells of two times, not of a range.
fn is_change(text: &Words, joint: usize) -> bool {
    (joint.saturating_sub(8)..joint).any(|i| {
        matches!(
            text.word(i),
            "rose"
                | "risen"
                | "rising"
                | "rises"
                | "rise"
                | "raised"
                | "raising"
                | "raises"
                | "increased"
                | "increase"
                | "increases"
                | "up"
                | "grew"
                | "grown"
                | "climbed"
                | "fell"
                | "fallen"
                | "falls"
                | "down"
                | "dropped"
                | "cut"
                | "reduced"
                | "revised"
                | "went"
                | "jumped"
                | "doubled"
                | "lowered"
        )
    })
}

/// "dozens of", "hundreds", "tens of thousands", "several", "a handful of".
fn vague(text: &Words, i: usize) -> Option<Amount> {
    let plural = |w: &str| {
        matches!(
            w,
            "dozens" | "scores" | "hundreds" | "thousands" | "millions" | "billions"
        )
    };
    let some = |end: usize| {
        Some(Amount {
            vague: true,
            ..amount(i, i, end, 0.0)
        })
    };
    let word = text.word(i);
    if matches!(word, "tens" | "hundreds") && text.word(i + 1) == "of" && plural(text.word(i + 2)) {
        return some(i + 3);
    }
    match word {
        // "scores" is mostly a verb or a result otherwise.
        "scores" => (text.word(i + 1) == "of" || matches!(text.word(i + 1), "were" | "more"))
            .then(|| some(i + 1))
            .flatten(),
        _ if plural(word) => some(i + 1),
        "several" => {
            let more = usize::from(numeral::magnitude(text.word(i + 1)).is_some());
            some(i + 1 + more)
        }
        "a" if text.word(i + 1) == "handful" => some(i + 2),
        "a" if text.word(i + 1) == "few" => {
            let more = usize::from(numeral::magnitude(text.word(i + 2)).is_some());
            some(i + 2 + more)
        }
        _ => None,
    }
}

fn ordinal(word: &str) -> Option<f64> {
    const NAMES: [&str; 12] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth", "eleventh", "twelfth",
    ];
    if let Some(n) = NAMES.iter().position(|n| *n == word) {
        return Some(n as f64 + 1.0);
    }
    let digits = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|o| word.strip_suffix(o))?;
    if digits.len() > 6 {
        None
    } else {
        digits.replace(',', "").parse::<u32>().ok().map(f64::from)
    }
}

/// "no one", "one another", "the one", "one can": not a number.
fn is_pronoun(text: &Words, i: usize, numeral: &Numeral) -> bool {
    text.word(i) == "one"
        && numeral.end == i + 1
        && (matches!(text.before(i), "no" | "every" | "each" | "this" | "that" | "which" | "any" | "some" | "the")
            || matches!(text.word(i + 1), "another" | "can" | "must" | "should" | "would" | "’s" | "'s" | "that" | "who"))
        // "the one survivor".
        && (text.before(i) != "the" || super::words::is_function(text.word(i + 1)))
}
