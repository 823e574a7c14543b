//! The value that linguistics hands on.

use super::names::{Deprel, Upos};
use super::news::{News, Voice};
use std::ops::Range;

/// Head of a token that is the root of its sentence.
pub const NO_HEAD: u32 = u32::MAX;

/// A text as tokens, sentences and trees. Offsets are bytes into `text`; tokens are counted through the whole text.
#[derive(Debug, Clone, Default)]
pub struct Document {
    pub text: String,
    pub tokens: Tokens,
    /// Token ranges, in order, without gaps.
    pub sentences: Vec<Range<usize>>,
    /// For each sentence what the heads for events say of it; none where it was not read, or there are no such heads.
    pub news: Vec<Option<News>>,
}

/// Tokens as a struct of arrays, all of one length.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    /// Byte offset of the first character.
    pub start: Vec<u32>,
    /// Byte offset after the last character.
    pub end: Vec<u32>,
    pub upos: Vec<Upos>,
    /// Penn Treebank tag (`VBD`, `NNP`).
    pub xpos: Vec<&'static str>,
    /// Lower-cased except for proper names.
    pub lemma: Vec<String>,
    /// Index of the head in the document, [`NO_HEAD`] for the root of a sentence.
    pub head: Vec<u32>,
    pub deprel: Vec<Deprel>,
}

impl Document {
    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.tokens.start.len()
    }

    /// True without tokens.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Token `i` as written.
    pub fn form(&self, i: usize) -> &str {
        &self.text[self.tokens.start[i] as usize..self.tokens.end[i] as usize]
    }

    /// Head of token `i`, none for a root.
    pub fn head(&self, i: usize) -> Option<usize> {
        let head = self.tokens.head[i];
        (head != NO_HEAD).then_some(head as usize)
    }

    /// The words of a token range as written.
    pub fn words(&self, range: Range<usize>) -> &str {
        if range.is_empty() {
            return "";
        }
        &self.text[self.tokens.start[range.start] as usize..self.tokens.end[range.end - 1] as usize]
    }

    /// What the heads for events say of token `i`, none where they take it for no trigger.
    pub fn voice(&self, i: usize) -> Option<&Voice> {
        let s = self.sentence_of(i);
        let news = self.news.get(s)?.as_ref()?;
        let word = i - self.sentences[s].start;
        news.voices.iter().find(|v| v.word == word)
    }

    /// Index of the sentence that holds token `i`.
    pub fn sentence_of(&self, i: usize) -> usize {
        self.sentences.partition_point(|s| s.end <= i)
    }
}
