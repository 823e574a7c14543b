//! Gives events their actors, places and times.

pub mod actor;
pub mod coreference;
pub mod place;
pub mod surname;
pub mod time;
