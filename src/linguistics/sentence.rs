//! Groups tokens into sentences. A sentence ends at a line's end, at a full stop, question or exclamation mark with the
//! closing quotes and brackets behind it unless what follows can't begin one, and after an abbreviation where a word
//! follows that usually begins a sentence.

use super::spelling::Spelling;
use std::ops::Range;

/// Most tokens of a sentence: a longer one is split, so that reading it stays cheap.
pub const TOKENS_MAX: usize = super::encoder::WORDS_MAX;

/// Splits the tokens (byte ranges of `text`, in order) and adds token ranges, counted from `first`, to `out`.
pub fn split(
    text: &str,
    tokens: &[(u32, u32)],
    spelling: &Spelling,
    first: usize,
    out: &mut Vec<Range<usize>>,
) {
    let form = |i: usize| &text[tokens[i].0 as usize..tokens[i].1 as usize];
    let gap = |i: usize| &text[tokens[i - 1].1 as usize..tokens[i].0 as usize];
    let mut start = 0;
    let mut i = 0;
    while i < tokens.len() {
        let mut end = i + 1;
        let line_ends = |at: usize| {
            at >= tokens.len() || gap(at).contains(['\n', '\r', '\u{2028}', '\u{2029}'])
        };
        let mark = is_final(form(i));
        if mark {
            while !line_ends(end) && closes(form(end), gap(end)) {
                end += 1;
            }
        }
        let ends = line_ends(end)
            || if mark {
                begins(form(end), form(i), end > i + 1, gap(end))
            } else {
                abbreviation_ends(form(i), form(end), spelling)
            };
        if ends {
            pieces(text, tokens, start..end, first, out);
            start = end;
        }
        i = end;
    }
}

/// Marks that end sentences.
fn is_final(form: &str) -> bool {
    form.chars().all(|c| {
        matches!(
            c,
            '.' | '!' | '?' | '…' | '‼' | '⁇' | '⁈' | '⁉' | '。' | '؟' | '۔'
        )
    })
}

/// Quotes and brackets that belong to the sentence before them, and further marks.
fn closes(form: &str, gap: &str) -> bool {
    match form {
        "”" | "’" | "»" | ")" | "]" | "}" | "''" => true,
        "\"" | "'" => gap.is_empty(),
        _ => gap.is_empty() && is_final(form),
    }
}

/// Whether a token can be the first of a sentence after a mark; `closed` when quotes or brackets stand between.
fn begins(form: &str, mark: &str, closed: bool, gap: &str) -> bool {
    let Some(c) = form.chars().next() else {
        return false;
    };
    if c.is_lowercase() {
        // "Yahoo! said", "(sic!) and", "“Enough!” he said"; but "al-Shabaab", "iPhone".
        return form == "al" && mark == "." && !closed;
    }
    if matches!(c, ',' | ';' | ':' | ')' | ']' | '%') || is_final(form) {
        return false;
    }
    // "3 . 5" has spaces; "example.Com" has none and is a slip of the pen unless a new word begins in upper case.
    if gap.is_empty() && !closed {
        return c.is_uppercase() && mark != "...";
    }
    if matches!(mark, "..." | "…" | "..") {
        return !matches!(c, '-' | '–' | '—');
    }
    !matches!(c, '-' | '–' | '—') || mark == "."
}

/// Whether a sentence ends with this token, an abbreviation with its full stop, given the next.
fn abbreviation_ends(form: &str, next: &str, spelling: &Spelling) -> bool {
    let Some(word) = form.strip_suffix('.') else {
        return false;
    };
    if word.is_empty() || spelling.is_title(word) || word.chars().count() == 1 {
        return false;
    }
    spelling.is_opener(next)
}

/// Adds a sentence, cut where it is too long.
fn pieces(
    text: &str,
    tokens: &[(u32, u32)],
    range: Range<usize>,
    first: usize,
    out: &mut Vec<Range<usize>>,
) {
    let mut start = range.start;
    while range.end - start > TOKENS_MAX {
        // The best mark in the second half of what fits; without one, all of what fits.
        let rank = |i: usize| match &text[tokens[i].0 as usize..tokens[i].1 as usize] {
            ";" => 5,
            "—" | "–" | "--" | ":" => 4,
            "," => 3,
            "”" | "\"" | ")" => 2,
            "." | "..." | "…" | "|" | "•" | "-" => 1,
            _ => 0,
        };
        let window = start + TOKENS_MAX / 2..start + TOKENS_MAX;
        let best = window
            .max_by_key(|&i| (rank(i), i))
            .unwrap_or(start + TOKENS_MAX - 1);
        out.push(first + start..first + best + 1);
        start = best + 1;
    }
    if start < range.end {
        out.push(first + start..first + range.end);
    }
}
