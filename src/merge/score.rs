//! Whether two reports tell one happening: conflicts that rule it out, and a score with visible parts.

use super::actor::{parties, sides};
use super::place::{self, Nearness};
use super::quantity;
use super::text::Wording;
use super::time::{self, Interval};
use super::{Config, Weights};
use crate::lexicon::ontology::{EventType, Ontology, is_a};
use crate::model::{Actor, ActorKind, Report, Status};

/// What a part counts while one of the reports says nothing of it.
const UNKNOWN: f64 = 0.35;
/// Lists of actors less alike than this are strangers.
const STRANGERS: f64 = 0.35;
/// From here on actors agree.
const AGREE: f64 = 0.7;

/// What of a report is compared again and again.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shape {
    pub(super) interval: Interval,
    pub(super) wording: Wording,
}

impl Shape {
    pub(super) fn read(report: &Report) -> Self {
        Self {
            interval: time::interval(report),
            wording: Wording::read(&report.evidence.text),
        }
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
}

/// Compares two reports.
pub(super) fn compare(
    (a, shape_a): (&Report, &Shape),
    (b, shape_b): (&Report, &Shape),
    ontology: &Ontology,
    config: &Config,
) -> Score {
    let types = (ontology.get(&a.event_type), ontology.get(&b.event_type));
    let conflict = |conflict| Score {
        conflict: Some(conflict),
        ..Score::default()
    };
    let Some(event_type) = affinity(a, b, types) else {
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
    let speech = either(|t| t.speech);
    let words = shape_a.wording.similarity(&shape_b.wording);
    let fit = quantity::fit(&a.quantities, &b.quantities);
    let place = match (&a.location, &b.location) {
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
    let vague = time::is_vague(&shape_a.interval, &shape_b.interval);
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
        || vague && !(words >= 0.4 || fit.is_some_and(|f| f >= 0.5))
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

/// 1 for the same type, less for kin, none for strangers.
pub(super) fn affinity(
    a: &Report,
    b: &Report,
    types: (Option<&EventType>, Option<&EventType>),
) -> Option<f64> {
    if a.event_type == b.event_type {
        return Some(1.0);
    }
    if is_a(&a.event_type, &b.event_type) || is_a(&b.event_type, &a.event_type) {
        return Some(0.95);
    }
    let (x, y) = (types.0?, types.1?);
    if x.parent.is_some() && x.parent == y.parent {
        return Some(0.75);
    }
    x.families
        .iter()
        .any(|f| y.families.contains(f))
        .then_some(0.6)
}

/// A threat or a condition, where the type itself is none.
fn is_unreal(report: &Report, event_type: Option<&EventType>) -> bool {
    let inherent = event_type.is_some_and(|t| t.headline.inherent == Some(report.status));
    !inherent && matches!(report.status, Status::Threatened | Status::Hypothetical)
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
    let addressee = sides(&a.targets, &b.targets).is_some_and(|s| s >= super::actor::SAME);
    let words = shape_a.wording.similarity(&shape_b.wording);
    let alike = words >= config.speech_words || addressee && words >= config.speech_words * 0.6;
    speaker && (alike || shape_a.wording.is_copy(&shape_b.wording, config.copy))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;
    use super::*;
    use crate::model::*;

    fn scored(a: Report, b: Report) -> Score {
        let (shape_a, shape_b) = (Shape::read(&a), Shape::read(&b));
        compare(
            (&a, &shape_a),
            (&b, &shape_b),
            &ontology(),
            &Config::default(),
        )
    }

    fn joins(a: Report, b: Report) -> bool {
        let score = scored(a, b);
        score.conflict.is_none() && !score.weak && score.total >= Config::default().join
    }

    fn kharkiv() -> Location {
        city("Kharkiv", "UKR", 49.99, 36.23)
    }

    fn night(item: &str, from: &str, to: &str) -> Draft {
        report("military.strike.drone", item)
            .by(state("RUS", "Russia"))
            .on(state("UKR", "Ukraine"))
            .place(kharkiv())
            .told(&format!("{to}T08:00:00Z"))
            .time(span(
                &format!("{from}T20:00:00Z"),
                &format!("{to}T05:00:00Z"),
                TimePrecision::PartOfDay,
            ))
    }

    #[test]
    fn strikes_on_one_city_on_consecutive_nights_stay_apart() {
        let first = || night("a", "2026-03-02", "2026-03-03");
        assert!(joins(
            first().build(),
            night("b", "2026-03-02", "2026-03-03").build()
        ));
        let second = night("b", "2026-03-03", "2026-03-04").build();
        assert_eq!(
            scored(first().build(), second).conflict,
            Some(Conflict::Time)
        );
    }

    #[test]
    fn retaliation_is_not_the_strike() {
        let strike = |by: Actor, on: Actor, item: &str| {
            report("military.strike.missile", item)
                .by(by)
                .on(on)
                .told("2026-03-03T08:00:00Z")
                .build()
        };
        let (iran, israel) = (state("IRN", "Iran"), state("ISR", "Israel"));
        let score = scored(
            strike(israel.clone(), iran.clone(), "a"),
            strike(iran, israel, "b"),
        );
        assert_eq!(score.conflict, Some(Conflict::Initiators));
    }

    #[test]
    fn another_summit_stays_apart_and_the_announced_one_joins() {
        let meeting = |item: &str, told: &str, on: &str| {
            report("diplomatic.meeting", item)
                .with(state("ARM", "Armenia"))
                .with(state("AZE", "Azerbaijan"))
                .told(told)
                .time(day(on))
        };
        let plan = || {
            meeting("a", "2026-03-16T09:00:00Z", "2026-03-19")
                .status(Status::Planned)
                .build()
        };
        assert!(joins(
            plan(),
            meeting("b", "2026-03-19T16:00:00Z", "2026-03-19").build()
        ));
        let earlier = meeting("b", "2026-03-16T09:00:00Z", "2026-01-20").build();
        assert_eq!(scored(plan(), earlier).conflict, Some(Conflict::Time));
        let with_turkey = report("diplomatic.meeting", "b")
            .with(state("ARM", "Armenia"))
            .with(state("TUR", "Turkey"));
        let with_turkey = with_turkey
            .told("2026-03-19T16:00:00Z")
            .time(day("2026-03-19"))
            .build();
        assert_eq!(
            scored(plan(), with_turkey).conflict,
            Some(Conflict::Participants)
        );
    }

    #[test]
    fn a_toll_joins_the_strike_that_made_it() {
        let nabatieh = || city("Nabatieh", "LBN", 33.38, 35.48);
        let strike = report("military.strike.air", "a")
            .by(state("ISR", "Israel"))
            .place(nabatieh())
            .killed(2.0);
        let strike = strike
            .told("2026-04-07T09:00:00Z")
            .time(day("2026-04-07"))
            .build();
        let toll = report("military.casualties", "b")
            .place(nabatieh())
            .killed(5.0);
        let toll = toll
            .told("2026-04-08T08:00:00Z")
            .time(day("2026-04-07"))
            .build();
        assert!(joins(strike, toll));
    }

    #[test]
    fn speech_needs_the_speaker_and_the_words() {
        let says = |item: &str, who: Actor, words: &str| {
            report("diplomatic.statement", item)
                .by(who)
                .told("2026-03-03T08:00:00Z")
                .says(words)
                .build()
        };
        let lavrov = || person("person.sergei-lavrov", "Sergei Lavrov", "RUS");
        let peskov = || person("person.dmitry-peskov", "Dmitry Peskov", "RUS");
        let words = "Moscow is ready for talks on a lasting settlement but sees no will in Kyiv";
        let alike = "Moscow remains ready for talks on a settlement, but Kyiv lacks the will";
        let other = "Deliveries of gas through the southern route will grow next year";
        assert!(joins(
            says("a", lavrov(), words),
            says("b", lavrov(), alike)
        ));
        assert!(!joins(
            says("a", lavrov(), words),
            says("b", lavrov(), other)
        ));
        assert!(!joins(
            says("a", lavrov(), words),
            says("b", peskov(), alike)
        ));
    }

    #[test]
    fn both_sides_blame_each_other_for_one_attack() {
        let attack = |item: &str, by: Actor| {
            report("military.strike.artillery", item)
                .by(by)
                .place(city("Enerhodar", "UKR", 47.5, 34.66))
                .told("2026-03-03T08:00:00Z")
                .time(day("2026-03-03"))
                .killed(3.0)
                .build()
        };
        assert!(joins(
            attack("a", state("RUS", "Russia")),
            attack("b", state("UKR", "Ukraine"))
        ));
    }

    #[test]
    fn little_in_common_is_not_enough() {
        let strike = |item: &str, words: &str| {
            report("military.strike", item)
                .told("2026-03-03T08:00:00Z")
                .time(day("2026-03-03"))
                .killed(2.0)
                .says(words)
                .build()
        };
        let score = scored(
            strike("a", "A shell hit a market"),
            strike("b", "Two died under a roof"),
        );
        assert!(score.weak && score.conflict.is_none());
    }

    #[test]
    fn a_condition_is_not_the_fact() {
        let strike = |item: &str, status| {
            report("military.strike", item)
                .by(state("USA", "United States"))
                .on(state("IRN", "Iran"))
                .told("2026-03-03T08:00:00Z")
                .status(status)
                .build()
        };
        let score = scored(
            strike("a", Status::Hypothetical),
            strike("b", Status::Occurred),
        );
        assert_eq!(score.conflict, Some(Conflict::Reality));
    }
}
