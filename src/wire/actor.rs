//! Actors, places, times and numbers, both ways.

use super::item::{span, span_back};
use super::{time, v1};
use crate::model::{
    Actor, ActorKind, Approximation, Location, PlacePrecision, Point, Quantity, QuantityRole, Time,
    TimePrecision,
};
use v1::{actor::Kind, quantity};

pub(super) fn actor(actor: &Actor) -> v1::Actor {
    v1::Actor {
        id: actor.id.clone(),
        name: actor.name.clone(),
        surface: actor.surface.clone(),
        span: Some(span(&actor.span)),
        kind: match actor.kind {
            ActorKind::Unspecified => Kind::Unspecified,
            ActorKind::State => Kind::State,
            ActorKind::Government => Kind::Government,
            ActorKind::Person => Kind::Person,
            ActorKind::Military => Kind::Military,
            ActorKind::ArmedGroup => Kind::ArmedGroup,
            ActorKind::Igo => Kind::Igo,
            ActorKind::Ngo => Kind::Ngo,
            ActorKind::Population => Kind::Population,
            ActorKind::Other => Kind::Other,
        }
        .into(),
        country: actor.country.clone(),
        role: actor.role.clone(),
    }
}

pub(super) fn actors(actors: &[Actor]) -> Vec<v1::Actor> {
    actors.iter().map(actor).collect()
}

pub(super) fn actor_back(message: v1::Actor) -> Actor {
    let kind = match message.kind() {
        Kind::Unspecified => ActorKind::Unspecified,
        Kind::State => ActorKind::State,
        Kind::Government => ActorKind::Government,
        Kind::Person => ActorKind::Person,
        Kind::Military => ActorKind::Military,
        Kind::ArmedGroup => ActorKind::ArmedGroup,
        Kind::Igo => ActorKind::Igo,
        Kind::Ngo => ActorKind::Ngo,
        Kind::Population => ActorKind::Population,
        Kind::Other => ActorKind::Other,
    };
    Actor {
        kind,
        id: message.id,
        name: message.name,
        surface: message.surface,
        span: span_back(message.span),
        country: message.country,
        role: message.role,
    }
}

pub(super) fn actors_back(messages: Vec<v1::Actor>) -> Vec<Actor> {
    messages.into_iter().map(actor_back).collect()
}

pub(super) fn location(location: &Location) -> v1::Location {
    use v1::location::Precision;
    v1::Location {
        name: location.name.clone(),
        country: location.country.clone(),
        admin1: location.admin1.clone(),
        geonames_id: location.geonames_id,
        point: location.point.map(|p| v1::Point {
            latitude: p.latitude,
            longitude: p.longitude,
        }),
        precision: match location.precision {
            PlacePrecision::Site => Precision::Site,
            PlacePrecision::City => Precision::City,
            PlacePrecision::Admin1 => Precision::Admin1,
            PlacePrecision::Country => Precision::Country,
            PlacePrecision::Region => Precision::Region,
            PlacePrecision::Unknown => Precision::Unknown,
        }
        .into(),
        span: Some(span(&location.span)),
    }
}

pub(super) fn location_back(message: v1::Location) -> Location {
    use v1::location::Precision;
    let precision = match message.precision() {
        Precision::Site => PlacePrecision::Site,
        Precision::City => PlacePrecision::City,
        Precision::Admin1 => PlacePrecision::Admin1,
        Precision::Country => PlacePrecision::Country,
        Precision::Region => PlacePrecision::Region,
        Precision::Unknown | Precision::Unspecified => PlacePrecision::Unknown,
    };
    Location {
        precision,
        name: message.name,
        country: message.country,
        admin1: message.admin1,
        geonames_id: message.geonames_id,
        point: message.point.map(|p| Point {
            latitude: p.latitude,
            longitude: p.longitude,
        }),
        span: span_back(message.span),
    }
}

