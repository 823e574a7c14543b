//! Words of the language that no frame owns: word classes, and the words that carry factuality, attribution and support.

use super::{source::Files, strict::Error};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// `lexicon/classes.toml`: for each class its lemmas. A dotted class belongs to its prefixes: `weapon.drone` is a `weapon`.
type ClassFile = BTreeMap<String, Vec<String>>;

/// Word classes by lemma; several words are joined by spaces.
#[derive(Debug, Clone, Default)]
pub struct Classes {
    by_lemma: HashMap<String, Vec<String>>,
    names: HashSet<String>,
}

impl Classes {
    pub(super) fn load(files: &Files) -> Result<Classes, Error> {
        let file: ClassFile = files.toml("classes.toml")?;
        let mut classes = Classes::default();
        for (name, lemmas) in file {
            let mut prefix = name.as_str();
            loop {
                classes.names.insert(prefix.to_owned());
                match prefix.rsplit_once('.') {
                    Some((above, _)) => prefix = above,
                    None => break,
                }
            }
            for lemma in lemmas {
                classes
                    .by_lemma
                    .entry(lemma.to_lowercase())
                    .or_default()
                    .push(name.clone());
            }
        }
        Ok(classes)
    }

    /// Whether a lemma (or a compound such as `ballistic missile`) belongs to a class.
    pub fn is(&self, lemma: &str, class: &str) -> bool {
        self.of(lemma).iter().any(|c| {
            c == class
                || (c.len() > class.len()
                    && c.starts_with(class)
                    && c.as_bytes()[class.len()] == b'.')
        })
    }

    /// Classes of a lemma.
    pub fn of(&self, lemma: &str) -> &[String] {
        self.by_lemma.get(lemma).map_or(&[], Vec::as_slice)
    }

    /// Whether there is a class of this name.
    pub fn knows(&self, class: &str) -> bool {
        self.names.contains(class)
    }
}

/// `lexicon/language/en/factuality.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factuality {
    /// Verbs and nouns after which an act is planned: plan, vow, intend.
    pub planned: HashSet<String>,
    /// After which it is threatened.
    pub threatened: HashSet<String>,
    /// After which it is wished, feared or asked for, not done.
    pub hypothetical: HashSet<String>,
    /// After which it did not happen: fail, refuse, deny, avoid.
    pub negative: HashSet<String>,
    /// Nouns after which it did not happen: end, lack.
    pub negative_noun: HashSet<String>,
    /// Under which it goes on: continue, keep.
    pub ongoing: HashSet<String>,
    /// Under which it happens: begin, manage. Nothing changes.
    pub factual: HashSet<String>,
    /// Adverbs and adjectives of doubt: allegedly, reported, suspected.
    pub unconfirmed: HashSet<String>,
    /// Modal verbs by what they say.
    pub modal_planned: HashSet<String>,
    pub modal_hypothetical: HashSet<String>,
    /// Conjunctions that make a clause a condition.
    pub conditional: HashSet<String>,
    /// Words that negate.
    pub negation: HashSet<String>,
}

/// `lexicon/language/en/speech.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speech {
    /// Verbs that report what somebody says, in a neutral way.
    pub neutral: HashSet<String>,
    /// Verbs that report what somebody claims.
    pub claiming: HashSet<String>,
    /// Verbs that report a denial.
    pub denying: HashSet<String>,
    /// Prepositions that name a source: according_to.
    pub source_prepositions: HashSet<String>,
    /// Nouns that stand for what is said, as in "a statement said".
    pub documents: HashSet<String>,
}

/// `lexicon/language/en/support.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Support {
    /// Verbs that carry out the noun in their object: launch (an attack), hold (talks).
    pub light: HashSet<String>,
    /// Verbs whose subject takes place: begin, take place, continue.
    pub occurrence: HashSet<String>,
}

/// `lexicon/language/en/domains.toml`: words that tell that a text is about something else.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domains {
    /// By domain (sport, business, crime ...), its lemmas.
    pub bait: BTreeMap<String, HashSet<String>>,
    /// Lemmas that tell that it is about war or diplomacy.
    pub news: HashSet<String>,
}

/// All of it.
#[derive(Debug, Clone, Default)]
pub struct Language {
    pub factuality: Factuality,
    pub speech: Speech,
    pub support: Support,
    pub domains: Domains,
}

impl Language {
    pub(super) fn load(files: &Files) -> Result<Language, Error> {
        Ok(Language {
            factuality: files.toml("language/en/factuality.toml")?,
            speech: files.toml("language/en/speech.toml")?,
            support: files.toml("language/en/support.toml")?,
            domains: files.toml("language/en/domains.toml")?,
        })
    }
}
