//! The ledger as its caller sees it.

use super::fixture::*;
use super::*;
use crate::lexicon::sources::Sources;
use crate::model::*;
use std::sync::Arc;

fn engine() -> Engine {
    Engine {
        version: "1".into(),
        ..Engine::default()
    }
}

pub(super) fn ledger() -> Ledger {
    let sources =
        Sources::load(include_str!("../../lexicon/sources.toml"), "sources.toml").unwrap();
    Ledger::new(
        Config::default(),
        Arc::new(ontology()),
        Arc::new(sources),
        engine(),
    )
}

/// The item that a report is of.
pub(super) fn item(report: &Report) -> NewsItem {
    NewsItem {
        item_id: report.item_id.clone(),
        version: report.item_version,
        source: report.source.clone(),
        url: report.url.clone(),
        title: String::new(),
        body: Body::Text(report.evidence.text.clone()),
        published_at: report.published_at,
        language: "en".into(),
    }
}

/// Applies one report as an item of its own, received when it was published.
pub(super) fn tell(ledger: &mut Ledger, report: &Report) -> Vec<LedgerChange> {
    ledger.apply(
        &item(report),
        vec![report.clone()],
        report.published_at.unwrap(),
    )
}

pub(super) fn only(changes: Vec<LedgerChange>) -> LedgerChange {
    assert_eq!(changes.len(), 1, "{changes:#?}");
    changes.into_iter().next().unwrap()
}

pub(super) fn fields(change: &LedgerChange) -> String {
    change.update.changed_fields.join(" ")
}

fn nabatieh() -> Location {
    city("Nabatieh", "LBN", 33.38, 35.48)
}

/// An air strike on Nabatieh on 7 April.
pub(super) fn strike(item: &str, told: &str) -> Draft {
    report("military.strike.air", item)
        .by(state("ISR", "Israel"))
        .place(nabatieh())
        .time(day("2026-04-07"))
        .told(told)
        .says(&format!(
            "{item}: jets struck a car on the road south of the town"
        ))
}

#[test]
fn an_event_is_created_corroborated_and_revised() {
    let mut ledger = ledger();
    let first = only(tell(
        &mut ledger,
        &strike("a", "2026-04-07T09:00:00Z").killed(2.0).build(),
    ));
    assert_eq!(
        (first.update.change, first.update.event.revision),
        (Change::Created, 1)
    );
    assert_eq!(first.update.changed_fields, Vec::<String>::new());
    assert_eq!(first.update.event.independent_source_count, 1);
    let id = first.update.event.id.clone();

    let same = strike("b", "2026-04-07T10:00:00Z")
        .killed(2.0)
        .says("Two died in the raid, rescuers told b")
        .build();
    let second = only(tell(&mut ledger, &same));
    assert_eq!(second.update.change, Change::Corroborated);
    assert_eq!(
        fields(&second),
        "confidence last_reported report_count independent_source_count"
    );
    assert_eq!(
        (
            second.update.event.id.as_str(),
            second.update.event.revision
        ),
        (id.as_str(), 2)
    );
    assert!(second.update.event.confidence > first.update.event.confidence);
    assert_eq!(second.update.event.reports.len(), 1);
    assert_eq!(second.update.caused_by_item_id, "b");

    let toll = report("military.casualties", "c")
        .place(nabatieh())
        .time(day("2026-04-07"))
        .killed(5.0);
    let third = only(tell(
        &mut ledger,
        &toll.told("2026-04-08T08:00:00Z").build(),
    ));
    assert_eq!(third.update.change, Change::Revised);
    assert!(
        fields(&third).starts_with("summary quantities confidence"),
        "{}",
        fields(&third)
    );
    assert_eq!(third.update.event.event_type, "military.strike.air");
    assert_eq!(third.update.event.quantities[0].value, 5.0);
    assert_eq!(ledger.len(), 1);
}

