//! Trains the tagger.

use crate::weights::{Dice, Perceptron, quantise};
use sitrep::linguistics::linear::{Feature, Row, Wide};
use sitrep::linguistics::tag::{best, features, tag};
use sitrep::linguistics::word::Word;

/// A sentence as the tagger sees it.
pub struct Example {
    pub words: Vec<Word>,
    pub tags: Vec<u8>,
}

/// Steps a unit of weight, and the least weight that is kept.
pub struct Rounding {
    pub scale: f32,
    pub floor: f32,
    pub updates: u32,
}

/// One round over the examples. The tags before a word are the model's own guesses, as they will be in use.
fn round(model: &mut Perceptron, examples: &[&Example], count: usize) -> usize {
    let mut wrong = 0;
    let mut gathered = Vec::new();
    let mut guesses = Vec::new();
    for example in examples {
        guesses.clear();
        for i in 0..example.words.len() {
            features(&example.words, i, &guesses, &mut gathered);
            let mut scores = vec![0; count];
            for &feature in &gathered {
                model.add(feature, &mut scores);
            }
            let guess = best(&scores);
            let gold = example.tags[i];
            if guess != gold {
                wrong += 1;
                model.update(&gathered, gold, 1);
                model.update(&gathered, guess, -1);
            }
            model.step += 1;
            guesses.push(guess);
        }
    }
    wrong
}

/// Trains for some rounds; says how it goes after each when `dev` holds sentences.
pub fn train(
    examples: &[&Example],
    dev: &[Example],
    count: usize,
    rounds: usize,
    seed: u64,
    rounding: &Rounding,
) -> Vec<(Feature, Row)> {
    let mut model = Perceptron::new();
    let mut dice = Dice::new(seed);
    let mut order = examples.to_vec();
    for turn in 1..=rounds {
        dice.shuffle(&mut order);
        let wrong = round(&mut model, &order, count);
        if !dev.is_empty() {
            let rows = rounded(&model, rounding);
            let right = accuracy(&rows, dev, count);
            println!(
                "tagger {turn}/{rounds}: {wrong} wrong in training, {:.2} % of tags right on dev",
                100.0 * right
            );
        }
    }
    rounded(&model, rounding)
}

fn rounded(model: &Perceptron, rounding: &Rounding) -> Vec<(Feature, Row)> {
    quantise(
        &model.averages(rounding.updates),
        rounding.scale,
        rounding.floor,
    )
}

fn accuracy(rows: &[(Feature, Row)], dev: &[Example], count: usize) -> f64 {
    let model = Wide::new(rows);
    let (mut right, mut all) = (0, 0);
    let mut tags = Vec::new();
    for example in dev {
        tag(&example.words, &model, count, &mut tags);
        right += tags
            .iter()
            .zip(&example.tags)
            .filter(|(a, b)| a == b)
            .count();
        all += tags.len();
    }
    right as f64 / all.max(1) as f64
}

/// Tags for the examples by models that have not seen them: trained on the other folds. An example's `group` says
/// which sentence it was made of, so that no copy of it is in the training folds.
pub fn jackknife(
    examples: &[Example],
    groups: &[usize],
    count: usize,
    folds: usize,
    rounds: usize,
    seed: u64,
    rounding: &Rounding,
) -> Vec<Vec<u8>> {
    let mut tagged = vec![Vec::new(); examples.len()];
    let one = |fold: usize| {
        let rest: Vec<&Example> = examples
            .iter()
            .zip(groups)
            .filter(|(_, g)| *g % folds != fold)
            .map(|(e, _)| e)
            .collect();
        let rows = train(&rest, &[], count, rounds, seed + fold as u64, rounding);
        let model = Wide::new(&rows);
        let mut out = Vec::new();
        for (i, example) in examples.iter().enumerate() {
            if groups[i] % folds == fold {
                let mut tags = Vec::new();
                tag(&example.words, &model, count, &mut tags);
                out.push((i, tags));
            }
        }
        println!("jackknife: fold {} of {folds} tagged", fold + 1);
        out
    };
    // Two at a time: each fold's weights take a few hundred megabytes.
    for pair in (0..folds).collect::<Vec<_>>().chunks(2) {
        let results: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = pair
                .iter()
                .map(|&fold| scope.spawn(move || one(fold)))
                .collect();
            threads
                .into_iter()
                .map(|t| t.join().expect("a fold is trained"))
                .collect()
        });
        for (i, tags) in results.into_iter().flatten() {
            tagged[i] = tags;
        }
    }
    tagged
}
