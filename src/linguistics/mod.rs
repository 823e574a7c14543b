//! Reads plain text into tokens, sentences, tags, lemmas and dependency trees: one [`Document`] a part of an item.
//!
//! Text is cut into tokens ([`token`]) and sentences ([`sentence`]); each sentence is tagged ([`tag`]), parsed
//! ([`parse`]) and lemmatised ([`lemma`]) with the weights of `models/linear.bin` ([`model`]). All of it is whole-number
//! arithmetic: the same text gives the same document on every machine.

pub mod codec;
pub mod conllu;
mod document;
mod evaluate;
pub mod features;
mod graph;
pub mod lemma;
pub mod linear;
pub mod mend;
pub mod model;
mod names;
pub mod parse;
mod reader;
pub mod sentence;
mod spelling;
pub mod tag;
pub mod token;
pub mod word;

pub use document::{Document, NO_HEAD, Tokens};
pub use evaluate::{Figures, Segmentation, evaluate, evaluate_with, segmentation};
pub use graph::{Graph, Rel};
pub use model::Error;
pub use names::{Deprel, UnknownName, Upos, XPOS, xpos};

#[cfg(test)]
mod tests;

use lemma::Irregular;
use model::Model;
use reader::Reader;
use spelling::Spelling;
use std::ops::Range;

/// Everything needed to read English; immutable, shared by all threads.
pub struct Linguistics {
    model: Model,
    spelling: Spelling,
    irregular: Irregular,
    digest: String,
}

impl Linguistics {
    /// What the binary carries. Fails where the weights or the tables of English were damaged or are of another
    /// version.
    pub fn embedded() -> Result<Self, Error> {
        let weights = file(crate::embedded::MODELS, "linear.bin")?;
        let spelling = file(crate::embedded::LEXICON, "language/en/spelling.toml")?;
        let irregular = file(crate::embedded::LEXICON, "language/en/irregular.tsv")?;
        Self::load(weights, spelling, irregular)
    }

    /// From the bytes of a weights file, of `spelling.toml` and of `irregular.tsv`.
    pub fn load(weights: &[u8], spelling: &[u8], irregular: &[u8]) -> Result<Self, Error> {
        let model = Model::load(weights)?;
        let mut hasher = blake3::Hasher::new();
        for part in [model.digest.as_bytes(), spelling, irregular] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let digest = hasher.finalize().to_hex()[..32].to_owned();
        let wrong = |file, problem| Error::Language { file, problem };
        let text = |file, bytes| std::str::from_utf8(bytes).map_err(|e| wrong(file, e.to_string()));
        let name = "spelling.toml";
        let spelling = Spelling::parse(text(name, spelling)?).map_err(|e| wrong(name, e))?;
        let name = "irregular.tsv";
        let irregular = lemma::irregular(text(name, irregular)?).map_err(|e| wrong(name, e))?;
        Ok(Self {
            model,
            spelling,
            irregular,
            digest,
        })
    }

    /// Reads the given byte ranges (paragraphs) of a text, in order; the rest of it has no tokens. A sentence never
    /// crosses a range's end. Ranges beyond the text, inside a character or before the end of the one before are cut
    /// to what is left of them. The text is at most 4 GiB long.
    pub fn read(&self, text: &str, blocks: &[Range<usize>]) -> Document {
        let mut document = Document {
            text: text.to_owned(),
            ..Document::default()
        };
        let mut reader = Reader::new(&self.model, &self.irregular);
        let mut tokens: Vec<(u32, u32)> = Vec::new();
        let mut read_to = 0;
        for block in blocks {
            let block = within(text, block, read_to);
            read_to = block.end;
            tokens.clear();
            token::tokenise(text, block, &self.spelling, &mut tokens);
            let first = document.len();
            let mut sentences = Vec::new();
            sentence::split(text, &tokens, &self.spelling, first, &mut sentences);
            for sentence in sentences {
                let spans = &tokens[sentence.start - first..sentence.end - first];
                let forms: Vec<&str> = spans
                    .iter()
                    .map(|&(a, b)| &text[a as usize..b as usize])
                    .collect();
                for (&(start, end), word) in spans.iter().zip(reader.read(&forms)) {
                    let tokens = &mut document.tokens;
                    tokens.start.push(start);
                    tokens.end.push(end);
                    tokens.upos.push(word.upos);
                    tokens.xpos.push(word.xpos);
                    tokens.lemma.push(word.lemma);
                    tokens
                        .head
                        .push(word.head.map_or(NO_HEAD, |h| (sentence.start + h) as u32));
                    tokens.deprel.push(word.deprel);
                }
                document.sentences.push(sentence);
            }
        }
        document
    }

    /// Stands for weights and spelling: 16 bytes in hex.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

/// A range as far as it lies in the text, after `from`, on boundaries of characters.
fn within(text: &str, range: &Range<usize>, from: usize) -> Range<usize> {
    let boundary = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(range.start).max(from);
    start..boundary(range.end).max(start)
}

fn file(
    files: &'static [(&'static str, &'static [u8])],
    name: &'static str,
) -> Result<&'static [u8], Error> {
    files
        .iter()
        .find(|(path, _)| *path == name)
        .map(|(_, bytes)| *bytes)
        .ok_or(Error::Missing(name))
}
