//! What was read from one item, and how, as messages.

use super::item::span;
use super::{event, v1, warnings};
use crate::model::{
    Event, ExplainedCandidate, ExplainedMention, ExplainedSentence, ExplainedToken, Explanation,
    Reading,
};

/// The answer of an analysis: the events of a reading, each with its one report, and what else the reading says.
pub fn analysis(
    item_id: &str,
    reading: &Reading,
    events: &[Event],
    explanation: Option<&Explanation>,
) -> v1::AnalyzeNewsItemResponse {
    v1::AnalyzeNewsItemResponse {
        item_id: item_id.to_owned(),
        events: events.iter().map(event).collect(),
        warnings: warnings(&reading.warnings),
        language: reading.language.clone(),
        explanation: explanation.map(self::explanation),
    }
}

fn explanation(explanation: &Explanation) -> v1::Explanation {
    v1::Explanation {
        sentences: explanation.sentences.iter().map(sentence).collect(),
        candidates: explanation.candidates.iter().map(candidate).collect(),
    }
}

fn sentence(sentence: &ExplainedSentence) -> v1::ExplainedSentence {
    v1::ExplainedSentence {
        span: Some(span(&sentence.span)),
        tokens: sentence.tokens.iter().map(token).collect(),
        mentions: sentence.mentions.iter().map(mention).collect(),
    }
}

fn token(token: &ExplainedToken) -> v1::ExplainedToken {
    v1::ExplainedToken {
        form: token.form.clone(),
        lemma: token.lemma.clone(),
        upos: token.upos.clone(),
        head: token
            .head
            .and_then(|head| i32::try_from(head).ok())
            .unwrap_or(-1),
        deprel: token.deprel.clone(),
    }
}

fn mention(mention: &ExplainedMention) -> v1::ExplainedMention {
    v1::ExplainedMention {
        span: Some(span(&mention.span)),
        kind: mention.kind.clone(),
        resolved_to: mention.resolved_to.clone(),
        rule: mention.rule.clone(),
    }
}

fn candidate(candidate: &ExplainedCandidate) -> v1::ExplainedCandidate {
    v1::ExplainedCandidate {
        trigger: Some(span(&candidate.trigger)),
        r#type: candidate.event_type.clone(),
        accepted: candidate.accepted,
        steps: candidate.steps.clone(),
        score: candidate.score,
    }
}
