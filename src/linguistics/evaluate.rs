//! Measures the models against a treebank: its tokens and sentences are taken as given, everything else is predicted.

use super::Linguistics;
use super::conllu::{self, Sentence};
use super::lemma::Irregular;
use super::model::Model;
use super::names::Upos;
use super::reader::Reader;
use std::collections::HashSet;
use std::ops::Range;
use std::time::Instant;

/// Shares of right words, from 0 to 1.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    pub sentences: usize,
    pub tokens: usize,
    pub upos: f64,
    pub xpos: f64,
    /// Case is only looked at for proper names.
    pub lemma: f64,
    /// Right head, punctuation included.
    pub uas: f64,
    /// Right head and relation, subtypes included.
    pub las: f64,
    /// The same without punctuation, main relations only.
    pub las_no_punct: f64,
    /// Tagging, lemmas and parsing on one core.
    pub tokens_per_second: f64,
}

/// How well raw text is cut, from 0 to 1: harmonic mean of precision and recall of exact spans.
#[derive(Debug, Clone, Copy, Default)]
pub struct Segmentation {
    pub tokens: f64,
    pub sentences: f64,
}

/// Cuts the raw text of a treebank, its paragraphs as lines, and compares. Sentences whose words don't add up to their
/// text (some treebanks rewrite slips of the pen) are left out.
pub fn segmentation(
    linguistics: &Linguistics,
    treebank: &str,
) -> Result<Segmentation, conllu::Error> {
    let mut text = String::new();
    let mut gold_tokens = HashSet::new();
    let mut gold_sentences = HashSet::new();
    // Places are counted in bytes that are not white space, so that it doesn't matter how the text is spaced.
    let mut at = 0;
    for sentence in conllu::read(treebank)? {
        let solid: String = sentence.text.split_whitespace().collect();
        let words: String = sentence
            .words
            .iter()
            .flat_map(|w| w.form.split_whitespace())
            .collect();
        if solid != words {
            continue;
        }
        text.push(if sentence.opens { '\n' } else { ' ' });
        text.push_str(&sentence.text);
        let begin = at;
        for word in &sentence.words {
            let length: usize = word.form.split_whitespace().map(str::len).sum();
            gold_tokens.insert(at..at + length);
            at += length;
        }
        gold_sentences.insert(begin..at);
    }
    let document = linguistics.read(&text, std::slice::from_ref(&(0..text.len())));
    let mut solid = vec![0; text.len() + 1];
    for (i, byte) in text.char_indices() {
        let length = if byte.is_whitespace() {
            0
        } else {
            byte.len_utf8()
        };
        solid[i + byte.len_utf8()] = solid[i] + length;
    }
    let place = |i: u32| solid[i as usize];
    let tokens = &document.tokens;
    let found_tokens = (0..document.len()).map(|i| place(tokens.start[i])..place(tokens.end[i]));
    let found_sentences = document
        .sentences
        .iter()
        .map(|s| place(tokens.start[s.start])..place(tokens.end[s.end - 1]));
    Ok(Segmentation {
        tokens: f1(&gold_tokens, found_tokens),
        sentences: f1(&gold_sentences, found_sentences),
    })
}

fn f1(gold: &HashSet<Range<usize>>, found: impl ExactSizeIterator<Item = Range<usize>>) -> f64 {
    let all = gold.len() + found.len();
    let right = found.filter(|span| gold.contains(span)).count();
    2.0 * right as f64 / all.max(1) as f64
}

/// Measures the models on a treebank in CoNLL-U; the error says which line is not.
pub fn evaluate(linguistics: &Linguistics, treebank: &str) -> Result<Figures, conllu::Error> {
    Ok(evaluate_with(
        &linguistics.model,
        &linguistics.irregular,
        &conllu::read(treebank)?,
    ))
}

/// Measures a model on sentences with gold trees.
pub fn evaluate_with(model: &Model, irregular: &Irregular, sentences: &[Sentence]) -> Figures {
    let mut reader = Reader::new(model, irregular);
    let (mut tokens, mut solid) = (0usize, 0usize);
    let (mut upos, mut xpos, mut lemma) = (0usize, 0usize, 0usize);
    let (mut uas, mut las, mut las_solid) = (0usize, 0usize, 0usize);
    let mut seconds = 0.0;
    for sentence in sentences {
        let forms: Vec<&str> = sentence.words.iter().map(|w| w.form.as_str()).collect();
        let begin = Instant::now();
        let read = reader.read(&forms);
        seconds += begin.elapsed().as_secs_f64();
        for (gold, found) in sentence.words.iter().zip(&read) {
            let same_lemma = match gold.upos {
                Upos::Propn => gold.lemma == found.lemma,
                _ => gold.lemma.to_lowercase() == found.lemma.to_lowercase(),
            };
            let same_head = found.head == gold.head();
            let main = |d: super::Deprel| d.name().split(':').next();
            tokens += 1;
            upos += usize::from(gold.upos == found.upos);
            xpos += usize::from(gold.xpos == found.xpos);
            lemma += usize::from(same_lemma);
            uas += usize::from(same_head);
            las += usize::from(same_head && gold.deprel == found.deprel);
            if gold.upos != Upos::Punct {
                solid += 1;
                las_solid += usize::from(same_head && main(gold.deprel) == main(found.deprel));
            }
        }
    }
    let share = |right: usize, of: usize| right as f64 / of.max(1) as f64;
    Figures {
        sentences: sentences.len(),
        tokens,
        upos: share(upos, tokens),
        xpos: share(xpos, tokens),
        lemma: share(lemma, tokens),
        uas: share(uas, tokens),
        las: share(las, tokens),
        las_no_punct: share(las_solid, solid),
        tokens_per_second: if seconds > 0.0 {
            tokens as f64 / seconds
        } else {
            0.0
        },
    }
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} tokens: UPOS {:.2}, XPOS {:.2}, lemma {:.2}, UAS {:.2}, LAS {:.2}, LAS without punctuation {:.2}, {:.0} tokens/s",
            self.tokens,
            100.0 * self.upos,
            100.0 * self.xpos,
            100.0 * self.lemma,
            100.0 * self.uas,
            100.0 * self.las,
            100.0 * self.las_no_punct,
            self.tokens_per_second
        )
    }
}
