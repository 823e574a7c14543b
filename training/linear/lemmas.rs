//! Learns the lemmatiser's rules from pairs of form and lemma.

use sitrep::linguistics::lemma::{Change, Lemmatiser, Rule, endings_of};
use std::collections::BTreeMap;

/// `pairs` are (tag, form, lemma), the form in lower case unless it is a proper name. Rules for ending come first,
/// shortest first: each is kept only where it says something else than the shorter one. What is still wrong then
/// becomes an exception.
pub fn learn(pairs: &[(u8, String, String)], tags: usize) -> Vec<Rule> {
    let mut counts: BTreeMap<(u8, &str), BTreeMap<&str, usize>> = BTreeMap::new();
    for (tag, form, lemma) in pairs {
        *counts
            .entry((*tag, form))
            .or_default()
            .entry(lemma)
            .or_default() += 1;
    }
    // The usual lemma of every form, with the number of its occurrences.
    let mut usual = Vec::new();
    for ((tag, form), lemmas) in &counts {
        let (lemma, _) = lemmas
            .iter()
            .max_by_key(|(lemma, n)| (**n, std::cmp::Reverse(**lemma)))
            .expect("not empty");
        if let Some(change) = Change::between(form, lemma) {
            usual.push((*tag, *form, *lemma, change, lemmas.values().sum::<usize>()));
        }
    }
    let mut votes: BTreeMap<(u8, &str), BTreeMap<&Change, usize>> = BTreeMap::new();
    for (tag, form, _, change, _) in &usual {
        for ending in endings_of(form) {
            *votes
                .entry((*tag, ending))
                .or_default()
                .entry(change)
                .or_default() += 1;
        }
    }
    let mut rules: Vec<Rule> = Vec::new();
    let mut decided: BTreeMap<(u8, &str), &Change> = BTreeMap::new();
    let mut by_length: Vec<_> = votes.iter().collect();
    by_length.sort_by_key(|((tag, ending), _)| (ending.chars().count(), *tag, *ending));
    for ((tag, ending), changes) in by_length {
        let (change, n) = changes
            .iter()
            .max_by_key(|(change, n)| (**n, std::cmp::Reverse(**change)))
            .expect("not empty");
        let shorter = endings_of(ending)
            .skip(1)
            .find_map(|e| decided.get(&(*tag, e)));
        let supported = ending.is_empty() || *n >= 2;
        if supported && shorter.is_none_or(|s| s != change) {
            decided.insert((*tag, ending), change);
            rules.push(Rule {
                tag: *tag,
                ending: (*ending).to_owned(),
                change: (*change).clone(),
            });
        }
    }
    let by_ending = Lemmatiser::new(&rules, tags);
    for (tag, form, lemma, change, _) in &usual {
        if by_ending.lemma(form, *tag) != *lemma {
            rules.push(Rule {
                tag: *tag,
                ending: format!("^{form}"),
                change: change.clone(),
            });
        }
    }
    rules.sort();
    rules
}
