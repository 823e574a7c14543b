//! Whether two reports tell one happening: conflicts that rule it out, and a score with visible parts.

use super::actor::{parties, sides};
use super::place::{self, Nearness};
use super::quantity;
use super::rules::Rules;
use super::text::Wording;
use super::time::{self, Ground, Interval};
use super::{Config, Weights};
use crate::lexicon::ontology::{EventType, Ontology};
use crate::model::{Actor, ActorKind, Report, Status};
use std::fmt;

/// What a part counts while one of the reports says nothing of it.
const UNKNOWN: f64 = 0.35;
/// Lists of actors less alike than this are strangers.
const STRANGERS: f64 = 0.35;
/// Reports whose times tell nothing are of one happening only in words so much alike.
const VAGUE_WORDS: f64 = 0.6;
/// Seconds between two publications of which one is at most a day's news later.
const NEXT_DAY: i64 = 36 * 3_600;
/// Fewer words in common are a formula ("claims responsibility for the attack"), not one act of speech.
const FEWEST_WORDS: usize = 5;
/// From here on actors agree.
const AGREE: f64 = 0.7;

/// What of a report is compared again and again.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shape {
    /// Where in the ontology the type stands.
    pub(super) event_type: Option<usize>,
    pub(super) interval: Interval,
    pub(super) wording: Wording,
}

impl Shape {
    pub(super) fn read(report: &Report, ontology: &Ontology) -> Self {
        Self {
            event_type: ontology.position(&report.event_type),
            interval: time::interval(report, ontology.is_follow_up(&report.evidence.text)),
            wording: Wording::read(&report.evidence.text),
        }
    }
}

impl Shape {
    pub(super) fn event_type<'a>(&self, ontology: &'a Ontology) -> Option<&'a EventType> {
        self.event_type.map(|i| &ontology.types()[i])
    }
}

/// How well two reports fit together. Parts are 0 to 1, none where one of the two says nothing of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Score {
    pub event_type: Option<f64>,
    pub actors: Option<f64>,
    pub place: Option<f64>,
    pub time: Option<f64>,
    pub quantities: Option<f64>,
    pub words: Option<f64>,
    /// Weighted mean of the parts, 0 to 1.
    pub total: f64,
    /// Why they can't be of one happening, whatever the total.
    pub conflict: Option<Conflict>,
    /// Too little is shared to say that they are, whatever the total.
    pub weak: bool,
}

/// What rules out that two reports are of one happening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// No type family in common.
    Type,
    /// The times lie apart.
    Time,
    /// The places lie apart.
    Place,
    /// Somebody else did it; retaliation among it.
    Initiators,
    /// It was done to somebody else.
    Targets,
    /// Others took part.
    Participants,
    /// One is a threat or a condition only.
    Reality,
    /// The later toll is far below the earlier one.
    Toll,
}

/// `0.71: type 1.00, actors 0.85, place -, …`, with what rules it out; for a person's eyes.
impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(conflict) = self.conflict {
            return write!(f, "ruled out: {conflict}");
        }
        let parts = [
            ("type", self.event_type),
            ("actors", self.actors),
            ("place", self.place),
            ("time", self.time),
            ("numbers", self.quantities),
            ("words", self.words),
        ];
        write!(f, "{:.2}:", self.total)?;
        for (i, (name, part)) in parts.into_iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            match part {
                Some(part) => write!(f, "{comma} {name} {part:.2}")?,
                None => write!(f, "{comma} {name} -")?,
            }
        }
        if self.weak {
            write!(f, "; too little is shared")?;
        }
        Ok(())
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Conflict::Type => "no type family in common",
            Conflict::Time => "the times lie apart",
            Conflict::Place => "the places lie apart",
            Conflict::Initiators => "others did it",
            Conflict::Targets => "it was done to others",
            Conflict::Participants => "others took part",
            Conflict::Reality => "one is a threat or a condition only",
            Conflict::Toll => "the later toll is far below the earlier one",
        })
    }
}

