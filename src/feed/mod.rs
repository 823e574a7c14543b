//! The feed: every subscription is a reader of the log.

mod filter;

pub use filter::{BoundingBox, Criteria, Filter, Near};
