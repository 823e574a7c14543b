//! Trains the parser: a structured perceptron that is corrected where the beam strayed furthest (max-violation).

use crate::weights::{Arcs, Averages, Dice, Perceptron};
use sitrep::linguistics::features::{label_features, move_features};
use sitrep::linguistics::linear::Feature;
use sitrep::linguistics::parse::{ArcScorer, Beam, Candidate, Move, State, Step, Tagged};

/// A sentence as the parser sees it, with the transitions of its gold tree.
pub struct Example {
    pub words: Vec<Tagged>,
    pub gold: Vec<Step>,
}

impl Arcs {
    pub fn new() -> Self {
        Self {
            moves: Perceptron::new(),
            labels: Perceptron::new(),
        }
    }

    /// Fresh models that may use these features only.
    pub fn closed(moves: &Averages, labels: &Averages) -> Self {
        let model =
            |averages: &Averages| Perceptron::closed(averages.iter().map(|(feature, _)| *feature));
        Self {
            moves: model(moves),
            labels: model(labels),
        }
    }

    /// Score of a step from a state.
    fn score(
        &self,
        words: &[Tagged],
        state: &State,
        step: Step,
        gathered: &mut Vec<Feature>,
        labels: usize,
    ) -> i64 {
        move_features(words, state, gathered);
        let mut moves = [0; 3];
        ArcScorer::moves(self, gathered, &mut moves);
        let mut score = i64::from(moves[step.kind as usize]);
        if step.kind != Move::Shift {
            let (head, dependent) = state.arc(step.kind);
            label_features(words, state, head, dependent, gathered);
            let mut scores = vec![0; labels];
            ArcScorer::labels(self, gathered, &mut scores);
            score += i64::from(scores[step.label as usize]);
        }
        score
    }

    /// Moves the weights of a run of steps, from the `from`-th on, by `by`.
    fn update(
        &mut self,
        words: &[Tagged],
        steps: &[Step],
        from: usize,
        by: i32,
        gathered: &mut Vec<Feature>,
    ) {
        let mut state = State::new(words.len());
        for (i, &step) in steps.iter().enumerate() {
            if i >= from {
                move_features(words, &state, gathered);
                self.moves.update(gathered, step.kind as u8, by);
                if step.kind != Move::Shift {
                    let (head, dependent) = state.arc(step.kind);
                    label_features(words, &state, head, dependent, gathered);
                    self.labels.update(gathered, step.label, by);
                }
            }
            state.make(step);
        }
    }
}

/// Learns from one sentence; true when the beam's answer was right.
fn learn(arcs: &mut Arcs, beam: &mut Beam, example: &Example, gathered: &mut Vec<Feature>) -> bool {
    let words = &example.words;
    let labels = beam.label_count();
    beam.begin(words.len());
    let mut gold_state = State::new(words.len());
    let mut gold_score = 0;
    // For each step, the candidates kept, to walk a run back.
    let mut kept: Vec<Vec<Candidate>> = Vec::with_capacity(example.gold.len());
    let mut gold_inside = true;
    let mut gold_place = 0u8;
    let mut worst: Option<(i64, usize)> = None;
    for (i, &gold) in example.gold.iter().enumerate() {
        gold_score += arcs.score(words, &gold_state, gold, gathered, labels);
        gold_state.make(gold);
        beam.look(words, arcs);
        let place = beam
            .candidates
            .iter()
            .position(|c| gold_inside && c.from == gold_place && c.step == gold);
        gold_inside = place.is_some();
        gold_place = place.unwrap_or(0) as u8;
        kept.push(beam.candidates.clone());
        let violation = beam.candidates[0].score - gold_score;
        let top_is_gold = gold_inside && gold_place == 0;
        if !top_is_gold
            && worst.is_none_or(|(v, _)| violation >= v)
            && (violation > 0 || !gold_inside)
        {
            worst = Some((violation, i));
        }
        // On a tie the right answer counts only when it comes first.
        if i + 1 == example.gold.len() && !top_is_gold && worst.is_none() {
            worst = Some((violation, i));
        }
        beam.follow();
    }
    arcs.moves.step += 1;
    arcs.labels.step += 1;
    let Some((_, at)) = worst else { return true };
    let mut steps = Vec::with_capacity(at + 1);
    let mut place = 0usize;
    for candidates in kept[..=at].iter().rev() {
        steps.push(candidates[place].step);
        place = candidates[place].from as usize;
    }
    steps.reverse();
    let from = steps
        .iter()
        .zip(&example.gold)
        .take_while(|(a, b)| a == b)
        .count();
    arcs.update(words, &example.gold[..=at], from, 1, gathered);
    arcs.update(words, &steps, from, -1, gathered);
    false
}

/// Trains for some rounds; `report` gets the weights after each.
pub fn train(
    mut arcs: Arcs,
    examples: &[Example],
    labels: usize,
    width: usize,
    rounds: usize,
    seed: u64,
    mut report: impl FnMut(usize, &Arcs, f64) -> anyhow::Result<()>,
) -> anyhow::Result<Arcs> {
    let mut dice = Dice::new(seed);
    let mut order: Vec<&Example> = examples.iter().collect();
    let mut beam = Beam::new(width, labels);
    let mut gathered = Vec::new();
    for turn in 1..=rounds {
        dice.shuffle(&mut order);
        let mut right = 0;
        for example in &order {
            right += usize::from(learn(&mut arcs, &mut beam, example, &mut gathered));
        }
        report(turn, &arcs, right as f64 / order.len().max(1) as f64)?;
    }
    Ok(arcs)
}
