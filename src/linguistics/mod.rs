//! Reads plain text into tokens, sentences, tags, lemmas and dependency trees: one [`Document`] a part of an item.

mod document;

pub use document::{Deprel, Document, NO_HEAD, Tokens, Upos};
