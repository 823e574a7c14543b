//! Events, both ways.

use super::actor::{
    actors, actors_back, happening, happening_back, location, location_back, quantities,
    quantities_back,
};
use super::report::{report, report_back};
use super::{Unreadable, time, v1};
use crate::lexicon::ontology::EventType;
use crate::model::{Category, Codes, Dispute, Engine, Event, Side, Status};
use prost::Message;

/// An event as a message, with the reports that it holds.
pub fn event(event: &Event) -> v1::Event {
    v1::Event {
        id: event.id.clone(),
        revision: event.revision,
        category: category(event.category).into(),
        r#type: event.event_type.clone(),
        codes: Some(codes(&event.codes)),
        summary: event.summary.clone(),
        initiators: actors(&event.initiators),
        targets: actors(&event.targets),
        participants: actors(&event.participants),
        location: event.location.as_ref().map(location),
        time: event.time.as_ref().map(happening),
        status: status(event.status).into(),
        quantities: quantities(&event.quantities),
        confidence: event.confidence,
        first_reported: Some(time::timestamp(event.first_reported)),
        last_reported: Some(time::timestamp(event.last_reported)),
        report_count: event.report_count,
        independent_source_count: event.independent_source_count,
        disputes: event.disputes.iter().map(dispute).collect(),
        reports: event.reports.iter().map(report).collect(),
        merged_into: event.merged_into.clone(),
        retracted: event.retracted,
        engine: Some(engine(&event.engine)),
    }
}

/// A message as an event.
pub(super) fn event_back(message: v1::Event) -> Event {
    Event {
        category: match message.category() {
            v1::Category::Military => Category::Military,
            v1::Category::Diplomatic => Category::Diplomatic,
            v1::Category::Unspecified => category_of_type(&message.r#type),
        },
        status: status_back(message.status()),
        id: message.id,
        revision: message.revision,
        event_type: message.r#type,
        codes: message.codes.map(codes_back).unwrap_or_default(),
        summary: message.summary,
        initiators: actors_back(message.initiators),
        targets: actors_back(message.targets),
        participants: actors_back(message.participants),
        location: message.location.map(location_back),
        time: message.time.and_then(happening_back),
        quantities: quantities_back(message.quantities),
        confidence: message.confidence,
        first_reported: reported(message.first_reported),
        last_reported: reported(message.last_reported),
        report_count: message.report_count,
        independent_source_count: message.independent_source_count,
        disputes: message.disputes.into_iter().map(dispute_back).collect(),
        reports: message.reports.into_iter().map(report_back).collect(),
        merged_into: message.merged_into,
        retracted: message.retracted,
        engine: message.engine.map(engine_back).unwrap_or_default(),
    }
}

fn reported(message: Option<pbjson_types::Timestamp>) -> jiff::Timestamp {
    message
        .as_ref()
        .and_then(time::timestamp_back)
        .unwrap_or_default()
}

/// An event as stored bytes, with the reports that it holds.
pub fn encode_event(value: &Event) -> Vec<u8> {
    event(value).encode_to_vec()
}

/// Stored bytes as an event.
pub fn decode_event(bytes: &[u8]) -> Result<Event, Unreadable> {
    let message = v1::Event::decode(bytes).map_err(|e| Unreadable::new("Event", e))?;
    Ok(event_back(message))
}

/// The number of a category in the protocol; stored, so it never changes.
pub fn category_number(value: Category) -> i32 {
    category(value).into()
}

/// The number of a status in the protocol; stored, so it never changes.
pub fn status_number(value: Status) -> i32 {
    status(value).into()
}

pub(super) fn category(category: Category) -> v1::Category {
    match category {
        Category::Diplomatic => v1::Category::Diplomatic,
        Category::Military => v1::Category::Military,
    }
}

/// Reports say their type only; its first word is its category.
pub(super) fn category_of_type(event_type: &str) -> Category {
    match event_type.split('.').next() {
        Some("military") => Category::Military,
        _ => Category::Diplomatic,
    }
}

pub(super) fn status(status: Status) -> v1::Status {
    match status {
        Status::Occurred => v1::Status::Occurred,
        Status::Ongoing => v1::Status::Ongoing,
        Status::Planned => v1::Status::Planned,
        Status::Claimed => v1::Status::Claimed,
        Status::Denied => v1::Status::Denied,
        Status::Threatened => v1::Status::Threatened,
        Status::Hypothetical => v1::Status::Hypothetical,
    }
}

pub(super) fn status_back(message: v1::Status) -> Status {
    match message {
        v1::Status::Occurred | v1::Status::Unspecified => Status::Occurred,
        v1::Status::Ongoing => Status::Ongoing,
        v1::Status::Planned => Status::Planned,
        v1::Status::Claimed => Status::Claimed,
        v1::Status::Denied => Status::Denied,
        v1::Status::Threatened => Status::Threatened,
        v1::Status::Hypothetical => Status::Hypothetical,
    }
}

/// Codes as a message.
pub fn codes(codes: &Codes) -> v1::Codes {
    v1::Codes {
        cameo: codes.cameo.clone(),
        cameo_alternatives: codes.cameo_alternatives.clone(),
        plover_event: codes.plover_event.clone(),
        plover_mode: codes.plover_mode.clone(),
        acled_sub_event: codes.acled_sub_event.clone(),
        quad_class: codes.quad_class,
    }
}

fn codes_back(message: v1::Codes) -> Codes {
    Codes {
        cameo: message.cameo,
        cameo_alternatives: message.cameo_alternatives,
        plover_event: message.plover_event,
        plover_mode: message.plover_mode,
        acled_sub_event: message.acled_sub_event,
        quad_class: message.quad_class,
    }
}

fn dispute(dispute: &Dispute) -> v1::Dispute {
    v1::Dispute {
        field: dispute.field.clone(),
        sides: dispute
            .sides
            .iter()
            .map(|s| v1::dispute::Side {
                value: s.value.clone(),
                said_by: s.said_by.clone(),
            })
            .collect(),
    }
}

fn dispute_back(message: v1::Dispute) -> Dispute {
    Dispute {
        field: message.field,
        sides: message
            .sides
            .into_iter()
            .map(|s| Side {
                value: s.value,
                said_by: s.said_by,
            })
            .collect(),
    }
}

/// Which engine, as a message.
pub fn engine(engine: &Engine) -> v1::Engine {
    v1::Engine {
        version: engine.version.clone(),
        lexicon_digest: engine.lexicon_digest.clone(),
        model_digest: engine.model_digest.clone(),
    }
}

fn engine_back(message: v1::Engine) -> Engine {
    Engine {
        version: message.version,
        lexicon_digest: message.lexicon_digest,
        model_digest: message.model_digest,
    }
}

/// One type of the ontology as a message.
pub fn event_type(event_type: &EventType) -> v1::EventType {
    v1::EventType {
        name: event_type.name.clone(),
        category: category(event_type.category).into(),
        parent: event_type.parent.clone().unwrap_or_default(),
        definition: event_type.definition.clone(),
        codes: Some(codes(&event_type.codes)),
        symmetric: event_type.symmetric,
    }
}
