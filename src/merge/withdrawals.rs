//! What a report's going does: corrections, retractions of items and of events, closed events.

use super::fixture::*;
use super::tests::{fields, item, ledger, only, strike, tell};
use super::*;
use crate::model::*;
use jiff::SignedDuration;

#[test]
fn a_correction_takes_the_place_of_the_older_version() {
    let mut ledger = ledger();
    let first = only(tell(
        &mut ledger,
        &strike("a", "2026-04-07T09:00:00Z").killed(2.0).build(),
    ))
    .update
    .event;
    tell(
        &mut ledger,
        &strike("b", "2026-04-07T09:00:00Z")
            .says("Rescuers of b worked at the wreck")
            .build(),
    );
    let mut corrected = strike("a", "2026-04-07T11:00:00Z").killed(4.0).build();
    corrected.item_version = 2;
    let change = only(tell(&mut ledger, &corrected));
    assert_eq!(
        (change.update.event.id.as_str(), change.update.change),
        (first.id.as_str(), Change::Revised)
    );
    assert_eq!(change.update.event.report_count, 2);
    assert_eq!(change.update.event.quantities[0].value, 4.0);
    assert!(change.withdrawn.is_empty());
    assert_eq!(change.reports[0].item_version, 2);
    // The same once more says nothing new, but is another report.
    corrected.item_version = 3;
    let change = only(tell(&mut ledger, &corrected));
    assert_eq!(
        (change.update.change, fields(&change)),
        (Change::Revised, "reports".to_owned())
    );
    // A stale version changes nothing.
    corrected.item_version = 2;
    assert_eq!(tell(&mut ledger, &corrected), []);
    // A version without the event takes its report away.
    let mut empty = item(&corrected);
    empty.version = 4;
    let change = only(ledger.apply(&empty, Vec::new(), at("2026-04-07T12:00:00Z")));
    assert_eq!(
        (change.update.change, change.withdrawn),
        (Change::Revised, vec!["a".to_owned()])
    );
    assert_eq!(change.update.event.report_count, 1);
}

#[test]
fn a_corrected_date_keeps_the_event() {
    let mut ledger = ledger();
    let first = only(tell(
        &mut ledger,
        &strike("a", "2026-04-07T09:00:00Z").build(),
    ))
    .update
    .event;
    let mut corrected = strike("a", "2026-04-07T11:00:00Z")
        .time(day("2026-04-03"))
        .build();
    corrected.item_version = 2;
    let change = only(tell(&mut ledger, &corrected));
    assert_eq!(
        (change.update.event.id.clone(), fields(&change)),
        (first.id, "time first_reported last_reported".to_owned())
    );
}

#[test]
fn a_retracted_item_takes_its_reports_away() {
    let mut ledger = ledger();
    tell(
        &mut ledger,
        &strike("a", "2026-04-07T09:00:00Z").killed(2.0).build(),
    );
    tell(
        &mut ledger,
        &strike("b", "2026-04-07T10:00:00Z")
            .killed(3.0)
            .says("Three died, b was told")
            .build(),
    );
    let when = at("2026-04-07T12:00:00Z");
    let change = only(ledger.retract_item("b", "withdrawn by the publisher", when));
    assert_eq!(change.update.change, Change::Revised);
    assert_eq!(change.update.event.quantities[0].value, 2.0);
    assert_eq!(change.withdrawn, ["b"]);
    let change = only(ledger.retract_item("a", "withdrawn by the publisher", when));
    assert_eq!(
        (change.update.change, change.update.event.revision),
        (Change::Retracted, 4)
    );
    assert_eq!(change.update.reason, "withdrawn by the publisher");
    assert!(change.update.event.retracted);
    assert_eq!(
        fields(&change),
        "report_count independent_source_count retracted"
    );
    assert!(ledger.is_empty());
    assert_eq!(ledger.retract_item("a", "again", when), []);
}

#[test]
fn what_an_operator_retracted_is_not_raised_again_by_the_same_reports() {
    let text = "Israeli jets struck a car on the road south of Nabatieh on Tuesday, killing two people, security sources said";
    let first = strike("a", "2026-04-07T09:00:00Z").says(text).build();
    let mut ledger = ledger();
    let event = only(tell(&mut ledger, &first)).update.event;
    let when = at("2026-04-07T10:00:00Z");
    let change = ledger.retract_event(&event.id, "a film set", when).unwrap();
    assert_eq!(
        (change.update.change, change.update.reason.as_str()),
        (Change::Retracted, "a film set")
    );
    assert!(change.update.event.retracted && change.withdrawn.is_empty());
    let again = ledger.retract_event(&event.id, "a film set", when);
    assert_eq!(
        again,
        Err(Error::AlreadyRetracted {
            event_id: event.id.clone()
        })
    );
    assert!(matches!(
        ledger.retract_event("evt-0", "x", when),
        Err(Error::NotHeld { .. })
    ));

    let copy = strike("b", "2026-04-07T10:00:00Z").says(text).build();
    assert_eq!(tell(&mut ledger, &copy), []);
    let mut corrected = first.clone();
    corrected.item_version = 2;
    assert_eq!(tell(&mut ledger, &corrected), []);
    // An independent telling is another matter.
    let other = strike("c", "2026-04-07T11:00:00Z")
        .says("A vehicle was bombed by aircraft, the mayor told c")
        .build();
    let raised = only(tell(&mut ledger, &other));
    assert_eq!(raised.update.change, Change::Created);
    assert_ne!(raised.update.event.id, event.id);
}

#[test]
fn events_close_and_can_be_brought_back_for_a_retraction() {
    let mut ledger = ledger();
    let first = strike("a", "2026-04-07T09:00:00Z").build();
    let stored = only(tell(&mut ledger, &first));
    let mut closed = stored.update.event.clone();
    closed.reports = stored.reports.clone();
    let later = |days: i64| at("2026-04-07T09:00:00Z") + SignedDuration::from_hours(24 * days);
    assert!(
        is_open(&closed, &Config::default(), later(7))
            && !is_open(&closed, &Config::default(), later(8))
    );
    let unrelated = report("diplomatic.call", "z")
        .told("2026-04-15T10:00:00Z")
        .build();
    ledger.apply(&item(&unrelated), vec![unrelated.clone()], later(8));
    assert!(!ledger.holds(&closed.id));
    assert_eq!(ledger.retract_item("a", "why", later(8)), []);
    ledger.restore(closed.clone());
    let change = only(ledger.retract_item("a", "why", later(8)));
    assert_eq!(
        (change.update.change, change.update.event.id),
        (Change::Retracted, closed.id.clone())
    );
    // A closed event that was brought back takes no new report in.
    ledger.restore(closed.clone());
    let late = strike("b", "2026-04-07T12:00:00Z").build();
    let change = only(ledger.apply(&item(&late), vec![late.clone()], later(8)));
    assert_eq!(change.update.change, Change::Created);
    assert!(!ledger.holds(&closed.id));
}
