//! How an item was read, for a person's eyes.

use super::Span;

/// Sentences, mentions, and every trigger that was looked at.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Explanation {
    pub sentences: Vec<ExplainedSentence>,
    pub candidates: Vec<ExplainedCandidate>,
}

/// One sentence as it was read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExplainedSentence {
    pub span: Span,
    pub tokens: Vec<ExplainedToken>,
    pub mentions: Vec<ExplainedMention>,
}

/// One token; `head` counts in the sentence, none for the root.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExplainedToken {
    pub form: String,
    pub lemma: String,
    pub upos: String,
    pub head: Option<u32>,
    pub deprel: String,
}

/// A span that names an actor, a place or a time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExplainedMention {
    pub span: Span,
    /// `actor`, `place`, `time` or `number`.
    pub kind: String,
    pub resolved_to: String,
    pub rule: String,
}

/// A trigger that was looked at.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExplainedCandidate {
    pub trigger: Span,
    pub event_type: String,
    pub accepted: bool,
    /// Why, or why not, a step a line.
    pub steps: Vec<String>,
    /// The confidence in it, 0 to 1; 0 for what was refused before it was weighed.
    pub score: f64,
    /// What spoke for and against it, where it was weighed.
    pub voices: Option<Voices>,
}

/// What speaks for and against a candidate.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Voices {
    /// Weight of the trigger that a frame knows; none for one that the heads alone found.
    pub frame: Option<f64>,
    /// What the words around add to it and take from it.
    pub context: f64,
    /// Probability, by the heads, of this type, and of any type; none where no heads have heard of the type.
    pub heads: Option<(f64, f64)>,
    /// Probability of the event's category, and of no news of the kind, for the sentence.
    pub relevance: Option<(f64, f64)>,
    /// A party that is known by name or country, and any party.
    pub known: bool,
    pub party: bool,
    /// A mere statement.
    pub statement: bool,
    pub military: bool,
    pub hypothetical: bool,
    /// A noun that no verb carries out.
    pub bare_noun: bool,
}
