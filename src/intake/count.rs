//! What metrics hear of a commit.

use super::Error;
use crate::model::Answer;
use crate::telemetry::Metrics;
use crate::telemetry::metrics::{EventChange, Outcome};
use std::time::Duration;

/// Counts what a group came to.
pub fn group(metrics: &Metrics, took: Duration, answers: &[Result<Answer, Error>]) {
    metrics.commit_seconds.observe(took.as_secs_f64());
    metrics.commit_items.observe(answers.len() as f64);
    for answer in answers {
        let outcome = match answer {
            Ok(answer) if answer.duplicate => "duplicate",
            Ok(_) => "accepted",
            Err(_) => "refused",
        };
        metrics.items.get_or_create(&Outcome { outcome }).inc();
        // A duplicate answers with what it caused the first time.
        let updates = answer.iter().filter(|a| !a.duplicate);
        for update in updates.flat_map(|a| &a.updates) {
            let label = EventChange {
                r#type: update.event_type.clone(),
                change: update.change.name(),
            };
            metrics.events.get_or_create(&label).inc();
        }
    }
}
