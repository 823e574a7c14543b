//! What a ledger merges by: the types, the settings, and what follows from both once and for all.

use super::Config;
use crate::lexicon::ontology::{EventType, Ontology, is_a};
use std::sync::Arc;

/// Ontology and config of a ledger.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) ontology: Arc<Ontology>,
    pub(super) config: Config,
    /// For every two types, in the order of the ontology, how far they may tell one happening.
    affinities: Vec<Option<f64>>,
}

impl Rules {
    pub(super) fn new(config: Config, ontology: Arc<Ontology>) -> Self {
        let types = ontology.types();
        let affinities = types
            .iter()
            .flat_map(|a| types.iter().map(|b| affinity(a, b)))
            .collect();
        Self {
            config,
            affinities,
            ontology,
        }
    }

    /// How far two types, by their places in the ontology, may tell one happening: 1 for the same, less for kin, none for
    /// strangers and for types that are not in the ontology.
    pub(super) fn affinity(&self, a: Option<usize>, b: Option<usize>) -> Option<f64> {
        self.affinities[a? * self.ontology.types().len() + b?]
    }
}

fn affinity(a: &EventType, b: &EventType) -> Option<f64> {
    if a.name == b.name {
        return Some(1.0);
    }
    if is_a(&a.name, &b.name) || is_a(&b.name, &a.name) {
        return Some(0.95);
    }
    if a.parent.is_some() && a.parent == b.parent {
        return Some(0.75);
    }
    // A type that yields to any other, as a toll does, says little of what happened.
    let yielding = if a.yields || b.yields { 0.85 } else { 0.6 };
    a.families
        .iter()
        .any(|f| b.families.contains(f))
        .then_some(yielding)
}
