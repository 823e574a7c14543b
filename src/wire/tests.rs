//! The edge: what is refused, under which field, and that nothing is lost between model and message.

mod filter;

use super::v1::news_item::Body;
use super::*;
use crate::model::*;

fn submitted() -> v1::NewsItem {
    v1::NewsItem {
        item_id: "wire-1".into(),
        source: "wire.example".into(),
        url: "https://wire.example/1".into(),
        title: "Ministers meet in Vienna".into(),
        body: Some(Body::Text(
            "The foreign ministers of Austria and Egypt met on Monday.".into(),
        )),
        published_at: Some(pbjson_types::Timestamp {
            seconds: 1_772_000_000,
            nanos: 0,
        }),
        ..Default::default()
    }
}

/// Changes one thing in a good item and says which fields are refused.
fn refused(change: impl FnOnce(&mut v1::NewsItem)) -> Vec<String> {
    let mut message = submitted();
    change(&mut message);
    match item(message) {
        Ok(_) => vec![],
        Err(invalid) => invalid.violations.into_iter().map(|v| v.field).collect(),
    }
}

fn text(t: impl Into<String>) -> Option<Body> {
    Some(Body::Text(t.into()))
}

#[test]
fn every_bound_of_an_item_names_its_field() {
    assert_eq!(refused(|_| {}), Vec::<String>::new());
    assert_eq!(refused(|m| m.body = None), ["text"]);
    assert_eq!(refused(|m| m.body = text("")), ["text"]);
    assert_eq!(
        refused(|m| m.body = text(" \n\u{200b}\u{feff}\u{202e}")),
        ["text"]
    );
    assert_eq!(
        refused(|m| m.body = text("é".repeat(MAX_TEXT_BYTES / 2 + 1))),
        ["text"]
    );
    assert_eq!(
        refused(|m| m.body = text("é".repeat(MAX_TEXT_BYTES / 2))),
        Vec::<String>::new()
    );
    let html = |n| Some(Body::Html("a".repeat(n)));
    assert_eq!(refused(|m| m.body = html(MAX_HTML_BYTES + 1)), ["html"]);
    assert_eq!(
        refused(|m| m.body = html(MAX_HTML_BYTES)),
        Vec::<String>::new()
    );
    assert_eq!(refused(|m| m.item_id = "é".repeat(257)), ["item_id"]);
    assert_eq!(
        refused(|m| m.item_id = "é".repeat(256)),
        Vec::<String>::new()
    );
    assert_eq!(refused(|m| m.item_id = "a\nb".into()), ["item_id"]);
    assert_eq!(refused(|m| m.item_id = "a\u{202e}b".into()), ["item_id"]);
    assert_eq!(refused(|m| m.source = "s".repeat(257)), ["source"]);
    assert_eq!(refused(|m| m.source = "a\0b".into()), ["source"]);
    assert_eq!(refused(|m| m.url = "u".repeat(2049)), ["url"]);
    assert_eq!(refused(|m| m.title = "t".repeat(1025)), ["title"]);
    assert_eq!(
        refused(|m| m.language = "English, please".into()),
        ["language"]
    );
    assert_eq!(
        refused(|m| m.language = "zh-Hant-TW".into()),
        Vec::<String>::new()
    );
    let at = |seconds, nanos| Some(pbjson_types::Timestamp { seconds, nanos });
    assert_eq!(
        refused(|m| m.published_at = at(-62_135_596_800, 0)),
        ["published_at"]
    );
    assert_eq!(
        refused(|m| m.published_at = at(253_370_764_800, 0)),
        ["published_at"]
    );
    assert_eq!(
        refused(|m| m.published_at = at(0, -1)),
        ["published_at.nanos"]
    );
}

#[test]
fn all_violations_are_told_at_once() {
    let fields = refused(|m| {
        m.item_id = "\u{7}".into();
        m.title = "t".repeat(2000);
        m.body = text(" ");
    });
    assert_eq!(fields, ["item_id", "title", "text"]);
}

#[test]
fn an_id_is_derived_from_all_that_was_submitted_and_the_version_is_at_least_1() {
    let derived = |change: fn(&mut v1::NewsItem)| {
        let mut message = submitted();
        message.item_id.clear();
        change(&mut message);
        item(message).unwrap()
    };
    let one = derived(|_| {});
    assert_eq!(one.item_id.len(), 32);
    assert_eq!(one.version, 1);
    assert_eq!(derived(|_| {}).item_id, one.item_id);
    assert_ne!(
        derived(|m| m.source = "other.example".into()).item_id,
        one.item_id
    );
    assert_ne!(derived(|m| m.title.push('.')).item_id, one.item_id);
    // The same characters under another name are another item.
    let body = "<p>Talks</p>";
    let hash = |body| {
        content_hash(&NewsItem {
            body,
            ..one.clone()
        })
    };
    assert_ne!(
        hash(model_text(body)),
        hash(crate::model::Body::Html(body.into()))
    );
}

