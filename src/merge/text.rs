//! How far two pieces of evidence say the same in the same words.

use crate::lexicon::sources::fold;

/// True if two names are one but for case, accents and punctuation. Plain names are compared without making copies.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    let plain = |s: &str| s.bytes().all(|c| c.is_ascii_alphanumeric() || c == b' ');
    a == b
        || if plain(a) && plain(b) {
            a.eq_ignore_ascii_case(b)
        } else {
            fold(a) == fold(b)
        }
}

/// Evidence as sets of hashed words and of runs of three words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Wording {
    /// Content words, cut to six letters so that inflections meet; sorted.
    words: Vec<u32>,
    /// Runs of three words; sorted.
    runs: Vec<u32>,
}

/// Words that say nothing about the happening.
const EMPTY_WORDS: &[&str] = &[
    "a", "about", "after", "against", "also", "an", "and", "are", "as", "at", "be", "been",
    "being", "but", "by", "for", "from", "had", "has", "have", "he", "her", "his", "in", "into",
    "is", "it", "its", "more", "not", "of", "on", "or", "over", "said", "say", "says", "she",
    "that", "the", "their", "they", "this", "to", "two", "was", "were", "which", "while", "who",
    "will", "with", "would",
];

/// Runs of evidence shorter than this are too few to call it a copy.
const FEWEST_RUNS: usize = 6;

impl Wording {
    /// Reads a piece of evidence; at most the first 160 words count.
    pub(super) fn read(text: &str) -> Self {
        let tokens: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .take(160)
            .map(str::to_lowercase)
            .collect();
        let mut words: Vec<u32> = tokens
            .iter()
            .filter(|w| !EMPTY_WORDS.contains(&w.as_str()))
            .map(|w| hash([stem(w)]))
            .collect();
        let mut runs: Vec<u32> = tokens
            .windows(3)
            .map(|run| hash(run.iter().map(String::as_str)))
            .collect();
        for set in [&mut words, &mut runs] {
            set.sort_unstable();
            set.dedup();
            set.shrink_to_fit();
        }
        Self { words, runs }
    }

    /// Dice coefficient of the content words, 0 to 1.
    pub(super) fn similarity(&self, other: &Self) -> f64 {
        let total = self.words.len() + other.words.len();
        if total == 0 {
            return 0.0;
        }
        2.0 * common(&self.words, &other.words) as f64 / total as f64
    }

    /// Number of content words in common.
    pub(super) fn shared(&self, other: &Self) -> usize {
        common(&self.words, &other.words)
    }

    /// True if one is a copy of the other, cut perhaps: at least `share` of the shorter one's runs are in both.
    pub(super) fn is_copy(&self, other: &Self, share: f64) -> bool {
        let shorter = self.runs.len().min(other.runs.len());
        shorter >= FEWEST_RUNS && common(&self.runs, &other.runs) as f64 >= share * shorter as f64
    }
}

fn stem(word: &str) -> &str {
    word.char_indices()
        .nth(6)
        .map_or(word, |(at, _)| &word[..at])
}

/// Size of the intersection of two sorted sets.
fn common(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut n) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                n += 1;
                i += 1;
                j += 1;
            }
        }
    }
    n
}

/// FNV-1a over the words, which is the same on every machine.
fn hash<'a>(words: impl IntoIterator<Item = &'a str>) -> u32 {
    let mut h = 0x811c_9dc5_u32;
    for word in words {
        for byte in word.bytes().chain([0xff]) {
            h = (h ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
    h
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAD: &str = "Russia launched 49 attack drones and two ballistic missiles at Ukraine overnight, killing three people in Kyiv";

    #[test]
    fn a_cut_copy_is_a_copy_and_another_telling_is_not() {
        let lead = Wording::read(LEAD);
        let cut = Wording::read(
            "Russia launched 49 attack drones and two ballistic missiles at Ukraine overnight",
        );
        let other = Wording::read(
            "Three residents of Kyiv died when Russian drones and missiles hit the capital overnight",
        );
        assert!(lead.is_copy(&cut, 0.6));
        assert!(!lead.is_copy(&other, 0.6));
        assert!(lead.similarity(&other) > 0.2 && lead.similarity(&other) < 0.6);
        let short = Wording::read("Russia launched drones");
        assert!(!short.is_copy(&short.clone(), 0.6));
        assert_eq!(Wording::read("").similarity(&Wording::read("")), 0.0);
    }
}
