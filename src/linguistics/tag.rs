//! The tagger: from left to right, one tag (part of speech and Penn tag together) a word.

use super::linear::{Feature, Wide, feature};
use super::word::Word;

/// Number of the tag before the first word.
const BEGIN: u32 = 254;

/// Scores every tag under the features of a word.
pub trait TagScorer {
    /// Adds to `scores`, one a tag.
    fn score(&self, features: &[Feature], scores: &mut [i32]);
}

impl TagScorer for Wide {
    fn score(&self, features: &[Feature], scores: &mut [i32]) {
        for &feature in features {
            self.add(feature, scores);
        }
    }
}

/// Features of word `i`, given the tags of the two words before it.
pub fn features(words: &[Word], i: usize, tags: &[u8], out: &mut Vec<Feature>) {
    out.clear();
    let none = Word::default();
    let at = |j: isize| {
        words
            .get(usize::try_from(i as isize + j).unwrap_or(usize::MAX))
            .unwrap_or(&none)
    };
    let tag = |back: usize| i.checked_sub(back).map_or(BEGIN, |j| u32::from(tags[j]));
    let (w, l1, l2, r1, r2) = (at(0), at(-1), at(-2), at(1), at(2));
    let (t1, t2) = (tag(1), tag(2));
    let mut template = 0;
    let mut put = |a: u32, b: u32, c: u32| {
        template += 1;
        out.push(feature(template, [a, b, c]));
    };
    put(w.form, 0, 0);
    put(w.exact, 0, 0);
    put(w.suffix[0], 0, 0);
    put(w.suffix[1], 0, 0);
    put(w.suffix[2], 0, 0);
    put(w.suffix[3], 0, 0);
    put(w.prefix[0], 0, 0);
    put(w.prefix[1], 0, 0);
    put(w.prefix[2], 0, 0);
    put(w.shape, 0, 0);
    put(w.shape, w.suffix[1], 0);
    put(w.shape, w.suffix[2], 0);
    put(w.shape, l1.form, 0);
    put(w.shape, l1.shape, r1.shape);
    put(t1, 0, 0);
    put(t1, t2, 0);
    put(t1, w.form, 0);
    put(t1, t2, w.form);
    put(t1, w.suffix[2], 0);
    put(t1, w.suffix[1], w.shape);
    put(t1, r1.form, 0);
    put(t1, w.form, r1.form);
    put(t1, w.form, r1.suffix[1]);
    put(l1.form, 0, 0);
    put(l1.form, w.form, 0);
    put(l1.form, w.suffix[2], 0);
    put(l2.form, 0, 0);
    put(l2.form, l1.form, w.suffix[1]);
    put(r1.form, 0, 0);
    put(r1.form, w.form, 0);
    put(r1.form, w.suffix[2], 0);
    put(r2.form, 0, 0);
    put(r1.form, r2.form, 0);
    put(r1.suffix[1], r1.shape, 0);
    put(r1.suffix[2], w.form, 0);
    put(r1.suffix[2], w.suffix[2], 0);
    put(r2.suffix[1], r1.suffix[1], w.suffix[1]);
    put(l1.suffix[2], w.suffix[2], 0);
    put(0, 0, 0);
}

/// Tags a sentence; `count` tags there are. The buffers are the caller's, so that they are reused.
pub fn tag(words: &[Word], scorer: &impl TagScorer, count: usize, out: &mut Vec<u8>) {
    out.clear();
    let mut gathered = Vec::with_capacity(48);
    let mut scores = vec![0; count];
    for i in 0..words.len() {
        features(words, i, out, &mut gathered);
        scores.fill(0);
        scorer.score(&gathered, &mut scores);
        out.push(best(&scores));
    }
}

/// The class with the highest score, the first of equals.
pub fn best(scores: &[i32]) -> u8 {
    let mut best = 0;
    for (class, score) in scores.iter().enumerate() {
        if *score > scores[best] {
            best = class;
        }
    }
    best as u8
}
