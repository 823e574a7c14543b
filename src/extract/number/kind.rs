//! Of what kind a number is, by what stands around it.

use super::NumberKind;
use super::amount::Amount;
use super::numeral;
use super::words::{self, Words};

/// The kind of an amount. A count may still turn out bare when nothing counted is found.
pub(super) fn of(text: &Words, amount: &Amount) -> NumberKind {
    let number = amount.number;
    let end = amount.tokens.end;
    let next = text.word(end);
    let before = text.before(number);
    if amount.ordinal {
        // "10th Brigade", "the 47th".
        let named = text.is_capitalised(end)
            || (matches!(
                next,
                "mechanized" | "mechanised" | "motorised" | "motorized" | "separate"
            ));
        let digits = text.word(number).starts_with(|c: char| c.is_ascii_digit());
        if words::is_month(next)
            || (words::is_month(before) && digits)
            || text.word(end) == "of" && words::is_month(text.word(end + 1))
        {
            return NumberKind::Date;
        }
        if text.word(end) == "-" && text.is_glued(end) {
            return NumberKind::Designation;
        }
        return if digits && named {
            NumberKind::Designation
        } else {
            NumberKind::Ordinal
        };
    }
    if amount.vague {
        return if words::is_time_unit(counted_word(text, end)) {
            NumberKind::Duration
        } else {
            NumberKind::Vague
        };
    }
    // "Su-34", "S-300V", "F-16": a hyphen binds it to letters before.
    if text.is_glued(number)
        && matches!(before, "-" | "–")
        && number >= 2
        && text.is_glued(number - 1)
        && text.word(number - 2).chars().any(char::is_alphabetic)
    {
        return NumberKind::Designation;
    }
    if text.is_glued(number) && before.ends_with(char::is_alphabetic) {
        return NumberKind::Designation;
    }
    if is_age(text, amount) {
        return NumberKind::Age;
    }
    if is_clock_or_date(text, amount) {
        return NumberKind::Date;
    }
    if matches!(next, "%" | "percent" | "percentage" | "pc")
        || (next == "per" && text.word(end + 1) == "cent")
        || amount.suffix == "%"
    {
        return NumberKind::Percentage;
    }
    if is_fraction(text, end) {
        return NumberKind::Percentage;
    }
    if currency(text, amount).is_some() {
        return NumberKind::Money;
    }
    // "24-hour", "155-mm", "28-point", "nine-storey".
    if next == "-" && text.is_glued(end) && text.is_glued(end + 1) {
        let bound = text.word(end + 1);
        return match bound {
            _ if words::is_time_unit(bound) => NumberKind::Duration,
            // "20-strong crew", "five-member": people are counted, but as part of what they make up.
            _ if words::measure(bound).is_some() && bound != "point" => NumberKind::Measure,
            _ => NumberKind::Designation,
        };
    }
    if words::is_time_unit(counted_word(text, end)) {
        return NumberKind::Duration;
    }
    if measure(text, amount).is_some() {
        return NumberKind::Measure;
    }
    if is_designation(text, amount) {
        return NumberKind::Designation;
    }
    NumberKind::Count
}

/// The word that a number is followed by, over "more" and "full".
fn counted_word<'a>(text: &'a Words, end: usize) -> &'a str {
    let of = usize::from(text.word(end) == "of");
    let skip = usize::from(matches!(
        text.word(end + of),
        "more" | "full" | "whole" | "consecutive" | "straight" | "other"
    ));
    text.word(end + of + skip)
}

/// The currency of an amount, by the sign before it or the word after it.
pub(super) fn currency(text: &Words, amount: &Amount) -> Option<&'static str> {
    if let Some(currency) = words::currency(numeral::sign(text.word(amount.number))) {
        return Some(currency);
    }
    let sign = text.before(amount.number);
    let signed = words::currency(sign).filter(|_| {
        !sign.chars().all(char::is_alphabetic) || matches!(sign, "usd" | "eur" | "rs" | "gbp")
    });
    let next = amount.tokens.end
        + usize::from(matches!(
            text.word(amount.tokens.end),
            "us" | "u.s." | "canadian" | "australian" | "russian"
        ));
    signed.or_else(|| {
        words::currency(text.word(next)).filter(|c| *c != "won" || amount.value > 1_000.0)
    })
}

