//! Filled below.
pub mod time;
