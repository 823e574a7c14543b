//! Reads plain text into tokens, sentences, tags, lemmas and dependency trees: one [`Document`] a part of an item.
//!
//! Text is cut into tokens ([`token`]) and sentences ([`sentence`]); a small pretrained encoder ([`encoder`]) reads the
//! words of each sentence and tags and parses them; rules ([`lemma`]) give the lemmas. A pure function: a sentence is read
//! alike whatever is read with it, on any number of threads.

pub mod codec;
pub mod conllu;
mod document;
pub mod encoder;
mod evaluate;
mod gate;
mod graph;
pub mod lemma;
pub mod mend;
mod names;
pub mod news;
mod pieces;
mod profile;
pub mod sentence;
mod spelling;
pub mod token;
mod tree;
mod weights;

pub use document::{Document, NO_HEAD, Tokens};
pub use evaluate::{Figures, Raw, evaluate, evaluate_raw};
pub use graph::{Graph, Rel};
pub use names::{Deprel, UnknownName, Upos, XPOS, xpos};
pub use profile::Profile;
pub use weights::Error;

#[cfg(test)]
mod tests;

use encoder::Network;
use gate::Gate;
use lemma::Irregular;
use news::News;
use spelling::Spelling;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Everything needed to read English; immutable, shared by all threads.
pub struct Linguistics {
    network: Network,
    gate: Gate,
    spelling: Spelling,
    irregular: Irregular,
    digest: String,
}

/// What was read of a word.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    pub upos: Upos,
    pub xpos: &'static str,
    pub lemma: String,
    /// Index in the sentence, none for the root.
    pub head: Option<usize>,
    pub deprel: Deprel,
}

impl Linguistics {
    /// What the binary carries for a profile. Fails where the weights or the tables of English were damaged or are of
    /// another version.
    pub fn embedded(profile: Profile) -> Result<Self, Error> {
        Self::with_weights(file(crate::embedded::MODELS, profile.file())?)
    }

    /// From the bytes of a weights file, with the tables of English that the binary carries.
    pub fn with_weights(weights: &[u8]) -> Result<Self, Error> {
        let spelling = file(crate::embedded::LEXICON, "language/en/spelling.toml")?;
        let irregular = file(crate::embedded::LEXICON, "language/en/irregular.tsv")?;
        let gate = file(crate::embedded::MODELS, "gate.bin")?;
        Self::load(weights, gate, spelling, irregular)
    }