fn model_text(t: &str) -> crate::model::Body {
    crate::model::Body::Text(t.into())
}

/// A report with something in every field.
fn full_report() -> Report {
    let span = |text: &str, part| Span {
        text: text.into(),
        start: 3,
        end: 9,
        part,
    };
    let actor = |id: &str, kind| Actor {
        id: id.into(),
        name: "n".into(),
        surface: "s".into(),
        span: span("s", Part::Title),
        kind,
        country: "UKR".into(),
        role: "president".into(),
    };
    Report {
        item_id: "i".into(),
        item_version: 2,
        source: "wire.example".into(),
        url: "u".into(),
        published_at: Some("2026-03-03T06:00:00.5Z".parse().unwrap()),
        evidence: span("evidence", Part::Text),
        trigger: span("struck", Part::Text),
        attribution: Some(actor("UKR.air-force", ActorKind::Military)),
        category: Category::Military,
        event_type: "military.strike.drone".into(),
        initiators: vec![actor("RUS", ActorKind::State)],
        targets: vec![actor("group.x", ActorKind::ArmedGroup)],
        participants: vec![actor("org.un", ActorKind::Igo)],
        location: Some(Location {
            name: "Odesa".into(),
            country: "UKR".into(),
            admin1: "Odesa Oblast".into(),
            geonames_id: 698_740,
            point: Some(Point {
                latitude: 46.48,
                longitude: 30.73,
            }),
            precision: PlacePrecision::City,
            span: span("Odesa", Part::Text),
        }),
        time: Some(Time {
            start: "2026-03-02T18:00:00Z".parse().unwrap(),
            end: "2026-03-03T05:59:59Z".parse().unwrap(),
            precision: TimePrecision::PartOfDay,
            text: "overnight".into(),
            span: span("overnight", Part::Text),
        }),
        status: Status::Claimed,
        status_cue: Some(span("claimed", Part::Text)),
        quantities: vec![Quantity {
            value: 40.0,
            max_value: Some(50.0),
            approximation: Approximation::About,
            unit: "drone".into(),
            role: QuantityRole::Intercepted,
            of: "RUS".into(),
            span: span("40 to 50", Part::Text),
        }],
        confidence: 0.75,
        received_at: Some("2026-03-03T06:01:00Z".parse().unwrap()),
        origin: "sample wire".into(),
    }
}

#[test]
fn reports_events_and_updates_survive_both_ways() {
    let report = full_report();
    assert_eq!(decode_report(&encode_report(&report)).unwrap(), report);
    let event = Event {
        id: "e".into(),
        revision: 3,
        category: Category::Military,
        event_type: "military.strike.drone".into(),
        codes: Codes {
            cameo: "195".into(),
            cameo_alternatives: vec!["190".into()],
            plover_event: "ASSAULT".into(),
            plover_mode: "aerial".into(),
            acled_sub_event: "Air/drone strike".into(),
            quad_class: 4,
        },
        summary: "summary".into(),
        initiators: report.initiators.clone(),
        targets: report.targets.clone(),
        participants: report.participants.clone(),
        location: report.location.clone(),
        time: report.time.clone(),
        status: Status::Denied,
        quantities: report.quantities.clone(),
        confidence: 0.9,
        first_reported: "2026-03-03T06:00:00Z".parse().unwrap(),
        last_reported: "2026-03-03T07:00:00Z".parse().unwrap(),
        report_count: 4,
        independent_source_count: 2,
        disputes: vec![Dispute {
            field: "status".into(),
            sides: vec![Side {
                value: "STATUS_DENIED".into(),
                said_by: vec!["RUS".into()],
            }],
        }],
        reports: vec![report],
        merged_into: "other".into(),
        retracted: true,
        engine: Engine {
            version: "0.1.0".into(),
            lexicon_digest: "ab".into(),
            model_digest: "cd".into(),
        },
    };
    assert_eq!(decode_event(&encode_event(&event)).unwrap(), event);
    let update = Update {
        change: Change::Merged,
        event,
        changed_fields: vec!["status".into()],
        merged_into: "other".into(),
        reason: "r".into(),
        caused_by_item_id: "i".into(),
        committed_at: "2026-03-03T08:00:00.000001Z".parse().unwrap(),
    };
    let message = decode_update(&encode_update(&update)).unwrap();
    assert_eq!(update_back(message).unwrap(), update);
}

#[test]
fn an_item_survives_both_ways() {
    let checked = item(submitted()).unwrap();
    assert_eq!(decode_item(&encode_item(&checked)).unwrap(), checked);
    assert!(decode_item(b"\xff\xff").is_err());
}
