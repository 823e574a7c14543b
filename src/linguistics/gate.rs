//! The gate: which sentences may hold an event and go on to the encoder. Most sentences of most news hold none, and the
//! encoder costs a hundred times as much.
//!
//! A convolution over three word pieces with the greatest value of each channel, and weights of words and pairs of words;
//! `training/gate/train.py` makes the weights. All sums are of whole numbers, in any order the same.

use super::pieces::{BEGIN, END, Vocabulary, normal};
use super::weights::{Error, Safe, contents};
use std::collections::HashSet;

/// Version of the file.
const VERSION: u32 = 1;
const MAGIC: &[u8; 8] = b"SITREPGT";

/// Most pieces of a sentence that are looked at.
const LONGEST: usize = 200;

/// Weights of the gate; immutable, shared by all threads.
pub struct Gate {
    vocabulary: Vocabulary,
    channels: usize,
    /// For the place before, at and after: what each piece adds to each channel.
    pieces: Vec<i8>,
    bias: Vec<i32>,
    out: Vec<f32>,
    bag: Vec<i8>,
    about: About,
    /// The first 16 bytes of the file's checksum, in hex.
    pub digest: String,
}

#[derive(serde::Deserialize)]
struct About {
    /// What one unit of the bag's weights stands for.
    bag: f32,
    threshold: f32,
}

impl Gate {
    /// Checks a weights file and makes it ready for use.
    pub fn load(file: &[u8]) -> Result<Self, Error> {
        let (body, digest) = contents(file, MAGIC, VERSION)?;
        let safe = Safe::read(body)?;
        let vocabulary = Vocabulary::new(safe.text("vocabulary")?.split('\n'));
        let [_, _, channels] = safe.shape("pieces")?[..] else {
            return Err(Error::Tensors(
                "expected \"pieces\" with three sides".to_owned(),
            ));
        };
        let [buckets] = safe.shape("bag")?[..] else {
            return Err(Error::Tensors("expected \"bag\" with one side".to_owned()));
        };
        if channels == 0 || buckets == 0 {
            return Err(Error::Tensors(
                "expected channels and buckets, found none".to_owned(),
            ));
        }
        Ok(Self {
            pieces: safe.small("pieces", &[3, vocabulary.len(), channels])?,
            bias: safe.wholes("bias", channels)?,
            out: safe.floats("out", channels)?,
            bag: safe.small("bag", &[buckets])?,
            about: safe.config()?,
            vocabulary,
            channels,
            digest,
        })
    }

    /// A sentence as the gate sees it; made once, judged in up to three windows.
    pub fn look<'a>(&self, words: impl Iterator<Item = &'a str>) -> Seen {
        let mut seen = Seen::default();
        for word in words {
            self.vocabulary.cut(word, &mut seen.pieces);
            let digit = |c| if matches!(c, '1'..='9') { '0' } else { c };
            seen.words.push(normal(word).chars().map(digit).collect());
        }
        seen
    }

    /// Whether there may be an event in a few sentences.
    pub fn admits(&self, window: &[Seen]) -> bool {
        self.score(window) >= self.about.threshold
    }

    fn score(&self, window: &[Seen]) -> f32 {
        let mut pieces = vec![BEGIN];
        pieces.extend(window.iter().flat_map(|s| &s.pieces));
        pieces.truncate(LONGEST - 1);
        pieces.push(END);
        // Nothing is below zero: the greatest of a channel begins there.
        let mut greatest = vec![0i32; self.channels];
        let mut sums = vec![0i32; self.channels];
        for at in 0..pieces.len() {
            sums.copy_from_slice(&self.bias);
            for place in 0..3 {
                let neighbour = (at + place).checked_sub(1).and_then(|i| pieces.get(i));
                if let Some(&piece) = neighbour {
                    let row = place * self.vocabulary.len() + piece as usize;
                    let row = &self.pieces[row * self.channels..][..self.channels];
                    for (sum, &x) in sums.iter_mut().zip(row) {
                        *sum += i32::from(x);
                    }
                }
            }
            for (greatest, &sum) in greatest.iter_mut().zip(&sums) {
                *greatest = (*greatest).max(sum);
            }
        }
        let channels = greatest.iter().zip(&self.out);
        let shapes: f32 = channels.map(|(&g, &o)| g as f32 * o).sum();
        let bag: i32 = self
            .buckets(window)
            .into_iter()
            .map(|b| i32::from(self.bag[b]))
            .sum();
        shapes + bag as f32 * self.about.bag
    }

    /// Buckets of the words and of the pairs of neighbours, each once; digits are alike.
    fn buckets(&self, window: &[Seen]) -> HashSet<usize> {
        let words = window.iter().flat_map(|s| &s.words).map(String::as_str);
        let flat: Vec<&str> = std::iter::once("<").chain(words).chain([">"]).collect();
        let bucket = |text: &str| hash(text) as usize % self.bag.len();
        let pairs = flat
            .windows(2)
            .map(|p| bucket(&format!("{} {}", p[0], p[1])));
        flat.iter().map(|w| bucket(w)).chain(pairs).collect()
    }
}

/// Pieces and plain words of a sentence.
#[derive(Default)]
pub struct Seen {
    pieces: Vec<u32>,
    words: Vec<String>,
}

/// Whether there are two different words among the tokens: what has none is no sentence, however long.
pub fn is_prose<'a>(mut words: impl Iterator<Item = &'a str>) -> bool {
    let like_a_word = |w: &&str| (2..=40).contains(&w.len()) && w.chars().any(char::is_alphabetic);
    let Some(first) = words.by_ref().find(like_a_word) else {
        return false;
    };
    words.any(|w| like_a_word(&w) && w != first)
}

/// FNV-1a of 32 bits.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |value, byte| {
        (value ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
