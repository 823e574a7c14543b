//! Frames: pattern families of event types, each in a file of its own with sentences that must and must not fire.

use super::strict::{self, Error};
use crate::linguistics::Rel;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use toml::Spanned;

/// A frame as it stands in its file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// Type of the ontology that it yields.
    #[serde(rename = "type")]
    pub event_type: Spanned<String>,
    /// Where parties are looked for, unless a trigger says otherwise.
    #[serde(default)]
    pub roles: Roles,
    /// Roles of which at least one must be filled, each entry an alternative list: `["initiator", "target|place"]`.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Words as written (lower case) whose sentences are read in any case. Most sentences that hold no event are not read at
    /// all; what decides that was learnt from news, and may not know a new type's words.
    #[serde(default)]
    pub admits: Vec<String>,
    #[serde(rename = "trigger")]
    pub triggers: Vec<Trigger>,
    /// Sentences that must fire.
    #[serde(default, rename = "match")]
    pub matches: Vec<MatchExample>,
    /// Sentences that must not.
    #[serde(default, rename = "reject")]
    pub rejects: Vec<RejectExample>,
}

/// Where the parties of an event are looked for. Paths are tried in order; the first that is filled wins, and all that
/// is coordinated with its filler comes along.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roles {
    pub initiator: Option<Paths>,
    pub target: Option<Paths>,
    /// For symmetric types; every path is used, not only the first.
    pub participant: Option<Paths>,
    pub place: Option<Paths>,
    /// Classes, one of which a filler must belong to.
    #[serde(default)]
    pub initiator_is: Vec<String>,
    #[serde(default)]
    pub target_is: Vec<String>,
    #[serde(default)]
    pub participant_is: Vec<String>,
}

/// Words that evoke a frame, with what must surround them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Verb lemmas, a particle after a space: `shoot down`.
    #[serde(default)]
    pub verb: Vec<String>,
    /// Noun lemmas, compound modifiers before a space: `air strike`.
    #[serde(default)]
    pub noun: Vec<String>,
    /// Words as written (lower case), several after spaces; whatever their part of speech. The last one is the trigger's head.
    #[serde(default)]
    pub form: Vec<String>,
    /// Adjective or participle lemmas.
    #[serde(default)]
    pub adjective: Vec<String>,
    /// For each path, classes one of which must be found there. `sentence` is any word of the sentence.
    #[serde(default, rename = "where")]
    pub gates: BTreeMap<Paths, Classes>,
    /// For each path, classes none of which may be found there.
    #[serde(default)]
    pub not: BTreeMap<Paths, Classes>,
    #[serde(default)]
    pub roles: Roles,
    /// Roles that must be filled for this trigger, in place of the frame's.
    pub needs: Option<Vec<String>>,
    /// How sure a match is by itself, 0 to 1.
    #[serde(default = "usual_weight")]
    pub weight: f64,
    /// Status that the act itself has: `threatened`, `denied`, `planned`.
    pub status: Option<String>,
    /// For a noun: it counts only under a verb that carries it out ("launch an attack"), a verb of taking place, or with a party of its own.
    #[serde(default)]
    pub supported: bool,
    /// The trigger is the reporting verb itself: what it says is content, and its speaker the initiator.
    #[serde(default)]
    pub speech: bool,
}

fn usual_weight() -> f64 {
    0.7
}

/// A sentence that must fire, with what must be found.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchExample {
    pub text: Spanned<String>,
    /// `published_at` of the item, a day; 2026-03-04 when left out (a Wednesday).
    pub date: Option<String>,
    /// Ids or names, each of which must be among those found.
    #[serde(default)]
    pub initiators: Vec<String>,
    #[serde(default)]
    pub targets: Vec<String>,
    #[serde(default)]
    pub participants: Vec<String>,
    pub place: Option<String>,
    /// Days: `2026-03-03` or `2026-03-03/2026-03-04`.
    pub time: Option<String>,
    /// Lower case: `occurred` when left out.
    pub status: Option<String>,
    /// Id or name of the claimant; `none` for the reporter's own voice.
    pub claimant: Option<String>,
    /// Each `killed 12 person` or `launched 49 drone`.
    #[serde(default)]
    pub quantities: Vec<String>,
    /// How many events of this frame's type are expected; 1 when left out.
    pub count: Option<usize>,
    /// Why the engine does not manage it yet. The test then insists that it fails, so that the mark goes when the gap does.
    pub gap: Option<String>,
}

/// A sentence that must not fire.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RejectExample {
    pub text: Spanned<String>,
    /// For the reader: negated, sport, business, figurative, historical ...
    pub why: String,
    /// As for sentences that must fire.
    pub gap: Option<String>,
}

/// One or several classes.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Classes {
    One(String),
    Many(Vec<String>),
}

