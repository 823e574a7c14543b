//! The feed: every subscription is a reader of the log.

mod cursor;
mod filter;
mod subscription;
#[cfg(test)]
mod tests;

pub use cursor::Cursor;
pub use filter::{BoundingBox, Criteria, Filter, Near};
pub use subscription::{Delivery, End, Request, Start, subscribe};
