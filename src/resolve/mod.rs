//! Filled below.
pub mod time;
pub mod place;
