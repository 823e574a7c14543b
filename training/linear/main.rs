//! Trains tagger, lemmatiser and parser on treebanks and writes the weights file.
//!
//! ```text
//! cargo run --release --example train_linear -- --train a.conllu --train b.conllu --dev c.conllu --out models/linear.bin
//! ```
//!
//! Deterministic: the same treebanks, options and seed give the same file. Test treebanks have no place here.

mod lemmas;
mod parser;
mod tagger;
mod treebank;
mod weights;

use anyhow::{Context, ensure};
use clap::Parser;
use sitrep::linguistics::conllu::{self, Sentence};
use sitrep::linguistics::model::{Model, Parts, Tag};
use sitrep::linguistics::parse::{Tagged, oracle};
use sitrep::linguistics::word::words;
use sitrep::linguistics::{Deprel, Upos, evaluate_with};
use std::path::PathBuf;
use std::time::Instant;

/// Trains the linear models.
#[derive(Parser)]
struct Options {
    /// CoNLL-U file to learn from; may be given several times.
    #[arg(long, required = true)]
    train: Vec<PathBuf>,
    /// CoNLL-U file to select on; may be given several times.
    #[arg(long)]
    dev: Vec<PathBuf>,
    /// Where the weights go.
    #[arg(long)]
    out: PathBuf,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long, default_value_t = 8)]
    tagger_rounds: usize,
    #[arg(long, default_value_t = 12)]
    parser_rounds: usize,
    /// Folds of the tagger whose tags the parser learns on.
    #[arg(long, default_value_t = 4)]
    folds: usize,
    /// Width of the beam in training.
    #[arg(long, default_value_t = 8)]
    beam: usize,
    /// Rounds over all features, before the strongest are chosen.
    #[arg(long, default_value_t = 3)]
    first_rounds: usize,
    /// Features kept for moves.
    #[arg(long, default_value_t = 600_000)]
    moves: usize,
    /// Features kept for labels.
    #[arg(long, default_value_t = 120_000)]
    labels: usize,
    /// Steps of a rounded weight in a perceptron unit.
    #[arg(long, default_value_t = 2.0)]
    scale: f32,
    /// Least weight of a label that is kept, in perceptron units.
    #[arg(long, default_value_t = 0.25)]
    floor: f32,
    /// Least weight of the tagger that is kept.
    #[arg(long, default_value_t = 0.3)]
    tagger_floor: f32,
    /// Updates that a weight must have seen to be kept.
    #[arg(long, default_value_t = 2)]
    updates: u32,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let begin = Instant::now();
    let sentences = read(&options.train)?;
    let dev = read(&options.dev)?;
    ensure!(
        !sentences.is_empty(),
        "expected sentences to learn from, found none"
    );
    let mut dice = weights::Dice::new(options.seed);
    let (sentences, origins) = treebank::with_copies(sentences, &mut dice);
    println!(
        "{} sentences with copies, {} to select on",
        sentences.len(),
        dev.len()
    );

    let tags = tags_of(&sentences);
    let labels = Deprel::ALL.to_vec();
    let mut parts = Parts {
        tags,
        labels,
        ..Parts::default()
    };
    parts.lemmas = lemmas::learn(&lemma_pairs(&sentences, &parts.tags), parts.tags.len());
    println!(
        "{} tags, {} rules for lemmas",
        parts.tags.len(),
        parts.lemmas.len()
    );

    let rounding = tagger::Rounding {
        scale: 4.0,
        floor: options.tagger_floor,
        updates: options.updates,
    };
    let examples: Vec<tagger::Example> = sentences
        .iter()
        .map(|s| tag_example(s, &parts.tags))
        .collect();
    let dev_examples: Vec<tagger::Example> =
        dev.iter().map(|s| tag_example(s, &parts.tags)).collect();
    let all: Vec<&tagger::Example> = examples.iter().collect();
    let count = parts.tags.len();
    let (trained, guessed) = std::thread::scope(|scope| {
        let trained = scope.spawn(|| {
            tagger::train(
                &all,
                &dev_examples,
                count,
                options.tagger_rounds,
                options.seed,
                &rounding,
            )
        });
        let rounds = options.tagger_rounds.min(5);
        let guessed = tagger::jackknife(
            &examples,
            &origins,
            count,
            options.folds,
            rounds,
            options.seed,
            &rounding,
        );
        (trained.join().expect("the tagger is trained"), guessed)
    });
    parts.tagger = trained;
    println!(
        "tagger: {} features, {:.0} s",
        parts.tagger.len(),
        begin.elapsed().as_secs_f64()
    );

    let mut arcs = Vec::new();
    for ((sentence, example), tags) in sentences.iter().zip(&examples).zip(&guessed) {
        let (heads, labels) = treebank::tree(&sentence.words, |d| d as u8);
        let tagged = example
            .words
            .iter()
            .zip(tags)
            .map(|(word, &tag)| Tagged::new(word, tag))
            .collect();
        if let Some(gold) = oracle(&heads, &labels) {
            arcs.push(parser::Example {
                words: tagged,
                gold,
            });
        }
    }
    let count = parts.labels.len();
    let first = parser::train(
        weights::Arcs::new(),
        &arcs,
        count,
        options.beam,
        options.first_rounds,
        options.seed,
        |round, _, right| {
            println!(
                "parser, all features, round {round}: {:.1} % of training sentences right",
                100.0 * right
            );
            Ok(())
        },
    )?;
    let moves = weights::strongest(first.moves.averages(options.updates), options.moves);
    let labels = weights::strongest(first.labels.averages(options.updates), options.labels);
    drop(first);
    println!(
        "{} and {} features kept, {:.0} s",
        moves.len(),
        labels.len(),
        begin.elapsed().as_secs_f64()
    );

    let mut best = 0.0;
    let closed = weights::Arcs::closed(&moves, &labels);
    parser::train(
        closed,
        &arcs,
        count,
        options.beam,
        options.parser_rounds,
        options.seed + 1,
        |round, arcs, right| {
            // Moves and labels add up to one score, so they share a scale.
            parts.moves = weights::quantise_triples(&arcs.moves.averages(1), options.scale);
            parts.arcs = weights::quantise(&arcs.labels.averages(1), options.scale, options.floor);
            let file = parts.encode();
            let figures = evaluate_with(&Model::load(&file)?, &Default::default(), &dev);
            println!(
                "parser {round}: {:.1} % of training sentences right; {} bytes; dev {figures}; {:.0} s",
                100.0 * right,
                file.len(),
                begin.elapsed().as_secs_f64()
            );
            if figures.las > best || dev.is_empty() {
                best = figures.las;
                std::fs::write(&options.out, &file)?;
            }
            Ok(())
        },
    )?;
    Ok(())
}

