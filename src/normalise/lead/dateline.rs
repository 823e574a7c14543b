//! "KYIV, March 3 (Agency) -": place, date and agency before the text.

use super::Dateline;
use std::ops::Range;

/// Bytes of a paragraph in which a dateline must end.
const BOUND: usize = 140;

#[rustfmt::skip]
const MONTHS: &[&str] = &[
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
];

#[rustfmt::skip]
const WEEKDAYS: &[&str] = &[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "tues", "wed", "thu",
    "thur", "thurs", "fri", "sat", "sun",
];

/// Whether a word is the name of a month, in full or shortened.
pub(in crate::normalise) fn is_month(word: &str) -> bool {
    MONTHS.contains(&bare(word).as_str())
}

/// Whether a word is the name of a weekday, in full or shortened.
pub(in crate::normalise) fn is_weekday(word: &str) -> bool {
    WEEKDAYS.contains(&bare(word).as_str())
}

fn bare(word: &str) -> String {
    word.trim_matches([',', '.']).to_ascii_lowercase()
}

/// A dateline before the text of a paragraph. `colons`: whether a colon may end it, as in South Asian papers.
pub(super) fn before_text(text: &str, colons: bool) -> Option<Dateline> {
    let head = crate::normalise::head(text, BOUND);
    for (at, c) in head.char_indices() {
        let before = &head[..at];
        let after = &text[at + c.len_utf8()..];
        let is_end = match c {
            '–' | '—' => true,
            '-' => {
                before.ends_with([' ', ')'])
                    && (after.starts_with(' ') || after.starts_with("- ") || before.ends_with(')'))
            }
            ':' => colons && after.starts_with(' '),
            '.' | '|' => before.ends_with(['/', ')']) && after.starts_with(' '),
            _ => false,
        };
        if !is_end {
            continue;
        }
        let rest = after.trim_start_matches(['-', '–', '—', ' ']);
        if rest.is_empty() || rest.starts_with(|c: char| c.is_lowercase()) {
            return None;
        }
        if let Some(found) = read(before)
            && found.stands(c == ':')
        {
            return Some(found.dateline(text.len() - rest.len()));
        }
        // "Port-au-Prince" and a dash inside the agency's name: look further; a real sentence won't match anyway.
    }
    None
}

/// A paragraph that is a date, or place and date, and nothing else.
pub(super) fn alone(text: &str) -> Option<Dateline> {
    if text.len() > BOUND {
        return None;
    }
    // A remark in brackets may follow.
    let text_only = match text.strip_suffix(')').and_then(|t| t.rfind('(')) {
        Some(at) => text[..at].trim_end(),
        None => text.trim_end_matches(['.', ':', '-', '–', '—', ' ']),
    };
    let found = read(text_only)?;
    found.date.is_some().then(|| found.dateline(text.len()))
}

/// The pieces of a dateline.
#[derive(Debug, Default)]
struct Pieces {
    place: Option<Range<usize>>,
    /// The first place is written in capitals.
    shouted: bool,
    date: Option<Range<usize>>,
    agency: Option<Range<usize>>,
}

impl Pieces {
    /// Whether this is enough to be a dateline: capitals alone are, other place names need a date or an agency.
    fn stands(&self, colon: bool) -> bool {
        match &self.place {
            Some(place) if self.shouted => place.len() >= 3,
            Some(_) => !colon && (self.date.is_some() || self.agency.is_some()),
            None => self.agency.is_some() && !colon,
        }
    }

    fn dateline(self, end: usize) -> Dateline {
        Dateline {
            range: 0..end,
            place: self.place,
            date: self.date,
            agency: self.agency,
        }
    }
}

