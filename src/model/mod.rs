//! Plain values that travel between the rooms. This room imports nothing of ours.

mod actor;
mod event;
mod item;
mod report;
mod update;

pub use actor::{Actor, ActorKind};
pub use event::{Category, Codes, Dispute, Engine, Event, Side, Status};
pub use item::{Body, NewsItem, Part, Span, Warning};
pub use report::{
    Approximation, Location, Point, PlacePrecision, Quantity, QuantityRole, Reading, Report, Time,
    TimePrecision,
};
pub use update::{Change, Update};