/// What multiplies an amount of money: "$300m" is 300 million.
pub(super) fn money_scale(amount: &Amount) -> f64 {
    match amount.suffix.as_str() {
        "m" | "mn" | "mln" => 1e6,
        "bn" | "b" | "bln" => 1e9,
        "tn" | "trn" => 1e12,
        "k" => 1e3,
        _ => 1.0,
    }
}

/// The measure of an amount: "12 km", "155mm", "100 square kilometres".
pub(super) fn measure(text: &Words, amount: &Amount) -> Option<&'static str> {
    if !amount.suffix.is_empty() {
        // "3m people" are millions; "300m away" are metres.
        let people = amount.suffix == "m" && text.word(amount.tokens.end).ends_with('s');
        return words::measure(&amount.suffix).filter(|_| !people && amount.suffix != "k");
    }
    let end = amount.tokens.end
        + usize::from(matches!(
            text.word(amount.tokens.end),
            "square" | "cubic" | "nautical" | "metric" | "sq"
        ));
    let word = text.word(end);
    // One letter is a measure only where it can't be a word, and "points" are scored or listed.
    let letter = word.len() == 1 && !amount.in_digits;
    let hyphen = usize::from(text.word(end) == "-" && text.is_glued(end));
    words::measure(text.word(end + hyphen))
        .filter(|m| !letter && (*m != "point" || word == "points") && !matches!(word, "k" | "c"))
}

/// "a 5-year-old", "aged 34", "Ali Hassan, 34, said", "a woman of 61", "12 years old".
fn is_age(text: &Words, amount: &Amount) -> bool {
    let (number, end) = (amount.number, amount.tokens.end);
    let before = text.before(number);
    let hyphen = usize::from(text.word(end) == "-");
    if matches!(
        text.word(end + hyphen),
        "year" | "years" | "month" | "months"
    ) {
        let old = end + hyphen + 1;
        let second = usize::from(text.word(old) == "-");
        if matches!(text.word(old + second), "old" | "olds") {
            return true;
        }
        if text.word(old) == "of" && text.word(old + 1) == "age" {
            return true;
        }
    }
    if text.word(end).starts_with("year-old") || text.word(end + hyphen).starts_with("year-old") {
        return true;
    }
    if matches!(before, "aged" | "age" | "ages") {
        return true;
    }
    let plausible = amount.in_digits && amount.value < 115.0 && amount.max_value.is_none();
    if !plausible {
        return false;
    }
    let person = |w: &str| {
        matches!(
            w,
            "man"
                | "woman"
                | "boy"
                | "girl"
                | "child"
                | "resident"
                | "teenager"
                | "person"
                | "youth"
        )
    };
    if before == "of"
        && number >= 2
        && person(text.word(number - 2))
        && (words::is_function(text.word(end)) || !text.word(end).contains(char::is_alphanumeric))
    {
        return true;
    }
    before == ","
        && number >= 2
        && text.is_capitalised(number - 2)
        && matches!(text.word(end), "," | "." | ")")
        && text.word(number - 2).len() > 2
        && !words::is_month(text.word(number - 2))
}

