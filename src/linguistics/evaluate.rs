//! Measures reading against a treebank: with its tokens and sentences as given, or from its raw text.

use super::conllu::{self, Sentence};
use super::encoder::WORDS_MAX;
use super::{Deprel, Linguistics, Upos};
use std::collections::HashMap;
use std::ops::Range;
use std::time::Instant;

/// Shares of right words, in percent: tokens and sentences are the treebank's, everything else is predicted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    pub tokens: usize,
    pub upos: f64,
    pub xpos: f64,
    /// Case is only looked at for proper names.
    pub lemma: f64,
    /// Right head, punctuation included.
    pub uas: f64,
    /// Right head and relation, subtypes and punctuation included.
    pub las: f64,
    /// The same without punctuation, main relations only.
    pub las_no_punct: f64,
    /// On one thread.
    pub tokens_per_second: f64,
}

/// The same from raw text: harmonic means of precision and recall over words that stand at the same place, in percent, as
/// in the CoNLL 2018 shared task.
#[derive(Debug, Clone, Copy, Default)]
pub struct Raw {
    pub tokens: f64,
    pub sentences: f64,
    pub upos: f64,
    pub uas: f64,
    pub las: f64,
    pub tokens_per_second: f64,
    /// Sentences that were left out because their words don't add up to their text: some treebanks mend slips of the pen.
    pub left_out: usize,
}

/// Sentences that are read at once, about the size of a long article.
const AT_ONCE: usize = 40;

/// Measures on a treebank in CoNLL-U; the error says which line is not.
pub fn evaluate(linguistics: &Linguistics, treebank: &str) -> Result<Figures, conllu::Error> {
    let sentences = conllu::read(treebank)?;
    let (mut tokens, mut solid) = (0usize, 0usize);
    let (mut upos, mut xpos, mut lemma) = (0usize, 0usize, 0usize);
    let (mut uas, mut las, mut las_solid) = (0usize, 0usize, 0usize);
    let mut seconds = 0.0;
    for part in sentences.chunks(AT_ONCE) {
        // A sentence longer than what is read at once is read in parts, and loses the arcs between them.
        let parts: Vec<(usize, &[conllu::Word])> = part
            .iter()
            .flat_map(|s| s.words.chunks(WORDS_MAX).enumerate())
            .map(|(i, words)| (i * WORDS_MAX, words))
            .collect();
        let forms: Vec<Vec<&str>> = parts
            .iter()
            .map(|(_, words)| words.iter().map(|w| w.form.as_str()).collect())
            .collect();
        let begin = Instant::now();
        let read = linguistics.read_words(&forms);
        seconds += begin.elapsed().as_secs_f64();
        let gold = parts
            .iter()
            .flat_map(|&(first, words)| words.iter().map(move |w| (first, w)));
        for ((first, gold), found) in gold.zip(read.iter().flatten()) {
            let same_lemma = match gold.upos {
                Upos::Propn => gold.lemma == found.lemma,
                _ => gold.lemma.to_lowercase() == found.lemma.to_lowercase(),
            };
            let same_head = found.head.map(|h| first + h) == gold.head();
            let main = |d: Deprel| d.name().split(':').next();
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
    let share = |right: usize, of: usize| 100.0 * right as f64 / of.max(1) as f64;
    Ok(Figures {
        tokens,
        upos: share(upos, tokens),
        xpos: share(xpos, tokens),
        lemma: share(lemma, tokens),
        uas: share(uas, tokens),
        las: share(las, tokens),
        las_no_punct: share(las_solid, solid),
        tokens_per_second: pace(tokens, seconds),
    })
}

/// A word at its place, counted in bytes that are not white space.
struct Placed {
    span: Range<usize>,
    /// Where the head stands; none for a root.
    head: Option<Range<usize>>,
    upos: Upos,
    deprel: Deprel,
}

/// Measures from the raw text of a treebank: sentences of a paragraph joined by spaces, paragraphs by line ends.
pub fn evaluate_raw(linguistics: &Linguistics, treebank: &str) -> Result<Raw, conllu::Error> {
    let sentences = conllu::read(treebank)?;
    let all = sentences.len();
    let kept: Vec<Sentence> = sentences.into_iter().filter(adds_up).collect();
    let (mut text, mut gold, mut gold_sentences) = (String::new(), Vec::new(), Vec::new());
    let mut at = 0;
    for sentence in &kept {
        text.push(if sentence.opens { '\n' } else { ' ' });
        text.push_str(&sentence.text);
        let begin = at;
        let spans: Vec<Range<usize>> = sentence
            .words
            .iter()
            .map(|word| {
                let length: usize = word.form.split_whitespace().map(str::len).sum();
                at += length;
                at - length..at
            })
            .collect();
        gold.extend(
            sentence
                .words
                .iter()
                .zip(&spans)
                .map(|(word, span)| Placed {
                    span: span.clone(),
                    head: word.head().map(|h| spans[h].clone()),
                    upos: word.upos,
                    deprel: word.deprel,
                }),
        );
        gold_sentences.push(begin..at);
    }
    let begin = Instant::now();
    let document = linguistics.read(&text, std::slice::from_ref(&(0..text.len())));
    let seconds = begin.elapsed().as_secs_f64();

    let mut solid = vec![0; text.len() + 1];
    for (i, c) in text.char_indices() {
        let length = if c.is_whitespace() { 0 } else { c.len_utf8() };
        solid[i + c.len_utf8()] = solid[i] + length;
    }
    let span = |i: usize| {
        let tokens = &document.tokens;
        solid[tokens.start[i] as usize]..solid[tokens.end[i] as usize]
    };
    let found: Vec<Placed> = (0..document.len())
        .map(|i| Placed {
            span: span(i),
            head: document.head(i).map(span),
            upos: document.tokens.upos[i],
            deprel: document.tokens.deprel[i],
        })
        .collect();
    let found_sentences = document.sentences.iter();
    let found_sentences = found_sentences.map(|s| span(s.start).start..span(s.end - 1).end);

    let at_place: HashMap<&Range<usize>, &Placed> = gold.iter().map(|w| (&w.span, w)).collect();
    let f1 = |right: &dyn Fn(&Placed, &Placed) -> bool| {
        let same = |w: &&Placed| at_place.get(&w.span).is_some_and(|g| right(g, w));
        let count = found.iter().filter(same).count();
        200.0 * count as f64 / (gold.len() + found.len()).max(1) as f64
    };
    let right_sentences = {
        let gold: std::collections::HashSet<&Range<usize>> = gold_sentences.iter().collect();
        found_sentences.filter(|s| gold.contains(s)).count()
    };
    let both = gold_sentences.len() + document.sentences.len();
    Ok(Raw {
        tokens: f1(&|_, _| true),
        sentences: 200.0 * right_sentences as f64 / both.max(1) as f64,
        upos: f1(&|g, w| g.upos == w.upos),
        uas: f1(&|g, w| g.head == w.head),
        las: f1(&|g, w| g.head == w.head && g.deprel == w.deprel),
        tokens_per_second: pace(found.len(), seconds),
        left_out: all - kept.len(),
    })
}

fn adds_up(sentence: &Sentence) -> bool {
    let words = sentence.words.iter();
    let words: String = words.flat_map(|w| w.form.split_whitespace()).collect();
    words == sentence.text.split_whitespace().collect::<String>()
}

fn pace(tokens: usize, seconds: f64) -> f64 {
    if seconds > 0.0 {
        tokens as f64 / seconds
    } else {
        0.0
    }
}