/// Compares two reports.
pub(super) fn compare(
    (a, shape_a): (&Report, &Shape),
    (b, shape_b): (&Report, &Shape),
    rules: &Rules,
) -> Score {
    let Rules {
        ontology, config, ..
    } = rules;
    let types = (shape_a.event_type(ontology), shape_b.event_type(ontology));
    let conflict = |conflict| Score {
        conflict: Some(conflict),
        ..Score::default()
    };
    let Some(event_type) = rules.affinity(shape_a.event_type, shape_b.event_type) else {
        return conflict(Conflict::Type);
    };
    let either = |of: fn(&EventType) -> bool| types.0.is_some_and(of) || types.1.is_some_and(of);
    let lasting = types
        .0
        .map_or(0, |t| t.lasting)
        .max(types.1.map_or(0, |t| t.lasting));
    let Some(time) = time::agreement(&shape_a.interval, &shape_b.interval, lasting) else {
        return conflict(Conflict::Time);
    };
    if is_unreal(a, types.0) != is_unreal(b, types.1) {
        return conflict(Conflict::Reality);
    }
    if toll_falls(a, b, shape_a, shape_b) {
        return conflict(Conflict::Toll);
    }
    let speech = either(|t| t.speech);
    let words = shape_a.wording.similarity(&shape_b.wording);
    let fit = quantity::fit(&a.quantities, &b.quantities);
    let place = match (place::of(a), place::of(b)) {
        // Where a speaker stood is told or left out at will.
        (Some(a), Some(b)) if !speech => match place::compare(a, b) {
            Nearness::Compatible(worth) => Some(worth),
            // One attack on several towns: the number of what was fired holds it together.
            Nearness::Apart if fit.is_some_and(|f| f >= 0.99) => Some(0.1),
            Nearness::Apart => return conflict(Conflict::Place),
        },
        _ => None,
    };
    let roles = if either(|t| t.either_side) {
        match regardless_of_role(a, b) {
            Ok(roles) => roles,
            Err(found) => return conflict(found),
        }
    } else {
        // Each side may blame the other for one attack; then place and toll or words hold it together.
        let blame =
            place.is_some_and(|p| p >= 0.9) && (fit.is_some_and(|f| f >= 0.6) || words >= 0.35);
        match by_role(a, b, blame && !speech) {
            Ok(roles) => roles,
            Err(found) => return conflict(found),
        }
    };
    let mut score = Score {
        event_type: Some(event_type),
        actors: roles.part,
        place,
        time: Some(time),
        quantities: fit.map(|f| (f + 1.0) / 2.0),
        words: Some(words),
        total: 0.0,
        conflict: None,
        weak: false,
    };
    score.total = total(&score, &config.weights);
    let grounds = roles.grounds
        + place.map_or(0, |p| {
            if p >= 0.7 && !speech {
                2
            } else {
                u32::from(p >= 0.4)
            }
        })
        + u32::from(words >= config.speech_words)
        + u32::from(fit.is_some_and(|f| f >= 0.6));
    score.weak = grounds < 2
        || time::is_vague(&shape_a.interval, &shape_b.interval)
            && !(roles.grounds >= 1 && (is_fulfilled(a, b) || goes_on(&score, a, b)))
            && !despite_vague_times(&score, fit, shape_a, shape_b)
        || speech && !same_speech(a, b, shape_a, shape_b, config);
    score
}

fn total(score: &Score, weights: &Weights) -> f64 {
    let parts = [
        (score.event_type, weights.event_type),
        (score.actors, weights.actors),
        (score.place, weights.place),
        (score.time, weights.time),
        (score.quantities, weights.quantities),
        (score.words, weights.words),
    ];
    let weight: f64 = parts.iter().map(|(_, w)| w).sum();
    if weight <= 0.0 {
        return 0.0;
    }
    parts
        .iter()
        .map(|(part, w)| part.unwrap_or(UNKNOWN) * w)
        .sum::<f64>()
        / weight
}

/// A threat or a condition, where the type itself is none.
fn is_unreal(report: &Report, event_type: Option<&EventType>) -> bool {
    let inherent = event_type.is_some_and(|t| t.headline.inherent == Some(report.status));
    !inherent && matches!(report.status, Status::Threatened | Status::Hypothetical)
}

/// A plan, and the happening told after it.
fn is_fulfilled(a: &Report, b: &Report) -> bool {
    let fulfils = |plan: &Report, fact: &Report| {
        plan.status == Status::Planned
            && matches!(fact.status, Status::Occurred | Status::Ongoing)
            && time::told(plan) <= time::told(fact)
    };
    fulfils(a, b) || fulfils(b, a)
}