pub(super) fn happening(when: &Time) -> v1::Time {
    use v1::time::Precision;
    v1::Time {
        start: Some(time::timestamp(when.start)),
        end: Some(time::timestamp(when.end)),
        precision: match when.precision {
            TimePrecision::Hour => Precision::Hour,
            TimePrecision::PartOfDay => Precision::PartOfDay,
            TimePrecision::Day => Precision::Day,
            TimePrecision::Week => Precision::Week,
            TimePrecision::Month => Precision::Month,
            TimePrecision::Year => Precision::Year,
            TimePrecision::Reported => Precision::Reported,
        }
        .into(),
        text: when.text.clone(),
        span: Some(span(&when.span)),
    }
}

/// A happening without both of its ends is none.
pub(super) fn happening_back(message: v1::Time) -> Option<Time> {
    use v1::time::Precision;
    let precision = match message.precision() {
        Precision::Hour => TimePrecision::Hour,
        Precision::PartOfDay => TimePrecision::PartOfDay,
        Precision::Day | Precision::Unspecified => TimePrecision::Day,
        Precision::Week => TimePrecision::Week,
        Precision::Month => TimePrecision::Month,
        Precision::Year => TimePrecision::Year,
        Precision::Reported => TimePrecision::Reported,
    };
    Some(Time {
        start: time::timestamp_back(message.start.as_ref()?)?,
        end: time::timestamp_back(message.end.as_ref()?)?,
        precision,
        text: message.text,
        span: span_back(message.span),
    })
}

pub(super) fn quantities(quantities: &[Quantity]) -> Vec<v1::Quantity> {
    quantities.iter().map(quantity).collect()
}

fn quantity(quantity: &Quantity) -> v1::Quantity {
    use quantity::{Approximation as Way, Role};
    v1::Quantity {
        value: quantity.value,
        max_value: quantity.max_value,
        approximation: match quantity.approximation {
            Approximation::Exact => Way::Exact,
            Approximation::AtLeast => Way::AtLeast,
            Approximation::About => Way::About,
            Approximation::AtMost => Way::AtMost,
        }
        .into(),
        unit: quantity.unit.clone(),
        role: match quantity.role {
            QuantityRole::Launched => Role::Launched,
            QuantityRole::Intercepted => Role::Intercepted,
            QuantityRole::Hit => Role::Hit,
            QuantityRole::Killed => Role::Killed,
            QuantityRole::Wounded => Role::Wounded,
            QuantityRole::Captured => Role::Captured,
            QuantityRole::Displaced => Role::Displaced,
            QuantityRole::Deployed => Role::Deployed,
            QuantityRole::Amount => Role::Amount,
            QuantityRole::Other => Role::Other,
        }
        .into(),
        of: quantity.of.clone(),
        span: Some(span(&quantity.span)),
    }
}

pub(super) fn quantities_back(messages: Vec<v1::Quantity>) -> Vec<Quantity> {
    messages.into_iter().map(quantity_back).collect()
}

fn quantity_back(message: v1::Quantity) -> Quantity {
    use quantity::{Approximation as Way, Role};
    let approximation = match message.approximation() {
        Way::Exact | Way::Unspecified => Approximation::Exact,
        Way::AtLeast => Approximation::AtLeast,
        Way::About => Approximation::About,
        Way::AtMost => Approximation::AtMost,
    };
    let role = match message.role() {
        Role::Launched => QuantityRole::Launched,
        Role::Intercepted => QuantityRole::Intercepted,
        Role::Hit => QuantityRole::Hit,
        Role::Killed => QuantityRole::Killed,
        Role::Wounded => QuantityRole::Wounded,
        Role::Captured => QuantityRole::Captured,
        Role::Displaced => QuantityRole::Displaced,
        Role::Deployed => QuantityRole::Deployed,
        Role::Amount => QuantityRole::Amount,
        Role::Other | Role::Unspecified => QuantityRole::Other,
    };
    Quantity {
        approximation,
        role,
        value: message.value,
        max_value: message.max_value,
        unit: message.unit,
        of: message.of,
        span: span_back(message.span),
    }
}
