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
    /// 0 to 1.
    pub score: f64,
}
