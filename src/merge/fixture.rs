//! Reports built in code, for the tests of this room.

use crate::lexicon::ontology::Ontology;
use crate::model::*;
use jiff::Timestamp;

pub(super) fn ontology() -> Ontology {
    Ontology::load(include_str!("../../lexicon/ontology.toml"), "ontology.toml").unwrap()
}

pub(super) fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

pub(super) fn state(id: &str, name: &str) -> Actor {
    actor(id, name, id, ActorKind::State)
}

pub(super) fn person(id: &str, name: &str, country: &str) -> Actor {
    actor(id, name, country, ActorKind::Person)
}

pub(super) fn group(id: &str, name: &str, country: &str) -> Actor {
    actor(id, name, country, ActorKind::ArmedGroup)
}

pub(super) fn actor(id: &str, name: &str, country: &str, kind: ActorKind) -> Actor {
    Actor {
        id: id.into(),
        name: name.into(),
        surface: name.into(),
        kind,
        country: country.into(),
        ..Actor::default()
    }
}

pub(super) fn city(name: &str, country: &str, latitude: f64, longitude: f64) -> Location {
    Location {
        name: name.into(),
        country: country.into(),
        point: Some(Point {
            latitude,
            longitude,
        }),
        precision: PlacePrecision::City,
        ..Location::default()
    }
}

pub(super) fn country(name: &str, code: &str) -> Location {
    Location {
        name: name.into(),
        country: code.into(),
        precision: PlacePrecision::Country,
        ..Location::default()
    }
}

pub(super) fn span(from: &str, to: &str, precision: TimePrecision) -> Time {
    Time {
        start: at(from),
        end: at(to),
        precision,
        ..Time::default()
    }
}

pub(super) fn day(date: &str) -> Time {
    span(
        &format!("{date}T00:00:00Z"),
        &format!("{date}T23:59:59Z"),
        TimePrecision::Day,
    )
}

/// A report in the making.
pub(super) struct Draft(Report);

pub(super) fn report(event_type: &str, item_id: &str) -> Draft {
    let category = if event_type.starts_with("military") {
        Category::Military
    } else {
        Category::Diplomatic
    };
    Draft(Report {
        item_id: item_id.into(),
        item_version: 1,
        source: format!("{item_id}.example"),
        category,
        event_type: event_type.into(),
        confidence: 0.7,
        evidence: Span {
            text: format!("{item_id} tells of it"),
            ..Span::default()
        },
        ..Report::default()
    })
}

impl Draft {
    pub(super) fn told(mut self, time: &str) -> Self {
        self.0.published_at = Some(at(time));
        self
    }
    pub(super) fn by(mut self, actor: Actor) -> Self {
        self.0.initiators.push(actor);
        self
    }
    pub(super) fn on(mut self, actor: Actor) -> Self {
        self.0.targets.push(actor);
        self
    }
    pub(super) fn with(mut self, actor: Actor) -> Self {
        self.0.participants.push(actor);
        self
    }
    pub(super) fn place(mut self, place: Location) -> Self {
        self.0.location = Some(place);
        self
    }
    pub(super) fn time(mut self, time: Time) -> Self {
        self.0.time = Some(time);
        self
    }
    pub(super) fn status(mut self, status: Status) -> Self {
        self.0.status = status;
        self
    }
    pub(super) fn says(mut self, evidence: &str) -> Self {
        self.0.evidence.text = evidence.into();
        self
    }
    pub(super) fn source(mut self, source: &str) -> Self {
        self.0.source = source.into();
        self.0.origin = source.into();
        self
    }
    pub(super) fn according_to(mut self, actor: Actor) -> Self {
        self.0.attribution = Some(actor);
        self
    }
    pub(super) fn sure(mut self, confidence: f64) -> Self {
        self.0.confidence = confidence;
        self
    }
    pub(super) fn count(mut self, role: QuantityRole, value: f64, unit: &str) -> Self {
        self.0.quantities.push(Quantity {
            value,
            unit: unit.into(),
            role,
            ..Quantity::default()
        });
        self
    }
    pub(super) fn killed(self, value: f64) -> Self {
        self.count(QuantityRole::Killed, value, "person")
    }
    pub(super) fn build(self) -> Report {
        self.0
    }
}