    /// From the bytes of the encoder's weights, of the gate's, of `spelling.toml` and of `irregular.tsv`.
    pub fn load(
        weights: &[u8],
        gate: &[u8],
        spelling: &[u8],
        irregular: &[u8],
    ) -> Result<Self, Error> {
        let network = Network::load(weights)?;
        let gate = Gate::load(gate)?;
        let mut hasher = blake3::Hasher::new();
        for part in [
            network.digest.as_bytes(),
            gate.digest.as_bytes(),
            spelling,
            irregular,
        ] {
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
            network,
            gate,
            spelling,
            irregular,
            digest,
        })
    }

    /// Reads the given byte ranges (paragraphs) of a text, in order; the rest of it has no tokens. A sentence never
    /// crosses a range's end. Ranges beyond the text, inside a character or before the end of the one before are cut
    /// to what is left of them. The text is at most 4 GiB long.
    pub fn read(&self, text: &str, blocks: &[Range<usize>]) -> Document {
        let mut document = self.cut(text, blocks);
        let sentences: Vec<usize> = (0..document.sentences.len()).collect();
        self.parse(&mut document, &sentences);
        document
    }

    /// Cuts a text into tokens and sentences as [`Self::read`] does, and reads no more: every word is its own form, an
    /// [`Upos::X`] without a head.
    pub fn cut(&self, text: &str, blocks: &[Range<usize>]) -> Document {
        let mut document = Document {
            text: text.to_owned(),
            ..Document::default()
        };
        let mut tokens: Vec<(u32, u32)> = Vec::new();
        let mut read_to = 0;
        for block in blocks {
            let block = within(text, block, read_to);
            read_to = block.end;
            tokens.clear();
            token::tokenise(text, block, &self.spelling, &mut tokens);
            let first = document.len();
            sentence::split(
                text,
                &tokens,
                &self.spelling,
                first,
                &mut document.sentences,
            );
            document.tokens.start.extend(tokens.iter().map(|t| t.0));
            document.tokens.end.extend(tokens.iter().map(|t| t.1));
        }
        document.news.resize(document.sentences.len(), None);
        let n = document.tokens.start.len();
        let tokens = &mut document.tokens;
        tokens.upos.resize(n, Upos::X);
        tokens.xpos.resize(n, "XX");
        tokens.head.resize(n, NO_HEAD);
        tokens.deprel.resize(n, Deprel::Dep);
        for i in 0..n {
            let lemma = document.form(i).to_owned();
            document.tokens.lemma.push(lemma);
        }
        document
    }

    /// Reads the sentences that may hold an event; the others are only cut. Each is judged with the one before and the one
    /// behind it: what an event's sentence leaves out, they say. One with a word of `admits` (lower case) is read in any
    /// case.
    pub fn read_news(
        &self,
        text: &str,
        blocks: &[Range<usize>],
        admits: &HashSet<String>,
    ) -> Document {
        let mut document = self.cut(text, blocks);
        let n = document.sentences.len();
        let forms = |s: usize| document.sentences[s].clone().map(|i| document.form(i));
        let seen: Vec<gate::Seen> = (0..n).map(|s| self.gate.look(forms(s))).collect();
        let admitted = |&s: &usize| {
            let window = s.saturating_sub(1)..(s + 2).min(n);
            let listed = |form: &str| admits.contains(&form.to_lowercase());
            (!admits.is_empty() && forms(s).any(listed))
                || gate::is_prose(forms(s)) && self.gate.admits(&seen[window])
        };
        let chosen: Vec<usize> = (0..n).filter(admitted).collect();
        self.parse(&mut document, &chosen);
        document
    }

    /// Tags, lemmas and trees of some of a text's sentences.
    pub fn parse(&self, document: &mut Document, sentences: &[usize]) {
        let forms: Vec<Vec<&str>> = sentences
            .iter()
            .map(|&s| {
                let sentence = document.sentences[s].clone();
                sentence.map(|i| document.form(i)).collect()
            })
            .collect();
        let read = self.read_sentences(&forms);
        for (&s, (words, news)) in sentences.iter().zip(read) {
            document.news[s] = news;
            let sentence = document.sentences[s].clone();
            let tokens = &mut document.tokens;
            for (i, word) in sentence.clone().zip(words) {
                tokens.upos[i] = word.upos;
                tokens.xpos[i] = word.xpos;
                tokens.lemma[i] = word.lemma;
                tokens.head[i] = word.head.map_or(NO_HEAD, |h| (sentence.start + h) as u32);
                tokens.deprel[i] = word.deprel;
            }
        }
    }

    /// Reads sentences that are cut into words: at most [`encoder::WORDS_MAX`] each.
    pub fn read_words(&self, sentences: &[Vec<&str>]) -> Vec<Vec<Read>> {
        let read = self.read_sentences(sentences).into_iter();
        read.map(|(words, _)| words).collect()
    }

    fn read_sentences<'a>(&self, sentences: &'a [Vec<&'a str>]) -> Vec<(Vec<Read>, Option<News>)> {
        // News repeats itself: a quotation pulled out, a line under every picture. What reads alike is read once.
        let mut places: HashMap<&[&str], usize> = HashMap::new();
        let mut once: Vec<Vec<&str>> = Vec::new();
        let place = |forms: &'a Vec<&'a str>| {
            *places.entry(forms).or_insert_with(|| {
                once.push(forms.clone());
                once.len() - 1
            })
        };
        let which: Vec<usize> = sentences.iter().map(place).collect();
        let read = self.network.read(&once);
        let of_sentence = |(forms, mut read): (&Vec<&str>, encoder::Sentence)| {
            self.finite(forms, &mut read.words);
            let words = forms.iter().zip(read.words);
            let words = words.map(|(form, word)| self.word(form, word));
            (words.collect(), read.news)
        };
        let read: Vec<(Vec<Read>, Option<News>)> = once.iter().zip(read).map(of_sentence).collect();
        which.into_iter().map(|i| read[i].clone()).collect()
    }

    /// Types that the heads for events tell apart, by number; the first stands for none. Empty without such heads.
    pub fn types(&self) -> &[String] {
        &self.network.types
    }

    /// "The enemy advanced near Kupiansk": what has a subject and no copula is no adjective, whatever its tag.
    fn finite(&self, forms: &[&str], words: &mut [encoder::Word]) {
        let mut tags = self.network.tags.iter();
        let Some(past) = tags.position(|t| *t == (Upos::Verb, "VBD")) else {
            return;
        };
        for i in 0..words.len() {
            let adjective = self.network.tags[usize::from(words[i].tag)].0 == Upos::Adj;
            if !adjective || !forms[i].ends_with("ed") {
                continue;
            }
            let has = |wanted: &[Deprel]| {
                let mut below = words.iter().filter(|w| w.head == Some(i));
                below.any(|w| wanted.contains(&w.deprel))
            };
            if has(&[Deprel::Nsubj]) && !has(&[Deprel::Cop, Deprel::Aux, Deprel::AuxPass]) {
                words[i].tag = past as u8;
            }
        }
    }

    fn word(&self, form: &str, word: encoder::Word) -> Read {
        let (upos, xpos) = self.network.tags[usize::from(word.tag)];
        let lemma = match upos {
            Upos::Propn => self.network.lemmas.lemma(form, word.tag),
            _ => {
                let key = (form.to_lowercase(), xpos);
                let listed = self.irregular.get(&key);
                listed
                    .cloned()
                    .unwrap_or_else(|| self.network.lemmas.lemma(&key.0, word.tag))
            }
        };
        Read {
            upos,
            xpos,
            lemma,
            head: word.head,
            deprel: word.deprel,
        }
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
