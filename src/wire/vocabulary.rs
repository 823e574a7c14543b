//! The words that a filter may use.

use std::collections::BTreeSet;

/// Types and countries that a filter may name. Built from the ontology and the lexicon once, at start.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    types: BTreeSet<String>,
    countries: BTreeSet<String>,
}

impl Vocabulary {
    /// From every type of the ontology (dotted) and every country (ISO 3166 alpha-3).
    pub fn new(
        types: impl IntoIterator<Item = String>,
        countries: impl IntoIterator<Item = String>,
    ) -> Self {
        let mut known = BTreeSet::new();
        for name in types {
            // A prefix stands for its subtree, so every prefix is a word too.
            for (dot, _) in name.match_indices('.') {
                known.insert(name[..dot].to_owned());
            }
            known.insert(name);
        }
        Vocabulary {
            types: known,
            countries: countries.into_iter().collect(),
        }
    }

    /// True for a type, or a dotted prefix of one.
    pub fn has_type(&self, name: &str) -> bool {
        self.types.contains(name)
    }

    /// True for a country.
    pub fn has_country(&self, code: &str) -> bool {
        self.countries.contains(code)
    }
}
