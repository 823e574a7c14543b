//! How long each stage of reading an item took.

use super::Metrics;
use crate::engine::Stage;
use std::time::Instant;

/// Times one item; stages may come in turns, as with title and text.
pub struct Stopwatch<'m> {
    metrics: &'m Metrics,
    since: Instant,
    spent: [Option<f64>; Stage::ALL.len()],
}

impl<'m> Stopwatch<'m> {
    pub(super) fn start(metrics: &'m Metrics) -> Self {
        Stopwatch {
            metrics,
            since: Instant::now(),
            spent: [None; Stage::ALL.len()],
        }
    }

    /// A stage is over.
    pub fn over(&mut self, stage: Stage) {
        let now = Instant::now();
        let spent = self.spent[stage as usize].get_or_insert(0.0);
        *spent += now.duration_since(self.since).as_secs_f64();
        self.since = now;
    }
}

/// The item is read: each stage counts once.
impl Drop for Stopwatch<'_> {
    fn drop(&mut self) {
        for (stage, spent) in Stage::ALL.into_iter().zip(self.spent) {
            if let Some(seconds) = spent {
                self.metrics.stage(stage, seconds);
            }
        }
    }
}
