//! The tokenizer: words as the Universal Dependencies treebanks of English cut them, with two differences. Designations
//! such as "F-16", "Su-34" and "Iskander-M" stay whole, because weapons are looked up by name, and nothing is ever
//! rewritten: a token is a range of the text.
//!
//! One pass; how far it looks ahead is bounded, so time grows with the length of the text alone.

use super::spelling::Spelling;
use std::ops::Range;

/// Longest token, in bytes; what is longer is cut.
pub const BYTES_MAX: usize = 128;

/// Furthest look ahead for the end of a web or mail address, in bytes.
const ADDRESS_MAX: usize = 2048;

/// Cuts a range of the text into tokens and adds them to `out`: byte offsets of start and end. White space separates
/// and is in no token; every other character is in exactly one.
pub fn tokenise(text: &str, range: Range<usize>, spelling: &Spelling, out: &mut Vec<(u32, u32)>) {
    let mut cutter = Cutter {
        text,
        end: range.end,
        spelling,
        out,
    };
    let mut at = range.start;
    // True at the head of a run without spaces, and after a mark that opens.
    let mut fresh = true;
    while at < range.end {
        let c = cutter.char_at(at);
        if c.is_whitespace() {
            at += c.len_utf8();
            fresh = true;
            continue;
        }
        let next = cutter.next(at, c, fresh);
        fresh = matches!(
            c,
            '(' | '[' | '{' | '<' | '"' | '\'' | '“' | '‘' | '«' | '/' | '—' | '–' | ':' | '|'
        );
        at = next;
    }
}

struct Cutter<'a> {
    text: &'a str,
    end: usize,
    spelling: &'a Spelling,
    out: &'a mut Vec<(u32, u32)>,
}

/// A letter, a digit, or what belongs to the letter before it.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_attached(c)
}

/// Combining marks, joiners and variation selectors.
fn is_attached(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{20D0}'..='\u{20FF}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | 'ʼ')
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑')
}