#[test]
fn a_copy_counts_as_a_report_but_not_as_a_source() {
    let text = "Israeli jets struck a car on the road south of Nabatieh on Tuesday, killing two people, security sources said";
    let mut ledger = ledger();
    tell(
        &mut ledger,
        &strike("a", "2026-04-07T09:00:00Z").says(text).build(),
    );
    let copy = only(tell(
        &mut ledger,
        &strike("b", "2026-04-07T09:00:00Z").says(text).build(),
    ));
    assert_eq!(copy.update.change, Change::Corroborated);
    assert_eq!(fields(&copy), "report_count");
    assert_eq!(copy.update.event.independent_source_count, 1);
    // Two texts of one agency, whoever prints them, are one voice as well.
    let credited = |id: &str, words: &str| {
        let report = strike(id, "2026-04-07T09:30:00Z").says(words).build();
        let mut item = item(&report);
        item.body = Body::Text(format!("BEIRUT, April 7 (Reuters) - {words}"));
        (item, report)
    };
    for (id, words) in [
        ("c", "A car was hit by an aircraft"),
        ("d", "Smoke rose over the road as people ran to help"),
    ] {
        let (item, report) = credited(id, words);
        let change = only(ledger.apply(&item, vec![report], at("2026-04-07T09:30:00Z")));
        assert_eq!(change.update.event.independent_source_count, 2, "{id}");
        assert_eq!(change.reports[0].origin, "reuters");
    }
}

#[test]
fn a_plan_becomes_the_happening() {
    let meeting = |item: &str, told: &str| {
        report("diplomatic.meeting", item)
            .with(state("ARM", "Armenia"))
            .with(state("AZE", "Azerbaijan"))
            .time(day("2026-03-19"))
            .told(told)
    };
    let mut ledger = ledger();
    let plan = only(tell(
        &mut ledger,
        &meeting("a", "2026-03-10T09:00:00Z")
            .status(Status::Planned)
            .build(),
    ));
    // Nine days later: past the window of seven, but the date was awaited.
    let held = only(tell(
        &mut ledger,
        &meeting("b", "2026-03-19T16:00:00Z").build(),
    ));
    assert_eq!(held.update.event.id, plan.update.event.id);
    assert_eq!(held.update.change, Change::Revised);
    assert!(fields(&held).contains("status"), "{}", fields(&held));
    assert_eq!(held.update.event.status, Status::Occurred);
    assert_eq!(held.update.event.summary, "Armenia and Azerbaijan meet");
}

#[test]
fn a_confirmed_claim_has_occurred_and_a_denied_one_is_in_dispute() {
    let captured = |item: &str| {
        report("military.territory", item)
            .by(state("RUS", "Russia"))
            .place(city("Kupiansk", "UKR", 49.71, 37.61))
            .time(day("2026-03-03"))
            .told("2026-03-03T10:00:00Z")
    };
    let ministry = || {
        actor(
            "RUS.defence-ministry",
            "Russian defence ministry",
            "RUS",
            ActorKind::Government,
        )
    };
    let claim = || {
        captured("a")
            .status(Status::Claimed)
            .according_to(ministry())
            .build()
    };
    let mut confirmed = ledger();
    tell(&mut confirmed, &claim());
    let change = only(tell(&mut confirmed, &captured("b").build()));
    assert_eq!(change.update.event.status, Status::Occurred);
    let mut denied = ledger();
    tell(&mut denied, &claim());
    let kyiv = actor(
        "UKR.general-staff",
        "Ukrainian General Staff",
        "UKR",
        ActorKind::Military,
    );
    let denial = captured("b")
        .status(Status::Denied)
        .according_to(kyiv)
        .sure(0.4)
        .build();
    let change = only(tell(&mut denied, &denial));
    assert_eq!(change.update.event.status, Status::Claimed);
    let dispute = &change.update.event.disputes[0];
    let sides: Vec<_> = dispute
        .sides
        .iter()
        .map(|s| (s.value.as_str(), s.said_by[0].as_str()))
        .collect();
    assert_eq!(dispute.field, "status");
    assert_eq!(
        sides,
        [
            ("STATUS_CLAIMED", "Russian defence ministry"),
            ("STATUS_DENIED", "Ukrainian General Staff")
        ]
    );
}