fn read(paths: &[PathBuf]) -> anyhow::Result<Vec<Sentence>> {
    let mut sentences = Vec::new();
    for path in paths {
        let file = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        sentences.extend(conllu::read(&file).with_context(|| path.display().to_string())?);
    }
    Ok(sentences)
}

/// The tags that occur, most frequent first: the best tag without any evidence is then the most frequent one.
fn tags_of(sentences: &[Sentence]) -> Vec<Tag> {
    let mut counts = std::collections::BTreeMap::new();
    for word in sentences.iter().flat_map(|s| &s.words) {
        *counts.entry((word.upos, word.xpos)).or_insert(0usize) += 1;
    }
    let mut tags: Vec<(Tag, usize)> = counts.into_iter().filter(|(_, n)| *n >= 3).collect();
    tags.sort_by_key(|&(tag, n)| (std::cmp::Reverse(n), tag));
    tags.into_iter().map(|(tag, _)| tag).collect()
}

/// The number of a word's tag; for a rare one, that of the most frequent tag with its part of speech.
fn tag_number(tags: &[Tag], tag: Tag) -> u8 {
    let same = tags.iter().position(|t| *t == tag);
    let alike = || tags.iter().position(|t| t.0 == tag.0);
    same.or_else(alike).unwrap_or(0) as u8
}

fn tag_example(sentence: &Sentence, tags: &[Tag]) -> tagger::Example {
    tagger::Example {
        words: words(sentence.words.iter().map(|w| w.form.as_str())),
        tags: sentence
            .words
            .iter()
            .map(|w| tag_number(tags, (w.upos, w.xpos)))
            .collect(),
    }
}

fn lemma_pairs(sentences: &[Sentence], tags: &[Tag]) -> Vec<(u8, String, String)> {
    let mut pairs = Vec::new();
    for word in sentences.iter().flat_map(|s| &s.words) {
        // Copies have no lemmas; "_" stands for none in the second half of a word written apart.
        if word.lemma.is_empty() || (word.lemma == "_" && word.form != "_") {
            continue;
        }
        let (form, lemma) = match word.upos {
            Upos::Propn => (word.form.clone(), word.lemma.clone()),
            _ => (word.form.to_lowercase(), word.lemma.to_lowercase()),
        };
        pairs.push((tag_number(tags, (word.upos, word.xpos)), form, lemma));
    }
    pairs
}