fn is_clock_or_date(text: &Words, amount: &Amount) -> bool {
    let (number, end) = (amount.number, amount.tokens.end);
    let (before, next) = (text.before(number), text.word(end));
    let small_day = amount.in_digits
        && amount.value <= 31.0
        && amount.value.fract() == 0.0
        && amount.suffix.is_empty();
    // "March 3", "3 March", "March 3-4", "3 to 5 April", "Feb . 3".
    if small_day {
        let month_before = words::is_month(before) && text.is_capitalised(number - 1);
        let month_after = words::is_month(next) && text.is_capitalised(end);
        let of_month =
            next == "of" && words::is_month(text.word(end + 1)) && text.is_capitalised(end + 1);
        // "between 3 and 5 April": the first of two days.
        let joined = matches!(next, "and" | "to" | "-" | "–")
            && words::is_month(text.word(end + 2))
            && text.is_capitalised(end + 2);
        let after_day = matches!(before, "-" | "–" | "to" | "and")
            && number >= 3
            && words::is_month(text.word(number - 3))
            && text.is_capitalised(number - 3);
        if month_before || month_after || of_month || joined || after_day {
            return true;
        }
    }
    // "03:40", "5 a.m.", "0600 GMT".
    if text.word(number).contains(':')
        || (next == ":" && text.is_glued(end))
        || (before == ":" && text.is_glued(number))
    {
        return true;
    }
    if matches!(
        next.trim_end_matches('.'),
        "a.m" | "p.m" | "am" | "pm" | "gmt" | "utc" | "o'clock" | "o’clock"
    ) || matches!(amount.suffix.as_str(), "am" | "pm")
    {
        return true;
    }
    if amount.suffix == "s" {
        return true;
    }
    // Years: four plain digits; not where they plainly count something.
    let word = text.word(number);
    let year = word.len() == 4
        && amount.in_digits
        && (1900.0..=2100.0).contains(&amount.value)
        && !word.contains([',', '.']);
    if !year
        || amount.number > amount.tokens.start
            && !matches!(
                text.word(amount.tokens.start),
                "from" | "between" | "around" | "about"
            )
    {
        return false;
    }
    let placed = matches!(
        before,
        "in" | "since"
            | "during"
            | "until"
            | "till"
            | "by"
            | "of"
            | "from"
            | "to"
            | "early"
            | "late"
            | "mid"
            | "between"
            | "before"
            | "after"
            | "year"
            | "through"
            | ","
            | "("
            | "-"
            | "–"
            | "/"
            | "and"
            | "the"
            | "spring"
            | "summer"
            | "autumn"
            | "winter"
    ) || amount.max_value.is_some_and(|m| m <= 2100.0);
    let counts = counts_plural(text, end)
        && !matches!(before, "in" | "since" | "during" | "until" | "the" | ",");
    words::is_month(before)
        || placed && !counts
        || words::is_function(next)
        || !next.chars().any(char::is_alphanumeric)
}

fn counts_plural(text: &Words, end: usize) -> bool {
    super::counted::is_plural(text, end) || super::counted::is_plural(text, end + 1)
}

/// "two thirds", "a quarter" after a number.
fn is_fraction(text: &Words, end: usize) -> bool {
    let hyphen = usize::from(text.word(end) == "-" && text.is_glued(end));
    matches!(
        text.word(end + hyphen),
        "third"
            | "thirds"
            | "quarter"
            | "quarters"
            | "fifth"
            | "fifths"
            | "half"
            | "halves"
            | "tenth"
            | "tenths"
    )
}

/// "Resolution 1701", "Article 5", "Flight 752", "France 24".
fn is_designation(text: &Words, amount: &Amount) -> bool {
    let number = amount.number;
    if number == text.range.start || number > amount.tokens.start {
        return false;
    }
    let before = text.before(number);
    let named = matches!(
        before,
        "resolution"
            | "resolutions"
            | "article"
            | "articles"
            | "unit"
            | "flight"
            | "channel"
            | "route"
            | "highway"
            | "line"
            | "chapter"
            | "paragraph"
            | "section"
            | "phase"
            | "stage"
            | "level"
            | "type"
            | "mark"
            | "room"
            | "protocol"
            | "order"
            | "decree"
            | "law"
            | "bill"
            | "item"
            | "no"
            | "no."
            | "number"
            | "#"
            | "№"
            | "block"
            | "sector"
            | "brigade"
            | "division"
            | "tier"
            | "version"
            | "page"
            | "annex"
            | "point"
            | "hill"
            | "camp"
            | "reactor"
            | "gate"
            | "road"
    );
    if named {
        // "no 12 drones" does not occur; "line 3" does.
        return true;
    }
    if text.reads(number.saturating_sub(2), &["group", "of"])
        && matches!(amount.value as u32, 7 | 8 | 20 | 77)
    {
        return true;
    }
    // A capitalised word right before, and nothing counted right after: "France 24", "a Shahed 129 drone".
    let next = text.word(amount.tokens.end);
    amount.in_digits
        && amount.suffix.is_empty()
        && text.is_capitalised(number - 1)
        && number > text.range.start + 1
        && before.chars().all(char::is_alphabetic)
        && !before.ends_with("day")
        && !counts_plural(text, amount.tokens.end)
        && !words::befalls_people(next)
        && !matches!(next, "more" | "other" | "others" | "were" | "are")
}
