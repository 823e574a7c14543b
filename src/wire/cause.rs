//! What an item caused, and what is worth knowing about how it was read.

use super::{update, v1};
use crate::model::{Answer, Caused, Warning};

/// One update that an item caused, as a message.
pub fn caused(caused: &Caused) -> v1::CausedUpdate {
    v1::CausedUpdate {
        event_id: caused.event_id.clone(),
        revision: caused.revision,
        change: update::change(caused.change).into(),
        r#type: caused.event_type.clone(),
    }
}

/// A message as an update that an item caused.
pub fn caused_back(message: v1::CausedUpdate) -> Option<Caused> {
    Some(Caused {
        change: update::change_back(message.change())?,
        event_id: message.event_id,
        revision: message.revision,
        event_type: message.r#type,
    })
}

/// A warning as a message.
pub fn warning(warning: &Warning) -> v1::Warning {
    v1::Warning {
        reason: warning.reason.clone(),
        message: warning.message.clone(),
    }
}

/// A message as a warning.
pub fn warning_back(message: v1::Warning) -> Warning {
    Warning {
        reason: message.reason,
        message: message.message,
    }
}

/// Warnings as messages.
pub fn warnings(warnings: &[Warning]) -> Vec<v1::Warning> {
    warnings.iter().map(warning).collect()
}

/// What became of an item, as the answer to its submission.
pub fn answer(answer: &Answer) -> v1::SubmitNewsItemResponse {
    v1::SubmitNewsItemResponse {
        item_id: answer.item_id.clone(),
        duplicate: answer.duplicate,
        updates: answer.updates.iter().map(caused).collect(),
        warnings: warnings(&answer.warnings),
    }
}
