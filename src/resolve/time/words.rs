//! Names of days, months and units, and small numbers. All take lower case.

use jiff::civil::Weekday;

/// Number of a month, by its name or a usual abbreviation.
pub(super) fn month(word: &str) -> Option<i8> {
    Some(match word.trim_end_matches('.') {
        "january" | "jan" => 1,
        "february" | "feb" => 2,
        "march" | "mar" => 3,
        "april" | "apr" => 4,
        "may" => 5,
        "june" | "jun" => 6,
        "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sept" | "sep" => 9,
        "october" | "oct" => 10,
        "november" | "nov" => 11,
        "december" | "dec" => 12,
        _ => return None,
    })
}

/// Whether a month's name needs no day or year beside it to be one: "may" and "mar" do.
pub(super) fn is_full_month(word: &str) -> bool {
    month(word).is_some() && (word.len() > 4 || matches!(word, "june" | "july" | "may" | "sept"))
}

pub(super) fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// Abbreviated weekdays, which are only read before a date.
pub(super) fn short_weekday(word: &str) -> bool {
    matches!(
        word.trim_end_matches('.'),
        "mon" | "tue" | "tues" | "wed" | "thu" | "thur" | "thurs" | "fri" | "sat" | "sun"
    )
}

/// A unit of time, singular or plural.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
    Decade,
}

pub(super) fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "minute" | "minutes" => Unit::Minute,
        "hour" | "hours" => Unit::Hour,
        "day" | "days" | "night" | "nights" => Unit::Day,
        "week" | "weeks" | "fortnight" => Unit::Week,
        "month" | "months" => Unit::Month,
        "year" | "years" => Unit::Year,
        "decade" | "decades" => Unit::Decade,
        _ => return None,
    })
}

/// A small count: "a", "two", "24".
pub(super) fn count(word: &str) -> Option<i64> {
    const NAMES: [&str; 21] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    if let Some(n) = NAMES.iter().position(|n| *n == word) {
        return Some(n as i64);
    }
    match word {
        "a" | "an" => Some(1),
        "couple" => Some(2),
        "thirty" => Some(30),
        "forty" => Some(40),
        "fifty" => Some(50),
        "sixty" => Some(60),
        _ if word.len() <= 4 => word.parse().ok(),
        _ => None,
    }
}

/// A day of the month in digits, with or without its ordinal ending.
pub(super) fn day_number(word: &str) -> Option<i8> {
    let bare = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|o| word.strip_suffix(o))
        .unwrap_or(word);
    let day = if bare.len() <= 2 {
        bare.parse::<i8>().ok()?
    } else {
        return None;
    };
    (1..=31).contains(&day).then_some(day)
}

/// A day of the month that is written as an ordinal: "3rd", "first".
pub(super) fn ordinal_day(word: &str) -> Option<i8> {
    const NAMES: [&str; 10] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth",
    ];
    if let Some(n) = NAMES.iter().position(|n| *n == word) {
        return Some(n as i8 + 1);
    }
    word.ends_with(|c: char| c.is_alphabetic())
        .then(|| day_number(word))
        .flatten()
}

/// A year in four digits.
pub(super) fn year(word: &str) -> Option<i16> {
    let year = if word.len() == 4 {
        word.parse::<i16>().ok()?
    } else {
        return None;
    };
    (1900..=2100).contains(&year).then_some(year)
}