impl Cutter<'_> {
    /// The character at a place, a space at the end.
    fn char_at(&self, at: usize) -> char {
        self.text[at..self.end].chars().next().unwrap_or(' ')
    }

    /// The character before a place, a space at the beginning.
    fn char_before(&self, at: usize) -> char {
        self.text[..at].chars().next_back().unwrap_or(' ')
    }

    /// The end of the run of characters that satisfy `is`.
    fn run(&self, at: usize, is: impl Fn(char) -> bool) -> usize {
        let rest = &self.text[at..self.end];
        rest.find(|c| !is(c)).map_or(self.end, |i| at + i)
    }

    /// Adds a token, in pieces where it is too long.
    fn push(&mut self, start: usize, end: usize) -> usize {
        let mut at = start;
        while end - at > BYTES_MAX {
            let mut cut = at + BYTES_MAX;
            while !self.text.is_char_boundary(cut) {
                cut -= 1;
            }
            self.out.push((at as u32, cut as u32));
            at = cut;
        }
        if at < end {
            self.out.push((at as u32, end as u32));
        }
        end
    }

    /// Cuts the token (or a word with its clitics) that begins here and returns its end.
    fn next(&mut self, at: usize, c: char, fresh: bool) -> usize {
        if fresh && let Some(end) = self.address(at) {
            return self.push(at, end);
        }
        if c.is_ascii_digit() {
            return self.number(at, at);
        }
        if is_word(c) {
            return self.word(at);
        }
        self.mark(at, c, fresh)
    }

    /// A token that begins with neither letter nor digit.
    fn mark(&mut self, at: usize, c: char, fresh: bool) -> usize {
        let after = at + c.len_utf8();
        let then = self.char_at(after);
        match c {
            // "'s" after a number or a quotation; "'90s"; "'em".
            c if is_apostrophe(c) => {
                if !self.char_before(at).is_whitespace()
                    && let Some(end) = self.clitic(at)
                {
                    return self.push(at, end);
                }
                if fresh && then.is_ascii_digit() {
                    let digits = self.run(after, |c| c.is_ascii_digit());
                    let decade = if self.char_at(digits) == 's' {
                        digits + 1
                    } else {
                        digits
                    };
                    if digits - after == 2 && !is_word(self.char_at(decade)) {
                        return self.push(at, decade);
                    }
                }
                let word = self.run(after, is_word);
                if fresh
                    && matches!(
                        &self.text[after..word],
                        "em" | "cause" | "til" | "tis" | "twas"
                    )
                {
                    return self.push(at, word);
                }
                // Two of them are a quotation mark.
                let end = if then == c {
                    after + c.len_utf8()
                } else {
                    after
                };
                self.push(at, end)
            }
            '.' | '-' | '=' | '*' | '~' | '+' | '#' | '_' | '<' | '>' | '|' | '^' => {
                let end = self.run(at, |x| x == c);
                if end == after && fresh && c == '#' && then.is_alphabetic() {
                    let tag = self.run(after, is_word);
                    return self.push(at, tag);
                }
                if end == after && c == '.' && fresh && then.is_ascii_digit() {
                    return self.number(at, after);
                }
                if end == after && c == '+' && fresh && then.is_ascii_digit() {
                    return self.number(at, after);
                }
                self.push(at, end)
            }
            '!' | '?' => {
                let end = self.run(at, |x| matches!(x, '!' | '?'));
                self.push(at, end)
            }
            '@' if fresh && then.is_alphanumeric() => {
                let end = self.run(after, is_word);
                self.push(at, end)
            }
            ':' | ';' if fresh => {
                // The few faces that people still type.
                let nose = if then == '-' { after + 1 } else { after };
                let face = matches!(self.char_at(nose), ')' | '(' | 'D' | 'P') && {
                    let beyond = self.char_at((nose + 1).min(self.end));
                    beyond.is_whitespace()
                };
                self.push(at, if face { nose + 1 } else { after })
            }
            _ => {
                let end = self.run(after, is_attached);
                self.push(at, end)
            }
        }
    }

    /// The end of the clitic that begins with the apostrophe at `at`, if one does and a word ends there.
    fn clitic(&self, at: usize) -> Option<usize> {
        let letters = at + self.char_at(at).len_utf8();
        let end = self.run(letters, is_word);
        let known = end - letters <= 2
            && matches!(
                self.text[letters..end].to_ascii_lowercase().as_str(),
                "s" | "re" | "ve" | "ll" | "d" | "m"
            );
        (known && !is_apostrophe(self.char_at(end))).then_some(end)
    }

    /// A number that begins at `start`, its digits at `at`.
    fn number(&mut self, start: usize, at: usize) -> usize {
        let digit = |c: char| c.is_ascii_digit();
        let mut end = self.run(at, digit);
        // Thousands, decimals, times, dates: a mark between digits.
        while matches!(self.char_at(end), '.' | ',' | ':' | '/')
            && digit(self.char_at((end + 1).min(self.end)))
        {
            end = self.run(end + 1, digit);
        }
        // Telephone numbers and dates in digits: at least three groups.
        let mut groups = 1;
        let mut grouped = end;
        while self.char_at(grouped) == '-' && digit(self.char_at((grouped + 1).min(self.end))) {
            grouped = self.run(grouped + 1, digit);
            groups += 1;
        }
        if groups >= 3 && !is_word(self.char_at(grouped)) {
            return self.push(start, grouped);
        }
        let letters = self.run(end, is_word);
        if letters == end {
            // "80's" is a decade.
            let after = end + self.char_at(end).len_utf8();
            let decade = end - at <= 4
                && self.text[at..end].ends_with('0')
                && is_apostrophe(self.char_at(end));
            if decade
                && self.char_at(after.min(self.end)) == 's'
                && !is_word(self.char_at((after + 1).min(self.end)))
            {
                return self.push(start, after + 1);
            }
            return self.push(start, end);
        }
        let tail = &self.text[end..letters];
        if self.spelling.is_unit(tail) {
            self.push(start, end);
            // "9a.m." and "60km/h" are cut like words.
            return end;
        }
        if matches!(tail, "a" | "p") && self.text[letters..self.end].starts_with(".m.") {
            return self.push(start, end);
        }
        // "20th", "1990s", and designations: "9K720", "2S19".
        let end = self.designation(letters);
        self.push(start, end)
    }

    /// Where a name that may be a designation goes on after a hyphen: "F-16" from "F", "Iskander-M" from "Iskander".
    fn designation(&self, end: usize) -> usize {
        if !is_hyphen(self.char_at(end)) {
            return end;
        }
        let tail = end + self.char_at(end).len_utf8();
        let after = self.run(tail, is_word);
        let first = self.char_at(tail);
        let number = first.is_ascii_digit() && after > tail;
        let letter = first.is_uppercase()
            && after == tail + first.len_utf8()
            && !is_hyphen(self.char_at(after));
        if number || letter { after } else { end }
    }

    /// A word with its clitics, and with the hyphens and full stops that belong to it.
    fn word(&mut self, at: usize) -> usize {
        let mut end = self.run(at, is_word);
        let first = self.char_at(at);
        if let Some(cut) = self.spelling.joined(&self.text[at..end]) {
            self.push(at, at + cut);
            return self.push(at + cut, end);
        }
        // "US$".
        if self.char_at(end) == '$'
            && end - at <= 3
            && self.text[at..end].chars().all(char::is_uppercase)
        {
            return self.push(at, end + 1);
        }
        // "AT&T".
        while self.char_at(end) == '&' && first.is_uppercase() && end - at <= 4 {
            let after = self.run(end + 1, |c| c.is_uppercase());
            if after == end + 1 || after > end + 4 || is_word(self.char_at(after)) {
                break;
            }
            end = after;
        }
        if let Some(stop) = self.full_stop(at, end) {
            return self.push(at, stop);
        }
        if self.char_at(end) == '/' {
            let after = self.run(end + 1, is_word);
            if self.spelling.is_stroke(&self.text[at..after]) {
                return self.push(at, after);
            }
        }
        if is_hyphen(self.char_at(end)) {
            let tail = end + self.char_at(end).len_utf8();
            if self.spelling.is_prefix(&self.text[at..end]) && is_word(self.char_at(tail)) {
                end = self.run(tail, is_word);
            } else if first.is_uppercase() {
                end = self.designation(end);
            }
        }
        self.apostrophes(at, end)
    }

    /// The end of an abbreviation that begins at `at`, its first letters ending at `end`; none if it is not one.
    fn full_stop(&self, at: usize, end: usize) -> Option<usize> {
        if self.char_at(end) != '.' {
            return None;
        }
        let word = &self.text[at..end];
        let letters = word.chars().count();
        let then = self.char_at((end + 1).min(self.end));
        if letters <= 2 && then.is_alphabetic() && word.chars().all(char::is_alphabetic) {
            // "U.S.", "e.g.", "Ph.D.", "U.N.": short parts, each with its full stop.
            let mut stop = end + 1;
            loop {
                let part = self.run(stop, char::is_alphabetic);
                if part == stop
                    || self.text[stop..part].chars().count() > 2
                    || self.char_at(part) != '.'
                {
                    // The last part may lack its own: "U.S" and "a.m".
                    let short = part > stop
                        && self.text[stop..part].chars().count() == 1
                        && !is_word(self.char_at(part));
                    return if short {
                        Some(part)
                    } else {
                        (stop > end + 1 || letters == 1).then_some(stop)
                    };
                }
                stop = part + 1;
            }
        }
        let capital = word.starts_with(char::is_uppercase);
        if letters == 1 && capital {
            // An initial: "John F. Kennedy"; not "than I." and not the last word of a paragraph.
            let next = self.next_visible(end + 1);
            return (word != "I" && next.is_alphabetic() && next.is_uppercase()).then_some(end + 1);
        }
        if self.spelling.is_title(word) {
            return (!self.next_visible(end + 1).is_whitespace()).then_some(end + 1);
        }
        if self.spelling.is_before_numbers(word) && self.next_visible(end + 1).is_ascii_digit() {
            return Some(end + 1);
        }
        let known = self.spelling.is_abbreviation(word);
        // Names of days and months, and "Co.", need their capital; "etc." at the end of a sentence gives its stop away.
        let lower_only = matches!(word, "sun" | "sat" | "mon" | "co" | "dec" | "pt" | "ph");
        let next = self.next_visible(end + 1);
        let sentence_end = next.is_whitespace() || (next.is_uppercase() && !capital);
        (known && !lower_only && (capital || !sentence_end)).then_some(end + 1)
    }

    /// The first character from here that is no white space and no closing mark, a space at the end of the text.
    fn next_visible(&self, at: usize) -> char {
        let rest = &self.text[at.min(self.end)..self.end];
        let closing = |c: &char| c.is_whitespace() || matches!(c, '"' | '”' | '’' | ')' | ']');
        rest.chars().take(16).find(|c| !closing(c)).unwrap_or(' ')
    }

    /// Finishes a word: takes in letters after apostrophes ("O'Neill", "Qa'ida") and cuts clitics off ("isn't").
    fn apostrophes(&mut self, at: usize, mut end: usize) -> usize {
        loop {
            let mark = self.char_at(end);
            let after = end + mark.len_utf8();
            if !is_apostrophe(mark) || after > self.end || !self.char_at(after).is_alphabetic() {
                return self.push(at, end);
            }
            if let Some(clitic) = self.clitic(end) {
                self.push(at, end);
                return self.push(end, clitic);
            }
            let tail = self.run(after, is_word);
            if self.text[after..tail].eq_ignore_ascii_case("t")
                && self.text[at..end].ends_with(['n', 'N'])
                && end - at > 1
            {
                // "can't" is "ca" and "n't".
                self.push(at, end - 1);
                return self.push(end - 1, tail);
            }
            if tail - at > BYTES_MAX {
                return self.push(at, end);
            }
            end = tail;
        }
    }

    /// The end of a web or mail address that begins here.
    fn address(&self, at: usize) -> Option<usize> {
        let mut limit = self.end.min(at + ADDRESS_MAX);
        while !self.text.is_char_boundary(limit) {
            limit -= 1;
        }
        let rest = &self.text[at..limit];
        let prefix = |p: &str| {
            rest.get(..p.len())
                .is_some_and(|r| r.eq_ignore_ascii_case(p))
        };
        let web = prefix("http://") || prefix("https://") || prefix("www.") || prefix("ftp://");
        let length = if web {
            let length = rest
                .find(|c: char| {
                    c.is_whitespace() || matches!(c, '"' | '<' | '>' | '”' | '“' | '»' | ')')
                })
                .unwrap_or(rest.len());
            rest[..length]
                .trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', ']'])
                .len()
        } else {
            // A name of letters, then "@" and a domain, or a domain with a known ending.
            let name = rest
                .find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%')))
                .unwrap_or(rest.len());
            if rest[name..].starts_with('@') {
                let host = rest[name + 1..]
                    .find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-')))
                    .map_or(rest.len(), |i| name + 1 + i);
                let host = rest[..host].trim_end_matches(['.', '-']).len();
                if name == 0 || host <= name + 1 {
                    0
                } else {
                    host
                }
            } else {
                let host = rest[..name].trim_end_matches(['.', '-']);
                let ending = host.rsplit_once('.').filter(|(name, ending)| {
                    self.spelling.is_domain(ending)
                        && name.len() > 2
                        && !name.contains("..")
                        && !name.ends_with('.')
                });
                match ending {
                    None => 0,
                    Some(_) if rest[host.len()..].starts_with('/') => {
                        let length = rest
                            .find(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | ')'))
                            .unwrap_or(rest.len());
                        rest[..length]
                            .trim_end_matches(['.', ',', ';', ':', '!', '?'])
                            .len()
                    }
                    Some(_) => host.len(),
                }
            }
        };
        (length > 0).then_some(at + length)
    }
}
