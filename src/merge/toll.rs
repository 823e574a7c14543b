//! The numbers of an event as a headline tells them: the dead and wounded, and what was counted.

use super::quantity::same_unit;
use super::wording::{counted, list, number};
use crate::model::{Event, Quantity, QuantityRole};

/// Numbers of one role in a line at most.
const COUNTS: usize = 3;

/// A number of dead or wounded with the verbs that tell it.
pub(super) struct Toll {
    pub(super) role: QuantityRole,
    pub(super) count: String,
    pub(super) finite: &'static str,
    pub(super) gerund: &'static str,
    pub(super) past: &'static str,
}

pub(super) fn tolls(event: &Event) -> Vec<Toll> {
    [
        (QuantityRole::Killed, "kills", "killing", "killed"),
        (QuantityRole::Wounded, "wounds", "wounding", "wounded"),
    ]
    .into_iter()
    .filter_map(|(role, finite, gerund, past)| {
        // What was fired or shot down did not die.
        let thing = |unit: &str| {
            use QuantityRole::{Hit, Intercepted, Launched};
            event
                .quantities
                .iter()
                .any(|q| matches!(q.role, Launched | Intercepted | Hit) && same_unit(&q.unit, unit))
        };
        let of_role: Vec<&Quantity> = of_role(event, role)
            .into_iter()
            .filter(|q| !thing(&q.unit))
            .collect();
        // "Kills 5": that they are people goes without saying.
        let count = |q: &&Quantity| {
            if q.unit == "person" {
                number(q)
            } else {
                counted(q)
            }
        };
        let parts: Vec<String> = of_role.iter().map(count).collect();
        (!parts.is_empty()).then(|| Toll {
            role,
            count: list(&parts),
            finite,
            gerund,
            past,
        })
    })
    .collect()
}

pub(super) fn counts(event: &Event, role: QuantityRole) -> String {
    list(
        &of_role(event, role)
            .into_iter()
            .map(counted)
            .collect::<Vec<_>>(),
    )
}

pub(super) fn of_role(event: &Event, role: QuantityRole) -> Vec<&Quantity> {
    let mut seen = Vec::new();
    for quantity in event
        .quantities
        .iter()
        .filter(|q| q.role == role && q.value > 0.0)
    {
        let known = seen.iter().any(|s: &&Quantity| s.unit == quantity.unit);
        if !known && seen.len() < COUNTS {
            seen.push(quantity);
        }
    }
    seen
}
