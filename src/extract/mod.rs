//! Filled below.
pub mod number;
