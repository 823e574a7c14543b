//! The sample news, read by the engine and merged by the ledger.

use jiff::{SignedDuration, Timestamp};
use sitrep::embedded;
use sitrep::engine::Engine;
use sitrep::lexicon::sources::Sources;
use sitrep::merge::{Config, Ledger};
use sitrep::model::{Change, NewsItem, Report};
use sitrep::wire;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// An item with its reports.
type Read = (NewsItem, Vec<Report>);

struct Samples {
    engine: Engine,
    /// By publication.
    read: Vec<Read>,
}

static SAMPLES: LazyLock<Samples> = LazyLock::new(|| {
    let engine = Engine::embedded().expect("the bundled lexicon loads");
    let lines = embedded::SAMPLES
        .iter()
        .flat_map(|(_, bytes)| {
            std::str::from_utf8(bytes)
                .expect("samples are UTF-8")
                .lines()
        })
        .filter(|line| !line.trim().is_empty());
    let items = lines.map(|line| {
        let message: wire::v1::NewsItem =
            serde_json::from_str(line).expect("a sample is a NewsItem");
        wire::item(message).expect("a sample is valid")
    });
    let mut read: Vec<Read> = items
        .map(|item| {
            let reports = engine.read(&item).reports;
            (item, reports)
        })
        .collect();
    read.sort_by_key(|(item, _)| item.published_at);
    Samples { engine, read }
});

fn ledger() -> Ledger {
    let sources = include_str!("../lexicon/sources.toml");
    let sources = Sources::load(sources, "sources.toml").expect("the bundled sources load");
    let engine = &SAMPLES.engine;
    Ledger::new(
        Config::default(),
        engine.ontology().clone(),
        Arc::new(sources),
        engine.stamp().clone(),
    )
}

/// A report, by item and where its trigger stands.
type Name = (String, String, u32);

fn name(report: &Report) -> Name {
    (
        report.item_id.clone(),
        report.event_type.clone(),
        report.trigger.start,
    )
}

/// The event of each report after all items have come in, in this order.
fn events<'a>(order: impl IntoIterator<Item = &'a Read>) -> BTreeMap<Name, String> {
    let mut ledger = ledger();
    let mut events: BTreeMap<(String, String), Name> = BTreeMap::new();
    let start: Timestamp = "2026-05-01T00:00:00Z".parse().expect("it is a time");
    for (i, (item, reports)) in order.into_iter().enumerate() {
        let at = start + SignedDuration::from_secs(i as i64);
        for change in ledger.apply(item, reports.clone(), at) {
            let event = &change.update.event;
            for item in &change.withdrawn {
                events.remove(&(event.id.clone(), item.clone()));
            }
            for report in &change.reports {
                events.insert((event.id.clone(), report.item_id.clone()), name(report));
            }
            assert_eq!(
                change.update.change == Change::Merged,
                !event.merged_into.is_empty()
            );
        }
    }
    events
        .into_iter()
        .map(|((event, _), name)| (name, event))
        .collect()
}

/// Shuffles by a generator of its own, so that a failure comes again.
fn shuffled(seed: u64) -> Vec<&'static Read> {
    let mut order: Vec<&Read> = SAMPLES.read.iter().collect();
    let mut state = seed;
    for i in (1..order.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        order.swap(i, (state >> 33) as usize % (i + 1));
    }
    order
}

#[test]
fn reports_are_together_or_apart_alike_whatever_the_order() {
    let told = events(&SAMPLES.read);
    let names: Vec<&Name> = told.keys().collect();
    let (mut pairs, mut unlike, mut together) = (0_u64, 0_u64, 0_u64);
    for seed in 0..1_000 {
        let other = events(shuffled(seed));
        assert_eq!(other.len(), told.len());
        for (i, a) in names.iter().enumerate() {
            for b in &names[i + 1..] {
                let same = told[*a] == told[*b];
                pairs += 1;
                together += u64::from(same);
                unlike += u64::from(same != (other[*a] == other[*b]));
            }
        }
    }
    println!(
        "{} reports, 1,000 shuffles: {pairs} pairs, {together} together, {unlike} unlike, {:.3} % alike",
        names.len(),
        100.0 * (1.0 - unlike as f64 / pairs as f64)
    );
    assert!(together > 0);
    assert!(unlike * 200 <= pairs, "{unlike} of {pairs} pairs differ");
    // Most pairs are apart in any order: those that are together must be so nearly always.
    assert!(
        unlike * 10 <= together,
        "{unlike} pairs differ, {together} are together"
    );
}

#[test]
fn what_several_outlets_tell_is_one_event() {
    let told = events(&SAMPLES.read);
    let shared = |items: &[&str], prefix: &str| {
        let of = |item: &str| -> Vec<&String> {
            let fits = |(name, _): &(&Name, &String)| name.0 == item && name.1.starts_with(prefix);
            told.iter().filter(fits).map(|(_, event)| event).collect()
        };
        let first = of(items[0]);
        first
            .into_iter()
            .any(|event| items[1..].iter().all(|item| of(item).contains(&event)))
    };
    // A strike, its retelling by a monitor, and the toll of the next day.
    let nabatieh = [
        "sample-wire-20260407-nabatieh",
        "levant-monitor-20260407-digest",
        "cedar-post-20260408-toll",
    ];
    assert!(shared(&nabatieh, "military."));
    // A meeting announced, and held.
    assert!(shared(
        &[
            "caucasus-herald-20260316-announce",
            "sample-wire-20260319-tbilisi"
        ],
        "diplomatic.meeting"
    ));
    // A night's attack, and a copy of the text.
    assert!(shared(
        &[
            "sample-wire-20260303-kyiv-odesa",
            "lakeshore-tribune-20260303-ukraine"
        ],
        "military.strike"
    ));
}
