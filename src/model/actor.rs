//! Who acts, is acted on, or says so.

use super::Span;
use serde::{Deserialize, Serialize};

/// A party to an event, or the one who says so.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Actor {
    /// `RUS`, `RUS.president`, `org.nato`, `person.vladimir-putin`, `group.hezbollah`; empty where unknown.
    pub id: String,
    /// Name in the lexicon, or the words of the text.
    pub name: String,
    /// As written.
    pub surface: String,
    pub span: Span,
    pub kind: ActorKind,
    /// ISO 3166 alpha-3, empty where there is none.
    pub country: String,
    /// Office held at the time, empty where not known.
    pub role: String,
}

/// What kind of actor it is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ActorKind {
    #[default]
    Unspecified,
    State,
    Government,
    Person,
    Military,
    ArmedGroup,
    Igo,
    Ngo,
    Population,
    Other,
}
