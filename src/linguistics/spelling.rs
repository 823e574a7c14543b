//! What the tokenizer and the splitter of sentences know of a language's spelling, from `lexicon/language/`.

use serde::Deserialize;
use std::collections::{HashMap, HashSet};

/// As the file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    titles: HashSet<String>,
    abbreviations: HashSet<String>,
    before_numbers: HashSet<String>,
    prefixes: HashSet<String>,
    units: HashSet<String>,
    strokes: HashSet<String>,
    domains: HashSet<String>,
    openers: HashSet<String>,
    joined: HashMap<String, usize>,
}

/// Spelling of English.
pub struct Spelling {
    file: File,
}

/// Longest entry looked up, in bytes: a longer word is in none of the lists.
const ENTRY_MAX: usize = 16;

impl Spelling {
    /// Reads the TOML file; the error says where and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
        for (word, at) in &file.joined {
            if *at == 0 || *at >= word.len() || !word.is_char_boundary(*at) {
                return Err(format!(
                    "joined.{word}: expected a place inside the word, found {at}"
                ));
            }
        }
        Ok(Self { file })
    }

    /// "Gen", "Mr".
    pub fn is_title(&self, word: &str) -> bool {
        self.file.titles.contains(word)
    }

    /// "Corp", "Sept", "vs": with a full stop, but not before a name.
    pub fn is_abbreviation(&self, word: &str) -> bool {
        has(&self.file.abbreviations, word)
    }

    /// "No", "pp": abbreviations before numbers only.
    pub fn is_before_numbers(&self, word: &str) -> bool {
        has(&self.file.before_numbers, word)
    }

    /// "anti", "mid".
    pub fn is_prefix(&self, word: &str) -> bool {
        has(&self.file.prefixes, word)
    }

    /// "km", "bn".
    pub fn is_unit(&self, word: &str) -> bool {
        has(&self.file.units, word)
    }

    /// "km/h".
    pub fn is_stroke(&self, word: &str) -> bool {
        has(&self.file.strokes, word)
    }

    /// "com", "org".
    pub fn is_domain(&self, word: &str) -> bool {
        self.file.domains.contains(word)
    }

    /// "The", "However": begins a sentence more often than not, where it has a capital.
    pub fn is_opener(&self, word: &str) -> bool {
        self.file.openers.contains(word)
    }

    /// Where "cannot" comes apart.
    pub fn joined(&self, word: &str) -> Option<usize> {
        if word.len() > ENTRY_MAX || !word.is_ascii() {
            return None;
        }
        self.file.joined.get(&word.to_ascii_lowercase()).copied()
    }
}

fn has(list: &HashSet<String>, word: &str) -> bool {
    word.len() <= ENTRY_MAX && (list.contains(word) || list.contains(&word.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_and_wrong_places_are_refused() {
        let empty = "titles=[]\nabbreviations=[]\nbefore_numbers=[]\nprefixes=[]\nunits=[]\nstrokes=[]\ndomains=[]\nopeners=[]\n";
        assert!(Spelling::parse(&format!("{empty}[joined]\ncannot = 3\n")).is_ok());
        let error = Spelling::parse(&format!("{empty}[joined]\ncannot = 6\n"))
            .err()
            .unwrap();
        assert!(error.contains("found 6"), "{error}");
        let error = Spelling::parse(&format!("{empty}nouns=[]\n[joined]\n"))
            .err()
            .unwrap();
        assert!(error.contains("nouns"), "{error}");
    }
}