/// Fighting that one of them says goes on, in the same town or province.
fn goes_on(score: &Score, a: &Report, b: &Report) -> bool {
    let ongoing = a.status == Status::Ongoing || b.status == Status::Ongoing;
    ongoing && score.place.is_some_and(|p| p >= 0.7)
}

/// Tolls grow; one told half a day later that is far below the earlier one is of another happening, unless it says that it
/// comes back to the same.
fn toll_falls(a: &Report, b: &Report, shape_a: &Shape, shape_b: &Shape) -> bool {
    let (a, b) = ((a, &shape_a.interval), (b, &shape_b.interval));
    let ((first, earlier), (second, later)) = if a.1.told <= b.1.told { (a, b) } else { (b, a) };
    later.told - earlier.told >= NEXT_DAY / 3
        && later.ground != Ground::Revisited
        && quantity::falls(&first.quantities, &second.quantities)
}

/// Times that tell nothing are made up for by words much alike, by numbers, or, from one day to the next, by the same town
/// in words rather alike; but not where tolls differ without a word that the toll rose.
fn despite_vague_times(score: &Score, fit: Option<f64>, a: &Shape, b: &Shape) -> bool {
    let words = score.words.unwrap_or(0.0);
    let next_day = (a.interval.told - b.interval.told).abs() <= NEXT_DAY;
    let same_town = score.place.is_some_and(|p| p >= 0.9) && words >= VAGUE_WORDS * 0.75;
    match fit {
        Some(fit) if fit >= 0.5 => true,
        Some(fit) if fit <= 0.0 => false,
        _ => words >= VAGUE_WORDS || next_day && same_town,
    }
}

/// What the actors of two reports say: their part of the score, and on how many grounds they hold the two together.
struct Roles {
    part: Option<f64>,
    grounds: u32,
}

fn regardless_of_role(a: &Report, b: &Report) -> Result<Roles, Conflict> {
    let (ours, theirs) = (parties(a).count(), parties(b).count());
    let part = sides(parties(a), parties(b));
    let both_known = ours >= 2 && theirs >= 2;
    match part {
        Some(s) if s < if both_known { 0.75 } else { STRANGERS } => Err(Conflict::Participants),
        Some(s) if s >= AGREE => Ok(Roles {
            part,
            grounds: if both_known { 2 } else { 1 },
        }),
        _ => Ok(Roles { part, grounds: 0 }),
    }
}

fn by_role(a: &Report, b: &Report, blame: bool) -> Result<Roles, Conflict> {
    let initiators = sides(&a.initiators, &b.initiators);
    let targets = sides(&a.targets, &b.targets);
    if initiators.is_some_and(|s| s < STRANGERS) && !blame {
        return Err(Conflict::Initiators);
    }
    let organised = |actors: &[Actor]| {
        use ActorKind::{ArmedGroup, Government, Igo, Military, State};
        actors
            .iter()
            .all(|x| matches!(x.kind, State | Government | Military | ArmedGroup | Igo))
    };
    if targets.is_some_and(|s| s < 0.2) && organised(&a.targets) && organised(&b.targets) && !blame
    {
        return Err(Conflict::Targets);
    }
    let part = match (initiators, targets) {
        (Some(i), Some(t)) => Some((2.0 * i + t) / 3.0),
        (i, t) => i.or(t),
    };
    let agrees = |s: Option<f64>| u32::from(s.is_some_and(|s| s >= AGREE));
    Ok(Roles {
        part,
        grounds: agrees(initiators) + agrees(targets),
    })
}

/// One act of speech: the same speaker, and a copy, like words, or the same addressee and words not unlike.
fn same_speech(a: &Report, b: &Report, shape_a: &Shape, shape_b: &Shape, config: &Config) -> bool {
    let speaker = sides(&a.initiators, &b.initiators).is_some_and(|s| s >= super::actor::SAME);
    let known = |actors: &[Actor]| actors.iter().any(|x| !x.id.is_empty());
    let addressee = known(&a.targets)
        && known(&b.targets)
        && sides(&a.targets, &b.targets).is_some_and(|s| s >= super::actor::SAME);
    let words = shape_a.wording.similarity(&shape_b.wording);
    let enough = shape_a.wording.shared(&shape_b.wording) >= FEWEST_WORDS;
    let alike =
        enough && words >= config.speech_words || addressee && words >= config.speech_words * 0.6;
    speaker && (alike || shape_a.wording.is_copy(&shape_b.wording, config.copy))
}

#[cfg(test)]
mod tests;