impl Classes {
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        match self {
            Classes::One(one) => std::slice::from_ref(one).iter().map(String::as_str),
            Classes::Many(many) => many.iter().map(String::as_str),
        }
    }
}

/// Alternatives separated by `|`, each a chain of steps separated by `.`: `subj|poss|ccomp.subj`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Paths(pub Vec<Path>);

/// One alternative.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Path {
    /// Steps down the graph.
    Steps(Vec<Rel>),
    /// Any word of the trigger's sentence.
    Sentence,
    /// Any word of the clause that the trigger governs.
    Clause,
    /// What the trigger hangs on: the noun that a participle describes, the verb that a noun is the object of.
    Head,
    /// The trigger word itself.
    Itself,
}

impl<'de> Deserialize<'de> for Paths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Paths::read(&text).map_err(serde::de::Error::custom)
    }
}

impl Paths {
    /// Reads the notation.
    pub fn read(text: &str) -> Result<Paths, String> {
        text.split('|')
            .map(|alternative| Path::read(alternative.trim()))
            .collect::<Result<_, _>>()
            .map(Paths)
    }
}

impl Path {
    fn read(text: &str) -> Result<Path, String> {
        match text {
            "sentence" => return Ok(Path::Sentence),
            "clause" => return Ok(Path::Clause),
            "head" => return Ok(Path::Head),
            "itself" => return Ok(Path::Itself),
            _ => {}
        }
        let steps = text.split('.').map(|step| match step {
            "subj" => Ok(Rel::Subj),
            "obj" => Ok(Rel::Obj),
            "iobj" => Ok(Rel::Iobj),
            "poss" => Ok(Rel::Poss),
            "mod" => Ok(Rel::Mod),
            "ccomp" => Ok(Rel::Ccomp),
            "xcomp" => Ok(Rel::Xcomp),
            "advcl" => Ok(Rel::Advcl),
            "acl" => Ok(Rel::Acl),
            "parataxis" => Ok(Rel::Parataxis),
            word if !word.is_empty()
                && word.chars().all(|c| c.is_ascii_lowercase() || c == '_') =>
            {
                Ok(Rel::Prep(word.into()))
            }
            other => Err(format!(
                "expected a path such as `subj`, `obj`, `on` or `ccomp.subj`, found `{other}`"
            )),
        });
        steps.collect::<Result<_, _>>().map(Path::Steps)
    }
}

impl Frame {
    /// Reads a frame's file and checks what can be checked without an engine.
    pub fn read(text: &str, file: &str) -> Result<Frame, Error> {
        let frame: Frame = strict::read(text, file)?;
        let at = |offset: usize, message: String| Error::at(file, text, offset..offset, message);
        for trigger in &frame.triggers {
            if trigger.verb.is_empty()
                && trigger.noun.is_empty()
                && trigger.form.is_empty()
                && trigger.adjective.is_empty()
            {
                return Err(at(frame.event_type.span().start, "expected `verb`, `noun`, `form` or `adjective` in every [[trigger]], found one without".into()));
            }
            if !(0.0..=1.0).contains(&trigger.weight) {
                return Err(at(
                    frame.event_type.span().start,
                    format!("expected a weight from 0 to 1, found {}", trigger.weight),
                ));
            }
            if let Some(status) = &trigger.status
                && status_of(status).is_none()
            {
                return Err(at(
                    frame.event_type.span().start,
                    format!("expected a status such as `planned`, found `{status}`"),
                ));
            }
        }
        for example in &frame.matches {
            if let Some(status) = &example.status
                && status_of(status).is_none()
            {
                return Err(at(
                    example.text.span().start,
                    format!("expected a status such as `planned`, found `{status}`"),
                ));
            }
        }
        for need in frame.needs.iter().chain(
            frame
                .triggers
                .iter()
                .filter_map(|t| t.needs.as_ref())
                .flatten(),
        ) {
            for role in need.split('|') {
                if ![
                    "initiator",
                    "target",
                    "participant",
                    "two_participants",
                    "place",
                    "quantity",
                    "time",
                    "party",
                ]
                .contains(&role)
                {
                    return Err(at(
                        frame.event_type.span().start,
                        format!(
                            "expected a role such as `initiator` or `target|place` in needs, found `{role}`"
                        ),
                    ));
                }
            }
        }
        Ok(frame)
    }
}

/// A status by its lower-case name.
pub fn status_of(name: &str) -> Option<crate::model::Status> {
    use crate::model::Status;
    Some(match name {
        "occurred" => Status::Occurred,
        "ongoing" => Status::Ongoing,
        "planned" => Status::Planned,
        "claimed" => Status::Claimed,
        "denied" => Status::Denied,
        "threatened" => Status::Threatened,
        "hypothetical" => Status::Hypothetical,
        _ => return None,
    })
}
