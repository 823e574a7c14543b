//! Knowledge as data: loads and checks what is under `lexicon/`.

pub mod ontology;
pub mod places;
pub mod sources;
pub mod strict;
