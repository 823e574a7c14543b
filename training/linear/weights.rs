//! Weights while they are learnt: averaged perceptrons in whole numbers.

use sitrep::linguistics::linear::{Feature, Row, Triple, feature};
use sitrep::linguistics::parse::ArcScorer;
use sitrep::linguistics::tag::TagScorer;

/// A weight and the sum that its average is made of: `average = now - sum / steps`.
#[derive(Clone, Copy, Default)]
struct Cell {
    class: u8,
    now: i32,
    sum: i64,
    /// How often it was changed.
    updates: u32,
}

/// Open addressing from features to rows.
pub struct Perceptron {
    keys: Vec<(Feature, u32)>,
    rows: Vec<Vec<Cell>>,
    pub step: i64,
    /// True when only the features that are there may have weights.
    closed: bool,
}

impl Perceptron {
    pub fn new() -> Self {
        Self {
            keys: vec![(0, 0); 1 << 16],
            rows: Vec::new(),
            step: 1,
            closed: false,
        }
    }

    /// A fresh model that may use these features only: learning again with what survived the pruning makes up for what
    /// the pruning took.
    pub fn closed(features: impl IntoIterator<Item = Feature>) -> Self {
        let mut model = Self::new();
        for feature in features {
            model.row(feature);
        }
        model.closed = true;
        model
    }

    /// The place of a feature's row, made where it is missing.
    fn row(&mut self, feature: Feature) -> usize {
        if self.rows.len() * 2 > self.keys.len() {
            self.grow();
        }
        let at = self.slot(feature);
        if self.keys[at].0 == 0 {
            self.keys[at] = (feature, self.rows.len() as u32);
            self.rows.push(Vec::new());
        }
        self.keys[at].1 as usize
    }

    fn slot(&self, feature: Feature) -> usize {
        let mask = self.keys.len() - 1;
        let mut at = feature.wrapping_mul(0x9E37_79B1) as usize >> 3 & mask;
        while self.keys[at].0 != feature && self.keys[at].0 != 0 {
            at = (at + 1) & mask;
        }
        at
    }

    pub fn add(&self, feature: Feature, scores: &mut [i32]) {
        let (key, row) = self.keys[self.slot(feature)];
        if key != 0 {
            for cell in &self.rows[row as usize] {
                scores[cell.class as usize] += cell.now;
            }
        }
    }

    /// Adds `by` to the weight of a class under every feature.
    pub fn update(&mut self, features: &[Feature], class: u8, by: i32) {
        for &feature in features {
            if self.closed && self.keys[self.slot(feature)].0 == 0 {
                continue;
            }
            let place = self.row(feature);
            let row = &mut self.rows[place];
            let cell = match row.iter_mut().position(|c| c.class == class) {
                Some(i) => &mut row[i],
                None => {
                    row.push(Cell {
                        class,
                        ..Cell::default()
                    });
                    row.last_mut().expect("just put in")
                }
            };
            cell.now += by;
            cell.sum += self.step * i64::from(by);
            cell.updates += 1;
        }
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.keys);
        self.keys = vec![(0, 0); old.len() * 2];
        for entry in old {
            if entry.0 != 0 {
                let at = self.slot(entry.0);
                self.keys[at] = entry;
            }
        }
    }

    /// Averages of the weights that were changed at least `updates` times.
    pub fn averages(&self, updates: u32) -> Averages {
        let mut averages = Vec::new();
        for &(feature, row) in &self.keys {
            if feature == 0 {
                continue;
            }
            let mut cells = Vec::new();
            for cell in &self.rows[row as usize] {
                let average = cell.now as f64 - cell.sum as f64 / self.step as f64;
                if cell.updates >= updates && average != 0.0 {
                    cells.push((cell.class, average as f32));
                }
            }
            if !cells.is_empty() {
                cells.sort_by_key(|c| c.0);
                averages.push((feature, cells));
            }
        }
        averages.sort_by_key(|a| a.0);
        averages
    }
}

/// Averages of a model's weights, sorted by feature.
pub type Averages = Vec<(Feature, Vec<(u8, f32)>)>;

/// Keeps the `count` features with the largest weight.
pub fn strongest(mut averages: Averages, count: usize) -> Averages {
    let strength = |row: &[(u8, f32)]| row.iter().fold(0f32, |most, (_, w)| most.max(w.abs()));
    averages.sort_by(|a, b| {
        strength(&b.1)
            .total_cmp(&strength(&a.1))
            .then(a.0.cmp(&b.0))
    });
    averages.truncate(count);
    averages.sort_by_key(|a| a.0);
    averages
}

/// Rounds weights to eight bits, `scale` steps a unit, and leaves out what is below `floor` units.
pub fn quantise(averages: &Averages, scale: f32, floor: f32) -> Vec<(Feature, Row)> {
    let mut rows = Vec::new();
    for (feature, cells) in averages {
        let mut row = Row::new();
        for &(class, weight) in cells {
            let rounded = (weight * scale).round().clamp(-127.0, 127.0) as i8;
            if weight.abs() >= floor && rounded != 0 {
                row.push((class, rounded));
            }
        }
        if !row.is_empty() {
            rows.push((*feature, row));
        }
    }
    rows
}

/// The same for a model of three classes.
pub fn quantise_triples(averages: &Averages, scale: f32) -> Vec<(Feature, Triple)> {
    let mut rows = Vec::new();
    for (feature, cells) in averages {
        let mut weights = [0i8; 3];
        for &(class, weight) in cells {
            if let Some(slot) = weights.get_mut(class as usize) {
                *slot = (weight * scale).round().clamp(-127.0, 127.0) as i8;
            }
        }
        if weights != [0; 3] {
            rows.push((*feature, weights));
        }
    }
    rows
}

impl TagScorer for Perceptron {
    fn score(&self, features: &[Feature], scores: &mut [i32]) {
        for &feature in features {
            self.add(feature, scores);
        }
    }
}

/// The parser's two models.
pub struct Arcs {
    pub moves: Perceptron,
    pub labels: Perceptron,
}

impl ArcScorer for Arcs {
    fn moves(&self, features: &[Feature], scores: &mut [i32; 3]) {
        for &feature in features {
            self.moves.add(feature, scores);
        }
    }

    fn labels(&self, features: &[Feature], scores: &mut [i32]) {
        for &feature in features {
            self.labels.add(feature, scores);
        }
    }
}

/// A generator of pseudo-random numbers (xorshift64*): the same run from the same seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(u64::from(feature(77, [seed as u32, 1, 2])) << 20 | 1)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.roll() as usize % (i + 1);
            items.swap(i, j);
        }
    }
}
