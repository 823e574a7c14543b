//! Cuts words into the pieces that the encoder knows, as `training/encoder/pieces.py` does: the words of a network and the
//! words it was trained on must be cut alike.

use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Most pieces of a word; of a longer one the first and the last count.
pub const PIECES_MAX: usize = 8;
/// Longest part of a word that is looked at, in characters.
const WORD_MAX: usize = 64;

pub const UNKNOWN: u32 = 1;
/// Classes of [`Spelt`].
pub const SPELLINGS: usize = 7;

pub const BEGIN: u32 = 2;
pub const END: u32 = 3;

/// How a word is spelt: its pieces are in lower case, this says what was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Spelt {
    Other,
    Lower,
    Capital,
    Upper,
    Letter,
    Mixed,
    Digits,
}

/// The pieces, found by their letters.
pub struct Vocabulary {
    begin: HashMap<Box<str>, u32>,
    /// Pieces that go on a word, without their `##`.
    inside: HashMap<Box<str>, u32>,
    len: usize,
}

impl Vocabulary {
    /// From the list of pieces; the first four stand for padding, unknown, begin and end.
    pub fn new<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut begin, mut inside) = (HashMap::new(), HashMap::new());
        let mut len = 0;
        for piece in pieces {
            let place = len as u32;
            len += 1;
            if place <= END {
                continue;
            }
            match piece.strip_prefix("##") {
                Some(rest) if !rest.is_empty() => inside.insert(rest.into(), place),
                _ => begin.insert(piece.into(), place),
            };
        }
        Self { begin, inside, len }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    /// Adds the pieces of a word: at least one, at most [`PIECES_MAX`].
    pub fn cut(&self, form: &str, pieces: &mut Vec<u32>) {
        let first = pieces.len();
        let normal = normal(form);
        let mut rest = normal.as_str();
        while let Some(c) = rest.chars().next() {
            let length = match c.is_alphanumeric() {
                true => rest
                    .find(|c: char| !c.is_alphanumeric())
                    .unwrap_or(rest.len()),
                false => c.len_utf8(),
            };
            let (run, after) = rest.split_at(length);
            if !c.is_whitespace() {
                self.run(run, pieces);
            }
            rest = after;
        }
        if pieces.len() == first {
            pieces.push(UNKNOWN);
        }
        shorten(pieces, first, PIECES_MAX);
    }

    /// The longest piece first, then the longest that goes on, and so forth; one unknown where that fails.
    fn run(&self, run: &str, pieces: &mut Vec<u32>) {
        let first = pieces.len();
        let mut start = 0;
        while start < run.len() {
            let map = if start == 0 {
                &self.begin
            } else {
                &self.inside
            };
            let ends = run[start..]
                .char_indices()
                .rev()
                .map(|(i, c)| start + i + c.len_utf8());
            let found = ends
                .into_iter()
                .find_map(|end| Some((end, *map.get(&run[start..end])?)));
            let Some((end, piece)) = found else {
                pieces.truncate(first);
                pieces.push(UNKNOWN);
                return;
            };
            pieces.push(piece);
            start = end;
        }
    }
}

/// Keeps at most `most` of the pieces from `first` on: the first ones and the last.
pub fn shorten(pieces: &mut Vec<u32>, first: usize, most: usize) {
    if pieces.len() - first > most {
        pieces[first + most - 1] = pieces[pieces.len() - 1];
        pieces.truncate(first + most);
    }
}

/// Lower case, without accents, typographic marks as ASCII, and what stands for quotes as quotes.
pub fn normal(form: &str) -> String {
    if matches!(form, "``" | "''") {
        return "\"".to_owned();
    }
    let plain = form.chars().take(WORD_MAX).map(|c| match c {
        '’' | '‘' | '`' => '\'',
        '–' | '‐' | '‑' | '—' => '-',
        '“' | '”' | '„' | '«' | '»' => '"',
        c => c,
    });
    plain
        .flat_map(char::to_lowercase)
        .nfd()
        .filter(|&c| !is_combining_mark(c))
        .collect()
}

/// The class of spelling of a word.
pub fn spelt(form: &str) -> Spelt {
    // Letters proper: some digits ("Ⅳ") and marks count as alphabetic as well.
    let letter = |c: &char| c.is_alphabetic() && !c.is_numeric() && !is_combining_mark(*c);
    let letters = || form.chars().take(WORD_MAX).filter(letter);
    let upper = letters().filter(|c| c.is_uppercase()).count();
    let count = letters().count();
    if form.chars().take(WORD_MAX).any(|c| c.is_ascii_digit()) {
        Spelt::Digits
    } else if count == 0 {
        Spelt::Other
    } else if upper == 0 {
        Spelt::Lower
    } else if upper == count {
        if count == 1 {
            Spelt::Letter
        } else {
            Spelt::Upper
        }
    } else if upper == 1 && letters().next().is_some_and(char::is_uppercase) {
        Spelt::Capital
    } else {
        Spelt::Mixed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `training/encoder/parity.py` wrote the table.
    #[test]
    fn words_are_cut_as_in_training() {
        let table = include_str!("pieces.tsv");
        let (list, rows) = table.split_once('\n').unwrap();
        let list: Vec<&str> = list.split(' ').collect();
        let vocabulary = Vocabulary::new(list.iter().copied());
        let mut wrong = Vec::new();
        for row in rows.lines() {
            let [form, class, expected] = row.split('\t').collect::<Vec<_>>()[..] else {
                panic!("expected three columns, found {row:?}");
            };
            let mut pieces = Vec::new();
            vocabulary.cut(form, &mut pieces);
            let found: Vec<&str> = pieces.iter().map(|&p| list[p as usize]).collect();
            let (found, spelt) = (found.join(" "), (spelt(form) as u8).to_string());
            if (found.as_str(), spelt.as_str()) != (expected, class) {
                wrong.push(format!(
                    "{form}: expected {class} {expected}, found {spelt} {found}"
                ));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn a_word_has_some_pieces_and_not_many() {
        let vocabulary = Vocabulary::new("[PAD] [UNK] [CLS] [SEP] a ##a b".split(' '));
        for form in [
            "",
            " ",
            "\u{301}",
            "aaaaaaaaaaaaaaaaaaaa",
            &"b".repeat(100_000),
            "a.b.a.b.a.b",
        ] {
            let mut pieces = vec![BEGIN];
            vocabulary.cut(form, &mut pieces);
            assert!((2..=1 + PIECES_MAX).contains(&pieces.len()), "{form:?}");
        }
    }
}
