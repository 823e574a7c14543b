//! What the heads for events say of sentences: which words are triggers, of what, and which words fill their roles.

use super::dense::{Dense, Multiplier, Rows, Scratch};
use super::file::File;
use super::wide::{dot, wide};
use crate::linguistics::news::{CATEGORIES, News, ROLES, Voice};
use crate::linguistics::weights::Error;

/// Probability from which a word is worth a voice.
const WORTH: f32 = 0.04;

/// Most triggers of a sentence whose roles are filled: more than any sentence tells, few enough for one made of verbs.
const TRIGGERS: usize = 24;

/// The heads' weights, without the layers that they share with those for trees.
pub struct Events {
    /// Types.
    second: Dense,
    /// For each role, the form of a trigger that meets words with a one behind them.
    argument: Dense,
    types: usize,
    width: usize,
}

/// What the first layer gives for one sentence: a row a word.
pub struct First<'a> {
    /// The root's scores of the categories.
    pub category: &'a [f32],
    pub event: Vec<f32>,
    pub trigger: Vec<f32>,
    pub word: Vec<f32>,
}

impl Events {
    /// None for a file that has no such heads.
    pub fn read(file: &File<'_>, multiplier: &Multiplier) -> Result<Option<Self>, Error> {
        let c = &file.about;
        if c.types.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            second: Dense::new(
                multiplier,
                &[file.dense("event_type", c.types.len(), c.event)?],
            ),
            argument: Dense::new(
                multiplier,
                &[file.dense("argument", ROLES * (c.argument + 1), c.argument)?],
            ),
            types: c.types.len(),
            width: c.argument,
        }))
    }

    /// The layers that look at the encoder's vectors: of an event's word, a trigger, a word that may fill a role, and of the
    /// category.
    pub fn first(file: &File<'_>) -> Result<[Rows; 4], Error> {
        let (c, w) = (&file.about, file.about.width);
        Ok([
            file.dense("event", c.event, w)?,
            file.dense("argument_trigger", c.argument, w)?,
            file.dense("argument_word", c.argument, w)?,
            file.dense("category", CATEGORIES, w)?,
        ])
    }

    /// Reads one sentence.
    pub fn run(&self, multiplier: &Multiplier, first: &First<'_>, scratch: &mut Scratch) -> News {
        let mut second = Vec::new();
        self.second
            .apply(multiplier, &first.event, &mut second, scratch);
        let mut category = [0.0; CATEGORIES];
        category.copy_from_slice(first.category);
        softmax(&mut category);
        let mut voices = Vec::new();
        for (word, row) in second.chunks_exact_mut(self.types).enumerate() {
            softmax(row);
            let some = 1.0 - row[0];
            // Numbers beyond all bounds are no voice.
            if !(some.is_finite() && some >= WORTH) {
                continue;
            }
            let mut listed: Vec<(usize, f32)> = row
                .iter()
                .copied()
                .enumerate()
                .skip(1)
                .filter(|(_, p)| *p >= WORTH)
                .collect();
            listed.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            voices.push(Voice {
                word,
                some,
                types: listed,
                roles: Vec::new(),
            });
        }
        let mut likely: Vec<f32> = voices.iter().map(|v| v.some).collect();
        likely.sort_by(|a, b| b.total_cmp(a));
        let least = likely.get(TRIGGERS - 1).copied().unwrap_or(0.0);
        let chosen = voices.iter_mut().filter(|v| v.some >= least);
        self.fill(multiplier, first, chosen.take(TRIGGERS).collect(), scratch);
        News { category, voices }
    }

    /// How well each word fills each role of each trigger.
    fn fill(
        &self,
        multiplier: &Multiplier,
        first: &First<'_>,
        mut voices: Vec<&mut Voice>,
        scratch: &mut Scratch,
    ) {
        if voices.is_empty() {
            return;
        }
        let a = self.width;
        let rows: Vec<f32> = voices
            .iter()
            .flat_map(|v| &first.trigger[v.word * a..][..a])
            .copied()
            .collect();
        let mut forms = Vec::new();
        self.argument.apply(multiplier, &rows, &mut forms, scratch);
        wide(|| {
            for (voice, forms) in voices.iter_mut().zip(forms.chunks_exact(ROLES * (a + 1))) {
                for word in first.word.chunks_exact(a) {
                    let mut odds = [0.0; ROLES];
                    for (odds, form) in odds.iter_mut().zip(forms.chunks_exact(a + 1)) {
                        *odds = 1.0 / (1.0 + (-(dot(&form[..a], word) + form[a])).exp());
                    }
                    voice.roles.push(odds);
                }
            }
        });
    }
}

/// Scores as probabilities.
fn softmax(scores: &mut [f32]) {
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - top).exp();
        sum += *score;
    }
    for score in scores {
        *score /= sum;
    }
}
