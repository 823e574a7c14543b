//! Which event each report of an item goes to.

use super::Ledger;
use super::rules::Rules;
use super::score::{Shape, compare};
use crate::model::Report;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A report that has come in.
#[derive(Debug)]
pub(super) struct Fresh {
    pub(super) report: Report,
    pub(super) shape: Shape,
}

/// A report of the item's version before, and the event that it was taken from.
#[derive(Debug)]
pub(super) struct Former {
    pub(super) event_id: Arc<str>,
    pub(super) report: Report,
    pub(super) shape: Shape,
}

/// Where a report goes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// Into an event; `also` are others that it fits so well that all may be one, best first.
    Join {
        event_id: Arc<str>,
        also: Vec<Arc<str>>,
    },
    /// Into an event of its own.
    Found,
    /// Nowhere: it tells an event that an operator called false.
    Swallow,
}

/// A correction keeps its event when its words are so much alike, whatever it corrects.
const CORRECTED_WORDS: f64 = 0.5;
/// How much less than for any event suffices for the event that the item reported before.
const FORMER_BONUS: f64 = 0.15;

/// A report that fits an event.
struct Link {
    fresh: usize,
    event_id: Arc<str>,
    score: f64,
}

/// Chooses for all reports of an item, in their order. The best fit comes first, and no two reports of the item go to one
/// event.
pub(super) fn choose(ledger: &Ledger, fresh: &[Fresh], former: &[Former]) -> Vec<Choice> {
    let rules = ledger.rules();
    let mut links = Vec::new();
    let mut choices: Vec<Option<Choice>> = Vec::new();
    for (i, f) in fresh.iter().enumerate() {
        let back = former.iter().filter_map(|was| {
            let score = returns(rules, f, &was.report, &was.shape)?;
            Some((was.event_id.clone(), score))
        });
        let back: Vec<(Arc<str>, f64)> = back.collect();
        let likest = back.iter().map(|(_, score)| *score).fold(0.0, f64::max);
        // A correction of a report that an operator called false tells nothing new, however late it comes.
        let mut swallowed = ledger
            .retracted_of(&f.report.item_id)
            .filter_map(|(report, shape)| returns(rules, f, report, shape))
            .any(|score| score > likest);
        links.extend(back.into_iter().map(|(event_id, score)| Link {
            fresh: i,
            event_id,
            score,
        }));
        for open in ledger.candidates(&f.report, &f.shape) {
            let Some(fit) = open.fit(&f.report, &f.shape, rules) else {
                continue;
            };
            if fit.total < rules.config.join {
                continue;
            }
            if open.event.retracted {
                swallowed |= open.echoes(&f.report, &f.shape, &rules.config);
            } else {
                links.push(Link {
                    fresh: i,
                    event_id: open.id.clone(),
                    score: fit.total,
                });
            }
        }
        choices.push(swallowed.then_some(Choice::Swallow));
    }
    links.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.fresh.cmp(&b.fresh))
            .then_with(|| a.event_id.cmp(&b.event_id))
    });
    let mut taken: BTreeSet<Arc<str>> = BTreeSet::new();
    for link in &links {
        if choices[link.fresh].is_none() && taken.insert(link.event_id.clone()) {
            choices[link.fresh] = Some(Choice::Join {
                event_id: link.event_id.clone(),
                also: Vec::new(),
            });
        }
    }
    for link in links
        .iter()
        .filter(|l| l.score >= rules.config.bridge && !taken.contains(&l.event_id))
    {
        if let Some(Choice::Join { also, .. }) = &mut choices[link.fresh]
            && !also.contains(&link.event_id)
        {
            also.push(link.event_id.clone());
        }
    }
    choices
        .into_iter()
        .map(|c| c.unwrap_or(Choice::Found))
        .collect()
}

/// Whether a corrected report still tells the event of a former one, and how surely: above every other fit.
fn returns(rules: &Rules, fresh: &Fresh, was: &Report, shape: &Shape) -> Option<f64> {
    let affinity = rules.affinity(fresh.shape.event_type, shape.event_type)?;
    let words = fresh.shape.wording.similarity(&shape.wording);
    let score = compare((&fresh.report, &fresh.shape), (was, shape), rules);
    let fits = score.conflict.is_none() && score.total >= rules.config.join - FORMER_BONUS;
    // One sentence may tell two happenings: then the type says which of them it is.
    (fits || words >= CORRECTED_WORDS).then_some(1.0 + words + affinity / 10.0)
}
