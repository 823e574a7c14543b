//! The embedded database.

mod facets;

pub use facets::{AFTER, BEFORE, Facets, Party, Place, Revision, Voice, fold};
