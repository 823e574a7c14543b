//! A small pretrained encoder with heads for tags and trees: reads the words of sentences.

mod dense;
mod file;
mod forward;
mod heads;
mod news;
mod wide;

use super::codec::Input;
use super::lemma::{self, Lemmatiser};
use super::names::{Deprel, Upos};
use super::news::News;
use super::pieces::{BEGIN, END, PIECES_MAX, Spelt, Vocabulary, shorten, spelt};
use super::weights::Error;
use dense::Multiplier;
use file::File;
use forward::{Batch, Buffers, Encoder};
use heads::Heads;
use std::cell::RefCell;

/// Most words of a sentence: with three pieces a word they fit the encoder's positions.
pub const WORDS_MAX: usize = 160;

/// Pieces that are read at once, about: more fall out of the cache, fewer waste turns.
const PIECES_AT_ONCE: usize = 96;

/// A network: immutable, shared by all threads.
pub struct Network {
    vocabulary: Vocabulary,
    positions: usize,
    encoder: Encoder,
    heads: Heads,
    /// Its rules go by the numbers of `tags`.
    pub lemmas: Lemmatiser,
    pub tags: Vec<(Upos, &'static str)>,
    /// Types of events, the first for none; empty without heads for events.
    pub types: Vec<String>,
    /// The first 16 bytes of the file's checksum, in hex.
    pub digest: String,
}

/// What was read of a word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Word {
    /// Number in [`Network::tags`].
    pub tag: u8,
    /// Index in the sentence, none for the root.
    pub head: Option<usize>,
    pub deprel: Deprel,
}

/// What was read of a sentence.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sentence {
    pub words: Vec<Word>,
    /// None where the network has no heads for events.
    pub news: Option<News>,
}

/// A thread's buffers. The multiplications share out their work among the threads of the pool that they are called in;
/// items are shared out among threads already, so every thread is made a pool of its own.
struct Own {
    buffers: RefCell<Buffers>,
    _alone: Option<rayon::ThreadPool>,
}

thread_local! {
    static OWN: Own = Own {
        buffers: RefCell::default(),
        _alone: rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build().ok(),
    };
}

impl Network {
    /// Checks a weights file and makes it ready for use.
    pub fn load(file: &[u8]) -> Result<Self, Error> {
        let file = File::read(file)?;
        let multiplier = Multiplier::default();
        let vocabulary = Vocabulary::new(file.safe.text("vocabulary")?.split('\n'));
        let tags = file.tags()?;
        let rules = lemma::decode(&mut Input::new(file.safe.bytes("lemmas")?), tags.len())?;
        Ok(Self {
            positions: file.about.positions,
            encoder: Encoder::read(&file, &multiplier, vocabulary.len())?,
            heads: Heads::read(&file, &multiplier)?,
            lemmas: Lemmatiser::new(&rules, tags.len()),
            tags,
            types: file.about.types,
            vocabulary,
            digest: file.digest,
        })
    }

    /// Reads sentences of at most [`WORDS_MAX`] words each; the same sentence gives the same result whatever is read
    /// with it.
    pub fn read(&self, sentences: &[Vec<&str>]) -> Vec<Sentence> {
        let mut cut: Vec<Cut> = sentences.iter().map(|s| self.cut(s)).collect();
        // Sentences of like length together: each turn is then about as long as the cache likes.
        let mut order: Vec<usize> = (0..cut.len()).collect();
        order.sort_by_key(|&i| cut[i].pieces.len());
        let mut read = vec![Sentence::default(); sentences.len()];
        let mut next = 0;
        while next < order.len() {
            let mut batch = Batch::default();
            let mut words = Vec::new();
            let begin = next;
            while next < order.len() {
                let one = &mut cut[order[next]];
                let room = batch.pieces.len() + one.pieces.len() <= PIECES_AT_ONCE;
                if !(room || batch.pieces.is_empty()) {
                    break;
                }
                let first = batch.pieces.len();
                batch.pieces.append(&mut one.pieces);
                batch.spelling.append(&mut one.spelling);
                batch.sentences.push(first..batch.pieces.len());
                words.push(std::mem::take(&mut one.words));
                next += 1;
            }
            let found =
                OWN.with(|own| self.read_batch(&batch, &words, &mut own.buffers.borrow_mut()));
            for (&i, sentence) in order[begin..next].iter().zip(found) {
                read[i] = sentence;
            }
        }
        read
    }

    fn read_batch(
        &self,
        batch: &Batch,
        words: &[Vec<(u32, u32)>],
        buffers: &mut Buffers,
    ) -> Vec<Sentence> {
        let vectors = self.encoder.run(batch, buffers);
        let w = self.encoder.width();
        // The root is read at the begin mark, a word at the mean of its first and last piece.
        let mut rows = Vec::new();
        for (sentence, words) in batch.sentences.iter().zip(words) {
            let at = |i: u32| &vectors[(sentence.start + i as usize) * w..][..w];
            for &(first, last) in std::iter::once(&(0, 0)).chain(words) {
                rows.extend(at(first).iter().zip(at(last)).map(|(a, b)| (a + b) * 0.5));
            }
        }
        let lengths: Vec<usize> = words.iter().map(Vec::len).collect();
        self.heads
            .run(&buffers.multiplier, &rows, &lengths, &mut buffers.scratch)
    }

    fn cut(&self, words: &[&str]) -> Cut {
        let mut cut = Cut::default();
        let mut most = PIECES_MAX;
        loop {
            cut.pieces.clear();
            cut.spelling.clear();
            cut.words.clear();
            cut.pieces.push(BEGIN);
            cut.spelling.push(Spelt::Other as u8);
            for word in words {
                let first = cut.pieces.len();
                self.vocabulary.cut(word, &mut cut.pieces);
                shorten(&mut cut.pieces, first, most);
                cut.spelling.resize(cut.pieces.len(), spelt(word) as u8);
                cut.words.push((first as u32, cut.pieces.len() as u32 - 1));
            }
            cut.pieces.push(END);
            cut.spelling.push(Spelt::Other as u8);
            if cut.pieces.len() <= self.positions || most == 1 {
                return cut;
            }
            // Words in pieces beyond what the encoder can count: fewer pieces a word.
            most = if most > 3 { 3 } else { 1 };
        }
    }
}

/// A sentence in pieces: first and last piece of each word.
#[derive(Default)]
struct Cut {
    pieces: Vec<u32>,
    spelling: Vec<u8>,
    words: Vec<(u32, u32)>,
}
