//! Runs the models over one sentence after another.

use super::lemma::Irregular;
use super::model::Model;
use super::names::{Deprel, Upos};
use super::parse::{Beam, NOBODY, Tagged};
use super::tag;
use super::word::words;

/// Width of the parser's beam: wider was slower and hardly better.
pub const BEAM: usize = 6;

/// The models with buffers of their own; one a thread.
pub struct Reader<'m> {
    model: &'m Model,
    irregular: &'m Irregular,
    beam: Beam,
    tags: Vec<u8>,
    tagged: Vec<Tagged>,
}

/// What was read of a word.
#[derive(Debug, Clone)]
pub struct Read {
    pub upos: Upos,
    pub xpos: &'static str,
    pub lemma: String,
    /// Index in the sentence, none for the root.
    pub head: Option<usize>,
    pub deprel: Deprel,
}

impl<'m> Reader<'m> {
    pub fn new(model: &'m Model, irregular: &'m Irregular) -> Self {
        Self {
            model,
            irregular,
            beam: Beam::new(BEAM, model.labels.len()),
            tags: Vec::new(),
            tagged: Vec::new(),
        }
    }

    /// Reads a sentence of at most [`super::parse::WORDS_MAX`] words.
    pub fn read(&mut self, forms: &[&str]) -> Vec<Read> {
        let model = self.model;
        let words = words(forms.iter().copied());
        tag::tag(&words, &model.tagger, model.tags.len(), &mut self.tags);
        self.tagged.clear();
        self.tagged.extend(
            words
                .iter()
                .zip(&self.tags)
                .map(|(word, &tag)| Tagged::new(word, tag)),
        );
        if forms.is_empty() {
            return Vec::new();
        }
        let nodes = self.beam.parse(&self.tagged, model);
        let mut read = Vec::with_capacity(forms.len());
        for ((form, &tag), node) in forms.iter().zip(&self.tags).zip(nodes) {
            let (upos, xpos) = model.tags[tag as usize];
            let lemma = match upos {
                Upos::Propn => model.lemmas.lemma(form, tag),
                _ => {
                    let key = (form.to_lowercase(), xpos);
                    let listed = self.irregular.get(&key);
                    listed
                        .cloned()
                        .unwrap_or_else(|| model.lemmas.lemma(&key.0, tag))
                }
            };
            let root = node.head == NOBODY;
            let deprel = if root {
                Deprel::Root
            } else {
                model.labels[node.label as usize]
            };
            read.push(Read {
                upos,
                xpos,
                lemma,
                head: (!root).then_some(node.head as usize),
                deprel,
            });
        }
        read
    }
}