#[test]
fn a_report_that_fits_two_events_makes_them_one() {
    let vague = report("military.strike.air", "a")
        .by(state("ISR", "Israel"))
        .on(group("group.hezbollah", "Hezbollah", "LBN"))
        .time(day("2026-04-07"))
        .told("2026-04-07T08:00:00Z")
        .says("Israel struck a Hezbollah commander")
        .build();
    let placed = report("military.strike", "b")
        .place(nabatieh())
        .time(day("2026-04-07"))
        .told("2026-04-07T09:00:00Z")
        .says("A strike hit a car near Nabatieh")
        .killed(2.0)
        .build();
    let both = strike("c", "2026-04-07T10:00:00Z")
        .on(group("group.hezbollah", "Hezbollah", "LBN"))
        .says("Israel struck a Hezbollah commander in a car near Nabatieh")
        .killed(2.0)
        .build();
    let mut ledger = ledger();
    let first = only(tell(&mut ledger, &vague)).update.event;
    let second = only(tell(&mut ledger, &placed)).update.event;
    assert_ne!(first.id, second.id);
    let changes = tell(&mut ledger, &both);
    assert_eq!(changes.len(), 2, "{changes:#?}");
    let [merged, revised] = &changes[..] else {
        unreachable!()
    };
    assert_eq!(merged.update.change, Change::Merged);
    assert_eq!(
        (
            merged.update.event.id.as_str(),
            merged.update.merged_into.as_str()
        ),
        (second.id.as_str(), first.id.as_str())
    );
    assert_eq!(merged.update.event.merged_into, first.id);
    assert_eq!(merged.update.event.revision, 2);
    assert_eq!(merged.withdrawn, ["b"]);
    assert_eq!(revised.update.change, Change::Revised);
    assert_eq!(revised.update.event.report_count, 3);
    let items: Vec<&str> = revised.reports.iter().map(|r| r.item_id.as_str()).collect();
    assert_eq!(items, ["c", "b"]);
    assert!(ledger.holds(&first.id) && !ledger.holds(&second.id));
}

#[test]
fn an_item_has_one_report_of_an_event() {
    let a = strike("a", "2026-04-07T09:00:00Z").build();
    let mut other = a.clone();
    other.trigger.start = 90;
    let mut ledger = ledger();
    let changes = ledger.apply(
        &item(&a),
        vec![a.clone(), other.clone()],
        at("2026-04-07T09:00:00Z"),
    );
    assert_eq!(changes.len(), 2);
    assert_ne!(changes[0].update.event.id, changes[1].update.event.id);
    let twin = |mut r: Report| {
        r.item_id = "b".into();
        r
    };
    let changes = ledger.apply(
        &item(&twin(a.clone())),
        vec![twin(a), twin(other)],
        at("2026-04-07T09:00:00Z"),
    );
    assert_eq!(changes.len(), 2);
    assert_eq!(ledger.len(), 2);
}

#[test]
fn a_late_item_finds_its_event() {
    let mut ledger = ledger();
    let event = only(tell(
        &mut ledger,
        &strike("a", "2026-04-07T09:00:00Z").build(),
    ))
    .update
    .event;
    let late = strike("b", "2026-04-07T12:00:00Z")
        .says("Jets hit a vehicle, b reported at noon")
        .build();
    let change = only(ledger.apply(&item(&late), vec![late.clone()], at("2026-04-11T09:00:00Z")));
    assert_eq!(change.update.event.id, event.id);
}

#[test]
fn memory_holds_no_more_events_than_allowed() {
    let sources = Sources::default();
    let config = Config {
        max_open_events: 50,
        ..Config::default()
    };
    let mut ledger = Ledger::new(config, Arc::new(ontology()), Arc::new(sources), engine());
    for i in 0..200 {
        let mut call = report("diplomatic.call", &format!("i{i}")).told("2026-04-07T09:00:00Z");
        call = call
            .with(state(&format!("A{i}"), "A"))
            .with(state(&format!("B{i}"), "B"));
        assert_eq!(tell(&mut ledger, &call.build()).len(), 1);
        assert!(ledger.len() <= 50);
    }
    assert_eq!(ledger.len(), 50);
}

#[test]
fn an_analysis_and_the_ledger_give_an_event_the_same_id_and_fields() {
    let r = strike("a", "2026-04-07T09:00:00Z").killed(2.0).build();
    let analysed = event_of(&r, &ontology(), &engine());
    let founded = only(tell(&mut ledger(), &r)).update.event;
    assert!(analysed.id.len() == 20 && analysed.id.starts_with("evt-"));
    let bare = |e: &Event| Event {
        reports: Vec::new(),
        ..e.clone()
    };
    assert_eq!(bare(&analysed), bare(&founded));
}
