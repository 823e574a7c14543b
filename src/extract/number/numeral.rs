//! Numbers in digits and words: "1,200", "1.5 million", "twenty-three", "half a dozen".

use super::words::Words;

/// A number as written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Numeral {
    pub end: usize,
    pub value: f64,
    /// Letters that stood on the digits: "m", "bn", "mm", "th".
    pub suffix: String,
    /// What "million" and the like multiplied it by.
    pub scale: f64,
    pub in_digits: bool,
}

/// The numeral at token `i`.
pub(super) fn at(text: &Words, i: usize) -> Option<Numeral> {
    let word = text.word(i);
    let in_words = |end, value| {
        Some(Numeral {
            end,
            value,
            suffix: String::new(),
            scale: 1.0,
            in_digits: false,
        })
    };
    match word {
        "half"
            if matches!(text.word(i + 1), "a" | "-") && magnitude(text.word(i + 2)).is_some() =>
        {
            return in_words(i + 3, magnitude(text.word(i + 2))? / 2.0);
        }
        "a" | "an" => {
            let value = match text.word(i + 1) {
                "couple" | "pair" => Some(2.0),
                "half" if text.word(i + 2) == "dozen" => return in_words(i + 3, 6.0),
                // "a hundred thousand".
                "hundred" if text.word(i + 2) == "thousand" => return in_words(i + 3, 100_000.0),
                other => magnitude(other),
            };
            return in_words(i + 2, value?);
        }
        _ => {}
    }
    let mut numeral = match digits(text, i) {
        Some(numeral) => numeral,
        None => spelled(text, i)?,
    };
    if numeral.suffix.is_empty() {
        while let Some(scale) = magnitude(text.word(numeral.end)) {
            numeral.value *= scale;
            numeral.scale *= scale;
            numeral.end += 1;
        }
    }
    numeral.value.is_finite().then_some(numeral)
}

/// What a word multiplies by.
pub(super) fn magnitude(word: &str) -> Option<f64> {
    Some(match word {
        "dozen" => 12.0,
        "score" => 20.0,
        "hundred" => 100.0,
        "thousand" => 1e3,
        "million" | "mln" | "mn" => 1e6,
        "billion" | "bn" | "bln" => 1e9,
        "trillion" | "tn" => 1e12,
        _ => return None,
    })
}

/// "49", "1,200", "1.5", "300m", "12 000".
fn digits(text: &Words, i: usize) -> Option<Numeral> {
    let word = text.word(i);
    // "$300m" may be one token.
    let word = &word[sign(word).len()..];
    let len = word
        .bytes()
        .take_while(|b| b.is_ascii_digit() || matches!(b, b',' | b'.'))
        .count();
    let number = word[..len].trim_end_matches(['.', ',']);
    let suffix = &word[number.len()..];
    if !number.starts_with(|c: char| c.is_ascii_digit()) || number.len() > 20 || suffix.len() > 4 {
        return None;
    }
    if !suffix
        .chars()
        .all(|c| c.is_alphabetic() || matches!(c, '+' | '%' | '°'))
    {
        return None;
    }
    let value = parse(number)?;
    let mut end = i + 1;
    let mut value = value;
    // "12 000": a thin space between the groups became a plain one.
    let groups = number.len() <= 3 && suffix.is_empty() && !super::words::is_month(text.before(i));
    if groups
        && text.word(end).len() == 3
        && text.word(end).ends_with("00")
        && text.word(end).bytes().all(|b| b.is_ascii_digit())
    {
        value = value * 1e3 + parse(text.word(end))?;
        end += 1;
    }
    let mut suffix = suffix;
    // "200m" may be two tokens.
    let next = text.word(end);
    if suffix.is_empty()
        && text.is_glued(end)
        && matches!(next, "m" | "mn" | "bn" | "mln" | "b" | "k" | "km" | "mm")
    {
        suffix = next;
        end += 1;
    }
    Some(Numeral {
        end,
        value,
        suffix: suffix.to_string(),
        scale: 1.0,
        in_digits: true,
    })
}

/// The currency sign that a token begins with, empty where there is none.
pub(super) fn sign(word: &str) -> &str {
    let len = word.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let sign = &word[..len];
    if super::words::currency(sign).is_some() {
        sign
    } else {
        ""
    }
}

/// Commas group thousands; a point is one unless groups of three follow several.
fn parse(number: &str) -> Option<f64> {
    let grouped = |separator: char| {
        let mut groups = number.split(separator);
        let first = groups.next().is_some_and(|g| (1..=3).contains(&g.len()));
        first && groups.clone().count() > 0 && groups.all(|g| g.len() == 3)
    };
    let points = number.matches('.').count();
    if number.contains(',') {
        let whole = number.split('.').next()?;
        // "2,5" is a decimal comma.
        if !whole.split(',').skip(1).all(|g| g.len() == 3) {
            return number.replace(',', ".").parse().ok();
        }
        return number.replace(',', "").parse().ok();
    }
    if points > 1 {
        return grouped('.')
            .then(|| number.replace('.', "").parse().ok())
            .flatten();
    }
    number.parse().ok()
}

/// "twenty-three", "two hundred and fifty", "five".
fn spelled(text: &Words, i: usize) -> Option<Numeral> {
    let mut total = 0.0;
    let mut group = 0.0;
    let mut end = i;
    let mut any = false;
    let mut scale = 1.0;
    while end < text.range.end {
        let word = text.word(end);
        let joined = any && matches!(word, "-" | "and");
        let here = end + usize::from(joined);
        let word = text.word(here);
        let value = small(word).or_else(|| {
            let (tens, unit) = word.split_once('-')?;
            Some(small(tens).filter(|t| *t >= 20.0)? + small(unit).filter(|u| *u < 10.0)?)
        });
        if let Some(value) = value {
            // "twenty-three" and "hundred and five", but not "two, three", "five and six", "five six".
            let fits = !any
                || (group % 100.0 == 0.0 && group > 0.0)
                || (group % 100.0 >= 20.0 && group % 10.0 == 0.0 && value < 10.0);
            let over_and = joined && text.word(end) == "and" && group % 100.0 != 0.0;
            if !fits || over_and {
                break;
            }
            group += value;
        } else if any && !joined && word == "hundred" && group < 100.0 {
            group *= 100.0;
        } else if any && !joined && magnitude(word).is_some_and(|m| m >= 1e3) {
            scale = magnitude(word)?;
            total += group * scale;
            group = 0.0;
        } else {
            break;
        }
        any = true;
        end = here + 1;
    }
    any.then_some(Numeral {
        end,
        value: total + group,
        suffix: String::new(),
        scale,
        in_digits: false,
    })
}

fn small(word: &str) -> Option<f64> {
    const NAMES: [&str; 20] = [
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
    ];
    const TENS: [&str; 8] = [
        "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ];
    if let Some(n) = NAMES.iter().position(|n| *n == word) {
        return Some(n as f64);
    }
    TENS.iter()
        .position(|n| *n == word)
        .map(|n| (n as f64 + 2.0) * 10.0)
}
