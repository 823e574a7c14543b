//! One judgement of what the voices say: frame, heads, the sentence's relevance and the parties, weighed by a small model
//! that `training/judgement/fit.py` fits; its answer is the event's confidence.

use super::event::ALONE;
use crate::model::Voices;
use serde::Deserialize;

/// Names of the features, in the order of [`Voices::features`].
pub const FEATURES: [&str; 14] = [
    "bias",
    "frame",
    "frame_weight",
    "context",
    "type",
    "any_type",
    "frame_and_type",
    "relevance",
    "known",
    "party",
    "statement",
    "military",
    "hypothetical",
    "bare_noun",
];

/// Probability, by the heads, of any event from which a frame's word on the type is enough.
const SURE: f64 = 0.9;

/// A logistic model of the features.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judgement {
    /// Confidence from which a candidate is an event.
    pub threshold: f64,
    /// For each feature, what a unit of it adds to the logarithm of the odds.
    weights: std::collections::BTreeMap<String, f64>,
}

impl Judgement {
    /// Reads `judgement.toml`.
    ///
    /// # Errors
    /// What was expected, and what was found.
    pub fn parse(text: &str) -> Result<Self, String> {
        let judgement: Self = toml::from_str(text).map_err(|e| e.to_string())?;
        match FEATURES
            .iter()
            .find(|f| !judgement.weights.contains_key(**f))
        {
            Some(missing) => Err(format!("expected a weight for `{missing}`, found none")),
            None => Ok(judgement),
        }
    }

    /// The confidence in a candidate, 0 to 1. A type that no heads have heard of is judged by its frame alone.
    pub fn of(&self, voices: &Voices) -> f64 {
        let Some(features) = voices.features() else {
            return (voices.frame.unwrap_or(0.0) + voices.context).clamp(0.05, 0.95);
        };
        let sum: f64 = FEATURES
            .iter()
            .zip(features)
            .map(|(name, x)| self.weights[*name] * x)
            .sum();
        1.0 / (1.0 + (-sum).exp())
    }

    /// Whether a confidence is enough. What the words around speak against (long ago, sport) must be surer, and a diplomatic act
    /// that no frame lists needs somebody who is known: unions and shops accuse and appeal, too.
    pub fn accepts(&self, voices: &Voices, confidence: f64) -> bool {
        if voices.heads.is_none() {
            return confidence >= ALONE;
        }
        if voices.frame.is_none() && !voices.military && !voices.known {
            return false;
        }
        // "Security forces kill nine militants": surely an event, and hard to say of which of several types. The frame says.
        let named = voices.frame.is_some() && voices.heads.is_some_and(|(_, any)| any >= SURE);
        named || confidence >= self.threshold + (-voices.context - 0.1).max(0.0)
    }
}

impl Voices {
    /// What the model weighs, by the names of [`FEATURES`]; none where the heads have nothing to say.
    pub fn features(&self) -> Option<[f64; FEATURES.len()]> {
        let (of_type, any) = self.heads?;
        let (category, neither) = self.relevance.unwrap_or((0.5, 0.5));
        // However sure the heads are, they may err: news has more voices than they have met.
        let odds = |p: f64| ((p + 0.05) / (1.05 - p)).ln();
        let one = |yes: bool| f64::from(u8::from(yes));
        let frame = one(self.frame.is_some());
        Some([
            1.0,
            frame,
            self.frame.map_or(0.0, |w| w - 0.7),
            self.context,
            odds(of_type),
            odds(any),
            frame * odds(of_type),
            ((category + 0.05) / (neither + 0.05)).ln(),
            one(self.known),
            one(self.party),
            one(self.statement),
            one(self.military),
            one(self.hypothetical),
            one(self.bare_noun),
        ])
    }

    /// In words, for whoever asks why.
    pub fn told(&self) -> String {
        let frame = self
            .frame
            .map_or("silent".to_owned(), |w| format!("{w:.2}"));
        let heads = self.heads.map_or("unheard".to_owned(), |(t, any)| {
            format!("{t:.2} of {any:.2}")
        });
        let relevance = self.relevance.map_or("unheard".to_owned(), |(c, n)| {
            format!("{c:.2} against {n:.2}")
        });
        format!(
            "voices: frame {frame}, context {:+.2}, heads {heads}, relevance {relevance}",
            self.context
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judgement() -> Judgement {
        let weight = |f: &&str| format!("{f} = {}\n", if *f == "type" { 1.0 } else { 0.0 });
        let weights: String = FEATURES.iter().map(weight).collect();
        Judgement::parse(&format!("threshold = 0.5\n[weights]\n{weights}")).unwrap()
    }

    #[test]
    fn what_the_heads_say_counts() {
        let voices = |p| Voices {
            heads: Some((p, p)),
            ..Voices::default()
        };
        assert!(judgement().of(&voices(0.9)) > 0.85);
        assert!(judgement().of(&voices(0.1)) < 0.15);
    }

    #[test]
    fn a_type_that_no_heads_know_is_judged_by_its_frame() {
        let voices = Voices {
            frame: Some(0.7),
            context: 0.1,
            ..Voices::default()
        };
        let confidence = judgement().of(&voices);
        assert!((confidence - 0.8).abs() < 1e-9);
        assert!(judgement().accepts(&voices, confidence));
    }

    #[test]
    fn what_lies_long_back_must_be_surer() {
        let voices = |context| Voices {
            heads: Some((0.7, 0.7)),
            frame: Some(0.7),
            context,
            ..Voices::default()
        };
        let judgement = judgement();
        let confidence = judgement.of(&voices(0.0));
        assert!(judgement.accepts(&voices(0.0), confidence));
        assert!(!judgement.accepts(&voices(-0.6), confidence));
    }

    #[test]
    fn a_missing_weight_is_told() {
        let error = Judgement::parse("threshold = 0.5\n[weights]\nbias = 1.0\n").unwrap_err();
        assert!(error.contains("frame"), "{error}");
    }
}