/// Reads a text as a dateline and nothing else.
fn read(text: &str) -> Option<Pieces> {
    let mut pieces = Pieces::default();
    let mut end = text.trim_end().len();
    let brackets = [(')', '('), ('/', '/')];
    for (close, open) in brackets {
        let Some(inside) = text[..end].strip_suffix(close) else {
            continue;
        };
        let at = inside.rfind(open)?;
        let range = at + 1..inside.len();
        let words = &text[range.clone()];
        if is_date(words) {
            pieces.date = Some(range);
        } else if is_agency(words) {
            pieces.agency = Some(range);
        } else {
            return None;
        }
        end = text[..at].trim_end().len();
        break;
    }
    // Words up to the first that begins a date are the place; after the date, an agency without brackets may follow.
    let words = words(&text[..end]);
    let date = (0..words.len()).find_map(|from| {
        let to = (from + 1..=words.len().min(from + 6))
            .rev()
            .find(|to| is_date(&text[words[from].start..words[*to - 1].end]))?;
        Some(from..to)
    });
    let place_end = date.as_ref().map_or(words.len(), |d| d.start);
    if let Some(date) = date {
        let span = words[date.start].start..words[date.end - 1].end;
        pieces.date = Some(trimmed(text, span));
        if date.end < words.len() {
            let agency = trimmed(text, words[date.end].start..words[words.len() - 1].end);
            if pieces.agency.is_some() || !is_agency(&text[agency.clone()]) {
                return None;
            }
            pieces.agency = Some(agency);
        }
    }
    if place_end > 0 {
        let place = trimmed(text, words[0].start..words[place_end - 1].end);
        let name = &text[place.clone()];
        if place_end > 8 || !is_place(name) {
            return None;
        }
        let first = name.split([',', '.']).next().unwrap_or(name);
        pieces.shouted = !first.chars().any(char::is_lowercase)
            && first.chars().filter(|c| c.is_uppercase()).count() >= 3;
        pieces.place = Some(place);
    }
    Some(pieces)
}

fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut begin = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c == ' ', begin) {
            (false, None) => begin = Some(at),
            (true, Some(from)) => {
                words.push(from..at);
                begin = None;
            }
            _ => {}
        }
    }
    words
}

/// Without punctuation at the ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let words = &text[range.clone()];
    let start = range.start + (words.len() - words.trim_start_matches([',', '.', ' ']).len());
    let end = range.end - (words.len() - words.trim_end_matches([',', '.', ' ', ':']).len());
    start..end.max(start)
}

fn is_agency(words: &str) -> bool {
    words.len() <= 40
        && words.starts_with(|c: char| c.is_uppercase())
        && words.split(' ').count() <= 5
        && !words.contains(['.', ';', '?', '!', '"'])
        && !words.chars().any(|c| c.is_ascii_digit())
}

/// Names only: capitals at the head of every word but the smallest.
fn is_place(name: &str) -> bool {
    name.split([' ', '/'])
        .filter(|w| !w.is_empty())
        .all(|word| {
            let word = word.trim_matches([',', '.', '(', ')']);
            matches!(
                word,
                "" | "and"
                    | "of"
                    | "the"
                    | "de"
                    | "al"
                    | "el"
                    | "an"
                    | "near"
                    | "in"
                    | "&"
                    | "-"
                    | "–"
            ) || (word.starts_with(char::is_uppercase)
                || word.starts_with("al-")
                || word.starts_with("el-")
                || word.starts_with("an-"))
                && word
                    .chars()
                    .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '‘' | '.' | ','))
        })
        && name.starts_with(|c: char| c.is_uppercase())
}

/// "March 3", "Feb. 27", "Tuesday, 3 March 2026", "2026-03-03", "03.03.2026".
fn is_date(text: &str) -> bool {
    let mut words: Vec<&str> = text.split([' ', ',']).filter(|w| !w.is_empty()).collect();
    if words.first().is_some_and(|w| is_weekday(w)) {
        words.remove(0);
        if words.is_empty() {
            return true;
        }
    }
    let is_day = |w: &str| {
        let w = w.trim_end_matches(['.', ',']);
        let w = ["st", "nd", "rd", "th"]
            .iter()
            .find_map(|o| w.strip_suffix(o))
            .unwrap_or(w);
        w.len() <= 2 && w.parse::<u32>().is_ok_and(|d| (1..=31).contains(&d))
    };
    let is_year =
        |w: &str| w.len() == 4 && w.parse::<u32>().is_ok_and(|y| (1900..2100).contains(&y));
    let bare_year = |w: &&str| is_year(w.trim_end_matches(['.', ',']));
    match words.as_slice() {
        [one] => {
            let parts: Vec<&str> = one.trim_end_matches('.').split(['-', '.', '/']).collect();
            matches!(parts.as_slice(), [a, b, c] if
                (is_year(a) && is_day(b) && is_day(c)) || (is_day(a) && is_day(b) && is_year(c)))
        }
        [a, b] => (is_month(a) && is_day(b)) || (is_day(a) && is_month(b)),
        [a, b, y] => ((is_month(a) && is_day(b)) || (is_day(a) && is_month(b))) && bare_year(y),
        _ => false,
    }
}
