//! Reports, both ways.

use super::actor::{
    actor, actor_back, actors, actors_back, happening, happening_back, location, location_back,
    quantities, quantities_back,
};
use super::event::{category_of_type, status, status_back};
use super::item::{span, span_back};
use super::{Unreadable, time, v1};
use crate::model::Report;
use prost::Message;

/// A report as a message.
pub fn report(report: &Report) -> v1::Report {
    v1::Report {
        item_id: report.item_id.clone(),
        item_version: report.item_version,
        source: report.source.clone(),
        url: report.url.clone(),
        published_at: report.published_at.map(time::timestamp),
        evidence: Some(span(&report.evidence)),
        trigger: Some(span(&report.trigger)),
        attribution: report.attribution.as_ref().map(actor),
        r#type: report.event_type.clone(),
        initiators: actors(&report.initiators),
        targets: actors(&report.targets),
        participants: actors(&report.participants),
        location: report.location.as_ref().map(location),
        time: report.time.as_ref().map(happening),
        status: status(report.status).into(),
        status_cue: report.status_cue.as_ref().map(span),
        quantities: quantities(&report.quantities),
        confidence: report.confidence,
        received_at: report.received_at.map(time::timestamp),
        origin: report.origin.clone(),
    }
}

pub(super) fn report_back(message: v1::Report) -> Report {
    Report {
        status: status_back(message.status()),
        category: category_of_type(&message.r#type),
        item_id: message.item_id,
        item_version: message.item_version,
        source: message.source,
        url: message.url,
        published_at: message.published_at.as_ref().and_then(time::timestamp_back),
        evidence: span_back(message.evidence),
        trigger: span_back(message.trigger),
        attribution: message.attribution.map(actor_back),
        event_type: message.r#type,
        initiators: actors_back(message.initiators),
        targets: actors_back(message.targets),
        participants: actors_back(message.participants),
        location: message.location.map(location_back),
        time: message.time.and_then(happening_back),
        status_cue: message.status_cue.map(|s| span_back(Some(s))),
        quantities: quantities_back(message.quantities),
        confidence: message.confidence,
        received_at: message.received_at.as_ref().and_then(time::timestamp_back),
        origin: message.origin,
    }
}

/// A report as stored bytes.
pub fn encode_report(value: &Report) -> Vec<u8> {
    report(value).encode_to_vec()
}

/// Stored bytes as a report.
pub fn decode_report(bytes: &[u8]) -> Result<Report, Unreadable> {
    let message = v1::Report::decode(bytes).map_err(|e| Unreadable::new("Report", e))?;
    Ok(report_back(message))
}
