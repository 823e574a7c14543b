//! What holds for any order of reports, and across any restart.

use super::fixture::*;
use super::tests::{item, ledger};
use super::*;
use crate::model::*;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A stream of reports of a few happenings, told by several outlets, some copied, with look-alikes.
fn stream() -> Vec<Report> {
    let mut reports = Vec::new();
    let outlets = ["north", "south", "east", "west", "wire"];
    let kharkiv = || city("Kharkiv", "UKR", 49.99, 36.23);
    for night in 0..4 {
        let (from, to) = (
            format!("2026-03-{:02}", 2 + night),
            format!("2026-03-{:02}", 3 + night),
        );
        for (o, outlet) in outlets.iter().enumerate() {
            let words = match o {
                0 | 1 => format!(
                    "Russian drones hit the city of Kharkiv in night {night} of raids, and fires broke out in two districts"
                ),
                _ => format!("{outlet}: explosions shook Kharkiv, number {night}"),
            };
            let mut draft = report(
                "military.strike.drone",
                &format!("kharkiv-{night}-{outlet}"),
            )
            .source(outlet)
            .by(state("RUS", "Russia"))
            .place(kharkiv())
            .time(span(
                &format!("{from}T20:00:00Z"),
                &format!("{to}T05:00:00Z"),
                TimePrecision::PartOfDay,
            ))
            .told(&format!("{to}T{:02}:00:00Z", 6 + 2 * o))
            .says(&words);
            if o > 0 {
                draft = draft.on(state("UKR", "Ukraine")).killed((o / 2) as f64);
            }
            reports.push(draft.build());
        }
    }
    for (pair, (a, b)) in [("ARM", "AZE"), ("ARM", "TUR"), ("IRN", "IRQ")]
        .into_iter()
        .enumerate()
    {
        for (o, outlet) in outlets.iter().enumerate() {
            let status = if o == 0 {
                Status::Planned
            } else {
                Status::Occurred
            };
            let told = if o == 0 {
                "2026-03-03T09:00:00Z".to_owned()
            } else {
                format!("2026-03-05T1{o}:00:00Z")
            };
            reports.push(
                report("diplomatic.meeting", &format!("meeting-{pair}-{outlet}"))
                    .source(outlet)
                    .with(state(a, a))
                    .with(state(b, b))
                    .time(day("2026-03-05"))
                    .status(status)
                    .told(&told)
                    .build(),
            );
        }
    }
    reports
}

/// Event ids by item, and the events, after a stream.
fn run(reports: &[Report]) -> BTreeMap<String, String> {
    let mut ledger = ledger();
    let mut events: BTreeMap<String, Event> = BTreeMap::new();
    for (i, report) in reports.iter().enumerate() {
        let received = at("2026-03-08T00:00:00Z") + SignedDuration::from_secs(i as i64);
        for change in ledger.apply(&item(report), vec![report.clone()], received) {
            keep(&mut events, change);
        }
    }
    events
        .values()
        .flat_map(|e| e.reports.iter().map(|r| (r.item_id.clone(), e.id.clone())))
        .collect()
}

/// Keeps a change as a store would: the event as of the update, with all reports.
fn keep(events: &mut BTreeMap<String, Event>, change: LedgerChange) {
    let event = change.update.event;
    let mut reports = events
        .remove(&event.id)
        .map(|e| e.reports)
        .unwrap_or_default();
    reports.retain(|r| {
        !change.withdrawn.contains(&r.item_id)
            && change.reports.iter().all(|n| n.item_id != r.item_id)
    });
    reports.extend(change.reports);
    events.insert(event.id.clone(), Event { reports, ..event });
}

#[test]
fn the_stream_ends_in_the_events_that_it_tells() {
    let found = run(&stream());
    for (a, event_a) in &found {
        for (b, event_b) in &found {
            let same = a.rsplit_once('-').unwrap().0 == b.rsplit_once('-').unwrap().0;
            assert_eq!(event_a == event_b, same, "{a} {b}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn any_order_ends_in_the_same_events(order in Just((0..35).collect::<Vec<usize>>()).prop_shuffle()) {
        let reports = stream();
        let shuffled: Vec<Report> = order.iter().map(|i| reports[*i].clone()).collect();
        let (one, other) = (run(&reports), run(&shuffled));
        prop_assert_eq!(one.len(), other.len());
        for (a, event_a) in &one {
            for (b, event_b) in &one {
                prop_assert_eq!(event_a == event_b, other[a] == other[b], "{} {}", a, b);
            }
        }
    }

    #[test]
    fn a_restart_changes_nothing(order in Just((0..35).collect::<Vec<usize>>()).prop_shuffle(), stop in 0_usize..35) {
        let reports: Vec<Report> = { let all = stream(); order.iter().map(|i| all[*i].clone()).collect() };
        let received = |i: usize| at("2026-03-08T00:00:00Z") + SignedDuration::from_secs(i as i64 / 3);
        let mut steady = ledger();
        let mut events = BTreeMap::new();
        let mut now = Timestamp::MIN;
        for (i, report) in reports[..stop].iter().enumerate() {
            now = received(i);
            for change in steady.apply(&item(report), vec![report.clone()], now) {
                keep(&mut events, change);
            }
        }
        let mut restarted = ledger();
        for event in events.into_values().filter(|e| is_open(e, &Config::default(), now)) {
            restarted.restore(event);
        }
        for (i, report) in reports.iter().enumerate().skip(stop) {
            let apply = |ledger: &mut Ledger| ledger.apply(&item(report), vec![report.clone()], received(i));
            prop_assert_eq!(apply(&mut steady), apply(&mut restarted));
        }
        let retract = |ledger: &mut Ledger| ledger.retract_item(&reports[0].item_id, "why", received(40));
        prop_assert_eq!(retract(&mut steady), retract(&mut restarted));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn more_independent_support_never_lowers_confidence(
        told in prop::collection::vec((0.0..=1.0_f64, 0..7_usize), 1..12),
    ) {
        const STATUSES: [Status; 7] = [
            Status::Occurred,
            Status::Ongoing,
            Status::Claimed,
            Status::Planned,
            Status::Denied,
            Status::Threatened,
            Status::Hypothetical,
        ];
        let voice = |(i, (sure, status)): (usize, &(f64, usize))| {
            report("military.strike.drone", &format!("i{i}"))
                .source(&format!("s{i}"))
                .by(state("RUS", "Russia"))
                .told("2026-03-03T08:00:00Z")
                .sure(*sure)
                .status(STATUSES[*status])
                .build()
        };
        let reports: Vec<Report> = told.iter().enumerate().map(voice).collect();
        let labels: Vec<u32> = (0..reports.len() as u32).collect();
        let confidence = |n: usize| {
            event::compose(&reports[..n], &labels[..n], &ontology(), &Engine::default(), 12).confidence
        };
        for n in 1..reports.len() {
            prop_assert!(confidence(n) <= confidence(n + 1), "{} reports", n);
        }
    }
}
