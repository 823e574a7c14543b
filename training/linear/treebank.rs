//! Treebank sentences as training material: made projective, and some of them copied in the dress of news.

use crate::weights::Dice;
use sitrep::linguistics::conllu::{Sentence, Word};
use sitrep::linguistics::parse::{NOBODY, oracle};
use sitrep::linguistics::{Deprel, Upos};

/// Lifts arcs to the head's head until no two cross.
pub fn projective(heads: &[u16]) -> Vec<u16> {
    let mut heads = heads.to_vec();
    let none = vec![0; heads.len()];
    while oracle(&heads, &none).is_none() {
        // The shortest arc that jumps over a word not below its head is lifted first: it changes the least.
        let below = |mut i: usize, head: usize| {
            while i != head {
                match heads[i] {
                    NOBODY => return false,
                    h => i = h as usize,
                }
            }
            true
        };
        let crossing = (0..heads.len())
            .filter(|&d| heads[d] != NOBODY)
            .filter(|&d| {
                let h = heads[d] as usize;
                (d.min(h) + 1..d.max(h)).any(|k| !below(k, h))
            })
            .min_by_key(|&d| heads[d].abs_diff(d as u16));
        match crossing {
            Some(d) => heads[d] = heads[heads[d] as usize],
            None => return heads,
        }
    }
    heads
}

/// The sentences, and copies that look like headlines and captions: without the final mark, in title case, upper case
/// or lower case. The second value says which sentence each was made of.
pub fn with_copies(sentences: Vec<Sentence>, dice: &mut Dice) -> (Vec<Sentence>, Vec<usize>) {
    let mut all = Vec::new();
    let mut origins = Vec::new();
    for (i, sentence) in sentences.into_iter().enumerate() {
        let usual = (4..=25).contains(&sentence.words.len());
        let roll = dice.roll() % 100;
        let copy = match roll {
            _ if !usual => None,
            0..6 => without_final_mark(&sentence),
            6..11 => Some(recased(
                &without_final_mark(&sentence).unwrap_or(sentence.clone()),
                title,
            )),
            11..13 => Some(recased(&sentence, str::to_uppercase)),
            13..15 => Some(recased(&sentence, str::to_lowercase)),
            _ => None,
        };
        all.push(sentence);
        origins.push(i);
        if let Some(copy) = copy {
            all.push(copy);
            origins.push(i);
        }
    }
    (all, origins)
}

/// The sentence without the punctuation at its end, none where there is none or something hangs on it.
fn without_final_mark(sentence: &Sentence) -> Option<Sentence> {
    let mut copy = sentence.clone();
    while copy.words.last().is_some_and(|w| w.upos == Upos::Punct) {
        let last = (copy.words.len() - 1) as u16;
        if copy.words.iter().any(|w| w.head == last) {
            break;
        }
        copy.words.pop();
    }
    (copy.words.len() >= 3 && copy.words.len() < sentence.words.len()).then_some(copy)
}

fn recased(sentence: &Sentence, change: impl Fn(&str) -> String) -> Sentence {
    let mut copy = sentence.clone();
    for word in &mut copy.words {
        // Only the tagger is meant to learn from it: a changed name would teach the lemmatiser nonsense.
        word.form = change(&word.form);
        word.lemma.clear();
    }
    copy
}

/// Title case: small words keep their lower case.
fn title(form: &str) -> String {
    const SMALL: [&str; 20] = [
        "a", "an", "the", "of", "in", "on", "at", "to", "for", "and", "or", "but", "as", "by",
        "with", "from", "n't", "'s", "’s", "n’t",
    ];
    if SMALL.contains(&form) {
        return form.to_owned();
    }
    let mut letters = form.chars();
    letters
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

/// Heads and labels of a sentence, `label` giving a relation's number.
pub fn tree(words: &[Word], label: impl Fn(Deprel) -> u8) -> (Vec<u16>, Vec<u8>) {
    let heads = projective(&words.iter().map(|w| w.head).collect::<Vec<_>>());
    let labels = words.iter().map(|w| label(w.deprel)).collect();
    (heads, labels)
}
