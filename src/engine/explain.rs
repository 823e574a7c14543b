//! Tells how a sentence was read.

use crate::extract::{event::Candidate, scene::Scene};
use crate::model::{
    ExplainedCandidate, ExplainedMention, ExplainedSentence, ExplainedToken, Explanation,
};

/// Adds a sentence with its mentions and candidates to an explanation.
pub(super) fn sentence(
    scene: &Scene,
    range: std::ops::Range<usize>,
    candidates: Vec<Candidate>,
    explanation: &mut Explanation,
) {
    let tokens = range
        .clone()
        .map(|t| ExplainedToken {
            form: scene.doc.form(t).to_owned(),
            lemma: scene.doc.tokens.lemma[t].clone(),
            upos: scene.doc.tokens.upos[t].to_string(),
            head: scene.doc.head(t).map(|h| (h - range.start) as u32),
            deprel: scene.doc.tokens.deprel[t].to_string(),
        })
        .collect();
    let mut mentions = Vec::new();
    for m in scene
        .actors
        .iter()
        .filter(|m| range.contains(&m.tokens.start))
    {
        let ids: Vec<&str> = m
            .actors
            .iter()
            .map(|a| {
                if a.id.is_empty() {
                    a.name.as_str()
                } else {
                    a.id.as_str()
                }
            })
            .collect();
        mentions.push(ExplainedMention {
            span: scene.span(m.tokens.clone()),
            kind: "actor".to_owned(),
            resolved_to: ids.join(", "),
            rule: m.rule.to_owned(),
        });
    }
    for m in scene
        .places
        .iter()
        .filter(|m| range.contains(&m.tokens.start))
    {
        mentions.push(ExplainedMention {
            span: scene.span(m.tokens.clone()),
            kind: "place".to_owned(),
            resolved_to: scene.doc.words(m.tokens.clone()).to_owned(),
            rule: "gazetteer".to_owned(),
        });
    }
    for m in scene
        .times
        .iter()
        .filter(|m| range.contains(&m.tokens.start))
    {
        let resolved_to = m.value.as_ref().map_or_else(
            || "unknown".to_owned(),
            |v| format!("{} to {}", v.start, v.end),
        );
        mentions.push(ExplainedMention {
            span: scene.span(m.tokens.clone()),
            kind: "time".to_owned(),
            resolved_to,
            rule: format!("{:?}", m.kind).to_lowercase(),
        });
    }
    for m in scene
        .numbers
        .iter()
        .filter(|m| range.contains(&m.tokens.start))
    {
        mentions.push(ExplainedMention {
            span: scene.span(m.tokens.clone()),
            kind: "number".to_owned(),
            resolved_to: format!("{} {}", m.value, m.unit),
            rule: format!("{:?}", m.kind).to_lowercase(),
        });
    }
    explanation.sentences.push(ExplainedSentence {
        span: scene.span(range),
        tokens,
        mentions,
    });
    for c in candidates {
        explanation.candidates.push(ExplainedCandidate {
            trigger: scene.span(c.token..c.token + 1),
            event_type: c.event_type,
            accepted: c.accepted,
            steps: c.steps,
            score: c.score.clamp(0.0, 1.0),
            voices: c.voices.map(|v| *v),
        });
    }
}
