//! What the models see of a word as written.

use super::linear::text_hash;

/// A word's spelling as hashes, made once and used by every template.
#[derive(Debug, Clone, Copy, Default)]
pub struct Word {
    /// Lower-cased, digits as 0, typographic quotes and dashes as ASCII.
    pub form: u32,
    /// The same without lower-casing.
    pub exact: u32,
    /// The last one to four characters of the form (the whole form where it is shorter).
    pub suffix: [u32; 4],
    /// The first one to three characters of the form.
    pub prefix: [u32; 3],
    /// Runs of upper case, lower case, digits and other characters, and where the word stands.
    pub shape: u32,
}

/// Longest part of a word that the models look at, in characters: a token is cut at 128 bytes anyhow.
const LOOKED_AT: usize = 128;

/// Describes the words of a sentence.
pub fn words<'a>(forms: impl IntoIterator<Item = &'a str>) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut lower = String::new();
    let mut exact = String::new();
    let mut shape = Vec::new();
    let mut any_lower = false;
    for form in forms {
        normal_form(form, &mut lower, &mut exact);
        shape_of(form, &mut shape);
        any_lower |= form.chars().next().is_some_and(char::is_lowercase);
        words.push(Word {
            form: text_hash(lower.as_bytes()),
            exact: text_hash(exact.as_bytes()),
            suffix: [1, 2, 3, 4].map(|n| text_hash(last(&lower, n).as_bytes())),
            prefix: [1, 2, 3].map(|n| text_hash(first(&lower, n).as_bytes())),
            shape: text_hash(&shape),
        });
    }
    // A capital says little at the head of a sentence, and nothing in a headline where all words have one.
    if !any_lower {
        for word in &mut words {
            word.shape ^= 0x5555_5555;
        }
    }
    if let Some(first) = words.first_mut() {
        first.shape ^= 0x3333_3333;
    }
    words
}

/// Writes the form that is hashed, lower-cased and not.
fn normal_form(form: &str, lower: &mut String, exact: &mut String) {
    lower.clear();
    exact.clear();
    match form {
        "``" | "''" | "“" | "”" | "„" | "«" | "»" => exact.push('"'),
        "—" | "--" | "---" => exact.push_str("--"),
        "…" => exact.push_str("..."),
        _ => exact.extend(form.chars().take(LOOKED_AT).map(|c| match c {
            '’' | '‘' | '`' => '\'',
            '–' | '‐' | '‑' => '-',
            c if c.is_numeric() && c.is_ascii_digit() => '0',
            c => c,
        })),
    }
    lower.extend(exact.chars().flat_map(char::to_lowercase));
}

fn shape_of(form: &str, shape: &mut Vec<u8>) {
    shape.clear();
    let mut run = 0;
    for c in form.chars().take(LOOKED_AT) {
        let kind = match c {
            c if c.is_uppercase() => b'A',
            c if c.is_alphabetic() => b'a',
            c if c.is_numeric() => b'0',
            '’' | '‘' => b'\'',
            '–' | '—' => b'-',
            c if c.is_ascii() => c as u8,
            _ => b'*',
        };
        run = if shape.last() == Some(&kind) {
            run + 1
        } else {
            1
        };
        // Up to two alike: "U" and "UN" differ, "Nato" and "Natos" don't.
        if run <= 2 && shape.len() < 12 {
            shape.push(kind);
        }
    }
}

fn last(text: &str, n: usize) -> &str {
    let start = text.char_indices().rev().nth(n - 1).map_or(0, |(i, _)| i);
    &text[start..]
}

fn first(text: &str, n: usize) -> &str {
    let end = text.char_indices().nth(n).map_or(text.len(), |(i, _)| i);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typographic_and_plain_spelling_are_one() {
        let words = words(["a", "don’t", "don't", "Don't", "“", "``", "1,250", "3,417"]);
        assert_eq!(words[1].form, words[2].form);
        assert_eq!(words[2].form, words[3].form);
        assert_ne!(words[2].exact, words[3].exact);
        assert_eq!(words[4].form, words[5].form);
        assert_eq!(words[6].form, words[7].form);
        assert_ne!(words[1].suffix[2], words[1].suffix[3]);
    }
}
