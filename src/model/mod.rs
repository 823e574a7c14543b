//! Plain values that travel between the rooms. This room imports nothing of ours.

mod actor;
mod answer;
mod event;
mod explanation;
mod item;
mod report;
mod update;

pub use actor::{Actor, ActorKind};
pub use answer::{Answer, Caused};
pub use event::{Category, Codes, Dispute, Engine, Event, Side, Status};
pub use explanation::{
    ExplainedCandidate, ExplainedMention, ExplainedSentence, ExplainedToken, Explanation, Voices,
};
pub use item::{Body, NewsItem, Part, Span, Warning};
pub use report::{
    Approximation, Location, PlacePrecision, Point, Quantity, QuantityRole, Reading, Report, Time,
    TimePrecision,
};
pub use update::{Change, Update};
