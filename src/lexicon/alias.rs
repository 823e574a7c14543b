//! Finds names in text: folded, longest first, at word boundaries, whatever the tokeniser did with hyphens.

use std::collections::HashMap;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// An alias found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alias<T> {
    /// Bytes of folded text that it covers.
    pub len: usize,
    pub entry: T,
}

/// A folded name, whether its case counts, and what it stands for.
type Named<T> = (Box<str>, bool, T);

/// Names and what they stand for. A name with a capital letter is matched with its case, one without in any case.
#[derive(Debug, Clone)]
pub struct AliasIndex<T> {
    by_first: HashMap<Box<str>, Vec<Named<T>>>,
}

impl<T> Default for AliasIndex<T> {
    fn default() -> Self {
        AliasIndex {
            by_first: HashMap::new(),
        }
    }
}

impl<T: Copy + Ord> AliasIndex<T> {
    /// Adds a name.
    pub fn add(&mut self, words: &str, entry: T) {
        let folded: String = fold(words);
        let folded = folded.trim();
        if folded.is_empty() {
            return;
        }
        let cased = folded.chars().any(char::is_uppercase);
        self.by_first
            .entry(first_run(folded).to_lowercase().into())
            .or_default()
            .push((folded.into(), cased, entry));
    }

    /// Sorts what was added; longest first, so that a look-up may stop at the first that fits.
    pub fn finish(&mut self) {
        for list in self.by_first.values_mut() {
            list.sort_by(|a, b| {
                b.0.len()
                    .cmp(&a.0.len())
                    .then_with(|| a.0.cmp(&b.0))
                    .then_with(|| a.2.cmp(&b.2))
            });
            list.dedup();
        }
    }

    /// Every name that begins at a byte of folded text and ends at a word boundary, longest first.
    pub fn at<'a>(&'a self, text: &'a str, start: usize) -> impl Iterator<Item = Alias<T>> + 'a {
        let rest = &text[start..];
        let key = first_run(rest).to_lowercase();
        self.by_first
            .get(key.as_str())
            .map_or(&[][..], Vec::as_slice)
            .iter()
            .filter_map(move |(name, cased, entry)| {
                let head = rest.get(..name.len())?;
                let same = if *cased {
                    head == &**name
                } else {
                    head.eq_ignore_ascii_case(name)
                };
                let after = rest[name.len()..].chars().next();
                let before = name.chars().next_back();
                let cut = before.is_some_and(char::is_alphanumeric)
                    && after.is_some_and(char::is_alphanumeric);
                (same && !cut).then_some(Alias {
                    len: name.len(),
                    entry: *entry,
                })
            })
    }
}

fn first_run(text: &str) -> &str {
    let end = text
        .char_indices()
        .find(|(i, c)| *i > 0 && !c.is_alphanumeric())
        .map_or(text.len(), |(i, _)| i);
    &text[..end]
}

/// Folds accents, quotes, dashes and white space; keeps case. The result is compared, never shown.
pub fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect::<Vec<_>>().concat()
}

/// One character, folded.
pub fn fold_char(c: char) -> String {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' => c.to_string(),
        '’' | '‘' | 'ʼ' | '`' | 'ʻ' | '´' => "'".to_owned(),
        '‐' | '‑' | '–' | '—' => "-".to_owned(),
        c if c.is_whitespace() => " ".to_owned(),
        'ı' => "i".to_owned(),
        'ø' => "o".to_owned(),
        'Ø' => "O".to_owned(),
        'ł' => "l".to_owned(),
        'Ł' => "L".to_owned(),
        'đ' => "d".to_owned(),
        'ß' => "ss".to_owned(),
        'ə' => "a".to_owned(),
        c if c.is_ascii() => c.to_string(),
        c => std::iter::once(c)
            .nfd()
            .filter(|c| !is_combining_mark(*c))
            .collect(),
    }
}

/// A text folded, with the way back.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    pub text: String,
    /// For each byte of `text`, and one past the end, the byte of the original.
    pub original: Vec<u32>,
}

impl Folded {
    /// Folds a part of a text; offsets lead back to the whole.
    pub fn of(whole: &str, range: std::ops::Range<usize>) -> Folded {
        let mut out = Folded::default();
        for (i, c) in whole[range.clone()].char_indices() {
            let folded = fold_char(c);
            out.original
                .extend(std::iter::repeat_n((range.start + i) as u32, folded.len()));
            out.text.push_str(&folded);
        }
        out.original.push(range.end as u32);
        out
    }
}
